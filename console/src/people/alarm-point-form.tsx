// The particulars of one alarm point. The place is found by its name and never typed as numbers; the cameras that see it are offered at once, and the one inside the
// door, which no map knows of, is added by its code.
import { useState, type FormEvent } from "react";
import { ALARM_KINDS, NewAlarmPoint, type AlarmPoint } from "../../../src/contract/contact-ways.ts";
import { api } from "../api/client.ts";
import { useCall } from "../api/use-call.ts";
import { PlaceFinder } from "../map/place-finder.tsx";
import { Button, DialogBox, IconButton, SelectField, Skeleton, TextField, notify } from "../design/index.ts";
import { signalWords } from "../words/signal.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { alarmWords } from "./alarm-words.ts";

const UNCERTAINTIES_M = [5, 10, 25, 50, 100] as const;
const PRIORITIES = [1, 2, 3, 4] as const;
const MOST_CAMERAS = 12;
const MOST_OFFERED = 6;

type Where = Pick<AlarmPoint, "point" | "uncertaintyM"> & { readonly label: string | null };
type Fault = { readonly field: "code" | "site" | "place" | "form"; readonly text: string };

export function AlarmPointForm({ before, onClose, onSaved }: { readonly before: AlarmPoint | null; readonly onClose: () => void; readonly onSaved: () => void }) {
  const words = useWords(alarmWords);
  const { kinds } = useWords(signalWords);
  const format = useFormat();
  const problemText = useProblemText();
  const [code, setCode] = useState(before?.code ?? "");
  const [kind, setKind] = useState<AlarmPoint["kind"]>(before?.kind ?? "panic");
  const [siteName, setSite] = useState(before?.siteName ?? "");
  const [door, setDoor] = useState(before?.door ?? "");
  const [where, setWhere] = useState<Where | null>(before === null ? null : { point: before.point, uncertaintyM: before.uncertaintyM, label: null });
  const [cameraIds, setCameras] = useState<readonly number[]>(before?.cameraIds ?? []);
  const [hint, setHint] = useState<AlarmPoint["priorityHint"]>(before?.priorityHint ?? null);
  const [fault, setFault] = useState<Fault | null>(null);
  const faultOf = (field: Fault["field"]): string | undefined => (fault?.field === field ? fault.text : undefined);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!NewAlarmPoint.shape.code.safeParse(code).success) return setFault({ field: "code", text: words.codeForm });
    if (siteName.trim() === "") return setFault({ field: "site", text: words.siteMissing });
    if (where === null) return setFault({ field: "place", text: words.placeMissing });
    const body = { code, kind, siteName, door, point: where.point, uncertaintyM: where.uncertaintyM, cameraIds: [...cameraIds], priorityHint: hint };
    try {
      const saved = before === null ? await api.call("createAlarmPoint", { body }) : await api.call("changeAlarmPoint", { params: { id: before.id }, body });
      notify("free", before === null ? words.saved(saved.code) : words.changed(saved.code));
      onSaved();
      onClose();
    } catch (error) {
      setFault({ field: "form", text: problemText(error) });
    }
  };
  return (
    <DialogBox title={before === null ? words.addTitle : words.changeTitle(before.code)} open onClose={onClose} wide>
      <form className="stack" onSubmit={(event) => void save(event)}>
        <div className="alarm-pair">
          <TextField label={words.columns.code} value={code} onChange={(text) => { setCode(text); setFault(null); }} hint={words.codeHint} fault={faultOf("code")} autoComplete="off" autoFocus />
          <SelectField label={words.columns.kind} choices={ALARM_KINDS.map((id) => ({ id, label: kinds[id] }))} value={kind} onChange={setKind} />
          <TextField label={words.columns.site} value={siteName} onChange={(text) => { setSite(text); setFault(null); }} maxLength={120} fault={faultOf("site")} />
          <TextField label={words.door} value={door} onChange={setDoor} maxLength={120} hint={words.doorHint} />
        </div>
        <PlaceFinder onPlace={({ point, label, uncertaintyM }) => { setWhere({ point, label, uncertaintyM: nearestOf(uncertaintyM) }); setFault(null); }} />
        {where !== null && <p className="small"><b>{words.place}:</b> {where.label ?? words.at(where.point.lat.toFixed(5), where.point.lon.toFixed(5), format.metres(where.uncertaintyM))}</p>}
        {faultOf("place") !== undefined && <p className="field-fault" role="alert">{faultOf("place")}</p>}
        <div className="alarm-pair">
          <SelectField<number> label={words.within} choices={UNCERTAINTIES_M.map((id) => ({ id, label: format.metres(id) }))} value={nearestOf(where?.uncertaintyM ?? UNCERTAINTIES_M[1])} onChange={(uncertaintyM) => where !== null && setWhere({ ...where, uncertaintyM })} disabled={where === null} />
          <SelectField<number> label={words.priority} choices={[{ id: 0, label: words.noPriority }, ...PRIORITIES.map((id) => ({ id, label: `P${id}` }))]} value={hint ?? 0} onChange={(next) => setHint(PRIORITIES.find((one) => one === next) ?? null)} />
        </div>
        <CameraChoice point={where?.point ?? null} chosen={cameraIds} onChange={setCameras} />
        {faultOf("form") !== undefined && <p className="mean-danger" role="alert">{faultOf("form")}</p>}
        <footer className="dialog-foot"><Button onPress={onClose}>{words.cancel}</Button><Button tone="primary" type="submit">{before === null ? words.save : words.saveChange}</Button></footer>
      </form>
    </DialogBox>
  );
}

