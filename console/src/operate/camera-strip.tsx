// The cameras that see the place, already playing from before the call, each saying why it is there; those whose recordings do not reach back to then are live. What the eye finds goes into the timeline by one press or key.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, EmptyState, PanelHead, Skeleton } from "../design/index.ts";
import { ExportDialog } from "../evidence/export-dialog.tsx";
import { KeepDialog } from "../evidence/keep-dialog.tsx";
import { CameraTile, PlaybackTimeline, WallClock, type TileMode } from "../player/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useMay } from "../shell/session.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useReasonText } from "./reason-text.ts";
import { useSeeing } from "./seeing.ts";
import { selectCamera, setPast, useOperate, WITHOUT_CALL } from "./store.ts";
import { reachesBack, stripBegin, type KnownPast } from "./strip-start.ts";
import type { IncidentView } from "./tones.ts";
import { operateWords } from "./words.ts";
import { useVerdictKeys, Verdict, VerdictHint, type JudgedFor } from "./verdict.tsx";

const DAY_MS = 86_400_000;
const LIVE: TileMode = { kind: "live" };
const beforeCall = (firstContactAt: number): WallClock => new WallClock(stripBegin(Math.min(firstContactAt, serverNow())), 1, serverNow);
/** A call or incident as young as this is looked at from before it began; later what is there now counts. */
const FRESH_MS = 600_000;

