// Times and limits that a city sets, as data. Each default says where it comes from.
import { err, ok, type Result } from "../base/result.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../base/time.ts";

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
  /** What came without a line (an alarm, a message) is answered within this, or the supervisor is told. */
  readonly answerWithinMs: number;
  /** A named person watches over an incident that nobody made at a desk (an officer's emergency) within this, or the supervisor is told. */
  readonly watchWithinMs: number;
  /** A hand-over is taken within this, or the supervisor is told. */
  readonly handOverWithinMs: number;
  /** The supervisor is told again as often as this of an alarm, an incident or a hand-over that nobody takes. */
  readonly supervisorReminderMs: number;
  /** A unit under way of which nothing is heard for so long is told. As old as a position may be to be believed. */
  readonly silentAfterMs: number;
  /** So is one at the scene, or with a patient on board, after so long: somebody asks how it is. */
  readonly atWorkSilentAfterMs: number;
  /** A contact that was ended without an incident can be taken up again for so long after it came. What was typed for it is kept as long. */
  readonly reopenWithinMs: number;
  /** A switch's own time of arrival is believed when it is at most so old. */
  readonly oldestArrivalMs: number;
}

export const DEFAULT_POLICY: DispatchPolicy = {
  claimLeaseMs: 60 * SECOND_MS,
  callBackWithinMs: 2 * MINUTE_MS,
  callBackReminderMs: 5 * MINUTE_MS,
  acknowledgeWithinMs: 30 * SECOND_MS,
  shortfallAfterMs: [MINUTE_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  longestReminderMs: 15 * MINUTE_MS,
  answerWithinMs: MINUTE_MS,
  watchWithinMs: 30 * SECOND_MS,
  handOverWithinMs: 2 * MINUTE_MS,
  supervisorReminderMs: 5 * MINUTE_MS,
  silentAfterMs: 3 * MINUTE_MS,
  atWorkSilentAfterMs: 20 * MINUTE_MS,
  reopenWithinMs: DAY_MS,
  oldestArrivalMs: 60 * MINUTE_MS,
};

export const shortfallAfterMs = (priority: number, policy: DispatchPolicy): number => policy.shortfallAfterMs[Math.min(Math.max(priority, 1), 4) - 1]!;

/** What a city may set, by the name under which it does; `nobody-1` to `nobody-4` are how soon nobody-is-going is told, by priority. */
const NAMED_TIMES = {
  acknowledge: "acknowledgeWithinMs", "call-back": "callBackWithinMs", answer: "answerWithinMs", watch: "watchWithinMs", "hand-over": "handOverWithinMs", silent: "silentAfterMs", "at-work-silent": "atWorkSilentAfterMs",
} as const satisfies Readonly<Record<string, keyof DispatchPolicy>>;
const NAMES = [...Object.keys(NAMED_TIMES), "nobody-1", "nobody-2", "nobody-3", "nobody-4"];
const LEAST_SECONDS = 5;
const MOST_SECONDS = 24 * 3_600;

/** `acknowledge=60,nobody-4=900`: seconds by name; what is not named is as installed. The fault is told with the part that is wrong. */
export function readDispatchTimes(text: string): Result<DispatchPolicy, { readonly value: string; readonly expected: string }> {
  const times: Record<string, number> = {};
  for (const part of text.split(",").map((one) => one.trim()).filter((one) => one !== "")) {
    const [, name = "", seconds = ""] = /^([a-z-]+\d?)=(\d{1,5})$/.exec(part) ?? [];
    if (!NAMES.includes(name)) return err({ value: part, expected: `NAME=SECONDS with a name of ${NAMES.join(", ")}` });
    if (Number(seconds) < LEAST_SECONDS || Number(seconds) > MOST_SECONDS) return err({ value: part, expected: `${LEAST_SECONDS} to ${MOST_SECONDS} seconds` });
    times[name] = Number(seconds) * SECOND_MS;
  }
  const [first, second, third, fourth] = DEFAULT_POLICY.shortfallAfterMs;
  const shortfall = [times["nobody-1"] ?? first, times["nobody-2"] ?? second, times["nobody-3"] ?? third, times["nobody-4"] ?? fourth] as const;
  return ok({ ...DEFAULT_POLICY, ...Object.fromEntries(Object.entries(NAMED_TIMES).flatMap(([name, key]) => (times[name] === undefined ? [] : [[key, times[name]]]))), shortfallAfterMs: shortfall });
}
