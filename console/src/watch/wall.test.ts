import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EMPTY_WALL, LAYOUTS, chooseCell, formatWall, parseWall, placeAt, placeNext, removeAt, setLayout, shownCells, swapCells, toggleFilled, type Wall } from "./wall.ts";

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

test("whatever is done: the cells of the largest wall, no camera twice, the chosen cell on the wall", () => {
  const cell = fc.nat(24);
  const step = fc.oneof(
    fc.tuple(cell, fc.integer({ min: 1, max: 20 })).map(([c, id]) => (w: Wall) => placeAt(w, c % w.layout, id)),
    fc.integer({ min: 1, max: 20 }).map((id) => (w: Wall) => placeNext(w, id)),
    cell.map((c) => (w: Wall) => removeAt(w, c % w.layout)),
    fc.tuple(cell, cell).map(([a, b]) => (w: Wall) => swapCells(w, a % w.layout, b % w.layout)),
    fc.constantFrom(...LAYOUTS).map((l) => (w: Wall) => setLayout(w, l)),
    cell.map((c) => (w: Wall) => toggleFilled(w, c % w.layout)),
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
