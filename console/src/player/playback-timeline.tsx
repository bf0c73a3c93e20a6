// The time bar under a wall: one playhead for all tiles, and the tools beside it. J K L, the arrows, comma and full stop as editors know them; I and O choose a range.
// In live mode the playhead is now and the window follows it. The drawing is timeline-track.tsx.
import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { Button, IconButton, MomentEntry, SelectField, notify } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { useKeys } from "../shell/keys.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { zoneOffsetMs } from "../../../src/base/time-zone.ts";
import { formatMoment } from "../words/zoned-time.ts";
import { useActivity } from "./activity.ts";
import { ClockOff } from "./camera-tile.tsx";
import type { WallClock } from "./clock-store.ts";
import { findNextRecorded, useCoverage } from "./coverage.ts";
import "./player.css";
import { causeAt, centreWindow, clockOffAt, dayWindow, endRangeAt, findFlag, followWindow, inWholeSeconds, startRangeAt, zoomWindow, type TimeWindow } from "./timeline-scale.ts";
import { FLAG_LEAD_MS, TimelineTrack, flagText, type TimelineFlag } from "./timeline-track.tsx";
import { SPEEDS, nextSpeed, shuttle } from "./wall-clock.ts";
import { playerWords } from "./words.ts";

export type { TimelineFlag } from "./timeline-track.tsx";
export interface PlaybackTimelineProps {
  /** The clock of the past, or null while live. */
  readonly clock: WallClock | null;
  /** The camera whose recording is drawn; null: there is none to look at, and the bar rests. */
  readonly cameraId: number | null;
  /** With it the bar shows the picture under the pointer: a look, for this reason. */
  readonly reason?: ViewReason | null;
  readonly flags?: readonly TimelineFlag[];
  /** The window shown at first; the last half hour where absent. */
  readonly initial?: TimeWindow;
  /** Told of the stretch that is shown, where that matters outside. */
  readonly onWindow?: (window: TimeWindow) => void;
  /** Somebody chose a moment; `still`: and the picture is to stand. */
  readonly onMove: (wallMs: number, still?: boolean) => void;
  readonly onLive: () => void;
  /** The chosen range; without `onRange` none can be chosen. */
  readonly range?: TimeWindow | null;
  readonly onRange?: (range: TimeWindow | null) => void;
  /** What can be done with the range. */
  readonly rangeTools?: ReactNode;
}

/** Who asks for the newest second gets this one: what is newer is still on its way to the disk, and live shows it. */
const NEWEST_MS = 4_000;
const newest = (): number => serverNow() - NEWEST_MS;
const STEP_MS = 40; // where no tile shows a picture to step from
/** A picture that stands is told to the hundredth: two pictures are 40 ms apart. */
const HEAD_EVERY_MS = 200;

