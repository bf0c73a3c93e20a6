// When there are too few: units that could be taken from another job, and what the chosen ones leave uncovered. Both say why; nothing here is done by a tick or a number key.
import { incidentNumberOf, sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { useState } from "react";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { Button } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { ReasonForm } from "./reason-form.tsx";
import { useReasonText } from "./reason-text.ts";
import { tieWords } from "./ties-words.ts";
import type { IncidentView } from "./tones.ts";
import { useFirstSeen } from "./use-lists.ts";
import { operateWords } from "./words.ts";

const RENEW_MS = 15_000;

export function TakenUnits({ incident, held }: { readonly incident: IncidentView; readonly held: boolean }) {
  const all = useWords(operateWords);
  const words = useWords(tieWords).taken;
  const format = useFormat();
  const reasonText = useReasonText();
  const act = useAct();
  const units = useLive((s) => s.units);
  const incidents = useLive((s) => s.incidents);
  const [taking, setTaking] = useState<number | null>(null);
  const found = useCall("listPreemptible", incident.shortfall === null ? null : { params: { id: incident.id } }, held || taking !== null ? undefined : RENEW_MS);
  const known = found.data?.offers ?? [];
  const order = useFirstSeen(known.map(({ assignmentId }) => assignmentId), String(incident.id));
  const offers = order.map((id) => known.find(({ assignmentId }) => assignmentId === id)).filter((one) => one !== undefined);
  if (incident.shortfall === null || offers.length === 0) return null;
  return (
    <div className="scarce">
      <p className="scarce-title mean-decide">{words.title}</p>
      <ul>
        {offers.map((offer) => {
          const name = units.get(offer.unitId)?.callSign ?? all.events.unit(offer.unitId);
          const why = offer.reasons.filter(({ code }) => code !== "by-road").map(reasonText).join(" · ");
          return (
            <li key={offer.assignmentId}>
              <div className="row">
                <b className="call-sign">{name}</b>
                <span className="eta">{format.span(offer.roadSeconds * 1000)}</span>
                <span className="clip grow quiet" title={why}>{why}</span>
                <Button tone="quiet" onPress={() => setTaking(taking === offer.assignmentId ? null : offer.assignmentId)}>{words.take(name)}</Button>
              </div>
              {taking === offer.assignmentId && (
                <ReasonForm
                  label={words.words(name, sayIncidentNumber(incidents.get(offer.incidentId) ?? { id: offer.incidentId, number: incidentNumberOf(offer.incidentId) }))} action={words.take(name)} tone="danger" onCancel={() => setTaking(null)}
                  onSubmit={(text) => void act({ type: "assignment.preempt", assignmentId: offer.assignmentId, incidentId: incident.id, words: text }).then(() => { setTaking(null); found.again(); })}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** `chosen`: units that are ticked to be sent; those that go already are counted by the centre. */
export function Uncovered({ incident, chosen }: { readonly incident: IncidentView; readonly chosen: readonly number[] }) {
  const words = useWords(tieWords).cover;
  const format = useFormat();
  const act = useAct();
  const units = useLive((s) => s.units);
  const found = useCall("proposeCover", { params: { id: incident.id }, query: chosen.length === 0 ? {} : { units: chosen.slice(0, 20).join() } }, RENEW_MS);
  const [sending, setSending] = useState(false);
  const domain = useWords(domainWords);
  const uncovered = found.data?.uncovered ?? [];
  const thinned = found.data?.thinned ?? [];
  if (found.data === null || (uncovered.length === 0 && thinned.length === 0)) return null;
  const within = format.span(found.data.withinSeconds * 1000);
  const next = (seconds: number | null): string => (seconds === null ? words.none : words.nearest(format.span(seconds * 1000)));
  return (
    <div className="scarce">
      {thinned.map(({ unitId, kind, nearestSeconds }) => (
        <p key={unitId} className="scarce-title">{words.thinned(units.get(unitId)?.callSign ?? "?", domain.unitKinds[kind], format.span(found.data!.thinWithinSeconds * 1000))} <span className="quiet">{next(nearestSeconds)}</span></p>
      ))}
      {uncovered.length > 0 && <p className="scarce-title">{words.title} <span className="quiet">{words.within(within)}</span></p>}
      <ul>
        {uncovered.map(({ platformId, label, nearestSeconds, move }) => (
          <li key={platformId} className="row">
            <b className="clip">{label}</b>
            <span className="clip grow quiet">{next(nearestSeconds)}</span>
            {move === null ? <span className="quiet">{words.nobody}</span> : (
              <Button tone="quiet" isDisabled={sending} onPress={() => {
                setSending(true);
                void act({ type: "assignment.cover", incidentId: incident.id, unitId: move.unitId, platformId }).then(() => { setSending(false); found.again(); });
              }}>{words.send(units.get(move.unitId)?.callSign ?? "?", format.span(move.roadSeconds * 1000))}</Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
