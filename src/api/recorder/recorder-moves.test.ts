// Two recorders of one city, played by the test: which camera goes to which, and who is asked for what was recorded before a camera was moved. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ExportOrder } from "../../contract/evidence.ts";
import { cameraBody, startTestApi, type TestApi, type TestSocket } from "../../../tests/support/api.ts";
import type { CityClient } from "../../../tests/support/city-client.ts";
import { waitUntil } from "../../../tests/support/wait.ts";

const reason = { purpose: "training", words: "x" } as const;
const URLS = ["http://127.0.0.1:7401", "http://127.0.0.1:7402"] as const;
const HOUR_MS = 3_600_000;
/** Those before it are passed over. */
async function nextAbout(link: TestSocket, type: "camera-changed" | "camera-removed" | "end-view", id: number): Promise<void> {
  for (;;) {
    const message = await link.next(type);
    if ((message.camera?.cameraId ?? message.cameraId ?? message.viewId) === id) return;
  }
}

describe("several recorders", () => {
  let api: TestApi;
  let administrator: CityClient;
  let engineer: CityClient;
  let operator: CityClient;
  const links: TestSocket[] = [];
  const join = async (recorderId: number): Promise<TestSocket> => {
    const link = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    link.send({ type: "hello", recorderId, mediaUrl: URLS[recorderId - 1] ?? `http://127.0.0.1:74${recorderId}`, revision: 0 });
    link.socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as { type: string; order: ExportOrder };
      if (message.type === "export-order") link.send({ type: "export-accepted", exportId: message.order.exportId });
    });
    while ((await link.next("cameras")).more);
    links.push(link);
    return link;
  };
  const add = async (more: Record<string, unknown> = {}) => engineer.call("createCamera", { body: cameraBody(more) });
  const move = (id: number, recorderId: number) => engineer.call("moveCamera", { params: { id }, body: { recorderId, words: "the disk of the first one is full" } });
  before(async () => {
    api = await startTestApi({ recorderOrigins: URLS });
    administrator = await api.first();
    engineer = await api.person("engineer", ["engineer"]);
    operator = await api.person("operator", ["video-operator"]);
  });
  after(async () => {
    for (const link of links) link.close();
    await api.close();
  });

  test("[RDR1] cameras go to the recorder with least to do, each camera to one recorder; a named one is taken, and one that there is not is told with those that there are", async () => {
    const [first, second] = [await join(1), await join(2)];
    const made = [await add(), await add(), await add({ recorderId: 1 }), await add()];
    assert.deepEqual(made.map(({ recorderId }) => recorderId), [1, 2, 1, 2]);
    assert.deepEqual([(await first.next("camera-changed")).camera.cameraId, (await second.next("camera-removed")).cameraId], [made[0]!.id, made[0]!.id]);
    const wrong = await engineer.try("createCamera", { body: cameraBody({ recorderId: 9 }) });
    assert.deepEqual([wrong.status, wrong.problem!.faults!.map(({ field, code, params }) => [field, code, params])], [400, [["recorderId", "recorder-exists", { numbers: "1, 2" }]]]);
    const csv = `code,name,lat,lon,bearing,purpose,address,recorder\nL1,a,-34.9,-56.19,0,traffic,rtsp://10.0.0.1/1,2\nL2,b,-34.9,-56.19,0,traffic,rtsp://10.0.0.1/2,\nL3,c,-34.9,-56.19,0,traffic,rtsp://10.0.0.1/3,7`;
    const imported = await engineer.call("importCameras", { query: {}, body: { csv } });
    assert.deepEqual([imported.added, imported.rejected.map(({ line, field, code }) => [line, field, code])], [2, [[4, "recorder", "recorder-exists"]]]);
    const { cameras } = await engineer.call("listCameras", { query: { q: "L" } });
    assert.deepEqual(cameras.filter(({ code }) => /^L\d$/.test(code)).map(({ code, recorderId }) => [code, recorderId]), [["L1", 2], ["L2", 1]]);
  });

  test("[RDR1] what each recorder has to do is counted as cameras come, go, move and tell their rates: no camera that is added looks at all others", async () => {
    const { index, health } = api.registry;
    const walked = { times: 0 };
    const { forEachId } = index;
    const counted = Object.assign(index, { forEachId: (visit: (id: number) => void) => {
      walked.times++;
      forEachId(visit);
    } });
    const made = [];
    const walksBefore = walked.times;
    for (let i = 0; i < 4; i++) made.push(await add(i === 3 ? { address: null } : {}));
    assert.equal(walked.times - walksBefore, 0);
    Object.assign(counted, { forEachId });
    await move(made[0]!.id, made[0]!.recorderId === 1 ? 2 : 1);
    await engineer.call("removeCamera", { params: { id: made[1]!.id } });
    await engineer.call("changeCamera", { params: { id: made[3]!.id }, body: { address: "rtsp://10.0.0.9/1" } });
    const streams = new Map<number, number>();
    const told = new Map<number, { cameras: number; bitsPerSecond: number }>();
    const tell = (id: number, bitsPerSecond: number | null) => health.report(index.recorderOf(id)!, [{ cameraId: id, health: { ...health.find(id), state: "connected", problem: null, bitsPerSecond } }]);
    tell(made[0]!.id, 4_000_000);
    tell(made[2]!.id, 1_000_000);
    tell(made[2]!.id, 2_000_000);
    tell(made[3]!.id, 8_000_000);
    tell(made[3]!.id, null);
    index.forEachId((id) => {
      if (!index.hasStream(id)) return;
      const of = index.recorderOf(id)!;
      streams.set(of, (streams.get(of) ?? 0) + 1);
      const rate = health.find(id).bitsPerSecond;
      const before = told.get(of) ?? { cameras: 0, bitsPerSecond: 0 };
      if (rate !== null) told.set(of, { cameras: before.cameras + 1, bitsPerSecond: before.bitsPerSecond + rate });
    });
    assert.deepEqual([...index.streamsOf].toSorted(), [...streams].toSorted());
    for (const id of [1, 2]) assert.deepEqual(health.toldRateOf(id), told.get(id) ?? { cameras: 0, bitsPerSecond: 0 }, `recorder ${id}`);
    for (const { id } of [made[0]!, made[2]!, made[3]!]) await engineer.call("removeCamera", { params: { id } });
    for (const id of [1, 2]) assert.deepEqual(health.toldRateOf(id), { cameras: 0, bitsPerSecond: 0 });
  });

  test("[RDR4] a recorder that nobody starts is no choice, not even where it has cameras; those that it has are told as not recorded", async () => {
    const left = await add({ recorderId: 2 });
    await api.database`update camera set recorder_id = 5 where id = ${left.id}`; // of a start with more recorders
    await api.registry.load();
    const { recorders } = (await administrator.call("getSystem")).status;
    assert.deepEqual(recorders.filter(({ id }) => [1, 5].includes(id)).map(({ id, connected, trouble }) => [id, connected, trouble]), [[1, true, null], [5, false, { code: "not-started", folder: null }]]);
    const added = await engineer.try("createCamera", { body: cameraBody({ recorderId: 5 }) });
    const other = await add({ recorderId: 1 });
    const moved = await engineer.try("moveCamera", { params: { id: other.id }, body: { recorderId: 5, words: "x" } });
    for (const { status, problem } of [added, moved]) assert.deepEqual([status, problem!.faults!.map(({ field, code }) => [field, code])], [400, [["recorderId", "recorder-exists"]]]);
    await move(left.id, 2); // and that is how it is recorded again
    assert.ok(!(await administrator.call("getSystem")).status.recorders.some(({ id }) => id === 5));
  });

  test("one recorder away: its cameras say so, those of the other go on, and new ones go there", async () => {
    const third = await join(3);
    const [here, there] = [await add({ recorderId: 1 }), await add({ recorderId: 3 })];
    third.close();
    const problemOf = async (id: number) => (await engineer.call("getCamera", { params: { id } })).health.problem;
    await waitUntil(async () => (await problemOf(there.id)) !== null);
    assert.deepEqual([await problemOf(there.id), await problemOf(here.id)], [{ code: "recorder-away", params: { recorderId: 3 } }, null]);
    const { recorders } = (await administrator.call("getSystem")).status;
    assert.deepEqual(recorders.map(({ id, connected }) => [id, connected]), [[1, true], [2, true], [3, false]]);
    assert.notEqual((await add()).recorderId, 3);
  });

  test("[RDR2] [RDR3] a camera that is moved is told to both recorders, with actor and reason in the register of changes; its past is asked of who recorded it", async () => {
    const camera = await add({ code: "MOVED", recorderId: 1 });
    await nextAbout(links[0]!, "camera-changed", camera.id);
    const moved = await move(camera.id, 2);
    const movedAt = Date.now();
    assert.equal(moved.recorderId, 2);
    await nextAbout(links[1]!, "camera-changed", camera.id);
    await nextAbout(links[0]!, "camera-removed", camera.id);
    const again = await engineer.try("moveCamera", { params: { id: camera.id }, body: { recorderId: 2, words: "x" } });
    assert.deepEqual(again.problem!.faults!.map(({ field, code }) => [field, code]), [["recorderId", "other-recorder"]]);
    assert.equal((await engineer.try("moveCamera", { params: { id: 999_999 }, body: { recorderId: 2, words: "x" } })).status, 404);
    assert.equal((await operator.try("moveCamera", { params: { id: camera.id }, body: { recorderId: 1, words: "x" } })).status, 403);
    const [audited] = await api.database`select actor_name, body from audit_entry where action = 'camera.move-recorder' and subject_id = ${camera.id}`;
    assert.deepEqual([audited!["actor_name"], audited!["body"]], ["engineer", { recorder: { from: 1, to: 2 }, words: "the disk of the first one is full" }]);

    const from = movedAt - HOUR_MS;
    const to = movedAt + 60_000;
    api.advance(120_000);
    const { views } = await operator.call("openViews", { body: { cameraIds: [camera.id], mode: "playback", from, to, reason } });
    assert.deepEqual(views.map(({ recorderUrl }) => recorderUrl), URLS);
    assert.deepEqual([views[0]!.from, views[0]!.to, views[1]!.to], [from, views[1]!.from, to]);
    assert.ok(Math.abs(views[0]!.to! - movedAt) < 60_000);
    const { records } = await (await api.person("ines", ["inspector"])).call("listAccessRecords", { query: { cameraId: camera.id } });
    assert.deepEqual(records.map(({ id, from: start, to: end }) => [id, start, end]).reverse(), views.map(({ viewId, from: start, to: end }) => [viewId, start, end]), "each look has a record of its own range");
    assert.deepEqual(views[0]!.recorders, [{ recorderUrl: URLS[0], from: 0, to: views[0]!.to }, { recorderUrl: URLS[1], from: views[0]!.to, to: null }]);
    assert.deepEqual((await operator.call("renewView", { params: { id: views[0]!.viewId } })).recorderUrl, URLS[0], "and goes on where it began");
    const before = await operator.call("openViews", { body: { cameraIds: [camera.id], mode: "download", from, to: from + 60_000, reason } });
    assert.deepEqual(before.views.map(({ recorderUrl }) => recorderUrl), [URLS[0]]);
    const live = await operator.call("openViews", { body: { cameraIds: [camera.id], mode: "live", reason } });
    assert.deepEqual(live.views.map(({ recorderUrl, recorders }) => [recorderUrl, recorders.length]), [[URLS[1], 2]]);

    await operator.call("endView", { params: { id: views[0]!.viewId } });
    for (const link of links.slice(0, 2)) await nextAbout(link, "end-view", views[0]!.viewId);
  });

  test("[RDR5] a recorder keeps what it has of a camera that was moved away by the camera's present rules, also those that were set while it was away, and of its most gigabytes what the present recorder leaves", async () => {
    const camera = await add({ recorderId: 1, retentionDays: 30 });
    const never = await add({ recorderId: 2 });
    const removal = async (link: TestSocket, id: number) => {
      for (;;) {
        const message = await link.next("camera-removed");
        if (message.cameraId === id) return message.keeping;
      }
    };
    assert.equal(await removal(links[0]!, never.id), null, "of one that it never had it is told no rules");
    await move(camera.id, 2);
    assert.deepEqual(await removal(links[0]!, camera.id), { retentionDays: 30, leastDays: null, mostGigabytes: null });
    await engineer.call("changeCamera", { params: { id: camera.id }, body: { retentionDays: 7, leastDays: 2 } });
    assert.deepEqual(await removal(links[0]!, camera.id), { retentionDays: 7, leastDays: 2, mostGigabytes: null });
    links[0]!.close();
    const { health } = api.registry;
    await waitUntil(() => Promise.resolve(!health.isLinked(1)));
    links[1]!.send({ type: "health", at: 5, cameras: [{ cameraId: camera.id, health: { ...health.find(camera.id), state: "connected", problem: null, recorded: { since: 1, bytes: 30_000_000_000 } } }] });
    await waitUntil(() => Promise.resolve(health.find(camera.id).recorded !== null));
    await engineer.call("changeCamera", { params: { id: camera.id }, body: { mostGigabytes: 100 } });
    links[0] = await join(1);
    assert.deepEqual(await removal(links[0], camera.id), { retentionDays: 7, leastDays: 2, mostGigabytes: 70 });
  });

  test("[RDR3] a look that reaches beyond now is of its recorder up to the move, from its next renewal on: what comes after is asked of who records it", async () => {
    const camera = await add({ recorderId: 1 });
    const now = Date.now() + 120_000;
    const asked = { cameraIds: [camera.id], mode: "playback", from: now - HOUR_MS / 2, to: now + HOUR_MS / 2, reason } as const;
    const [opened] = (await operator.call("openViews", { body: asked })).views;
    assert.deepEqual([opened!.recorderUrl, opened!.from, opened!.to], [URLS[0], asked.from, asked.to]);
    await move(camera.id, 2);
    const renewed = await operator.call("renewView", { params: { id: opened!.viewId } });
    const movedAt = renewed.recorders[1]!.from;
    assert.deepEqual([renewed.viewId, renewed.recorderUrl, renewed.from, renewed.to], [opened!.viewId, URLS[0], asked.from, movedAt]);
    const { from, to } = JSON.parse(Buffer.from(renewed.token.split(".")[1]!, "base64url").toString()) as { from: number; to: number };
    assert.deepEqual([from, to], [asked.from, movedAt], "its token opens no more than that");
    const after = await operator.call("openViews", { body: { ...asked, from: movedAt } });
    assert.deepEqual(after.views.map(({ recorderUrl, to: end }) => [recorderUrl, end]), [[URLS[1], asked.to]]);
  });

  test("[RDR3] an export over a move is a package of each recorder, and a hold waits for both", async () => {
    const camera = await add({ recorderId: 1 });
    const other = await add({ recorderId: 1 });
    await move(camera.id, 2);
    api.advance(60_000);
    const now = Date.now() + 150_000;
    const { exports, refused } = await operator.call("createExports", { body: { cameraIds: [camera.id, other.id], from: now - HOUR_MS, to: now, reason } });
    assert.deepEqual(refused, []);
    assert.deepEqual(exports.map(({ url }) => new URL(url).origin).toSorted(), [URLS[0], URLS[0], URLS[1]]);
    const parts = exports.filter(({ export: { cameras } }) => cameras.some(({ cameraId }) => cameraId === camera.id)).map(({ export: made }) => made);
    assert.deepEqual([parts[0]!.from, parts[0]!.to, parts[1]!.to, parts.map(({ recorderId }) => recorderId)], [now - HOUR_MS, parts[1]!.from, now, [1, 2]]);
    const hold = await operator.call("createHold", { body: { cameraIds: [camera.id], from: now - HOUR_MS, to: now, words: "x", reviewAt: now + 86_400_000 } });
    assert.deepEqual(hold.waitingFor, [1, 2]);
    const past = await operator.call("createHold", { body: { cameraIds: [camera.id], from: now - HOUR_MS, to: now - HOUR_MS / 2, words: "x", reviewAt: now + 86_400_000 } });
    assert.deepEqual(past.waitingFor, [1], "only the one that has anything of it");
  });

  test("[RDR2] who had what outlives a start of the centre, and the camera's removal", async () => {
    const camera = await add({ recorderId: 2 });
    await move(camera.id, 1);
    await engineer.call("removeCamera", { params: { id: camera.id } });
    await api.registry.load();
    api.advance(60_000);
    const now = Date.now() + 200_000;
    const { views } = await operator.call("openViews", { body: { cameraIds: [camera.id], mode: "playback", from: now - HOUR_MS, to: now, reason } });
    assert.deepEqual(views.map(({ recorderUrl }) => recorderUrl), [URLS[1], URLS[0]]);
  });
});
