// Rows of a list, each the same object for as long as nothing that it shows has changed. React Aria makes what it knows of a row anew when the row is another object, and the whole list
// when the list is: with two thousand open incidents one of them that became late must cost one row, and a second that passes none. Pure.

export interface KeptRow<T> {
  readonly id: number;
  readonly item: T;
  readonly className: string;
  /** Equal while what the row shows besides its item is. */
  readonly shows: string;
}

export function keepRows<T extends { readonly id: number }>(before: readonly KeptRow<T>[], items: readonly T[], classOf: (item: T) => string, showsOf: (item: T, at: number) => string): readonly KeptRow<T>[] {
  const known = new Map(before.map((row) => [row.id, row]));
  const rows = items.map((item, at): KeptRow<T> => {
    const [className, shows] = [classOf(item), showsOf(item, at)];
    const was = known.get(item.id);
    return was !== undefined && was.item === item && was.className === className && was.shows === shows ? was : { id: item.id, item, className, shows };
  });
  return rows.length === before.length && rows.every((row, i) => row === before[i]) ? before : rows;
}
