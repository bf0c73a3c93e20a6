// A value that is made when it is asked for first, and kept: a start that is waited for leaves out what nobody needs yet.
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