export function CameraStrip({ incident, intakeId, ownCameras, firstContactAt }: { readonly incident: IncidentView | null; readonly intakeId: number | null; readonly ownCameras: readonly number[]; readonly firstContactAt: number | null }) {
  const all = useWords(operateWords);
  const words = all.cameras;
  const reasonText = useReasonText();
  const format = useFormat();
  const mayView = useMay("camera.view");
  const { answer, problem, loading } = useSeeing();
  const chosen = useOperate((s) => s.cameraId);
  const [clock, setClock] = useState<WallClock | null>(null);
  /** Somebody has asked for the past: then also of those cameras that have nothing of that moment, or keep it only while they are watched. */
  const [byHand, setByHand] = useState(false);
  useEffect(() => {
    setPast(clock !== null);
    return () => setPast(false);
  }, [clock]);

  // The words of a record are those of its moment: with another language on screen they stay, or every look would be opened and recorded again.
  const reportWords = useRef(all.intake.viewWordsWithout);
  const reason: ViewReason | null = useMemo(
    () =>
      incident !== null ? { purpose: "incident", incidentId: incident.id }
        : intakeId === WITHOUT_CALL ? { purpose: "report", words: reportWords.current }
          : intakeId !== null ? { purpose: "call", contactId: intakeId }
            : null,
    [incident?.id, intakeId],
  );
  // Those with a picture first: a hand that waits for one that will never come is lost time.
  // Once on screen a tile keeps its place, whatever its camera's state becomes.
  const placed = useRef<readonly number[]>([]);
  const cameras = useMemo(() => {
    const came = (answer?.cameras ?? []).filter(({ cameraId }) => !ownCameras.includes(cameraId)).sort((a, b) => Number(b.hasStream && b.state !== "failing") - Number(a.hasStream && a.state !== "failing"));
    const byId = new Map(came.map((c) => [c.cameraId, c]));
    placed.current = [...placed.current.filter((id) => byId.has(id)), ...came.map((c) => c.cameraId).filter((id) => !placed.current.includes(id))];
    return placed.current.map((id) => byId.get(id)!);
  }, [answer, ownCameras]);
  const extra = chosen !== null && !ownCameras.includes(chosen) && !cameras.some((c) => c.cameraId === chosen) ? chosen : null;
  const shownIds = [...ownCameras, ...(extra === null ? [] : [extra]), ...cameras.map((c) => c.cameraId)];
  // From 30 s before the first ring by itself, while that is what is asked about and a camera's recordings reach back to then. By the first ring and not by the call, so that the pictures run on when
  // the call becomes an incident.
  const [start, setStart] = useState<{ readonly of: string | null; readonly waits: boolean }>({ of: null, waits: false });
  const subject = reason === null ? null : firstContactAt === null ? `without ${String(incident?.id ?? intakeId)}` : String(firstContactAt);
  const beginAt = firstContactAt === null ? null : stripBegin(firstContactAt);
  const [ownPasts, setOwnPasts] = useState<ReadonlyMap<number, KnownPast>>(new Map());
  const knowOwnPast = useCallback((id: number, past: KnownPast): void => setOwnPasts((before) => new Map(before).set(id, past)), []);
  const keepsPast = beginAt !== null && [...(answer?.cameras ?? []), ...ownCameras.flatMap((id) => ownPasts.get(id) ?? [])].some((one) => reachesBack(one, beginAt));
  if (subject !== null && subject !== start.of) {
    setStart({ of: subject, waits: firstContactAt !== null && serverNow() - firstContactAt <= FRESH_MS && incident?.endedAt == null });
    setClock(null);
    setByHand(false);
  } else if (start.waits && keepsPast && subject !== null && firstContactAt !== null) {
    setStart({ of: subject, waits: false });
    setClock(beforeCall(firstContactAt));
  }
  const mode: TileMode = useMemo(() => (clock === null ? LIVE : { kind: "past", clock, range: null }), [clock]);
  const modeOf = (past: KnownPast): TileMode => (byHand || (beginAt !== null && reachesBack(past, beginAt)) ? mode : LIVE);
  const take = (next: WallClock | null): void => {
    setClock(next);
    setByHand(next !== null);
    setStart({ ...start, waits: false });
  };
  const back = (): void => {
    if (firstContactAt !== null) take(beforeCall(firstContactAt));
  };
  const move = (wallMs: number, still?: boolean): void => {
    if (clock === null) return take(new WallClock(wallMs, still === true ? 0 : 1, serverNow));
    if (still === true) clock.setSpeed(0);
    clock.moveTo(wallMs);
  };
  useKeys(words.title, clock === null ? [{ keys: "b", label: words.from30, listed: false, run: back }] : [{ keys: "b", label: words.live, listed: false, run: () => take(null) }]);
  const focus = chosen ?? ownCameras[0] ?? cameras.find((c) => c.hasStream)?.cameraId ?? null;
  const about: JudgedFor = incident === null ? { intakeId: intakeId ?? WITHOUT_CALL } : { incident };
  const isVerdictAsked = useVerdictKeys(about, focus, shownIds, reason !== null && mayView);

  if (reason === null || !mayView) return <section className="panel strip" aria-label={words.title}><PanelHead title={words.title} /><EmptyState>{words.nonePlace}</EmptyState></section>;
  return (
    <section className="panel strip" aria-label={words.title}>
      <PanelHead title={words.title} count={answer === null ? undefined : answer.notSeeing.length > 0 ? <span title={answer.notSeeing.map((n) => `${n.code}: ${reasonText(n.reason)}`).join("\n")}>{words.notSeeing(answer.notSeeing.length)}</span> : undefined}>
        {isVerdictAsked ? <VerdictHint /> : (
          <>
            {firstContactAt !== null && clock === null && <Button tone="quiet" keys="b" onPress={back}>{words.from30}</Button>}
            {clock !== null && <Button tone="quiet" keys="b" onPress={() => take(null)}>{words.live}</Button>}
            {incident !== null && firstContactAt !== null && <TakeEvidence incident={incident} from={stripBegin(firstContactAt)} cameraIds={shownIds} />}
          </>
        )}
      </PanelHead>
      {answer !== null && answer.couldTurn.length > 0 && (
        <p className="row strip-turns quiet">
          <span>{words.couldTurn}</span>
          {answer.couldTurn.map((camera) => <Button key={camera.cameraId} tone="quiet" onPress={() => selectCamera(camera.cameraId)}><b>{camera.code}</b> {reasonText(camera.reason)}{camera.light !== null && ` · ${reasonText(camera.light)}`}{camera.doubt !== null && ` · ${reasonText(camera.doubt)}`}{!camera.hasStream && ` · ${words.noPicture}`}</Button>)}
        </p>
      )}
      <div className="strip-tiles">
        {answer === null && loading && <Skeleton rows={2} height={60} />}
        {answer === null && problem !== null && <BrokenState error={problem} />}
        {answer === null && problem === null && !loading && ownCameras.length === 0 && <EmptyState>{words.nonePlace}</EmptyState>}
        {answer !== null && shownIds.length === 0 && <EmptyState>{words.none(answer.examined)}</EmptyState>}
        {ownCameras.map((id) => <ExtraTile key={id} cameraId={id} caption={words.ofAlarm} selected={focus === id} reason={reason} modeOf={modeOf} onPast={knowOwnPast} about={about} />)}
        {extra !== null && <ExtraTile cameraId={extra} caption={words.extra} selected onRemove={() => selectCamera(null)} reason={reason} modeOf={modeOf} about={about} />}
        {cameras.map((camera) => (
          <div key={camera.cameraId} className="strip-tile">
            <CameraTile
              size="strip" cameraId={camera.cameraId} code={camera.code} name={camera.name} reason={reason} mode={modeOf(camera)} hasAddress={camera.hasStream} caption={[reasonText(camera.reason), ...(camera.light === null ? [] : [reasonText(camera.light)]), ...(camera.doubt === null ? [] : [reasonText(camera.doubt)]), ...(camera.poseToldAt === null ? [] : [words.turned(format.ago(Math.max(0, serverNow() - camera.poseToldAt)))])].join(" · ")}
              selected={focus === camera.cameraId} onSelect={() => selectCamera(camera.cameraId)}
            />
            <Verdict about={about} cameraId={camera.cameraId} name={camera.name} />
          </div>
        ))}
      </div>
      {clock !== null && <PlaybackTimeline clock={clock} cameraId={focus} onMove={move} onLive={() => take(null)} {...(incident === null ? {} : { flags: [{ id: incident.id, at: incident.firstContactAt, number: incident.number, what: incident.place.label }] })} />}
    </section>
  );
}

