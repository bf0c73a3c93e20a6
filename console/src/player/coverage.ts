// What is recorded of one camera in the window of the time bar. Read from the recorder with any token that this page holds for the camera;
// half a window more on each side is fetched, so that panning shows something at once.
import { useEffect, useState } from "react";
import { RecordingTimeline } from "../../../src/contract/media.ts";
import { serverNow } from "../api/now.ts";
import type { TimeWindow } from "./timeline-scale.ts";
import { findGrantedView, forgetView, onViewGranted } from "./views.ts";

export type Coverage =
  | { readonly state: "none" } // no look at this camera yet, so nothing may be asked
  | { readonly state: "loading" }
  | { readonly state: "broken" }
  | { readonly state: "known"; readonly timeline: RecordingTimeline };

const SETTLE_MS = 200;
const RENEW_MS = 10_000;
const LONGEST_TIMELINE_MS = 31 * 86_400_000; // the recorder answers a day more

/** Any view of the camera reads the timeline of any range. */
async function fetchTimeline(cameraId: number, from: number, to: number, signal: AbortSignal): Promise<Coverage> {
  let answer: Coverage = { state: "none" };
  // A look at the past is let go by the page, which knows that; the end of a live one is the recorder's to tell, and this page may not know of it yet.
  for (const mode of ["playback", "live"] as const) {
    const held = findGrantedView(cameraId, mode);
    if (held === undefined) continue;
    const url = new URL(`/v1/cameras/${cameraId}/timeline`, held.view.recorderUrl);
    url.searchParams.set("from", String(Math.round(from)));
    url.searchParams.set("to", String(Math.round(to)));
    const response = await fetch(url, { headers: { authorization: `Bearer ${held.view.token}` }, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]), cache: "no-store" });
    if (response.ok) {
      const parsed = RecordingTimeline.safeParse(await response.json());
      return parsed.success ? { state: "known", timeline: parsed.data } : { state: "broken" };
    }
    // The recorder told the end of that look: its token opens nothing any more, and the next look brings another.
    if (response.status === 401) forgetView(held.view);
    answer = response.status === 403 ? { state: "none" } : { state: "broken" };
  }
  return answer;
}

/** Where the camera's recording goes on after a moment, as far as a timeline may reach; null where it does not, or where nobody answers. */
export async function findNextRecorded(cameraId: number, afterMs: number, signal: AbortSignal): Promise<number | null> {
  const answer = await fetchTimeline(cameraId, afterMs, Math.min(serverNow(), afterMs + LONGEST_TIMELINE_MS), signal).catch((): Coverage => ({ state: "broken" }));
  return answer.state === "known" ? (answer.timeline.coverage.find((c) => c.end > afterMs)?.start ?? null) : null;
}

export function useCoverage(cameraId: number | null, window: TimeWindow): Coverage {
  const [held, setHeld] = useState<{ readonly cameraId: number | null; readonly coverage: Coverage }>({ cameraId: null, coverage: { state: "none" } });
  // The window is rounded to an eighth of itself, so that a playhead that drifts along does not ask anew at each step.
  const step = Math.max(1, (window.to - window.from) / 8);
  const from = Math.floor(window.from / step) * step - step * 4;
  const to = Math.ceil(window.to / step) * step + step * 4;
  const fromKey = Math.round(from / 1000);
  const toKey = Math.round(to / 1000);
  useEffect(() => {
    if (cameraId === null) return setHeld({ cameraId: null, coverage: { state: "none" } });
    const abort = new AbortController();
    const read = (): void => {
      fetchTimeline(cameraId, Math.max(0, fromKey * 1000), Math.min(toKey * 1000, serverNow()), abort.signal)
        .catch((): Coverage => ({ state: "broken" }))
        .then((coverage) => {
          if (abort.signal.aborted) return;
          // A failed renewal leaves the last picture of what is recorded where it is.
          setHeld((before) => (before.cameraId === cameraId && before.coverage.state === "known" && coverage.state !== "known" ? before : { cameraId, coverage }));
        });
    };
    const first = setTimeout(read, SETTLE_MS);
    const stop = onViewGranted((granted) => granted === cameraId && read());
    const again = setInterval(read, RENEW_MS);
    return () => {
      abort.abort();
      clearTimeout(first);
      stop();
      clearInterval(again);
    };
  }, [cameraId, fromKey, toKey]);
  return held.cameraId === cameraId ? held.coverage : { state: cameraId === null ? "none" : "loading" };
}
