// A map that remembers the latest so many, in the order of their last word. One step each time, however many are remembered.

/** Sets the key as the latest; beyond `most` the one that was silent for longest is forgotten. */
export function keepLatest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  map.delete(oldest!);
}
