// A casual copy of a range: the recorder makes one MP4 of each camera and the browser saves it. The look is opened, and so written down, first. The browser's own
// download says nothing to the page, so the recorder is asked beforehand whether there is a file.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { startDownload } from "../evidence/download.ts";
import { openDownload, type TimeWindow } from "../player/index.ts";
import { type FoundFile, type NoFile, type SoundFault, readAnswer } from "./file-answer.ts";

export type RefusedDownload = { readonly cameraId: number } & ({ readonly noView: string } | { readonly noFile: NoFile });
export interface Downloads {
  /** Nothing comes of these: no view was given (with the rule), or there is no file. */
  readonly refused: readonly RefusedDownload[];
  /** They were asked for with their sound. */
  readonly faults: readonly { readonly cameraId: number; readonly fault: SoundFault }[];
}

/** It makes the plan of the file, which the download then finds made. */
const PLANNED_WITHIN_MS = 30_000;
/** With sound it reads the files of that. */
const HEARD_PLANNED_WITHIN_MS = 180_000;

export async function downloadRange(cameras: readonly { readonly cameraId: number; readonly sound: boolean }[], range: TimeWindow, reason: ViewReason): Promise<Downloads> {
  const [from, to] = [Math.floor(range.from), Math.ceil(range.to)];
  const faults: { cameraId: number; fault: SoundFault }[] = [];
  const answers = await Promise.all(cameras.map(async ({ cameraId, sound }): Promise<RefusedDownload | null> => {
    const opened = await openDownload(cameraId, reason, from, to, sound);
    if (!opened.ok) return { cameraId, noView: opened.code };
    const url = new URL(`/v1/cameras/${cameraId}/recording.mp4`, opened.recorderUrl);
    const found = await lookForFile(new URL(`?from=${from}&to=${to}`, url), opened.token, sound ? HEARD_PLANNED_WITHIN_MS : PLANNED_WITHIN_MS);
    if (typeof found === "string") return { cameraId, noFile: found };
    if (found.fault !== null) faults.push({ cameraId, fault: found.fault });
    startDownload(url.href, opened.token, { from: String(from), to: String(to) });
    return null;
  }));
  return { refused: answers.filter((answer) => answer !== null), faults };
}

async function lookForFile(url: URL, token: string, withinMs: number): Promise<NoFile | FoundFile> {
  try {
    return readAnswer(await fetch(url, { method: "HEAD", headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(withinMs), cache: "no-store" }));
  } catch {
    return "recorder-silent";
  }
}
