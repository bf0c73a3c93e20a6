// The arithmetic of the time bar: zoom about a point, ticks that fall on round local times, pieces merged until they are wide enough to see.
// Pure, so that the drawing is only drawing. A chart library was considered: none knows gaps with a cause.
import { DAY_MS, HOUR_MS } from "../../../src/base/time.ts";
import type { RecordingActivity, RecordingTimeline } from "../../../src/contract/media.ts";

export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}
const SHORTEST_MS = 20_000;
const LONGEST_MS = 8 * 86_400_000;
const MOST_MARGIN_MS = 120_000; // a whole day stays where it is, also just after midnight

/** `factor` below 1 zooms in. The time under `aroundMs` stays where it is. */
export function zoomWindow(window: TimeWindow, aroundMs: number, factor: number): TimeWindow {
  const span = window.to - window.from;
  const next = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, span * factor));
  const share = (aroundMs - window.from) / span;
  return { from: aroundMs - share * next, to: aroundMs + (1 - share) * next };
}
export function panWindow(window: TimeWindow, byMs: number): TimeWindow {
  return { from: window.from + byMs, to: window.to + byMs };
}
/** Moves the window only where `atMs` has left it, or comes near its edge. */
export function keepInSight(window: TimeWindow, atMs: number): TimeWindow {
  const span = window.to - window.from;
  const margin = Math.min(span * 0.05, MOST_MARGIN_MS);
  if (atMs < window.from + margin) return panWindow(window, atMs - window.from - span * 0.3);
  if (atMs > window.to - margin) return panWindow(window, atMs - window.to + span * 0.3);
  return window;
}

/** The whole local day of a moment. */
export function dayWindow(atMs: number, zoneOffsetMs: (at: number) => number): TimeWindow {
  const midnight = (at: number): number => {
    const local = Math.floor((at + zoneOffsetMs(at)) / 86_400_000) * 86_400_000;
    return local - zoneOffsetMs(local - zoneOffsetMs(at));
  };
  const from = midnight(atMs);
  return { from, to: midnight(from + 26 * 3_600_000) }; // a day may have 23 or 25 hours
}

/** Where nobody pans: a bar that shows a whole day shows the day of that moment, another keeps its width and moves only where the moment has left it, or comes near its edge. */
export function followWindow(window: TimeWindow, atMs: number, zoneOffsetMs: (at: number) => number): TimeWindow {
  if (!isWholeDay(window, zoneOffsetMs)) return keepInSight(window, atMs);
  return atMs >= window.from && atMs < window.to ? window : dayWindow(atMs, zoneOffsetMs);
}
/** A typed moment stands in the middle, or in its day. */
export function centreWindow(window: TimeWindow, atMs: number, zoneOffsetMs: (at: number) => number): TimeWindow {
  if (isWholeDay(window, zoneOffsetMs)) return dayWindow(atMs, zoneOffsetMs);
  const half = (window.to - window.from) / 2;
  return { from: atMs - half, to: atMs + half };
}
function isWholeDay(window: TimeWindow, zoneOffsetMs: (at: number) => number): boolean {
  if (Math.abs(window.to - window.from - DAY_MS) > 3 * HOUR_MS) return false; // asked five times a second
  const { from, to } = dayWindow(window.from, zoneOffsetMs);
  return window.from === from && window.to === to;
}

/** A range whose other end is not chosen yet is a minute long. */
const FIRST_RANGE_MS = 60_000;
/** So soon after a second a key counts as pressed on it. */
const KEY_MS = 250;
const secondBefore = (at: number): number => Math.floor(at / 1_000) * 1_000;
const secondAfter = (at: number): number => Math.ceil((at - KEY_MS) / 1_000) * 1_000;
/** A chosen range is told, typed, kept, exported and downloaded in whole seconds, so it is one: no less than was chosen, and the same in each form. */
export function inWholeSeconds({ from, to }: TimeWindow): TimeWindow {
  const start = secondBefore(from);
  return { from: start, to: Math.max(start + 1_000, secondAfter(to)) };
}
export function startRangeAt(range: TimeWindow | null, at: number): TimeWindow {
  const from = secondBefore(at);
  return { from, to: range !== null && range.to > from ? range.to : from + FIRST_RANGE_MS };
}
export function endRangeAt(range: TimeWindow | null, at: number): TimeWindow {
  const to = secondAfter(at);
  return { from: range !== null && range.from < to ? range.from : to - FIRST_RANGE_MS, to };
}

/** The flag that a key goes to: the nearest whose place the playhead has not come to, in either direction. `leadMs`: so long before its time one goes there. */
export function findFlag<Flag extends { readonly at: number }>(flags: readonly Flag[], atMs: number, direction: 1 | -1, leadMs: number): Flag | undefined {
  // While it plays on from the one before, that one is no goal again for a moment.
  const placed = flags.filter(({ at }) => (direction === 1 ? at - leadMs > atMs + 250 : at - leadMs < atMs - SAME_FLAG_MS));
  return placed.reduce<Flag | undefined>((best, flag) => (best === undefined || (flag.at - best.at) * direction < 0 ? flag : best), undefined);
}
const SAME_FLAG_MS = 2_000;

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map((s) => s * 1000);

