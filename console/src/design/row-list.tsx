// A virtual list of 28 px rows with one focused row; letters act on it. Built on React Aria's ListBox and Virtualizer. Its own type-ahead is
// taken away: here a letter is a command, and search has its own field. React Aria keeps what it knows of every row, drawn or not: rows are handed over as objects that are the same while they show the same (kept-rows.ts).
import { useCallback, useRef, type KeyboardEvent, type ReactNode } from "react";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Virtualizer } from "react-aria-components/Virtualizer";
import { ListLayout } from "react-stately/useVirtualizerState";
import { isChordBegun } from "../shell/keys.ts";
import { keepRows, type KeptRow } from "./kept-rows.ts";

const NAVIGATION = new Set(["ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown", "Tab", "Escape", "Shift+Tab"]);

const NOTHING: readonly unknown[] = [];

interface RowListProps<T extends { readonly id: number }> {
  readonly label: string;
  readonly items: readonly T[];
  readonly textOf: (item: T) => string;
  readonly children: (item: T) => ReactNode;
  readonly selectedId: number | null;
  readonly onSelect: (id: number) => void;
  /** Enter or double click. */
  readonly onAction?: (id: number) => void;
  /** A letter on the focused row; true when it was used. */
  readonly onKey?: (key: string, id: number) => boolean;
  readonly empty?: ReactNode;
  readonly rowHeight?: number;
  readonly rowClass?: (item: T) => string;
  /** What a row shows besides its item and its class, as text: the row is drawn again when that changes. */
  readonly rowShows?: (item: T) => string;
  /** All rows are drawn again when one of these changes. */
  readonly dependencies?: readonly unknown[];
}
const plain = (): string => "";
const MOVED_ANEW = 400;

/** The functions of the last drawing, behind one that never changes: another function would be another list. */
function useKeptRows<T extends { readonly id: number }>(items: readonly T[], rowClass: (item: T) => string, rowShows: (item: T) => string, draw: (row: KeptRow<T>) => ReactNode) {
  const rows = useRef<readonly KeptRow<T>[]>([]);
  // Of many changes in one moment the virtual list may leave a row where it stood before, over another: one that moved is a new row. Where thousands would be, that costs more than it is worth.
  const places = items.length <= MOVED_ANEW;
  rows.current = keepRows(rows.current, items, rowClass, (item, at) => (places ? `${at} ${rowShows(item)}` : rowShows(item)));
  const drawNow = useRef(draw);
  drawNow.current = draw;
  return { rows: rows.current, drawRow: useCallback((row: KeptRow<T>) => drawNow.current(row), []) };
}
export function RowList<T extends { readonly id: number }>({ label, items, textOf, children, selectedId, onSelect, onAction, onKey, empty, rowHeight = 28, rowClass = plain, rowShows = plain, dependencies = NOTHING }: RowListProps<T>) {
  const { rows, drawRow } = useKeptRows(items, rowClass, rowShows, ({ id, item, className }) => (
    <ListBoxItem id={id} textValue={textOf(item)} className={`list-row ${className}`} data-row-id={id}>
      {children(item)}
    </ListBoxItem>
  ));
  const onKeyDownCapture = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || NAVIGATION.has(event.key)) return;
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-row-id]");
    const id = Number(row?.dataset["rowId"] ?? selectedId ?? Number.NaN);
    if (event.key === "Enter" && onAction !== undefined && Number.isInteger(id)) {
      event.preventDefault();
      event.stopPropagation();
      onAction(id);
    } else if (event.key.length === 1 && event.key !== " ") {
      if (!isChordBegun() && onKey !== undefined && Number.isInteger(id) && onKey(event.key, id)) event.preventDefault();
      else reachPage(event);
      event.stopPropagation();
    }
  };
  return (
    <div className="row-list" onKeyDownCapture={onKeyDownCapture}>
      <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight }}>
        <ListBox
          aria-label={label} items={rows} dependencies={[label, ...dependencies]} selectionMode="single" selectionBehavior="replace" disallowEmptySelection={false} className="row-list-box"
          selectedKeys={selectedId === null ? [] : [selectedId]} renderEmptyState={() => empty ?? null}
          onSelectionChange={(keys) => {
            const [key] = keys === "all" ? [] : [...keys];
            if (key !== undefined) onSelect(Number(key));
          }}
          {...(onAction === undefined ? {} : { onAction: (key: string | number) => onAction(Number(key)) })}
        >
          {drawRow}
        </ListBox>
      </Virtualizer>
    </div>
  );
}

/** React Aria would eat the letter for its type-ahead, so it is handed on to the page's keys. */
function reachPage(event: KeyboardEvent): void {
  const again = new globalThis.KeyboardEvent("keydown", { key: event.key, shiftKey: event.shiftKey, cancelable: true });
  window.dispatchEvent(again);
  if (again.defaultPrevented) event.preventDefault();
}
