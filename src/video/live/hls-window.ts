// Live pictures for players that speak HLS (RFC 8216) and nothing better ([LIV13]): a viewer of the stream that puts its fragments together to parts of whole GOPs and keeps the last
// few. From memory rather than from the recording, so that it serves cameras that are not recorded too and waits for no disk; low latency (partial segments) is not
// tried: whoever needs it has the WebSocket and WebRTC. Decoding times are the live stream's own, so they go on over a reconnection, which is a discontinuity.
import { findBoxHeader, parseMoof } from "../../media/fmp4/reading.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import type { WallMs } from "../../base/time.ts";
import type { LiveViewerPort } from "./live-stream.ts";

const SHORTEST_PART_90K = 2 * 90_000;
const LISTED_PARTS = 6;
/** A player may fetch what has just left the playlist. */
const KEPT_PARTS = 9;
const MOST_PART_BYTES = 16 * 1024 * 1024;

interface Part {
  readonly number: number;
  readonly init: number;
  readonly discontinuous: boolean;
  readonly startMs: WallMs;
  readonly duration90k: number;
  readonly bytes: Uint8Array;
}
interface OpenPart {
  readonly start90k: number;
  readonly startMs: WallMs;
  readonly fragments: Uint8Array[];
  bytes: number;
  end90k: number;
}

export class HlsWindow implements LiveViewerPort {
  readonly #formatTime: (wallMs: WallMs) => string;
  readonly #onGone: () => void;
  readonly #inits = new Map<number, Uint8Array>();
  #parts: Part[] = [];
  #open: OpenPart | undefined;
  #nextNumber: number;
  #initNumber = 0;
  #discontinuous = false;
  /** Discontinuities that have left the playlist. */
  #pastDiscontinuities = 0;
  #longest90k = 0;
  #waiting: (() => void)[] = [];

  /** `firstNumber` must be above every number that was given out for this camera before, also by an earlier run of the process. */
  constructor(firstNumber: number, formatTime: (wallMs: WallMs) => string, onGone: () => void) {
    this.#nextNumber = firstNumber;
    this.#formatTime = formatTime;
    this.#onGone = onGone;
  }

  get partCount(): number {
    return this.#parts.length;
  }

  /** Of the part that comes next. */
  get nextNumber(): number {
    return this.#nextNumber;
  }

  /** Resolves when a part was finished. */
  nextPart(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The playlist as of now; undefined before the first part. */
  formatPlaylist(): string | undefined {
    const listed = this.#parts.slice(-LISTED_PARTS);
    const first = listed[0];
    if (first === undefined) return undefined;
    const left = this.#parts.slice(0, this.#parts.length - listed.length).filter((part) => part.discontinuous).length;
    const lines = [
      "#EXTM3U", "#EXT-X-VERSION:7", `#EXT-X-TARGETDURATION:${targetOf(this.#longest90k / 90_000)}`, `#EXT-X-MEDIA-SEQUENCE:${first.number}`,
      `#EXT-X-DISCONTINUITY-SEQUENCE:${this.#pastDiscontinuities + left}`, "#EXT-X-INDEPENDENT-SEGMENTS",
    ];
    let init = -1;
    for (const part of listed) {
      if (part.discontinuous) lines.push("#EXT-X-DISCONTINUITY");
      if (part.init !== init) lines.push(`#EXT-X-MAP:URI="live/init-${part.init}.mp4"`);
      init = part.init;
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${this.#formatTime(part.startMs)}`, `#EXTINF:${(part.duration90k / 90_000).toFixed(5)},`, `live/${part.number}.m4s`);
    }
    return `${lines.join("\n")}\n`;
  }

  findPart(number: number): Uint8Array | undefined {
    return this.#parts.find((part) => part.number === number)?.bytes;
  }

  findInit(number: number): Uint8Array | undefined {
    return this.#inits.get(number);
  }

  waitingBytes(): number {
    return 0;
  }

  onInit(_format: VideoFormat, init: Uint8Array): void {
    this.#finish();
    this.#initNumber++;
    this.#inits.set(this.#initNumber, init);
    this.#discontinuous = this.#initNumber > 1;
  }

  onFragment(fragment: Uint8Array, key: boolean, wallMs: WallMs): void {
    const moof = parseMoof(fragment.subarray(0, findBoxHeader(fragment, 0)?.size ?? 0));
    if (!moof.ok) return;
    const { start90k, duration90k } = moof.value;
    if (key) {
      if (this.#open !== undefined) this.#open.end90k = start90k; // up to the next picture, wherever the last one's own duration was a guess
      if (this.#open !== undefined && start90k - this.#open.start90k >= SHORTEST_PART_90K) this.#finish();
      this.#open ??= { start90k, startMs: wallMs, fragments: [], bytes: 0, end90k: start90k };
    }
    const open = this.#open;
    if (open === undefined) return;
    open.fragments.push(fragment);
    open.bytes += fragment.length;
    open.end90k = start90k + duration90k;
    if (open.bytes > MOST_PART_BYTES) {
      // A camera whose key frames stand minutes apart: what comes up to its next one is not shown.
      this.#open = undefined;
      this.#discontinuous = true;
    }
  }

  onDropped(): void {
    this.#open = undefined;
    this.#discontinuous = true;
  }

  onGone(): void {
    this.#onGone();
  }

  #finish(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined || open.end90k <= open.start90k) return;
    const bytes = new Uint8Array(open.bytes);
    let at = 0;
    for (const fragment of open.fragments) {
      bytes.set(fragment, at);
      at += fragment.length;
    }
    const duration90k = open.end90k - open.start90k;
    this.#longest90k = Math.max(this.#longest90k, duration90k);
    this.#parts.push({ number: this.#nextNumber++, init: this.#initNumber, discontinuous: this.#discontinuous, startMs: open.startMs, duration90k, bytes });
    this.#discontinuous = false;
    while (this.#parts.length > KEPT_PARTS) if (this.#parts.shift()!.discontinuous) this.#pastDiscontinuities++;
    for (const number of this.#inits.keys()) if (number < this.#parts[0]!.init) this.#inits.delete(number);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}

/** It may not change while a player reads on (RFC 8216, 6.2.1), and what is to come is not known: the first of 4, 8, 16 s, ... that holds what was. */
function targetOf(longestS: number): number {
  let target = 4;
  while (target < longestS) target *= 2;
  return target;
}
