// What an inspector reads: filters, figures and files speak of the same looks, changes say what was and what is, and the reading is recorded itself.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import { pointAt } from "../../geo/testing/features.ts";
import type { Role } from "../../contract/access.ts";
import { PASSWORD, cameraBody, createIncident, startTestApi, type TestApi } from "../../../tests/support/api.ts";
import type { CityClient } from "../../../tests/support/city-client.ts";

const HOUR = 3_600_000;

describe("inspecting", () => {
  let api: TestApi;
  let first: CityClient;
  let inspector: CityClient;
  let operator: CityClient;
  let corner: number;
  let market: number;
  let incidentId: number;
  let startedAt: number;
  before(async () => {
    api = await startTestApi();
    const ahead = HOUR - (Date.now() % HOUR); // all that is looked at within a moment is of one hour
    api.advance(ahead);
    startedAt = Date.now() + ahead;
    first = await api.first();
    corner = (await first.call("createCamera", { body: cameraBody({ code: "K1", name: "Corner 100%" }) })).id;
    market = (await first.call("createCamera", { body: cameraBody({ code: "K2", name: "Market, gate 3", place: "Plaza" }) })).id;
    incidentId = await createIncident(api, first);
    operator = await api.person("olga", ["video-operator"]);
    inspector = await api.person("ines", ["inspector"]);
    const look = (who: CityClient, cameraIds: number[], reason: object, more: object = {}) => who.call("openViews", { body: { cameraIds, mode: "live", reason, ...more } });
    await look(first, [corner, market], { purpose: "incident", incidentId });
    await look(operator, [market], { purpose: "patrol", words: "evening round" });
    api.advance(2 * HOUR); // all sessions are over by then
    for (const [client, login] of [[first, "first.person"], [operator, "olga"], [inspector, "ines"]] as const) await client.logIn(login, PASSWORD);
    await look(operator, [market], { purpose: "traffic", words: "=jam, \"north\"" }, { mode: "playback", from: startedAt - HOUR, to: startedAt });
  });
  after(() => api.close());

  const codes = async (query: Record<string, string | number>) => (await inspector.call("listAccessRecords", { query })).records.map((r) => r.cameraCode);

  test("a look names the camera, its place, and the incident in short, to somebody who may read neither incidents nor pictures", async () => {
    assert.equal((await inspector.try("getIncident", { params: { id: incidentId } })).status, 403);
    const { records } = await inspector.call("listAccessRecords", { query: { incidentId } });
    assert.deepEqual(records.map((r) => [r.cameraName, r.incident]), [["Market, gate 3", { id: incidentId, number: 1, type: "theft", place: "Rivera" }], ["Corner 100%", { id: incidentId, number: 1, type: "theft", place: "Rivera" }]]);
    assert.equal(records[0]!.cameraPlace, "Plaza");
  });

  test("each filter narrows, and all that are named must hold", async () => {
    const olga = (await operator.call("getSession")).account.id;
    const cases: [Record<string, string | number>, string[]][] = [
      [{}, ["K2", "K2", "K2", "K1"]], [{ cameraId: corner }, ["K1"]], [{ accountId: olga }, ["K2", "K2"]], [{ incidentId }, ["K2", "K1"]], [{ purpose: "patrol" }, ["K2"]], [{ mode: "playback" }, ["K2"]],
      [{ accountId: olga, mode: "live" }, ["K2"]], [{ to: startedAt + HOUR }, ["K2", "K2", "K1"]], [{ from: startedAt + HOUR }, ["K2"]], [{ from: startedAt, to: startedAt }, []],
      [{ q: "GATE" }, ["K2", "K2", "K2"]], [{ q: "evening" }, ["K2"]], [{ q: "olga" }, ["K2", "K2"]], [{ q: "100%" }, ["K1"]], [{ q: "%" }, ["K1"]], [{ q: "k_" }, []], [{ limit: 1 }, ["K2"]],
    ];
    for (const [query, expected] of cases) assert.deepEqual(await codes(query), expected, JSON.stringify(query));
    assert.equal((await inspector.try("listAccessRecords", { query: { purpose: "curiosity" } })).status, 400);
  });

  test("the figures count what the list shows, whatever the filter", async () => {
    for (const query of [{}, { cameraId: market }, { purpose: "patrol" }, { q: "olga" }, { to: startedAt + HOUR }, { mode: "playback" }] as Record<string, string | number>[]) {
      const rows = (await inspector.call("listAccessRecords", { query })).records;
      const figures = await inspector.call("summariseAccessRecords", { query });
      const sum = (list: { n: number }[]) => list.reduce((total, { n }) => total + n, 0);
      assert.deepEqual([figures.total, figures.live, sum(figures.buckets), sum(figures.byPurpose), sum(figures.byAccount), sum(figures.byCamera)], [rows.length, rows.filter((r) => r.mode === "live").length, rows.length, rows.length, rows.length, rows.length], JSON.stringify(query));
      assert.deepEqual([figures.first, figures.last], [rows.at(-1)!.at, rows[0]!.at]);
    }
    const { buckets, bucket } = await inspector.call("summariseAccessRecords", { query: {} });
    assert.equal(bucket, "hour");
    assert.ok(buckets.every(({ at }) => at % HOUR === 0) && new Set(buckets.map(({ at }) => at)).size === 2, "two hours lie between");
    assert.equal((await inspector.call("summariseAccessRecords", { query: { from: startedAt - 30 * 24 * HOUR } })).bucket, "day");
  });

  test("a file holds the looks of the filter, and what a spreadsheet would run stays text", async () => {
    const { csv, rows, cut } = await inspector.call("exportAccessRecords", { body: { cameraId: market } });
    const read = parse(csv, { columns: true }) as Record<string, string>[];
    assert.deepEqual([rows, cut, read.length], [3, false, 3]);
    assert.deepEqual(read.map((r) => [r["camera"], r["place"], r["purpose"], r["incident"], r["words"]]), [["K2", "Plaza", "traffic", "", "'=jam, \"north\""], ["K2", "Plaza", "patrol", "", "evening round"], ["K2", "Plaza", "incident", "1", ""]]);
    assert.equal(read[2]!["began"], new Date((await inspector.call("listAccessRecords", { query: { cameraId: market } })).records[2]!.at).toISOString());
  });

  test("a look for a call counts for the incident that the call became", async () => {
    const rung = await api.client("telephony").send({ type: "contact.receive", source: "telephone", externalId: "call-7", callerNumber: null, callerWords: null });
    assert.ok(rung.outcome === "accepted");
    await first.send({ type: "contact.claim", contactId: rung.contactId! });
    const { views } = await first.call("openViews", { body: { cameraIds: [corner], mode: "live", reason: { purpose: "call", contactId: rung.contactId! } } });
    const look = async () => (await inspector.call("listAccessRecords", { query: { purpose: "call" } })).records[0]!;
    assert.deepEqual([(await look()).contactId, (await look()).incident], [rung.contactId, null]);
    const made = await first.send({ type: "incident.create", contactId: rung.contactId, incidentType: "fight", what: "", who: "", place: { words: "", label: "Soca", kind: "street", district: null, point: pointAt(0, 300), uncertaintyM: 0 } });
    assert.ok(made.outcome === "accepted");
    assert.deepEqual((await look()).incident, { id: made.incidentId, number: 2, type: "fight", place: "Soca" });
    assert.deepEqual((await inspector.call("listAccessRecords", { query: { incidentId: made.incidentId! } })).records.map((r) => r.id), views.map((v) => v.viewId));
  });

  test("[AUD1] a change says what was and what is, and names only what became another", async () => {
    const { id } = await first.call("createAccount", { body: { name: "Oscar", login: "oscar", password: "a-long-enough-password-7", roles: ["officer"] as Role[], unitId: null } });
    await first.call("changeAccount", { params: { id }, body: { name: "Oscar", roles: ["guard"], unitId: 2 } });
    await first.call("changeAccount", { params: { id }, body: { password: "another-long-password-8" } });
    await first.call("changeCamera", { params: { id: corner }, body: { owner: "Harbour office", purpose: "Traffic safety" } });
    const { entries } = await inspector.call("listAuditEntries", { query: { kind: "changes", limit: 3 } });
    assert.deepEqual(entries.map((e) => [e.subjectName, e.action, e.body]), [
      ["K1 Corner 100%", "camera.change", { owner: { from: "City", to: "Harbour office" } }],
      ["Oscar", "account.change", { password: "changed" }],
      ["Oscar", "account.change", { roles: { from: ["officer"], to: ["guard"] }, unitId: { from: null, to: 2 } }],
    ]);
    const only = async (query: Record<string, string | number>) => (await inspector.call("listAuditEntries", { query: { kind: "changes", ...query } })).entries.map((e) => e.action);
    assert.deepEqual(await only({ subjectKind: "account", subjectId: id }), ["account.change", "account.change", "account.create"]);
    assert.deepEqual(await only({ q: "Harbour office" }), ["camera.change"]);
    assert.deepEqual((await inspector.call("listUnits")).units.find((unit) => unit.id === 2), { id: 2, callSign: "M2", kind: "patrol" });
  });

  test("[AUD3] who reads the registers is written down before they are shown, once for the same reading, and each export", async () => {
    const reader = await api.person("irma", ["inspector"]);
    const irma = (await reader.call("getSession")).account.id;
    const readings = async () => (await first.call("listAuditEntries", { query: { kind: "readings", actorId: irma } })).entries.map((e) => [e.action, e.body]);
    await reader.call("listAccessRecords", { query: { cameraId: corner, limit: 5 } });
    await reader.call("listAccessRecords", { query: { cameraId: corner, before: 3 } });
    await reader.call("summariseAccessRecords", { query: { cameraId: corner } });
    assert.deepEqual(await readings(), [["access-record.read", { filter: { cameraId: corner } }]]);
    await reader.call("exportAccessRecords", { body: { q: "olga" } });
    await reader.call("exportAccessRecords", { body: { q: "olga" } });
    await reader.call("listAuditEntries", { query: { q: "Oscar" } });
    assert.deepEqual((await readings()).map(([action]) => action), ["audit.read", "access-record.export", "access-record.export", "access-record.read"]);
    api.advance(16 * 60_000);
    await reader.call("listAccessRecords", { query: { cameraId: corner } });
    assert.equal((await readings()).length, 5);
    await api.database.unsafe("alter table audit_entry rename to audit_away");
    try {
      assert.equal((await reader.try("listAccessRecords", { query: { cameraId: market } })).answer, null, "no record, nothing shown");
    } finally {
      await api.database.unsafe("alter table audit_away rename to audit_entry");
    }
  });

  test("[SES3] an administrator sees where an account is logged in and ends it; the own session stays", async () => {
    const { id } = (await operator.call("getSession")).account;
    const { sessions } = await first.call("listAccountSessions", { params: { id } });
    assert.deepEqual(sessions.map(({ address, own }) => [address, own]), [["127.0.0.1", false]]);
    assert.deepEqual(await first.call("endAccountSessions", { params: { id } }), { ended: 1 });
    assert.equal((await operator.try("getSession")).status, 401);
    const me = (await first.call("getSession")).account.id;
    await first.call("endAccountSessions", { params: { id: me } });
    assert.deepEqual((await first.call("listAccountSessions", { params: { id: me } })).sessions.map(({ own }) => own), [true]);
    const [entry] = (await first.call("listAuditEntries", { query: { kind: "changes", limit: 1 } })).entries;
    assert.deepEqual([entry!.action, entry!.subjectName, entry!.body], ["account.sessions-end", "olga", { ended: 1 }]);
  });
});
