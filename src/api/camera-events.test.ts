// Problems of cameras as events, through the whole centre: reports of a recorder in, rows and messages out.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { CameraHealth } from "../contract/cameras.ts";
import { cameraBody, startTestApi, type TestApi, type TestSocket } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";
import { waitUntil } from "../../tests/support/wait.ts";
import { createCameraEventStore } from "../io/postgres/camera-event-store.ts";

const FIGURES: NonNullable<CameraHealth["figures"]> = {
  keyIntervalMs: 2_000, keyIntervalSetMs: null, clockOffsetMs: 5, lossShare: 0, stillMs: 0, reconnectsHour: 0, reconnectsDay: 0, faults: {}, dropped: { sound: 0, metadata: 0 }, picture: null, pictureChecks: "no-ffmpeg",
};

describe("problems of cameras", () => {
  let api: TestApi;
  let person: CityClient;
  let recorder: TestSocket;
  let cameraIds: number[];
  let reports = 0;

  const health = (state: CameraHealth["state"], more: Partial<CameraHealth> = {}): CameraHealth => ({
    state, since: Date.now(), problem: state === "failing" ? { code: "timeout", params: { message: "no packet" } } : null, lastFrameAt: null, codec: "avc1.64001f", width: 1280, height: 720,
    bitsPerSecond: 4e6, framesPerSecond: 25, reconnects: 0, recorded: null, figures: FIGURES, ...more,
  });
  const link = async (): Promise<void> => {
    recorder = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    recorder.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7310", revision: 0 });
    await recorder.next("cameras");
  };
  /** Tells the same for so long by the centre's clock. */
  const report = async (seconds: number, told: Partial<CameraHealth> | ((cameraId: number) => CameraHealth)): Promise<void> => {
    for (let passed = 0; passed <= seconds; passed += 10) {
      const of = typeof told === "function" ? told : () => health("connected", { lastFrameAt: Date.now() + 1e12, ...told });
      reports++;
      recorder.send({ type: "health", at: Date.now(), cameras: cameraIds.map((cameraId) => ({ cameraId, health: { ...of(cameraId), reconnects: reports } })) });
      await waitUntil(() => api.registry.health.find(cameraIds[0]!).reconnects === reports);
      api.advance(10_000);
    }
  };
  const listOpen = async () => (await person.call("listCameraEvents", { query: { state: "open" } })).events.map((event) => `${event.kind} ${event.camera?.id ?? `recorder ${event.recorderId}`}`).toSorted();

  before(async () => {
    api = await startTestApi();
    person = await api.first();
    cameraIds = [(await person.call("createCamera", { body: cameraBody() })).id, (await person.call("createCamera", { body: cameraBody() })).id];
    await link();
  });
  after(async () => {
    recorder.close();
    await api.close();
  });

  test("[HLT3] [HLT6] what begins is stored, told to consoles and counted; what ends has its times", async () => {
    const console_ = await api.connect("/api/v1/live", { ...person.headers(), origin: api.origin });
    console_.send({ type: "hello", after: null });
    assert.deepEqual([(await console_.next("camera-events")).open], [0]);
    await report(60, (cameraId) => (cameraId === cameraIds[0] ? health("failing", { since: Date.now() }) : health("connected", { lastFrameAt: Date.now() + 1e12 })));
    const begun = await console_.next("camera-events");
    assert.deepEqual([begun.open, begun.unacknowledged, begun.events.length], [1, 1, 1]);
    assert.deepEqual([begun.events[0].kind, begun.events[0].camera.id, begun.events[0].reason], ["offline", cameraIds[0], { code: "offline", params: { problem: "timeout" } }]);
    assert.deepEqual(await listOpen(), [`offline ${cameraIds[0]}`]);
    assert.match(await (await fetch(`${api.origin}/metrics`)).text(), /citywatch_camera_problems\{kind="offline"\} 1/);
    await report(30, {});
    const ended = await console_.next("camera-events");
    assert.equal(ended.open, 0);
    assert.ok(ended.events[0].endedAt >= ended.events[0].startedAt);
    assert.deepEqual(await listOpen(), []);
    console_.close();
  });

  test("[SND4] [HLT3] sound that a recorder's disk was too slow for is a problem of its camera with its cause, and over a minute after the last of it", async () => {
    await report(10, (cameraId) => health("connected", { lastFrameAt: Date.now() + 1e12, figures: { ...FIGURES, dropped: { sound: cameraId === cameraIds[0] ? 50 : 0, metadata: 0 } } }));
    await waitUntil(async () => (await listOpen()).length === 1);
    const [event] = (await person.call("listCameraEvents", { query: { state: "open" } })).events;
    assert.deepEqual([event!.kind, event!.camera?.id, event!.reason.params], ["sound-dropped", cameraIds[0], { cause: "disk-slow", sound: 50, metadata: 0 }]);
    await report(80, {});
    await waitUntil(async () => (await listOpen()).length === 0);
  });

  test("[HLT6] an event is acknowledged once, in words; the second is told who was first", async () => {
    await report(80, { figures: { ...FIGURES, clockOffsetMs: 9_000 } });
    await waitUntil(async () => (await listOpen()).length === 2);
    const [event] = (await person.call("listCameraEvents", { query: { kind: "clock", state: "open" } })).events;
    const done = await person.call("acknowledgeCameraEvent", { params: { id: event!.id }, body: { words: "Time server is being repaired" } });
    assert.deepEqual([done.acknowledged?.words, done.acknowledged?.by.name, done.endedAt], ["Time server is being repaired", "First Person", null]);
    const page = await person.call("listCameraEvents", {});
    assert.deepEqual([page.open, page.unacknowledged], [2, 1]);
    const again = await person.try("acknowledgeCameraEvent", { params: { id: event!.id }, body: { words: "me too" } });
    assert.deepEqual([again.status, again.problem?.rule], [409, "already-acknowledged"]);
    assert.equal((await person.try("acknowledgeCameraEvent", { params: { id: 999_999 }, body: { words: "x" } })).status, 404);
    const planner = await api.person("only.planner", ["planner"]);
    assert.equal((await planner.try("acknowledgeCameraEvent", { params: { id: event!.id }, body: { words: "x" } })).status, 403);
  });

  test("[HLT7] a recorder that is away is one event of its own; those of its cameras stay as they are", async () => {
    recorder.close();
    await waitUntil(() => !api.registry.health.isLinked(1));
    await waitUntil(async () => {
      api.advance(35_000); // the centre looks each 5 s
      return (await listOpen()).includes("recorder-away recorder 1");
    });
    assert.deepEqual(await listOpen(), [`clock ${cameraIds[0]}`, `clock ${cameraIds[1]}`, "recorder-away recorder 1"].toSorted());
    await link();
    await waitUntil(async () => !(await listOpen()).includes("recorder-away recorder 1"));
  });

  test("[HLT6] a camera that leaves the register has no problems any more", async () => {
    await person.call("removeCamera", { params: { id: cameraIds[1]! } });
    await waitUntil(async () => (await listOpen()).length === 1);
    assert.deepEqual(await listOpen(), [`clock ${cameraIds[0]}`]);
    cameraIds.pop();
  });

  test("[HLT6] pages go on where the one before ended, and filters hold", async () => {
    const all = (await person.call("listCameraEvents", {})).events;
    assert.ok(all.length >= 4);
    const first = await person.call("listCameraEvents", { query: { limit: 2 } });
    const second = await person.call("listCameraEvents", { query: { limit: 2, before: first.next! } });
    assert.deepEqual([...first.events, ...second.events].map(({ id }) => id), all.slice(0, 4).map(({ id }) => id));
    assert.deepEqual((await person.call("listCameraEvents", { query: { to: 1 } })).events, []);
    assert.ok((await person.call("listCameraEvents", { query: { cameraId: cameraIds[0]! } })).events.every(({ camera }) => camera?.id === cameraIds[0]));
  });

  test("[HLT6] what lasts is read again at a start: it is neither begun twice nor forgotten", async () => {
    const store = createCameraEventStore(api.database);
    assert.deepEqual((await store.listLasting()).map(({ kind, cameraId }) => [kind, cameraId]), [["clock", cameraIds[0]]]);
    const change = { kind: "clock", recorderId: 1, cameraId: cameraIds[0]!, at: Date.now(), change: "began", params: {} } as const;
    assert.deepEqual(await store.apply([change]), [], "it lasts already");
    const [ended] = await store.apply([{ ...change, change: "ended", at: Date.now() + 1e9 }]);
    assert.notEqual(ended!.endedAt, null);
    assert.deepEqual(await store.apply([{ ...change, change: "ended", at: 1 }]), []);
    assert.ok((await store.sweep(Date.now() + 2e9)) >= 4);
    assert.deepEqual((await store.list({ limit: 10 })).events, []);
  });

  test("[HLT4] what is usual is kept", async () => {
    const store = createCameraEventStore(api.database);
    const usual = { cameraId: cameraIds[0]!, format: "avc1 1x1", bitsPerSecond: 4e6, framesPerSecond: 25, keyIntervalMs: 2_000, learnedMs: 12_345, at: 1_790_000_000_000 };
    await store.saveUsual([usual, { ...usual, cameraId: 999_999 }]);
    await store.saveUsual([{ ...usual, framesPerSecond: 12.5 }]);
    assert.deepEqual(await store.listUsual(), [{ ...usual, framesPerSecond: 12.5 }]);
  });
});
