// Cameras: the register. A table that the server searches, one camera's facts beside it, and the forms to add, change, import and remove.
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { CAMERA_STATES, type Camera } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, DataTable, DialogBox, EmptyState, IconButton, PanelHead, SelectField, Skeleton, StatusMark, TextField, Time, notify, type TableColumn, type Tone } from "../design/index.ts";
import { placeBeside, titleOf } from "../player/index.ts";
import { codecName } from "../player/status.ts";
import { useKeys } from "../shell/keys.ts";
import { navigate, useAddress } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { CameraForm } from "./camera-form.tsx";
import { CameraHealthPanel } from "./camera-health.tsx";
import "./cameras.css";
import { healthWords } from "./health-words.ts";
import { ImportDialog } from "./import-dialog.tsx";
import { ProblemsNow } from "./problems-now.tsx";
import { RemovedCameras } from "./removed-cameras.tsx";
import { camerasWords } from "./words.ts";

type State = (typeof CAMERA_STATES)[number];
/** The register by state, or what is not in it: removed cameras, and problems, which are of recorders too. */
type Shown = State | "all" | "removed" | "problems";
type Panel = { readonly kind: "none" } | { readonly kind: "add" } | { readonly kind: "camera"; readonly id: number; readonly editing: boolean; readonly news?: string };
const TONES: Record<State, Tone> = { connected: "free", connecting: "decide", failing: "danger", idle: "off", "no-address": "off" };
const PAGE = 200;
const MOST = 500; // contract: CameraQuery.limit
const RENEW_MS = 5_000;

