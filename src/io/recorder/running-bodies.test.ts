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
  for (const body of bodies) running.take("recording", viewOf(1))?.give(body);
  assert.deepEqual([running.take("recording", viewOf(1)), running.size], [undefined, 100]);
  running.take("key-frames", viewOf(1))!.leave();
  const over = closed(bodies[0]!);
  bodies[0]!.destroy();
  await over;
  assert.equal(running.size, 99);
  assert.ok(running.take("recording", viewOf(1)) !== undefined);
});

test("[PLY13] a view that ends takes its own answers with it", async () => {
  const running = new RunningBodies();
  const [mine, other] = [new Readable({ read: () => undefined }), new Readable({ read: () => undefined })];
  running.take("segment", viewOf(7))!.give(mine);
  running.take("segment", viewOf(8))!.give(other);
  const over = closed(mine);
  running.end(7);
  await over;
  assert.deepEqual([mine.destroyed, other.destroyed, running.size], [true, false, 1]);
});

test("[PLY13] an answer that waits before its first byte is counted meanwhile, and ended with its view", () => {
  const running = new RunningBodies();
  const places = Array.from({ length: 100 }, (_, i) => running.take("recording", viewOf(i))!);
  assert.equal(running.take("recording", viewOf(1)), undefined, "none has a body yet");
  running.end(7);
  assert.deepEqual(places.map((each, i) => (each.isEnded ? i : -1)).filter((i) => i >= 0), [7]);
  const late = new Readable({ read: () => undefined });
  places[7]!.give(late);
  assert.equal(late.destroyed, true);
  places[8]!.leave();
  assert.ok(running.take("recording", viewOf(1)) !== undefined);
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
