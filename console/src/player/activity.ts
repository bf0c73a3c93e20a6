// How much moves, for the time bar: read from the recorder with any token that this page holds for the camera, as the timeline is; drawn as a profile.
// It tells that something moves, never who or what.
import { useEffect, useState } from "react";
import { RecordingActivity } from "../../../src/contract/media.ts";
import { serverNow } from "../api/now.ts";
import type { TimeWindow } from "./timeline-scale.ts";
import { joinActivity, partsToAsk, type AskedPart } from "./several-recorders.ts";
import { findGrantedView, forgetView, onViewGranted, type HeldView } from "./views.ts";

const SETTLE_MS = 300;
const RENEW_MS = 15_000;

async function fetchActivity(cameraId: number, window: TimeWindow, widthPx: number, signal: AbortSignal): Promise<RecordingActivity | null> {
  const held = findGrantedView(cameraId, "playback") ?? findGrantedView(cameraId, "live");
  if (held === undefined) return null;
  const from = Math.round(window.from);
  const to = Math.round(Math.min(window.to, serverNow()));
  if (to - from < 1_000) return null;
  // Two pixels a step at most: what is finer cannot be seen.
  const stepMs = Math.max(1, Math.ceil((window.to - window.from) / 1_000 / Math.max(100, widthPx / 2))) * 1_000;
  const parts = await Promise.all(partsToAsk(held.view, from, to).filter((part) => part.to - part.from >= 1_000).map((part) => fetchPart(held, part, stepMs, signal).catch(() => null)));
  return joinActivity(parts.flatMap((part) => part ?? []));
}

async function fetchPart({ view }: HeldView, { recorderUrl, from, to }: AskedPart, stepMs: number, signal: AbortSignal): Promise<RecordingActivity | null> {
  if (recorderUrl === null) return null;
  const url = new URL(`/v1/cameras/${view.cameraId}/activity`, recorderUrl);
  for (const [name, value] of Object.entries({ from: Math.round(from), to: Math.round(to), stepMs })) url.searchParams.set(name, String(value));
  const response = await fetch(url, { headers: { authorization: `Bearer ${view.token}` }, signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]), cache: "no-store" });
  if (response.status === 401) forgetView(view); // that look is over; the next one brings another token
  const parsed = response.ok ? RecordingActivity.safeParse(await response.json()) : null;
  return parsed?.success === true ? parsed.data : null;
}

/** Null where it is not known: no look at this camera yet, or a recorder that does not measure it. */
export function useActivity(cameraId: number | null, window: TimeWindow, widthPx: number): RecordingActivity | null {
  const [held, setHeld] = useState<{ readonly cameraId: number; readonly activity: RecordingActivity } | null>(null);
  const step = Math.max(1, (window.to - window.from) / 8);
  const fromKey = Math.floor(window.from / step - 2) * step;
  const toKey = Math.ceil(window.to / step + 2) * step;
  useEffect(() => {
    if (cameraId === null) return;
    const abort = new AbortController();
    const read = (): void => {
      fetchActivity(cameraId, { from: Math.max(0, fromKey), to: toKey }, widthPx, abort.signal).then((activity) => !abort.signal.aborted && activity !== null && setHeld({ cameraId, activity }), () => {});
    };
    const first = setTimeout(read, SETTLE_MS);
    const again = setInterval(read, RENEW_MS);
    const stop = onViewGranted((granted) => granted === cameraId && read());
    return () => {
      abort.abort();
      clearTimeout(first);
      clearInterval(again);
      stop();
    };
  }, [cameraId, Math.round(fromKey), Math.round(toKey), Math.round(widthPx / 100)]);
  return held !== null && held.cameraId === cameraId ? held.activity : null;
}

