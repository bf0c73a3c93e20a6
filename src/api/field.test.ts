// The phone of a crew: where it tells the unit to be, and what `GET /field` tells it: its job, and how its last job ended where that was not its own doing. Real HTTP, real PostgreSQL.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pointAt } from "../geo/testing/features.ts";
import { ViewVerifier } from "../io/recorder/view-tokens.ts";
import { cameraBody, createIncident, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

let api: TestApi;
let dispatcher: CityClient;
let officer: CityClient;
/** A centre of its own for a suite: a dispatcher, and an officer whose phone leads unit 1. */
function useOfficer(): void {
  before(async () => {
    api = await startTestApi();
    dispatcher = await api.first();
    officer = await api.person("an.officer", ["officer"], 1);
  });
  after(() => api.close());
}

describe("the place of a unit that a person leads", () => {
  useOfficer();
  const own = (x: number, more: object = {}) => ({ body: { ...pointAt(x, 0), headingDeg: null, speedMps: 0, ageMs: 0, ...more } });
  const place = () => api.dispatch.positions.find(1)?.point;
  const fix = (unitId: number, x: number) => ({ ...pointAt(x, 0), unitId, headingDeg: null, speedMps: 0, at: Date.now() });

  test("[SES4] told by its phone, the unit is proposed after five minutes as after five seconds", async () => {
    const incidentId = await createIncident(api, dispatcher);
    await api.client("fleet").call("reportPositions", { body: { fixes: [fix(1, 100)] } });
    for (let minute = 0; minute < 5; minute++) {
      api.advance(60_000);
      assert.deepEqual(await officer.call("reportOwnPosition", own(300)), { done: true });
    }
    const { candidates, notProposed } = await dispatcher.call("recommend", { params: { id: incidentId } });
    assert.equal(candidates[0]?.unitId, 1, JSON.stringify(notProposed));
    assert.ok(candidates[0].positionAgeMs! < 60_000 && candidates[0].roadMetres < 50);
  });

  test("[SES4] while the phone tells it, the gateway's fixes of that unit are not taken, those of others are; afterwards they are again", async () => {
    await officer.call("reportOwnPosition", own(310));
    const told = await api.client("fleet").call("reportPositions", { body: { fixes: [fix(1, 700), { ...fix(2, 710), at: Date.now() }] } });
    assert.deepEqual([told.taken, told.refused.map((one) => [one.index, one.field, one.value])], [1, [[0, "unitId", "1"]]]);
    assert.deepEqual(place(), pointAt(310, 0));
    api.advance(31_000);
    assert.equal((await api.client("fleet").call("reportPositions", { body: { fixes: [{ ...fix(1, 700), at: Date.now() + 7 * 60_000 }] } })).taken, 0, "a time to come");
    const { at } = await api.client("fleet").call("listFieldWork");
    assert.equal((await api.client("fleet").call("reportPositions", { body: { fixes: [{ ...fix(1, 700), at }] } })).taken, 1);
    assert.deepEqual(place(), pointAt(700, 0));
  });

  test("nobody moves another unit; a place far outside, an old account and rubbish are refused", async () => {
    await officer.call("reportOwnPosition", own(320, { unitId: 2 }));
    assert.deepEqual(place(), pointAt(320, 0), "a unit that is named beside it does not count");
    assert.notDeepEqual(api.dispatch.positions.find(2)?.point, pointAt(320, 0));
    assert.equal((await officer.try("reportOwnPosition", { body: { lon: 116.4, lat: 39.9, headingDeg: null, speedMps: null, ageMs: 0 } })).problem?.rule, "outside-city");
    assert.equal((await (await api.person("no.unit", ["officer"])).try("reportOwnPosition", own(1))).problem?.rule, "no-unit");
    assert.equal((await api.client("fleet").try("reportOwnPosition", own(1))).problem?.rule, "no-unit");
    for (const wrong of [{ lon: 181 }, { ageMs: -1 }, { ageMs: 3_600_000 }, { speedMps: -1 }, { lat: "x" }]) assert.equal((await officer.try("reportOwnPosition", own(1, wrong))).status, 400, JSON.stringify(wrong));
    assert.deepEqual(place(), pointAt(320, 0));
  });
});

describe("the phone of a crew", () => {
  useOfficer();
  const field = () => officer.call("getField");
  /** Unit 1 is sent to a new incident. */
  const give = async () => {
    const incidentId = await createIncident(api, dispatcher);
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [1] });
    assert.ok(sent.outcome === "accepted");
    const { incident } = await dispatcher.call("getIncident", { params: { id: incidentId } });
    return { incidentId, number: incident.number, assignmentId: sent.units[0]!.assignmentId! };
  };
  const done = async (by: CityClient, command: Parameters<CityClient["send"]>[0]) => assert.equal((await by.send(command)).outcome, "accepted");

  test("a unit that had no job yet is told of none", async () => {
    const { assignment, lastEnded, stateSince, unit } = await field();
    assert.deepEqual([assignment, lastEnded, stateSince], [null, null, unit.since]);
  });

  test("recalled: the number, the dispatcher's words and the time", async () => {
    const { assignmentId, number } = await give();
    assert.equal((await field()).lastEnded, null);
    await done(dispatcher, { type: "assignment.recall", assignmentId, words: "caller rang off" });
    const { assignment, lastEnded } = await field();
    assert.equal(assignment, null);
    assert.deepEqual({ ...lastEnded, at: 0 }, { assignmentId, incidentNumber: number, state: "recalled", words: "caller rang off", at: 0 });
    assert.ok(Math.abs(lastEnded!.at - Date.now()) < 60_000);
  });

  test("cancelled and closed incidents say so", async () => {
    const first = await give();
    await done(dispatcher, { type: "incident.cancel", incidentId: first.incidentId, words: "false alarm" });
    assert.deepEqual(((view) => [view?.incidentNumber, view?.state, view?.words])((await field()).lastEnded), [first.number, "incident-cancelled", "false alarm"]);
    const second = await give();
    for (const to of ["acknowledged", "en-route", "on-scene"] as const) await done(officer, { type: "assignment.advance", assignmentId: second.assignmentId, to });
    await done(dispatcher, { type: "incident.close", incidentId: second.incidentId, disposition: "resolved", words: "sorted out by telephone" });
    assert.deepEqual(((view) => [view?.incidentNumber, view?.state, view?.words])((await field()).lastEnded), [second.number, "incident-closed", "sorted out by telephone"]);
  });

  test("one's own end of a job is no news; that of a colleague at the desk is", async () => {
    const mine = await give();
    for (const to of ["acknowledged", "en-route", "on-scene", "cleared"] as const) await done(officer, { type: "assignment.advance", assignmentId: mine.assignmentId, to });
    const { lastEnded, stateSince } = await field();
    assert.equal(lastEnded, null);
    const { assignments } = await dispatcher.call("getIncident", { params: { id: mine.incidentId } });
    assert.equal(stateSince, assignments[0]!.milestones.at(-1)!.receivedAt, "without a job since the end of the last one");
    const theirs = await give();
    for (const to of ["acknowledged", "en-route", "on-scene", "cleared"] as const) await done(dispatcher, { type: "assignment.advance", assignmentId: theirs.assignmentId, to });
    assert.deepEqual(((view) => [view?.assignmentId, view?.state])((await field()).lastEnded), [theirs.assignmentId, "cleared"]);
  });

  test("the crew has the caller's own words and number, not what the dispatcher searched with", async () => {
    const said = "Se ve mucho humo, no sé si hay alguien";
    const call = { type: "contact.receive", source: "telephone", callerPoint: null, callerUncertaintyM: null } as const;
    const telephony = api.client("telephony");
    const received = await telephony.send({ ...call, externalId: "smoke-1", callerNumber: "099 123 456", callerWords: said });
    assert.ok(received.outcome === "accepted");
    const contactId = received.contactId!;
    await done(dispatcher, { type: "contact.claim", contactId });
    const made = await dispatcher.send({ type: "incident.create", contactId, incidentType: "fire-smoke", what: "", who: "", place: { words: "escuela 47", label: "Escuela 47", kind: "coordinates", district: null, point: pointAt(300, 0), uncertaintyM: 0 } });
    assert.ok(made.outcome === "accepted");
    assert.deepEqual((await field()).callers, []);
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId: made.incidentId!, unitIds: [1] });
    assert.ok(sent.outcome === "accepted");
    const { callers } = await field();
    assert.deepEqual(callers.map(({ contactId: id, source, number, words }) => ({ id, source, number, words })), [{ id: contactId, source: "telephone", number: "099 123 456", words: said }]);
    await done(dispatcher, { type: "assignment.recall", assignmentId: sent.units[0]!.assignmentId!, words: "nearer unit found" });
    assert.deepEqual((await field()).callers, []);
  });

  test("it is told for a quarter of an hour, beside the next job too", async () => {
    const first = await give();
    await done(dispatcher, { type: "assignment.recall", assignmentId: first.assignmentId, words: "nearer unit found" });
    const next = await give();
    assert.deepEqual([(await field()).assignment?.id, (await field()).lastEnded?.assignmentId], [next.assignmentId, first.assignmentId]);
    api.advance(16 * 60_000);
    assert.equal((await field()).lastEnded, null);
    await done(dispatcher, { type: "assignment.recall", assignmentId: next.assignmentId, words: "shift over" });
    assert.equal((await field()).lastEnded?.words, "shift over");
  });
});

