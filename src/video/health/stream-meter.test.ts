import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamMeter } from "./stream-meter.ts";

/** Pictures of a second each way: 25 a second, a key frame of 20 KB every 50, the others of `bytes`. */
function play(meter: StreamMeter, fromMs: number, seconds: number, bytes = 2_000, gop = 50): void {
  for (let i = 0; i < seconds * 25; i++) meter.noteFrame(i % gop === 0 ? 20_000 : bytes, i % gop === 0, (fromMs * 90) + i * 3_600, fromMs + i * 40);
}

test("[HLT1] pictures and bits a second are those of the last five seconds", () => {
  const meter = new StreamMeter(0);
  play(meter, 0, 5, 1_000, 25);
  meter.measure(4_900, 0, 10);
  assert.equal(meter.framesPerSecond, null, "not before five seconds have passed");
  meter.measure(5_000, 0, 10);
  assert.equal(meter.framesPerSecond, 25);
  assert.equal(meter.bitsPerSecond, 8 * (20_000 + 24 * 1_000));
  meter.measure(10_000, 0, 10);
  assert.equal(meter.framesPerSecond, 0);
});

test("[HLT1] the distance of key frames is the middle one of the last nine, so that one odd one changes nothing", () => {
  const meter = new StreamMeter(0);
  assert.equal(meter.keyIntervalMs, null);
  play(meter, 0, 20);
  meter.noteFrame(20_000, true, 90 * 20_300, 20_300);
  assert.equal(meter.keyIntervalMs, 2_000);
  meter.beginRun(30_000);
  meter.noteFrame(20_000, true, 0, 30_000);
  assert.equal(meter.keyIntervalMs, 2_000, "a new run's time has nothing to do with the former's");
});

test("[HLT1] packets lost are a share of those that should have come in the last minute, also where their numbers wrap", () => {
  const meter = new StreamMeter(0);
  meter.measure(5_000, 0, 65_000);
  assert.equal(meter.lossShare, null);
  meter.measure(10_000, 50, (65_000 + 1_000) & 0xffff);
  assert.equal(meter.lossShare, 0.05);
  for (let i = 2; i < 14; i++) meter.measure(5_000 + i * 5_000, 50, (65_000 + i * 1_000) & 0xffff);
  assert.equal(meter.lossShare, 0, "a minute later they are forgotten");
  meter.beginRun(100_000);
  meter.measure(105_000, 0, 7);
  assert.equal(meter.lossShare, 0, "another session's numbers are no loss");
  meter.endRun();
  meter.beginRun(200_000);
  meter.measure(205_000, 0, 60_000);
  meter.measure(210_000, 10, 60_100);
  assert.equal(meter.lossShare, 0.1, "nor are they packets that should have come");
});

test("[HLT1] pictures with nothing new in them are counted in time; one that has ends it, and none at all are another fault", () => {
  const meter = new StreamMeter(0);
  play(meter, 0, 10);
  assert.equal(meter.stillMs, 0);
  play(meter, 10_000, 60, 30);
  assert.ok(meter.stillMs >= 59_000 && meter.stillMs <= 61_000, String(meter.stillMs));
  play(meter, 70_000, 1, 2_000);
  assert.equal(meter.stillMs, 0);
});

test("[HLT1] breaks are counted by hour and day", () => {
  const meter = new StreamMeter(0);
  const hour = 3_600_000;
  meter.noteBreak(0);
  meter.noteBreak(20 * hour);
  meter.noteBreak(24.5 * hour);
  assert.deepEqual(meter.countBreaks(24.6 * hour), { hour: 1, day: 2 });
  assert.deepEqual(meter.countBreaks(100 * hour), { hour: 0, day: 0 });
  assert.deepEqual(meter.countBreaks(101 * hour), { hour: 0, day: 0 });
});