export function PlaybackTimeline({ clock, cameraId, reason = null, flags = [], initial, onWindow, onMove, onLive, range = null, onRange, rangeTools }: PlaybackTimelineProps) {
  const words = useWords(playerWords);
  const causes = useWords(domainWords).gapCauses;
  const format = useFormat();
  const zone = useCityTimeZone();
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const [view, setView] = useState<TimeWindow>(() => initial ?? { from: serverNow() - 27 * 60_000, to: serverNow() + 3 * 60_000 });
  const [typing, setTyping] = useState(false);
  const [reached, setReached] = useState(""); // said to who does not see the flag
  const onView = useCallback((change: (view: TimeWindow) => TimeWindow) => setView(change), []);
  const headMs = useHead(clock);
  const speed = useSpeed(clock);
  const caughtUp = useCaughtUp(clock);
  const resting = cameraId === null;
  const coverage = useCoverage(cameraId, view);
  const activity = useActivity(cameraId, view, width);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry !== undefined && setWidth(Math.max(100, entry.contentRect.width)));
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const offsetAt = useCallback((at: number): number => zoneOffsetMs(at, zone), [zone]);
  useEffect(() => setView((v) => followWindow(v, headMs, offsetAt)), [headMs, offsetAt]);

  useEffect(() => onWindow?.(view), [onWindow, view]);

  const move = (at: number, still?: boolean): void => onMove(Math.min(newest(), at), still);
  /** As the clock has it: keys come faster than the bar is drawn. */
  const here = (): number => clock?.wallMs() ?? serverNow();
  const by = (ms: number) => () => move(here() + ms);
  const shuttleBy = (key: "j" | "k" | "l") => () => {
    if (clock === null) {
      if (key !== "l") onMove(newest(), true); // leaving live: K and J stop at this moment
      return;
    }
    clock.setSpeed(shuttle(clock.speed, key));
  };
  const step = (one: 1 | -1) => () => {
    if (clock === null) return onMove(newest(), true);
    clock.setSpeed(0);
    move((cameraId === null ? null : clock.findStep(cameraId, one)) ?? clock.wallMs() + one * STEP_MS, true);
  };
  const pauseOrPlay = (): void => (clock === null ? onMove(newest(), true) : clock.setSpeed(clock.speed === 0 ? 1 : 0));
  const showDay = (): void => setView(dayWindow(headMs, offsetAt));
  const known = coverage.state === "known" ? coverage.timeline : null;
  const gapHere = known === null ? null : causeAt(known, headMs);
  /** The next picture may lie beyond what the bar shows: then the recorder is asked. */
  const toNext = async (): Promise<void> => {
    if (gapHere === null || cameraId === null) return;
    const drawn = known?.coverage.find((s) => s.start > headMs)?.start;
    const start = drawn ?? (await findNextRecorded(cameraId, headMs, AbortSignal.timeout(10_000)));
    if (start === null) notify("off", words.bar.noNext);
    else onMove(start + 50);
  };
  const toFlag = (direction: 1 | -1): void => {
    const flag = findFlag(flags, here(), direction, FLAG_LEAD_MS);
    if (flag === undefined) return notify("off", direction === 1 ? words.bar.noFlagNext : words.bar.noFlagBefore);
    move(flag.at - FLAG_LEAD_MS);
    setReached(flagText(flag, words.bar));
  };
  const setRange = useCallback((chosen: TimeWindow | null): void => onRange?.(chosen === null ? null : inWholeSeconds(chosen)), [onRange]);
  /** Where nobody has a key to press or to hold: a minute from here on, live the last one. Its ends are then dragged. */
  const beginRange = (): void => setRange(clock === null ? endRangeAt(null, newest()) : startRangeAt(null, Math.min(here(), newest())));
  /** In a room that is not about the past, letters are that room's: at the dispatcher's desk T takes a call. */
  const letter = (keys: string) => (onRange === undefined ? {} : { keys });
  useKeys(words.bar.label, resting ? [] : [
    { keys: "j", label: words.bar.slower, run: shuttleBy("j") },
    { keys: "k", label: words.bar.stop, run: shuttleBy("k") },
    { keys: "l", label: words.bar.faster, run: shuttleBy("l") },
    { keys: "<", label: words.bar.speedDown, run: () => clock?.setSpeed(nextSpeed(clock.speed, -1)) },
    { keys: ">", label: words.bar.speedUp, run: () => clock?.setSpeed(nextSpeed(clock.speed, 1)) },
    { keys: "ArrowLeft", label: words.bar.back, run: by(-5_000) },
    { keys: "ArrowRight", label: words.bar.forward, run: by(5_000) },
    { keys: "Shift+ArrowLeft", label: words.bar.backMinute, run: by(-60_000) },
    { keys: "Shift+ArrowRight", label: words.bar.forwardMinute, run: by(60_000) },
    { keys: ",", label: words.bar.stepBack, run: step(-1) },
    { keys: ".", label: words.bar.step, run: step(1) },
    { keys: "+", label: words.bar.zoomIn, run: () => setView((v) => zoomWindow(v, headMs, 0.6)) },
    { keys: "-", label: words.bar.zoomOut, run: () => setView((v) => zoomWindow(v, headMs, 1.6)) },
    ...(onRange === undefined ? [] : [
      { keys: "t", label: words.bar.goTo, run: () => setTyping(true) },
      { keys: "d", label: words.bar.day, run: showDay },
      { keys: "n", label: words.bar.nextPicture, listed: false, run: () => void toNext() },
      ...(flags.length === 0 ? [] : [{ keys: "q", label: words.bar.flagBefore, run: () => toFlag(-1) }, { keys: "e", label: words.bar.flagNext, run: () => toFlag(1) }]),
      { keys: "i", label: words.bar.rangeFrom, run: () => setRange(startRangeAt(range, Math.min(here(), newest()))) },
      { keys: "o", label: words.bar.rangeTo, run: () => setRange(endRangeAt(range, Math.min(here(), newest()))) },
      { keys: "x", label: words.bar.rangeNone, run: () => setRange(null) },
    ]),
    { keys: "0", label: words.bar.toLive, run: onLive },
    { keys: "End", label: words.bar.toLive, run: onLive }, // a focused list keeps End for itself
  ]);

  const still = clock !== null && speed === 0;
  const said = resting ? format.date(headMs) : caughtUp ? words.bar.caughtUp : coverage.state === "none" ? words.bar.unknown : coverage.state === "broken" ? words.bar.broken : gapHere !== null ? words.gapCause(wordFor(causes, gapHere)) : format.date(headMs);
  return (
    <section className={resting ? "bar bar-resting" : "bar"} aria-label={words.bar.label}>
      {range !== null && (
        <div className="bar-range" role="group" aria-label={words.bar.range}>
          <span><b>{format.span(range.to - range.from)}</b> <span className="quiet">{words.bar.rangeText(formatMoment(range.from, zone), formatMoment(range.to, zone).slice(formatMoment(range.from, zone).slice(0, 10) === formatMoment(range.to, zone).slice(0, 10) ? 11 : 0))}</span></span>
          {rangeTools}
          <IconButton icon="close" label={words.bar.rangeNone} className="end" onPress={() => setRange(null)} />
        </div>
      )}
      <div className="bar-tools">
        <Button tone="quiet" keys={clock === null || speed !== 0 ? "k" : "l"} onPress={pauseOrPlay} isDisabled={resting}>{clock === null || speed !== 0 ? words.bar.pause : words.bar.play}</Button>
        {typing
          ? <MomentEntry label={words.bar.goTo} at={headMs} latest={serverNow} onChange={(at) => { move(at); setView((v) => centreWindow(v, at, offsetAt)); }} onClose={() => setTyping(false)} />
          : (
            <button type="button" className="bar-clock" title={`${format.exact(headMs)} · ${words.bar.goTo}`} disabled={resting} onClick={() => setTyping(true)}>
              <time>{still ? formatMoment(headMs, zone, true).slice(11) : format.time(headMs)}</time>
            </button>
          )}
        {resting ? null : clock === null ? <b className="tile-live">{words.bar.live}</b> : <Button keys="0" onPress={onLive}>{words.bar.toLive}</Button>}
        {clock !== null && !resting && (
          <div className="bar-speed"><SelectField<number> label={words.bar.speedLabel} hideLabel choices={[...(speed === 0 ? [{ id: 0, label: words.bar.paused }] : []), ...SPEEDS.map((s) => ({ id: s as number, label: words.bar.speed(format.number(s, 2)) }))]} value={speed} onChange={(s) => clock.setSpeed(s)} /></div>
        )}
        {gapHere !== null && clock !== null && <Button tone="quiet" {...letter("n")} onPress={() => void toNext()}>{words.bar.nextPicture}</Button>}
        {!resting && known !== null && <ClockOff offsetMs={clockOffAt(known, headMs)} />}
        <span className="quiet clip end bar-said" title={said} aria-live={caughtUp ? "polite" : "off"}>{said}</span>
        {onRange !== undefined && range === null && !resting && <Button tone="quiet" {...(clock === null ? {} : letter("i"))} onPress={beginRange}>{words.bar.rangeShort}</Button>}
        <Button tone="quiet" {...letter("d")} onPress={showDay} isDisabled={resting}>{words.bar.dayShort}</Button>
        <IconButton icon="minus" label={words.bar.zoomOut} isDisabled={resting} onPress={() => setView((v) => zoomWindow(v, headMs, 1.6))} />
        <IconButton icon="plus" label={words.bar.zoomIn} isDisabled={resting} onPress={() => setView((v) => zoomWindow(v, headMs, 0.6))} />
      </div>
      <TimelineTrack view={view} onView={onView} headMs={headMs} resting={resting} cameraId={cameraId} reason={reason} timeline={known} activity={activity} flags={flags} range={range} onRange={onRange === undefined ? undefined : setRange} onMove={(at) => onMove(at)} newest={newest} width={width} box={box} />
      <span className="hidden-text" role="status">{reached}</span>
    </section>
  );
}

/** Time of the playhead, renewed five times a second. */
function useHead(clock: WallClock | null): number {
  const [head, setHead] = useState(() => clock?.wallMs() ?? serverNow());
  useEffect(() => {
    const read = (): void => setHead(clock?.wallMs() ?? serverNow());
    read();
    const timer = setInterval(read, HEAD_EVERY_MS);
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
const useCaughtUp = (clock: WallClock | null): boolean => useSyncExternalStore(clock?.subscribe ?? never, () => clock?.caughtUp ?? false);