describe("the way to a job and the pictures of it", () => {
  let api: TestApi;
  let dispatcher: CityClient;
  let officer: CityClient;
  let incidentId: number;
  let sees: number;
  let elsewhere: number;
  let assignmentId: number;
  before(async () => {
    api = await startTestApi();
    dispatcher = await api.first();
    officer = await api.person("an.officer", ["officer"], 1);
    sees = (await dispatcher.call("createCamera", { body: cameraBody({ code: "F1", pose: { ...(cameraBody()["pose"] as object), point: pointAt(270, 0) } }) })).id;
    elsewhere = (await dispatcher.call("createCamera", { body: cameraBody({ code: "F2", pose: { ...(cameraBody()["pose"] as object), point: pointAt(0, 700) } }) })).id;
    incidentId = await createIncident(api, dispatcher);
  });
  after(() => api.close());

  const look = (more: object = {}) => officer.try("openViews", { body: { cameraIds: [sees], mode: "live", reason: { purpose: "incident", incidentId }, ...more } });

  test("[VIEW11] without a job there is no way, no camera and no picture", async () => {
    assert.equal(await officer.call("getFieldWay"), null);
    assert.deepEqual(await officer.call("listFieldCameras"), { assignmentId: null, cameras: [] });
    assert.deepEqual((await look()).problem?.rule, "not-own-job");
  });

  test("the way goes by road from where the unit is, and from its post where nobody knows; who else goes is named", async () => {
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [1, 2] });
    assert.ok(sent.outcome === "accepted");
    assignmentId = sent.units.find((unit) => unit.unitId === 1)!.assignmentId!;
    const fromPost = await officer.call("getFieldWay");
    assert.deepEqual([fromPost!.assignmentId, fromPost!.start, fromPost!.from, Math.round(fromPost!.road!.metres)], [assignmentId, "post", pointAt(100, 0), 200]);
    await officer.call("reportOwnPosition", { body: { ...pointAt(0, 400), headingDeg: null, speedMps: null, ageMs: 0 } });
    const way = await officer.call("getFieldWay");
    assert.deepEqual([way!.start, Math.round(way!.road!.metres)], ["position", 700], "round the corner, not as the crow flies");
    assert.ok(way!.road!.path.length >= 3 && way!.road!.seconds > 0);
    const { others } = await officer.call("getField");
    assert.deepEqual(others.map(({ callSign, kind, point }) => [callSign, kind, point]), [["M2", "patrol", null]]);
    await api.client("fleet").call("reportPositions", { body: { fixes: [{ ...pointAt(650, 0), unitId: 2, headingDeg: null, speedMps: 5, at: Date.now() }] } });
    assert.deepEqual((await officer.call("getField")).others[0]!.point, pointAt(650, 0));
  });

  test("[VIEW11] a crew sees the place of its own job, live, with a record as everybody's; nothing else", async () => {
    assert.deepEqual((await officer.call("listFieldCameras")).cameras.map(({ code }) => code), ["F1"]);
    const { answer } = await look();
    const { viewId, token } = answer!.views[0]!;
    const verifier = new ViewVerifier({ monotonicMs: () => performance.now() });
    verifier.setPublicKey(api.publicKeyPem);
    const readsTimeline = async (of: string): Promise<boolean> => {
      const verified = await verifier.verify(of, sees, ["live"], Date.now());
      return verified.ok && verified.value.claims.timeline;
    };
    assert.equal(await readsTimeline(token), false, "what moved there in the past month is not theirs to read");
    assert.equal(await readsTimeline((await dispatcher.call("openViews", { body: { cameraIds: [sees], mode: "live", reason: { purpose: "incident", incidentId } } })).views[0]!.token), true);
    const [record] = await api.database`select account_name, incident_id, camera_code, mode from access_record where id = ${viewId}`;
    assert.deepEqual({ ...record }, { account_name: "an.officer", incident_id: incidentId, camera_code: "F1", mode: "live" });
    const now = Date.now();
    const other = await createIncident(api, dispatcher);
    for (const more of [{ cameraIds: [elsewhere] }, { cameraIds: [sees, elsewhere] }, { mode: "playback", from: now - 60_000, to: now }, { reason: { purpose: "incident", incidentId: other } }, { reason: { purpose: "patrol", words: "a look round" } }])
      assert.equal((await look(more)).problem?.rule, "not-own-job", JSON.stringify(more));
    const renewed = await officer.try("renewView", { params: { id: viewId } });
    assert.deepEqual([renewed.status, await readsTimeline(renewed.answer!.token)], [200, false]);
    assert.equal((await (await api.person("no.unit", ["officer"])).try("openViews", { body: { cameraIds: [sees], mode: "live", reason: { purpose: "incident", incidentId } } })).problem?.rule, "not-own-job");
    const link = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    link.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7399", revision: 0 });
    await link.next("welcome");
    const both = await api.person("both.roles", ["officer", "video-operator"], 1);
    const theirs = (await both.call("openViews", { body: { cameraIds: [sees], mode: "live", reason: { purpose: "incident", incidentId } } })).views[0]!.viewId;
    await dispatcher.send({ type: "assignment.recall", assignmentId, words: "nearer unit found" });
    assert.equal((await link.next("end-view")).viewId, viewId, "the job is gone, and the pictures with it");
    link.send({ type: "view-ended", viewId, at: Date.now() });
    await link.next("view-end-kept");
    assert.equal((await officer.try("renewView", { params: { id: viewId } })).problem?.rule, "not-own-job");
    assert.equal((await both.try("renewView", { params: { id: theirs } })).status, 200, "an operator of cameras needs no job");
    assert.equal(await officer.call("getFieldWay"), null);

    const again = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [1] });
    assert.ok(again.outcome === "accepted");
    const second = (await look()).answer!.views[0]!.viewId;
    const { id } = (await officer.call("getSession")).account;
    await dispatcher.call("changeAccount", { params: { id }, body: { unitId: 2 } });
    assert.equal((await link.next("end-view")).viewId, second, "the unit of before is not the own one any more");
    await dispatcher.call("changeAccount", { params: { id }, body: { unitId: 1 } });
    link.close();
  });

  test("[TIE1] [VIEW11] a merge ends nobody's look: the crew's and the dispatcher's go on for what is one incident now, long after the grace", async () => {
    const link = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    link.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7399", revision: 0 });
    await link.next("welcome");
    const merged = await createIncident(api, dispatcher);
    await dispatcher.send({ type: "assignment.recall", assignmentId: api.dispatch.findUnit(1)!.activeAssignmentId!, words: "to the other" });
    await link.next("end-view"); // of the look before
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId: merged, unitIds: [1] });
    assert.ok(sent.outcome === "accepted");
    const reason = { reason: { purpose: "incident", incidentId: merged } };
    const theirs = (await look(reason)).answer!.views[0]!.viewId;
    const ours = (await dispatcher.call("openViews", { body: { cameraIds: [sees], mode: "live", ...reason } })).views[0]!.viewId;
    assert.equal((await dispatcher.send({ type: "incident.merge", incidentId: merged, intoId: incidentId, words: "the same" })).outcome, "accepted");
    for (let minute = 0; minute < 20; minute += 4) {
      for (const [person, id] of [[officer, theirs], [dispatcher, ours]] as const) assert.equal((await person.try("renewView", { params: { id } })).status, 200, `${minute} min`);
      api.advance(4 * 60_000);
    }
    assert.equal((await look(reason)).problem?.rule, "incident-ended", "a look that begins names the incident as it is now");
    await dispatcher.send({ type: "assignment.recall", assignmentId: sent.units[0]!.assignmentId!, words: "done" });
    assert.equal((await link.next("end-view")).viewId, theirs);
    assert.equal((await officer.try("renewView", { params: { id: theirs } })).problem?.rule, "not-own-job");
    link.close();
    assert.ok((await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [1] })).outcome === "accepted");
  });

  test("[VIEW11] once the place was corrected, a camera that does not see it is not renewed", async () => {
    const { viewId } = (await look()).answer!.views[0]!;
    assert.equal((await officer.try("renewView", { params: { id: viewId } })).status, 200);
    const place = { words: "Soca", label: "Soca", kind: "street", district: null, point: pointAt(30, 700), uncertaintyM: 0 } as const;
    assert.equal((await dispatcher.send({ type: "incident.update", incidentId, place })).outcome, "accepted");
    assert.equal((await officer.try("renewView", { params: { id: viewId } })).problem?.rule, "not-own-job");
    assert.equal((await look({ cameraIds: [elsewhere] })).status, 200);
  });
});

describe("an officer's own emergency", () => {
  useOfficer();
  test("the phone is told who comes, and nothing of it before", async () => {
    assert.equal((await officer.call("getField")).help, null);
    const raised = await officer.send({ type: "unit.emergency", unitId: 1, point: null, deviceAt: null });
    assert.ok(raised.outcome === "accepted" && raised.incidentId !== null);
    assert.deepEqual((await officer.call("getField")).help, [], "nobody is sent yet");
    await dispatcher.send({ type: "assignment.assign", incidentId: raised.incidentId, unitIds: [2], stack: false });
    const { help, unit } = await officer.call("getField");
    assert.deepEqual(help?.map(({ callSign, state }) => [callSign, state]), [["M2", "assigned"]]);
    assert.equal(unit.emergency, true);
    await dispatcher.send({ type: "unit.emergency-clear", unitId: 1, words: "spoken to, safe" });
    assert.equal((await officer.call("getField")).help, null);
  });
});
