// What can be done with a range of some cameras, for whatever screen has chosen one: keep it, export it. Shows only what the person may.
import { useState } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { Button } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { useWords } from "../words/use-words.ts";
import { ExportDialog } from "./export-dialog.tsx";
import { KeepDialog } from "./keep-dialog.tsx";
import { evidenceWords } from "./words.ts";

export interface EvidenceToolsProps {
  readonly cameraIds: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly reason?: ViewReason | null;
}

export function EvidenceTools({ cameraIds, from, to, reason = null }: EvidenceToolsProps) {
  const words = useWords(evidenceWords);
  const mayKeep = useMay("hold.write");
  const mayExport = useMay("evidence.export");
  const [open, setOpen] = useState<"keep" | "export" | null>(null);
  const close = (): void => setOpen(null);
  if (!mayKeep && !mayExport) return null;
  return (
    <>
      {mayKeep && <Button isDisabled={cameraIds.length === 0} onPress={() => setOpen("keep")}>{words.keep.button}</Button>}
      {mayExport && <Button isDisabled={cameraIds.length === 0} onPress={() => setOpen("export")}>{words.exports.button}</Button>}
      {open === "keep" && <KeepDialog cameraIds={cameraIds} from={from} to={to} reason={reason} onClose={close} />}
      {open === "export" && <ExportDialog cameraIds={cameraIds} from={from} to={to} reason={reason} onClose={close} />}
    </>
  );
}
