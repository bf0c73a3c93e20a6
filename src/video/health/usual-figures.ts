// What one camera has most of the time ([HLT4] in SPEC.md): slow means of its figures, so that a camera is judged by itself and nobody has to enter what is right. They follow within
// hours; while a problem of that figure lasts only within days, so that a fault does not become the usual at once and a wanted change does at last.
import type { WallMs } from "../../base/time.ts";
import type { Observation, UsualFigures } from "./camera-rules.ts";

export interface LearnedFigures extends UsualFigures {
  /** Codec and size: another one is another camera in this respect. */
  readonly format: string;
  readonly learnedMs: number;
  readonly at: WallMs;
}
type Figure = keyof UsualFigures;

const HOUR_MS = 3_600_000;
const USUAL_MS = 2 * HOUR_MS;
const USUAL_WITH_PROBLEM_MS = 48 * HOUR_MS;
/** Seen for so long before it is believed. */
const LEAST_LEARNED_MS = 600_000;
/** A report stands for at most this time: after a pause nobody knows what was. */
const MOST_STEP_MS = 30_000;

export const usualOf = (learned: LearnedFigures | undefined): UsualFigures | null => (learned !== undefined && learned.learnedMs >= LEAST_LEARNED_MS ? learned : null);

/** `format` null: none is known, nothing is learned. `hasProblem`: of which figures one lasts. */
export function learnFigures(before: LearnedFigures | undefined, seen: Observation, format: string | null, hasProblem: (figure: Figure) => boolean, now: WallMs): LearnedFigures | undefined {
  const { bitsPerSecond, framesPerSecond } = seen;
  const keyIntervalMs = seen.figures?.keyIntervalMs ?? null;
  if (seen.state !== "connected" || format === null || bitsPerSecond === null || framesPerSecond === null || keyIntervalMs === null) return before;
  if (before === undefined || before.format !== format) return { format, bitsPerSecond, framesPerSecond, keyIntervalMs, learnedMs: 0, at: now };
  const stepMs = Math.min(MOST_STEP_MS, Math.max(0, now - before.at));
  const learnedMs = before.learnedMs + stepMs;
  const follow = (figure: Figure, value: number): number => {
    // At first a plain mean of what was seen, later one that forgets.
    const overMs = hasProblem(figure) ? USUAL_WITH_PROBLEM_MS : Math.min(USUAL_MS, learnedMs);
    return before[figure] + (value - before[figure]) * (overMs === 0 ? 0 : Math.min(1, stepMs / overMs));
  };
  return { format, bitsPerSecond: follow("bitsPerSecond", bitsPerSecond), framesPerSecond: follow("framesPerSecond", framesPerSecond), keyIntervalMs: follow("keyIntervalMs", keyIntervalMs), learnedMs, at: now };
}
