// One camera on a screen: its picture and the truth about it. The head and the foot stand outside the picture, since the picture carries the
// camera's own clock. The video element stays the same through live, past and back, so that nothing flashes on the change.
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { Camera, ViewReason } from "../../../src/contract/cameras.ts";
import { CLOCK_OFF_MS } from "../../../src/contract/media.ts";
import { useNow } from "../api/now.ts";
import { useLive } from "../api/live-link.ts";
import { IconButton } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { wordFor } from "../words/catalogue.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import type { WallClock } from "./clock-store.ts";
import { titleOf } from "./camera-title.ts";
import { playLive } from "./live-player.ts";
import { playPast } from "./past-player.ts";
import "./player.css";
import { type SoundState, playSound } from "./sound-player.ts";
import { NO_FIGURES, type StreamNote, type TileFigures, type TilePlayer, type TileStatus } from "./status.ts";
import { playerWords } from "./words.ts";

export type TileMode =
  | { readonly kind: "live" }
  /** `range`: what the view is asked for; null asks for the hour around the clock. */
  | { readonly kind: "past"; readonly clock: WallClock; readonly range: { readonly from: number; readonly to: number } | null };

export interface CameraTileProps {
  readonly cameraId: number;
  readonly code: string;
  readonly name: string;
  readonly place?: string;
  readonly reason: ViewReason;
  readonly mode: TileMode;
  /** Why it is there: "sees the spot, 38 m, clear". */
  readonly caption?: ReactNode;
  /** strip: a thumbnail with two lines of text; wall: everything. */
  readonly size?: "strip" | "wall";
  readonly hasAddress?: boolean;
  readonly health?: Camera["health"];
  readonly selected?: boolean;
  readonly onSelect?: () => void;
  readonly onFill?: () => void;
  readonly onRemove?: () => void;
  /** Tells the wall which state the tile is in. */
  readonly onStatus?: (status: TileStatus) => void;
  /** Where its sound may be heard: whether it is, and how that is changed. */
  readonly sound?: { readonly on: boolean; readonly toggle: () => void };
}

export function CameraTile(props: CameraTileProps) {
  const { cameraId, code, name, place, reason, mode, caption, size = "wall", hasAddress = true, selected = false, onSelect, onFill, onRemove, onStatus } = props;
  const words = useWords(playerWords);
  const video = useRef<HTMLVideoElement>(null);
  const player = useRef<TilePlayer | null>(null);
  const [status, setStatus] = useState<TileStatus>({ state: "asking" });
  const [details, setDetails] = useState(false);
  const reasonKey = JSON.stringify(reason);
  const clock = mode.kind === "past" ? mode.clock : null;
  const range = mode.kind === "past" ? mode.range : null;
  const told = useRef(onStatus);
  told.current = onStatus;

  useEffect(() => {
    if (!hasAddress || video.current === null) return;
    const hear = (next: TileStatus): void => {
      setStatus(next);
      told.current?.(next);
    };
    hear({ state: "asking" });
    const why = JSON.parse(reasonKey) as ViewReason;
    const playing = clock === null ? playLive(video.current, cameraId, why, hear) : playPast(video.current, cameraId, why, clock, { onStatus: hear, range: range === null ? null : { from: range.from, to: range.to } });
    player.current = playing;
    return () => {
      player.current = null;
      playing.destroy();
    };
  }, [cameraId, reasonKey, clock, range?.from, range?.to, hasAddress]);

  const figures = useFigures(player, size === "wall" ? 500 : 1_000);
  const title = titleOf(name);
  const why = useReasonText(reason);
  const shows = status.state === "playing" && hasAddress;
  const stale = status.state === "playing" && status.stale;
  return (
    <figure
      className={`tile tile-${size} ${caption === undefined ? "tile-uncaptioned" : ""} ${selected ? "tile-selected" : ""} ${stale ? "tile-stale" : ""}`} data-state={hasAddress ? status.state : "no-address"} data-tile-camera={cameraId}
      role="group" aria-label={`${name}, ${code}`} aria-current={selected} tabIndex={onSelect === undefined ? undefined : 0}
      onClick={onSelect} onDoubleClick={onFill} onFocus={(event) => event.target === event.currentTarget && onSelect?.()}
    >
      <figcaption className="tile-head">
        <span className="clip grow" title={place === undefined ? `${name} · ${code}` : `${name} · ${code} · ${place}`}>
          {code !== "" && <span className="tile-code quiet">{code} </span>}
          <b>{title.lead}</b>
          {(title.rest !== null || (place !== undefined && !name.startsWith(place))) && <span className="quiet"> {title.rest ?? place}</span>}
        </span>
        {props.sound !== undefined && hasAddress && <SoundButton cameraId={cameraId} reasonKey={reasonKey} clock={clock} player={player} on={props.sound.on} toggle={props.sound.toggle} />}
        {hasAddress && <ClockOff offsetMs={clock === null ? (props.health?.figures?.clockOffsetMs ?? null) : shows ? figures.clockOffMs : null} />}
        <TileTime mode={mode.kind} status={status} figures={figures} hasAddress={hasAddress} />
        {size === "wall" && hasAddress && <IconButton icon="chart" label={words.details} aria-pressed={details} onPress={() => setDetails(!details)} className="tile-tool" />}
        {onFill !== undefined && <IconButton icon="target" label={words.fill} onPress={onFill} className="tile-tool" />}
        {onRemove !== undefined && <IconButton icon="close" label={words.remove} onPress={onRemove} className="tile-tool" />}
      </figcaption>
      <div className="tile-picture">
        <video ref={video} data-camera-id={cameraId} muted playsInline disablePictureInPicture aria-label={name} className={shows ? "" : "tile-blank"} />
        {!shows && <TileNotice {...props} status={status} />}
        {shows && figures.note !== null && <p className="tile-note" role="status">{noteText(figures.note, words)}</p>}
        {details && <TileDetails figures={figures} />}
      </div>
      <div className="tile-foot">
        <span className="grow tile-why" title={caption === undefined ? why : typeof caption === "string" ? caption : undefined}>{caption ?? why}</span>
        {caption !== undefined && size === "wall" && <span className="clip quiet" title={why}>{why}</span>}
      </div>
    </figure>
  );
}

