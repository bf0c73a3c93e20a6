// JSON in the one form that a signature can be made over (RFC 8785, JCS): names sorted by their UTF-16 code units, no blanks, numbers and strings as
// ECMAScript writes them, which is what the RFC asks for. A value that JSON cannot tell (NaN, undefined, half a surrogate pair) throws: a signed
// text that reads back as something else is worse than none. It comes in pieces for who must not be held up by a long one.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Throws a TypeError on what has no canonical form. */
export function formatCanonicalJson(value: Json): string {
  let text = "";
  for (const piece of listCanonicalPieces(value)) text += piece;
  return text;
}

/** The same text one piece after the other: what holds no other object or array is a piece by itself. */
export function* listCanonicalPieces(value: Json): Generator<string, void, undefined> {
  if (value === null || typeof value !== "object" || !holdsMore(value)) {
    yield formatFlat(value);
    return;
  }
  const isList = Array.isArray(value);
  let mark = isList ? "[" : "{";
  if (isList) {
    for (const one of value as readonly Json[]) {
      yield mark;
      yield* listCanonicalPieces(one);
      mark = ",";
    }
  } else {
    const of = value as { readonly [name: string]: Json };
    for (const name of sortedNames(of)) {
      yield `${mark}${formatScalar(name)}:`;
      yield* listCanonicalPieces(of[name]!);
      mark = ",";
    }
  }
  yield isList ? "]" : "}";
}

/** `Object.keys` alone tells own names; sort's default order is by code units. */
const sortedNames = (value: object): string[] => Object.keys(value).sort();

function holdsMore(value: readonly Json[] | { readonly [name: string]: Json }): boolean {
  for (const one of Array.isArray(value) ? (value as readonly Json[]) : Object.values(value)) if (one !== null && typeof one === "object") return true;
  return false;
}

function formatFlat(value: Json): string {
  if (value === null || typeof value !== "object") return formatScalar(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map((one) => formatScalar(one)).join(",")}]`;
  const of = value as { readonly [name: string]: Json };
  let text = "";
  for (const name of sortedNames(of)) text += `${text === "" ? "" : ","}${formatScalar(name)}:${formatScalar(of[name]!)}`;
  return `{${text}}`;
}

function formatScalar(value: Json): string {
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError("a text with half a surrogate pair has no form in JSON");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no form in JSON`);
    return JSON.stringify(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  throw new TypeError(`${typeof value} has no form in JSON`);
}
