// Whether an exported file is the fragmented MP4 that it says it is (ISO/IEC 14496-12), told while its bytes go by to be hashed, in whatever pieces they come:
// memory is bounded by one moof. Counts the pictures of the video track (or the samples of another) and sums their time. Reads any fragmented MP4, not only our own form, because
// tracks beside the pictures may be there.
import { findBoxHeader } from "../media/fmp4/reading.ts";
import { readUint32 } from "../media/bytes.ts";

const MOST_HEADER_BOX = 4_000_000;
const MOST_DEPTH = 8;

export interface Mp4Facts {
  /** What departs from the format, with the byte. */
  readonly fault: string | undefined;
  /** Pictures: samples of the video track. */
  readonly frames: number;
  readonly fragments: number;
  /** Sum of the pictures' durations, in the track's own scale. */
  readonly duration: number;
  readonly timescale: number;
}

interface Fragment {
  dataBytes: number;
}

export class Mp4Scanner {
  #boxStart = 0;
  #head = new Uint8Array(16);
  #headLength = 0;
  #left = 0; // of the present box, behind its header
  #kept: Uint8Array | undefined; // a moov or moof on its way
  #keptLength = 0;
  #type = "";
  #fault: string | undefined;
  #videoTrack = -1;
  #defaultDuration = 0;
  #timescale = 0;
  #fragment: Fragment | undefined;
  #frames = 0;
  #fragments = 0;
  #duration = 0;

  readonly #handler: "vide" | "soun" | "meta";

  /** `handler`: of the track whose samples are counted. */
  constructor(handler: "vide" | "soun" | "meta" = "vide") {
    this.#handler = handler;
  }

