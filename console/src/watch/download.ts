// A casual copy of a range: the recorder makes one MP4 of each camera and the browser saves it. The look is opened, and so written down, first.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { startDownload } from "../evidence/download.ts";
import { openPastView, type TimeWindow } from "../player/index.ts";

/** After that the token opens nothing more; a download that has begun by then goes on. */
const BEGUN_WITHIN_MS = 120_000;

/** Answers the cameras for which no view was given, with the reason's code. */
export async function downloadRange(cameraIds: readonly number[], range: TimeWindow, reason: ViewReason, timeZone: string): Promise<readonly { readonly cameraId: number; readonly code: string }[]> {
  const refused: { cameraId: number; code: string }[] = [];
  const [from, to] = [Math.floor(range.from), Math.ceil(range.to)];
  for (const cameraId of cameraIds) {
    const opened = await openPastView(cameraId, reason, from, to);
    if (!opened.ok) {
      refused.push({ cameraId, code: opened.code });
      continue;
    }
    startDownload(new URL(`/v1/cameras/${cameraId}/recording.mp4`, opened.recorderUrl).href, opened.token, { from: String(from), to: String(to), timeZone });
    setTimeout(opened.close, BEGUN_WITHIN_MS);
  }
  return refused;
}
