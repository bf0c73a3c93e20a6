// What consoles are told of a recorder: how many of the cameras that it is always to record are joined. A camera that is joined only because somebody
// watches it belongs to neither number, or "27 of 24" would hide that three are missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { JOINING_DEFAULTS, type CameraHealth } from "../../contract/cameras.ts";
import type { CameraRegistration } from "../../contract/register.ts";
import { createCameraHealthTable } from "./camera-health.ts";
import { createCameraIndex } from "./camera-index.ts";

const RECORDER = 1;
const pose = { point: { lon: -56.19, lat: -34.9 }, bearingDeg: 0, tiltDeg: 10, horizontalFovDeg: 70, verticalFovDeg: 40, mountHeightM: 6, rangeM: 60 };
const camera = (id: number, more: Partial<CameraRegistration> = {}): CameraRegistration => ({
  id, code: `C-${id}`, name: `Camera ${id}`, kind: "fixed", place: "", district: null, pose, imageWidthPx: 1920, nightView: "unknown", purpose: "Traffic safety", owner: "City", address: "rtsp://10.0.0.1/x",
  ...JOINING_DEFAULTS, recorderId: RECORDER, revision: 1, ...more,
});
const health = (state: CameraHealth["state"]): CameraHealth => ({
  state, since: null, problem: null, lastFrameAt: null, codec: null, width: null, height: null, bitsPerSecond: null, framesPerSecond: null, reconnects: 0, recorded: null, figures: null,
});

test("joined and wanted count the cameras that are always recorded, through every change", () => {
  const index = createCameraIndex();
  const table = createCameraHealthTable(index);
  const tell = (cameraId: number, state: CameraHealth["state"]) => table.report(RECORDER, [{ cameraId, health: health(state) }]);
  const counted = () => Object.values(table.counts(RECORDER));

  for (const one of [camera(1), camera(2), camera(3, { recording: "on-demand" }), camera(4, { address: null })]) index.put(one);
  table.setLinked(RECORDER, true);
  assert.deepEqual(counted(), [0, 2]);
  for (const id of [1, 2, 3]) tell(id, "connected");
  assert.deepEqual(counted(), [2, 2], "the camera that is only watched is not counted");
  tell(2, "failing");
  assert.deepEqual(counted(), [1, 2], "and hides no other that is missing");
  index.put(camera(3));
  assert.deepEqual(counted(), [2, 3], "a change of the register counts at once");
  tell(3, "idle");
  tell(2, "connected");
  index.put(camera(1, { recording: "on-demand" }));
  tell(1, "idle");
  assert.deepEqual(counted(), [1, 2]);
  index.remove(2);
  table.forget(2, RECORDER);
  assert.deepEqual(counted(), [0, 1]);
  tell(3, "connected");
  table.setLinked(RECORDER, false);
  assert.deepEqual(counted(), [0, 1], "what a recorder said goes with it");
});
