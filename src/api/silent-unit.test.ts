// A unit that does not answer, over real HTTP and a database: the incident is short again, and the word of the crew or of somebody who knows ends that.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { listWaitRows } from "../dispatch/policy.ts";
import { createIncident, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";
import { waitUntil } from "../../tests/support/wait.ts";

describe("a unit that does not answer", () => {
  let api: TestApi;
  let dispatcher: CityClient;
  let officer: CityClient;
  before(async () => {
    api = await startTestApi();
    dispatcher = await api.person("dora", ["dispatcher"]);
    officer = await api.person("olaf", ["officer"], 1);
  });
  after(() => api.close());

  test("[ASG16] [ASG17] goes up, counts no more, and counts again when it says that it knows; on scene its phone is asked, and its word begins the wait anew", async () => {
    const incidentId = await createIncident(api, dispatcher);
    await dispatcher.send({ type: "incident.update", incidentId, priority: 1 });
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [1] });
    assert.ok(sent.outcome === "accepted");
    const assignmentId = sent.units[0]!.assignmentId!;
    const job = () => api.dispatch.findAssignment(assignmentId)!;
    /** The clock goes on until it is so: the centre looks each second, and a write under way when the clock is moved gives the unit its time anew. */
    const passUntil = (isTrue: () => boolean): Promise<void> => waitUntil(() => isTrue() || (api.advance(1_000), false));
    const shortfall = async () => (await dispatcher.call("getIncident", { params: { id: incidentId } })).incident.shortfall;
    assert.equal(await shortfall(), null);
    api.advance(61_000);
    await passUntil(() => job().unanswered?.goneUp === true);
    assert.equal((await shortfall())?.missing, 1);
    const knows = await officer.send({ type: "assignment.confirm", assignmentId });
    assert.deepEqual([knows.outcome, job().state, await shortfall()], ["accepted", "acknowledged", null]);

    await officer.send({ type: "assignment.advance", assignmentId, to: "on-scene" });
    api.advance(10 * 60_000);
    await passUntil(() => job().unanswered !== null);
    assert.equal((await officer.call("getField")).assignment?.unanswered?.stage, "welfare");
    await officer.send({ type: "assignment.confirm", assignmentId });
    assert.deepEqual([(await officer.call("getField")).assignment?.unanswered, job().confirmed?.ownAt === job().confirmed?.at], [null, true]);
    const lines = (await dispatcher.call("getIncident", { params: { id: incidentId } })).timeline.map(({ event }) => event);
    for (const event of ["assignment.not-acknowledged", "assignment.unanswered", "assignment.confirmed"]) assert.ok(lines.includes(event), event);
  });

  test("[ASG15] how long it may take is a table that dispatchers and administrators read", async () => {
    const administrator = await api.person("ada", ["administrator"]);
    const { rows } = await administrator.call("getWaits");
    assert.deepEqual(rows, listWaitRows(api.dispatch.policy));
    assert.deepEqual(await dispatcher.call("getWaits"), await administrator.call("getWaits"));
  });
});
