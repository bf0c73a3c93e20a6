// The cameras that see the place, already playing, each saying why it is there. What the eye finds goes into the timeline by one press.
import { useEffect, useMemo, useRef, useState } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { useLive } from "../api/live-link.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, EmptyState, KeyHint, PanelHead, Skeleton } from "../design/index.ts";
import { ExportDialog } from "../evidence/export-dialog.tsx";
import { KeepDialog } from "../evidence/keep-dialog.tsx";
import { CameraTile, PlaybackTimeline, WallClock, type TileMode } from "../player/index.ts";
import { endHeldKey, useHeldKey, useKeys } from "../shell/keys.ts";
import { useMay } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { useReasonText } from "./reason-text.ts";
import { useSeeing } from "./seeing.ts";
import { keepVerdict, selectCamera, setPast, useOperate, WITHOUT_CALL, type Verdict } from "./store.ts";
import type { IncidentView } from "./tones.ts";
import { operateWords } from "./words.ts";

const BEFORE_CALL_MS = 30_000;
const DAY_MS = 86_400_000;
const VERDICTS = ["seen", "not-seen", "cannot-tell"] as const;
// The letters after `j` are commands of the page as well, `s` the one that sends: `j` holds them until a verdict, however long somebody looks first.
const VERDICT_KEYS = { seen: "j s", "not-seen": "j n", "cannot-tell": "j u" } as const;
const NEXT_CAMERA_KEYS = "j j";
/** Of what a verdict is said: an incident, or a call in hand, whose verdicts wait for its incident. */
type About = { readonly incident: IncidentView } | { readonly intakeId: number };

