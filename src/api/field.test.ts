// What the phone of a crew is told by `GET /field`: its job, and how its last job ended where that was not its own doing. Real HTTP, real PostgreSQL.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createIncident, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

describe("the phone of a crew", () => {
  let api: TestApi;
  let dispatcher: CityClient;
  let officer: CityClient;
  before(async () => {
    api = await startTestApi();
    dispatcher = await api.first();
    officer = await api.person("an.officer", ["officer"], 1);
  });
  after(() => api.close());

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
    assert.deepEqual([(await field()).assignment, (await field()).lastEnded], [null, null]);
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
    assert.equal((await field()).lastEnded, null);
    const theirs = await give();
    for (const to of ["acknowledged", "en-route", "on-scene", "cleared"] as const) await done(dispatcher, { type: "assignment.advance", assignmentId: theirs.assignmentId, to });
    assert.deepEqual(((view) => [view?.assignmentId, view?.state])((await field()).lastEnded), [theirs.assignmentId, "cleared"]);
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
