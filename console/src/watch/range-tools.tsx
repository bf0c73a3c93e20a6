// What can be done with the range that was chosen on the time bar: a copy, and what makes it evidence.
import { useState } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { Button, SelectField, SwitchField, notify } from "../design/index.ts";
import { EvidenceTools } from "../evidence/evidence-tools.tsx";
import { titleOf, type TimeWindow } from "../player/index.ts";
import { useMay } from "../shell/session.ts";
import { useRuleText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { downloadRange } from "./download.ts";
import { watchWords } from "./words.ts";

const MOST_MS = 24 * 3_600_000; // [VIEW3]
type Whose = "chosen" | "wall";
/** In a narrow field the end of the name must be seen: cameras of one place share the rest. */
const endFirst = (name: string): string => {
  const { lead, rest } = titleOf(name);
  return rest === null ? lead : `${lead} · ${rest}`;
};

export function RangeTools({ range, chosenId, wallIds, reason, nameOf, hasSound }: { readonly range: TimeWindow; readonly chosenId: number; readonly wallIds: readonly number[]; readonly reason: ViewReason; readonly nameOf: (cameraId: number) => string; readonly hasSound: (cameraId: number) => boolean }) {
  const words = useWords(watchWords).range;
  const ruleText = useRuleText();
  const mayDownload = useMay("camera.download");
  const mayKeep = useMay("hold.write");
  const mayExport = useMay("evidence.export");
  const [whose, setWhose] = useState<Whose>("chosen");
  const [withSound, setWithSound] = useState(false); // A25: off until somebody needs it
  const [busy, setBusy] = useState(false);
  const cameraIds = whose === "wall" && wallIds.length > 1 ? wallIds : [chosenId];
  const tooLong = range.to - range.from > MOST_MS;
  const download = async (): Promise<void> => {
    setBusy(true);
    const { refused, faults } = await downloadRange(cameraIds.map((cameraId) => ({ cameraId, sound: withSound && hasSound(cameraId) })), range, reason).finally(() => setBusy(false));
    const whyNot = Map.groupBy(refused, (one) => ("noFile" in one ? words.noFile[one.noFile] : ruleText(one.noView)));
    for (const [why, ones] of whyNot) notify("danger", words.refused(ones.length === 1 ? nameOf(ones[0]!.cameraId) : ones.length === cameraIds.length ? words.wall(ones.length) : words.ofThem(ones.length), why));
    for (const { cameraId, fault } of faults) notify("off", words.refused(nameOf(cameraId), "none" in fault ? words.noSound[fault.none] : words.soundMissing(Math.ceil(fault.missingMs / 1_000))));
    if (refused.length < cameraIds.length) notify("free", words.begun(cameraIds.length - refused.length));
  };
  if (!mayDownload && !mayKeep && !mayExport) return null;
  return (
    <>
      {wallIds.length > 1 && (
        <div className="watch-whose"><SelectField<Whose> label={words.cameras} hideLabel choices={[{ id: "chosen", label: words.chosen(endFirst(nameOf(chosenId))) }, { id: "wall", label: words.wall(wallIds.length) }]} value={whose} onChange={setWhose} /></div>
      )}
      {mayDownload && cameraIds.some(hasSound) && <SwitchField label={words.withSound} value={withSound} onChange={setWithSound} />}
      {mayDownload && <Button onPress={() => void download()} isDisabled={busy || tooLong}>{words.download}</Button>}
      <EvidenceTools cameraIds={cameraIds} from={Math.floor(range.from)} to={Math.ceil(range.to)} reason={reason} />
      {tooLong && <span className="mean-decide">{words.tooLong}</span>}
    </>
  );
}
