// An officer's emergency in a place of its own, above the map: the cameras that see the place, live, and who could be there first, at once and beside whatever is being typed, ticked or read, which stays as it is. For
// whoever may send units and is responsible: everybody until one person watches over it, then that person. Where the incident itself is open in the room this is not needed. One key comes here from any field, the same again opens it.
import { useEffect, useRef, useState } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button, Skeleton } from "../design/index.ts";
import { CameraTile, type TileMode } from "../player/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useAccount, useMay } from "../shell/session.ts";
import { listEmergencies, type Emergency } from "../shell/waiting.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { EmergencyPlace } from "./emergency-place.tsx";
import { emergencyWords } from "./emergency-words.ts";
import { listMine } from "./follow-emergency.ts";
import { useReasonText } from "./reason-text.ts";
import { selectIncident, useOperate } from "./store.ts";

const RENEW_MS = 15_000;
const MOST_TILES = 3;
const MOST_UNITS = 4;
const LIVE: TileMode = { kind: "live" };

export function EmergencyPanel() {
  const units = useLive((s) => s.units);
  const incidents = useLive((s) => s.incidents);
  const assignments = useLive((s) => s.assignments);
  const shown = useOperate((s) => (s.intakeId === null ? s.incidentId : null));
  const accountId = useAccount()?.id ?? null;
  const maySend = useMay("assignment.write");
  const mine = maySend ? listMine(listEmergencies(units.values(), incidents, assignments), incidents, { accountId, shown }) : [];
  const first = mine[0];
  return first === undefined ? null : <OneEmergency key={first.incidentId} emergency={first} others={mine.length - 1} />;
}

function OneEmergency({ emergency, others }: { readonly emergency: Emergency; readonly others: number }) {
  const words = useWords(emergencyWords);
  const format = useFormat();
  const reasonText = useReasonText();
  const now = useNow();
  const act = useAct();
  const mayView = useMay("camera.view");
  const units = useLive((s) => s.units);
  const incident = useLive((s) => s.incidents.get(emergency.incidentId));
  const [busy, setBusy] = useState(false);
  const send = useRef<HTMLDivElement>(null);
  const place = incident?.place;
  const seeing = useCall("seeingCameras", place === undefined ? null : { query: { ...place.point, uncertaintyM: place.uncertaintyM, limit: MOST_TILES } }, RENEW_MS);
  const plan = useCall("recommend", { params: { id: emergency.incidentId } }, RENEW_MS);
  const { again } = plan;
  useEffect(() => again(), [emergency.going, again]);
  const open = (): void => selectIncident(emergency.incidentId, place?.point);
  useKeys(words.title(emergency.callSign), [{
    keys: "Alt+e", label: words.key, whileTyping: true,
    run: () => (send.current?.contains(document.activeElement) === true ? open() : send.current?.querySelector("button")?.focus()),
  }]);
  if (incident === undefined) return null;
  const candidates = (plan.data?.candidates ?? []).slice(0, MOST_UNITS);
  const suggested = (plan.data?.candidates ?? []).filter((one) => one.suggested).map((one) => one.unitId);
  const nameOf = (unitId: number): string => units.get(unitId)?.callSign ?? String(unitId);
  const sendThem = async (): Promise<void> => {
    setBusy(true);
    await act({ type: "assignment.assign", incidentId: incident.id, unitIds: suggested });
    setBusy(false);
    again();
  };
  const reason: ViewReason = { purpose: "incident", incidentId: incident.id };
  return (
    <section className="emergency-panel" aria-label={words.title(emergency.callSign)}>
      <div className="emergency-facts">
        <p><b className="mean-danger">! {words.title(emergency.callSign)}</b> <time>{format.span(Math.max(0, now - emergency.since))}</time>{others > 0 && <span className="quiet"> · {words.more(others)}</span>}</p>
        <p className="clip" title={incident.place.label}>{incident.place.label} · <span className={emergency.going === 0 ? "mean-danger" : "mean-moving"}>{words.going(emergency.going)}</span></p>
        <EmergencyPlace incident={incident} />
        {plan.data === null ? <Skeleton rows={2} /> : candidates.length === 0 ? <p className="quiet">{words.none}</p> : (
          <ul aria-label={words.units}>{candidates.map((one) => <li key={one.unitId}><b className="call-sign">{nameOf(one.unitId)}</b> {format.span(one.roadSeconds * 1000)}</li>)}</ul>
        )}
        <div ref={send} className="row">
          {suggested.length > 0 && <Button tone="primary" isDisabled={busy} onPress={() => void sendThem()}>{words.send(format.list(suggested.map(nameOf)))}</Button>}
          <Button keys="Alt+e" onPress={open}>{words.open}</Button>
        </div>
      </div>
      {mayView && (seeing.data !== null && seeing.data.cameras.length === 0 ? <p className="quiet">{words.noCamera}</p> : (
        <div className="emergency-tiles">
          {(seeing.data?.cameras ?? []).map((camera) => (
            <CameraTile key={camera.cameraId} size="strip" cameraId={camera.cameraId} code={camera.code} name={camera.name} reason={reason} mode={LIVE} hasAddress={camera.hasStream} caption={reasonText(camera.reason)} />
          ))}
        </div>
      ))}
    </section>
  );
}
