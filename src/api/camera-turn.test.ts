// Who turns a camera tells where it looks; what it sees is told by that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pointAt } from "../geo/testing/features.ts";
import { createSealer } from "../io/crypto/seal.ts";
import { createCameraStore } from "../io/postgres/camera-store.ts";
import { createCameraRegistry } from "./cameras/camera-registry.ts";
import { cameraBody, startTestApi } from "../../tests/support/api.ts";

test("[SEE2] a camera that was turned is shown as seeing where it looks now, and offered where it could be turned to", async () => {
  const api = await startTestApi();
  try {
    const person = await api.first();
    const pose = { ...(cameraBody()["pose"] as object), point: pointAt(260, 0), bearingDeg: 90, horizontalFovDeg: 60, tiltDeg: 5 };
    const { id } = await person.call("createCamera", { body: cameraBody({ code: "PTZ", kind: "ptz", pose }) });
    const fixed = await person.call("createCamera", { body: cameraBody({ code: "FIXED", pose: { ...pose, point: pointAt(5_000, 0) } }) });
    const seeing = async () => {
      const { cameras, couldTurn, notSeeing } = await person.call("seeingCameras", { query: pointAt(300, 0) });
      return { sees: cameras.map(({ code }) => code), couldTurn: couldTurn.map(({ code, reason }) => [code, reason.params["turnDeg"]]), why: notSeeing.map(({ reason }) => reason.code) };
    };
    assert.deepEqual(await seeing(), { sees: ["PTZ"], couldTurn: [], why: [] });
    await person.call("noteCameraTurn", { params: { id }, body: { bearingDeg: 0, tiltDeg: 5, horizontalFovDeg: 60 } });
    assert.deepEqual(await seeing(), { sees: [], couldTurn: [["PTZ", 90]], why: ["looks-elsewhere-now"] });
    assert.ok(Math.abs((await person.call("seeingCameras", { query: pointAt(300, 0) })).couldTurn[0]!.poseToldAt! - Date.now()) < 600_000, "it says since when");
    const afterStart = async () => {
      const registry = createCameraRegistry({ store: createCameraStore(api.database, createSealer(api.sealKey)), clock: { wallMs: Date.now, monotonicMs: () => performance.now() }, namePlace: () => ({ place: "", district: null }) as never, addressPolicy: {} as never, bounds: {} as never, recorderIds: [1] });
      await registry.load();
      return registry.index.sight.find(id)!.present;
    };
    assert.deepEqual([(await afterStart())?.bearingDeg, (await afterStart())?.toldAt], [0, api.registry.index.sight.find(id)!.present!.toldAt], "a start does not turn it back");
    await api.database`update camera set bearing_deg = 45 where id = ${id}`;
    assert.equal(await afterStart(), null, "entered to look elsewhere since");
    await api.database`update camera set bearing_deg = 90 where id = ${id}`;
    await person.call("changeCamera", { params: { id }, body: { name: "By the market" } });
    assert.deepEqual((await seeing()).sees, [], "another name turns it nowhere");
    await person.call("noteCameraTurn", { params: { id }, body: { asEntered: true } });
    assert.deepEqual([(await seeing()).sees, await afterStart()], [["PTZ"], null]);
    assert.deepEqual((await person.try("noteCameraTurn", { params: { id: fixed.id }, body: { asEntered: true } })).problem?.rule, "does-not-turn");
    assert.equal((await person.try("noteCameraTurn", { params: { id: 999 }, body: { asEntered: true } })).status, 404);
    assert.equal((await person.try("noteCameraTurn", { params: { id }, body: { bearingDeg: 400, tiltDeg: 0, horizontalFovDeg: 60 } as never })).status, 400);
  } finally {
    await api.close();
  }
});
