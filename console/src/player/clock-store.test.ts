import assert from "node:assert/strict";
import { test } from "node:test";
import { WallClock } from "./clock-store.ts";

/** A clock that stands at a million while the present is `behindMs` later. */
const made = (speed = 1, behindMs = Infinity) => {
  let now = 0;
  return { clock: new WallClock(1_000_000, speed, () => 1_000_000 + behindMs + now, () => now), pass: (ms: number) => void (now += ms) };
};

test("a tile that is fetching holds the clock, and its release lets it run from where it was", () => {
  const { clock, pass } = made();
  const tile = {};
  pass(500);
  clock.hold(tile);
  pass(900);
  assert.equal(clock.wallMs(), 1_000_500);
  clock.release(tile);
  pass(100);
  assert.equal(clock.wallMs(), 1_000_600);
});

test("a tile that never comes holds it for two and a half seconds, no longer, and not again until a jump", () => {
  const { clock, pass } = made();
  clock.hold({});
  pass(4_000);
  assert.equal(clock.wallMs(), 1_001_500);
  clock.hold({});
  pass(1_000);
  assert.equal(clock.wallMs(), 1_002_500);
  clock.moveTo(2_000_000);
  clock.hold({});
  pass(1_000);
  assert.equal(clock.wallMs(), 2_000_000);
});

test("all holders must let go", () => {
  const { clock, pass } = made();
  const [a, b] = [{}, {}];
  clock.hold(a);
  clock.hold(b);
  pass(100);
  clock.release(a);
  pass(100);
  assert.equal(clock.wallMs(), 1_000_000);
  clock.release(b);
  pass(50);
  assert.equal(clock.wallMs(), 1_000_050);
});

test("a change of speed and a jump are told", () => {
  const { clock } = made(0);
  let told = 0;
  const stop = clock.subscribe(() => told++);
  clock.setSpeed(2);
  clock.moveTo(5);
  stop();
  clock.setSpeed(1);
  assert.equal(told, 2);
});

test("while a tile is fetching, pictures stand; when the last one lets go, that is told", () => {
  const { clock } = made();
  let told = 0;
  clock.subscribe(() => told++);
  const tile = {};
  clock.hold(tile);
  assert.deepEqual([clock.speed, clock.runningSpeed], [1, 0]);
  clock.release(tile);
  assert.deepEqual([clock.runningSpeed, told], [1, 1]);
});

test("a step is to the middle of the next or the former picture of one tile", () => {
  const { clock } = made(0);
  assert.equal(clock.findStep(7, 1), null);
  const takeBack = clock.offerPicture(7, () => ({ wallMs: 1_000, durationMs: 80 }));
  assert.deepEqual([clock.findStep(7, 1), clock.findStep(7, -1)], [1_120, 960]);
  takeBack();
  assert.equal(clock.findStep(7, 1), null);
});

test("how long ago somebody chose a moment", () => {
  const { clock, pass } = made();
  pass(700);
  assert.equal(clock.sinceMoveMs(), 700);
  clock.moveTo(5);
  assert.equal(clock.sinceMoveMs(), 0);
});

test("a fast clock that has caught up with the present goes on at the usual pace, behind it, and says so until the next choice", () => {
  const { clock, pass } = made(16, 60_000);
  let told = 0;
  clock.subscribe(() => told++);
  pass(3_000);
  assert.deepEqual([clock.wallMs(), clock.speed, clock.caughtUp, told], [1_048_000, 16, false, 0]);
  pass(1_000); // the clock would stand at 64 s, the present does
  assert.deepEqual([clock.wallMs(), clock.speed, clock.caughtUp, told], [1_056_000, 1, true, 1]);
  pass(600_000);
  assert.equal(clock.wallMs(), 1_656_000);
  clock.moveTo(1_000_000);
  assert.equal(clock.caughtUp, false);
});

test("who chose a moment nearer to the present stays there, fast or not", () => {
  const { clock, pass } = made(0, 4_000);
  clock.setSpeed(4);
  pass(40);
  assert.deepEqual([clock.wallMs(), clock.speed], [1_000_000, 1]);
  pass(1_000);
  assert.equal(clock.wallMs(), 1_001_000);
});
