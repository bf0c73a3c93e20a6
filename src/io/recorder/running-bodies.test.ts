import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { ViewClaims } from "../../contract/media.ts";
import { ReadTurns } from "./read-turns.ts";
import { RunningBodies } from "./running-bodies.ts";

const viewOf = (viewId: number): ViewClaims => ({ accountId: 1, cameraId: 1, viewId, mode: "playback", from: null, to: null });
const closed = (body: Readable): Promise<void> => new Promise((resolve) => body.once("close", () => resolve()));

test("[PLY13] each kind of answer has its bound of its own, and one that is over makes room", async () => {
  const running = new RunningBodies();
  const bodies = Array.from({ length: 100 }, () => new Readable({ read: () => undefined }));
  for (const body of bodies) running.add("recording", viewOf(1), body);
  assert.deepEqual([running.isFull("recording"), running.isFull("key-frames"), running.size], [true, false, 100]);
  const over = closed(bodies[0]!);
  bodies[0]!.destroy();
  await over;
  assert.deepEqual([running.isFull("recording"), running.size], [false, 99]);
});

test("[PLY13] a view that ends takes its own answers with it", async () => {
  const running = new RunningBodies();
  const [mine, other] = [new Readable({ read: () => undefined }), new Readable({ read: () => undefined })];
  running.add("segment", viewOf(7), mine);
  running.add("segment", viewOf(8), other);
  const over = closed(mine);
  running.end(7);
  await over;
  assert.deepEqual([mine.destroyed, other.destroyed, running.size], [true, false, 1]);
});

test("[PLY10] readers take turns: so many at a time, in the order of asking, and one that fails gives its turn on", async () => {
  const turns = new ReadTurns(2);
  const order: number[] = [];
  let atOnce = 0;
  let most = 0;
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => turns.take(async () => {
    order.push(i);
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    atOnce--;
    if (i % 3 === 0) throw new Error("broken");
    return i;
  })));
  assert.deepEqual([most, order], [2, Array.from({ length: 20 }, (_, i) => i)]);
  assert.deepEqual(results.map((each) => each.status === "fulfilled"), Array.from({ length: 20 }, (_, i) => i % 3 !== 0));
});
