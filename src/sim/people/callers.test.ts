import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../../base/random.ts";
import type { StorySite } from "../demo-city/types.ts";
import { pickCallKind, writeCall } from "./call-scripts.ts";
import { startCallers } from "./callers.ts";
import type { TelephoneSwitch } from "./telephone-switch.ts";

type State = "ringing" | "abandoned" | "claimed" | "ended";
const T0 = 1_800_000_000_000;
const SITE: StorySite = { id: "theft-1", kind: "theft", label: "Plaza", point: { lon: -56.2, lat: -34.9 }, callerWords: "¡Me robaron!", spokenPlace: "Plaza", district: null, campusCode: null, cameraCodes: ["C-1", "C-2"] };

/** Time that passes only when everybody waits, and a centre that answers calls or not. */
async function live(hours: number, options: { answerAfterMs: number | null; callsPerHour?: number; stories?: readonly StorySite[]; seed?: number; accountAfterMs?: number }) {
  let now = T0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const aborter = new AbortController();
  const pause = (ms: number): Promise<void> => new Promise((wake) => (aborter.signal.aborted ? wake() : sleepers.push({ at: now + ms, wake })));
  const calls = new Map<string, { at: number; words: string | null; state: State; sent: number }>();
  const log: { at: number; what: string }[] = [];
  let mostOpen = 0;
  const report = (event: "ring" | "hang-up", callId: string, words: string | null): Promise<State> => {
    const known = calls.get(callId);
    if (event === "ring" && known === undefined) {
      calls.set(callId, { at: now, words, state: "ringing", sent: 1 });
      log.push({ at: now, what: `call ${callId} ${words}` });
    } else if (known !== undefined) {
      known.sent++;
      if (event === "hang-up" && known.state === "ringing") known.state = "abandoned"; // unless it is answered in this moment
      if (event === "hang-up") log.push({ at: now, what: `hang-up ${callId} ${known.state}` });
    }
    const call = calls.get(callId)!;
    const answers = options.answerAfterMs !== null && now - call.at >= options.answerAfterMs;
    if (answers && (call.state === "ringing" || call.state === "abandoned")) call.state = "claimed"; // or called back
    mostOpen = Math.max(mostOpen, [...calls.values()].filter((one) => one.state === "ringing" || one.state === "abandoned").length);
    return Promise.resolve(call.state);
  };
  const telephone: TelephoneSwitch = {
    ring: ({ callId, words }) => report("ring", callId, words ?? null), hangUp: (callId) => report("hang-up", callId, null),
    answeredElsewhere: (callId) => {
      calls.get(callId)!.state = "ended";
      log.push({ at: now, what: `elsewhere ${callId}` });
      return Promise.resolve("ended");
    },
  };
  const staged: { at: number; code: string; durationMs: number }[] = [];
  const callers = startCallers({
    telephone, clock: { wallMs: () => now, monotonicMs: () => now }, random: createRandom(options.seed ?? 1), addresses: () => ({ spoken: "Rivera 2000", point: SITE.point }),
    stories: options.stories ?? [], stage: (code, _, durationMs) => staged.push({ at: now, code, durationMs }), callsPerHour: options.callsPerHour ?? 40, runName: "t", signal: aborter.signal, pause, mayAnswer: async () => now - T0 >= (options.accountAfterMs ?? 0),
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  await settle();
  while (now < T0 + hours * 3_600_000) {
    sleepers.sort((a, b) => a.at - b.at);
    const next = sleepers.shift();
    if (next === undefined) break;
    now = Math.max(now, next.at);
    next.wake();
    await settle();
  }
  aborter.abort();
  for (const sleeper of sleepers.splice(0)) sleeper.wake();
  await callers.ended;
  return { calls, log, staged, mostOpen };
}

describe("callers", () => {
  it("the first call comes within seconds, after its scene is on the cameras", async () => {
    const { calls, staged } = await live(0.1, { answerAfterMs: 1_000, stories: [SITE] });
    const first = [...calls.values()].find((call) => call.words === SITE.callerWords)!;
    assert.ok(first.at - T0 <= 15_000, `${first.at - T0} ms`);
    assert.deepEqual(staged.slice(0, 2).map((one) => one.code), ["C-1", "C-2"]);
    assert.ok(first.at - staged[0]!.at >= 3_000 && first.at - staged[0]!.at <= 9_000);
  });
  it("nobody calls, and no camera shows anything, before there is an account; then the first call comes within seconds", async () => {
    const accountAfterMs = 1_800_000;
    const { calls, staged } = await live(1, { answerAfterMs: null, stories: [SITE], accountAfterMs });
    const first = Math.min(...[...calls.values()].map(({ at }) => at - T0));
    assert.ok(first >= accountAfterMs && first <= accountAfterMs + 6_000, `${first} ms`);
    assert.ok(staged.every(({ at }) => at - T0 >= accountAfterMs));
  });
  it("a city that nobody watches does not fill up, and somebody stays on the line", async () => {
    const { calls, mostOpen, log } = await live(24, { answerAfterMs: null, callsPerHour: 60, stories: [SITE] });
    assert.ok(mostOpen <= 10, `${mostOpen}`);
    const last = [...calls.values()];
    assert.ok(last.some((call) => call.state === "ringing"));
    assert.ok(last.reduce((sum, call) => sum + call.sent, 0) < 24 * 60 * 8, "asks too often");
    assert.ok(log.length < 40);
    assert.ok(log.filter((line) => line.what.startsWith("hang-up")).length <= 6);
  });
  it("answered calls end some time after, and the city goes on calling", async () => {
    const { calls, log } = await live(10, { answerAfterMs: 8_000, callsPerHour: 40 });
    assert.ok(calls.size > 300 && calls.size < 500, `${calls.size} calls in 10 h at 40 an hour`);
    const hungUp = log.filter((line) => line.what.startsWith("hang-up"));
    assert.ok(hungUp.length > calls.size * 0.95);
    const early = hungUp.filter((line) => line.what.endsWith("abandoned")).length;
    assert.ok(early > 0 && early < calls.size * 0.12, `${early} hung up at once`);
  });
  it("some calls that nobody takes are answered elsewhere, and ring no more", async () => {
    const { calls, log } = await live(24, { answerAfterMs: 40_000, callsPerHour: 40 });
    const elsewhere = log.filter((line) => line.what.startsWith("elsewhere")).map((line) => line.what.split(" ")[1]!);
    assert.ok(elsewhere.length > 0 && elsewhere.length < calls.size * 0.08, `${elsewhere.length} of ${calls.size}`);
    for (const id of elsewhere) assert.equal(calls.get(id)!.state, "ended");
  });
  it("come in the same order with the same words from the same seed", async () => {
    const words = async (seed: number) => (await live(3, { answerAfterMs: 5_000, seed })).log.filter((line) => line.what.startsWith("call"));
    assert.deepEqual(await words(4), await words(4));
    assert.notDeepEqual(await words(4), await words(5));
  });
  it("nobody calls where nobody is to", async () => assert.equal((await live(2, { answerAfterMs: null, callsPerHour: 0, stories: [SITE] })).calls.size, 0));
});

describe("what callers say", () => {
  it("leads with theft, fire and traffic, and holds silence and no emergency", () => {
    const random = createRandom(9);
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const kind = pickCallKind(random);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      const call = writeCall(kind, "Rivera 2000", random);
      assert.equal(call.words === null, kind === "silent" || kind === "hang-up");
      assert.ok(!call.words?.includes("{place}"));
    }
    const share = (...kinds: string[]): number => kinds.reduce((sum, kind) => sum + (counts.get(kind) ?? 0), 0) / 10_000;
    assert.ok(share("theft") > 0.17 && share("smoke", "fire") > 0.06 && share("collision", "injury", "obstruction") > 0.18);
    assert.ok(share("silent", "hang-up", "wrong-number", "question", "prank") > 0.2);
  });
});
