// Times and limits that a city sets, as data. Each default says where it comes from.
import { err, ok, type Result } from "../base/result.ts";
import { SHORTFALL_UP } from "../base/shortfall-up.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../base/time.ts";
import { ANSWER_STAGES, type AnswerStage } from "./entities.ts";

export interface DispatchPolicy {
  /** A claim that is not renewed for so long rings again. Consoles renew three times as often. */
  readonly claimLeaseMs: number;
  /** An abandoned contact is to be called back within this. */
  readonly callBackWithinMs: number;
  /** After that the supervisor owns it, and is told again as often. */
  readonly callBackReminderMs: number;
  /** City police practice in China: acknowledge within 30 s. */
  readonly acknowledgeWithinMs: number;
  /** Nobody-is-going is told after so long, by priority 1 to 4. */
  readonly shortfallAfterMs: readonly [number, number, number, number];
  /** Reminders come at doubling distance up to this. */
  readonly longestReminderMs: number;
  /** A call that rings is taken within this, or the supervisor is told. */
  readonly ringWithinMs: number;
  /** What came without a line (an alarm, a message) is answered within this, or the supervisor is told. */
  readonly answerWithinMs: number;
  /** A named person watches over an incident that nobody made at a desk (an officer's emergency) within this, or the supervisor is told. */
  readonly watchWithinMs: number;
  /** A hand-over is taken within this, or the supervisor is told. */
  readonly handOverWithinMs: number;
  /** The supervisor is told again as often as this of an alarm, an incident or a hand-over that nobody takes. */
  readonly supervisorReminderMs: number;
  /** [ASG15] How late a unit's next word may be, by step and by priority 1 to 4. */
  readonly answerWaits: Readonly<Record<TimedStage, readonly [AnswerWait, AnswerWait, AnswerWait, AnswerWait]>>;
  /** A drive takes longer than the router says: its time by this before the margins of `arrive` begin. */
  readonly roadTimeFactor: number;
  /** The road time where none was shown when the unit was sent. */
  readonly unknownRoadMs: number;
  /** A unit under way of which nothing is heard for so long is told. As old as a position may be to be believed. */
  readonly silentAfterMs: number;
  /** A contact that was ended without an incident can be taken up again for so long after it came. What was typed for it is kept as long. */
  readonly reopenWithinMs: number;
  /** A switch's own time of arrival is believed when it is at most so old. */
  readonly oldestArrivalMs: number;
}

/** Steps with waits of their own. To acknowledge and to be heard have `acknowledgeWithinMs` and `silentAfterMs`, and go up once nobody-is-going would have been told. */
export type TimedStage = Exclude<AnswerStage, "acknowledge" | "heard">;
export interface AnswerWait {
  /** Told after so long, to whoever sends units. */
  readonly tellMs: number;
  /** After so long it goes up to the supervisor, and the unit counts no longer as going. */
  readonly upMs: number;
}
const minutes = (tell: number, up: number): AnswerWait => ({ tellMs: tell * MINUTE_MS, upMs: up * MINUTE_MS });

