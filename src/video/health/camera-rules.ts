// When a camera's figures are a problem, and when they are none any more ([HLT2] to [HLT5] in SPEC.md). Each rule judges what is known of one moment; between
// the figure at which a problem begins and the one at which it ends nothing changes, and both must have held for a while, so that a figure that trembles at a border makes
// one event and not a hundred. What cannot be known just now (a recorder away, no pictures) changes nothing either: an event ends by evidence only.
import type { WallMs } from "../../base/time.ts";

export const CAMERA_PROBLEM_KINDS = ["offline", "no-pictures", "key-interval", "bit-rate", "frame-rate", "clock", "loss", "reconnecting", "frozen", "black", "blurred", "sound-dropped"] as const;
export type CameraProblemKind = (typeof CAMERA_PROBLEM_KINDS)[number];

/** What a recorder told of a camera. */
export interface Observation {
  readonly state: "connected" | "connecting" | "failing" | "idle" | "no-address";
  readonly since: WallMs | null;
  readonly problem: string | null;
  readonly lastFrameAt: WallMs | null;
  readonly bitsPerSecond: number | null;
  readonly framesPerSecond: number | null;
  readonly figures: {
    readonly keyIntervalMs: number | null;
    readonly keyIntervalSetMs: number | null;
    readonly clockOffsetMs: number | null;
    readonly lossShare: number | null;
    readonly stillMs: number;
    readonly reconnectsHour: number;
    readonly dropped: { readonly sound: number; readonly metadata: number };
    readonly picture: { readonly state: "good" | "black" | "blurred" | "frozen"; readonly luma: number; readonly sharpness: number; readonly usualSharpness: number | null } | null;
    readonly pictureChecks: "on" | "no-ffmpeg";
  } | null;
}

/** What a camera has most of the time; null as long as it has not been seen for long enough. */
export interface UsualFigures {
  readonly bitsPerSecond: number;
  readonly framesPerSecond: number;
  readonly keyIntervalMs: number;
}

export type Params = Readonly<Record<string, string | number>>;
export type Verdict = { readonly is: "wrong"; readonly params: Params; readonly since?: WallMs } | { readonly is: "right" } | { readonly is: "unclear" };

export interface Rule {
  readonly kind: CameraProblemKind;
  /** How long it must have been wrong, and right, without a break. */
  readonly beginsAfterMs: number;
  readonly endsAfterMs: number;
  judge(seen: Observation, usual: UsualFigures | null, now: WallMs): Verdict;
}

const RIGHT: Verdict = { is: "right" };
const UNCLEAR: Verdict = { is: "unclear" };
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Without pictures, but the camera answers: it is there, and something is wrong with what it sends. */
const ANSWERS_WITHOUT_PICTURES: ReadonlySet<string> = new Set(["no-video", "unsupported-codec", "malformed"]);
const PICTURES_STOPPED_MS = 15 * SECOND;
const SET_KEY_INTERVAL = { begins: 1.5, ends: 1.3 };
const OWN_KEY_INTERVAL = { begins: 3, ends: 2 };
const BIT_RATE = { begins: 0.1, ends: 0.2 };
const FRAME_RATE = { begins: 0.6, ends: 0.8 };
const CLOCK_MS = { begins: 2_000, ends: 1_000 };
const LOSS = { begins: 0.01, ends: 0.003 };
const RECONNECTS = { begins: 4, ends: 1 };
/** Without a decoder: no picture but key frames has had anything new in it for so long. */
const STILL_MS = 30 * MINUTE;

/** `value` against two borders: wrong at or past `begins`, right at or on the near side of `ends`. */
const between = (value: number, { begins, ends }: { readonly begins: number; readonly ends: number }, params: Params): Verdict => {
  const past = (border: number): boolean => (begins > ends ? value >= border : value <= border);
  return past(begins) ? { is: "wrong", params } : past(ends) && value !== ends ? UNCLEAR : RIGHT;
};
/** How far apart two lengths are, as a ratio of at least 1. */
const ratioOf = (a: number, b: number): number => Math.max(a, b) / Math.max(1e-9, Math.min(a, b));
const isAway = (seen: Observation): boolean => seen.state === "failing" || seen.state === "connecting";
const offline = (seen: Observation): Verdict => ({ is: "wrong", params: { problem: seen.problem ?? "connecting" }, ...(seen.since === null ? {} : { since: seen.since }) });
const picture = (state: "black" | "blurred") => (seen: Observation): Verdict => {
  const found = seen.figures?.picture ?? null;
  if (seen.state !== "connected" || found === null) return UNCLEAR;
  return found.state === state ? { is: "wrong", params: { luma: Math.round(found.luma), sharpness: Math.round(found.sharpness), usual: Math.round(found.usualSharpness ?? 0) } } : RIGHT;
};
/** Of a stream that runs. */
const running = (judge: (seen: Observation, figures: NonNullable<Observation["figures"]>, usual: UsualFigures | null) => Verdict) => (seen: Observation, usual: UsualFigures | null): Verdict =>
  seen.state === "connected" && seen.figures !== null ? judge(seen, seen.figures, usual) : UNCLEAR;

