import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_POLICY, WAIT_CODES, listWaitRows, readDispatchTimes } from "./policy.ts";

test("a city sets its own times by name; what it does not name is as installed", () => {
  assert.deepEqual(readDispatchTimes(""), { ok: true, value: DEFAULT_POLICY });
  assert.deepEqual(readDispatchTimes("acknowledge=90, nobody-4=900"), { ok: true, value: { ...DEFAULT_POLICY, acknowledgeWithinMs: 90_000, shortfallAfterMs: [60_000, 120_000, 600_000, 900_000] } });
});

test("[ASG15] to set out, to arrive and to say that one is well: a city sets when each is told and when it goes up, by priority; the table says which are its own", () => {
  const read = readDispatchTimes("turn-out-1=60,turn-out-up-1=120,arrive-up-4=7200,welfare-2=300,unknown-road=900");
  assert.ok(read.ok);
  const { answerWaits } = DEFAULT_POLICY;
  const set = <S extends keyof typeof answerWaits>(stage: S, priority: number, wait: { tellMs?: number; upMs?: number }) => answerWaits[stage].map((one, i) => (i === priority - 1 ? { ...one, ...wait } : one));
  assert.deepEqual(read.value, { ...DEFAULT_POLICY, unknownRoadMs: 900_000, answerWaits: { "turn-out": set("turn-out", 1, { tellMs: 60_000, upMs: 120_000 }), arrive: set("arrive", 4, { upMs: 7_200_000 }), welfare: set("welfare", 2, { tellMs: 300_000 }) } });
  const rows = listWaitRows(read.value);
  assert.deepEqual(rows.filter(({ own }) => own).map(({ code }) => code), ["turn-out", "arrive", "welfare"]);
  assert.deepEqual(rows.find(({ code }) => code === "turn-out"), { code: "turn-out", tellMs: [60_000, 120_000, 300_000, 600_000], upMs: [120_000, 300_000, 900_000, 1_800_000], own: true });
  assert.deepEqual(listWaitRows(DEFAULT_POLICY).filter(({ own }) => own), []);
});

test("each row of the table of waits can be set", () => {
  const texts = { shortfall: "nobody-3=700", acknowledge: "acknowledge=20", "turn-out": "turn-out-3=301", arrive: "unknown-road=700", heard: "silent=100", welfare: "welfare-up-1=901", ring: "ring=20", answer: "answer=61", "call-back": "call-back=60", watch: "watch=20", "hand-over": "hand-over=60" };
  for (const code of WAIT_CODES) {
    const read = readDispatchTimes(texts[code]);
    assert.ok(read.ok && listWaitRows(read.value).find((row) => row.code === code)!.own, code);
  }
});

test("a part that is wrong is told, with what was expected", () => {
  for (const [text, value] of [["acknowledge", "acknowledge"], ["acknowledge=4", "acknowledge=4"], ["silent=60,acknowledge=90000", "acknowledge=90000"], ["nobody-5=60", "nobody-5=60"], ["lease=60", "lease=60"], ["silent=-1", "silent=-1"], ["arrive=60", "arrive=60"], ["welfare-5=60", "welfare-5=60"], ["turn-out-1=181", "turn-out-1=181"], ["welfare-up-4=1700", "welfare-4=1800"], ["arrive-2=600,arrive-up-2=599", "arrive-2=600"]] as const) {
    const read = readDispatchTimes(text);
    assert.ok(!read.ok && read.error.value === value && read.error.expected !== "", text);
  }
});
