// Closed roads: which, why, by whom and until when, and the closing of others. Above the map, whose streets are clicked while it is open.
import { useState } from "react";
import type { Closure } from "../../../src/contract/dispatch.ts";
import { api } from "../api/client.ts";
import { useLive } from "../api/live-link.ts";
import { serverNow, useNow } from "../api/now.ts";
import { Button, EmptyState, IconButton, notify, PanelHead, SelectField, TextField } from "../design/index.ts";
import { designWords } from "../design/words.ts";
import type { LonLat } from "../map/layers.ts";
import { useMay } from "../shell/session.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { chooseRoad, clearChosen, middleOf, namesOf, toggleClosures, useClosures } from "./closures.ts";
import { PlaceField } from "./place-field.tsx";
import type { PlaceView } from "./draft.ts";
import { lookAt } from "./store.ts";
import { operateWords } from "./words.ts";

const HOURS = [1, 2, 4, 8, 24] as const;
const HOUR_MS = 3_600_000;

/** Asks which road runs at a point, and chooses it or takes it out. */
export function useChooseRoadAt(): (point: LonLat) => Promise<void> {
  const words = useWords(operateWords).closures;
  const problemText = useProblemText();
  return async (point) => {
    try {
      const { road } = await api.call("findNearRoad", { query: point });
      if (road === null) notify("decide", words.noRoad);
      else if (road.closed) notify("decide", words.already(road.name ?? words.unnamed));
      else chooseRoad(road);
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
}

export function ClosuresPanel() {
  const words = useWords(operateWords).closures;
  const close = useWords(designWords).close;
  const may = useMay("road.close");
  const closures = useLive((s) => s.closures);
  const standing = [...closures.values()].sort((a, b) => b.setAt - a.setAt);
  return (
    <section className="board closures" aria-label={words.title}>
      <PanelHead title={words.title} count={standing.length}><IconButton icon="close" label={close} onPress={toggleClosures} /></PanelHead>
      {standing.length === 0 ? <EmptyState>{words.none}</EmptyState> : <ul className="closure-list">{standing.map((one) => <ClosureRow key={one.id} closure={one} may={may} />)}</ul>}
      {may && <CloseRoads />}
    </section>
  );
}

function ClosureRow({ closure, may }: { readonly closure: Closure; readonly may: boolean }) {
  const words = useWords(operateWords).closures;
  const format = useFormat();
  const act = useAct();
  const now = useNow();
  const [lifting, setLifting] = useState(false);
  const names = format.list(namesOf(closure.pieces).map((name) => name ?? words.unnamed));
  const lift = async (): Promise<void> => {
    setLifting(true);
    await act({ type: "closure.lift", closureId: closure.id }, closure.sequence);
    setLifting(false);
  };
  return (
    <li className="closure-row">
      <div className="grow">
        <p className="row"><b className="clip" title={names}>{names}</b><span className="quiet">{closure.until === null ? words.untilLifted : words.until(format.minute(closure.until))}</span></p>
        <p className="quiet small clip" title={closure.words}>{closure.words} · {words.setBy(closure.setBy.name, format.ago(Math.max(0, now - closure.setAt)))}</p>
      </div>
      <Button tone="quiet" onPress={() => lookAt(middleOf(closure))}>{words.show}</Button>
      {may && <Button isDisabled={lifting} onPress={() => void lift()}>{words.lift}</Button>}
    </li>
  );
}

function CloseRoads() {
  const words = useWords(operateWords).closures;
  const act = useAct();
  const choose = useChooseRoadAt();
  const chosen = useClosures((s) => s.chosen);
  const [where, setWhere] = useState("");
  const [place, setPlace] = useState<PlaceView | null>(null);
  const [why, setWhy] = useState("");
  const [hours, setHours] = useState<"none" | `${(typeof HOURS)[number]}`>("none");
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const take = (found: PlaceView): void => {
    setWhere("");
    setPlace(null);
    lookAt(found.point, 17);
    void choose(found.point);
  };
  const send = async (): Promise<void> => {
    setTried(true);
    if (busy || chosen.length === 0 || why.trim() === "") return;
    setBusy(true);
    const done = await act({
      type: "closure.set", pieces: chosen.map(({ from, to, middle }) => ({ from, to, middle })), words: why.trim(), until: hours === "none" ? null : Math.round(serverNow() + Number(hours) * HOUR_MS),
    });
    setBusy(false);
    if (done === null) return;
    clearChosen();
    setWhy("");
    setTried(false);
  };
  return (
    <form className="closure-form stack" aria-label={words.form} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <PlaceField id="closure-place" autoFocus onLeave={toggleClosures} label={words.where} words={where} place={place} onWords={setWhere} onPlace={take} fault={tried && chosen.length === 0 ? words.chooseOne : undefined} />
      {chosen.length === 0 ? <p className="field-hint">{words.clickMap}</p> : (
        <ul className="closure-chosen" aria-label={words.chosen(chosen.length)}>
          {chosen.map((road) => (
            <li key={`${road.middle.lon} ${road.middle.lat}`} className="row"><span className="clip">{road.name ?? words.unnamed}</span><IconButton icon="close" label={words.leaveOut(road.name ?? words.unnamed)} onPress={() => chooseRoad(road)} /></li>
          ))}
        </ul>
      )}
      <div className="row wrap closure-facts">
        <TextField label={words.why} value={why} onChange={setWhy} maxLength={200} fault={tried && why.trim() === "" ? words.whyMissing : undefined} />
        <SelectField label={words.howLong} value={hours} onChange={setHours} choices={[{ id: "none" as const, label: words.untilLifted }, ...HOURS.map((n) => ({ id: `${n}` as const, label: words.hours(n) }))]} />
        <Button tone="primary" type="submit" isDisabled={busy}>{words.close(chosen.length)}</Button>
      </div>
    </form>
  );
}
