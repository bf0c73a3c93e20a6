// The drawing of the time bar and the hand on it: what is recorded, gaps hatched with their cause, movement, holds, incidents, the chosen range, the playhead. A press
// or a drag moves the clock, with Shift it chooses a range, whose ends can be dragged; the wheel zooms about the pointer, sideways or with Shift it pans.
import { useEffect, useMemo, useRef, useState, type PointerEvent, type ReactNode, type RefObject } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import type { RecordingActivity, RecordingTimeline } from "../../../src/contract/media.ts";
import { serverNow } from "../api/now.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { zoneOffsetMs } from "../../../src/base/time-zone.ts";
import { THUMBNAIL_PX, Thumbnails, type ThumbnailState } from "./thumbnails.ts";
import { activityPath, causeAt, coverageOf, gapsOf, panWindow, ticksOf, zoomWindow, type TimeWindow } from "./timeline-scale.ts";
import { playerWords } from "./words.ts";

export interface TimelineFlag {
  readonly id: number;
  readonly at: number;
  readonly number: number;
  readonly what: string;
  /** Others of about the same time that have none of their own. */
  readonly more?: number;
}
interface TrackProps {
  readonly view: TimeWindow;
  readonly onView: (change: (view: TimeWindow) => TimeWindow) => void;
  readonly headMs: number;
  readonly resting: boolean;
  readonly cameraId: number | null;
  readonly reason: ViewReason | null;
  readonly timeline: RecordingTimeline | null;
  readonly activity: RecordingActivity | null;
  readonly flags: readonly TimelineFlag[];
  readonly range: TimeWindow | null;
  readonly onRange: ((range: TimeWindow | null) => void) | undefined;
  readonly onMove: (wallMs: number) => void;
  readonly newest: () => number;
  readonly width: number;
  readonly box: RefObject<HTMLDivElement | null>;
}

const ROW_Y = 10;
const ROW_H = 24;
const HEIGHT = 60;
/** A range is chosen by a drag of so much; less is a slip of the hand. */
const LEAST_DRAG_PX = 4;
const HANDLE_PX = 5;
const EDGE_PX = 36; // a label nearer to the edge would be cut
/** Who goes to an incident sees what came before the call. */
export const FLAG_LEAD_MS = 5_000;
interface FlagWords {
  readonly flag: (number: string, what: string) => string;
  readonly flagMore: (n: number) => string;
}
export const flagText = ({ number, what, more = 0 }: TimelineFlag, words: FlagWords): string => `${words.flag(String(number), what)}${more === 0 ? "" : words.flagMore(more)}`;
type Drag = { readonly kind: "head" } | { readonly kind: "range"; readonly fixed: number };