  feed(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && this.#fault === undefined) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, bytes.length - at);
        if (this.#kept !== undefined) this.#kept.set(bytes.subarray(at, at + taken), this.#keptLength);
        this.#keptLength += taken;
        this.#left -= taken;
        at += taken;
        if (this.#left === 0) this.#endBox();
      } else {
        this.#head[this.#headLength++] = bytes[at++]!;
        const wide = this.#headLength >= 8 && readUint32(this.#head, 0) === 1;
        if (this.#headLength === (wide ? 16 : 8)) this.#beginBox(wide);
      }
    }
  }

  finish(): Mp4Facts {
    if (this.#fault === undefined && (this.#left > 0 || this.#headLength > 0)) this.#fault = `the box at byte ${this.#boxStart} is cut off`;
    if (this.#fault === undefined && this.#fragment !== undefined) this.#fault = "the last fragment has no data";
    if (this.#fault === undefined && this.#videoTrack < 0) this.#fault = `no ${{ vide: "video", soun: "sound", meta: "metadata" }[this.#handler]} track`;
    return { fault: this.#fault, frames: this.#frames, fragments: this.#fragments, duration: this.#duration, timescale: this.#timescale };
  }

  #beginBox(wide: boolean): void {
    const header = wide ? { type: String.fromCharCode(...this.#head.subarray(4, 8)), size: readUint32(this.#head, 8) * 4294967296 + readUint32(this.#head, 12) } : findBoxHeader(this.#head, 0);
    const own = wide ? 16 : 8;
    this.#headLength = 0;
    if (header === undefined || header.size < own) {
      this.#fault = `no box at byte ${this.#boxStart}`;
      return;
    }
    this.#type = header.type;
    this.#left = header.size - own;
    this.#keptLength = 0;
    this.#kept = undefined;
    if (this.#boxStart === 0 && header.type !== "ftyp") this.#fault = "the file does not begin with ftyp";
    if (header.type === "moov" || header.type === "moof") {
      if (this.#left > MOST_HEADER_BOX) this.#fault = `${header.type} at byte ${this.#boxStart} is larger than ${MOST_HEADER_BOX} bytes`;
      else this.#kept = new Uint8Array(this.#left);
    }
    if (header.type === "mdat" && this.#fragment?.dataBytes !== this.#left) this.#fault = `mdat at byte ${this.#boxStart} does not fit its moof`;
    this.#boxStart += header.size;
    if (this.#left === 0) this.#endBox();
  }

  #endBox(): void {
    const kept = this.#kept;
    this.#kept = undefined;
    if (this.#type === "mdat") {
      this.#fragment = undefined;
      this.#fragments++;
    }
    if (kept === undefined || this.#fault !== undefined) return;
    if (this.#type === "moov") {
      if (this.#videoTrack >= 0) this.#fault = "a second moov";
      else this.#readMoov(kept);
    } else if (this.#fragment !== undefined) {
      this.#fault = "a moof without data behind it";
    } else {
      this.#fragment = { dataBytes: 0 };
      this.#readMoof(kept, this.#fragment);
    }
  }

  #readMoov(moov: Uint8Array): void {
    let track = { id: -1, handler: "", timescale: 0 };
    this.#walk(moov, 0, moov.length, 0, (type, body, end) => {
      if (type === "trak") track = { id: -1, handler: "", timescale: 0 };
      const version = body < end ? moov[body]! : 0;
      if (type === "tkhd" && body + 24 <= end) track.id = readUint32(moov, body + (version === 1 ? 20 : 12));
      if (type === "mdhd" && body + 24 <= end) track.timescale = readUint32(moov, body + (version === 1 ? 20 : 12));
      if (type === "hdlr" && body + 12 <= end) track.handler = String.fromCharCode(...moov.subarray(body + 8, body + 12));
      if (type === "hdlr" && track.handler === this.#handler && this.#videoTrack < 0) {
        this.#videoTrack = track.id;
        this.#timescale = track.timescale;
      }
      if (type === "trex" && body + 24 <= end && readUint32(moov, body + 4) === this.#videoTrack) this.#defaultDuration = readUint32(moov, body + 12);
      return type === "trak" || type === "mdia" || type === "mvex";
    });
  }

  #readMoof(moof: Uint8Array, fragment: Fragment): void {
    let track = -1;
    let duration = 0;
    let size = 0;
    this.#walk(moof, 0, moof.length, 0, (type, body, end) => {
      const flags = body + 4 <= end ? readUint32(moof, body) & 0xffffff : 0;
      if (type === "tfhd" && body + 8 <= end) {
        track = readUint32(moof, body + 4);
        let at = body + 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
        duration = flags & 8 && at + 4 <= end ? readUint32(moof, at) : this.#defaultDuration;
        if (flags & 8) at += 4;
        size = flags & 16 && at + 4 <= end ? readUint32(moof, at) : 0;
      }
      if (type === "trun" && body + 8 <= end) {
        const count = readUint32(moof, body + 4);
        const entry = [0x100, 0x200, 0x400, 0x800].filter((bit) => (flags & bit) !== 0).length * 4;
        let at = body + 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
        if (at + count * entry > end || count > MOST_HEADER_BOX) {
          this.#fault = `a moof before byte ${this.#boxStart} has a broken table`;
          return false;
        }
        const sizeAt = flags & 0x100 ? 4 : 0;
        if (entry === 0) fragment.dataBytes += count * size;
        for (let i = 0; entry > 0 && i < count; i++, at += entry) {
          fragment.dataBytes += flags & 0x200 ? readUint32(moof, at + sizeAt) : size;
          if (track === this.#videoTrack) this.#duration += flags & 0x100 ? readUint32(moof, at) : duration;
        }
        if (entry === 0 && track === this.#videoTrack) this.#duration += count * duration;
        if (track === this.#videoTrack) this.#frames += count;
      }
      return type === "traf";
    });
  }

  /** Calls `visit` for each box; one for which it answers true is gone into. */
  #walk(bytes: Uint8Array, from: number, to: number, depth: number, visit: (type: string, body: number, end: number) => boolean): void {
    let at = from;
    while (at < to && this.#fault === undefined) {
      const box = findBoxHeader(bytes, at);
      if (box === undefined || at + box.size > to || depth > MOST_DEPTH) {
        this.#fault = `a broken box in ${this.#type} before byte ${this.#boxStart}`;
        return;
      }
      if (visit(box.type, at + 8, at + box.size)) this.#walk(bytes, at + 8, at + box.size, depth + 1, visit);
      at += box.size;
    }
  }
}
