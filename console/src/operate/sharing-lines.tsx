// Who outside reads this incident, where anybody does: each agency with its purpose, until when, and when it last read; ended in one press. A new one needs an agency, words and an end, since
// callers' words and numbers go with it.
import { useState, type FormEvent } from "react";
import type { Agency, Sharing } from "../../../src/contract/sharings.ts";
import { api } from "../api/client.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button, SelectField, TextField, notify } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { tieWords } from "./ties-words.ts";
import { operateWords } from "./words.ts";

const AGAIN_EVERY_MS = 20_000;
const HOURS = [4, 12, 24, 72, 168] as const;
const keyOf = ({ kind, id }: Pick<Agency, "kind" | "id">): string => `${kind} ${id}`;

export function SharingLines({ incidentId }: { readonly incidentId: number }) {
  const words = useWords(tieWords).sharing;
  const problemText = useProblemText();
  const mayShare = useMay("incident.share");
  const found = useCall("listSharings", { params: { id: incidentId } }, AGAIN_EVERY_MS);
  const now = useNow();
  const inForce = (found.data?.sharings ?? []).filter((one) => one.endedAt === null && one.until > now);
  const end = async (sharing: Sharing): Promise<void> => {
    try {
      await api.call("endSharing", { params: { id: sharing.id } });
      notify("off", words.ended(sharing.agency.name));
    } catch (error) {
      notify("danger", problemText(error));
    }
    found.again();
  };
  if (inForce.length === 0) return null;
  return <ul className="tie-lines" aria-label={words.title}>{inForce.map((one) => <SharingLine key={one.id} sharing={one} now={now} onEnd={mayShare ? () => void end(one) : null} />)}</ul>;
}

/** A time of day says which one it is for so long. */
const SURELY_TODAY_MS = 20 * 3_600_000;
function SharingLine({ sharing, now, onEnd }: { readonly sharing: Sharing; readonly now: number; readonly onEnd: (() => void) | null }) {
  const words = useWords(tieWords).sharing;
  const format = useFormat();
  const { agency, purpose, until, reads, lastReadAt } = sharing;
  const timeOf = (at: number): string => (Math.abs(at - now) < SURELY_TODAY_MS ? format.time(at) : format.exact(at));
  return (
    <li className="row">
      <span className="grow small">
        {words.line(agency.name, timeOf(until), purpose)}
        <br /><span className="quiet">{lastReadAt === null ? words.unread : words.reads(reads, timeOf(lastReadAt))}</span>
      </span>
      {onEnd !== null && <Button tone="quiet" onPress={onEnd}>{words.end}</Button>}
    </li>
  );
}

export function NewSharing({ incidentId, onDone }: { readonly incidentId: number; readonly onDone: () => void }) {
  const words = useWords(tieWords).sharing;
  const { back } = useWords(operateWords).incident;
  const problemText = useProblemText();
  const answer = useCall("listSharingAgencies", {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [purpose, setPurpose] = useState("");
  const [hours, setHours] = useState<(typeof HOURS)[number]>(12);
  const agencies = answer.data?.agencies ?? [];
  const agency = agencies.find((one) => keyOf(one) === chosen);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (agency === undefined || purpose.trim() === "") return;
    try {
      await api.call("createSharing", { params: { id: incidentId }, body: { agency: { kind: agency.kind, id: agency.id }, purpose: purpose.trim(), hours } });
      notify("free", words.shared(agency.name));
      onDone();
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  return (
    <form className="reason-form" onSubmit={(event) => void submit(event)} onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); onDone(); } }}>
      {answer.data !== null && agencies.length === 0 ? <p className="field-hint">{words.nobody}</p> : (
        <>
          <SelectField label={words.agency} placeholder={words.choose} autoFocus value={chosen} onChange={setChosen} choices={agencies.map((one) => ({ id: keyOf(one), label: one.kind === "webhook" ? words.byWebhook(one.name) : one.name }))} />
          <TextField label={words.purpose} value={purpose} onChange={setPurpose} maxLength={200} />
          <SelectField<(typeof HOURS)[number]> label={words.until} value={hours} onChange={setHours} choices={HOURS.map((id) => ({ id, label: words.hours(id) }))} />
          <p className="field-hint">{words.about}</p>
        </>
      )}
      <div className="row">
        {agencies.length > 0 && <Button type="submit" tone="primary" isDisabled={agency === undefined || purpose.trim() === ""} keys="Enter">{words.share}</Button>}
        <Button tone="quiet" onPress={onDone} keys="Escape">{back}</Button>
      </div>
    </form>
  );
}
