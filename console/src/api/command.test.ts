// Commands that have no outcome yet, over a reload of the page: the tab's storage is what is left of it. Rule [CMD1] in src/dispatch/SPEC.md.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { useLive } from "./live-link.ts";
import { ApiProblem } from "./problem.ts";
import { CommandSetAside, RESUME_WITHIN_MS, resumeCommands, sendCommand, setCommandAccount, usePendingCommands, type PendingCommand } from "./command.ts";

const KEY = "citywatch.commands";
const ID = "3b241101-e2bb-4255-8caf-4136c566a962";
const store = new Map<string, string>();
const sent: { commandId: string; command: { type: string } }[] = [];
const asked: string[] = [];
let answer: () => Promise<Response>;
const ACCEPTED = { outcome: "accepted", sequence: 1, repeated: true, contactId: null, incidentId: 5, units: [] };
const accepted = async (): Promise<Response> => Response.json(ACCEPTED);
Object.assign(globalThis, {
  sessionStorage: { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => void store.set(key, value) },
  fetch: (url: string, { method, body }: { method: string; body?: string }) => {
    if (method === "GET") asked.push(url);
    else sent.push(JSON.parse(body!) as (typeof sent)[number]);
    return answer();
  },
});
const kept = (): PendingCommand[] => JSON.parse(store.get(KEY) ?? "[]") as PendingCommand[];
const left = (since: number, accountId = 7): PendingCommand => ({ accountId, commandId: ID, command: { type: "incident.note", incidentId: 5, words: "seen" }, expectedSequence: null, since, tries: 3 });

describe("[CMD1] a command without an outcome", () => {
  beforeEach(() => {
    store.clear();
    sent.length = 0;
    asked.length = 0;
    answer = accepted;
    setCommandAccount(null);
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
    const now = Date.now();
    store.set(KEY, JSON.stringify([left(now - 1_000)]));
    const { sent: resumed, asked: old } = resumeCommands(now);
    assert.deepEqual(resumeCommands(now).sent, [], "it is under way already");
    assert.deepEqual([await resumed[0]!.outcome, old], [ACCEPTED, []]);
    assert.deepEqual(sent.map((body) => body.commandId), [ID]);
    assert.deepEqual(kept(), []);
  });
  it("[CMD2] that was given long ago is not sent: the centre is asked what became of it, since only its answer may be lost", async () => {
    for (const outcome of [ACCEPTED, null]) {
      store.set(KEY, JSON.stringify([left(1_000)]));
      answer = async () => Response.json({ outcome });
      const { sent: resumed, asked: old } = resumeCommands(1_001 + RESUME_WITHIN_MS);
      assert.deepEqual([resumed, old.map((one) => one.command.type)], [[], ["incident.note"]]);
      assert.equal(kept().length, 1, "kept until that is known");
      assert.deepEqual([await old[0]!.outcome, sent, kept()], [outcome, [], []]);
    }
    assert.deepEqual(asked, Array.from({ length: 2 }, () => `/api/v1/commands/${ID}`));
  });
  it("of somebody else who used this tab is left alone", () => {
    store.set(KEY, JSON.stringify([left(1_000, 8)]));
    assert.deepEqual(resumeCommands(2_000), { sent: [], asked: [] });
    assert.equal(kept().length, 1);
  });
  it("[CMD1] goes after what was given before it of the same incident, also over an outage; what is of another one waits for none", async () => {
    let away = true;
    answer = () => (away ? Promise.reject(new TypeError("failed to fetch")) : accepted());
    useLive.setState({ link: "broken" });
    const note = (incidentId: number, words: string) => sendCommand({ type: "incident.note", incidentId, words });
    const all = [note(5, "first"), note(5, "second"), note(6, "elsewhere"), note(5, "third")];
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
    const words = () => sent.map(({ command }) => (command as unknown as { words: string }).words);
    assert.deepEqual([words(), kept().length, usePendingCommands.getState().pending.length], [["first", "elsewhere"], 4, 4], "all are kept, and shown as waiting");
    away = false;
    sent.length = 0;
    useLive.setState({ link: "open" });
    await Promise.all(all);
    assert.deepEqual(words().filter((one) => one !== "elsewhere"), ["first", "second", "third"]);
    assert.deepEqual([kept(), words().length], [[], 4]);
  });
  it("goes out under the session of whoever gave it only, and waits for them", async () => {
    let fail = (): void => {};
    answer = () => new Promise((_, reject) => (fail = () => reject(new TypeError("failed to fetch"))));
    const first = sendCommand({ type: "incident.note", incidentId: 5, words: "by 7" });
    await Promise.resolve();
    setCommandAccount(null);
    setCommandAccount(8);
    fail();
    await assert.rejects(first, CommandSetAside);
    assert.deepEqual([sent.length, kept().map((p) => p.accountId), usePendingCommands.getState().pending, resumeCommands(Date.now()).sent], [1, [7], [], []]);
    setCommandAccount(7);
    answer = accepted;
    const { sent: resumed } = resumeCommands(Date.now());
    assert.deepEqual(await resumed[0]!.outcome, ACCEPTED);
    assert.equal(sent[1]!.commandId, sent[0]!.commandId);
  });
  it("whose answer comes when its sender has gone is told to the sender, not to the next", async () => {
    let come = (): void => {};
    answer = () => new Promise((resolve) => (come = () => resolve(Response.json(ACCEPTED))));
    const first = sendCommand({ type: "incident.note", incidentId: 5, words: "by 7" });
    await Promise.resolve();
    setCommandAccount(8);
    come();
    await assert.rejects(first, CommandSetAside);
    assert.equal(kept().length, 1);
  });
  it("is kept where the session is over", async () => {
    answer = async () => Response.json({ rule: "not-logged-in", message: "" }, { status: 401 });
    await assert.rejects(sendCommand({ type: "incident.note", incidentId: 5, words: "seen" }), CommandSetAside);
    assert.deepEqual([kept().length, usePendingCommands.getState().pending], [1, []]);
  });
  it("is sent again at once when the live link is back", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] }); // no retry by time
    answer = () => Promise.reject(new TypeError("failed to fetch"));
    const first = sendCommand({ type: "incident.note", incidentId: 5, words: "seen" });
    useLive.setState({ link: "broken" });
    for (let i = 0; i < 20; i++) await Promise.resolve();
    assert.equal(sent.length, 1);
    answer = accepted;
    useLive.setState({ link: "open" });
    assert.deepEqual(await first, ACCEPTED);
    assert.equal(new Set(sent.map((body) => body.commandId)).size, 1);
  });
  it("[CMD2] that could not be sent for five minutes is not sent any more: what became of it is asked, and told", async (t) => {
    for (const outcome of [ACCEPTED, null]) {
      t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000 });
      sent.length = 0;
      answer = () => Promise.reject(new TypeError("failed to fetch"));
      const first = sendCommand({ type: "assignment.assign", incidentId: 5, unitIds: [3] });
      for (let i = 0; i < 20; i++) await Promise.resolve();
      answer = async () => Response.json({ outcome });
      t.mock.timers.setTime(1_001 + RESUME_WITHIN_MS);
      t.mock.timers.tick(10_000);
      if (outcome === null) await assert.rejects(first, (error) => error instanceof ApiProblem && error.rule === "given-too-long-ago");
      else assert.deepEqual(await first, ACCEPTED);
      assert.deepEqual([sent.length, kept()], [1, []]);
      t.mock.timers.reset();
    }
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
