// What is fetched for play by key frames, and what is kept of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nextChunk } from "./key-frame-play.ts";
import { KeyFrameShelf, type HeldKeyFrame } from "./key-frame-shelf.ts";

const format = { kind: "format", codec: "avc1.42c01f", width: 768, height: 432, description: new Uint8Array(3) } as const;
const frame = (start: number, bytes = 100): HeldKeyFrame => ({ start, until: start + 2_000, bytes: new Uint8Array(bytes), format });
const DAY = { from: 0, to: 86_400_000 };

test("the shelf answers with the newest at a moment, however the frames came, and each once", () => {
  const shelf = new KeyFrameShelf(1e6);
  for (const start of [6_000, 2_000, 4_000, 4_000]) shelf.add(frame(start));
  assert.equal(shelf.size, 3);
  assert.deepEqual([1_999, 2_000, 5_999, 9_000].map((at) => shelf.findAt(at)?.start), [undefined, 2_000, 4_000, 6_000]);
  assert.equal(shelf.findNear(20_000, 1_000), undefined, "a picture that was not shown then is not given out for it");
  assert.equal(shelf.findNear(8_500, 3_000)?.start, 6_000);
  assert.equal(shelf.findNear(1_500, 1_000)?.start, 2_000);
});

test("a full shelf lets go what is furthest from the newest arrival, and never grows", () => {
  const shelf = new KeyFrameShelf(1_000);
  for (let i = 0; i < 30; i++) shelf.add(frame(i * 1_000));
  assert.equal(shelf.size, 10);
  assert.equal(shelf.findAt(20_500)?.start, 20_000);
  assert.equal(shelf.findAt(19_500), undefined);
  for (let i = 20; i >= 0; i--) shelf.add(frame(i * 1_000 - 500_000));
  assert.deepEqual([shelf.size, shelf.bytes], [10, 1_000]);
});

test("backwards the piece before the clock is fetched, ahead the one after it, with no more pictures than the eye follows", () => {
  assert.deepEqual(nextChunk(500_000, -1, null, DAY), { from: 492_001, to: 500_001, count: 64 });
  assert.deepEqual(nextChunk(500_000, 16, null, DAY), { from: 500_000, to: 564_000, count: 32 });
  assert.equal(nextChunk(500_000, -1, { from: 492_001, to: 500_001 }, DAY), null, "enough is there");
  assert.deepEqual(nextChunk(495_000, -1, { from: 492_001, to: 500_001 }, DAY)?.to, 492_001, "the next one joins it");
  assert.equal(nextChunk(500, -1, { from: 0, to: 900 }, DAY), null, "nothing lies before the range");
});

test("whatever the clock does, chunks stay inside the range and join what is there", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_400_000 }), fc.constantFrom(-16, -8, -4, -2, -1, 4, 8, 16), (start, speed) => {
      let filled: { from: number; to: number } | null = null;
      let wallMs = start;
      for (let tick = 0; tick < 60; tick++) {
        const chunk = nextChunk(wallMs, speed, filled, DAY);
        if (chunk !== null) {
          assert.ok(chunk.from >= DAY.from && chunk.to <= DAY.to && chunk.count >= 2 && chunk.count <= 70);
          if (filled !== null) assert.ok(speed < 0 ? chunk.to === filled.from : chunk.from === filled.to);
          filled = filled === null ? { from: chunk.from, to: chunk.to } : { from: Math.min(filled.from, chunk.from), to: Math.max(filled.to, chunk.to) };
        }
        if (filled !== null && wallMs > DAY.from && wallMs < DAY.to) assert.ok(wallMs >= filled.from - 1 && wallMs <= filled.to + 1, "the clock never runs out of pictures");
        wallMs = Math.min(DAY.to, Math.max(DAY.from, wallMs + speed * 1_000));
      }
    }),
  );
});
