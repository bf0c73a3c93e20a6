import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type LargeCodes, sortCodes } from "./large-codes.ts";

/** All steps at once; how many there were. */
function sorted(codes: Readonly<Record<number, string>>): { readonly codes: LargeCodes; readonly steps: number } {
  const work = sortCodes(Object.keys(codes).map(Number), (id) => codes[id] ?? null);
  for (let steps = 0; ; steps++) {
    const { done, value } = work.next();
    if (done === true) return { codes: value, steps };
  }
}
const idsOf = (codes: LargeCodes, query: string, limit = 8): number[] => codes.search(query, limit).map(({ id }) => id);
const CAMERAS = { 1: "MVD-000123", 2: "MVD-000124", 3: "MVD-001999", 7: "S.4", 9: "GATE7", 12: "GATE" };

describe("a large register of codes", () => {
  it("finds by the code, however it is written, and by its beginning", () => {
    const { codes } = sorted(CAMERAS);
    assert.deepEqual([idsOf(codes, "MVD-000123"), idsOf(codes, "mvd000124"), idsOf(codes, "mvd 0001"), idsOf(codes, "s4"), idsOf(codes, "mvd", 2)], [[1], [2], [1, 2], [7], [1, 2]]);
    assert.deepEqual([idsOf(codes, "m"), idsOf(codes, ""), idsOf(codes, "mvd-0002"), idsOf(codes, "zz"), idsOf(codes, "00")], [[], [], [], [], []]);
  });
  it("the whole code comes first and is marked", () => assert.deepEqual(sorted(CAMERAS).codes.search("gate", 8), [{ id: 12, exact: true }, { id: 9, exact: false }]));
  it("what has another code or is gone is found as it is now", () => {
    const { codes } = sorted(CAMERAS);
    codes.put(3, "NEW-1");
    codes.put(9, null);
    codes.put(20, "MVD-000122");
    assert.deepEqual([idsOf(codes, "mvd-001999"), idsOf(codes, "new1"), idsOf(codes, "gate7"), idsOf(codes, "mvd0001"), codes.changes()], [[], [3], [], [20, 1, 2], 3]);
  });
  it("whatever the codes and their changes, it finds what a look at each of them finds, in the order of the codes", () => {
    const code = fc.stringMatching(/^[A-C]{1,2}-?[0-9]{0,4}$/);
    fc.assert(fc.property(fc.array(code, { maxLength: 40 }), fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.option(code)), { maxLength: 15 }), code, fc.integer({ min: 1, max: 60 }), (first, changes, query, limit) => {
      const held = new Map<number, string>(first.entries());
      const { codes } = sorted(Object.fromEntries(held));
      for (const [id, next] of changes) {
        codes.put(id, next);
        if (next === null) held.delete(id);
        else held.set(id, next);
      }
      const plain = (text: string): string => text.toLowerCase().replaceAll("-", "");
      const expected = [...held].map(([id, text]) => ({ id, key: plain(text) })).filter(({ key }) => plain(query).length >= 2 && key.startsWith(plain(query)));
      expected.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id - b.id));
      assert.deepEqual(idsOf(codes, query, limit), expected.slice(0, limit).map(({ id }) => id));
    }), { numRuns: 300 });
  });
  it("many are sorted in steps, none of which is of all, whatever their order", () => {
    const many = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [i + 1, `CAM-${String((i * 7_919) % 30_000).padStart(6, "0")}`]));
    const { codes, steps } = sorted(many);
    assert.ok(steps > 30, `${steps}`);
    for (const at of [0, 1, 12_345, 29_999]) {
      const text = `CAM-${String(at).padStart(6, "0")}`;
      assert.deepEqual(idsOf(codes, text).map((id) => many[id]), [text]);
    }
    assert.deepEqual(idsOf(codes, "cam 01234", 20).map((id) => many[id]), Array.from({ length: 10 }, (_, i) => `CAM-01234${i}`));
  });
  it("takes any text as a query, and none at all as codes", () => {
    const { codes } = sorted(CAMERAS);
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (query) => void codes.search(query, 8)));
    assert.deepEqual(idsOf(sorted({}).codes, "MVD"), []);
  });
});