export default function Cameras() {
  const words = useWords(camerasWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const mayWrite = useMay("camera.write");
  const health = useWords(healthWords);
  const address = useAddress();
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  const [state, setState] = useState<Shown>(address.query["problems"] === undefined ? "all" : "problems");
  const [limit, setLimit] = useState(PAGE);
  const [panel, setPanel] = useState<Panel>({ kind: "none" });
  const [importing, setImporting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setQ(typed.trim());
      setLimit(PAGE);
    }, 150);
    return () => clearTimeout(timer);
  }, [typed]);
  const mayView = useMay("camera.view");
  const isRemoved = state === "removed";
  const isProblems = state === "problems";
  // The status bar leads here, also from within this room.
  useEffect(() => {
    if (address.query["problems"] === undefined) return;
    setState("problems");
    setPanel({ kind: "none" });
    navigate("/cameras", { replace: true });
  }, [address]);
  const problems = useCall("listCameraEvents", isProblems ? { query: { state: "open", limit: MOST } } : null, RENEW_MS);
  const removed = useCall("listRemovedCameras", isRemoved ? { query: { limit: MOST, ...(q === "" ? {} : { q }) } } : null, RENEW_MS);
  const answer = useCall("listCameras", isRemoved || isProblems ? null : { query: { limit, ...(q === "" ? {} : { q }), ...(state === "all" ? {} : { state }) } }, RENEW_MS);
  const cameras = useMemo(() => answer.data?.cameras ?? [], [answer.data]);
  const total = answer.data?.total ?? 0;
  /** Opens a camera that has just come into the register, and shows it in the table too. `news` stands in its panel: a notice would cover the buttons. */
  const showNew = useCallback((camera: Camera, news: string): void => {
    setState("all");
    setTyped(camera.code);
    setQ(camera.code);
    setPanel({ kind: "camera", id: camera.id, editing: false, news });
  }, []);
  const onReturned = useCallback((camera: Camera): void => showNew(camera, words.returning.done(camera.name)), [showNew, words]);

  useKeys(words.title, [
    { keys: "s", label: words.keys.search, run: () => document.querySelector<HTMLInputElement>(".cameras-tools input")?.focus() },
    ...(mayWrite ? [{ keys: "n", label: words.add, run: () => setPanel({ kind: "add" }) }, { keys: "i", label: words.import.button, run: () => setImporting(true) }] : []),
    { keys: "Escape", label: words.close, whileTyping: true, run: () => setPanel((p) => (p.kind === "camera" && p.editing ? { ...p, editing: false } : { kind: "none" })) },
  ]);

  const columns = useMemo((): readonly TableColumn<Camera>[] => [
    { id: "code", title: words.fields.code, width: 92, render: (c) => <span className="mono" title={c.code}>{c.code}</span> },
    { id: "name", title: words.columns.name, width: "3fr", render: (c) => <CameraName name={c.name} /> },
    { id: "place", title: words.columns.place, width: "2fr", render: (c) => <span className="quiet" title={c.place}>{[placeBeside(c), c.district].filter((one) => one !== null).join(" · ")}</span> },
    { id: "state", title: words.columns.state, width: 130, render: (c) => <span className="row"><StatusMark tone={TONES[c.health.state]} label="" />{domain.cameraStates[c.health.state]}</span> },
    { id: "problem", title: words.columns.problem, width: "2fr", render: (c) => (c.health.problem === null ? <span className="quiet">–</span> : <span className="mean-danger">{wordFor(domain.cameraProblems, c.health.problem.code)}</span>) },
    { id: "last", title: words.columns.lastFrame, width: 112, end: true, render: (c) => (c.health.state === "connected" ? words.framesNow : c.health.lastFrameAt === null ? <span className="quiet">–</span> : <Time at={c.health.lastFrameAt} />) }, // a recorder tells a camera's figures now and then: while it is connected, their age is not that of the picture
    { id: "codec", title: words.columns.codec, width: 76, render: (c) => (c.health.codec === null ? "–" : codecName(c.health.codec)) },
    { id: "rate", title: words.columns.rate, width: 92, end: true, render: (c) => (c.health.bitsPerSecond === null ? "–" : `${format.number(c.health.bitsPerSecond / 1e6, 1)} Mbit/s`) },
  ], [words, domain, format]);
  const isOpen = panel.kind !== "none";
  const isNarrow = useIsNarrow();
  // Beside an open camera, and on a phone, the columns that tell cameras apart keep their room; the rest stands in the camera's own facts.
  const shown = useMemo(() => (isNarrow || isOpen ? columns.filter(({ id }) => ["code", "name", "state"].includes(id)) : columns), [columns, isNarrow, isOpen]);

  return (
    <div className={`cameras ${panel.kind === "none" ? "" : "cameras-split"}`}>
      <section className="cameras-main" aria-label={words.title}>
        <PanelHead title={isProblems ? health.now : words.title} count={isProblems ? (problems.data === null ? undefined : health.count(format.number(problems.data.open), problems.data.unacknowledged)) : isRemoved ? (removed.data === null ? undefined : words.count(format.number(removed.data.cameras.length), format.number(removed.data.total))) : answer.data === null ? undefined : words.count(format.number(cameras.length), format.number(total))}>
          {mayWrite && !isProblems && <Button tone="quiet" keys="i" onPress={() => setImporting(true)}>{words.import.button}</Button>}
          {mayWrite && !isProblems && <Button tone="primary" keys="n" onPress={() => setPanel({ kind: "add" })}>{words.add}</Button>}
        </PanelHead>
        <div className="cameras-tools">
          <TextField label={words.search} placeholder={words.search} aria-label={words.search} value={typed} onChange={setTyped} type="search" />
          <SelectField<Shown> label={words.columns.state} hideLabel choices={[{ id: "all", label: words.all }, ...CAMERA_STATES.map((id) => ({ id, label: domain.cameraStates[id] })), { id: "problems" as const, label: health.now }, ...(mayWrite || mayView ? [{ id: "removed" as const, label: words.returning.state }] : [])]} value={state} onChange={(next) => { setState(next); if (next === "removed") setPanel({ kind: "none" }); }} />
          {total > cameras.length && limit < MOST && <Button onPress={() => setLimit(MOST)}>{words.more(Math.min(MOST, total) - cameras.length)}</Button>}
          {total > cameras.length && limit >= MOST && <span className="quiet">{words.narrow}</span>}
          {answer.problem !== null && answer.data !== null && answer.at !== null && <span className="mean-decide">{words.stale} <Time at={answer.at} /></span>}
        </div>
        <div className="cameras-table">
          {isProblems ? <ProblemsNow page={problems} typed={q} isNarrow={isNarrow || isOpen} openCamera={(id) => setPanel({ kind: "camera", id, editing: false })} /> : isRemoved ? <RemovedCameras page={removed} onReturned={mayWrite ? onReturned : null} /> : answer.data === null ? (answer.problem !== null ? <BrokenState error={answer.problem} retry={answer.again} /> : <Skeleton rows={16} />) : (
            <DataTable
              label={words.title} columns={shown} rows={cameras} selectedId={panel.kind === "camera" ? panel.id : null} onSelect={(id) => setPanel({ kind: "camera", id, editing: false })}
              empty={<EmptyState {...(mayWrite && q === "" && state === "all" ? { action: <Button tone="primary" onPress={() => setPanel({ kind: "add" })}>{words.add}</Button> } : {})}>{q === "" && state === "all" ? words.none : words.nothing}</EmptyState>}
            />
          )}
        </div>
      </section>
      {panel.kind !== "none" && (
        <aside className="cameras-side" aria-label={words.oneCamera}>
          {panel.kind === "add" ? (
            <>
              <PanelHead title={words.add}><IconButton icon="close" label={words.close} onPress={() => setPanel({ kind: "none" })} /></PanelHead>
              <CameraForm camera={null} onCancel={() => setPanel({ kind: "none" })} onSaved={(camera) => {
                if (total < limit && q === "") setPanel({ kind: "camera", id: camera.id, editing: false, news: words.added(camera.name) }); // the whole register is in the table
                else showNew(camera, words.added(camera.name));
                answer.again();
              }} />
            </>
          ) : (
            <OneCamera key={panel.id} id={panel.id} editing={panel.editing} mayWrite={mayWrite} news={panel.news ?? null} edit={(editing, news) => setPanel({ kind: "camera", id: panel.id, editing, ...(news === undefined ? {} : { news }) })} close={() => setPanel({ kind: "none" })} changed={answer.again} />
          )}
        </aside>
      )}
      <DialogBox title={words.import.title} open={importing} onClose={() => setImporting(false)} wide><ImportDialog onDone={answer.again} /></DialogBox>
    </div>
  );
}