/** Ticks at round local times. `zoneOffsetMs` is local minus UTC. `everyMs` tells how fine the labels must be. */
export function ticksOf(window: TimeWindow, widthPx: number, zoneOffsetMs: number, leastGapPx = 80): { readonly everyMs: number; readonly at: readonly number[] } {
  const perPx = (window.to - window.from) / Math.max(1, widthPx);
  const everyMs = STEPS_MS.find((s) => s / perPx >= leastGapPx) ?? STEPS_MS.at(-1)!;
  const at: number[] = [];
  for (let t = Math.ceil((window.from + zoneOffsetMs) / everyMs) * everyMs - zoneOffsetMs; t <= window.to; t += everyMs) at.push(t);
  return { everyMs, at };
}

export interface Stretch<Kind> {
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
}

/** Stretches that lie closer together than `joinMs` as one. Answers what lies in the window. */
export function coverageOf(timeline: Pick<RecordingTimeline, "coverage">, window: TimeWindow, joinMs: number): Stretch<"recorded">[] {
  const out: { from: number; to: number; kind: "recorded" }[] = [];
  for (const stretch of timeline.coverage) {
    const from = Math.max(stretch.start, window.from);
    const to = Math.min(stretch.end, window.to);
    if (to <= from) continue;
    const last = out.at(-1);
    if (last !== undefined && from - last.to <= joinMs) last.to = Math.max(last.to, to);
    else out.push({ from, to, kind: "recorded" });
  }
  return out;
}
export type GapCause = RecordingTimeline["gaps"][number]["cause"];

export function gapsOf(timeline: Pick<RecordingTimeline, "gaps">, window: TimeWindow, joinMs: number): Stretch<GapCause>[] {
  const out: { from: number; to: number; kind: GapCause }[] = [];
  for (const gap of timeline.gaps.toSorted((a, b) => a.start - b.start)) {
    const from = Math.max(gap.start, window.from);
    const to = Math.min(gap.end, window.to);
    if (to <= from) continue;
    const last = out.at(-1);
    if (last !== undefined && last.kind === gap.cause && from - last.to <= joinMs) last.to = Math.max(last.to, to);
    else out.push({ from, to, kind: gap.cause });
  }
  return out;
}
export function causeAt(timeline: Pick<RecordingTimeline, "gaps">, atMs: number): GapCause | null {
  return timeline.gaps.find((g) => atMs >= g.start && atMs < g.end)?.cause ?? null;
}

/** How far the camera's clock was off then; null where it was right, or nobody knows. */
export function clockOffAt({ clockOff }: Pick<RecordingTimeline, "clockOff">, atMs: number): number | null {
  return clockOff.find(({ start, end }) => atMs >= start && atMs < end)?.offsetMs ?? null;
}

const LONGEST_VIEW_MS = 86_400_000; // [VIEW3] in accountability/SPEC.md
const QUARTER_MS = 15 * 60_000;
/** The range that thumbnails of a window are opened for: on quarters, so that small moves of the bar stay one look; a day at most, around the pointer. */
export function thumbnailRange(window: TimeWindow, at: number, now: number): TimeWindow {
  const wide = window.to - window.from > LONGEST_VIEW_MS - 2 * QUARTER_MS;
  const from = Math.floor((wide ? at - LONGEST_VIEW_MS / 2 : window.from) / QUARTER_MS) * QUARTER_MS;
  const to = Math.ceil(Math.min(wide ? at + LONGEST_VIEW_MS / 2 - QUARTER_MS : window.to, now + QUARTER_MS) / QUARTER_MS) * QUARTER_MS;
  return { from: Math.max(0, from), to: Math.max(from + QUARTER_MS, to) };
}

/** The profile as one SVG path that stands on `baseY`; steps that are not known leave a hole. */
export function activityPath(activity: Pick<RecordingActivity, "from" | "stepMs" | "values">, x: (at: number) => number, baseY: number, heightPx: number, window: TimeWindow): string {
  const { from, stepMs, values } = activity;
  const first = Math.max(0, Math.floor((window.from - from) / stepMs));
  const last = Math.min(values.length, Math.ceil((window.to - from) / stepMs));
  let path = "";
  let open = false;
  for (let i = first; i < last; i++) {
    const value = values[i];
    const left = x(from + i * stepMs);
    if (value === null || value === undefined) {
      if (open) path += `V${baseY}`;
      open = false;
      continue;
    }
    if (!open) path += `M${round(left)} ${baseY}`;
    open = true;
    path += `V${round(baseY - (value / 254) * heightPx)}H${round(x(from + (i + 1) * stepMs))}`;
  }
  return open ? `${path}V${baseY}` : path;
}
const round = (n: number): number => Math.round(n * 10) / 10;
