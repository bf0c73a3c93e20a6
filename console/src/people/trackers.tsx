// Trackers: which device speaks for which unit, when it was last heard and what was thought of its fixes; and devices that speak without being registered.
import { useState, type FormEvent } from "react";
import type { Tracker } from "../../../src/contract/trackers.ts";
import { DeviceId } from "../../../src/contract/trackers.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button, ComboField, DialogBox, Skeleton, StatusMark, TextField, notify, type TableColumn } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { ConfirmedButton, RegisterPage, useDone } from "./register-page.tsx";
import { trackerWords } from "./tracker-words.ts";

const AGAIN_EVERY_MS = 5_000;
const SILENT_AFTER_MS = 120_000;

export function Trackers() {
  const words = useWords(trackerWords);
  const format = useFormat();
  const reading = useCall("listTrackers", {}, AGAIN_EVERY_MS);
  const [registering, setRegistering] = useState<string | null>(null);
  const done = useDone(reading.again);
  const { trackers = [], unknown = [], faults = [] } = reading.data ?? {};
  const age = (at: number): string => words.ago(format.age(Math.max(0, serverNow() - at)));
  const isSilent = ({ heard }: Tracker): boolean => heard === null || serverNow() - heard.at > SILENT_AFTER_MS;
  const isWell = ({ heard }: Tracker): boolean => heard !== null && (heard.verdict === "taken" || heard.verdict === "repeated");
  const columns: readonly TableColumn<Tracker>[] = [
    { id: "unit", title: words.columns.unit, width: 120, render: (t) => t.callSign },
    { id: "device", title: words.columns.device, wideOnly: true, width: "2fr", render: (t) => <span className="mono">{t.deviceId}</span> },
    { id: "verdict", title: words.columns.verdict, width: "2fr", render: (t) => <span className="row"><StatusMark tone={isSilent(t) ? "off" : isWell(t) ? "free" : "decide"} label="" />{t.heard === null ? words.notHeard : words.verdicts[t.heard.verdict]}</span> },
    { id: "heard", title: words.columns.heard, width: 150, end: true, render: (t) => (t.heard === null ? <span className="quiet">–</span> : <span title={format.exact(t.heard.at)}>{age(t.heard.at)}</span>) },
  ];
  const remove = ({ id, deviceId }: Tracker) => done(async () => {
    await api.call("removeTracker", { params: { id } });
    return words.removed(deviceId);
  });
  const strangers = (unknown.length > 0 || faults.length > 0) && (
    <section className="people-strangers" aria-label={words.unknown.title}>
      {unknown.length > 0 && <h3>{words.unknown.title}</h3>}
      <ul>{unknown.map((one) => <li key={one.deviceId}><span className="mono">{one.deviceId}</span><span className="quiet">{words.unknown.heard(age(one.lastHeardAt), one.fixes)}</span><Button className="end" onPress={() => setRegistering(one.deviceId)}>{words.add}</Button></li>)}</ul>
      {faults.length > 0 && <h3>{words.faults.title}</h3>}
      <ul>{faults.map((one) => <li key={one.reason}><span>{words.faults.line(one.reason, format.number(one.count))}</span><span className="quiet">{words.faults.last(age(one.lastAt), one.lastFrom)}</span></li>)}</ul>
    </section>
  );
  return (
    <RegisterPage
      words={words} reading={reading} rows={trackers} columns={columns} onAdd={() => setRegistering("")} titleOf={(t) => t.callSign} more={strangers}
      toolsOf={(t) => <ConfirmedButton label={words.remove} title={words.removeTitle(t.deviceId)} what={words.removeWhat(t.callSign)} onConfirm={() => void remove(t)} />}
      factsOf={({ deviceId, registeredAt, registeredBy, heard }) => [
        [words.columns.device, <span className="mono">{deviceId}</span>],
        [words.registered, words.by(format.exact(registeredAt), registeredBy.name)],
        heard === null ? null : [words.lastFix, <>{format.exact(heard.fixAt)}<br />{words.verdicts[heard.verdict]}</>],
        heard === null ? null : [words.counts, <ul className="people-counts">{Object.entries(heard.counts).map(([verdict, n]) => <li key={verdict}><span>{words.verdicts[verdict as keyof typeof words.verdicts]}</span><span>{format.number(n)}</span></li>)}</ul>],
      ]}
    >
      {registering !== null && <Register deviceId={registering} taken={trackers} onClose={() => setRegistering(null)} onDone={reading.again} />}
    </RegisterPage>
  );
}

function Register({ deviceId: given, taken, onClose, onDone }: { readonly deviceId: string; readonly taken: readonly Tracker[]; readonly onClose: () => void; readonly onDone: () => void }) {
  const words = useWords(trackerWords);
  const domain = useWords(domainWords);
  const problemText = useProblemText();
  const units = useCall("listUnits", {});
  const [deviceId, setDeviceId] = useState(given);
  const [unitId, setUnitId] = useState<number | null>(null);
  const [fault, setFault] = useState<string | undefined>();
  const has = new Set(taken.map((tracker) => tracker.unitId));
  const choices = (units.data?.units ?? []).filter((unit) => !has.has(unit.id)).sort((a, b) => a.callSign.localeCompare(b.callSign)).map((unit) => ({ id: unit.id, label: unit.callSign, detail: domain.unitKinds[unit.kind] }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!DeviceId.safeParse(deviceId).success) return setFault(words.deviceForm);
    if (unitId === null) return setFault(words.unitMissing);
    try {
      const made = await api.call("createTracker", { body: { deviceId, unitId } });
      notify("free", words.added(made.deviceId, made.callSign));
      onDone();
      onClose();
    } catch (error) {
      setFault(problemText(error));
    }
  };
  return (
    <DialogBox title={words.add} open onClose={onClose}>
      <form className="stack" onSubmit={(event) => void save(event)}>
        <TextField label={words.columns.device} value={deviceId} onChange={(value) => { setDeviceId(value); setFault(undefined); }} hint={words.deviceHint} autoComplete="off" autoFocus={given === ""} />
        {units.data === null ? <Skeleton rows={2} /> : <ComboField<number> label={words.columns.unit} choices={choices} value={unitId} onChange={setUnitId} autoFocus={given !== ""} />}
        {fault !== undefined && <p className="mean-danger" role="alert">{fault}</p>}
        <footer className="dialog-foot"><Button onPress={onClose}>{words.cancel}</Button><Button tone="primary" type="submit">{words.save}</Button></footer>
      </form>
    </DialogBox>
  );
}
