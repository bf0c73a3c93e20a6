// A replay against a centre over real HTTP: everything comes in once, however often it is sent or broken off.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { REPLAYED_SKILL } from "../../contract/basics.ts";
import { startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { deriveReplayToken } from "../../io/crypto/tokens.ts";
import { createReplayCentre } from "./centre.ts";
import { WINDOW, commandIdOf, replayLog, type ReplayCentre, type ReplayOptions, type Tally } from "./player.ts";
import type { ReplayCall, ReplayRow } from "./replay-call.ts";

const AT = Date.UTC(2015, 11, 10, 17, 40);
const callOf = (id: string, more: Partial<ReplayCall> = {}): ReplayCall => ({
  id, line: 1, at: AT, words: "help", said: "EMS: FEVER", category: "EMS", type: "medical", isKnownType: true, place: { words: "Main St", district: null, point: { lon: -75.2, lat: 40.1 }, uncertaintyM: 100 }, units: [], doubts: [], ...more,
});
async function* rowsOf(calls: Iterable<ReplayCall>): AsyncGenerator<ReplayRow> {
  for (const call of calls) yield { kind: "call", call };
}
const play = (centre: ReplayCentre, calls: Iterable<ReplayCall>, more: Partial<ReplayOptions> = {}): Promise<Tally> =>
  replayLog(rowsOf(calls), {
    centre, clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() }, speed: "max", answeredBy: "replay", name: "test", middle: { lon: 0, lat: 0 }, middleUncertaintyM: 9_000,
    pause: async (ms) => void (await sleep(ms)), signal: new AbortController().signal, ...more,
  });

