// The arithmetic of the time bar: zoom about a point, ticks that fall on round local times, pieces merged until they are wide enough to see.
// Pure, so that the drawing is only drawing. A chart library was considered: none knows gaps with a cause.
import type { RecordingTimeline } from "../../../src/contract/media.ts";

export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}
const SHORTEST_MS = 20_000;
const LONGEST_MS = 8 * 86_400_000;

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
  const margin = span * 0.05;
  if (atMs < window.from + margin) return panWindow(window, atMs - window.from - span * 0.3);
  if (atMs > window.to - margin) return panWindow(window, atMs - window.to + span * 0.3);
  return window;
}

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
