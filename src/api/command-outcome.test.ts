// What became of a command whose answer was lost, asked by its sender. Rule [CMD2] in src/dispatch/SPEC.md.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { ring, startTestApi, type TestApi } from "../../tests/support/api.ts";

describe("the outcome of a command", () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
    await api.first();
  });
  after(() => api.close());

  test("[CMD2] is told to its sender, whatever it was, and to nobody else; null where the centre never had it", async () => {
    const [ana, ben] = [await api.person("ana.1", ["call-taker"]), await api.person("ben.1", ["call-taker"])];
    const contactId = await ring(api);
    const [claim, again] = [randomUUID(), randomUUID()];
    const told = await ana.call("sendCommand", { body: { commandId: claim, command: { type: "contact.claim", contactId } } });
    const refused = await ana.call("sendCommand", { body: { commandId: again, command: { type: "contact.end", contactId: 4_711, disposition: "prank" } } });
    const ask = async (by: typeof ana, id: string) => (await by.call("findCommandOutcome", { params: { id } })).outcome;
    assert.deepEqual([told.outcome, refused.outcome], ["accepted", "refused"]);
    assert.deepEqual([await ask(ana, claim), await ask(ana, claim.toUpperCase()), await ask(ana, again)], [told, told, refused]);
    assert.deepEqual([await ask(ben, claim), await ask(ana, randomUUID())], [null, null]);
    assert.equal((await ana.try("findCommandOutcome", { params: { id: "7" } })).status, 400);
  });
});
