// Asks the centre for views: what several tiles want in the same moment goes as one request (view-policy.ts). A granted view is not shared
// between tiles: each is one look, with its own record, its own renewals and its own end.
import type { Reason } from "../../../src/contract/basics.ts";
import type { View } from "../../../src/contract/cameras.ts";
import type { z } from "zod";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { ApiProblem } from "../api/problem.ts";
import { findViewAt } from "./several-recorders.ts";
import { groupViews, isLookOver, type OpenViewsBody, type WantedView } from "./view-policy.ts";

export type GrantedView = z.infer<typeof View>;
export type ViewAnswer =
  | { readonly ok: true; readonly view: GrantedView }
  | { readonly ok: false; readonly reason: Reason; readonly forbidden: boolean; readonly transient: boolean };

/** Tiles of one wall mount within a frame or two of one another. */
const GATHER_MS = 20;

interface Waiting {
  readonly wanted: WantedView;
  readonly signal: AbortSignal;
  readonly answer: (answer: ViewAnswer) => void;
}
/** A granted view with its range; null: live, without one. */
export interface HeldView {
  readonly view: GrantedView;
  readonly from: number | null;
  readonly to: number | null;
}
const latest = new Map<string, HeldView>();
/** The newest view of this camera and mode that still holds, for what needs a token but shows no picture. */
export function findGrantedView(cameraId: number, mode: GrantedView["mode"]): HeldView | undefined {
  const held = latest.get(`${mode} ${cameraId}`);
  return held === undefined || held.view.expiresAt <= serverNow() ? undefined : held;
}

/** A view that the recorder refused is not tried again for the timeline. Where a renewal has replaced its token meanwhile, that one stays. */
export function forgetView(view: GrantedView): void {
  const key = `${view.mode} ${view.cameraId}`;
  if (latest.get(key)?.view.token === view.token) latest.delete(key);
}

const listeners = new Set<(cameraId: number) => void>();
/** Calls back when a view of any camera was granted. */
export function onViewGranted(listener: (cameraId: number) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Looks at the past that are open on this page: their end is ours to tell. That of a live one is the recorder's. */
const pastOpen = new Map<number, GrantedView>();

/**
 * A live look that this page lets go. Its end is the recorder's to tell; from here on the recorder refuses its token, so the time bar asks with it no more. One that was never `served` the
 * recorder does not know of: the centre has it told that its token opens nothing any more.
 */
export function leaveLive(view: GrantedView, served: boolean): void {
  forgetView(view);
  if (!served) api.call("endView", { params: { id: view.viewId } }, { keepalive: true }).catch(() => {});
}

/** Goes out even while the page is being closed; one that is lost anyway ends with its token. */
export function endView(view: GrantedView): void {
  if (latest.get(`${view.mode} ${view.cameraId}`)?.view.viewId === view.viewId) latest.delete(`${view.mode} ${view.cameraId}`);
  if (pastOpen.delete(view.viewId)) api.call("endView", { params: { id: view.viewId } }, { keepalive: true }).catch(() => {});
}
addEventListener("pagehide", () => {
  for (const view of [...pastOpen.values()]) endView(view);
});

/** The same look with a fresh token. One that is over by now (the page slept, the recorder told its end) is asked for anew. Never rejects. */
export async function continueView(view: GrantedView, wanted: WantedView, signal: AbortSignal): Promise<ViewAnswer> {
  try {
    const renewed = await api.call("renewView", { params: { id: view.viewId } });
    if (!signal.aborted && wanted.sound !== true) latest.set(`${view.mode} ${view.cameraId}`, { view: renewed, from: renewed.from, to: renewed.to });
    return { ok: true, view: renewed };
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : null;
    if (problem !== null && isLookOver(problem.rule)) {
      pastOpen.delete(view.viewId);
      return requestView(wanted, signal);
    }
    return refusalOf(problem);
  }
}

function refusalOf(problem: ApiProblem | null): ViewAnswer {
  return { ok: false, reason: { code: problem?.rule ?? "unreachable", params: {} }, forbidden: problem?.status === 403, transient: problem === null || problem.transient || problem.rule === "recorder-away" };
}

let waiting: Waiting[] = [];
let timer: ReturnType<typeof setTimeout> | null = null;

/** Never rejects. A request that is aborted before it was sent is not made and never answered: nobody looked, so nothing is written. */
export function requestView(wanted: WantedView, signal: AbortSignal): Promise<ViewAnswer> {
  return new Promise((answer) => {
    waiting.push({ wanted, signal, answer });
    timer ??= setTimeout(() => {
      timer = null;
      const all = waiting.filter((w) => !w.signal.aborted);
      waiting = [];
      askAll(all);
    }, GATHER_MS);
  });
}

/** A camera wanted twice with the same reason is granted once; the second asks again, so that both tiles have a look of their own. */
function askAll(all: readonly Waiting[]): void {
  const left = new Set(all);
  for (const body of groupViews(all.map((w) => w.wanted))) {
    const mine = body.cameraIds.flatMap((cameraId) => {
      const found = [...left].find((w) => w.wanted.cameraId === cameraId && belongs(w.wanted, body));
      if (found !== undefined) left.delete(found);
      return found === undefined ? [] : [found];
    });
    void ask(body, mine);
  }
  if (left.size > 0) askAll([...left]);
}
const belongs = (w: WantedView, body: OpenViewsBody): boolean =>
  w.mode === body.mode && (w.sound ?? false) === body.sound && w.from === body.from && w.to === body.to && JSON.stringify(w.reason) === JSON.stringify(body.reason);

async function ask(body: OpenViewsBody, waiting: readonly Waiting[]): Promise<void> {
  try {
    const { views, refused } = await api.call("openViews", { body });
    for (const { wanted, signal, answer } of waiting) {
      const given = views.filter((v) => v.cameraId === wanted.cameraId);
      const view = findViewAt(given, body.from === null || body.to === null ? 0 : Math.min(Math.max(wanted.at ?? body.from, body.from), body.to - 1));
      // The parts of other recorders, of a camera that was moved: nobody looks at them yet.
      for (const other of given) if (other !== view) api.call("endView", { params: { id: other.viewId } }, { keepalive: true }).catch(() => {});
      const no = refused.find((r) => r.cameraId === wanted.cameraId);
      if (view !== undefined) {
        if (!body.sound) latest.set(`${view.mode} ${view.cameraId}`, { view, from: view.from, to: view.to });
        if (view.mode === "playback") pastOpen.set(view.viewId, view);
        if (signal.aborted) {
          // nobody looks any more
          endView(view);
          if (view.mode === "live") leaveLive(view, false);
        }
        answer({ ok: true, view });
        if (!body.sound) for (const listener of listeners) listener(view.cameraId);
      }
      else answer({ ok: false, reason: no?.reason ?? { code: "not-granted", params: {} }, forbidden: false, transient: no?.reason.code === "recorder-away" });
    }
  } catch (error) {
    for (const { answer } of waiting) answer(refusalOf(error instanceof ApiProblem ? error : null));
  }
}
