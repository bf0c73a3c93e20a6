// A list of rows of one height with one focused row; letters act on it. Only the rows in sight are drawn, each at the place that follows from its number: a list of thousands costs a key press what a list of twenty does,
// and no row can be left where it stood before. The list has the focus, the row is named by aria-activedescendant. Rejected: React Aria's virtual list, which keeps and compares a record of every row on each
// press, types ahead where here a letter is a command, and of many changes in one moment left rows over each other.
import { useEffect, useId, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { isChordBegun } from "../shell/keys.ts";
import { rowsInSight, scrolledTo, stepRow } from "./row-window.ts";

interface RowListProps<T extends { readonly id: number }> {
  readonly label: string;
  readonly items: readonly T[];
  readonly children: (item: T) => ReactNode;
  readonly selectedId: number | null;
  readonly onSelect: (id: number) => void;
  /** Enter, double click, or a touch. */
  readonly onAction?: (id: number) => void;
  /** A letter on the focused row; true when it was used. */
  readonly onKey?: (key: string, id: number) => boolean;
  readonly empty?: ReactNode;
  readonly rowHeight?: number;
  readonly rowClass?: (item: T) => string;
}
const plain = (): string => "";
const UNMEASURED_PX = 600;

export function RowList<T extends { readonly id: number }>({ label, items, children, selectedId, onSelect, onAction, onKey, empty, rowHeight = 28, rowClass = plain }: RowListProps<T>) {
  const listId = useId();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: UNMEASURED_PX });
  /** The row that keys act on. `at`: where it stood last, since one that has gone leaves its place to the next. */
  const [active, setActive] = useState<{ readonly id: number | null; readonly at: number }>({ id: null, at: -1 });
  const [byKeys, setByKeys] = useState(false);
  const look = (): void => {
    const now = box.current;
    if (now !== null) setView((before) => (before.top === now.scrollTop && before.height === now.clientHeight ? before : { top: now.scrollTop, height: now.clientHeight }));
  };
  useEffect(() => {
    const watcher = new ResizeObserver(look);
    if (box.current !== null) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);

  // What is chosen elsewhere is what the next key is about, too: never a row of before.
  useEffect(() => {
    const at = items.findIndex(({ id }) => id === selectedId);
    if (at >= 0) setActive({ id: selectedId, at });
  }, [selectedId]);
  const found = active.id === null ? -1 : items.findIndex(({ id }) => id === active.id);
  const activeId = found < 0 ? null : active.id;
  const { first, end } = rowsInSight(view.top, view.height, rowHeight, items.length);
  const idOf = (id: number): string => `${listId}-${id}`;
  const show = (at: number): void => {
    const now = box.current;
    if (now === null) return;
    now.scrollTop = scrolledTo(at, now.scrollTop, now.clientHeight, rowHeight);
    look();
  };
  const goTo = (at: number): void => {
    const row = items[at];
    if (row === undefined) return;
    setActive({ id: row.id, at });
    show(at);
    if (row.id !== selectedId) onSelect(row.id);
  };
  const onFocus = (): void => {
    setByKeys(box.current?.matches(":focus-visible") === true);
    if (activeId !== null && (selectedId === null || activeId === selectedId)) return;
    const at = Math.max(0, items.findIndex(({ id }) => id === selectedId));
    const row = items[at];
    if (row !== undefined) setActive({ id: row.id, at });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
    setByKeys(true);
    const id = activeId ?? selectedId;
    const to = stepRow(event.key, found, active.at, items.length, Math.max(1, Math.floor(view.height / rowHeight) - 1));
    if (to !== null) goTo(to);
    else if (event.key === " " && activeId !== null) onSelect(activeId);
    else if (event.key === "Enter" && onAction !== undefined && id !== null) onAction(id);
    else if (event.key.length !== 1 || event.key === " " || isChordBegun() || onKey === undefined || id === null || !onKey(event.key, id)) return; // the page's own
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent, item: T, at: number): void => {
    setActive({ id: item.id, at });
    if (item.id !== selectedId) onSelect(item.id);
    // A finger has no second click, and whoever presses by a screen reader has no first.
    if (onAction !== undefined && event.nativeEvent instanceof PointerEvent && event.nativeEvent.pointerType !== "mouse") onAction(item.id);
  };
  return (
    <div className="row-list">
      <div
        ref={box} role="listbox" aria-label={label} tabIndex={0} className="row-list-box" onScroll={look} onFocus={onFocus} onBlur={() => setByKeys(false)} onPointerDown={() => setByKeys(false)} onKeyDown={onKeyDown}
        {...(found >= first && found < end ? { "aria-activedescendant": idOf(items[found]!.id) } : {})}
      >
        {items.length === 0 ? <div role="option" aria-selected={false} className="row-list-empty">{empty}</div> : (
          <div role="presentation" className="row-list-rows" style={{ height: items.length * rowHeight }}>
            {items.slice(first, end).map((item, i) => {
              const at = first + i;
              return (
                <div
                  key={item.id} id={idOf(item.id)} role="option" aria-selected={item.id === selectedId} aria-posinset={at + 1} aria-setsize={items.length} className={`list-row ${rowClass(item)}`} style={{ top: at * rowHeight, height: rowHeight }}
                  data-row-id={item.id} data-selected={item.id === selectedId || undefined} data-focus-visible={(byKeys && item.id === activeId) || undefined}
                  onClick={(event) => onClick(event, item, at)} onDoubleClick={() => onAction?.(item.id)}
                >
                  {children(item)}
                </div>
              );
            })}
          </div>
        )}
      </div>
    </div>
  );
}
