// Which incidents the call in hand may be about, by place, time, kind and caller: Alt and a number attaches it, from any field. It can be detached again in the incident.
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { Button } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import type { Draft } from "./draft.ts";
import { useReasonText } from "./reason-text.ts";
import { closeIntake, selectIncident } from "./store.ts";
import { tieWords } from "./ties-words.ts";
import { useFirstSeen } from "./use-lists.ts";

const RENEW_MS = 10_000;

export function Duplicates({ contactId, draft }: { readonly contactId: number; readonly draft: Draft }) {
  const words = useWords(tieWords).duplicates;
  const domain = useWords(domainWords);
  const reasonText = useReasonText();
  const act = useAct();
  const incidents = useLive((s) => s.incidents);
  const { place, type } = draft;
  const query = { ...(place === null ? {} : { lon: place.point.lon, lat: place.point.lat, uncertaintyM: place.uncertaintyM }), ...(type === null ? {} : { type }) };
  const found = useCall("listDuplicates", { params: { id: contactId }, query }, RENEW_MS);
  const candidates = (found.data?.candidates ?? []).filter(({ reasons }) => !reasons.some(({ code }) => code === "ended")).filter(({ incidentId }) => incidents.has(incidentId));
  const order = useFirstSeen(candidates.map(({ incidentId }) => incidentId), JSON.stringify(query));
  const shown = order.map((id) => candidates.find(({ incidentId }) => incidentId === id)).filter((one) => one !== undefined);
  const attach = (incidentId: number): void =>
    void act({ type: "contact.attach", contactId, incidentId, typed: { where: draft.where.slice(0, 200), what: draft.what, who: draft.who } }).then((done) => {
      if (done === null) return;
      closeIntake(contactId);
      selectIncident(incidentId, incidents.get(incidentId)?.place.point);
    });
  useKeys(words.title, shown.map(({ incidentId }, i) => ({ keys: `Alt+${i + 1}`, label: words.key(i + 1), whileTyping: true, listed: i === 0, run: () => attach(incidentId) })));
  if (shown.length === 0) return null;
  return (
    <div className="duplicates">
      <p className="row"><span className="grow">{words.title}</span><span className="quiet small">{words.hint}</span></p>
      <ul>
        {shown.map(({ incidentId, number, reasons }, i) => (
          <li key={incidentId}>
            <Button keys={`Alt+${i + 1}`} onPress={() => attach(incidentId)}>{words.attach(sayIncidentNumber({ id: incidentId, number }))}</Button>
            <span className="clip grow quiet">{domain.incidentTypes[incidents.get(incidentId)!.type]} · {reasons.map(reasonText).join(" · ")}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
