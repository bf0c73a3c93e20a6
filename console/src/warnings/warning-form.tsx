// One draft: what happens, what to do, whom it concerns and until when. A withdrawal asks only why.
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

export function WarningForm({ kind, follows, onSaved, onCancel }: { readonly kind: Warning["kind"]; readonly follows: Warning | null; readonly onSaved: (warning: Warning) => void; readonly onCancel: () => void }) {
  const words = useWords(warningWords);
  const format = useFormat();
  const language = useLanguage();
  const problemText = useProblemText();
  const before = follows?.content ?? null;
  const [headline, setHeadline] = useState(before?.headline ?? "");
  const [description, setDescription] = useState(kind === "cancel" ? "" : (before?.description ?? ""));
  const [instruction, setInstruction] = useState(before?.instruction ?? "");
  const [event, setEvent] = useState(before?.event ?? "");
  const [category, setCategory] = useState<WarningContent["category"]>(before?.category ?? "Safety");
  const [urgency, setUrgency] = useState<WarningContent["urgency"]>(before?.urgency ?? "Immediate");
  const [severity, setSeverity] = useState<WarningContent["severity"]>(before?.severity ?? "Moderate");
  const [certainty, setCertainty] = useState<WarningContent["certainty"]>(before?.certainty ?? "Observed");
  const [hours, setHours] = useState<number>(6);
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
      headline, description, instruction, event, language, category, urgency, severity, certainty, expiresAt: Math.round(serverNow()) + hours * HOUR_MS,
      area: { description: area, circle: place === null ? null : { point: { lon: place.lon, lat: place.lat }, radiusM }, polygon: null },
    };
    try {
      onSaved(await api.call("draftWarning", { body: kind === "alert" ? { kind, content } : kind === "update" ? { kind, follows: follows!.id, content } : { kind, follows: follows!.id, words: description } }));
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
            <SelectField<number> label={words.lasts} choices={HOURS.map((id) => ({ id, label: words.hours(id) }))} value={hours} onChange={setHours} />
          </div>
        </>
      )}
      <p className="quiet">{words.twoPeople}</p>
      <footer className="dialog-foot"><Button onPress={onCancel}>{words.close}</Button><Button tone="primary" type="submit">{words.save}</Button></footer>
    </form>
  );
}
