import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { pointAt } from "../../geo/testing/features.ts";
import { formatEido, parseEido, type EidoIncident } from "../../protocol/eido/eido.ts";
import { createIncident, startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { CityClient } from "../../../tests/support/city-client.ts";
import { waitUntil } from "../../../tests/support/wait.ts";

let api: TestApi;
let administrator: CityClient;
let dispatcher: CityClient;
let neighbour: CityClient;
const read = (eido: unknown): EidoIncident => {
  const parsed = parseEido(eido);
  if (!parsed.ok) throw new Error(`${parsed.field} ${parsed.expected}`);
  return parsed.incident;
};

describe("incidents between centres", () => {
  before(async () => {
    api = await startTestApi();
    administrator = await api.person("admin.one", ["administrator"]);
    dispatcher = await api.person("ana", ["dispatcher"]);
    neighbour = new CityClient(api.origin, (await administrator.call("createMachineAccount", { body: { name: "North", interface: "centres" } })).key);
  });
  after(() => api.close());
  const share = async (incidentId: number, agency: "key" | "webhook" = "key", hours = 4) => {
    const { agencies } = await dispatcher.call("listSharingAgencies");
    const { kind, id } = agencies.find((one) => one.kind === agency)!;
    return dispatcher.call("createSharing", { params: { id: incidentId }, body: { agency: { kind, id }, purpose: "The fire is on their side too", hours } });
  };

  test("[EID1] [EID4] an incident on request: words of callers, place with uncertainty, units with their progress; a neighbour is given what is shared with it", async () => {
    const rung = await api.client("telephony").send({ type: "contact.receive", source: "telephone", externalId: "e-1", callerNumber: "+598 99 123", callerWords: "He's on the ground", callerPoint: null, callerUncertaintyM: null });
    assert.ok(rung.outcome === "accepted");
    await dispatcher.send({ type: "contact.claim", contactId: rung.contactId! });
    const made = await dispatcher.send({ type: "incident.create", contactId: rung.contactId, incidentType: "traffic-injury", what: "cyclist hit", place: { words: "by the bakery", label: "Rivera", kind: "street", district: null, point: pointAt(300, 0), uncertaintyM: 50 } });
    assert.ok(made.outcome === "accepted");
    const id = made.incidentId!;
    await dispatcher.send({ type: "assignment.assign", incidentId: id, unitIds: [3] });
    assert.equal((await neighbour.try("getIncidentEido", { params: { id } })).status, 404, "open, and nobody shared it");
    await share(id);
    for (const client of [dispatcher, neighbour]) {
      const incident = read(await client.call("getIncidentEido", { params: { id } }));
      assert.deepEqual([incident.typeCommon, incident.statuses, incident.callbackUris, incident.notes.map(({ words }) => words), incident.placeText], ["MVAINJY", ["Active", "ResourcesAssigned"], ["tel:+59899123"], ["He's on the ground", "cyclist hit"], 'Rivera ("by the bakery")']);
      assert.deepEqual(incident.resources, [{ name: "A1", type: "GroundBLSAmbulance", typeInternal: "ambulance", primary: "NotAvailable", secondary: ["Assigned"], statusInternal: "assigned" }]);
      assert.ok(Math.abs(incident.place!.lon - pointAt(300, 0).lon) < 1e-6 && incident.place!.uncertaintyM === 50);
    }
    await dispatcher.send({ type: "incident.close", incidentId: id, disposition: "resolved" });
    assert.deepEqual(read(await neighbour.call("getIncidentEido", { params: { id } })).disposition, { common: "18", internal: "resolved" });
    api.advance(4 * 3_600_000 + 1_000);
    assert.equal((await neighbour.try("getIncidentEido", { params: { id } })).status, 404);
    assert.equal((await neighbour.try("getIncidentEido", { params: { id: 99_999 } })).status, 404);
  });

  test("[EID4] [EID5] a sharing has a purpose and an end, is taken back in one action, and each reading stands in the owner's log by name before it is answered", async () => {
    await dispatcher.logIn("ana", "a-long-enough-password-7");
    await administrator.logIn("admin.one", "a-long-enough-password-7");
    const id = await createIncident(api, dispatcher);
    const ask = (client = neighbour) => client.try("getIncidentEido", { params: { id } });
    const south = new CityClient(api.origin, (await administrator.call("createMachineAccount", { body: { name: "South", interface: "centres" } })).key);
    const made = await share(id);
    assert.deepEqual([made.agency.name, made.madeBy.name, made.reads, made.until - made.madeAt], ["North", "ana", 0, 4 * 3_600_000]);
    assert.deepEqual([(await ask()).status, (await ask()).status, (await ask(south)).status], [200, 200, 404], "what is shared with one is not another's");
    const [sharing] = (await dispatcher.call("listSharings", { params: { id } })).sharings;
    assert.deepEqual([sharing!.reads, sharing!.lastReadAt !== null], [2, true]);
    const { entries } = await administrator.call("listAuditEntries", { query: { kind: "readings", subjectKind: "shared-incident", subjectId: made.id } });
    assert.deepEqual(entries.map(({ by, action, body }) => [by.name, action, body["incidentId"], body["words"]]), [0, 1].map(() => ["North", "sharing.read", id, "The fire is on their side too"]));
    await api.database`create function stumble() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$`;
    await api.database`create trigger stumble before insert on audit_entry for each row execute function stumble()`;
    assert.ok((await ask()).status >= 500, "not written down, not given");
    await api.database`drop function stumble() cascade`;
    const ended = await dispatcher.call("endSharing", { params: { id: made.id } });
    assert.deepEqual([ended.endedBy?.name, (await ask()).status, (await dispatcher.call("endSharing", { params: { id: made.id } })).endedAt], ["ana", 404, ended.endedAt]);
    const changes = await administrator.call("listAuditEntries", { query: { kind: "changes", subjectKind: "sharing", subjectId: made.id } });
    assert.deepEqual(changes.entries.map(({ action }) => action), ["sharing.end", "sharing.make"]);
    for (const [agency, status] of [[{ kind: "key", id: 99 }, 404], [{ kind: "webhook", id: 99 }, 404]] as const) assert.equal((await dispatcher.try("createSharing", { params: { id }, body: { agency, purpose: "x", hours: 1 } })).status, status);
    for (const wrong of [{ purpose: " " }, { hours: 0 }, { hours: 169 }]) assert.equal((await dispatcher.try("createSharing", { params: { id }, body: { agency: { kind: "key", id: 1 }, purpose: "x", hours: 1, ...wrong } })).status, 400, JSON.stringify(wrong));
    assert.equal((await dispatcher.try("createSharing", { params: { id: 99_999 }, body: { agency: made.agency, purpose: "x", hours: 1 } })).status, 404);
    await share(id);
    const tries = await Promise.all(Array.from({ length: 125 }, async () => (await ask()).status));
    assert.ok(tries.includes(200) && tries.includes(429), "not without bound");
    api.advance(60_000);
    assert.equal((await ask()).status, 200);
  });

  test("[EID1] [EID2] one state is one object, whenever it is written; it has the units that are with the incident, and nobody else's", async () => {
    await dispatcher.logIn("ana", "a-long-enough-password-7");
    const id = await createIncident(api, dispatcher);
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId: id, unitIds: [1, 2] });
    assert.ok(sent.outcome === "accepted");
    const write = () => dispatcher.call("getIncidentEido", { params: { id } });
    const first = await write();
    api.advance(15_000);
    assert.deepEqual(await write(), first);
    assert.deepEqual(read(first).resources.map(({ name, secondary }) => [name, secondary]), [["M1", ["Assigned"]], ["M2", ["Assigned"]]]);
    await dispatcher.send({ type: "assignment.recall", assignmentId: sent.units[0]!.assignmentId!, words: "not needed" });
    const later = read(await write());
    assert.deepEqual(later.resources.map(({ name }) => name), ["M2"]);
    assert.ok(later.updatedAt > read(first).updatedAt);
    await dispatcher.send({ type: "incident.close", incidentId: id, disposition: "resolved" });
  });

  test("[EID1] one that was merged stays active, names the incident as which it goes on, and ends with that", async () => {
    const [shared, into, last] = [await createIncident(api, dispatcher), await createIncident(api, dispatcher), await createIncident(api, dispatcher)];
    const write = async () => read(await dispatcher.call("getIncidentEido", { params: { id: shared } }));
    const numberOf = (id: number) => String(api.dispatch.findIncident(id)!.number);
    await dispatcher.send({ type: "incident.merge", incidentId: shared, intoId: into, words: "same fire" });
    const merged = await write();
    assert.deepEqual([merged.statuses, merged.disposition], [["Active"], null]);
    assert.match(merged.notes.at(-1)!.words, new RegExp(`no\\. ${numberOf(into)} `));
    await dispatcher.send({ type: "incident.merge", incidentId: into, intoId: last, words: "all one" });
    assert.match((await write()).notes.at(-1)!.words, new RegExp(`no\\. ${numberOf(last)} `));
    await dispatcher.send({ type: "incident.close", incidentId: last, disposition: "resolved" });
    const closed = await write();
    assert.deepEqual([closed.statuses, closed.disposition], [["Closed"], { common: "18", internal: "resolved" }]);
    assert.ok(closed.updatedAt >= merged.updatedAt);
  });

  test("[EID2] [EID3] a neighbour's incident becomes a contact with its words, once for each version, and no incident", async () => {
    const theirs: EidoIncident = {
      id: "urn:emergency:uid:incidentid:7:north.example", issuer: "dispatch.north.example", updatedAt: Date.UTC(2026, 2, 23), typeCommon: "FSTRU", typeInternal: null, statuses: ["Active"], statusInternal: null, priority: 10, internalId: "7",
      place: { ...pointAt(10, 10), uncertaintyM: 40 }, placeText: "Mill road 3", notes: [{ at: 0, words: "Flames from the roof" }], callbackUris: [], resources: [], disposition: null, roles: ["Dispatching"],
    };
    const eido = formatEido(theirs, { id: "north.example", name: "North" });
    const incidents = api.dispatch.listIncidents(null, 100).length;
    const first = await neighbour.call("reportEido", { body: eido });
    const contact = api.dispatch.findContact(first.contactId)!;
    assert.deepEqual([contact.state, contact.callerWords, contact.callerUncertaintyM, contact.signal?.kind, contact.signal?.priorityHint, contact.signal?.code, contact.signal?.site], ["ringing", "FSTRU · fire in a building 建筑火灾 · Active · no. 7 · Mill road 3\nFlames from the roof", 40, "neighbouring-centre", 1, "FSTRU", "dispatch.north.example"]);
    assert.deepEqual(await neighbour.call("reportEido", { body: eido }), { contactId: first.contactId, state: "ringing", repeated: true });
    const version = (seconds: number, more: Partial<EidoIncident>) => ({ body: formatEido({ ...theirs, updatedAt: theirs.updatedAt + seconds * 1_000, ...more }, { id: "north.example", name: "North" }) });
    const progress = await neighbour.call("reportEido", version(1, { statuses: ["Active", "ResourcesAssigned", "ResourcesEnroute"], resources: [{ name: "E1", type: "StructureFireEngineType1", typeInternal: null, primary: "NotAvailable", secondary: ["EnRoute"], statusInternal: null }] }));
    assert.deepEqual([progress.contactId, progress.repeated], [first.contactId, true], "a unit's progress is no alarm");
    const notes = [...theirs.notes, { at: 1_000, words: "People inside" }];
    const later = await Promise.all([2, 3].map((seconds) => neighbour.call("reportEido", version(seconds, { notes }))));
    assert.notEqual(later[0]!.contactId, first.contactId);
    assert.deepEqual([later[1]!.contactId, later.filter(({ repeated }) => repeated).length], [later[0]!.contactId, 1], "told twice at once, one contact");
    const back = await neighbour.call("reportEido", version(4, {}));
    assert.ok(![first.contactId, later[0]!.contactId].includes(back.contactId), "what is so again is told again");
    const many = Array.from({ length: 30 }, (_, i) => ({ at: i, words: `${i} ${"y".repeat(200)}` }));
    const long = await neighbour.call("reportEido", version(5, { notes: many }));
    const grown = await neighbour.call("reportEido", version(6, { notes: [...many, { at: 40, words: "MAN WITH A GUN" }] }));
    assert.ok(grown.contactId !== long.contactId && !grown.repeated, "however much was said before");
    assert.match(api.dispatch.findContact(grown.contactId)!.callerWords!, /^[^\n]*\nMAN WITH A GUN\n/);
    assert.equal(api.dispatch.listIncidents(null, 100).length, incidents);
    const wrong = await neighbour.try("reportEido", { body: { ...eido, lastUpdateTimeStamp: "now" } });
    assert.deepEqual([wrong.status, wrong.problem?.faults?.map(({ field, code }) => [field, code])], [400, [["lastUpdateTimeStamp", "eido-time"]]]);
  });

  test("[EID1] a webhook of the form eido is given the incident as an EIDO", async (t) => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece: Buffer) => void (body += String(piece)));
      request.on("end", () => {
        bodies.push(body);
        response.end();
      });
    }).listen(0, "127.0.0.1");
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, "listening");
    const people = new CityClient(api.origin);
    await people.logIn("admin.one", "a-long-enough-password-7");
    await people.call("createWebhook", { body: { name: "North", url: `http://127.0.0.1:${(server.address() as { port: number }).port}/eido`, format: "eido" } });
    await dispatcher.logIn("ana", "a-long-enough-password-7");
    const id = await createIncident(api, dispatcher);
    const other = await createIncident(api, dispatcher);
    const { id: sharingId } = await share(id, "webhook");
    // What still happens to the incident of before is told too.
    const number = String(api.dispatch.findIncident(id)!.number);
    const versions = () => bodies.map((body) => read(JSON.parse(body))).filter(({ internalId }) => internalId === number);
    await waitUntil(() => versions().length >= 1);
    await dispatcher.send({ type: "incident.note", incidentId: id, words: "nothing of an EIDO" });
    await dispatcher.send({ type: "incident.close", incidentId: id, disposition: "resolved" });
    await waitUntil(async () => (await api.database`select from webhook_delivery where state <> 'delivered'`).length === 0 && versions().some(({ statuses }) => statuses[0] === "Closed"));
    const events = (await api.database`select event from webhook_delivery where subject_id = ${id} order by sequence`).map((row) => row["event"] as string);
    assert.deepEqual([events[0], events.includes("incident.noted"), events.at(-1)], ["incident.shared", false, "incident.closed"]);
    assert.equal((await api.database`select from webhook_delivery where subject_id = ${other}`).length, 0, "what is not shared is not even put up");
    await dispatcher.call("endSharing", { params: { id: sharingId } });
    const told = bodies.length;
    await dispatcher.send({ type: "incident.reopen", incidentId: id, words: "again" });
    await waitUntil(async () => (await api.database`select sequence from webhook_cursor`)[0]!["sequence"] === api.dispatch.sequence());
    assert.equal(bodies.length, told);
    const reads = await api.database`select actor_name from audit_entry where subject_kind = 'shared-incident' and subject_id = ${sharingId}`;
    assert.deepEqual([reads.length, reads[0]!["actor_name"]], [told, "North"]);
  });
});
