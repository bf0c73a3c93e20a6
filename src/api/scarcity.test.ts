// Ties, hand-over, pre-emption and cover over HTTP: what consoles send, and what a crew's phone shows of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createIncident, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";
import { pointAt } from "../geo/testing/features.ts";

describe("two dispatchers and too few units", () => {
  let api: TestApi;
  let ana: CityClient;
  let ben: CityClient;
  let benId: number;
  before(async () => {
    api = await startTestApi();
    ana = await api.first();
    ben = await api.person("ben", ["dispatcher"]);
    benId = (await ben.call("getSession")).account.id;
  });
  after(() => api.close());
  const accepted = async (client: CityClient, command: Parameters<CityClient["send"]>[0]) => {
    const outcome = await client.send(command);
    assert.equal(outcome.outcome, "accepted", JSON.stringify(outcome));
    return outcome.outcome === "accepted" ? outcome : assert.fail();
  };
  const getIncident = async (id: number) => (await ana.call("getIncident", { params: { id } })).incident;

  test("[TIE1] [TIE2] an incident is merged and taken apart; both files and timelines say so", async () => {
    const [first, second] = [await createIncident(api, ana), await createIncident(api, ana)];
    await accepted(ben, { type: "incident.merge", incidentId: second, intoId: first, words: "same smoke" });
    const file = await ana.call("getIncident", { params: { id: first } });
    assert.deepEqual([file.incident.mergedIds, file.timeline.at(-1)?.event, file.timeline.at(-1)?.body["words"]], [[second], "incident.absorbed", "same smoke"]);
    assert.equal((await getIncident(second)).status, "closed");
    await accepted(ben, { type: "incident.unmerge", incidentId: second, words: "" });
    assert.equal((await getIncident(second)).status, "active");
  });

  test("[HND1] [HND2] what one person watches goes to another who is named and takes it; nobody else can be named", async () => {
    const id = await createIncident(api, ana);
    const { people } = await ana.call("listWatchers");
    assert.ok(people.some((person) => person.id === benId));
    const officer = await api.person("officer.one", ["officer"], 2);
    const officerId = (await officer.call("getSession")).account.id;
    assert.ok(!people.some((person) => person.id === officerId));
    const refused = await ana.send({ type: "hand-over.offer", toUserId: officerId, words: "" });
    assert.ok(refused.outcome === "refused" && refused.rule === "no-such-person");
    await accepted(ana, { type: "hand-over.offer", toUserId: benId, words: "end of shift" });
    const [offered] = api.dispatch.state().handOvers;
    assert.deepEqual([offered?.to.id, offered?.to.name, offered?.incidentIds.includes(id)], [benId, "ben", true]);
    await accepted(ben, { type: "hand-over.take", handOverId: offered!.id });
    assert.deepEqual([(await getIncident(id)).watch.by?.id, api.dispatch.state().handOvers], [benId, []]);
  });

  test("[ASG11] [ASG13] [COV1] [COV2] a unit that covers is offered and taken; its phone shows the platform, and nothing of the incident", async () => {
    const id = await createIncident(api, ana);
    const asked = await ana.call("proposeCover", { params: { id }, query: { units: "1" } });
    assert.deepEqual([asked.incidentId, asked.withinSeconds], [id, 180]);
    assert.ok(asked.uncovered.every((post) => post.platformId === 1));
    await accepted(ana, { type: "assignment.cover", incidentId: id, unitId: 2, platformId: 1 });
    const crew = await api.person("crew.two", ["officer"], 2);
    const view = await crew.call("getField");
    assert.deepEqual([view.incident?.place.label, view.incident?.place.kind, view.incident?.what, view.incident?.contactIds, view.callers], ["Platform Rivera", "platform", "", [], []]);
    assert.deepEqual((await crew.call("getFieldWay"))?.to, pointAt(100, 0));
    const urgent = await createIncident(api, ana);
    await accepted(ana, { type: "assignment.assign", incidentId: urgent, unitIds: [1], stack: false });
    const third = await createIncident(api, ana);
    const { offers } = await ana.call("listPreemptible", { params: { id: third } });
    assert.deepEqual(offers.map(({ unitId, reasons }) => [unitId, reasons.map(({ code }) => code).includes("covers-platform")]), [[2, true]]);
    await accepted(ana, { type: "assignment.preempt", assignmentId: offers[0]!.assignmentId, incidentId: third, words: "nobody else" });
    assert.equal((await crew.call("getField")).assignment?.incidentId, third);
  });

  test("[CON11] [CON13] a call is attached to what it is about, and detached again", async () => {
    const id = await createIncident(api, ana);
    const { place } = await getIncident(id);
    const rung = await accepted(api.client("telephony"), { type: "contact.receive", source: "telephone", externalId: "dup-1", callerNumber: "1", callerPoint: null, callerUncertaintyM: null, callerWords: "smoke" });
    await accepted(ana, { type: "contact.claim", contactId: rung.contactId! });
    const { candidates } = await ana.call("listDuplicates", { params: { id: rung.contactId! }, query: { lon: place.point.lon, lat: place.point.lat } });
    assert.ok(candidates.some(({ incidentId, reasons }) => incidentId === id && reasons[0]!.code === "near"));
    await accepted(ana, { type: "contact.attach", contactId: rung.contactId!, incidentId: id });
    await accepted(ana, { type: "contact.detach", contactId: rung.contactId!, words: "another street" });
    assert.equal(api.dispatch.findContact(rung.contactId!)?.state, "claimed");
    assert.ok(!(await getIncident(id)).contactIds.includes(rung.contactId!));
  });
});
