// What becomes of typed words when the centre is away, refuses a field, or somebody else had the call meanwhile. Rule [CON10] in src/dispatch/SPEC.md.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { ChangedDraft, DraftChange } from "../../../src/contract/dispatch.ts";
import type { Accepted, Act } from "./act.ts";

const storage = new Map<string, string>();
const sent: DraftChange[] = [];
let answer: (change: DraftChange) => Response;
Object.assign(globalThis, {
  sessionStorage: { getItem: (key: string) => storage.get(key) ?? null, setItem: (key: string, value: string) => void storage.set(key, value) },
  fetch: async (_: string, { body }: { body: string }) => {
    const change = JSON.parse(body) as DraftChange;
    sent.push(change);
    return answer(change);
  },
});
const { changeDraft, closeIntake, findUnsaved, getHeld, openIntake, settleAside, takeKeptDraft } = await import("./store.ts");
const { getWriterId, giveBack, keepDraftNow, sendDraft } = await import("./draft-sending.ts");
const { useSession } = await import("../shell/session.ts");

const CALL = 7;
const away = (): never => { throw new TypeError("failed to fetch"); };
const takes = ({ fields, writer, number }: DraftChange): Response => {
  const stamps = Object.fromEntries(Object.keys(fields).map((field) => [field, { version: number, writer, number }]));
  return Response.json({ draft: fields, stamps, changedAt: 1, changedBy: null, notTaken: [] } satisfies ChangedDraft);
};
const ACCEPTED: Accepted = { outcome: "accepted", sequence: 1, repeated: false, contactId: CALL, incidentId: null, units: [] };
const kept = (what: string, version: number, writer: string) => ({ draft: { what }, stamps: { what: { version, writer, number: 1 } }, changedAt: 1, changedBy: null });
const logIn = (id: number | null): void =>
  useSession.setState({ now: id === null ? { state: "asking" } : { state: "logged-in", session: { account: { id } } as never } });

describe("[CON10] what is typed for a call", () => {
  beforeEach(() => {
    logIn(1);
    closeIntake(CALL);
    sent.length = 0;
    answer = takes;
    openIntake(CALL);
  });
  it("is on the server before the call is given back; while it is not, the call stays in hand with its words", async () => {
    const done: string[] = [];
    const act: Act = async (command) => {
      done.push(command.type);
      return ACCEPTED;
    };
    changeDraft(CALL, { what: "the man has a knife, back door" });
    answer = away;
    assert.equal(await giveBack(CALL, act), "not-kept");
    assert.deepEqual([done, findUnsaved(CALL)], [[], { what: "the man has a knife, back door" }]);
    assert.match(storage.get("citywatch.operate.drafts.1")!, /a knife, back door/);
    answer = takes;
    assert.equal(await giveBack(CALL, act), "done");
    assert.deepEqual([done, sent.at(-1)!.fields], [["contact.release"], { what: "the man has a knife, back door" }]);
    assert.equal(getHeld(CALL).draft.what, "");
  });
  it("while the call was being given back stays in the tab", async () => {
    changeDraft(CALL, { what: "smoke" });
    const act: Act = async () => {
      changeDraft(CALL, { what: "smoke, and a shot" });
      return ACCEPTED;
    };
    assert.equal(await giveBack(CALL, act), "typed-on");
    assert.deepEqual(findUnsaved(CALL), { what: "smoke, and a shot" });
  });
  it("is sent with the version that it was typed over, and a number that rises", async () => {
    takeKeptDraft(CALL, kept("smoke", 4, "another-page"), getWriterId());
    changeDraft(CALL, { what: "smoke, third floor" });
    await sendDraft(CALL);
    changeDraft(CALL, { what: "smoke, third floor, left" });
    await sendDraft(CALL);
    assert.deepEqual(sent[0]!.bases, { what: 4 });
    assert.ok(sent[1]!.number > sent[0]!.number);
    assert.equal(findUnsaved(CALL), null);
  });
  it("gives way to what somebody else typed later, and stands beside it until it is used or dropped", async () => {
    changeDraft(CALL, { what: "A: smoke" });
    answer = () => Response.json({ ...kept("B: two people trapped", 2, "another-page"), notTaken: ["what"] });
    await sendDraft(CALL);
    assert.deepEqual([getHeld(CALL).draft.what, getHeld(CALL).setAside, findUnsaved(CALL)], ["B: two people trapped", { what: "A: smoke" }, null]);
    settleAside(CALL, { what: "B: two people trapped\nA: smoke" });
    answer = takes;
    assert.equal(await keepDraftNow(CALL), true);
    assert.deepEqual([sent.at(-1)!.bases, getHeld(CALL).setAside], [{ what: 2 }, {}]);
  });
  it("is kept though another field is refused; the refused one is sent again once it was changed", async () => {
    changeDraft(CALL, { where: "x".repeat(201), what: "smoke", who: "a neighbour" });
    answer = (change) => ((change.fields.where?.length ?? 0) <= 200 ? takes(change) : Response.json({ rule: "bad-request", message: "", faults: [{ field: "fields.where", value: "x", expected: "", code: "too-long", params: {} }] }, { status: 400 }));
    assert.equal(await keepDraftNow(CALL), false);
    assert.deepEqual(sent.map(({ fields }) => Object.keys(fields)), [["where", "what", "who"], ["what", "who"]]);
    assert.deepEqual(Object.keys(findUnsaved(CALL)!), ["where"]);
    await sendDraft(CALL);
    assert.equal(sent.length, 2, "not sent again and again");
    changeDraft(CALL, { where: "rivera" });
    assert.equal(await keepDraftNow(CALL), true);
  });
  it("is its account's alone: the next person at this tab neither sees nor sends it, and it is there again for its own", async () => {
    changeDraft(CALL, { what: "A's words" });
    logIn(null);
    assert.equal(getHeld(CALL).draft.what, "");
    logIn(2);
    openIntake(CALL);
    assert.deepEqual([getHeld(CALL).draft.what, findUnsaved(CALL)], ["", null]);
    logIn(1);
    assert.deepEqual(findUnsaved(CALL), { what: "A's words" });
  });
});
