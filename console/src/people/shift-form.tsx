// One shift: a unit, from when to when by the city's clocks, and where they differ its crew, skills and platform.
import { useState, type FormEvent } from "react";
import { crewOf, listOf } from "../../../src/base/crew.ts";
import { parseNextClock } from "../../../src/base/time-zone.ts";
import type { Platform } from "../../../src/contract/city.ts";
import type { DutyUnit } from "../../../src/contract/duty.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button, ComboField, DialogBox, SelectField, TextField, notify } from "../design/index.ts";
import { useCityTimeZone } from "../shell/city.ts";
import { useFaultText, useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { formatMoment, parseMoment } from "../words/zoned-time.ts";
import { dutyWords } from "./duty-words.ts";

const AS_BEFORE = 0;
const HOUR_MS = 3_600_000;
const USUAL_MS = 8 * HOUR_MS;

export function ShiftForm({ unit, platforms, onClose, onSaved }: { readonly unit: DutyUnit | null; readonly platforms: readonly Platform[]; readonly onClose: () => void; readonly onSaved: () => void }) {
  const { shifts: words, cancel } = useWords(dutyWords);
  const format = useFormat();
  const zone = useCityTimeZone();
  const problemText = useProblemText();
  const faultText = useFaultText();
  const units = useCall("listUnits", unit === null ? {} : null);
  const [now] = useState(serverNow);
  const nextHour = Math.ceil(now / HOUR_MS) * HOUR_MS;
  const shown = (at: number): string => formatMoment(at, zone).slice(0, 16);
  const [unitId, setUnitId] = useState<number | null>(unit?.id ?? null);
  const [starts, setStarts] = useState(shown(nextHour));
  const [ends, setEnds] = useState(shown(nextHour + USUAL_MS));
  const [platformId, setPlatform] = useState<number>(AS_BEFORE);
  const [crew, setCrew] = useState("");
  const [skills, setSkills] = useState("");
  const [fault, setFault] = useState<{ readonly field: "unit" | "starts" | "ends" | "form"; readonly text: string } | null>(null);
  const faultOf = (field: "unit" | "starts" | "ends" | "form"): string | undefined => (fault?.field === field ? fault.text : undefined);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const callSign = unit?.callSign ?? units.data?.units.find(({ id }) => id === unitId)?.callSign;
    if (callSign === undefined) return setFault({ field: "unit", text: words.unitMissing });
    const startsAt = parseMoment(starts, zone, now);
    if (startsAt === undefined) return setFault({ field: "starts", text: words.momentForm });
    const endsAt = parseNextClock(ends, startsAt, zone) ?? parseMoment(ends, zone, startsAt);
    if (endsAt === undefined) return setFault({ field: "ends", text: words.momentForm });
    try {
      const members = crewOf(crew);
      const can = listOf(skills);
      const platform = platforms.find(({ id }) => id === platformId)?.code ?? null;
      const { rejected: [wrong] } = await api.call("enterShifts", { body: { shifts: [{ callSign, startsAt, endsAt, platform, crew: members.length === 0 ? null : members, skills: can.length === 0 ? null : can }] } });
      if (wrong !== undefined) return setFault({ field: wrong.field === "startsAt" ? "starts" : wrong.field === "endsAt" ? "ends" : "form", text: faultText(wrong) });
      notify("free", words.entered(callSign, format.minute(startsAt)));
      onSaved();
      onClose();
    } catch (error) {
      setFault({ field: "form", text: problemText(error) });
    }
  };
  return (
    <DialogBox title={unit === null ? words.addTitle : `${words.addTitle}: ${unit.callSign}`} open onClose={onClose} wide>
      <form className="stack" onSubmit={(event) => void save(event)}>
        {unit === null && <ComboField<number> label={words.unit} choices={(units.data?.units ?? []).map(({ id, callSign }) => ({ id, label: callSign }))} value={unitId} onChange={(id) => { setUnitId(id); setFault(null); }} fault={faultOf("unit")} autoFocus />}
        <div className="alarm-pair">
          <TextField label={words.starts} value={starts} onChange={(text) => { setStarts(text); setFault(null); }} hint={words.momentHint} fault={faultOf("starts")} autoComplete="off" autoFocus={unit !== null} />
          <TextField label={words.ends} value={ends} onChange={(text) => { setEnds(text); setFault(null); }} hint={words.endHint} fault={faultOf("ends")} autoComplete="off" />
        </div>
        <TextField label={words.crew} value={crew} onChange={setCrew} hint={words.crewHint} autoComplete="off" maxLength={500} />
        <TextField label={words.skills} value={skills} onChange={setSkills} hint={words.skillsHint} autoComplete="off" maxLength={500} />
        <SelectField<number> label={words.columns.platform} choices={[{ id: AS_BEFORE, label: words.platformAsBefore }, ...platforms.map(({ id, code, name }) => ({ id, label: `${code} ${name}` }))]} value={platformId} onChange={setPlatform} />
        {faultOf("form") !== undefined && <p className="mean-danger" role="alert">{faultOf("form")}</p>}
        <footer className="dialog-foot"><Button onPress={onClose}>{cancel}</Button><Button tone="primary" type="submit">{words.save}</Button></footer>
      </form>
    </DialogBox>
  );
}
