// What one viewer gets of a live stream ([LIV1] to [LIV4]): everything while its socket keeps up; when bytes back up in the socket, nothing until the
// next key frame that finds it drained. A new viewer first catches up with the GOP that is kept, as fast as its socket drains: a long GOP put into the
// socket at once would be taken for a slow viewer, and on a socket of many cameras would be so for all of them. Memory for a slow viewer is
// bounded by the limit plus one picture; the camera and the other viewers never wait.

export interface DeliveryLimits {
  /** More than this waiting in the socket: nothing until a key frame. */
  readonly fallBytes: number;
  /** The same where it has been backed up for so long: a slow link makes pictures old long before it makes much wait. */
  readonly fallMs: number;
  /** At a key frame, at most this may wait, or the viewer goes on skipping. More than this is backed up. */
  readonly resumeBytes: number;
}
export const DELIVERY_LIMITS: DeliveryLimits = { fallBytes: 2_000_000, fallMs: 1_500, resumeBytes: 250_000 };

export type DeliveryState =
  | { readonly kind: "waiting-for-key"; readonly skipped: number }
  /** `next` is the place, in the kept GOP, of the fragment to send next; `skipped` are fragments missed before it. */
  | { readonly kind: "catching-up"; readonly next: number; readonly skipped: number }
  | { readonly kind: "flowing" };
export const NEW_DELIVERY: { readonly kind: "waiting-for-key"; readonly skipped: number } = { kind: "waiting-for-key", skipped: 0 };
const FLOWING = { kind: "flowing" } as const;

export interface DeliveryStep {
  readonly state: Exclude<DeliveryState, { kind: "catching-up" }>;
  readonly send: boolean;
  /** Frames that this viewer did not get and was not told of: the first is told at once, the others when pictures go on. */
  readonly dropped: number;
}

/** While it catches up, a viewer takes the next kept fragment only where so little waits that those who flow on the same socket are not disturbed. */
export function canCatchUp(waitingBytes: number, limits: DeliveryLimits): boolean {
  return waitingBytes <= limits.resumeBytes;
}

/** For viewers that do not catch up. `everFlowed` is false until the first key frame went out: frames before it are no loss to tell of. */
export function stepDelivery(state: Exclude<DeliveryState, { kind: "catching-up" }>, key: boolean, waitingBytes: number, backedUpMs: number, everFlowed: boolean, limits: DeliveryLimits): DeliveryStep {
  if (state.kind === "flowing") {
    if (waitingBytes <= limits.fallBytes && (backedUpMs <= limits.fallMs || waitingBytes <= limits.resumeBytes)) return { state, send: true, dropped: 0 };
    return { state: { kind: "waiting-for-key", skipped: 0 }, send: false, dropped: 1 };
  }
  if (key && waitingBytes <= limits.resumeBytes) return { state: FLOWING, send: true, dropped: everFlowed ? state.skipped : 0 };
  return { state: { kind: "waiting-for-key", skipped: state.skipped + 1 }, send: false, dropped: 0 };
}
