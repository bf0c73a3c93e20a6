// What can be done with the range that was chosen on the time bar: a copy, and what makes it evidence.
import { useState } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { Button, SelectField, SwitchField, notify } from "../design/index.ts";
import { EvidenceTools } from "../evidence/evidence-tools.tsx";
import { titleOf, type TimeWindow } from "../player/index.ts";
import { useMay } from "../shell/session.ts";
import { useRuleText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { downloadRange } from "./download.ts";
import { watchWords } from "./words.ts";

const MOST_MS = 24 * 3_600_000; // [VIEW3]
type Whose = "chosen" | "wall";
/** As its tile has it: the code, then in a narrow field the end of the name, since cameras of one place share the rest. */
const tileTitle = ({ code, name }: NamedCamera): string => {
  const { lead, rest } = titleOf(name);
  return [code, lead, ...(rest === null ? [] : [rest])].filter((part) => part !== "").join(" ");
};

export interface NamedCamera {
  /** Empty as long as it is not known. */
  readonly code: string;
  readonly name: string;
}

export function RangeTools({ range, chosenId, wallIds, reason, cameraOf, hasSound }: { readonly range: TimeWindow; readonly chosenId: number; readonly wallIds: readonly number[]; readonly reason: ViewReason; readonly cameraOf: (cameraId: number) => NamedCamera; readonly hasSound: (cameraId: number) => boolean }) {
  const words = useWords(watchWords).range;
  const ruleText = useRuleText();
  const format = useFormat();
  const mayDownload = useMay("camera.download");
  const mayKeep = useMay("hold.write");
  const mayExport = useMay("evidence.export");
  const [whose, setWhose] = useState<Whose>("chosen");
  const [withSound, setWithSound] = useState(false); // A25: off until somebody needs it
  const [busy, setBusy] = useState(false);
  const cameraIds = whose === "wall" && wallIds.length > 1 ? wallIds : [chosenId];
  const nameOf = (cameraId: number): string => {
    const { code, name } = cameraOf(cameraId);
    return code === "" ? name : `${code} ${name}`;
  };
  const tooLong = range.to - range.from > MOST_MS;
  const download = async (): Promise<void> => {
    setBusy(true);
    const { refused, faults, notes, files } = await downloadRange(cameraIds.map((cameraId) => ({ cameraId, sound: withSound && hasSound(cameraId) })), range, reason).finally(() => setBusy(false));
    const whyNot = Map.groupBy(refused, (one) => ("noFile" in one ? words.noFile[one.noFile] : ruleText(one.noView)));
    for (const [why, ones] of whyNot) notify("danger", words.refused(ones.length === 1 ? nameOf(ones[0]!.cameraId) : ones.length === cameraIds.length ? words.wall(ones.length) : words.ofThem(ones.length), why));
    for (const { cameraId, fault } of faults) notify("off", words.refused(nameOf(cameraId), "none" in fault ? words.noSound[fault.none] : words.soundMissing(Math.ceil(fault.missingMs / 1_000))));
    for (const { cameraId, files: n, holds, leftFrom, leftOutMs } of notes)
      notify("decide", words.refused(nameOf(cameraId), [...(n > 1 ? [words.severalFiles(n)] : []), ...(holds === null ? [] : [words.holds(format.exactRange(holds.from, holds.to))]), ...(leftFrom === null ? [] : [words.leftFrom(format.exact(leftFrom))]), ...(leftOutMs > 0 ? [words.leftOut(format.span(Math.max(1_000, leftOutMs)))] : [])].join(" ")));
    if (files > 0) notify("free", words.begun(files));
  };
  if (!mayDownload && !mayKeep && !mayExport) return null;
  return (
    <>
      {wallIds.length > 1 && (
        <div className="watch-whose"><SelectField<Whose> label={words.cameras} hideLabel choices={[{ id: "chosen", label: words.chosen(tileTitle(cameraOf(chosenId))) }, { id: "wall", label: words.wall(wallIds.length) }]} value={whose} onChange={setWhose} /></div>
      )}
      {mayDownload && cameraIds.some(hasSound) && <SwitchField label={words.withSound} value={withSound} onChange={setWithSound} />}
      {mayDownload && <Button onPress={() => void download()} isDisabled={busy || tooLong}>{words.download}</Button>}
      <EvidenceTools cameraIds={cameraIds} from={Math.floor(range.from)} to={Math.ceil(range.to)} reason={reason} />
      {tooLong && <span className="mean-decide">{words.tooLong}</span>}
    </>
  );
}
