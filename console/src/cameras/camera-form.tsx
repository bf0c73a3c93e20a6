// Adding and changing one camera. The order is that of the work on a ladder: the address, does it answer, what is it called, where does it look,
// what is it for. Add and change share the form; only what differs is sent.
import { Suspense, lazy, useState, type FormEvent, type ReactNode } from "react";
import { leadsElsewhere } from "../../../src/contract/camera-endpoint.ts";
import { faultsOfPlace } from "../../../src/contract/camera-place.ts";
import { faultsOfParticulars } from "../../../src/contract/camera-particulars.ts";
import { CAMERA_KINDS, NIGHT_VIEWS, RECORDING_MODES, TRANSPORTS, type Camera } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import { useCall } from "../api/use-call.ts";
import { ApiProblem } from "../api/problem.ts";
import { Button, SelectField, Skeleton, TextField } from "../design/index.ts";
import { useCity } from "../shell/city.ts";
import { domainWords } from "../words/domain.ts";
import { useFaultText, useProblemText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { EMPTY_DRAFT, changesOf, draftOf, fieldOfPath, isTls, parseDecimal, pointOf, readDraft, type CameraDraft, type DraftField } from "./camera-draft.ts";
import { PlaceFinder } from "../map/place-finder.tsx";
import { PoseDial } from "./pose-dial.tsx";
import { ProbeButton } from "./probe.tsx";
import { camerasWords } from "./words.ts";

const PoseMap = lazy(() => import("./pose-map.tsx"));

export function CameraForm({ camera, onSaved, onCancel }: { readonly camera: Camera | null; readonly onSaved: (camera: Camera, credentialDropped: boolean) => void; readonly onCancel: () => void }) {
  const words = useWords(camerasWords);
  const domain = useWords(domainWords);
  const problemText = useProblemText();
  const faultText = useFaultText();
  const city = useCity((s) => s.city);
  const [draft, setDraft] = useState<CameraDraft>(() => (camera === null ? EMPTY_DRAFT : draftOf(camera)));
  const [faults, setFaults] = useState<ReadonlyMap<DraftField, string>>(new Map());
  const [problem, setProblem] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const recorders = useCall("listRecorders", {}).data?.recorders ?? [];
  const moves = camera !== null && draft.recorderId !== String(camera.recorderId);

  const put = (change: Partial<CameraDraft>): void => {
    setDraft((d) => ({ ...d, ...change }));
    setFaults((f) => new Map([...f].filter(([field]) => !(field in change))));
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    const read = readDraft(draft);
    if (!read.ok) return setFaults(new Map([...read.faults].map(([field, text]) => [field, (words.faults as Readonly<Record<string, string>>)[field] ?? text])));
    if (moves && draft.moveWords.trim() === "") return setFaults(new Map([["moveWords", words.faults.moveWords]]));
    const { point } = read.camera.pose;
    const moved = camera === null || point.lon !== camera.pose.point.lon || point.lat !== camera.pose.point.lat;
    const misplaced = city === null || !moved ? [] : faultsOfPlace(point, city.bounds, "pose.point");
    const wrong = [...misplaced, ...faultsOfParticulars(read.camera)];
    if (wrong.length > 0) return setFaults(new Map(wrong.map((f) => [fieldOfPath(f.field.split(".")), words.expected(faultText(f))])));
    setSaving(true);
    try {
      if (camera === null) return onSaved(await api.call("createCamera", { body: read.camera }), false);
      const changed = await api.call("changeCamera", { params: { id: camera.id }, body: changesOf(camera, read.camera) });
      if (moves) await api.call("moveCamera", { params: { id: camera.id }, body: { recorderId: Number(draft.recorderId), words: draft.moveWords.trim() } });
      onSaved(changed, changed.credentialDropped);
    } catch (error) {
      const named = error instanceof ApiProblem ? (error.problem.faults ?? []) : [];
      setFaults(new Map(named.map((f) => [fieldOfPath(f.field.split(".")), words.expected(faultText(f))])));
      setProblem(error);
    } finally {
      setSaving(false);
    }
  };
  // Said before it is saved: a stored password stays with the box that it was given for.
  const losesPassword = camera !== null && camera.address !== null && draft.password === "" && draft.address.trim() !== "" && leadsElsewhere(camera.address, draft.address);
  const text = (field: Exclude<DraftField, "kind" | "recording" | "transport" | "nightView" | "recorderId">, more: { readonly hint?: ReactNode; readonly placeholder?: string; readonly type?: "password"; readonly autoFocus?: boolean } = {}) => (
    <TextField key={field} label={words.fields[field]} value={draft[field]} onChange={(value) => put({ [field]: value })} fault={faults.get(field)} {...(more.type === undefined ? {} : { type: more.type, autoComplete: "new-password" })} {...more} />
  );
  return (
    <form className="camera-form" onSubmit={(e) => void save(e)} noValidate aria-label={camera === null ? words.add : words.change(camera.name)}>
      <fieldset>
        <legend>{words.parts.stream}</legend>
        {text("address", { placeholder: "rtsp://10.20.0.15:554/stream1", hint: words.hints.address, autoFocus: camera === null })}
        {text("subAddress", { placeholder: "rtsp://10.20.0.15:554/stream2", hint: words.hints.subAddress })}
        <div className="form-two">{text("userName")}{text("password", { type: "password", ...(camera === null ? {} : { hint: words.hints.password }) })}</div>
        {losesPassword && <p className="mean-decide" role="status">{words.elsewhere}</p>}
        <SelectField label={words.fields.transport} choices={TRANSPORTS.map((id) => ({ id, label: words.transports[id] }))} value={draft.transport} fault={faults.get("transport")} onChange={(transport) => put({ transport })} />
        {isTls(draft) && text("certificateSha256", { hint: words.hints.certificateSha256, placeholder: "AB:CD:EF:..." })}
        <ProbeButton
          address={draft.address} userName={draft.userName} password={draft.password} transport={draft.transport} certificateSha256={isTls(draft) && draft.certificateSha256.trim() !== "" ? draft.certificateSha256.trim() : null}
          onPin={(sha256) => put({ certificateSha256: sha256 })}
        />
      </fieldset>
      <fieldset>
        <legend>{words.parts.name}</legend>
        <div className="form-two">{text("name", { placeholder: words.examples.name })}{camera === null ? text("code", { hint: words.hints.code }) : <TextField label={words.fields.code} value={draft.code} isReadOnly />}</div>
        <div className="form-two">
          <SelectField label={words.fields.kind} choices={CAMERA_KINDS.map((id) => ({ id, label: domain.cameraKinds[id] }))} value={draft.kind} onChange={(kind) => put({ kind })} />
          {text("place", { hint: words.hints.place })}
        </div>
      </fieldset>
      <fieldset>
        <legend>{words.parts.pose}</legend>
        <PlaceFinder onPlace={(place) => put({ lon: place.point.lon.toFixed(6), lat: place.point.lat.toFixed(6), ...(draft.place === "" ? { place: place.label } : {}) })} />
        {city !== null && (
          <Suspense fallback={<Skeleton rows={1} height={220} />}>
            <PoseMap city={city} point={pointOf(draft)} bearingDeg={parseDecimal(draft.bearingDeg)} fovDeg={parseDecimal(draft.horizontalFovDeg)} rangeM={parseDecimal(draft.rangeM)} onMove={({ lon, lat }) => put({ lon: lon.toFixed(6), lat: lat.toFixed(6) })} />
          </Suspense>
        )}
        <div className="form-two">{text("lat", { placeholder: "-34.9059" })}{text("lon", { placeholder: "-56.1913" })}</div>
        <div className="pose">
          <PoseDial bearingDeg={parseDecimal(draft.bearingDeg)} fovDeg={parseDecimal(draft.horizontalFovDeg)} onTurn={(deg) => put({ bearingDeg: String(deg) })} label={words.fields.bearingDeg} letters={words.compass} />
          <div className="form-two grow">{text("bearingDeg")}{text("tiltDeg")}{text("horizontalFovDeg")}{text("verticalFovDeg")}{text("mountHeightM")}{text("rangeM")}</div>
        </div>
        <div className="form-two">
          {text("imageWidthPx")}
          <SelectField label={words.fields.nightView} hint={words.hints.nightView} choices={NIGHT_VIEWS.map((id) => ({ id, label: domain.nightViews[id] }))} value={draft.nightView} onChange={(nightView) => put({ nightView })} />
        </div>
      </fieldset>
      <fieldset>
        <legend>{words.parts.purpose}</legend>
        {text("purpose", { hint: words.hints.purpose, placeholder: words.examples.purpose })}
        {text("owner")}
      </fieldset>
      <fieldset>
        <legend>{words.parts.recording}</legend>
        <SelectField label={words.fields.recording} hint={words.modes[draft.recording]} choices={RECORDING_MODES.map((id) => ({ id, label: domain.recordingModes[id] }))} value={draft.recording} onChange={(recording) => put({ recording })} />
        {draft.recording === "scheduled" && text("schedule", { placeholder: "mon-fri 07:00-19:00; sat 09:00-13:00", hint: words.hints.schedule })}
        {draft.recording === "on-event" && <div className="form-two">{text("preRollS")}{text("postRollS")}</div>}
        <div className="form-three">{text("retentionDays")}{text("leastDays", { placeholder: words.examples.none })}{text("mostGigabytes", { placeholder: words.examples.none })}</div>
        <p className="field-hint">{words.hints.kept}</p>
        {recorders.length > 1 && (
          <SelectField
            label={words.fields.recorderId} fault={faults.get("recorderId")} value={draft.recorderId} onChange={(recorderId) => put({ recorderId })} {...(camera === null ? {} : { hint: words.hints.recorderId })}
            choices={[...(camera === null ? [{ id: "", label: words.recorders.least }] : []), ...recorders.map(({ id, connected, camerasWanted }) => ({ id: String(id), label: words.recorders.one(id, camerasWanted, connected) }))]}
          />
        )}
        {moves && text("moveWords", { hint: words.hints.moveWords })}
        {text("soundPurpose", { hint: words.hints.soundPurpose, placeholder: words.examples.soundPurpose })}
        {text("metadataPurpose", { hint: words.hints.metadataPurpose, placeholder: words.examples.metadataPurpose })}
        {text("keyFrameIntervalS", { hint: words.hints.keyFrameIntervalS, placeholder: words.examples.none })}
      </fieldset>
      {(problem !== null || faults.size > 0) && <p className="mean-danger" role="alert">{problem !== null ? problemText(problem, faults.size > 0) : words.faulty(faults.size)}</p>}
      <footer className="form-foot">
        <Button onPress={onCancel} keys="Escape">{words.cancel}</Button>
        <Button type="submit" tone="primary" isDisabled={saving}>{saving ? words.saving : camera === null ? words.add : words.save}</Button>
      </footer>
    </form>
  );
}