/** What the cameras saw, from shortly before the call until the end or now: kept, or taken as a package, for this incident. */
function TakeEvidence({ incident, from, cameraIds }: { readonly incident: IncidentView; readonly from: number; readonly cameraIds: readonly number[] }) {
  const words = useWords(operateWords).cameras;
  const mayKeep = useMay("hold.write");
  const mayExport = useMay("evidence.export");
  const [open, setOpen] = useState<{ readonly kind: "keep" | "export"; readonly to: number } | null>(null);
  const reason: ViewReason = { purpose: "incident", incidentId: incident.id };
  const show = (kind: "keep" | "export"): void => setOpen({ kind, to: incident.endedAt ?? serverNow() });
  const range = open === null ? null : { cameraIds, from: Math.max(from, open.to - DAY_MS), to: open.to, reason, onClose: () => setOpen(null) };
  return (
    <>
      {mayKeep && cameraIds.length > 0 && <Button tone="quiet" onPress={() => show("keep")}>{words.keep}</Button>}
      {mayExport && cameraIds.length > 0 && <Button tone="quiet" onPress={() => show("export")}>{words.exportSeen}</Button>}
      {range !== null && (open?.kind === "keep" ? <KeepDialog {...range} /> : <ExportDialog {...range} />)}
    </>
  );
}

/** One camera more: the alarm's own, or one that was picked on the map. */
function ExtraTile({ cameraId, caption, selected, onRemove, onPast, reason, modeOf, about }: { readonly cameraId: number; readonly caption: string; readonly selected: boolean; readonly onRemove?: () => void; readonly onPast?: (cameraId: number, past: KnownPast) => void; readonly reason: ViewReason; readonly modeOf: (past: KnownPast) => TileMode; readonly about: JudgedFor }) {
  const camera = useCall("getCamera", { params: { id: cameraId } });
  const records = camera.data !== null && camera.data.recording !== "on-demand";
  const recordedSince = camera.data?.health.recorded?.since ?? null;
  useEffect(() => onPast?.(cameraId, { records, recordedSince }), [onPast, cameraId, records, recordedSince]);
  if (camera.data === null) return camera.problem === null ? <Skeleton rows={1} height={80} /> : <BrokenState error={camera.problem} />;
  const { code, name, place, address, health } = camera.data;
  return (
    <div className="strip-tile">
      <CameraTile size="strip" cameraId={cameraId} code={code} name={name} place={place} reason={reason} mode={modeOf({ records, recordedSince })} hasAddress={address !== null || health.state !== "no-address"} health={health} caption={caption} selected={selected} onSelect={() => selectCamera(cameraId)} {...(onRemove === undefined ? {} : { onRemove })} />
      <Verdict about={about} cameraId={cameraId} name={name} />
    </div>
  );
}
