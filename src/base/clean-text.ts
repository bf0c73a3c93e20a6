// Text as PostgreSQL's jsonb takes it: neither NUL nor half a surrogate pair. One such text of a caller or a paste must not fail what it came with.

const clean = (value: unknown): unknown => {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\u0000", "\ufffd");
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, clean(member)]));
};

/** The same value with each text in it made storable. */
export const cleanText = <T>(value: T): T => clean(value) as T;
