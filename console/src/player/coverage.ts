// What is recorded of one camera in the window of the time bar. Read from the recorder, of a camera that was moved from each that has a part of it, with any token that this page holds for the camera;
// half a window more on each side is fetched, so that panning shows something at once.
import { useEffect, useState } from "react";
import { RecordingTimeline } from "../../../src/contract/media.ts";
import { serverNow } from "../api/now.ts";
import type { TimeWindow } from "./timeline-scale.ts";
import { joinTimelines, partsToAsk, type AskedPart } from "./several-recorders.ts";
import { findGrantedView, forgetView, onViewGranted, type HeldView } from "./views.ts";

export type Coverage =
  | { readonly state: "none" } // no look at this camera yet, so nothing may be asked
  | { readonly state: "loading" }
  | { readonly state: "broken" }
  | { readonly state: "known"; readonly timeline: RecordingTimeline };

const SETTLE_MS = 200;
const RENEW_MS = 10_000;
const LONGEST_TIMELINE_MS = 31 * 86_400_000; // the recorder answers a day more

/** The status of an answer that is no timeline; 0: none came, or not one that can be read. */
async function fetchPart({ view }: HeldView, { recorderUrl, from, to }: AskedPart, signal: AbortSignal): Promise<RecordingTimeline | number> {
  if (recorderUrl === null) return 0;
  const url = new URL(`/v1/cameras/${view.cameraId}/timeline`, recorderUrl);
  url.searchParams.set("from", String(Math.round(from)));
  url.searchParams.set("to", String(Math.round(to)));
  try {
    const response = await fetch(url, { headers: { authorization: `Bearer ${view.token}` }, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]), cache: "no-store" });
    if (!response.ok) return response.status;
    const parsed = RecordingTimeline.safeParse(await response.json());
    return parsed.success ? parsed.data : 0;
  } catch {
    return 0;
  }
}

/** Any view of the camera reads the timeline of any range. */
async function fetchTimeline(cameraId: number, from: number, to: number, signal: AbortSignal): Promise<Coverage> {
  let answer: Coverage = { state: "none" };
  // A look at the past is let go by the page, which knows that; the end of a live one is the recorder's to tell, and this page may not know of it yet.
  for (const mode of ["playback", "live"] as const) {
    const held = findGrantedView(cameraId, mode);
    if (held === undefined) continue;
    const parts = await Promise.all(partsToAsk(held.view, from, to).map((part) => fetchPart(held, part, signal)));
    const known = joinTimelines(parts.flatMap((part) => (typeof part === "number" ? [] : [part])));
    if (known !== null) return { state: "known", timeline: known };
    // The recorder told the end of that look: its token opens nothing any more, and the next look brings another.
    if (parts.includes(401)) forgetView(held.view);
    answer = parts.every((part) => part === 403) ? { state: "none" } : { state: "broken" };
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
