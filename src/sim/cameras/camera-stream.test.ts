// What a camera shows when: in step with the wall clock, the same for everybody, changing clip at key pictures only.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CameraStream, nextKey, pictureAt } from "./camera-stream.ts";
import { ASSETS_DIR, openClipFolder } from "./clip-folder.ts";
import { CAMERA_HINTS, SCENE_NAMES, assignScene, type SimulatedCamera } from "./scenes.ts";

const shelf = openClipFolder(ASSETS_DIR);
const camera = (code: string, hint: SimulatedCamera["hints"][number]): SimulatedCamera => ({ code, name: `Camera ${code}`, hints: [hint] });
const streamOf = (code: string, hint: SimulatedCamera["hints"][number]): CameraStream => new CameraStream(camera(code, hint), 7, shelf, () => -180);
const sceneNal = (stream: CameraStream, picture: number): Uint8Array => stream.accessUnit(picture).nals.at(-1)!;
const START = Date.UTC(2026, 10, 22, 12);

test("two streams of one camera give the same bytes at the same time, from whichever picture they begin", () => {
  const early = streamOf("C-1", "square");
  const first = pictureAt(START);
  for (let p = first; p < first + 40; p++) early.accessUnit(p);
  const late = streamOf("C-1", "square");
  for (let p = first + 40; p < first + 80; p++) assert.deepEqual(late.accessUnit(p), early.accessUnit(p));
});

test("the scene repeats after its loop while the clock goes on", () => {
  const stream = streamOf("C-2", "school");
  const p = pictureAt(START);
  assert.deepEqual(sceneNal(stream, p), sceneNal(stream, p + 400));
  assert.notDeepEqual(stream.accessUnit(nextKey(START)).nals[2], stream.accessUnit(nextKey(START) + 400).nals[2]);
});

test("key pictures fall on the same numbers for every camera and carry the parameter sets", () => {
  fc.assert(fc.property(fc.nat(1999), fc.constantFrom(...CAMERA_HINTS), fc.integer({ min: 0, max: 2 ** 34 }), (n, hint, picture) => {
    const unit = streamOf(`C-${n}`, hint).accessUnit(picture);
    assert.equal(unit.key, picture % 25 === 0);
    assert.deepEqual(unit.nals.map((nal) => nal[0]! & 31), unit.key ? [7, 8, 5, 5] : [1, 1]);
  }), { numRuns: 100 });
});

test("an event begins with the next key picture, stays its time, and the loop is resumed in step", () => {
  const stream = streamOf("C-3", "school"); // 3: the first of the school's three poles
  const calm = streamOf("C-3", "school");
  const at = START + 333;
  const from = nextKey(at);
  assert.ok(from * 80 - at <= 2_000);
  assert.equal(stream.stage("smoke", at, 30_000), true);
  assert.deepEqual(sceneNal(stream, from - 1), sceneNal(calm, from - 1));
  assert.deepEqual(sceneNal(stream, from), shelf.get("school", "smoke").pictures[0]!.nal);
  assert.deepEqual(sceneNal(stream, from + 340), shelf.get("school", "smoke").pictures[140]!.nal);
  const until = nextKey(at + 30_000);
  assert.equal(stream.eventAt(until - 1), "smoke");
  assert.deepEqual(sceneNal(stream, until), sceneNal(calm, until));
});

test("an event that is cleared ends with the next key picture; clearing nothing is harmless", () => {
  const stream = streamOf("C-4", "square");
  stream.clear(START);
  stream.stage("theft", START, 60_000);
  stream.clear(START + 10_000);
  assert.equal(stream.eventAt(nextKey(START + 10_000) - 1), "theft");
  assert.equal(stream.eventAt(nextKey(START + 10_000)), undefined);
});

test("all cameras that are told of an event at one time show the same moment of it", () => {
  const two = ["C-5", "C-8"].map((code) => streamOf(code, "square"));
  for (const stream of two) stream.stage("theft", START, 60_000);
  const p = nextKey(START) + 60;
  assert.deepEqual(sceneNal(two[0]!, p), sceneNal(two[1]!, p));
});

test("a camera whose own scene lacks the event shows a scene that fits its hints, or refuses", () => {
  const lonely = new CameraStream(camera("C-8", "coast"), 7, { has: () => false, get: shelf.get }, () => 0);
  assert.equal(lonely.stage("collision", START, 60_000), false);
  assert.equal(lonely.eventAt(nextKey(START)), undefined);
  for (let i = 0; i < 40; i++) assert.equal(streamOf(`S-${i}`, "signal").stage("collision", START, 60_000), true);
});

test("the three cameras of a staged place show it from three poles, calm and during the event", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_997 }), fc.constantFrom(["school", "smoke"] as const, ["square", "theft"] as const, ["signal", "collision"] as const), (n, [hint, event]) => {
    const three = [n, n + 1, n + 2].map((k) => streamOf(`C-${String(k).padStart(4, "0")}`, hint));
    const scenes = three.map((stream) => assignScene(stream.camera, 7).scene);
    assert.equal(new Set(scenes).size, 3, scenes.join());
    for (const stream of three) assert.equal(stream.stage(event, START, 60_000), true);
    for (const [i, stream] of three.entries()) assert.deepEqual(sceneNal(stream, nextKey(START) + 30), shelf.get(scenes[i]!, event).pictures[30]!.nal);
  }), { numRuns: 20 });
});

test("cameras are spread over the scenes of their hints, the same on every start", () => {
  const seen = new Set<string>();
  const phases = new Set<number>();
  for (let i = 0; i < 1_400; i++) {
    const one = camera(`MVD-${Math.floor(i / CAMERA_HINTS.length)}`, CAMERA_HINTS[i % CAMERA_HINTS.length]!);
    const { scene, phaseGops } = assignScene(one, 7);
    assert.deepEqual(assignScene(one, 7), { scene, phaseGops });
    seen.add(scene);
    phases.add(phaseGops);
  }
  assert.deepEqual([...seen].sort(), [...SCENE_NAMES].sort());
  assert.equal(phases.size, 16);
  assert.equal(assignScene({ code: "x", name: "x", hints: [] }, 7).scene.length > 0, true);
});
