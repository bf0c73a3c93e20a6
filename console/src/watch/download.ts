// A casual copy of a range: the recorder makes one MP4 of each camera and the browser saves it. The look is opened, and so written down, first. The browser's own
// download says nothing to the page, so the recorder is asked beforehand whether there is a file.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { startDownload } from "../evidence/download.ts";
import { openDownload, type TimeWindow } from "../player/index.ts";

/** Why a recorder gives no file. */
export type NoFile = "nothing-recorded" | "recorder-busy" | "recorder-silent";
export type RefusedDownload = { readonly cameraId: number } & ({ readonly noView: string } | { readonly noFile: NoFile });

/** It makes the plan of the file, which the download then finds made. */
const PLANNED_WITHIN_MS = 30_000;

/** Answers the cameras of which nothing comes: no view was given (with the rule), or there is no file. */
export async function downloadRange(cameraIds: readonly number[], range: TimeWindow, reason: ViewReason): Promise<readonly RefusedDownload[]> {
  const [from, to] = [Math.floor(range.from), Math.ceil(range.to)];
  const answers = await Promise.all(cameraIds.map(async (cameraId): Promise<RefusedDownload | null> => {
    const opened = await openDownload(cameraId, reason, from, to);
    if (!opened.ok) return { cameraId, noView: opened.code };
    const url = new URL(`/v1/cameras/${cameraId}/recording.mp4`, opened.recorderUrl);
    const noFile = await findNoFile(new URL(`?from=${from}&to=${to}`, url), opened.token);
    if (noFile !== null) return { cameraId, noFile };
    startDownload(url.href, opened.token, { from: String(from), to: String(to) });
    return null;
  }));
  return answers.filter((answer) => answer !== null);
}

async function findNoFile(url: URL, token: string): Promise<NoFile | null> {
  try {
    const { ok, status } = await fetch(url, { method: "HEAD", headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(PLANNED_WITHIN_MS), cache: "no-store" });
    return ok ? null : status === 404 ? "nothing-recorded" : status === 503 ? "recorder-busy" : "recorder-silent";
  } catch {
    return "recorder-silent";
  }
}
