// Who watches over the incident, what it is tied to, and the forms that tie and untie it. Each tie has its way back beside it.
import { incidentNumberOf, sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { Button, SelectField, TextField } from "../design/index.ts";
import { useAccount, useMay } from "../shell/session.ts";
import { useKeys } from "../shell/keys.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { distanceM } from "./distance.ts";
import { ReasonForm } from "./reason-form.tsx";
import { incidentsOfRoom, sumRoom } from "./room.ts";
import { NewSharing } from "./sharing-lines.tsx";
import { enterRoom, selectIncident } from "./store.ts";
import { tieWords } from "./ties-words.ts";
import { isLive, isOpenIncident, type IncidentView } from "./tones.ts";
import { TypeField } from "./type-field.tsx";
import { operateWords } from "./words.ts";
import { assignmentsOf, useAllOpenIncidents } from "./use-lists.ts";
import type { Contact, IncidentType } from "../../../src/contract/dispatch.ts";

export function WatchLine({ incident }: { readonly incident: IncidentView }) {
  const words = useWords(tieWords).watch;
  const { keys } = useWords(operateWords);
  const format = useFormat();
  const act = useAct();
  const now = useNow();
  const me = useAccount();
  const may = useMay("incident.write");
  const { by, since, reminders } = incident.watch;
  const mine = by?.kind === "user" && by.id === me?.id;
  const take = (): void => void act({ type: "incident.watch", incidentId: incident.id });
  const canTake = may && !mine && isOpenIncident(incident);
  useKeys(keys.job, canTake ? [{ keys: "v", label: by === null ? words.take : words.takeFrom(by.name), run: take }] : []);
  const text = mine ? words.mine : by !== null ? words.by(by.name) : reminders > 0 ? words.nobodyLate(format.span(now - since)) : words.nobody;
  return (
    <p className={`row watch-line small ${by !== null ? "quiet" : reminders > 0 ? "mean-danger" : "mean-decide"}`} role={by === null ? "status" : undefined}>
      <span className="clip grow">{text}</span>
      {canTake && <Button tone={by === null ? "primary" : "quiet"} keys="v" onPress={take}>{by === null ? words.take : words.takeFrom(by.name)}</Button>}
    </p>
  );
}

/** One line for each tie, with the other incident as a link and the way back. */
export function TieLines({ incident }: { readonly incident: IncidentView }) {
  const words = useWords(tieWords);
  const act = useAct();
  const mayWrite = useMay("incident.write");
  const mayMajor = useMay("assignment.write");
  const incidents = useLive((s) => s.incidents);
  const assignments = useLive((s) => s.assignments);
  const [ending, setEnding] = useState(false);
  const { ties, major } = words;
  const { id, mergedIntoId, mergedIds, linkedIds, splitFromId, majorId, partIds } = incident;
  const sums = incident.major === null ? null : sumRoom(incidentsOfRoom(id, incidents), assignments);
  const numberOf = (other: number): string => sayIncidentNumber(incidents.get(other) ?? { id: other, number: incidentNumberOf(other) });
  const line = (other: number, text: string, undo: string | null, onUndo: () => void) => (
    <li key={`${text} ${other}`} className="row">
      <button type="button" className="plain-button link-button clip grow" onClick={() => selectIncident(other, incidents.get(other)?.place.point)}>{text}</button>
      {undo !== null && mayWrite && <Button tone="quiet" onPress={onUndo}>{undo}</Button>}
    </li>
  );
  const lines = [
    ...(mergedIntoId === null ? [] : [line(mergedIntoId, ties.mergedInto(numberOf(mergedIntoId)), ties.apart, () => void act({ type: "incident.unmerge", incidentId: id }))]),
    ...mergedIds.map((other) => line(other, ties.merged(numberOf(other)), ties.apart, () => void act({ type: "incident.unmerge", incidentId: other }))),
    ...(splitFromId === null ? [] : [line(splitFromId, ties.splitFrom(numberOf(splitFromId)), null, () => undefined)]),
    ...linkedIds.map((other) => line(other, ties.linked(numberOf(other)), ties.unlink, () => void act({ type: "incident.unlink", incidentId: id, otherId: other }))),
    ...(majorId === null ? [] : [line(majorId, ties.partOf(numberOf(majorId)), ties.leave, () => void act({ type: "incident.leave-major", incidentId: id }))]),
  ];
  if (lines.length === 0 && sums === null) return null;
  return (
    <ul className="tie-lines" aria-label={ties.title}>
      {sums !== null && (
        <li className="row">
          <b className="major-badge">{major.badge}</b>
          <span className={`clip grow ${sums.missing > 0 ? "mean-decide" : "quiet"}`}>{major.summary(partIds.length, sums.unitIds.size)} · {sums.missing > 0 ? major.short(sums.missing) : major.enough}</span>
          <Button tone="quiet" onPress={() => enterRoom(id)}>{major.open}</Button>
          {mayMajor && !ending && <Button tone="quiet" onPress={() => setEnding(true)}>{major.endShort}</Button>}
        </li>
      )}
      {ending && <li><ReasonForm label={major.endWords} action={major.end} onCancel={() => setEnding(false)} onSubmit={(text) => void act({ type: "incident.end-major", incidentId: id, words: text }).then((done) => { if (done !== null) { setEnding(false); enterRoom(null); } })} /></li>}
      {lines}
    </ul>
  );
}

const KINDS = ["merge", "link", "split", "join"] as const;
export type TieKind = (typeof KINDS)[number] | "major" | "share";

/** Merge, link, split, put under a major one, share: what of these is possible now, and the form of the one that was chosen. */
export function TieForms({ incident, callers, kind, onKind }: { readonly incident: IncidentView; readonly callers: readonly Contact[]; readonly kind: TieKind | null; readonly onKind: (kind: TieKind | null) => void }) {
  const words = useWords(tieWords);
  const mayWrite = useMay("incident.write");
  const mayMajor = useMay("assignment.write");
  const mayShare = useMay("incident.share");
  const others = useAllOpenIncidents();
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => { if (kind === null) row.current?.querySelector("button")?.focus(); }, [kind]);
  if (!mayWrite || !isOpenIncident(incident)) return null;
  if (kind === "major") return <MajorForm incident={incident} onDone={() => onKind(null)} />;
  if (kind === "share") return <NewSharing incidentId={incident.id} onDone={() => onKind(null)} />;
  if (kind === "split") return <SplitForm incident={incident} callers={callers} onDone={() => onKind(null)} />;
  if (kind !== null) return <OtherForm incident={incident} kind={kind} onDone={() => onKind(null)} />;
  const anyMajor = others.some((one) => one.major !== null && one.id !== incident.id);
  const possible = KINDS.filter((one) => (one === "join" ? anyMajor && incident.major === null : one === "merge" ? incident.major === null && others.length > 1 : one === "link" ? others.length > 1 : true));
  return (
    <div ref={row} className="row wrap" role="group" aria-label={words.ties.more} onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); onKind(null); } }}>
      {possible.map((one) => <Button key={one} tone="quiet" onPress={() => onKind(one)}>{words.ties.kinds[one]}</Button>)}
      {mayMajor && incident.major === null && incident.majorId === null && <Button tone="quiet" onPress={() => onKind("major")}>{words.major.declare}</Button>}
      {mayShare && <Button tone="quiet" onPress={() => onKind("share")}>{words.sharing.share}</Button>}
      <Back onPress={() => onKind(null)} />
    </div>
  );
}