export const CAMERA_RULES: readonly Rule[] = [
  {
    kind: "offline", beginsAfterMs: 30 * SECOND, endsAfterMs: 10 * SECOND,
    judge: (seen) => (isAway(seen) && !ANSWERS_WITHOUT_PICTURES.has(seen.problem ?? "") ? offline(seen) : RIGHT),
  },
  {
    kind: "no-pictures", beginsAfterMs: 30 * SECOND, endsAfterMs: 10 * SECOND,
    judge: (seen, _usual, now) => {
      if (isAway(seen)) return ANSWERS_WITHOUT_PICTURES.has(seen.problem ?? "") ? offline(seen) : UNCLEAR;
      if (seen.state !== "connected" || seen.lastFrameAt === null || now - seen.lastFrameAt < PICTURES_STOPPED_MS) return RIGHT;
      return { is: "wrong", params: { problem: "no-pictures" }, since: seen.lastFrameAt };
    },
  },
  {
    kind: "key-interval", beginsAfterMs: MINUTE, endsAfterMs: MINUTE,
    judge: running((_seen, { keyIntervalMs, keyIntervalSetMs }, usual) => {
      const expectedMs = keyIntervalSetMs ?? usual?.keyIntervalMs;
      if (keyIntervalMs === null || expectedMs === undefined) return UNCLEAR;
      return between(ratioOf(keyIntervalMs, expectedMs), keyIntervalSetMs === null ? OWN_KEY_INTERVAL : SET_KEY_INTERVAL, { valueMs: keyIntervalMs, expectedMs: Math.round(expectedMs), set: keyIntervalSetMs === null ? 0 : 1 });
    }),
  },
  {
    kind: "bit-rate", beginsAfterMs: 2 * MINUTE, endsAfterMs: MINUTE,
    judge: running(({ bitsPerSecond }, _figures, usual) => (bitsPerSecond === null || usual === null ? UNCLEAR : between(bitsPerSecond / usual.bitsPerSecond, BIT_RATE, { value: bitsPerSecond, expected: Math.round(usual.bitsPerSecond) }))),
  },
  {
    kind: "frame-rate", beginsAfterMs: MINUTE, endsAfterMs: MINUTE,
    judge: running(({ framesPerSecond }, _figures, usual) => (framesPerSecond === null || usual === null ? UNCLEAR : between(framesPerSecond / usual.framesPerSecond, FRAME_RATE, { value: framesPerSecond, expected: Math.round(usual.framesPerSecond * 10) / 10 }))),
  },
  {
    kind: "clock", beginsAfterMs: MINUTE, endsAfterMs: MINUTE,
    judge: running((_seen, { clockOffsetMs }) => (clockOffsetMs === null ? UNCLEAR : between(Math.abs(clockOffsetMs), CLOCK_MS, { offsetMs: Math.round(clockOffsetMs) }))),
  },
  {
    kind: "loss", beginsAfterMs: MINUTE, endsAfterMs: MINUTE,
    judge: running((_seen, { lossShare }) => (lossShare === null ? UNCLEAR : between(lossShare, LOSS, { percent: Math.round(lossShare * 1_000) / 10 }))),
  },
  {
    kind: "reconnecting", beginsAfterMs: 0, endsAfterMs: 0,
    judge: (seen) => (seen.figures === null ? UNCLEAR : between(seen.figures.reconnectsHour, RECONNECTS, { times: seen.figures.reconnectsHour })),
  },
  {
    kind: "frozen", beginsAfterMs: 0, endsAfterMs: 0,
    judge: running((_seen, { picture: found, pictureChecks, stillMs }) => {
      const frozen: Verdict = { is: "wrong", params: { minutes: Math.round(stillMs / MINUTE) } };
      if (found !== null) return found.state === "frozen" ? frozen : RIGHT;
      if (stillMs >= STILL_MS) return frozen; // also where looks are on, and nothing could be made of this camera's pictures
      return pictureChecks === "on" ? UNCLEAR : RIGHT;
    }),
  },
  { kind: "black", beginsAfterMs: 0, endsAfterMs: 0, judge: picture("black") },
  { kind: "blurred", beginsAfterMs: 0, endsAfterMs: 0, judge: picture("blurred") },
  {
    kind: "sound-dropped", beginsAfterMs: 0, endsAfterMs: MINUTE,
    judge: ({ figures }) => (figures === null ? UNCLEAR : figures.dropped.sound + figures.dropped.metadata > 0 ? { is: "wrong", params: { cause: "disk-slow", ...figures.dropped } } : RIGHT),
  },
];

/** Where one rule stands with one camera. Undefined: nothing is wrong. */
export type ProblemState =
  | { readonly phase: "doubted"; readonly since: WallMs; readonly params: Params }
  | { readonly phase: "lasting"; readonly rightSince: WallMs | null };
export type ProblemChange = { readonly change: "began"; readonly at: WallMs; readonly params: Params } | { readonly change: "ended"; readonly at: WallMs };

/** One step; `change` says what an event was made or ended of. */
export function transitionProblem(state: ProblemState | undefined, verdict: Verdict, rule: Pick<Rule, "beginsAfterMs" | "endsAfterMs">, now: WallMs): { readonly state: ProblemState | undefined; readonly change?: ProblemChange } {
  if (verdict.is === "unclear") return { state: state?.phase === "doubted" ? undefined : state };
  if (state?.phase === "lasting") {
    if (verdict.is === "wrong") return { state: { phase: "lasting", rightSince: null } };
    const rightSince = state.rightSince ?? now;
    return now - rightSince < rule.endsAfterMs ? { state: { phase: "lasting", rightSince } } : { state: undefined, change: { change: "ended", at: rightSince } };
  }
  if (verdict.is === "right") return { state: undefined };
  const since = Math.min(state?.since ?? now, verdict.since ?? now);
  if (now - since < rule.beginsAfterMs) return { state: { phase: "doubted", since, params: verdict.params } };
  return { state: { phase: "lasting", rightSince: null }, change: { change: "began", at: since, params: verdict.params } };
}