const SLOW_WORDS = { main: { late: "noteSlow", keys: "noteKeyFrames" }, sub: { late: "noteSlowSub", keys: "noteKeyFramesSub" } } as const;
const noteText = (note: StreamNote, words: (typeof playerWords)["en"]): string => (note.why === "codec" ? words.noteCodec(note.codec) : words[SLOW_WORDS[note.stream][note.keyFramesOnly ? "keys" : "late"]]);

/** Where the clock in the picture contradicts ours. */
export function ClockOff({ offsetMs }: { readonly offsetMs: number | null }) {
  const words = useWords(playerWords).clockOff;
  const format = useFormat();
  if (offsetMs === null || Math.abs(offsetMs) < CLOCK_OFF_MS) return null;
  const span = format.age(Math.round(Math.abs(offsetMs) / 1_000) * 1_000);
  return <span className="tile-clock mean-decide" title={words.more(span)}>{offsetMs < 0 ? words.slow(span) : words.fast(span)}</span>;
}

/** A loudspeaker that says whether anything is heard, and why not. Its look lasts as long as it is pressed. */
function SoundButton({ cameraId, reasonKey, clock, player, on, toggle }: { readonly cameraId: number; readonly reasonKey: string; readonly clock: WallClock | null; readonly player: { readonly current: TilePlayer | null }; readonly on: boolean; readonly toggle: () => void }) {
  const words = useWords(playerWords).sound;
  const [state, setState] = useState<SoundState>("asking");
  useEffect(() => {
    if (!on) return;
    setState("asking");
    const sound = playSound({ cameraId, reason: JSON.parse(reasonKey) as ViewReason, clock, pictureMs: () => (clock === null ? (player.current?.figures().pictureWallMs ?? null) : clock.wallMs()), onState: setState });
    return () => sound.destroy();
  }, [on, cameraId, reasonKey, clock, player]);
  const label = on ? `${words.off}. ${words.states[state]}` : words.on;
  return (
    <>
      {on && state !== "heard" && <span className="tile-sound-why clip" role="status">{words.states[state]}</span>}
      <IconButton icon={on && state === "heard" ? "sound" : "mute"} label={label} aria-pressed={on} onPress={toggle} className="tile-tool tile-sound" data-sound={on ? state : "off"} />
    </>
  );
}

/** "Patrol: evening round", "Incident 1042". */
export function ReasonText({ reason }: { readonly reason: ViewReason }) {
  return <>{useReasonText(reason)}</>;
}
function useReasonText(reason: ViewReason): string {
  const words = useWords(playerWords);
  const number = useLive((s) => (reason.purpose === "incident" ? s.incidents.get(reason.incidentId)?.number : undefined));
  const { purposes } = useWords(domainWords);
  if (reason.purpose === "incident") return number === undefined ? purposes.incident : words.reasonIncident(String(number));
  if (reason.purpose === "call") return words.reasonCall;
  return `${wordFor(purposes, reason.purpose)}: ${reason.words}`;
}

function useFigures(player: { readonly current: TilePlayer | null }, everyMs: number): TileFigures {
  const [figures, setFigures] = useState(NO_FIGURES);
  useEffect(() => {
    const timer = setInterval(() => setFigures(player.current?.figures() ?? NO_FIGURES), everyMs);
    return () => clearInterval(timer);
  }, [player, everyMs]);
  return figures;
}

