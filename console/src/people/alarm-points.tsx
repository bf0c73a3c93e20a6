// Alarm points: which detector, button or door is meant by the code that a panel sends, where it is, and which cameras are shown with its alarm.
import { useState } from "react";
import type { AlarmPoint } from "../../../src/contract/contact-ways.ts";
import { api } from "../api/client.ts";
import { useCall } from "../api/use-call.ts";
import { Button, type TableColumn } from "../design/index.ts";
import { signalWords } from "../words/signal.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { AlarmPointForm, CameraName } from "./alarm-point-form.tsx";
import { alarmWords } from "./alarm-words.ts";
import { ConfirmedButton, RegisterPage, useDone } from "./register-page.tsx";

const AGAIN_EVERY_MS = 15_000;

export function AlarmPoints() {
  const words = useWords(alarmWords);
  const { kinds } = useWords(signalWords);
  const format = useFormat();
  const reading = useCall("listAlarmPoints", {}, AGAIN_EVERY_MS);
  const [form, setForm] = useState<AlarmPoint | "new" | null>(null);
  const done = useDone(reading.again);
  const columns: readonly TableColumn<AlarmPoint>[] = [
    { id: "code", title: words.columns.code, width: 150, render: (p) => <span className="mono">{p.code}</span> },
    { id: "kind", title: words.columns.kind, wideOnly: true, width: "1fr", render: (p) => kinds[p.kind] },
    { id: "site", title: words.columns.site, width: "2fr", render: (p) => p.siteName },
    { id: "door", title: words.columns.door, width: "2fr", render: (p) => p.door || <span className="quiet">–</span> },
    { id: "cameras", title: words.columns.cameras, wideOnly: true, width: 90, end: true, render: (p) => format.number(p.cameraIds.length) },
  ];
  const remove = ({ id, code }: AlarmPoint) => done(async () => {
    await api.call("removeAlarmPoint", { params: { id } });
    return words.removed(code);
  });
  return (
    <RegisterPage
      words={words} reading={reading} rows={reading.data?.points ?? []} columns={columns} onAdd={() => setForm("new")} titleOf={(p) => p.code}
      toolsOf={(p) => (
        <>
          <Button tone="quiet" onPress={() => setForm(p)}>{words.change}</Button>
          <ConfirmedButton label={words.remove} title={words.removeTitle(p.code)} what={words.removeWhat} onConfirm={() => void remove(p)} />
        </>
      )}
      factsOf={(p) => [
        [words.columns.kind, kinds[p.kind]],
        [words.columns.site, p.siteName],
        p.door === "" ? null : [words.door, p.door],
        [words.place, words.at(p.point.lat.toFixed(5), p.point.lon.toFixed(5), format.metres(p.uncertaintyM))],
        [words.priority, p.priorityHint === null ? words.noPriority : `P${p.priorityHint}`],
        [words.columns.cameras, p.cameraIds.length === 0 ? "–" : <ul>{p.cameraIds.map((id) => <li key={id}><CameraName id={id} /></li>)}</ul>],
        [words.lastChange, words.by(format.exact(p.changedAt), p.changedBy.name)],
      ]}
    >
      {form !== null && <AlarmPointForm before={form === "new" ? null : form} onClose={() => setForm(null)} onSaved={reading.again} />}
    </RegisterPage>
  );
}
