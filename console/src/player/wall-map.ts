// Where media time and wall time meet. A camera's own clock drifts and a stream restarts, so there is no single offset: the map keeps an anchor
// per fragment and answers by the nearest anchor before. For the past the anchors are the playlist's fragments (EXT-X-PROGRAM-DATE-TIME).

/** One piece of media: `mediaS` seconds on the element's timeline, `wallMs` the wall time of its first sample. */
export interface Anchor {
  readonly mediaS: number;
  readonly wallMs: number;
  readonly durationS: number; // Infinity where the end is not known yet
}

const lastAtOrBefore = (anchors: readonly Anchor[], value: number, of: (a: Anchor) => number): number => {
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (of(anchors[middle]!) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/** The piece that holds a wall time, or the last one before it; null before the first. */
export const findAnchor = (anchors: readonly Anchor[], wallMs: number): Anchor | null => anchors[lastAtOrBefore(anchors, wallMs, (a) => a.wallMs)] ?? null;

/** Wall time of a media time, or null before the first anchor. */
export function findWallMs(anchors: readonly Anchor[], mediaS: number): number | null {
  const anchor = anchors[lastAtOrBefore(anchors, mediaS + 1e-6, (a) => a.mediaS)];
  if (anchor === undefined) return null;
  return anchor.wallMs + Math.min(mediaS - anchor.mediaS, anchor.durationS) * 1000;
}

/** Media time of a wall time. `in-gap` says that nothing was recorded then, and where pictures go on. */
export type MediaPosition =
  | { readonly at: "media"; readonly mediaS: number }
  | { readonly at: "gap"; readonly nextWallMs: number | null; readonly nextMediaS: number | null };

/** Two fragments may leave a crack of a few frames between them; that is not a gap. */
const CRACK_MS = 250;

export function findMediaS(anchors: readonly Anchor[], wallMs: number): MediaPosition {
  const index = lastAtOrBefore(anchors, wallMs, (a) => a.wallMs);
  const anchor = anchors[index];
  const next = anchors[index + 1];
  if (anchor !== undefined) {
    const intoMs = wallMs - anchor.wallMs;
    if (intoMs < anchor.durationS * 1000) return { at: "media", mediaS: anchor.mediaS + intoMs / 1000 };
    if (intoMs < anchor.durationS * 1000 + CRACK_MS) return { at: "media", mediaS: next?.mediaS ?? anchor.mediaS + anchor.durationS - 0.001 };
  }
  return { at: "gap", nextWallMs: next?.wallMs ?? null, nextMediaS: next?.mediaS ?? null };
}

/** A list of anchors that forgets: for a live stream that runs for days. */
export class LiveAnchors {
  #anchors: Anchor[] = [];
  add(mediaS: number, wallMs: number): void {
    const last = this.#anchors.at(-1);
    if (last !== undefined && mediaS < last.mediaS) this.#anchors.length = 0; // the timeline went back
    this.#anchors.push({ mediaS, wallMs, durationS: Infinity });
    if (this.#anchors.length > 2_000) this.#anchors.splice(0, 1_000);
  }
  findWallMs(mediaS: number): number | null {
    return findWallMs(this.#anchors, mediaS);
  }
  clear(): void {
    this.#anchors.length = 0;
  }
}
