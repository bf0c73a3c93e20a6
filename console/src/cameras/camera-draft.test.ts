import assert from "node:assert/strict";
import { test } from "node:test";
import { JOINING_DEFAULTS, type Camera } from "../../../src/contract/cameras.ts";
import { EMPTY_DRAFT, changesOf, draftOf, fieldOfPath, parseDecimal, readDraft } from "./camera-draft.ts";

const good = { ...EMPTY_DRAFT, name: "Gate", lon: "-56,19", lat: "-34.9", purpose: "School gate", address: "rtsp://10.0.0.5/main" };
const camera: Camera = {
  id: 3, code: "C-3", name: "Gate", kind: "fixed", place: "Colonia 1201", district: null, imageWidthPx: 1920, nightView: "low-light", purpose: "School gate", owner: "City", address: "rtsp://10.0.0.5/main", ...JOINING_DEFAULTS, streams: ["main"],
  pose: { point: { lon: -56.19, lat: -34.9 }, mountHeightM: 6, bearingDeg: 0, tiltDeg: 15, horizontalFovDeg: 70, verticalFovDeg: 40, rangeM: 80 },
  recorderId: 1, health: { state: "connected", since: null, problem: null, lastFrameAt: null, codec: null, width: null, height: null, bitsPerSecond: null, framesPerSecond: null, reconnects: 0, recorded: null, figures: null },
};

test("a filled form is a camera; a comma is as good as a point", () => {
  const answer = readDraft(good);
  assert.ok(answer.ok);
  assert.deepEqual(answer.camera.pose.point, { lon: -56.19, lat: -34.9 });
  assert.equal(answer.camera.password, null);
});

test("each fault is named by its field, all at once", () => {
  const answer = readDraft({ ...good, name: " ", lat: "", bearingDeg: "360", address: "http://x", code: "a b", retentionDays: "0" });
  assert.ok(!answer.ok);
  assert.deepEqual([...answer.faults.keys()].sort(), ["address", "bearingDeg", "code", "lat", "name", "retentionDays"]);
});

test("the server's field names find their way to the form", () => {
  assert.equal(fieldOfPath(["pose", "point", "lon"]), "lon");
  assert.equal(fieldOfPath(["pose", "point"]), "lat");
  assert.equal(fieldOfPath(["something-new"]), "name");
});

test("an empty text is no number", () => {
  assert.ok(Number.isNaN(parseDecimal("  ")) && Number.isNaN(parseDecimal("6 m")));
});

test("what belongs to a mode or to an address goes along with it only", () => {
  const read = (change: object) => {
    const answer = readDraft({ ...good, schedule: "mon-fri 07:00-19:00", certificateSha256: "0F".repeat(32), preRollS: "5", keyFrameIntervalS: "", leastDays: "1,5", soundPurpose: " ", metadataPurpose: "", ...change });
    assert.ok(answer.ok, JSON.stringify(answer));
    const { schedule, certificateSha256, preRollS, keyFrameIntervalS, leastDays, soundPurpose, metadataPurpose } = answer.camera;
    return [schedule, certificateSha256, preRollS, keyFrameIntervalS, leastDays, soundPurpose, metadataPurpose];
  };
  assert.deepEqual(read({}), [null, null, 10, null, 1.5, null, null]);
  assert.deepEqual(read({ recording: "scheduled" }), ["mon-fri 07:00-19:00", null, 10, null, 1.5, null, null]);
  assert.deepEqual(read({ recording: "on-event", address: "rtsps://10.0.0.5/main" }), [null, "0f".repeat(32), 5, null, 1.5, null, null]);
});

test("an untouched camera sends no change; a typed password goes, an empty one does not", () => {
  const read = (change: object) => {
    const answer = readDraft({ ...draftOf(camera), ...change });
    assert.ok(answer.ok);
    return changesOf(camera, answer.camera);
  };
  assert.deepEqual(read({}), {});
  const short = { ...camera, retentionDays: 0.083333336 };
  const answer = readDraft(draftOf(short));
  assert.deepEqual([draftOf(short).retentionDays, answer.ok && changesOf(short, answer.camera)], ["0.08333", {}], "what is shown short is no change");
  assert.deepEqual(read({ bearingDeg: "90", password: "secret" }), { pose: { ...camera.pose, bearingDeg: 90 }, password: "secret" });
  assert.deepEqual(read({ address: "" }), { address: null });
  assert.deepEqual(read({ nightView: "infrared" }), { nightView: "infrared" });
});