describe("a replay", () => {
  let api: TestApi;
  let centre: Awaited<ReturnType<typeof createReplayCentre>>;
  const signal = new AbortController().signal;
  before(async () => {
    api = await startTestApi();
    centre = await createReplayCentre({ origin: api.origin, token: deriveReplayToken(api.sealKey), signal, skill: REPLAYED_SKILL });
  });
  after(() => api.close());

  test("[RPL2] [RPL3] each call becomes one incident with its place and words as said, and ends; sent again nothing changes", async () => {
    const calls = Array.from({ length: 150 }, (_, i) => callOf(`a${i}`, i % 3 === 0 ? { type: "other", said: "Fire: PUMP DETAIL", category: "Fire", isKnownType: false } : {}));
    const first = await play(centre, calls);
    assert.deepEqual([first.received, first.known, first.outcomes.get("handed-over"), first.refusals.size], [150, 0, 150, 0]);
    assert.deepEqual([...first.categories], [["Fire", 50], ["EMS", 100]]);
    assert.deepEqual([...first.unknownTypes], [["Fire: PUMP DETAIL", 50]]);
    const sequence = api.dispatch.sequence();
    const again = await play(centre, calls);
    assert.deepEqual([again.received, again.known, api.dispatch.sequence() - sequence], [0, 150, 0]);
    const incidents = api.dispatch.listIncidents(null, 1_000);
    assert.equal(incidents.length, 150);
    assert.ok(incidents.every((incident) => incident.status === "closed" && incident.place.words === "Main St" && incident.place.point.lat === 40.1));
    assert.equal(api.dispatch.state().contacts.length, 0, "no contact is left without a disposition");
    // Many are on their way at once: which came last is not said.
    for (const [isOther, words] of [[false, "EMS: FEVER; help"], [true, "Fire: PUMP DETAIL; help"]] as const) {
      const file = await api.dispatch.incident(incidents.find(({ type }) => (type === "other") === isOther)!.id);
      assert.equal(file!.contacts[0]!.callerWords, words);
    }
  });

  test("[RPL5] the log's units go through their steps with the log's own times; who never came is called back; two jobs at once come one after the other", async () => {
    const times = { sent: AT, "en-route": AT + 60_000, "on-scene": AT + 300_000, cleared: AT + 900_000 };
    const units = [{ callSign: "WAVE12", kind: "ambulance" as const, times }, { callSign: "E7", kind: "fire-engine" as const, times: { sent: AT, cleared: AT + 5_000 } }];
    const tally = await play(centre, [callOf("u1", { units }), callOf("u2", { units }), callOf("u3", { units })]);
    assert.deepEqual([[...tally.refusals], tally.outcomes.get("resolved")], [[], 3]);
    const [incident] = api.dispatch.listIncidents(null, 1);
    const [wave, engine] = incident!.assignmentIds.map((id) => api.dispatch.findAssignment(id)!).sort((a) => (api.dispatch.findUnit(a.unitId)!.callSign === "WAVE12" ? -1 : 1));
    assert.deepEqual(wave!.milestones.slice(1).map(({ state, deviceAt }) => [state, deviceAt]), Object.entries(times));
    assert.deepEqual([wave!.state, engine!.state], ["cleared", "recalled"]);
    assert.deepEqual(api.dispatch.findUnit(wave!.unitId)!.skills, [REPLAYED_SKILL]);
  });

  test("[RPL2] broken off, it goes on: nothing is lost and nothing is there twice", async () => {
    const calls = Array.from({ length: 300 }, (_, i) => callOf(`b${i}`));
    const aborter = new AbortController();
    const broken = await createReplayCentre({ origin: api.origin, token: deriveReplayToken(api.sealKey), signal: aborter.signal, skill: REPLAYED_SKILL });
    const before = api.dispatch.listIncidents(null, 10_000).length;
    await play(broken, calls, { signal: aborter.signal, onCall: ({ received }) => void (received > 100 && aborter.abort()) });
    await play(centre, calls);
    const incidents = api.dispatch.listIncidents(null, 10_000);
    assert.equal(incidents.length - before, 300);
    assert.equal(api.dispatch.state().incidents.length, 0);
  });

  test("[RPL2] [RPL6] whole windows that an earlier run ended are passed over by one question each", async () => {
    const calls = Array.from({ length: 3 * WINDOW + 10 }, (_, i) => callOf(`c${i}`));
    const asked: string[] = [];
    let sent = 0;
    const tally = await play({
      send: async (command) => { sent += command.type === "contact.receive" ? 1 : 0; return { outcome: "accepted", sequence: 1, repeated: true, contactId: 1, incidentId: 1, units: [] }; },
      hasOutcome: async (id) => { asked.push(id); return id !== commandIdOf("test", `c${3 * WINDOW}`, "receive"); }, registerUnits: async () => new Map(),
    }, calls);
    assert.equal(asked.length, 3);
    assert.deepEqual([tally.skipped, sent], [WINDOW, 2 * WINDOW + 10], "from a window before the last that is known to have come in");
  });

  test("calls come by the log's clock, so much faster; with people at the consoles they ring", async () => {
    const waits: number[] = [];
    let now = 0;
    const tally = await play(centre, [callOf("d1"), callOf("d2", { at: AT + 600_000 })], {
      speed: 60, answeredBy: "people", clock: { wallMs: () => now, monotonicMs: () => now }, pause: async (ms) => { waits.push(ms); now += ms; },
    });
    assert.deepEqual([waits, tally.outcomes.get("rings")], [[10_000], 2]);
    assert.equal(api.dispatch.state().contacts.filter((contact) => contact.state === "ringing").length, 2);
  });

  test("[RPL1] a centre that is real hears nothing of it: its address is refused before anything is sent, and its token is no token there", async () => {
    const real = await startTestApi({ demo: false });
    try {
      await assert.rejects(createReplayCentre({ origin: real.origin, token: deriveReplayToken(real.sealKey), signal, skill: "x" }), /a real one/);
      assert.equal((await real.client("replay").try("getReplayTarget")).status, 401);
    } finally {
      await real.close();
    }
  });
});