export function CameraStrip({ incident, intakeId, firstContactAt }: { readonly incident: IncidentView | null; readonly intakeId: number | null; readonly firstContactAt: number | null }) {
  const all = useWords(operateWords);
  const words = all.cameras;
  const reasonText = useReasonText();
  const format = useFormat();
  const mayView = useMay("camera.view");
  const { answer, problem, loading } = useSeeing();
  const chosen = useOperate((s) => s.cameraId);
  const [clock, setClock] = useState<WallClock | null>(null);
  const aboutId = incident?.id ?? intakeId;
  useEffect(() => setClock(null), [aboutId]);
  useEffect(() => endHeldKey, [aboutId]); // a verdict is never given of another incident than the one in view as its key was begun
  const held = useHeldKey(({ key }) => key === "j");
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
    const came = [...(answer?.cameras ?? [])].sort((a, b) => Number(b.hasStream && b.state !== "failing") - Number(a.hasStream && a.state !== "failing"));
    const byId = new Map(came.map((c) => [c.cameraId, c]));
    placed.current = [...placed.current.filter((id) => byId.has(id)), ...came.map((c) => c.cameraId).filter((id) => !placed.current.includes(id))];
    return placed.current.map((id) => byId.get(id)!);
  }, [answer]);
  const extra = chosen !== null && !cameras.some((c) => c.cameraId === chosen) ? chosen : null;
  const mode: TileMode = useMemo(() => (clock === null ? { kind: "live" } : { kind: "past", clock, range: null }), [clock]);
  const back = (): void => {
    if (firstContactAt !== null) setClock(new WallClock(Math.min(firstContactAt - BEFORE_CALL_MS, serverNow() - BEFORE_CALL_MS), 1, serverNow));
  };
  const move = (wallMs: number, still?: boolean): void => {
    if (clock === null) return setClock(new WallClock(wallMs, still === true ? 0 : 1, serverNow));
    if (still === true) clock.setSpeed(0);
    clock.moveTo(wallMs);
  };
  useKeys(words.title, clock === null ? [{ keys: "b", label: words.from30, listed: false, run: back }] : [{ keys: "b", label: words.live, listed: false, run: () => setClock(null) }]);
  const focus = chosen ?? cameras.find((c) => c.hasStream)?.cameraId ?? null;
  const about: About | null = incident !== null ? { incident } : intakeId !== null ? { intakeId } : null;
  const give = useGiveVerdict(about);
  const shownIds = [...(extra === null ? [] : [extra]), ...cameras.map((c) => c.cameraId)];
  const domain = useWords(domainWords);
  useKeys(words.verdictKeys, about === null || focus === null ? [] : [
    ...VERDICTS.map((verdict) => ({ keys: VERDICT_KEYS[verdict], label: words.verdictKey(domain.verdicts[verdict]), holds: "done" as const, run: () => give(focus, verdict) })),
    { keys: NEXT_CAMERA_KEYS, label: words.nextCamera, holds: "on" as const, run: () => selectCamera(shownIds[(shownIds.indexOf(focus) + 1) % shownIds.length] ?? null) },
  ]);

  if (reason === null || !mayView) return <section className="panel strip" aria-label={words.title}><PanelHead title={words.title} /><EmptyState>{words.nonePlace}</EmptyState></section>;
  return (
    <section className="panel strip" aria-label={words.title}>
      <PanelHead title={words.title} count={answer === null ? undefined : answer.notSeeing.length > 0 ? <span title={answer.notSeeing.map((n) => `${n.code}: ${reasonText(n.reason)}`).join("\n")}>{words.notSeeing(answer.notSeeing.length)}</span> : undefined}>
        {held && <span className="row small mean-decide" role="status">{VERDICTS.map((verdict) => <span key={verdict}><KeyHint keys={VERDICT_KEYS[verdict].slice(2)} /> {domain.verdicts[verdict]}</span>)}<span><KeyHint keys="Escape" /> {words.verdictLeave}</span></span>}
        {firstContactAt !== null && clock === null && <Button tone="quiet" keys="b" onPress={back}>{words.from30}</Button>}
        {clock !== null && <Button tone="quiet" keys="b" onPress={() => setClock(null)}>{words.live}</Button>}
        {incident !== null && firstContactAt !== null && <TakeEvidence incident={incident} from={firstContactAt - BEFORE_CALL_MS} cameraIds={extra === null ? cameras.map((c) => c.cameraId) : [...cameras.map((c) => c.cameraId), extra]} />}
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
        {answer === null && problem === null && !loading && <EmptyState>{words.nonePlace}</EmptyState>}
        {answer !== null && cameras.length === 0 && extra === null && <EmptyState>{words.none(answer.examined)}</EmptyState>}
        {extra !== null && <ExtraTile cameraId={extra} reason={reason} mode={mode} about={about} />}
        {cameras.map((camera) => (
          <div key={camera.cameraId} className="strip-tile">
            <CameraTile
              size="strip" cameraId={camera.cameraId} code={camera.code} name={camera.name} reason={reason} mode={mode} hasAddress={camera.hasStream} caption={[reasonText(camera.reason), ...(camera.light === null ? [] : [reasonText(camera.light)]), ...(camera.doubt === null ? [] : [reasonText(camera.doubt)]), ...(camera.poseToldAt === null ? [] : [words.turned(format.ago(Math.max(0, serverNow() - camera.poseToldAt)))])].join(" · ")}
              selected={focus === camera.cameraId} onSelect={() => selectCamera(camera.cameraId)}
            />
            {about !== null && <VerdictButtons about={about} cameraId={camera.cameraId} name={camera.name} />}
          </div>
        ))}
      </div>
      {clock !== null && <PlaybackTimeline clock={clock} cameraId={focus} onMove={move} onLive={() => setClock(null)} {...(incident === null ? {} : { flags: [{ id: incident.id, at: incident.firstContactAt, number: incident.number, what: incident.place.label }] })} />}
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

/** One camera more, picked on the map. */
function ExtraTile({ cameraId, reason, mode, about }: { readonly cameraId: number; readonly reason: ViewReason; readonly mode: TileMode; readonly about: About | null }) {
  const words = useWords(operateWords).cameras;
  const camera = useCall("getCamera", { params: { id: cameraId } });
  if (camera.data === null) return camera.problem === null ? <Skeleton rows={1} height={80} /> : <BrokenState error={camera.problem} />;
  const { code, name, place, address, health } = camera.data;
  return (
    <div className="strip-tile">
      <CameraTile size="strip" cameraId={cameraId} code={code} name={name} place={place} reason={reason} mode={mode} hasAddress={address !== null} health={health} caption={words.extra} selected onRemove={() => selectCamera(null)} />
      {about !== null && <VerdictButtons about={about} cameraId={cameraId} name={name} />}
    </div>
  );
}

function useGiveVerdict(about: About | null): (cameraId: number, verdict: Verdict) => void {
  const act = useAct();
  return (cameraId, verdict) => {
    if (about === null) return;
    if ("incident" in about) void act({ type: "incident.verdict", incidentId: about.incident.id, cameraId, verdict });
    else keepVerdict(about.intakeId, cameraId, verdict);
  };
}

function VerdictButtons({ about, cameraId, name }: { readonly about: About; readonly cameraId: number; readonly name: string }) {
  const words = useWords(operateWords).cameras;
  const domain = useWords(domainWords);
  const give = useGiveVerdict(about);
  const [incident, intakeId] = "incident" in about ? [about.incident, null] : [null, about.intakeId];
  const held = useLive((s) => (incident === null ? undefined : s.incidents.get(incident.id)?.verdicts)) ?? incident?.verdicts ?? [];
  const waiting = useOperate((s) => (intakeId === null ? undefined : s.verdicts[intakeId]?.[cameraId]));
  const last = intakeId === null ? held.filter((v) => v.cameraId === cameraId).at(-1)?.verdict : waiting;
  return (
    <div className="verdict" role="group" aria-label={words.verdictLabel(name)}>
      {VERDICTS.map((verdict) => (
        <button key={verdict} type="button" aria-pressed={last === verdict} onClick={() => give(cameraId, verdict)}>{domain.verdicts[verdict]}</button>
      ))}
    </div>
  );
}
