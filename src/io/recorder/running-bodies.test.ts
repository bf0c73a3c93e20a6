import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { LONGEST_DOWNLOAD_MS } from "../../accountability/view-policy.ts";
import { ReadTurns } from "./read-turns.ts";
import { type OpenedView, RunningBodies } from "./running-bodies.ts";

const T0 = 1_790_000_000_000;
const MINUTE = 60_000;
const viewOf = (viewId: number, mode: OpenedView["mode"] = "playback", expiresAt = T0 + 5 * MINUTE): OpenedView => ({ accountId: 1, cameraId: 1, viewId, mode, from: null, to: null, timeline: true, sound: false, expiresAt });
const create = (): { running: RunningBodies; over: [number, number][]; pass: (ms: number, awayMs?: number) => void } => {
  let now = 0;
  const over: [number, number][] = [];
  const running = new RunningBodies({ wallMs: () => T0 + now, monotonicMs: () => now }, (viewId, at) => over.push([viewId, at - T0]));
  return { running, over, pass: (ms, awayMs = 0) => { now += ms; running.tick(awayMs); } };
};
const idle = (): Readable => new Readable({ read: () => undefined });
const close = async (body: Readable): Promise<void> => {
  const over = closed(body);
  body.destroy();
  await over;
};
const closed = (body: Readable): Promise<void> => new Promise((resolve) => body.once("close", () => resolve()));

test("[PLY13] each kind of answer has its bound of its own, and one that is over makes room", async () => {
  const { running } = create();
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
  const { running } = create();
  const [mine, other] = [new Readable({ read: () => undefined }), new Readable({ read: () => undefined })];
  running.take("segment", viewOf(7))!.give(mine);
  running.take("segment", viewOf(8))!.give(other);
  const over = closed(mine);
  running.end(7);
  await over;
  assert.deepEqual([mine.destroyed, other.destroyed, running.size], [true, false, 1]);
});

test("[PLY13] an answer that waits before its first byte is counted meanwhile, and ended with its view", () => {
  const { running } = create();
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

test("[PLY7] what is watched ends with the newest token that was shown for it", async () => {
  const { running, over, pass } = create();
  const [one, two] = [idle(), idle()];
  running.take("key-frames", viewOf(7))!.give(one);
  running.take("key-frames", viewOf(8))!.give(two);
  running.take("segment", viewOf(8, "playback", T0 + 9 * MINUTE))!.leave();
  pass(5 * MINUTE - 1);
  assert.deepEqual([one.destroyed, two.destroyed], [false, false]);
  pass(1);
  assert.deepEqual([one.destroyed, two.destroyed], [true, false], "the second was renewed");
  pass(4 * MINUTE);
  assert.deepEqual([two.destroyed, over], [true, []], "the end of a look at the past is not told here");
});

test("[VIEW8] a download goes on after its token, and its end is told when nothing of it has gone out for 2 min: the moment when the last did", async () => {
  const { running, over, pass } = create();
  const [first, second] = [idle(), idle()];
  running.take("recording", viewOf(7, "download"))!.give(first);
  pass(60 * MINUTE);
  assert.equal(first.destroyed, false);
  await close(first);
  pass(2 * MINUTE - 1);
  assert.deepEqual(over, []);
  running.take("recording", viewOf(7, "download"))!.give(second); // taken up again where it was broken off
  pass(30 * MINUTE);
  assert.deepEqual([second.destroyed, over], [false, []]);
  await close(second);
  const at = 92 * MINUTE - 1;
  pass(2 * MINUTE);
  assert.deepEqual(over, [[7, at]]);
  pass(2 * MINUTE);
  assert.equal(over.length, 1, "once");
});

test("[VIEW8] a download whose view is ended is cut, and whoever ended it tells so; one that was refused its file ends too", async () => {
  const { running, over, pass } = create();
  const body = idle();
  running.take("recording", viewOf(7, "download"))!.give(body);
  running.take("recording", viewOf(8, "download"))!.leave();
  const gone = closed(body);
  running.end(7);
  await gone;
  pass(3 * MINUTE);
  assert.deepEqual([running.size, over], [0, [[8, 0]]]);
});

test("[VIEW8] a download is cut after a day, when the centre has been away for 5 min, and when the recorder stops; each has its end", async () => {
  const { running, over, pass } = create();
  const [long, orphan, last] = [idle(), idle(), idle()];
  running.take("recording", viewOf(1, "download"))!.give(long);
  pass(LONGEST_DOWNLOAD_MS - MINUTE);
  running.take("recording", viewOf(2, "download"))!.give(orphan);
  const ends = [long, orphan].map(closed);
  pass(MINUTE, 4 * MINUTE);
  assert.deepEqual([long.destroyed, orphan.destroyed], [true, false]);
  pass(MINUTE, 5 * MINUTE);
  assert.equal(orphan.destroyed, true, "nobody could say that the right to it was taken");
  await Promise.all(ends);
  pass(2 * MINUTE);
  assert.deepEqual(over.map(([viewId]) => viewId).sort(), [1, 2]);
  running.take("recording", viewOf(3, "download"))!.give(last);
  const end = closed(last);
  running.stop();
  await end;
  pass(3 * MINUTE);
  assert.deepEqual(over.map(([viewId]) => viewId).slice(2), [3]);
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
