// Key frames of one camera, as the recorder gives them (contract/key-frames.ts), kept by time within a bound of bytes: for play backwards, for play that
// is too fast to decode every picture, and for the thumbnail under the pointer. Only the encoded bytes are kept; a decoded picture is forty times that.
import { KeyFrameReader, type KeyFrame, type KeyFrameFormat } from "../../../src/contract/key-frames.ts";

export interface HeldKeyFrame extends Pick<KeyFrame, "start" | "until" | "bytes"> {
  readonly format: KeyFrameFormat;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Index of the newest that starts at or before `at`, or -1. */
function newestBefore(frames: readonly HeldKeyFrame[], at: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (frames[middle]!.start <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class KeyFrameShelf {
  readonly #frames: HeldKeyFrame[] = []; // by start
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }
  get bytes(): number {
    return this.#bytes;
  }
  get size(): number {
    return this.#frames.length;
  }

  /** Where it is full, what is furthest in time from the new one goes. Answers with the time that is left of what was held: outside it, frames went. */
  add(frame: HeldKeyFrame): Span {
    let from = Number.NEGATIVE_INFINITY;
    let to = Number.POSITIVE_INFINITY;
    const before = newestBefore(this.#frames, frame.start);
    if (this.#frames[before]?.start === frame.start) return { from, to };
    this.#frames.splice(before + 1, 0, frame);
    this.#bytes += frame.bytes.byteLength;
    while (this.#bytes > this.#mostBytes && this.#frames.length > 1) {
      const first = this.#frames[0]!;
      const last = this.#frames.at(-1)!;
      const isFirst = frame.start - first.start > last.start - frame.start;
      this.#bytes -= (isFirst ? this.#frames.shift()! : this.#frames.pop()!).bytes.byteLength;
      if (isFirst) from = this.#frames[0]!.start;
      else to = last.start;
    }
    return { from, to };
  }

  /** The newest key frame at a moment, of those that are held. */
  findAt(wallMs: number): HeldKeyFrame | undefined {
    return this.#frames[newestBefore(this.#frames, wallMs)];
  }
  /** One that is truly what was shown at that moment, give or take `withinMs`. */
  findNear(wallMs: number, withinMs: number): HeldKeyFrame | undefined {
    const before = newestBefore(this.#frames, wallMs);
    const held = this.#frames[before];
    if (held !== undefined && (wallMs < held.until || wallMs - held.start <= withinMs)) return held;
    const next = this.#frames[before + 1];
    return next !== undefined && next.start - wallMs <= withinMs ? next : undefined;
  }
  clear(): void {
    this.#frames.length = 0;
    this.#bytes = 0;
  }
}

export type Fetched = "done" | "refused" | "broken" | "none";

/**
 * Reads an answer of the recorder as it comes and hands over each key frame. `none`: nothing is recorded there. Rejects only where `signal` says so.
 */
export async function readKeyFrames(request: { readonly url: URL; readonly token: string; readonly signal: AbortSignal }, take: (frame: HeldKeyFrame) => void): Promise<Fetched> {
  try {
    const response = await fetch(request.url, { headers: { authorization: `Bearer ${request.token}` }, signal: request.signal, cache: "no-store" });
    if (!response.ok || response.body === null) return response.status === 404 ? "none" : "refused";
    const reader = new KeyFrameReader();
    let format: KeyFrameFormat | null = null;
    for (const body = response.body.getReader(); ; ) {
      const { done, value } = await body.read();
      if (done) return reader.isWhole ? "done" : "broken";
      const records = reader.push(value);
      if (!records.ok) return "broken";
      for (const record of records.value) {
        if (record.kind === "format") format = record;
        else if (format !== null) take({ start: record.start, until: record.until, bytes: record.bytes, format });
      }
    }
  } catch (error) {
    if (request.signal.aborted) throw error;
    return "broken";
  }
}
