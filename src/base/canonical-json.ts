// JSON in the one form that a signature can be made over (RFC 8785, JCS): names sorted by their UTF-16 code units, no blanks, numbers and strings as
// ECMAScript writes them, which is what the RFC asks for. A value that JSON cannot tell (NaN, undefined, half a surrogate pair) throws: a signed
// text that reads back as something else is worse than none.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Throws a TypeError on what has no canonical form. */
export function formatCanonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no form in JSON`);
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError("a text with half a surrogate pair has no form in JSON");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((one: Json) => formatCanonicalJson(one)).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`${typeof value} has no form in JSON`);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([name, one]) => `${formatCanonicalJson(name)}:${formatCanonicalJson(one)}`).join(",")}}`;
}
