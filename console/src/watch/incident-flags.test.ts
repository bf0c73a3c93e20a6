import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { askedWindow, mergeFlags } from "./incident-flags.ts";

const flag = (id: number, at: number, more = 0) => ({ id, number: id + 100, at, type: "theft", priority: 3, place: `Place ${id}`, endedAt: at + 5, more }) as const;
const open = (id: number, firstContactAt: number, label: string) => ({ id, number: id + 100, firstContactAt, place: { label } });

test("flags of the past and of what is open now stand by their time, each once; what is told live is newer", () => {
  const flags = mergeFlags([flag(1, 10), flag(3, 30, 2)], [open(3, 31, "Moved there"), open(2, 20, "New")]);
  assert.deepEqual(flags, [
    { id: 1, number: 101, at: 10, what: "Place 1", more: 0 }, { id: 2, number: 102, at: 20, what: "New", more: 0 }, { id: 3, number: 103, at: 31, what: "Moved there", more: 2 },
  ]);
});

test("more is asked for than is shown, and a bar that follows the clock asks seldom", () => {
  fc.assert(fc.property(fc.integer({ min: 1_795_000_000_000, max: 1_796_000_000_000 }), fc.integer({ min: 20_000, max: 8 * 86_400_000 }), (from, span) => {
    const asked = askedWindow({ from, to: from + span });
    assert.ok(asked.from <= from && asked.to >= from + span && asked.to - asked.from <= 3 * span + 20_000);
  }));
  const seen = new Set(Array.from({ length: 600 }, (_, s) => JSON.stringify(askedWindow({ from: 1_795_000_000_000 + s * 1_000, to: 1_795_001_800_000 + s * 1_000 }))));
  assert.ok(seen.size <= 8, `${seen.size} questions in ten minutes of a bar of half an hour`);
});
