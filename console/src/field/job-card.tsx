// The job as one card: what, where, how far, what the callers said and how to call them, who else goes, the way, the picture. The one big next step stands below it
// in the dock, where the thumb is.
import { useState, type FormEvent } from "react";
import type { Assignment, AssignmentState, Incident } from "../../../src/contract/dispatch.ts";
import type { Caller, FieldCameras, FieldView, FieldWay } from "../../../src/contract/live.ts";
import type { Point } from "../../../src/contract/basics.ts";
import { bearingDeg, distanceM } from "../../../src/geo/point.ts";
import { Age, StatusMark, TextField } from "../design/index.ts";
import { stepSince } from "../shell/waiting.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { FieldButton, usePresses } from "./field-button.tsx";
import { JobCamera } from "./job-camera.tsx";
import { JobMap } from "./job-map.tsx";
import { geoAddress } from "./job-sketch.tsx";
import { isThere, type Progress } from "./progress.ts";
import { fieldWords } from "./words.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";

interface JobCardProps {
  readonly assignment: Assignment;
  readonly incident: Incident;
  readonly callers: readonly Caller[];
  readonly progress: Progress;
  readonly home: Point;
  readonly others: FieldView["others"];
  readonly way: FieldWay;
  readonly cameras: FieldCameras["cameras"];
  readonly onAdvance: (to: AssignmentState) => void;
  readonly onDecline: (why: string) => void;
}

const NEW: ReadonlySet<AssignmentState> = new Set(["proposed", "assigned", "sent", "delivered"]);

export function JobCard({ assignment, incident, callers, progress, home, others, way, cameras, onAdvance, onDecline }: JobCardProps) {
  const words = useWords(fieldWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const [declining, setDeclining] = useState(false);
  const since = stepSince(assignment);
  const { place } = incident;
  const steps = words.steps as Readonly<Record<string, string>>;
  return (
    <article className="job" data-assignment={assignment.id} data-state={progress.state} aria-label={words.job}>
      <header className="job-head">
        <span className="job-priority" data-priority={incident.priority}>P{incident.priority}</span>
        <h2>{assignment.cover === null ? wordFor(domain.incidentTypes, incident.type) : words.cover}</h2>
        <span className="quiet end job-number">{words.number(sayIncidentNumber(incident))}</span>
      </header>
      <p className="job-where">{place.label}{place.district !== null && <span className="quiet"> · {place.district}</span>}</p>
      <p className="job-way">
        <WayText way={way} home={home} place={place.point} secondsAtAssign={assignment.roadSecondsAtAssign} />
        <a href={geoAddress(place.point)}>{words.openMap}</a>
      </p>
      {callers.map((caller, i) => <CallerLine key={caller.contactId} caller={caller} isFirst={i === 0} />)}
      {place.uncertaintyM > 50 && <p className="quiet">{words.within(format.metres(place.uncertaintyM))}</p>}
      {incident.what !== "" && <p className="job-what">{incident.what}</p>}
      {incident.who !== "" && <p className="quiet">{words.who(incident.who)}</p>}
      <JobMap place={place} home={home} way={way} others={others} />
      <JobCamera cameras={cameras} incidentId={incident.id} />
      <Others others={others} place={place.point} />
      <p className="job-state">
        <b>{NEW.has(progress.state) ? words.newJob : wordFor(domain.assignmentStates, progress.state)}</b> {progress.unsent ? <span className="mean-decide">{words.unsent}</span> : since !== undefined && <span className="quiet"><Age at={since} /></span>}
      </p>
      <div className="job-steps">
        {(progress.others.length > 0 || progress.mayDecline) && (
          <div className="job-others">
            {progress.others.map((to) => <FieldButton key={to} onPress={() => onAdvance(to)}>{wordFor(steps, to)}</FieldButton>)}
            {progress.mayDecline && !declining && <FieldButton onPress={() => setDeclining(true)}>{words.decline.button}</FieldButton>}
          </div>
        )}
        {declining && progress.mayDecline && <DeclineForm onDecline={onDecline} onKeep={() => setDeclining(false)} />}
      </div>
    </article>
  );
}

/** How far and how long by road; without a road, the direction as the crow flies. */
function WayText({ way, home, place, secondsAtAssign }: { readonly way: FieldWay; readonly home: Point; readonly place: Point; readonly secondsAtAssign: number | null }) {
  const words = useWords(fieldWords);
  const format = useFormat();
  const compass = (from: Point): string => words.compass[Math.round(bearingDeg(from, place) / 45) % 8]!;
  if (way?.road == null) {
    const from = way?.from ?? home;
    return <span>{words.way(format.metres(distanceM(from, place)), compass(from))}{secondsAtAssign !== null && ` · ${words.byRoad(format.age(secondsAtAssign * 1000))}`}</span>;
  }
  const { metres, seconds } = way.road;
  return <span><b>{words.road(format.metres(metres), format.age(Math.max(seconds, 1) * 1000))}</b> <span className="quiet">{way.start === "post" ? words.fromPost : words.fromHere} · {words.lies(compass(way.from))}</span></span>;
}

/** Who else goes or is there, where, in words. */
function Others({ others, place }: { readonly others: FieldView["others"]; readonly place: Point }) {
  const words = useWords(fieldWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  if (others.length === 0) return <p className="quiet">{words.alone}</p>;
  return (
    <section className="job-crew">
      <h3>{words.alsoGoing}</h3>
      <ul>
        {others.map((other) => (
          <li key={other.callSign}>
            <StatusMark tone={isThere(other.state) ? "scene" : NEW.has(other.state) || other.state === "acknowledged" ? "off" : "moving"} label="" />
            <b>{other.callSign}</b> <span>{domain.unitKinds[other.kind]}, {wordFor(domain.assignmentStates, other.state)}</span>
            {other.point !== null && !isThere(other.state) && <span className="quiet">{words.away(format.metres(distanceM(other.point, place)), words.compass[Math.round(bearingDeg(place, other.point) / 45) % 8]!)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One caller, those after the first smaller: when, the words only where there are any, and the number as a call. */
function CallerLine({ caller: { source, receivedAt, number, words: said }, isFirst }: { readonly caller: Caller; readonly isFirst: boolean }) {
  const words = useWords(fieldWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  if (said === null && number === null) return null;
  return (
    <p className={isFirst ? "job-words" : "job-words job-words-more"}>
      <span className="quiet">{wordFor(domain.contactSources, source)} {format.minute(receivedAt)} </span>
      {said !== null && words.callerSays(said)}
      {number !== null && <a className="job-call" href={`tel:${number.replace(/[^+\d]/g, "")}`}>{words.callBack(number)}</a>}
    </p>
  );
}

function DeclineForm({ onDecline, onKeep }: { readonly onDecline: (why: string) => void; readonly onKeep: () => void }) {
  const words = useWords(fieldWords).decline;
  const { press } = usePresses();
  const [why, setWhy] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (why.trim() !== "") press(() => onDecline(why.trim()));
  };
  return (
    <form className="job-decline" onSubmit={submit}>
      <TextField label={words.why} value={why} onChange={setWhy} maxLength={200} autoFocus placeholder={words.example} />
      <div className="job-others">
        <FieldButton onPress={onKeep}>{words.keep}</FieldButton>
        <FieldButton tone="danger" type="submit" isDisabled={why.trim() === ""}>{words.send}</FieldButton>
      </div>
    </form>
  );
}
