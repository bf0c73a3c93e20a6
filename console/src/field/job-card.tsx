// The job as one card: what, where, what the callers said and how to call them, with the one big next step under it.
import { useState, type FormEvent } from "react";
import type { Assignment, AssignmentState, Incident } from "../../../src/contract/dispatch.ts";
import type { Caller } from "../../../src/contract/live.ts";
import type { Point } from "../../../src/contract/basics.ts";
import { bearingDeg, distanceM } from "../../../src/geo/point.ts";
import { Age, Button, TextField } from "../design/index.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { JobSketch, geoAddress } from "./job-map.tsx";
import type { Progress } from "./progress.ts";
import { fieldWords } from "./words.ts";

interface JobCardProps {
  readonly assignment: Assignment;
  readonly incident: Incident;
  readonly callers: readonly Caller[];
  readonly progress: Progress;
  readonly from: Point;
  readonly onAdvance: (to: AssignmentState) => void;
  readonly onDecline: (why: string) => void;
}

const NEW: ReadonlySet<AssignmentState> = new Set(["proposed", "assigned", "sent", "delivered"]);

export function JobCard({ assignment, incident, callers, progress, from, onAdvance, onDecline }: JobCardProps) {
  const words = useWords(fieldWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const [declining, setDeclining] = useState(false);
  const since = assignment.milestones.at(-1)?.receivedAt;
  const { place } = incident;
  const steps = words.steps as Readonly<Record<string, string>>;
  return (
    <article className="job" data-assignment={assignment.id} data-state={progress.state} aria-label={words.job}>
      <header className="job-head">
        <span className="job-priority" data-priority={incident.priority}>P{incident.priority}</span>
        <h2>{wordFor(domain.incidentTypes, incident.type)}</h2>
        <span className="quiet end">{incident.number}</span>
      </header>
      <p className="job-where">{place.label}{place.district !== null && <span className="quiet"> · {place.district}</span>}</p>
      {callers.map((caller) => <CallerLine key={caller.contactId} caller={caller} />)}
      {place.uncertaintyM > 50 && <p className="quiet">{words.within(format.metres(place.uncertaintyM))}</p>}
      {incident.what !== "" && <p className="job-what">{incident.what}</p>}
      {incident.who !== "" && <p className="quiet">{words.who(incident.who)}</p>}
      <JobSketch from={from} to={place.point} uncertaintyM={place.uncertaintyM} />
      <p className="job-way quiet">
        {words.way(format.metres(distanceM(from, place.point)), words.compass[Math.round(bearingDeg(from, place.point) / 45) % 8]!)}
        {assignment.roadSecondsAtAssign !== null && ` · ${words.byRoad(format.age(assignment.roadSecondsAtAssign * 1000))}`}
        <a href={geoAddress(place.point)}>{words.openMap}</a>
      </p>
      <p className="job-state">
        <b>{NEW.has(progress.state) ? words.newJob : wordFor(domain.assignmentStates, progress.state)}</b> {progress.unsent ? <span className="mean-decide">{words.unsent}</span> : since !== undefined && <span className="quiet"><Age at={since} /></span>}
      </p>
      <div className="job-steps">
        {progress.primary !== null && <Button tone="primary" className="job-next" onPress={() => onAdvance(progress.primary!)}>{wordFor(steps, progress.primary)}</Button>}
        {(progress.others.length > 0 || progress.mayDecline) && (
          <div className="job-others">
            {progress.others.map((to) => <Button key={to} onPress={() => onAdvance(to)}>{wordFor(steps, to)}</Button>)}
            {progress.mayDecline && !declining && <Button onPress={() => setDeclining(true)}>{words.decline.button}</Button>}
          </div>
        )}
        {declining && progress.mayDecline && <DeclineForm onDecline={onDecline} onKeep={() => setDeclining(false)} />}
      </div>
    </article>
  );
}

/** One caller: when, the words only where there are any, and the number as a call. */
function CallerLine({ caller: { source, receivedAt, number, words: said } }: { readonly caller: Caller }) {
  const words = useWords(fieldWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  if (said === null && number === null) return null;
  return (
    <p className="job-words">
      <span className="quiet">{wordFor(domain.contactSources, source)} {format.minute(receivedAt)} </span>
      {said !== null && words.callerSays(said)}
      {number !== null && <a className="job-call" href={`tel:${number.replace(/[^+\d]/g, "")}`}>{words.callBack(number)}</a>}
    </p>
  );
}

function DeclineForm({ onDecline, onKeep }: { readonly onDecline: (why: string) => void; readonly onKeep: () => void }) {
  const words = useWords(fieldWords).decline;
  const [why, setWhy] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (why.trim() !== "") onDecline(why.trim());
  };
  return (
    <form className="job-decline" onSubmit={submit}>
      <TextField label={words.why} value={why} onChange={setWhy} maxLength={200} autoFocus placeholder={words.example} />
      <div className="job-others">
        <Button onPress={onKeep}>{words.keep}</Button>
        <Button tone="danger" type="submit" isDisabled={why.trim() === ""}>{words.send}</Button>
      </div>
    </form>
  );
}