/** Which other incident, the nearest first. */
function OtherForm({ incident, kind, onDone }: { readonly incident: IncidentView; readonly kind: "merge" | "link" | "join"; readonly onDone: () => void }) {
  const all = useWords(tieWords);
  const words = all.ties;
  const describe = useDescribe(incident);
  const act = useAct();
  const others = useNearest(incident).filter((one) => kind !== "join" || one.major !== null);
  const [otherId, setOtherId] = useState<number | null>(null);
  const [text, setText] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (otherId === null) return;
    const about = { incidentId: incident.id, words: text.trim() };
    const sent = kind === "merge" ? act({ type: "incident.merge", ...about, intoId: otherId }) : kind === "link" ? act({ type: "incident.link", ...about, otherId }) : act({ type: "incident.join-major", ...about, majorId: otherId });
    void sent.then((done) => {
      if (done === null) return;
      onDone();
      if (kind === "merge") selectIncident(otherId);
    });
  };
  return (
    <form className="reason-form" onSubmit={submit} onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); onDone(); } }}>
      <SelectField label={words.which} placeholder={words.choose} autoFocus value={otherId} onChange={setOtherId} choices={others.map((one) => ({ id: one.id, label: describe(one) }))} />
      <TextField label={words.words} value={text} onChange={setText} maxLength={200} />
      {kind === "merge" && <p className="field-hint">{words.mergeAbout}</p>}
      <div className="row">
        <Button type="submit" tone="primary" isDisabled={otherId === null} keys="Enter">{words[kind]}</Button>
        <Back onPress={onDone} />
      </div>
    </form>
  );
}

function MajorForm({ incident, onDone }: { readonly incident: IncidentView; readonly onDone: () => void }) {
  const words = useWords(tieWords).major;
  const describe = useDescribe(incident);
  const act = useAct();
  const near = useNearest(incident).filter((one) => one.major === null).slice(0, 8);
  const [parts, setParts] = useState<readonly number[]>([]);
  const [text, setText] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === "") return;
    void act({ type: "incident.make-major", incidentId: incident.id, partIds: [...parts], words: text.trim() }).then((done) => {
      if (done === null) return;
      onDone();
      enterRoom(incident.id);
    });
  };
  return (
    <form className="reason-form" onSubmit={submit} onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); onDone(); } }}>
      <TextField label={words.declareWords} value={text} onChange={setText} autoFocus maxLength={200} />
      {near.length > 0 && <Ticks label={words.parts} items={near.map((one) => ({ id: one.id, label: describe(one) }))} ticked={parts} onTicked={setParts} />}
      <div className="row">
        <Button type="submit" tone="danger" isDisabled={text.trim() === ""} keys="Enter">{words.declareAction(parts.length)}</Button>
        <Back onPress={onDone} />
      </div>
    </form>
  );
}

