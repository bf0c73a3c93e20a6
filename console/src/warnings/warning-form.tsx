// One draft: what happens, what to do, whom it concerns and until when, made anew or worded again. A withdrawal asks only why.
import { useState, type FormEvent } from "react";
import { WARNING_CATEGORIES, WARNING_CERTAINTIES, WARNING_SEVERITIES, WARNING_URGENCIES, type Warning, type WarningContent } from "../../../src/contract/warnings.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { Button, SelectField, TextAreaField, TextField, notify } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useLanguage, useWords } from "../words/use-words.ts";
import { warningWords } from "./words.ts";

type Place = { readonly label: string; readonly lon: number; readonly lat: number };
const HOURS = [1, 3, 6, 12, 24, 48] as const;
const RADII_M = [200, 500, 1_000, 2_000, 5_000, 10_000, 20_000] as const;
const HOUR_MS = 3_600_000;
const AS_BEFORE = 0; // hours: the end stays

/** new: of its own. update, cancel: of what was sent. change: of a draft. */
export type WarningTask = { readonly task: "new" } | { readonly task: "update" | "cancel" | "change"; readonly of: Warning };

export function WarningForm({ form, onSaved, onCancel }: { readonly form: WarningTask; readonly onSaved: (warning: Warning) => void; readonly onCancel: () => void }) {
  const draft = form.task === "change" ? form.of : null;
  const kind = form.task === "new" ? "alert" : form.task === "change" ? form.of.kind : form.task;
  const words = useWords(warningWords);
  const format = useFormat();
  const language = useLanguage();
  const problemText = useProblemText();
  const before = form.task === "new" ? null : form.of.content;
  const [headline, setHeadline] = useState(before?.headline ?? "");
  const [description, setDescription] = useState(form.task === "cancel" ? "" : (before?.description ?? ""));
  const [instruction, setInstruction] = useState(before?.instruction ?? "");
  const [event, setEvent] = useState(before?.event ?? "");
  const [category, setCategory] = useState<WarningContent["category"]>(before?.category ?? "Safety");
  const [urgency, setUrgency] = useState<WarningContent["urgency"]>(before?.urgency ?? "Immediate");
  const [severity, setSeverity] = useState<WarningContent["severity"]>(before?.severity ?? "Moderate");
  const [certainty, setCertainty] = useState<WarningContent["certainty"]>(before?.certainty ?? "Observed");
  const [hours, setHours] = useState<number>(draft === null ? 6 : AS_BEFORE);
  const [area, setArea] = useState(before?.area.description ?? "");
  const [place, setPlace] = useState<Place | null>(before?.area.circle ? { label: before.area.description, ...before.area.circle.point } : null);
  const [radiusM, setRadiusM] = useState<number>(RADII_M.find((one) => one === before?.area.circle?.radiusM) ?? 1_000);
  const [found, setFound] = useState<readonly Place[] | null>(null);
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  const fault = (field: string): { fault?: string } => (missing.has(field) ? { fault: words.missing } : {});

  const find = async (): Promise<void> => {
    try {
      const { places } = await api.call("searchPlaces", { query: { q: area, limit: 5 } });
      setFound(places.map(({ label, point }) => ({ label, ...point })));
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  const save = async (submitted: FormEvent): Promise<void> => {
    submitted.preventDefault();
    const needed = kind === "cancel" ? { description } : { headline, description, event, area };
    const empty = new Set(Object.entries(needed).filter(([, text]) => text.trim() === "").map(([field]) => field));
    setMissing(empty);
    if (empty.size > 0) return;
    const content = {
      headline, description, instruction, event, language: draft?.content.language ?? language, category, urgency, severity, certainty,
      expiresAt: hours === AS_BEFORE && draft !== null ? draft.content.expiresAt : Math.round(serverNow()) + hours * HOUR_MS,
      area: { description: area, circle: place === null ? null : { point: { lon: place.lon, lat: place.lat }, radiusM }, polygon: area === before?.area.description ? before.area.polygon : null },
    };
    try {
      if (form.task === "change") onSaved(await api.call("changeWarning", { params: { id: form.of.id }, body: { revision: form.of.revision, content } }));
      else onSaved(await api.call("draftWarning", { body: form.task === "new" ? { kind: "alert", content } : form.task === "update" ? { kind: "update", follows: form.of.id, content } : { kind: "cancel", follows: form.of.id, words: description } }));
      notify("free", words.saved);
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  const choicesOf = <K extends string>(codes: readonly K[], table: Readonly<Record<K, string>>) => codes.map((id) => ({ id, label: table[id] }));
  return (
    <form className="warning-form" onSubmit={(e) => void save(e)} noValidate>
      {kind === "cancel" ? (
        <TextAreaField label={words.why} value={description} onChange={setDescription} autoFocus {...fault("description")} />
      ) : (
        <>
          <TextField label={words.headline} value={headline} onChange={setHeadline} maxLength={160} autoFocus {...fault("headline")} />
          <TextField label={words.event} value={event} onChange={setEvent} maxLength={80} hint={words.eventHint} {...fault("event")} />
          <TextAreaField label={words.description} value={description} onChange={setDescription} rows={4} {...fault("description")} />
          <TextAreaField label={words.instruction} value={instruction} onChange={setInstruction} rows={2} />
          <div className="warning-pair">
            <SelectField label={words.severity} choices={choicesOf(WARNING_SEVERITIES, words.severities)} value={severity} onChange={setSeverity} />
            <SelectField label={words.urgency} choices={choicesOf(WARNING_URGENCIES, words.urgencies)} value={urgency} onChange={setUrgency} />
            <SelectField label={words.certainty} choices={choicesOf(WARNING_CERTAINTIES, words.certainties)} value={certainty} onChange={setCertainty} />
            <SelectField label={words.category} choices={choicesOf(WARNING_CATEGORIES, words.categories)} value={category} onChange={setCategory} />
          </div>
          <div className="warning-where"><TextField label={words.area} value={area} onChange={(text) => { setArea(text); setFound(null); }} maxLength={200} hint={words.areaHint} {...fault("area")} /><Button onPress={() => void find()} isDisabled={area.trim() === ""}>{words.find}</Button></div>
          {found !== null && (found.length === 0 ? <p className="quiet">{words.notFound}</p> : <ul className="warning-found">{found.map((one) => <li key={`${one.label} ${one.lon}`}><Button tone="quiet" onPress={() => { setPlace(one); setFound(null); }}>{one.label}</Button></li>)}</ul>)}
          {place !== null && <p className="row warning-circle"><span className="clip">{words.aroundPlace(place.label)}</span><Button tone="quiet" onPress={() => setPlace(null)}>{words.noCircle}</Button></p>}
          <div className="warning-pair">
            {place !== null && <SelectField<number> label={words.radius} choices={RADII_M.map((id) => ({ id, label: format.metres(id) }))} value={radiusM} onChange={setRadiusM} />}
            <SelectField<number> label={words.lasts} choices={[...(draft === null ? [] : [{ id: AS_BEFORE, label: words.asBefore(format.exact(draft.content.expiresAt)) }]), ...HOURS.map((id) => ({ id, label: words.hours(id) }))]} value={hours} onChange={setHours} />
          </div>
        </>
      )}
      <p className="quiet">{draft === null ? words.twoPeople : words.yoursThen}</p>
      <footer className="dialog-foot"><Button onPress={onCancel}>{words.close}</Button><Button tone="primary" type="submit">{words.save}</Button></footer>
    </form>
  );
}
