// A casual copy of a range: the recorder makes one MP4 and the browser saves it. The look is opened, and so written down, first. The token goes in the body of
// a form, never in an address, and a form is what a browser can save a stream of any length from.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { openPastView, type TimeWindow } from "../player/index.ts";

/** After that the token opens nothing more; a download that has begun by then goes on. */
const BEGUN_WITHIN_MS = 120_000;
const FRAME = "watch-download";

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
    // Each in a frame of its own: a second form that is sent into the same frame would end the first one's download before it began.
    const frame = document.createElement("iframe");
    frame.name = `${FRAME}-${cameraId}-${from}`;
    frame.hidden = true;
    const form = document.createElement("form");
    form.method = "post";
    form.action = new URL(`/v1/cameras/${cameraId}/recording.mp4`, opened.recorderUrl).href;
    form.target = frame.name;
    form.hidden = true;
    for (const [name, value] of Object.entries({ token: opened.token, from: String(from), to: String(to), timeZone })) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(frame, form);
    form.submit();
    form.remove();
    setTimeout(() => {
      frame.remove();
      opened.close();
    }, BEGUN_WITHIN_MS);
  }
  return refused;
}
