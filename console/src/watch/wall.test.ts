import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  EMPTY_WALL, LAYOUTS, carryChosen, cellBeside, chooseCell, formatWall, parseWall, placeAt, placeNext, removeAt, replacedBy, setLayout, shownCells, swapCells, toggleFilled, wallOfLayout, wallOfStop, type Direction, type Wall,
} from "./wall.ts";

test("cameras fill the empty cells in order, then replace the chosen one", () => {
  const wall = [11, 12, 13, 14].reduce(placeNext, EMPTY_WALL);
  assert.deepEqual(wall.cells.slice(0, 4), [11, 12, 13, 14]);
  assert.deepEqual(placeNext(chooseCell(wall, 2), 15).cells.slice(0, 4), [11, 12, 15, 14]);
});

test("a camera that hangs already is chosen, not hung twice; dropped elsewhere, the two change places", () => {
  const wall = [11, 12].reduce(placeNext, EMPTY_WALL);
  assert.equal(placeNext(wall, 11).chosen, 0);
  assert.deepEqual(placeAt(wall, 1, 11).cells.slice(0, 2), [12, 11]);
});

test("a smaller layout and back loses nothing", () => {
  const wall = [1, 2, 3, 4, 5].reduce(placeNext, setLayout(EMPTY_WALL, 9));
  assert.deepEqual(setLayout(setLayout(wall, 1), 9).cells, wall.cells);
});

test("a filled cell stands alone until it is let go or taken off", () => {
  const wall = toggleFilled([1, 2].reduce(placeNext, EMPTY_WALL), 1);
  assert.deepEqual(shownCells(wall), [1]);
  assert.deepEqual(shownCells(toggleFilled(wall, 1)), [0, 1, 2, 3]);
  assert.deepEqual(shownCells(removeAt(wall, 1)), [0, 1, 2, 3]);
});

test("what was stored comes back; what is spoiled is the empty wall, and no camera comes twice", () => {
  const wall = [7, 8].reduce(placeNext, setLayout(EMPTY_WALL, 9));
  assert.deepEqual(parseWall(formatWall(wall)).cells, wall.cells);
  assert.equal(parseWall(null), EMPTY_WALL);
  assert.equal(parseWall('{"layout":5,"cells":[]}'), EMPTY_WALL);
  assert.deepEqual(parseWall('{"layout":4,"cells":[3,3,-1,"x"]}').cells.slice(0, 4), [3, null, null, null]);
});

test("a full wall tells which camera gives way; one with room, or that shows the camera already, loses none", () => {
  const wall = [11, 12, 13, 14].reduce(placeNext, EMPTY_WALL);
  assert.equal(replacedBy(chooseCell(wall, 2), 15), 13);
  assert.equal(replacedBy(wall, 12), null);
  assert.equal(replacedBy(removeAt(wall, 1), 15), null);
});

test("a tile is carried over the wall by keys, and stops at its edge", () => {
  const nine = setLayout(EMPTY_WALL, 9);
  assert.deepEqual((["left", "right", "up", "down"] as const).map((d) => cellBeside(nine, 4, d)), [3, 5, 1, 7]);
  assert.deepEqual((["left", "right", "up", "down"] as const).map((d) => cellBeside(nine, 0, d)), [0, 1, 0, 3]);
  const carried = carryChosen(chooseCell([1, 2, 3].reduce(placeNext, nine), 0), "down");
  assert.deepEqual([carried.cells[0], carried.cells[3], carried.chosen], [null, 1, 3]);
});

test("a kept layout takes the wall; what hung beyond its tiles is there again in a larger one, and nothing twice", () => {
  const nine = [1, 2, 3, 4, 5, 6].reduce(placeNext, setLayout(EMPTY_WALL, 9));
  const wall = wallOfLayout({ size: 4, cells: [6, null, 7, 8] }, nine);
  assert.deepEqual(wall.cells.slice(0, 9), [6, null, 7, 8, 5, null, null, null, null]);
  assert.equal(wall.layout, 4);
});

test("[WAL2] a stop shows its layout or its one camera; a layout that is gone is no stop", () => {
  const layouts = [{ id: 3, name: "Night", shared: false, ownerName: "Ana", mayChange: true, changedAt: 0, size: 4 as const, cells: [1, 2, null, 4] }];
  assert.deepEqual(wallOfStop({ kind: "layout", layoutId: 3, dwellS: 10 }, layouts)?.cells.slice(0, 5), [1, 2, null, 4, null]);
  assert.deepEqual(wallOfStop({ kind: "camera", cameraId: 9, dwellS: 10 }, layouts)?.layout, 1);
  assert.equal(wallOfStop({ kind: "layout", layoutId: 4, dwellS: 10 }, layouts), null);
});

test("whatever is done: the cells of the largest wall, no camera twice, the chosen cell on the wall", () => {
  const cell = fc.nat(24);
  const step = fc.oneof(
    fc.tuple(cell, fc.integer({ min: 1, max: 20 })).map(([c, id]) => (w: Wall) => placeAt(w, c % w.layout, id)),
    fc.integer({ min: 1, max: 20 }).map((id) => (w: Wall) => placeNext(w, id)),
    cell.map((c) => (w: Wall) => removeAt(w, c % w.layout)),
    fc.tuple(cell, cell).map(([a, b]) => (w: Wall) => swapCells(w, a % w.layout, b % w.layout)),
    fc.constantFrom(...LAYOUTS).map((l) => (w: Wall) => setLayout(w, l)),
    cell.map((c) => (w: Wall) => toggleFilled(w, c % w.layout)),
    fc.constantFrom<Direction>("left", "right", "up", "down").map((d) => (w: Wall) => carryChosen(w, d)),
    fc.tuple(fc.constantFrom(...LAYOUTS), fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 20 })).map(([size, ids]) => (w: Wall) => wallOfLayout({ size, cells: Array.from({ length: size }, (_, i) => ids[i] ?? null) }, w)),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const wall = steps.reduce((w, s) => s(w), EMPTY_WALL);
      const ids = wall.cells.filter((id) => id !== null);
      assert.equal(wall.cells.length, 25);
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(wall.chosen < wall.layout);
      assert.ok(shownCells(wall).every((c) => c < 25));
    }),
  );
});