function SplitForm({ incident, callers, onDone }: { readonly incident: IncidentView; readonly callers: readonly Contact[]; readonly onDone: () => void }) {
  const all = useWords(tieWords);
  const words = all.ties;
  const format = useFormat();
  const act = useAct();
  const withheld = useWords(operateWords).calls.unknownCaller;
  const assignments = useLive((s) => s.assignments);
  const units = useLive((s) => s.units);
  const [callIds, setCallIds] = useState<readonly number[]>([]);
  const [jobIds, setJobIds] = useState<readonly number[]>([]);
  const [type, setType] = useState<IncidentType | null>(null);
  const [what, setWhat] = useState("");
  const calls = callers.map((one) => ({ id: one.id, label: [words.call(one.callerNumber ?? withheld, format.time(one.receivedAt)), ...(one.callerWords === null ? [] : [`“${one.callerWords}”`])].join(" · ") }));
  const mayAssign = useMay("assignment.write"); // who may not send units takes none along
  const jobs = !mayAssign ? [] : assignmentsOf(incident, assignments).filter((a) => isLive(a.state)).map((a) => ({ id: a.id, label: units.get(a.unitId)?.callSign ?? `${a.unitId}` }));
  const chosen = callIds.length + jobIds.length > 0 && type !== null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!chosen || type === null) return;
    void act({ type: "incident.split", incidentId: incident.id, contactIds: [...callIds], assignmentIds: [...jobIds], incidentType: type, what: what.trim(), who: "", place: incident.place, words: "" }).then((done) => {
      if (done === null) return;
      onDone();
      if (done.incidentId !== null) selectIncident(done.incidentId);
    });
  };
  if (calls.length + jobs.length === 0) return <p className="row field-hint"><span className="grow">{words.nothingToSplit}</span><Back onPress={onDone} /></p>;
  return (
    <form className="reason-form" onSubmit={submit} onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); onDone(); } }}>
      {calls.length > 0 && <Ticks label={words.kinds.split} items={calls} ticked={callIds} onTicked={setCallIds} autoFocus />}
      {jobs.length > 0 && <Ticks label="" items={jobs} ticked={jobIds} onTicked={setJobIds} autoFocus={calls.length === 0} />}
      <TypeField value={type} onChange={setType} />
      <TextField label={words.splitWhat} value={what} onChange={setWhat} maxLength={2000} />
      <p className="field-hint">{words.splitAbout}</p>
      <div className="row">
        <Button type="submit" tone="primary" isDisabled={!chosen} keys="Enter">{words.split}</Button>
        <Back onPress={onDone} />
      </div>
    </form>
  );
}

function Ticks({ label, items, ticked, onTicked, autoFocus = false }: { readonly label: string; readonly items: readonly { readonly id: number; readonly label: string }[]; readonly ticked: readonly number[]; readonly onTicked: (ids: readonly number[]) => void; readonly autoFocus?: boolean }) {
  return (
    <fieldset className="ticks">
      {label !== "" && <legend>{label}</legend>}
      {items.map((item, i) => (
        <label key={item.id} className="row">
          <input type="checkbox" autoFocus={autoFocus && i === 0} checked={ticked.includes(item.id)} onChange={() => onTicked(ticked.includes(item.id) ? ticked.filter((id) => id !== item.id) : [...ticked, item.id])} />
          <span className="clip grow" title={item.label}>{item.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Back({ onPress }: { readonly onPress: () => void }) {
  const words = useWords(operateWords).incident;
  return <Button tone="quiet" onPress={onPress} keys="Escape">{words.back}</Button>;
}

/** The other open incidents, the nearest first, as they were when the form was opened: rows must not move under the pointer. */
function useNearest(incident: IncidentView): readonly IncidentView[] {
  const open = useAllOpenIncidents();
  const [order] = useState(() => open.filter((one) => one.id !== incident.id).sort((a, b) => distanceM(a.place.point, incident.place.point) - distanceM(b.place.point, incident.place.point)).map(({ id }) => id));
  return order.map((id) => open.find((one) => one.id === id)).filter((one) => one !== undefined);
}

function useDescribe(incident: IncidentView): (other: IncidentView) => string {
  const domain = useWords(domainWords);
  const format = useFormat();
  return (other) => `#${sayIncidentNumber(other)} ${domain.incidentTypes[other.type]} · ${other.place.label} · ${format.metres(distanceM(other.place.point, incident.place.point))}`;
}
