// Platforms: where crews stand. Entered by name and place, or as a list; each is told with the road that it stands at, since a post that no road is near is a slip in its place.
import { useState, type FormEvent } from "react";
import { NewPlatform, type Platform } from "../../../src/contract/city.ts";
import { api } from "../api/client.ts";
import { useCall } from "../api/use-call.ts";
import { Button, DialogBox, TextField, notify, type TableColumn } from "../design/index.ts";
import { PlaceFinder } from "../map/place-finder.tsx";
import { useFaultText, useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { dutyWords } from "./duty-words.ts";
import { ListImport } from "./list-import.tsx";
import { ConfirmedButton, RegisterPage, useDone } from "./register-page.tsx";

const AGAIN_EVERY_MS = 30_000;

function useRoadText(): (platform: Platform) => string {
  const words = useWords(dutyWords).platforms;
  const format = useFormat();
  return ({ road }) => (road === null ? words.noRoad : words.road(road.name ?? words.nameless, format.metres(road.metres)));
}

export function Platforms() {
  const { platforms: words, code } = useWords(dutyWords);
  const roadText = useRoadText();
  const reading = useCall("listPlatforms", {}, AGAIN_EVERY_MS);
  const [form, setForm] = useState<Platform | "new" | "list" | null>(null);
  const done = useDone(reading.again);
  const columns: readonly TableColumn<Platform>[] = [
    { id: "code", title: code, width: 140, render: (p) => <span className="mono">{p.code}</span> },
    { id: "name", title: words.columns.name, width: "2fr", render: (p) => p.name },
    { id: "road", title: words.columns.road, width: "2fr", render: (p) => (p.road === null ? <span className="mean-decide">{words.noRoad}</span> : (p.road.name ?? <span className="quiet">{words.nameless}</span>)) },
    { id: "district", title: words.columns.district, wideOnly: true, width: "1fr", render: (p) => p.district ?? <span className="quiet">–</span> },
  ];
  const retire = ({ id, code: name }: Platform) => done(async () => {
    await api.call("retirePlatform", { params: { id } });
    return words.retired(name);
  });
  return (
    <RegisterPage
      words={words} reading={reading} rows={reading.data?.platforms ?? []} columns={columns} onAdd={() => setForm("new")} titleOf={(p) => p.code}
      tools={<Button onPress={() => setForm("list")}>{words.import}</Button>}
      toolsOf={(p) => (
        <>
          <Button tone="quiet" onPress={() => setForm(p)}>{words.change}</Button>
          <ConfirmedButton label={words.retire} title={words.retireTitle(p.code)} what={words.retireWhat} onConfirm={() => void retire(p)} />
        </>
      )}
      factsOf={(p) => [[words.columns.name, p.name], [words.columns.road, roadText(p)], p.district === null ? null : [words.columns.district, p.district], [words.place, words.at(p.point.lat.toFixed(5), p.point.lon.toFixed(5))]]}
    >
      {form === "list" && (
        <ListImport
          title={words.import} what={words.importWhat} onClose={() => setForm(null)} onDone={reading.again}
          send={async (csv, check) => {
            const { platforms, ...told } = await api.call("importPlatforms", { query: check ? { check: "true" } : {}, body: { csv } });
            return { taken: platforms.length, ...told };
          }}
        />
      )}
      {form !== null && form !== "list" && <PlatformForm before={form === "new" ? null : form} onClose={() => setForm(null)} onSaved={reading.again} />}
    </RegisterPage>
  );
}

function PlatformForm({ before, onClose, onSaved }: { readonly before: Platform | null; readonly onClose: () => void; readonly onSaved: () => void }) {
  const { platforms: words, code: codeWord, cancel } = useWords(dutyWords);
  const roadText = useRoadText();
  const problemText = useProblemText();
  const faultText = useFaultText();
  const [code, setCode] = useState(before?.code ?? "");
  const [name, setName] = useState(before?.name ?? "");
  const [where, setWhere] = useState<{ readonly point: Platform["point"]; readonly label: string } | null>(before === null ? null : { point: before.point, label: words.at(before.point.lat.toFixed(5), before.point.lon.toFixed(5)) });
  const [fault, setFault] = useState<{ readonly field: "code" | "name" | "form"; readonly text: string } | null>(null);
  const faultOf = (field: "code" | "name" | "form"): string | undefined => (fault?.field === field ? fault.text : undefined);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!NewPlatform.shape.code.safeParse(code).success) return setFault({ field: "code", text: words.codeForm });
    if (name.trim() === "") return setFault({ field: "name", text: words.nameMissing });
    if (where === null) return setFault({ field: "form", text: words.placeMissing });
    try {
      const { platforms: [entered], rejected: [wrong] } = await api.call("registerPlatforms", { body: { platforms: [{ code, name, point: where.point }] } });
      if (entered === undefined) return setFault({ field: "form", text: wrong === undefined ? words.placeMissing : faultText(wrong) });
      notify("free", words.entered(entered.code, roadText(entered)));
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
          <TextField label={codeWord} value={code} onChange={(text) => { setCode(text); setFault(null); }} fault={faultOf("code")} autoComplete="off" isDisabled={before !== null} autoFocus={before === null} maxLength={40} />
          <TextField label={words.columns.name} value={name} onChange={(text) => { setName(text); setFault(null); }} fault={faultOf("name")} maxLength={80} autoFocus={before !== null} />
        </div>
        <PlaceFinder onPlace={({ point, label }) => { setWhere({ point, label }); setFault(null); }} />
        {where !== null && <p className="small"><b>{words.place}:</b> {where.label}</p>}
        {faultOf("form") !== undefined && <p className="mean-danger" role="alert">{faultOf("form")}</p>}
        <footer className="dialog-foot"><Button onPress={onClose}>{cancel}</Button><Button tone="primary" type="submit">{before === null ? words.save : words.saveChange}</Button></footer>
      </form>
    </DialogBox>
  );
}
