// Which incidents the call in hand may be about, by place, time, kind and caller: Alt and a number attaches it, from any field. It can be detached again in the incident.
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { Button } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { useAttachCall } from "./attach-call.ts";
import type { Draft } from "./draft.ts";
import { useReasonText } from "./reason-text.ts";
import { tieWords } from "./ties-words.ts";
import { useFirstSeen } from "./use-lists.ts";

const RENEW_MS = 10_000;
const isEnded = ({ reasons }: { readonly reasons: readonly { readonly code: string }[] }): boolean => reasons.some(({ code }) => code === "ended");

export function Duplicates({ contactId, draft }: { readonly contactId: number; readonly draft: Draft }) {
  const words = useWords(tieWords).duplicates;
  const domain = useWords(domainWords);
  const format = useFormat();
  const reasonText = useReasonText();
  const act = useAct();
  const incidents = useLive((s) => s.incidents);
  const { place, type } = draft;
  const query = { ...(place === null ? {} : { lon: place.point.lon, lat: place.point.lat, uncertaintyM: place.uncertaintyM }), ...(type === null ? {} : { type }) };
  const found = useCall("listDuplicates", { params: { id: contactId }, query }, RENEW_MS);
  const candidates = (found.data?.candidates ?? []).toSorted((a, b) => Number(isEnded(a)) - Number(isEnded(b)));
  const order = useFirstSeen(candidates.map(({ incidentId }) => incidentId), JSON.stringify(query));
  const shown = order.map((id) => candidates.find(({ incidentId }) => incidentId === id)).filter((one) => one !== undefined);
  const attachCall = useAttachCall();
  /** One that has ended is opened again for it: somebody still calls about it. */
  const attach = async ({ incidentId, reasons }: (typeof candidates)[number]): Promise<void> => {
    if (isEnded({ reasons }) && (await act({ type: "incident.reopen", incidentId, words: words.reopenWords })) === null) return;
    await attachCall(contactId, incidentId);
  };
  useKeys(words.title, shown.map((one, i) => ({ keys: `Alt+${i + 1}`, label: words.key(i + 1), whileTyping: true, listed: i === 0, run: () => void attach(one) })));
  if (shown.length === 0) return null;
  return (
    <div className="duplicates">
      <p className="row"><span className="grow">{words.title}</span><span className="quiet small">{words.hint}</span></p>
      <ul>
        {shown.map((one, i) => {
          const number = sayIncidentNumber({ id: one.incidentId, number: one.number });
          const type = incidents.get(one.incidentId)?.type;
          return (
            <li key={one.incidentId}>
              <Button keys={`Alt+${i + 1}`} onPress={() => void attach(one)}>{isEnded(one) ? words.reopen(number) : words.attach(number)}</Button>
              <span className="clip grow quiet">{[...(type === undefined ? [] : [domain.incidentTypes[type]]), ...one.reasons.map((reason) => (reason.code === "ended" ? words.ended(format.ago(Number(reason.params["ms"] ?? 0))) : reasonText(reason)))].join(" · ")}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
