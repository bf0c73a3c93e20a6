// The time bar under a wall: what is recorded, gaps hatched with their cause in words, incidents as flags, one playhead for all tiles. Drag to
// scrub, wheel to zoom about the pointer, J K L and the arrows as editors know them. In live mode the playhead is now and the window follows it.
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type PointerEvent } from "react";
import { serverNow } from "../api/now.ts";
import { Button, IconButton } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { useKeys } from "../shell/keys.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import type { WallClock } from "./clock-store.ts";
import { useCoverage } from "./coverage.ts";
import "./player.css";
import { causeAt, coverageOf, gapsOf, keepInSight, panWindow, ticksOf, zoomWindow, type TimeWindow } from "./timeline-scale.ts";
import { shuttle } from "./wall-clock.ts";
import { playerWords } from "./words.ts";

export interface TimelineFlag {
  readonly id: number;
  readonly at: number;
  readonly number: number;
  readonly what: string;
}
export interface PlaybackTimelineProps {
  /** The clock of the past, or null while live. */
  readonly clock: WallClock | null;
  /** The camera whose recording is drawn; null: there is none to look at, and the bar rests. */
  readonly cameraId: number | null;
  readonly flags?: readonly TimelineFlag[];
  /** The window shown at first; the last half hour where absent. */
  readonly initial?: TimeWindow;
  /** Somebody chose a moment; `still`: and the picture is to stand. */
  readonly onMove: (wallMs: number, still?: boolean) => void;
  readonly onLive: () => void;
  /** How long a frame is, for stepping; 40 ms where unknown. */
  readonly frameMs?: number;
}

/** Who asks for the newest second gets this one: what is newer is still on its way to the disk, and live shows it. */
const NEWEST_MS = 4_000;
const ROW_Y = 6;
const ROW_H = 24;
const HEIGHT = 56;

