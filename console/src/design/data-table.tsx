// A table of many rows: virtual, sortable by the caller, header stays. Cells do not wrap.
import { useMemo, useSyncExternalStore, type ReactNode } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader, TableLayout, Virtualizer, ResizableTableContainer } from "react-aria-components";

export interface TableColumn<T> {
  readonly id: string;
  readonly title: string;
  readonly render: (row: T) => ReactNode;
  /** px or a share such as "2fr". */
  readonly width?: number | `${number}fr`;
  readonly end?: boolean;
  readonly sortable?: boolean;
  /** Left out on a phone, where what matters most must be seen without pushing the table about; the row's own page tells it. */
  readonly wideOnly?: boolean;
}

const phone = typeof window === "undefined" ? null : window.matchMedia("(max-width: 640px)");
const useIsPhone = (): boolean => useSyncExternalStore(
  (listener) => {
    phone?.addEventListener("change", listener);
    return () => phone?.removeEventListener("change", listener);
  },
  () => phone?.matches === true,
);

interface DataTableProps<T extends { readonly id: number }> {
  readonly label: string;
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  readonly empty: ReactNode;
  readonly selectedId?: number | null;
  readonly onSelect?: (id: number) => void;
  readonly onAction?: (id: number) => void;
  readonly sort?: { readonly column: string; readonly direction: "ascending" | "descending" };
  readonly onSort?: (sort: { readonly column: string; readonly direction: "ascending" | "descending" }) => void;
}
export function DataTable<T extends { readonly id: number }>({ label, columns: all, rows, empty, selectedId, onSelect, onAction, sort, onSort }: DataTableProps<T>) {
  const isPhone = useIsPhone();
  const columns = useMemo(() => (isPhone ? all.filter((column) => column.wideOnly !== true) : all), [all, isPhone]);
  return (
    <ResizableTableContainer className="table-box">
      <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight: 28, headingHeight: 28 }}>
        <Table
          key={isPhone ? "phone" : "wide"}
          aria-label={label} className="table" selectionMode={onSelect === undefined ? "none" : "single"} selectionBehavior="replace"
          {...(selectedId === undefined ? {} : { selectedKeys: selectedId === null ? [] : [selectedId] })}
          onSelectionChange={(keys) => {
            const [key] = keys === "all" ? [] : [...keys];
            if (key !== undefined) onSelect?.(Number(key));
          }}
          {...(onAction === undefined ? {} : { onRowAction: (key: string | number) => onAction(Number(key)) })}
          {...(sort === undefined ? {} : { sortDescriptor: sort })}
          onSortChange={(next) => onSort?.({ column: String(next.column), direction: next.direction })}
        >
          <TableHeader>
            {columns.map((column, i) => (
              <Column key={column.id} id={column.id} isRowHeader={i === 0} allowsSorting={column.sortable === true} className={`table-head ${column.end === true ? "table-end" : ""}`} {...(column.width === undefined ? {} : { defaultWidth: column.width })}>
                {({ sortDirection }) => <>{column.title}{sortDirection !== undefined && <span aria-hidden="true"> {sortDirection === "ascending" ? "↑" : "↓"}</span>}</>}
              </Column>
            ))}
          </TableHeader>
          <TableBody items={rows} renderEmptyState={() => empty} dependencies={[columns]}>
            {(row) => (
              <Row id={row.id} className="table-row">
                {columns.map((column) => (
                  <Cell key={column.id} className={`table-cell ${column.end === true ? "table-end" : ""}`}>{column.render(row)}</Cell>
                ))}
              </Row>
            )}
          </TableBody>
        </Table>
      </Virtualizer>
    </ResizableTableContainer>
  );
}