/** As it was entered; where there is no room the place gives way, since the end alone tells the cameras of one place apart. */
function CameraName({ name }: { readonly name: string }) {
  const { lead, rest } = titleOf(name);
  return <span className="camera-name" title={name}><span className="clip">{rest ?? lead}</span>{rest !== null && <span>, {lead}</span>}</span>;
}

const narrowScreen = typeof window === "undefined" ? null : window.matchMedia("(max-width: 700px)");
const onNarrow = (listener: () => void): (() => void) => {
  narrowScreen?.addEventListener("change", listener);
  return () => narrowScreen?.removeEventListener("change", listener);
};
const useIsNarrow = (): boolean => useSyncExternalStore(onNarrow, () => narrowScreen?.matches ?? false);

function OneCamera({ id, editing, mayWrite, news, edit, close, changed }: { readonly id: number; readonly editing: boolean; readonly mayWrite: boolean; readonly news: string | null; readonly edit: (editing: boolean, news?: string) => void; readonly close: () => void; readonly changed: () => void }) {
  const words = useWords(camerasWords);
  const problemText = useProblemText();
  const mayView = useMay("camera.view");
  const [removing, setRemoving] = useState(false);
  const [typed, setTyped] = useState("");
  const answer = useCall("getCamera", { params: { id } }, editing ? undefined : RENEW_MS);
  const camera = answer.data;
  if (camera === null) return answer.problem !== null ? <BrokenState error={answer.problem} retry={answer.again} /> : <Skeleton rows={10} />;
  const remove = async (): Promise<void> => {
    try {
      await api.call("removeCamera", { params: { id } });
      notify("off", words.removed(camera.name));
      changed();
      close();
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  if (editing)
    return (
      <>
        <PanelHead title={words.change(camera.name)} />
        <CameraForm camera={camera} onCancel={() => edit(false)} onSaved={(saved, credentialDropped) => { answer.again(); changed(); edit(false, credentialDropped ? words.dropped(saved.name) : undefined); }} />
      </>
    );
  return (
    <>
      <PanelHead title={camera.code}>
        {mayView && camera.health.state !== "no-address" && <Button tone="quiet" onPress={() => navigate(`/watch?camera=${camera.id}`)}>{words.watch}</Button>}
        {mayWrite && <Button tone="quiet" onPress={() => edit(true)}>{words.edit}</Button>}
        {mayWrite && <Button tone="quiet" onPress={() => { setTyped(""); setRemoving(true); }}>{words.remove.button}</Button>}
        <IconButton icon="close" label={words.close} onPress={close} />
      </PanelHead>
      <h3 className="cameras-name">{camera.name}</h3>
      {news !== null && <p className="cameras-news" role="status">{news}</p>}
      <Facts camera={camera} showAddress={mayWrite} />
      <CameraHealthPanel camera={camera} />
      <DialogBox title={words.remove.title(camera.name)} open={removing} onClose={() => setRemoving(false)}>
        <form className="stack" onSubmit={(event) => { event.preventDefault(); if (typed === camera.code) void remove(); }}>
          <p>{words.remove.what}</p>
          <TextField label={words.remove.type(camera.code)} value={typed} onChange={setTyped} autoFocus autoComplete="off" />
          <footer className="dialog-foot">
            <Button onPress={() => setRemoving(false)}>{words.cancel}</Button>
            <Button tone="danger" type="submit" isDisabled={typed !== camera.code}>{words.remove.action}</Button>
          </footer>
        </form>
      </DialogBox>
    </>
  );
}

function Facts({ camera: c, showAddress }: { readonly camera: Camera; readonly showAddress: boolean }) {
  const words = useWords(camerasWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const { health: h, pose } = c;
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [words.columns.state, <span key="s" className="row"><StatusMark tone={TONES[h.state]} label="" />{domain.cameraStates[h.state]}{h.since !== null && <span className="quiet">{format.age(now - h.since)}</span>}</span>],
    ...(h.problem === null ? [] : [[words.columns.problem, <span key="p" className="mean-danger">{wordFor(domain.cameraProblems, h.problem.code)}</span>] as const]),
    [words.columns.lastFrame, h.state === "connected" ? words.framesNow : h.lastFrameAt === null ? "–" : format.ago(now - h.lastFrameAt)],
    [words.columns.codec, h.codec === null ? "–" : `${codecName(h.codec)}${h.width === null ? "" : `, ${h.width} × ${h.height}`}${h.framesPerSecond === null ? "" : `, ${format.number(h.framesPerSecond, 1)} fps`}`],
    [words.facts.recorded, h.recorded === null ? "–" : words.facts.recordedSince(format.exact(h.recorded.since), format.bytes(h.recorded.bytes))],
    ...(showAddress ? [[words.fields.address, c.address === null ? "–" : <span key="a" className="mono">{c.address}</span>] as const] : []),
    ...(showAddress && c.subAddress !== null ? [[words.facts.small, <span key="sa" className="mono">{c.subAddress}</span>] as const] : []),
    ...(c.streams.length === 0 ? [] : [[words.facts.streams, [...c.streams.map((stream) => words.facts.streamsOf[stream]), words.transports[c.transport], ...(c.certificateSha256 === null ? [] : [`${words.fields.certificateSha256}: ${words.facts.pinned}`])].join(" · ")] as const]),
    [words.columns.place, `${c.place}${c.district === null ? "" : ` · ${c.district}`}`],
    [words.facts.looks, `${format.number(pose.bearingDeg)}°, ${format.number(pose.horizontalFovDeg)}° ${words.facts.wide}, ${format.metres(pose.rangeM)}`],
    [words.facts.mounted, `${domain.cameraKinds[c.kind]}, ${format.number(pose.mountHeightM, 1)} m`],
    [words.fields.nightView, domain.nightViews[c.nightView]],
    [words.fields.purpose, c.purpose],
    [words.fields.owner, c.owner],
    [words.fields.recording, [domain.recordingModes[c.recording], ...(c.recording === "scheduled" && c.schedule !== null ? [c.schedule] : c.recording === "on-event" ? [words.facts.around(format.number(c.preRollS), format.number(c.postRollS))] : [])].join(" · ")],
    [words.fields.recorderId, format.number(c.recorderId)],
    [words.facts.kept, [format.days(c.retentionDays), ...(c.leastDays === null ? [] : [words.facts.atLeast(format.days(c.leastDays))]), ...(c.mostGigabytes === null ? [] : [words.facts.atMost(format.number(c.mostGigabytes, 1))])].join(" · ")],
    ...(c.soundPurpose === null ? [] : [[words.fields.soundPurpose, c.soundPurpose] as const]),
    ...(c.metadataPurpose === null ? [] : [[words.fields.metadataPurpose, c.metadataPurpose] as const]),
  ];
  return <dl className="facts">{rows.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>;
}