export function PlaybackTimeline({ clock, cameraId, flags = [], initial, onMove, onLive, frameMs = 40 }: PlaybackTimelineProps) {
  const words = useWords(playerWords);
  const causes = useWords(domainWords).gapCauses;
  const format = useFormat();
  const zone = useCityTimeZone();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const [view, setView] = useState<TimeWindow>(() => initial ?? { from: serverNow() - 27 * 60_000, to: serverNow() + 3 * 60_000 });
  const [pointer, setPointer] = useState<number | null>(null);
  const dragging = useRef(false);
  const headMs = useHead(clock);
  const speed = useSpeed(clock);
  const nowMs = serverNow();
  const resting = cameraId === null;
  const coverage = useCoverage(cameraId, view);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry !== undefined && setWidth(Math.max(100, entry.contentRect.width)));
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!dragging.current) setView((v) => keepInSight(v, headMs));
  }, [headMs]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    // React's wheel listener is passive and could not stop the page from scrolling.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, width: w } = element.getBoundingClientRect();
      const share = (event.clientX - left) / w;
      setView((v) => {
        const span = v.to - v.from;
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return panWindow(v, ((event.deltaX || event.deltaY) / w) * span);
        return zoomWindow(v, v.from + share * span, Math.exp(Math.max(-80, Math.min(80, event.deltaY)) * 0.004));
      });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, []);

  const span = view.to - view.from;
  const x = (t: number): number => ((t - view.from) / span) * width;
  const timeAt = (event: PointerEvent): number => {
    const { left, width: w } = event.currentTarget.getBoundingClientRect();
    return Math.min(serverNow() - NEWEST_MS, view.from + ((event.clientX - left) / w) * span);
  };
  const known = coverage.state === "known" ? coverage.timeline : null;
  const recorded = useMemo(() => (known === null ? [] : coverageOf(known, view, span / width)), [known, view, span, width]);
  const gaps = useMemo(() => (known === null ? [] : gapsOf(known, view, span / width)), [known, view, span, width]);
  const ticks = useMemo(() => ticksOf(view, width, zoneOffsetMs(view.from, zone)), [view, width, zone]);

  const by = (ms: number) => () => onMove(Math.min(serverNow() - NEWEST_MS, headMs + ms));
  const shuttleBy = (key: "j" | "k" | "l") => () => {
    if (clock === null) {
      if (key !== "l") onMove(serverNow() - NEWEST_MS, true); // leaving live: K and J stop at this moment
      return;
    }
    clock.setSpeed(shuttle(clock.speed, key));
  };
  const step = (frames: number) => () => {
    clock?.setSpeed(0);
    onMove(headMs + frames * frameMs, true);
  };
  const pauseOrPlay = (): void => (clock === null ? onMove(serverNow() - NEWEST_MS, true) : clock.setSpeed(clock.speed === 0 ? 1 : 0));
  useKeys(words.bar.label, resting ? [] : [
    { keys: "j", label: words.bar.slower, run: shuttleBy("j") },
    { keys: "k", label: words.bar.stop, run: shuttleBy("k") },
    { keys: "l", label: words.bar.faster, run: shuttleBy("l") },
    { keys: "ArrowLeft", label: words.bar.back, run: by(-5_000) },
    { keys: "ArrowRight", label: words.bar.forward, run: by(5_000) },
    { keys: "Shift+ArrowLeft", label: words.bar.backMinute, run: by(-60_000) },
    { keys: "Shift+ArrowRight", label: words.bar.forwardMinute, run: by(60_000) },
    { keys: ",", label: words.bar.stepBack, run: step(-1) },
    { keys: ".", label: words.bar.step, run: step(1) },
    { keys: "+", label: words.bar.zoomIn, run: () => setView((v) => zoomWindow(v, headMs, 0.6)) },
    { keys: "-", label: words.bar.zoomOut, run: () => setView((v) => zoomWindow(v, headMs, 1.6)) },
    { keys: "0", label: words.bar.toLive, run: onLive },
    { keys: "End", label: words.bar.toLive, run: onLive }, // a focused list keeps End for itself
  ]);

  const gapHere = known === null ? null : causeAt(known, headMs);
  const next = gapHere === null ? undefined : known?.coverage.find((s) => s.start > headMs);
  const tip = pointer === null ? null : known === null ? format.time(pointer) : [format.time(pointer), causeAt(known, pointer)].map((part, i) => (i === 1 && part !== null ? wordFor(causes, part) : part)).filter((part) => part !== null).join(" · ");
  return (
    <section className={resting ? "bar bar-resting" : "bar"} aria-label={words.bar.label}>
      <div className="bar-tools">
        <Button tone="quiet" keys={clock === null || speed > 0 ? "k" : "l"} onPress={pauseOrPlay} isDisabled={resting}>{clock === null || speed > 0 ? words.bar.pause : words.bar.play}</Button>
        <time className="bar-clock" title={format.exact(headMs)}>{format.time(headMs)}</time>
        {resting ? null : clock === null ? <b className="tile-live">{words.bar.live}</b> : <Button keys="0" onPress={onLive}>{words.bar.toLive}</Button>}
        {clock !== null && speed !== 1 && speed !== 0 && <span className="quiet">{words.bar.speed(format.number(speed, 1))}</span>}
        {next !== undefined && clock !== null && <Button tone="quiet" onPress={() => onMove(next.start + 50)}>{words.bar.nextPicture}</Button>}
        <span className="quiet clip end">{resting ? words.bar.empty : coverage.state === "none" ? words.bar.unknown : coverage.state === "broken" ? words.bar.broken : gapHere !== null ? words.gapCause(wordFor(causes, gapHere)) : format.date(headMs)}</span>
        <IconButton icon="minus" label={words.bar.zoomOut} isDisabled={resting} onPress={() => setView((v) => zoomWindow(v, headMs, 1.6))} />
        <IconButton icon="plus" label={words.bar.zoomIn} isDisabled={resting} onPress={() => setView((v) => zoomWindow(v, headMs, 0.6))} />
      </div>
      <div
        ref={box} className="bar-track" role="slider" tabIndex={resting ? -1 : 0} aria-disabled={resting} aria-label={words.bar.label} aria-valuemin={Math.round(view.from)} aria-valuemax={Math.round(view.to)} aria-valuenow={Math.round(headMs)} aria-valuetext={format.exact(headMs)}
        onPointerDown={(event) => {
          if (resting) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          dragging.current = true;
          onMove(timeAt(event));
        }}
        onPointerMove={(event) => {
          if (resting) return;
          setPointer(timeAt(event));
          if (dragging.current) onMove(timeAt(event));
        }}
        onPointerUp={() => (dragging.current = false)} onPointerCancel={() => (dragging.current = false)} onPointerLeave={() => setPointer(null)}
      >
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <defs>
            <pattern id="bar-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="6" height="6" fill="var(--surface-2)" />
              <rect width="2" height="6" fill="var(--line-strong)" />
            </pattern>
          </defs>
          <rect className="bar-ground" x={0} y={ROW_Y} width={width} height={ROW_H} />
          {gaps.map((g) => <rect key={`g${g.from}`} className="bar-gap" x={x(g.from)} y={ROW_Y} width={Math.max(1, x(g.to) - x(g.from))} height={ROW_H}><title>{words.gapCause(wordFor(causes, g.kind))}</title></rect>)}
          {recorded.map((r) => <rect key={r.from} className="bar-recorded" x={x(r.from)} y={ROW_Y} width={Math.max(1, x(r.to) - x(r.from))} height={ROW_H} />)}
          {view.to > nowMs && <rect className="bar-future" x={x(nowMs)} y={ROW_Y} width={Math.max(0, width - x(nowMs))} height={ROW_H} />}
          {ticks.at.map((t) => (
            <g key={t}>
              <line className="bar-tick" x1={x(t)} x2={x(t)} y1={ROW_Y + ROW_H} y2={ROW_Y + ROW_H + 6} />
              <text x={x(t)} y={HEIGHT - 8} textAnchor="middle">{ticks.everyMs < 60_000 ? format.time(t) : format.minute(t)}</text>
            </g>
          ))}
          {flags.filter((f) => f.at >= view.from && f.at <= view.to).map((f) => (
            <path key={f.id} className="bar-flag" d={`M${x(f.at)} ${ROW_Y + ROW_H}V0h11l-3 4.5 3 4.5h-9.5`} onPointerDown={(event) => { event.stopPropagation(); onMove(f.at - 5_000); }}><title>{words.bar.flag(String(f.number), f.what)}</title></path>
          ))}
          {pointer !== null && <line className="bar-hover" x1={x(pointer)} x2={x(pointer)} y1={0} y2={ROW_Y + ROW_H} />}
          {!resting && <line className="bar-head" x1={x(headMs)} x2={x(headMs)} y1={0} y2={ROW_Y + ROW_H + 4} />}
        </svg>
        {tip !== null && pointer !== null && <span className="bar-tip" style={{ insetInlineStart: Math.min(width - 60, Math.max(60, x(pointer))) }}>{tip}</span>}
      </div>
    </section>
  );
}

/** Time of the playhead, renewed five times a second. */
function useHead(clock: WallClock | null): number {
  const [head, setHead] = useState(() => clock?.wallMs() ?? serverNow());
  useEffect(() => {
    const read = (): void => setHead(clock?.wallMs() ?? serverNow());
    read();
    const timer = setInterval(read, 200);
    const stop = clock?.subscribe(read);
    return () => {
      clearInterval(timer);
      stop?.();
    };
  }, [clock]);
  return head;
}
const never = (): (() => void) => () => {};
const useSpeed = (clock: WallClock | null): number => useSyncExternalStore(clock?.subscribe ?? never, () => clock?.speed ?? 1);

/** Local time less UTC of an IANA zone at a moment, in ms. */
function zoneOffsetMs(at: number, timeZone: string): number {
  const name = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" }).formatToParts(at).find((p) => p.type === "timeZoneName")?.value ?? "GMT";
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):?(\d\d)?/.exec(name) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
}