function TileTime({ mode, status, figures, hasAddress }: { readonly mode: TileMode["kind"]; readonly status: TileStatus; readonly figures: TileFigures; readonly hasAddress: boolean }) {
  const words = useWords(playerWords);
  const format = useFormat();
  if (!hasAddress || figures.pictureWallMs === null) return null;
  if (mode === "past" && status.state !== "playing") return null; // the last picture's time would contradict the time bar
  if (mode === "past") return <time className="tile-time">{format.time(figures.pictureWallMs)}</time>;
  const late = figures.latencyMs ?? 0;
  if (status.state === "playing" && !status.stale && late < 5_000)
    return <span className="tile-time tile-live" title={`${format.exact(figures.pictureWallMs)} · ${words.behind(format.number(late / 1000, 1))}`}>{words.live}</span>;
  return <span className="tile-time mean-decide">{format.age(late)}</span>;
}

function TileDetails({ figures: f }: { readonly figures: TileFigures }) {
  const words = useWords(playerWords).figures;
  const format = useFormat();
  const rows: readonly (readonly [string, ReactNode])[] = [
    [words.picture, f.pictureWallMs === null ? "–" : format.exact(f.pictureWallMs)],
    ...(f.latencyMs === null ? [] : [[words.latency, `${format.number(f.latencyMs / 1000, 2)} s`] as const]),
    [words.codec, f.codec ?? "–"],
    ...(f.stream === null ? [] : [[words.stream, words.streams[f.stream]] as const]),
    [words.size, f.width === null ? "–" : `${f.width} × ${f.height}`],
    [words.rate, f.bitsPerSecond === null ? "–" : `${format.number(f.bitsPerSecond / 1e6, 2)} Mbit/s`],
    ...(f.framesPerSecond === null ? [] : [[words.frames, format.number(f.framesPerSecond, 1)] as const]),
    [words.dropped, format.number(f.droppedFrames)],
  ];
  return (
    <dl className="tile-details">
      {rows.map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="clip">{value}</dd></div>)}
    </dl>
  );
}

/** What stands in place of the picture. */
function TileNotice({ status, hasAddress = true, health, size, mode }: CameraTileProps & { readonly status: TileStatus }) {
  const words = useWords(playerWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const reasons = { ...domain.cameraProblems, ...words.reasons };
  if (!hasAddress) return <Notice title={words.noAddress} more={size === "strip" ? null : words.noAddressDo} />;
  // The register's word on the camera and the recorder's on this picture may be the same one: it is said once, with its age.
  const failing = health?.state === "failing" && health.problem !== null ? `${wordFor(reasons, health.problem.code)}${health.since === null ? "" : ` ${words.since(format.age(now - health.since))}`}` : null;
  switch (status.state) {
    case "playing":
      return null;
    case "asking":
    case "connecting":
      return <div className="tile-notice" role="status"><div className="tile-skeleton" /><p className="quiet">{status.state === "asking" ? words.asking : words.connecting}</p>{failing !== null && <p className="mean-decide">{failing}</p>}</div>;
    case "waiting":
      return <Notice tone="decide" title={failing ?? wordFor(reasons, typeof status.reason.params["problem"] === "string" ? status.reason.params["problem"] : status.reason.code)} more={`${failing === null ? `${words.since(format.age(now - status.sinceMs))}. ` : ""}${words.retrying}`} />;
    case "gap":
      return <Notice title={status.cause === null ? words.gap : words.gapCause(wordFor(domain.gapCauses, status.cause))} more={status.nextWallMs === null ? null : words.gapNext(format.time(status.nextWallMs))} />;
    case "writing":
      return <div className="tile-notice" role="status"><div className="tile-skeleton" /><p className="quiet">{words.writing}</p></div>;
    case "refused":
      return health?.problem?.code === status.reason.code && failing !== null ? <Notice tone="decide" title={failing} more={null} /> : <Notice tone="decide" title={wordFor(reasons, status.reason.code)} more={failing} />;
    case "unsupported":
      return <Notice tone="decide" title={words.unsupported(status.codec)} more={size === "strip" ? null : mode.kind === "past" ? words.unsupportedPastDo : words.unsupportedDo} />;
    case "forbidden":
      return <Notice title={words.forbidden} more={words.forbiddenDo} />;
  }
}
function Notice({ title, more, tone }: { readonly title: string; readonly more: string | null; readonly tone?: string }) {
  return (
    <div className="tile-notice" role="status">
      <p className={tone === undefined ? "" : `mean-${tone}`}>{title}</p>
      {more !== null && <p className="quiet">{more}</p>}
    </div>
  );
}
