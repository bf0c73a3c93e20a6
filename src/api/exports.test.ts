// Asking for evidence: reasons, records, the order of things, the signature that the centre gives, and the end that a recorder tells. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { ExportOrder } from "../contract/evidence.ts";
import { formatManifest, type Manifest } from "../evidence/manifest.ts";
import { cameraBody, createIncident, startTestApi, type TestApi, type TestSocket } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";
import { waitUntil } from "../../tests/support/wait.ts";

const reason = { purpose: "investigation", words: "case 17" };

describe("exports", () => {
  let api: TestApi;
  let inspector: CityClient;
  let operator: CityClient;
  let link: TestSocket;
  let cameraIds: number[];
  let accepts = true;
  before(async () => {
    api = await startTestApi();
    const first = await api.first();
    operator = await api.person("vera", ["video-operator"]);
    inspector = await api.person("ines", ["inspector"]);
    cameraIds = [];
    for (const code of ["E1", "E2"]) cameraIds.push((await first.call("createCamera", { body: cameraBody({ code }) })).id);
    link = await joinRecorder();
  });
  after(async () => {
    link.close();
    await api.close();
  });

  const joinRecorder = async (): Promise<TestSocket> => {
    const socket = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    socket.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7399", revision: 0 });
    await socket.next("welcome");
    socket.socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as { type: string; order: ExportOrder };
      if (accepts && message.type === "export-order") socket.send({ type: "export-accepted", exportId: message.order.exportId });
    });
    return socket;
  };
  const ask = async (more: object = {}) => {
    const now = Date.now();
    return operator.try("createExports", { body: { cameraIds, from: now - 600_000, to: now - 300_000, reason, ...more } });
  };
  const manifestOf = (order: ExportOrder): Manifest => ({
    format: "citywatch-evidence", version: 1, exportId: order.exportId, city: order.city, timeZone: order.timeZone, program: "test", recorderId: 1, madeAt: Date.now(), asked: order.asked, range: order.asked, askedBy: order.askedBy, reason: order.reason,
    cameras: order.cameras.map(({ sound: _sound, metadata: _metadata, ...camera }) => ({ ...camera, clockOffsetMs: null, files: [], gaps: [] })), files: [], key: { algorithm: "Ed25519", publicKey: order.publicKey, fingerprint: api.evidenceSigner.fingerprint },
  });
  const stateOf = async (id: number) => operator.call("getExport", { params: { id } });

  test("[EXP3] export and access records are committed before the recorder hears of it, and the token is only the browser's", async () => {
    const { answer } = await ask();
    const [{ export: made, token, url } = assert.fail("no export")] = answer!.exports;
    const { order } = (await link.next("export-order")) as { order: ExportOrder };
    assert.equal(order.tokenSha256, createHash("sha256").update(token).digest("hex"));
    assert.ok(!JSON.stringify(link.messages).includes(token));
    assert.equal(url, `http://127.0.0.1:7399/v1/exports/${made.id}`);
    assert.deepEqual([made.state, made.words, made.accountName, made.cameras.map(({ code }) => code)], ["waiting", "case 17", "vera", ["E1", "E2"]]);
    const { records } = await inspector.call("listAccessRecords", { query: { mode: "export" } });
    assert.deepEqual(records.map((record) => [record.id, record.cameraId, record.from, record.to]).reverse(), order.cameras.map(({ accessRecordId, id }) => [accessRecordId, id, order.asked.from, order.asked.to]));
    assert.equal((await inspector.call("summariseAccessRecords", { query: {} })).export, 2);
    assert.equal((await operator.try("renewView", { params: { id: records[0]!.id } })).status, 404, "no pictures are opened under the record of an export");
  });

  test("[EXP3] a reason, a range of the past, cameras that exist and a recorder that is there", async () => {
    const now = Date.now();
    assert.equal((await ask({ reason: undefined })).status, 400);
    assert.equal((await ask({ reason: { purpose: "incident", incidentId: 4_711 } })).status, 400);
    assert.equal((await ask({ from: now + 120_000, to: now + 180_000 })).status, 400);
    assert.equal((await ask({ to: now + 60_000, from: now - 25 * 3_600_000 })).status, 400, "at most a day");
    const unknown = await ask({ cameraIds: [999_999] });
    assert.deepEqual([unknown.answer!.exports, unknown.answer!.refused.map(({ reason }) => reason.code)], [[], ["no-such-camera"]]);
    const dispatcher = await api.person("dora", ["dispatcher"]);
    const incidentId = await createIncident(api, dispatcher);
    const of = await dispatcher.call("createExports", { body: { cameraIds, from: now - 60_000, to: now + 60_000, reason: { purpose: "incident", incidentId } } });
    assert.equal(of.exports[0]!.export.incidentId, incidentId);
    assert.ok(of.exports[0]!.export.to <= Date.now(), "what has not been is not asked of a recorder");
    assert.equal((await operator.try("getExport", { params: { id: of.exports[0]!.export.id } })).status, 404, "that of somebody else");
    assert.equal((await inspector.call("getExport", { params: { id: of.exports[0]!.export.id } })).incidentId, incidentId);
    assert.equal((await operator.call("listExports")).exports.some(({ id }) => id === of.exports[0]!.export.id), false);
    assert.equal((await inspector.call("listExports")).exports[0]!.id, of.exports[0]!.export.id);
    await link.next("export-order");
  });

  test("[EXP3] [VIEW2] an incident that has ended is found by its number, and is reason enough for its past", async () => {
    const dispatcher = await api.person("dirk", ["dispatcher"]);
    const incidentId = await createIncident(api, dispatcher);
    const { incident } = await dispatcher.call("getIncident", { params: { id: incidentId } });
    const ended = await dispatcher.send({ type: "incident.cancel", incidentId, words: "false alarm" });
    assert.equal(ended.outcome, "accepted");
    const later = await createIncident(api, dispatcher);
    const byNumber = async (number: number) => (await operator.call("listIncidents", { query: { number } })).incidents;
    assert.deepEqual((await byNumber(incident.number)).map(({ id, endedAt }) => [id, endedAt !== null]), [[incidentId, true]]);
    assert.deepEqual((await byNumber(incident.number + 1)).map(({ id }) => id), [later]);
    assert.deepEqual(await byNumber(incident.number + 1_000), []);
    assert.equal((await operator.try("listIncidents", { query: { number: 0 } })).status, 400);
    const { answer } = await ask({ reason: { purpose: "incident", incidentId } });
    assert.equal(answer!.exports[0]!.export.incidentNumber, incident.number);
    await link.next("export-order");
  });

  test("[EXP4] the centre signs what it recorded, and nothing else", async () => {
    const { answer } = await ask();
    const { id } = answer!.exports[0]!.export;
    const { order } = (await link.next("export-order")) as { order: ExportOrder };
    const sign = async (manifest: object | string): Promise<string | null> => {
      const text = typeof manifest === "string" ? manifest : formatManifest(manifest as Manifest);
      const half = text.length >> 1;
      link.send({ type: "export-sign", exportId: id, at: 0, piece: text.slice(0, half), last: false });
      link.send({ type: "export-sign", exportId: id, at: half, piece: text.slice(half), last: true });
      return (await link.next("export-signed")).signature as string | null;
    };
    const good = manifestOf(order);
    for (const wrong of [
      "{}", JSON.stringify(good, null, 1), { ...good, exportId: id + 1 }, { ...good, askedBy: { ...good.askedBy, name: "somebody else" } }, { ...good, reason: { ...good.reason, words: "another case" } },
      { ...good, cameras: good.cameras.slice(1) }, { ...good, range: { ...good.range, to: good.range.to + 1 } }, { ...good, recorderId: 2 }, { ...good, timeZone: "Asia/Shanghai" }, { ...good, cameras: good.cameras.map((camera) => ({ ...camera, code: "X" })) },
    ]) assert.equal(await sign(wrong), null, JSON.stringify(wrong).slice(0, 200));
    const signature = await sign(good);
    assert.ok(verify(null, Buffer.from(formatManifest(good)), createPublicKey((await inspector.call("getEvidenceKey")).pem), Buffer.from(signature!, "base64")));
    const rows = await api.database`select manifest_sha256, key_fingerprint from evidence_signature where export_id = ${id}`;
    assert.deepEqual(rows.map((row) => [row["manifest_sha256"], row["key_fingerprint"]]), [[createHash("sha256").update(formatManifest(good)).digest("hex"), api.evidenceSigner.fingerprint]]);
    await assert.rejects(api.database`update evidence_signature set manifest_sha256 = ''`);
    await assert.rejects(api.database`delete from evidence_export`);
  });

  test("[EXP10] progress and end are seen; the end is kept once, and ends the access records", async () => {
    const { answer } = await ask();
    const { id } = answer!.exports[0]!.export;
    const { order } = (await link.next("export-order")) as { order: ExportOrder };
    link.send({ type: "export-progress", exportId: id, bytes: 10, ofBytes: 40 });
    await waitUntil(async () => (await stateOf(id)).state === "running");
    const running = await stateOf(id);
    assert.deepEqual([running.bytes, running.ofBytes], [10, 40]);
    const at = Date.now();
    const end = { outcome: "complete", fault: null, bytes: 44, sha256: "ab".repeat(32) };
    for (const told of [end, { ...end, outcome: "failed", fault: "disk-failed", sha256: null }]) {
      link.send({ type: "export-ended", exportId: id, at, end: told });
      assert.equal((await link.next("export-end-kept")).exportId, id);
    }
    const ended = await stateOf(id);
    assert.deepEqual([ended.state, ended.bytes, ended.sha256, ended.endedAt], ["complete", 44, end.sha256, at]);
    const { records } = await inspector.call("listAccessRecords", { query: { mode: "export", cameraId: cameraIds[0]! } });
    assert.equal(records.find(({ id }) => id === order.cameras[0]!.accessRecordId)!.endedAt, at);
  });

  test("[EXP10] one's own is cancelled; what never began, or fell silent, lapses", async () => {
    const { answer } = await ask();
    const { id } = answer!.exports[0]!.export;
    await link.next("export-order");
    const other = await api.person("otto", ["video-operator"]);
    assert.equal((await other.try("cancelExport", { params: { id } })).status, 404);
    await operator.call("cancelExport", { params: { id }, body: {} });
    assert.equal((await link.next("export-cancel")).exportId, id);
    const second = (await ask()).answer!.exports[0]!.export.id;
    await link.next("export-order");
    const third = (await ask()).answer!.exports[0]!.export.id;
    await link.next("export-order");
    link.send({ type: "export-progress", exportId: third, bytes: 10, ofBytes: 40 });
    await waitUntil(async () => (await stateOf(third)).state === "running");
    api.advance(70_000);
    assert.equal((await stateOf(third)).state, "lapsed");
    assert.equal((await stateOf(second)).state, "waiting");
    api.advance(600_000);
    assert.equal((await stateOf(second)).state, "lapsed");
  });

  test("[EXP10] whoever loses the right has the export broken off", async () => {
    const anna = await api.person("anna", ["video-operator"]);
    const now = Date.now();
    const { exports } = await anna.call("createExports", { body: { cameraIds, from: now - 600_000, to: now - 300_000, reason } });
    await link.next("export-order");
    const first = await api.first();
    const account = (await first.call("listAccounts")).accounts.find(({ login }) => login === "anna")!;
    await first.call("changeAccount", { params: { id: account.id }, body: { disabled: true } });
    const cancelled = async (): Promise<boolean | undefined> => (await link.next("export-cancel")).exportId === exports[0]!.export.id || undefined;
    assert.ok(await cancelled());
  });

  test("[EXP3] [EXP10] an order that the recorder does not accept is refused, and ends with its access records", async () => {
    accepts = false;
    const { answer } = await ask();
    accepts = true;
    assert.deepEqual([answer!.exports.length, answer!.refused.map(({ reason }) => reason.code)], [0, ["recorder-away", "recorder-away"]]);
    const { order } = (await link.next("export-order")) as { order: ExportOrder };
    assert.equal((await link.next("export-cancel")).exportId, order.exportId);
    const told = await stateOf(order.exportId);
    assert.deepEqual([told.state, told.fault], ["failed", "recorder-away"]);
    const { records } = await inspector.call("listAccessRecords", { query: { mode: "export" } });
    for (const { accessRecordId } of order.cameras) assert.ok(records.find(({ id }) => id === accessRecordId)!.endedAt !== null);
  });

  test("[EXP3] a recorder that is away is told, and nothing is recorded", async () => {
    link.close();
    await link.closed;
    await waitUntil(() => api.logged.some((line) => line.includes("recorder link lost")));
    const before = (await inspector.call("listExports")).exports.length;
    const { answer } = await ask();
    assert.equal(answer!.exports.length, 0);
    assert.deepEqual(answer!.refused.map(({ reason }) => reason.code), ["recorder-away", "recorder-away"]);
    assert.equal((await inspector.call("listExports")).exports.length, before);
    link = await joinRecorder();
  });

  test("[EXP11] the access record of an export says whether sound and metadata may be in it; whoever exports can leave either out", async () => {
    const first = await api.first();
    const camera = (await first.call("createCamera", { body: cameraBody({ code: "E8", soundPurpose: "Calls for help", metadataPurpose: "Counts of people" }) })).id;
    for (const [more, sound, metadata] of [[{}, true, true], [{ sound: false }, false, true], [{ metadata: false }, true, false], [{ sound: false, metadata: false }, false, false]] as const) {
      const { answer } = await ask({ cameraIds: [camera, cameraIds[0]], ...more });
      const { order } = (await link.next("export-order")) as { order: ExportOrder };
      assert.equal(order.exportId, answer!.exports[0]!.export.id);
      assert.deepEqual(order.cameras.map((each) => [each.id, each.sound, each.metadata]), [[camera, sound, metadata], [cameraIds[0], false, false]], JSON.stringify(more));
      const { records } = await inspector.call("listAccessRecords", { query: { cameraId: camera } });
      assert.deepEqual([records[0]!.sound, records[0]!.metadata], [sound, metadata], JSON.stringify(more));
    }
  });

  test("[EXP11] an export with sound is broken off when the register has no purpose for that any more; one without is not", async () => {
    const first = await api.first();
    const hearing = (await first.call("createCamera", { body: cameraBody({ code: "E9", soundPurpose: "Calls for help" }) })).id;
    const idOf = ({ answer }: Awaited<ReturnType<typeof ask>>): number => answer!.exports[0]!.export.id;
    const withSound = idOf(await ask({ cameraIds: [hearing] }));
    await first.call("changeCamera", { params: { id: hearing }, body: { name: "Gate" } });
    const silent = idOf(await ask({ cameraIds: [cameraIds[0]] }));
    await first.call("changeCamera", { params: { id: hearing }, body: { soundPurpose: null } });
    await waitUntil(() => link.messages.some((message) => message["type"] === "export-cancel" && message["exportId"] === withSound));
    const later = idOf(await ask({ cameraIds: [hearing] }));
    await first.call("changeCamera", { params: { id: hearing }, body: { name: "Gate 2" } });
    const last = idOf(await ask({ cameraIds: [hearing] }));
    await waitUntil(() => link.messages.some((message) => message["type"] === "export-order" && (message["order"] as ExportOrder).exportId === last));
    assert.deepEqual([...new Set(link.messages.filter((message) => message["type"] === "export-cancel" && [withSound, silent, later, last].includes(message["exportId"] as number)).map((message) => message["exportId"]))], [withSound]); // told again while its recorder has not told its end
  });

  test("[AUD3] who reads the packages of others is written down before they are shown, once for the same reading; one's own are no register", async () => {
    const reader = await api.person("irma", ["inspector"]);
    const { account } = await reader.call("getSession");
    const readingsOf = async (actorId: number) => (await reader.call("listAuditEntries", { query: { kind: "readings", actorId } })).entries.filter(({ action }) => action === "export.read").map(({ subjectKind, body }) => [subjectKind, body]);
    const { exports: [of] } = await reader.call("listExports");
    await reader.call("listExports", { query: { before: of!.id } });
    assert.deepEqual(await readingsOf(account.id), [["export", { filter: {} }]]);
    await reader.call("getExport", { params: { id: of!.id } });
    assert.deepEqual(await readingsOf(account.id), [["export", { filter: { exportId: of!.id } }], ["export", { filter: {} }]]);
    const { exports: [own] } = await operator.call("listExports");
    await operator.call("getExport", { params: { id: own!.id } });
    assert.deepEqual(await readingsOf((await operator.call("getSession")).account.id), []);
    api.advance(16 * 60_000);
    await api.database.unsafe("alter table audit_entry rename to audit_away");
    try {
      assert.equal((await reader.try("listExports")).answer, null, "no record, nothing shown");
    } finally {
      await api.database.unsafe("alter table audit_away rename to audit_entry");
      api.advance(-16 * 60_000);
    }
  });
});