export function TimelineTrack(props: TrackProps) {
  const { view, onView, headMs, resting, timeline, activity, flags, range, onRange, onMove, newest, width, box } = props;
  const words = useWords(playerWords);
  const causes = useWords(domainWords).gapCauses;
  const format = useFormat();
  const zone = useCityTimeZone();
  const [pointerShare, setPointerShare] = useState<number | null>(null); // of the bar's width: the bar may move on under a hand that rests
  const drag = useRef<Drag | null>(null);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    // React's wheel listener is passive and could not stop the page from scrolling.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, width: w } = element.getBoundingClientRect();
      const share = (event.clientX - left) / w;
      onView((v) => {
        const span = v.to - v.from;
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return panWindow(v, ((event.deltaX || event.deltaY) / w) * span);
        return zoomWindow(v, v.from + share * span, Math.exp(Math.max(-80, Math.min(80, event.deltaY)) * 0.004));
      });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [box, onView]);

  const span = view.to - view.from;
  const pointer = pointerShare === null ? null : Math.min(newest(), view.from + pointerShare * span);
  const x = (t: number): number => ((t - view.from) / span) * width;
  const timeAt = (event: PointerEvent): number => {
    const { left, width: w } = event.currentTarget.getBoundingClientRect();
    return Math.min(newest(), view.from + ((event.clientX - left) / w) * span);
  };
  const recorded = useMemo(() => (timeline === null ? [] : coverageOf(timeline, view, span / width)), [timeline, view, span, width]);
  const gaps = useMemo(() => (timeline === null ? [] : gapsOf(timeline, view, span / width)), [timeline, view, span, width]);
  const ticks = useMemo(() => ticksOf(view, width, zoneOffsetMs(view.from, zone)), [view, width, zone]);
  const nowMs = serverNow();
  const clip = (from: number, to: number) => ({ x: Math.max(-2, x(from)), width: Math.max(1, Math.min(width + 2, x(to)) - Math.max(-2, x(from))) });
  // Dates stand at midnight, where a day's bar would else not say which day it is.
  const tickText = (t: number): string => (ticks.everyMs < 60_000 ? format.time(t) : (t + zoneOffsetMs(t, zone)) % 86_400_000 === 0 ? format.date(t) : format.minute(t));

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (resting || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = timeAt(event);
    const px = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const end = range === null || onRange === undefined ? undefined : ([[range.from, range.to], [range.to, range.from]] as const).find(([edge]) => Math.abs(x(edge) - px) <= HANDLE_PX);
    if (end !== undefined) drag.current = { kind: "range", fixed: end[1] };
    else if (event.shiftKey && onRange !== undefined) drag.current = { kind: "range", fixed: at };
    else {
      drag.current = { kind: "head" };
      onMove(at);
    }
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (resting) return;
    const at = timeAt(event);
    const { left, width: w } = event.currentTarget.getBoundingClientRect();
    setPointerShare((event.clientX - left) / w);
    const held = drag.current;
    if (held?.kind === "head") onMove(at);
    else if (held?.kind === "range" && Math.abs(x(at) - x(held.fixed)) >= LEAST_DRAG_PX) onRange?.({ from: Math.min(at, held.fixed), to: Math.max(at, held.fixed) });
  };
  const drop = (): void => void (drag.current = null);

  return (
    <div
      ref={box} className="bar-track" role="slider" tabIndex={resting ? -1 : 0} aria-disabled={resting} aria-label={words.bar.label} aria-valuemin={Math.round(view.from)} aria-valuemax={Math.round(view.to)} aria-valuenow={Math.round(headMs)} aria-valuetext={format.exact(headMs)}
      onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={drop} onPointerCancel={drop} onPointerLeave={() => setPointerShare(null)}
    >
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <defs>
          <pattern id="bar-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" fill="var(--surface-2)" />
            <rect width="2" height="6" fill="var(--line-strong)" />
          </pattern>
        </defs>
        <rect className="bar-ground" x={0} y={ROW_Y} width={width} height={ROW_H} />
        {gaps.map((g) => <rect key={`g${g.from}`} className="bar-gap" data-cause={g.kind} {...clip(g.from, g.to)} y={ROW_Y} height={ROW_H} />)}
        {recorded.map((r) => <rect key={r.from} className="bar-recorded" {...clip(r.from, r.to)} y={ROW_Y} height={ROW_H} />)}
        {activity !== null && <path className="bar-activity" d={activityPath(activity, x, ROW_Y + ROW_H, ROW_H - 3, view)} />}
        {(timeline?.holds ?? []).filter((h) => h.end > view.from && h.start < view.to).map((h) => <rect key={`h${h.id}`} className="bar-hold" {...clip(h.start, h.end)} y={ROW_Y + ROW_H + 1} height={3} />)}
        {view.to > nowMs && <rect className="bar-future" {...clip(nowMs, view.to)} y={ROW_Y} height={ROW_H} />}
        {range !== null && <rect className="bar-range-fill" {...clip(range.from, range.to)} y={ROW_Y - 4} height={ROW_H + 8} />}
        {range !== null && [range.from, range.to].map((edge, i) => <rect key={i} className="bar-range-edge" x={x(edge) - 1.5} width={3} y={ROW_Y - 4} height={ROW_H + 8} />)}
        {ticks.at.map((t) => (
          <g key={t}>
            <line className="bar-tick" x1={x(t)} x2={x(t)} y1={ROW_Y + ROW_H} y2={ROW_Y + ROW_H + 6} />
            {x(t) > EDGE_PX && x(t) < width - EDGE_PX && <text x={x(t)} y={HEIGHT - 8} textAnchor="middle">{tickText(t)}</text>}
          </g>
        ))}
        {flags.filter((f) => f.at >= view.from && f.at <= view.to).map((f) => (
          <path key={f.id} className="bar-flag" d={`M${x(f.at)} ${ROW_Y + ROW_H}V1h11l-3 4.5 3 4.5h-9.5`} onPointerDown={(event) => { event.stopPropagation(); onMove(f.at - FLAG_LEAD_MS); }}><title>{flagText(f, words.bar)}</title></path>
        ))}
        {pointer !== null && <line className="bar-hover" x1={x(pointer)} x2={x(pointer)} y1={0} y2={ROW_Y + ROW_H} />}
        {!resting && <line className="bar-head" x1={x(headMs)} x2={x(headMs)} y1={0} y2={ROW_Y + ROW_H + 4} />}
      </svg>
      <TrackTip {...props} pointer={pointer} perPx={span / width} place={pointer === null ? 0 : x(pointer)} cause={pointer === null || timeline === null ? null : causeAt(timeline, pointer)} held={pointer !== null && (timeline?.holds ?? []).some((h) => pointer >= h.start && pointer < h.end)} causeWords={causes} />
    </div>
  );
}

