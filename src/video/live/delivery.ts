// What one viewer gets of a live stream ([LIV1] to [LIV4]): everything while its socket keeps up; when bytes back up in the socket, nothing until the
// next key frame that finds it drained. Memory for a slow viewer is bounded by the limit plus one picture; the camera and the other
// viewers never wait.

export interface DeliveryLimits {
  /** More than this waiting in the socket: fall to key frames. */
  readonly fallBytes: number;
  /** At a key frame, at most this may wait, or the viewer goes on skipping. */
  readonly resumeBytes: number;
}
export const DELIVERY_LIMITS: DeliveryLimits = { fallBytes: 2_000_000, resumeBytes: 250_000 };

export type DeliveryState =
  | { readonly kind: "waiting-for-key"; readonly skipped: number }
  | { readonly kind: "flowing" };
export const NEW_DELIVERY: DeliveryState = { kind: "waiting-for-key", skipped: 0 };
const FLOWING: DeliveryState = { kind: "flowing" };

export interface DeliveryStep {
  readonly state: DeliveryState;
  readonly send: boolean;
  /** Frames that this viewer did not get, told when pictures go on; 0 otherwise. */
  readonly dropped: number;
}

/** `everFlowed` is false until the first key frame went out: frames before it are no loss to tell of. */
export function stepDelivery(state: DeliveryState, key: boolean, waitingBytes: number, everFlowed: boolean, limits: DeliveryLimits): DeliveryStep {
  if (state.kind === "flowing") {
    if (waitingBytes <= limits.fallBytes) return { state, send: true, dropped: 0 };
    return { state: { kind: "waiting-for-key", skipped: 1 }, send: false, dropped: 0 };
  }
  if (key && waitingBytes <= limits.resumeBytes) return { state: FLOWING, send: true, dropped: everFlowed ? state.skipped : 0 };
  return { state: { kind: "waiting-for-key", skipped: state.skipped + 1 }, send: false, dropped: 0 };
}
