// Commands that have no outcome yet, over a reload of the page: the tab's storage is what is left of it. Rule [CMD1] in src/dispatch/SPEC.md.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { RESUME_WITHIN_MS, resumeCommands, sendCommand, setCommandAccount, type PendingCommand } from "./command.ts";

const KEY = "citywatch.commands";
const ID = "3b241101-e2bb-4255-8caf-4136c566a962";
const store = new Map<string, string>();
const sent: { commandId: string; command: { type: string } }[] = [];
let answer: () => Promise<Response>;
const ACCEPTED = { outcome: "accepted", sequence: 1, repeated: true, contactId: null, incidentId: 5, units: [] };
const accepted = async (): Promise<Response> => Response.json(ACCEPTED);
Object.assign(globalThis, {
  sessionStorage: { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => void store.set(key, value) },
  fetch: (_: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body) as (typeof sent)[number]);
    return answer();
  },
});
const kept = (): PendingCommand[] => JSON.parse(store.get(KEY) ?? "[]") as PendingCommand[];
const left = (since: number, accountId = 7): PendingCommand => ({ accountId, commandId: ID, command: { type: "incident.note", incidentId: 5, words: "seen" }, expectedSequence: null, since, tries: 3 });

describe("[CMD1] a command without an outcome", () => {
  beforeEach(() => {
    store.clear();
    sent.length = 0;
    answer = accepted;
    setCommandAccount(7);
  });
  it("is in the tab's storage until it has one", async () => {
    let heard: PendingCommand[] = [];
    answer = () => {
      heard = kept();
      return accepted();
    };
    await sendCommand({ type: "incident.note", incidentId: 5, words: "seen" });
    assert.deepEqual(heard.map((p) => [p.accountId, p.command.type, p.commandId]), [[7, "incident.note", sent[0]!.commandId]]);
    assert.deepEqual(kept(), []);
  });
  it("is sent again after a reload under the id that it had, once", async () => {
    store.set(KEY, JSON.stringify([left(1_000)]));
    const { sent: resumed, tooOld } = resumeCommands(2_000);
    assert.deepEqual(resumeCommands(2_000).sent, [], "it is under way already");
    assert.deepEqual([await resumed[0]!.outcome, tooOld], [ACCEPTED, []]);
    assert.deepEqual(sent.map((body) => body.commandId), [ID]);
    assert.deepEqual(kept(), []);
  });
  it("that was given long ago is told and not sent", () => {
    store.set(KEY, JSON.stringify([left(1_000)]));
    const { sent: resumed, tooOld } = resumeCommands(1_001 + RESUME_WITHIN_MS);
    assert.deepEqual([resumed, tooOld.map((one) => one.command.type), sent, kept()], [[], ["incident.note"], [], []]);
  });
  it("of somebody else who used this tab is left alone", () => {
    store.set(KEY, JSON.stringify([left(1_000, 8)]));
    assert.deepEqual(resumeCommands(2_000), { sent: [], tooOld: [] });
    assert.equal(kept().length, 1);
  });
  it("that renews a call is not kept: it is given again by itself", async () => {
    let heard: PendingCommand[] = [];
    answer = () => {
      heard = kept();
      return accepted();
    };
    await sendCommand({ type: "contact.renew", contactId: 1 });
    assert.deepEqual(heard, []);
  });
});
