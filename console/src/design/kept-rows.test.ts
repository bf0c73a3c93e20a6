import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keepRows } from "./kept-rows.ts";

const items = Array.from({ length: 2_000 }, (_, i) => ({ id: i + 1 }));
const late = (ids: readonly number[]) => ({ id }: { readonly id: number }): string => (ids.includes(id) ? "row-late" : "");
const nothing = (): string => "";

describe("rows that are kept", () => {
  const rows = keepRows([], items, late([]), nothing);

  it("are the same list while nothing has changed, whoever asks again", () => {
    assert.equal(rows.length, items.length);
    assert.equal(keepRows(rows, [...items], late([]), nothing), rows);
  });

  it("one that looks otherwise, shows something else or is another item is one new row among the old ones", () => {
    const changes = [keepRows(rows, items, late([7]), nothing), keepRows(rows, items, late([]), ({ id }) => (id === 7 ? "blinks" : "")), keepRows(rows, items.map((item) => (item.id === 7 ? { ...item } : item)), late([]), nothing)];
    for (const after of changes) {
      assert.notEqual(after, rows);
      assert.deepEqual(after.filter((row, i) => row !== rows[i]).map(({ id }) => id), [7]);
    }
    assert.equal(changes[0]![6]!.className, "row-late");
  });

  it("keep their objects in another order, and when others come or go", () => {
    const turned = keepRows(rows, items.toReversed(), late([]), nothing);
    assert.ok(turned.every((row, i) => row === rows[items.length - 1 - i]));
    const fewer = keepRows(rows, items.slice(1), late([]), nothing);
    assert.ok(fewer.every((row, i) => row === rows[i + 1]));
    const again = keepRows(fewer, items, late([]), nothing);
    assert.equal(again[0]!.item, items[0]);
    assert.ok(again.slice(1).every((row, i) => row === fewer[i]));
  });
});
