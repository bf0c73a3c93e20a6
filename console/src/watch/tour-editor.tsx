// A tour is put together: layouts and single cameras in order, each with its time.
import { useState } from "react";
import { LEAST_DWELL_S, type CameraTour, type TourStop, type WallLayout } from "../../../src/contract/walls.ts";
import { api } from "../api/client.ts";
import { Button, DialogBox, IconButton, SelectField, SwitchField, TextField, notify } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { CameraFinder } from "./camera-finder.tsx";
import { useCameraNames } from "./use-camera-names.ts";
import type { Wall } from "./wall.ts";
import { watchWords } from "./words.ts";

const DWELLS_S = [5, 10, 15, 20, 30, 45, 60, 120, 300, 600, 900, 1_800, 3_600] as const;
const USUAL_DWELL_S = 20;
const MOST_STOPS = 60; // contract: NewCameraTour

export function TourEditor({ before, layouts, wall, nameOf, onClose, onKept }: {
  readonly before: CameraTour | null; readonly layouts: readonly WallLayout[]; readonly wall: Wall; readonly nameOf: (cameraId: number) => string; readonly onClose: () => void; readonly onKept: () => void;
}) {
  const words = useWords(watchWords).editor;
  const problemText = useProblemText();
  const [name, setName] = useState(before?.name ?? "");
  const [shared, setShared] = useState(before?.shared ?? false);
  const [stops, setStops] = useState<readonly TourStop[]>(before?.stops ?? []);
  const [fault, setFault] = useState<string | undefined>(undefined);
  const cameraId = wall.cells[wall.filled ?? wall.chosen] ?? null;
  const add = (stop: TourStop): void => setStops((held) => [...held, stop].slice(0, MOST_STOPS));
  const swap = (i: number, by: 1 | -1): void => setStops((held) => held.map((stop, k) => (k === i ? held[i + by]! : k === i + by ? held[i]! : stop)));
  const named = useCameraNames(stops.flatMap((stop) => (stop.kind === "camera" ? [stop.cameraId] : [])));
  const nameOfStop = (stop: TourStop): string => (stop.kind === "camera" ? (named.names.get(stop.cameraId) ?? nameOf(stop.cameraId)) : (layouts.find((layout) => layout.id === stop.layoutId)?.name ?? words.gone));
  const keep = async (): Promise<void> => {
    if (name.trim() === "") return setFault(words.nameFault);
    const body = { name, shared, stops: [...stops] };
    try {
      await (before === null ? api.call("createCameraTour", { body }) : api.call("changeCameraTour", { params: { id: before.id }, body }));
      notify("free", words.kept(name.trim()));
      onKept();
    } catch (error) {
      setFault(problemText(error));
    }
  };
  return (
    <DialogBox title={before === null ? words.newTitle : words.title(before.name)} open onClose={onClose} wide>
      <form className="watch-saved" onSubmit={(event) => { event.preventDefault(); void keep(); }} noValidate>
        <TextField label={words.name} placeholder={words.nameExample} value={name} onChange={(text) => { setName(text); setFault(undefined); }} maxLength={60} fault={fault} autoFocus />
        <SwitchField label={words.forAll} value={shared} onChange={setShared} />
        <h3>{words.stops}</h3>
        {stops.length === 0 && <p className="quiet">{words.noStops}</p>}
        <ol className="watch-kept">
          {stops.map((stop, i) => (
            <li key={i}>
              <span className="quiet watch-stop-number">{i + 1}</span>
              <span className="clip grow">{nameOfStop(stop)} <span className="quiet">{stop.kind === "camera" ? words.camera : words.layout}</span></span>
              <div className="watch-dwell"><SelectField<number> label={words.dwell} hideLabel choices={[...new Set([...DWELLS_S, stop.dwellS])].filter((s) => s >= LEAST_DWELL_S).sort((a, b) => a - b).map((s) => ({ id: s, label: words.seconds(s) }))} value={stop.dwellS} onChange={(dwellS) => setStops((held) => held.map((one, k) => (k === i ? { ...one, dwellS } : one)))} /></div>
              <Button tone="quiet" isDisabled={i === 0} onPress={() => swap(i, -1)}>{words.up}</Button>
              <Button tone="quiet" isDisabled={i === stops.length - 1} onPress={() => swap(i, 1)}>{words.down}</Button>
              <IconButton icon="close" label={words.takeOut} onPress={() => setStops((held) => held.filter((_, k) => k !== i))} />
            </li>
          ))}
        </ol>
        <div className="row watch-add">
          <SelectField<number> label={words.addLayout} hideLabel placeholder={layouts.length === 0 ? words.noLayouts : words.addLayout} choices={layouts.map((layout) => ({ id: layout.id, label: layout.name }))} value={null} onChange={(layoutId) => add({ kind: "layout", layoutId, dwellS: USUAL_DWELL_S })} disabled={layouts.length === 0} />
          <CameraFinder onCamera={(camera) => { named.learn(camera); add({ kind: "camera", cameraId: camera.id, dwellS: USUAL_DWELL_S }); }} />
          {cameraId !== null && <Button onPress={() => add({ kind: "camera", cameraId, dwellS: USUAL_DWELL_S })}>{words.addCamera(nameOf(cameraId))}</Button>}
        </div>
        <footer className="dialog-foot">
          <Button onPress={onClose}>{words.cancel}</Button>
          <Button type="submit" tone="primary" isDisabled={stops.length === 0}>{words.keep}</Button>
        </footer>
      </form>
    </DialogBox>
  );
}
