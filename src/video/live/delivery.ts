// What one viewer gets of a live stream ([LIV1] to [LIV4]): everything while its socket keeps up. When bytes back up in the socket the viewer falls to key frames, and stays with them while the link is slow:
// that more would pass is seen only by trying, so everything is tried again after a time without trouble, later each time where that fails soon. A new viewer first catches up with the GOP that is
// kept, as fast as its socket drains: a long GOP put into the socket at once would be taken for a slow viewer, and on a socket of many cameras would be so for all of them.
// Memory for a slow viewer is bounded by the limit plus one picture; the camera and the other viewers never wait. Time is that of the stream's pictures, which never runs back ([LIV5]).

export interface DeliveryLimits {
  /** More than this waiting in the socket: key frames only. */
  readonly fallBytes: number;
  /** The same where it has been backed up for so long: a slow link makes pictures old long before it makes much wait. */
  readonly fallMs: number;
  /** At a key frame, at most this may wait, or it is left out too. More than this is backed up. */
  readonly resumeBytes: number;
  /** After so long in which each key frame found the socket drained everything goes again: first, and at most where it failed again and again. */
  readonly firstHoldMs: number;
  readonly mostHoldMs: number;
  /** A fall so soon after everything went again doubles the hold. */
  readonly soonMs: number;
  /** So many GOPs in a row that were not caught up with before the next began: the link does not carry the stream. */
  readonly cutGops: number;
}
export const DELIVERY_LIMITS: DeliveryLimits = { fallBytes: 2_000_000, fallMs: 1_500, resumeBytes: 250_000, firstHoldMs: 4_000, mostHoldMs: 60_000, soonMs: 30_000, cutGops: 3 };

/** Which pictures of the stream go to a viewer. */
export type DeliveryPace = "all" | "key-frames";

/** What is remembered of a viewer's link over its states. */
export interface LinkMemory {
  readonly holdMs: number;
  /** When everything last went again after a fall. */
  readonly resumedAtMs: number;
}
export const NEW_LINK: LinkMemory = { holdMs: 0, resumedAtMs: -Infinity };

export type DeliveryState =
  | { readonly kind: "waiting-for-key"; readonly skipped: number }
  /** `next` is the place, in the kept GOP, of the fragment to send next; `skipped` are fragments missed before it. */
  | { readonly kind: "catching-up"; readonly next: number; readonly skipped: number }
  | { readonly kind: "flowing"; readonly link: LinkMemory }
  /** `calmSinceMs`: since when each key frame found the socket drained; null: the last did not, or none has come yet. */
  | { readonly kind: "key-frames"; readonly skipped: number; readonly calmSinceMs: number | null; readonly link: LinkMemory };
export const NEW_DELIVERY: { readonly kind: "waiting-for-key"; readonly skipped: number } = { kind: "waiting-for-key", skipped: 0 };
export const FLOWING: DeliveryState & { readonly kind: "flowing" } = { kind: "flowing", link: NEW_LINK };

export const paceOf = ({ kind }: DeliveryState): DeliveryPace => (kind === "key-frames" ? "key-frames" : "all");

export interface DeliveryStep {
  readonly state: Exclude<DeliveryState, { kind: "catching-up" }>;
  readonly send: boolean;
  /** Frames that this viewer did not get and was not told of: the first is told at once, the others with the next picture that it gets. */
  readonly dropped: number;
}
export interface OfferedPicture {
  readonly key: boolean;
  /** By the stream's decoding times. */
  readonly atMs: number;
  /** What waits in the viewer's socket, and for how long more than a key frame may find has. */
  readonly waitingBytes: number;
  readonly backedUpMs: number;
  /** Whether the viewer has got a picture: frames before its first are no loss to tell of. */
  readonly everFlowed: boolean;
}

/** While it catches up, a viewer takes the next kept fragment only where so little waits that those who flow on the same socket are not disturbed. */
export function canCatchUp(waitingBytes: number, limits: DeliveryLimits): boolean {
  return waitingBytes <= limits.resumeBytes;
}

/** Falls to key frames: for twice as long as the last time where that was a moment ago. */
export function fallToKeys(link: LinkMemory, atMs: number, skipped: number, limits: DeliveryLimits): DeliveryState & { readonly kind: "key-frames" } {
  const again = atMs - link.resumedAtMs < limits.soonMs;
  const holdMs = again ? Math.min(limits.mostHoldMs, link.holdMs * 2) : limits.firstHoldMs;
  return { kind: "key-frames", skipped, calmSinceMs: null, link: { ...link, holdMs } };
}

/** For viewers that do not catch up. */
export function stepDelivery(state: Exclude<DeliveryState, { kind: "catching-up" }>, { key, atMs, waitingBytes, backedUpMs, everFlowed }: OfferedPicture, limits: DeliveryLimits): DeliveryStep {
  const drained = waitingBytes <= limits.resumeBytes;
  switch (state.kind) {
    case "flowing":
      if (drained || (waitingBytes <= limits.fallBytes && backedUpMs <= limits.fallMs)) return { state, send: true, dropped: 0 };
      return { state: fallToKeys(state.link, atMs, 0, limits), send: false, dropped: 1 };
    case "waiting-for-key":
      if (key && drained) return { state: FLOWING, send: true, dropped: everFlowed ? state.skipped : 0 };
      return { state: { kind: "waiting-for-key", skipped: state.skipped + 1 }, send: false, dropped: 0 };
    case "key-frames": {
      if (!key || !drained) return { state: { ...state, skipped: state.skipped + 1, calmSinceMs: key ? null : state.calmSinceMs }, send: false, dropped: 0 };
      const calmSinceMs = state.calmSinceMs ?? atMs;
      const next = atMs - calmSinceMs >= state.link.holdMs ? { kind: "flowing" as const, link: { ...state.link, resumedAtMs: atMs } } : { ...state, skipped: 0, calmSinceMs };
      return { state: next, send: true, dropped: everFlowed ? state.skipped : 0 };
    }
  }
}