/** Above the whole bar, so that it never lies over the clock: the moment under the pointer, its picture, and why there is none. */
function TrackTip({ pointer, perPx, place, width, view, cause, held, causeWords, cameraId, reason }: TrackProps & {
  readonly pointer: number | null; readonly perPx: number; readonly place: number; readonly cause: string | null; readonly held: boolean; readonly causeWords: Readonly<Record<string, string>>;
}) {
  const words = useWords(playerWords).bar;
  const format = useFormat();
  const canvas = useRef<HTMLCanvasElement>(null);
  const thumbnails = useRef<Thumbnails | null>(null);
  const [state, setState] = useState<ThumbnailState>({ state: "off" });
  const reasonKey = reason === null ? null : JSON.stringify(reason);
  useEffect(() => {
    if (cameraId === null || reasonKey === null || canvas.current === null) return;
    const made = new Thumbnails(cameraId, JSON.parse(reasonKey) as ViewReason, canvas.current, (next) => setState((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next)));
    thumbnails.current = made;
    return () => {
      thumbnails.current = null;
      made.close();
    };
  }, [cameraId, reasonKey]);
  const wanted = pointer !== null && cause === null;
  useEffect(() => {
    if (wanted) thumbnails.current?.want(Math.round(pointer), view, Math.max(500, perPx * 3));
    else thumbnails.current?.leave();
  }, [wanted, wanted ? Math.round(pointer / Math.max(200, perPx)) : 0]);

  const pictured = reasonKey !== null && cameraId !== null && cause === null && pointer !== null && (state.state === "shown" || state.state === "waiting");
  const half = pictured ? THUMBNAIL_PX / 2 + 6 : 70;
  const notes: ReactNode[] = [];
  if (cause !== null) notes.push(wordFor(causeWords, cause));
  if (held) notes.push(words.held);
  if (cause === null && reasonKey !== null && state.state === "unable") notes.push(state.codec === null ? words.noThumbnails : words.noThumbnailsOf(state.codec));
  return (
    <div className="bar-tip" hidden={pointer === null} style={{ insetInlineStart: Math.min(width - half, Math.max(half, place)) }}>
      <canvas ref={canvas} className={state.state === "shown" ? "" : "bar-thumb-waiting"} width={THUMBNAIL_PX} height={117} hidden={!pictured} aria-hidden="true" />
      {pointer !== null && <span>{[format.time(pointer), ...notes].map((part, i) => <span key={i}>{i > 0 && " · "}{part}</span>)}</span>}
    </div>
  );
}
