// A camera that was moved from one recorder to another: which of the views that were given is the one to use, whom to ask for which part of the time, and their answers as one. Pure, so that it can be tried.
import type { RecordingActivity, RecordingTimeline } from "../../../src/contract/media.ts";
import type { View } from "../../../src/contract/cameras.ts";

/** The view that opens a moment; undefined where its recorder gave none. Live there is one. */
export const findViewAt = <V extends Pick<View, "from" | "to">>(views: readonly V[], at: number): V | undefined => views.find(({ from, to }) => from === null || to === null || (at >= from && at < to));

export interface AskedPart {
  /** Null: nobody knows where that recorder is. */
  readonly recorderUrl: string | null;
  readonly from: number;
  readonly to: number;
}
/** Whom to ask for a range with the token of a view, in order of time. */
export function partsToAsk(view: Pick<View, "recorderUrl" | "recorders">, from: number, to: number): AskedPart[] {
  if (view.recorders.length === 0) return [{ recorderUrl: view.recorderUrl, from, to }];
  const parts = view.recorders.map((stay, i) => ({ recorderUrl: stay.recorderUrl, from: i === 0 ? from : Math.max(from, stay.from), to: Math.min(to, stay.to ?? to) }));
  return parts.filter((part) => part.from < part.to);
}

/** One timeline of those of the parts, in order of time. Of a part whose recorder did not answer there is neither coverage nor a gap: nobody knows. */
export function joinTimelines(parts: readonly RecordingTimeline[]): RecordingTimeline | null {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (parts.length === 1) return first;
  return {
    cameraId: first.cameraId, from: first.from, to: last.to, coverage: parts.flatMap(({ coverage }) => coverage), segments: parts.flatMap(({ segments }) => segments), gaps: parts.flatMap(({ gaps }) => gaps),
    sound: parts.flatMap(({ sound }) => sound), clockOff: parts.flatMap(({ clockOff }) => clockOff), holds: parts.flatMap(({ holds }) => holds),
  };
}

/** One profile of those of the parts, which have the same step; where two know a step, the busier of both. */
export function joinActivity(parts: readonly RecordingActivity[]): RecordingActivity | null {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? null;
  const { cameraId, stepMs } = first;
  const from = Math.min(...parts.map((part) => part.from));
  const to = Math.max(...parts.map((part) => part.to));
  const values: (number | null)[] = Array.from({ length: Math.ceil((to - from) / stepMs) }, () => null);
  for (const part of parts)
    for (const [i, value] of part.values.entries()) {
      const at = Math.round((part.from - from) / stepMs) + i;
      if (value !== null && at < values.length) values[at] = Math.max(value, values[at] ?? 0);
    }
  return { cameraId, from, to, stepMs, values };
}