/** The least of the offered radii that holds it. */
const nearestOf = (metres: number): number => UNCERTAINTIES_M.find((one) => one >= metres) ?? UNCERTAINTIES_M.at(-1)!;

function CameraChoice({ point, chosen, onChange }: { readonly point: AlarmPoint["point"] | null; readonly chosen: readonly number[]; readonly onChange: (ids: readonly number[]) => void }) {
  const words = useWords(alarmWords);
  const problemText = useProblemText();
  const seeing = useCall("seeingCameras", point === null ? null : { query: { ...point, limit: MOST_OFFERED } });
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string | undefined>();
  const offered = (seeing.data?.cameras ?? []).filter(({ cameraId }) => !chosen.includes(cameraId));
  const add = (id: number): void => {
    if (chosen.length >= MOST_CAMERAS) return setFault(words.most(MOST_CAMERAS));
    setFault(undefined);
    if (!chosen.includes(id)) onChange([...chosen, id]);
  };
  const find = async (): Promise<void> => {
    const q = typed.trim();
    if (q === "") return;
    try {
      const { cameras } = await api.call("listCameras", { query: { q, limit: 20 } });
      const found = cameras.find((camera) => camera.code.toLowerCase() === q.toLowerCase()) ?? (cameras.length === 1 ? cameras[0] : undefined);
      if (found === undefined) return setFault(words.noCamera(q));
      add(found.id);
      setTyped("");
    } catch (error) {
      setFault(problemText(error));
    }
  };
  return (
    <fieldset className="alarm-cameras">
      <legend>{words.seeing}</legend>
      {chosen.length > 0 && <ul>{chosen.map((id) => <li key={id} className="row"><span className="grow clip"><CameraName id={id} /></span><RemoveCamera id={id} onRemove={() => onChange(chosen.filter((one) => one !== id))} /></li>)}</ul>}
      {point === null ? <p className="quiet small">{words.seeingLater}</p> : seeing.data !== null && seeing.data.cameras.length === 0 ? <p className="quiet small">{words.seeingNone}</p> : null}
      {offered.length > 0 && <ul>{offered.map(({ cameraId, code, name }) => <li key={cameraId} className="row"><span className="grow clip"><b className="mono">{code}</b> {name}</span><Button onPress={() => add(cameraId)} aria-label={`${words.addCamera} ${code}`}>{words.addCamera}</Button></li>)}</ul>}
      <div className="alarm-another">
        <TextField label={words.another} value={typed} onChange={(text) => { setTyped(text); setFault(undefined); }} fault={fault} autoComplete="off" onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); void find(); } }} />
        <Button onPress={() => void find()} isDisabled={typed.trim() === ""}>{words.addCamera}</Button>
      </div>
    </fieldset>
  );
}

function RemoveCamera({ id, onRemove }: { readonly id: number; readonly onRemove: () => void }) {
  const words = useWords(alarmWords);
  const camera = useCall("getCamera", { params: { id } });
  return <IconButton icon="close" label={`${words.remove} ${camera.data?.code ?? ""}`} onPress={onRemove} />;
}

export function CameraName({ id }: { readonly id: number }) {
  const camera = useCall("getCamera", { params: { id } });
  return camera.data === null ? (camera.problem === null ? <Skeleton rows={1} height={14} /> : <span className="quiet">{id}</span>) : <><b className="mono">{camera.data.code}</b> {camera.data.name}</>;
}
