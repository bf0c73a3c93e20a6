// Lists for the map that stay the same array while they say the same: deck.gl builds the geometry of a layer anew whenever its data is another array. Pure.

function isEqual(a: object, b: object): boolean {
  const [x, y] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => Object.is(x[key], y[key]));
}
/** `before` where each of its elements has the same fields as the one of `now` in its place. */
export const keepEqual = <T extends object>(before: readonly T[], now: readonly T[]): readonly T[] =>
  before.length === now.length && now.every((one, i) => isEqual(one, before[i]!)) ? before : now;

/** One answer for one list, for as long as the list lives. */
export function deriveOnce<S extends object, T>(work: (source: S) => T): (source: S) => T {
  const known = new WeakMap<S, T>();
  return (source) => {
    const before = known.get(source);
    if (before !== undefined) return before;
    const made = work(source);
    known.set(source, made);
    return made;
  };
}
