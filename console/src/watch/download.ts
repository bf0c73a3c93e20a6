// A casual copy of a range: the recorder makes one MP4 of each camera and the browser saves it. The look is opened, and so written down, first.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { startDownload } from "../evidence/download.ts";
import { openDownload, type TimeWindow } from "../player/index.ts";

/** Answers the cameras for which no view was given, with the reason's code. */
export async function downloadRange(cameraIds: readonly number[], range: TimeWindow, reason: ViewReason): Promise<readonly { readonly cameraId: number; readonly code: string }[]> {
  const [from, to] = [Math.floor(range.from), Math.ceil(range.to)];
  const answers = await Promise.all(cameraIds.map(async (cameraId) => ({ cameraId, opened: await openDownload(cameraId, reason, from, to) })));
  return answers.flatMap(({ cameraId, opened }) => {
    if (!opened.ok) return [{ cameraId, code: opened.code }];
    startDownload(new URL(`/v1/cameras/${cameraId}/recording.mp4`, opened.recorderUrl).href, opened.token, { from: String(from), to: String(to) });
    return [];
  });
}