export const DEFAULT_POLICY: DispatchPolicy = {
  claimLeaseMs: 60 * SECOND_MS,
  callBackWithinMs: 2 * MINUTE_MS,
  callBackReminderMs: 5 * MINUTE_MS,
  acknowledgeWithinMs: 30 * SECOND_MS,
  shortfallAfterMs: [MINUTE_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  longestReminderMs: 15 * MINUTE_MS,
  ringWithinMs: MINUTE_MS, // NENA has 90 % answered in 15 s, from when on each desk marks it as late, and 95 % in 20 s: at a minute nobody is about to take it, and a good centre's supervisor hears no tones all day
  answerWithinMs: MINUTE_MS,
  watchWithinMs: 30 * SECOND_MS,
  handOverWithinMs: 2 * MINUTE_MS,
  supervisorReminderMs: 5 * MINUTE_MS,
  answerWaits: {
    "turn-out": [minutes(1.5, 3), minutes(2, 5), minutes(5, 15), minutes(10, 30)], // NFPA 1710 has 60 to 80 s to turn out; the rest is the pressing of a button
    arrive: [minutes(2, 5), minutes(3, 8), minutes(5, 15), minutes(10, 30)], // beyond the road time: lights, a place to stop, a door to find
    welfare: [minutes(10, 15), minutes(15, 25), minutes(20, 40), minutes(30, 60)], // status checks of police centres run from 10 to 30 minutes by the kind of call
  },
  roadTimeFactor: 1.5,
  unknownRoadMs: 10 * MINUTE_MS,
  silentAfterMs: 3 * MINUTE_MS,
  reopenWithinMs: DAY_MS,
  oldestArrivalMs: 60 * MINUTE_MS,
};

const rowOf = (priority: number): number => Math.min(Math.max(priority, 1), 4) - 1;
export const shortfallAfterMs = (priority: number, policy: DispatchPolicy): number => policy.shortfallAfterMs[rowOf(priority)]!;
export const answerWait = (stage: TimedStage, priority: number, policy: DispatchPolicy): AnswerWait => policy.answerWaits[stage][rowOf(priority)]!;

/** What may wait, how long: told after `tellMs`, and gone up to the supervisor after `upMs`; by priority 1 to 4. */
export const WAIT_CODES = ["shortfall", ...ANSWER_STAGES, "ring", "answer", "call-back", "watch", "hand-over"] as const;
export interface WaitRow {
  readonly code: (typeof WAIT_CODES)[number];
  readonly tellMs: number[];
  /** null: what is told goes up at once; null for one priority: it never does. */
  readonly upMs: (number | null)[] | null;
  /** A city has set it: it is not as installed. */
  readonly own: boolean;
}
/** [INC6] How long a shortfall that was told so often waits until it is told again. */
export const nextTellingMs = (shortfallMs: number, tellings: number, policy: DispatchPolicy): number => Math.min(shortfallMs * 2 ** tellings, policy.longestReminderMs);
/** How long after its beginning a shortfall that nobody meets has been told `SHORTFALL_UP.tellings` times. */
function shortfallUpMs(shortfallMs: number, policy: DispatchPolicy): number {
  let ms = shortfallMs;
  for (let tellings = 1; tellings < SHORTFALL_UP.tellings; tellings++) ms += nextTellingMs(shortfallMs, tellings, policy);
  return ms;
}
export function listWaitRows(policy: DispatchPolicy): WaitRow[] {
  const installed = timesOf(DEFAULT_POLICY);
  return timesOf(policy).map((row, i) => ({ ...row, own: JSON.stringify(row) !== JSON.stringify(installed[i]) || (row.code === "arrive" && policy.unknownRoadMs !== DEFAULT_POLICY.unknownRoadMs) }));
}
function timesOf(policy: DispatchPolicy): Omit<WaitRow, "own">[] {
  const each = (ms: number): number[] => [ms, ms, ms, ms];
  const timed = (code: TimedStage): Omit<WaitRow, "own"> => ({ code, tellMs: policy.answerWaits[code].map(({ tellMs }) => tellMs), upMs: policy.answerWaits[code].map(({ upMs }) => upMs) });
  return [
    { code: "shortfall", tellMs: [...policy.shortfallAfterMs], upMs: policy.shortfallAfterMs.map((ms, i) => (i < SHORTFALL_UP.lastPriority ? shortfallUpMs(ms, policy) : null)) },
    { code: "acknowledge", tellMs: each(policy.acknowledgeWithinMs), upMs: policy.shortfallAfterMs.map((ms) => Math.max(ms, policy.acknowledgeWithinMs)) },
    timed("turn-out"), timed("arrive"),
    { code: "heard", tellMs: each(policy.silentAfterMs), upMs: policy.shortfallAfterMs.map((ms) => policy.silentAfterMs + ms) },
    timed("welfare"),
    { code: "ring", tellMs: each(policy.ringWithinMs), upMs: null }, { code: "answer", tellMs: each(policy.answerWithinMs), upMs: null }, { code: "call-back", tellMs: each(policy.callBackWithinMs), upMs: null },
    { code: "watch", tellMs: each(policy.watchWithinMs), upMs: null }, { code: "hand-over", tellMs: each(policy.handOverWithinMs), upMs: null },
  ];
}

/** What a city may set, by the name under which it does; `nobody-1` to `nobody-4` are how soon nobody-is-going is told, by priority; `arrive-1` when it is told that a unit is late at priority 1, `arrive-up-1` when that goes up. */
const NAMED_TIMES = {
  acknowledge: "acknowledgeWithinMs", "call-back": "callBackWithinMs", ring: "ringWithinMs", answer: "answerWithinMs", watch: "watchWithinMs", "hand-over": "handOverWithinMs", silent: "silentAfterMs", "unknown-road": "unknownRoadMs",
} as const satisfies Readonly<Record<string, keyof DispatchPolicy>>;
const TIMED_STAGES = ["turn-out", "arrive", "welfare"] as const satisfies readonly TimedStage[];
const BY_PRIORITY = ["nobody", ...TIMED_STAGES.flatMap((stage) => [stage, `${stage}-up`])];
const NAMES = [...Object.keys(NAMED_TIMES), ...BY_PRIORITY.flatMap((name) => [1, 2, 3, 4].map((priority) => `${name}-${priority}`))];
const NAMES_TOLD = [...Object.keys(NAMED_TIMES), ...BY_PRIORITY.map((name) => `${name}-1 to ${name}-4`)].join(", ");
const LEAST_SECONDS = 5;
const MOST_SECONDS = 24 * 3_600;

/** `acknowledge=60,nobody-4=900`: seconds by name; what is not named is as installed. The fault is told with the part that is wrong. */
export function readDispatchTimes(text: string): Result<DispatchPolicy, { readonly value: string; readonly expected: string }> {
  const times: Record<string, number> = {};
  for (const part of text.split(",").map((one) => one.trim()).filter((one) => one !== "")) {
    const [, name = "", seconds = ""] = /^([a-z-]+\d?)=(\d{1,5})$/.exec(part) ?? [];
    if (!NAMES.includes(name)) return err({ value: part, expected: `NAME=SECONDS with a name of ${NAMES_TOLD}` });
    if (Number(seconds) < LEAST_SECONDS || Number(seconds) > MOST_SECONDS) return err({ value: part, expected: `${LEAST_SECONDS} to ${MOST_SECONDS} seconds` });
    times[name] = Number(seconds) * SECOND_MS;
  }
  const answerWaits: Record<string, AnswerWait[]> = {};
  for (const stage of TIMED_STAGES) {
    const waits = DEFAULT_POLICY.answerWaits[stage].map(({ tellMs, upMs }, i): AnswerWait => ({ tellMs: times[`${stage}-${i + 1}`] ?? tellMs, upMs: times[`${stage}-up-${i + 1}`] ?? upMs }));
    const i = waits.findIndex(({ tellMs, upMs }) => tellMs > upMs);
    if (i >= 0) return err({ value: `${stage}-${i + 1}=${waits[i]!.tellMs / SECOND_MS}`, expected: `at most what ${stage}-up-${i + 1} is: ${waits[i]!.upMs / SECOND_MS} seconds` });
    answerWaits[stage] = waits;
  }
  const shortfallMs = DEFAULT_POLICY.shortfallAfterMs.map((ms, i) => times[`nobody-${i + 1}`] ?? ms);
  const single = Object.fromEntries(Object.entries(NAMED_TIMES).flatMap(([name, key]) => (times[name] === undefined ? [] : [[key, times[name]]])));
  return ok({ ...DEFAULT_POLICY, ...single, shortfallAfterMs: shortfallMs as unknown as DispatchPolicy["shortfallAfterMs"], answerWaits: answerWaits as unknown as DispatchPolicy["answerWaits"] });
}
