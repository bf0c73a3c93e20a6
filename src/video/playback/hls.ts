// A playlist over stored segments (RFC 8216): parts are byte ranges that begin at a key frame, each with its wall time, so that a player can be asked for a
// moment and several cameras can play in step ([PLY3] to [PLY6]). The files are not touched; a part is arithmetic over the GOP index.
import type { WallMs } from "../../base/time.ts";
import type { Gop } from "./gop-index.ts";

export interface PlayableSegment {
  readonly segmentId: number;
  readonly runId: number;
  readonly startMs: WallMs;
  readonly endMs: WallMs;
  /** Of the file, as far as it is on disk. */
  readonly bytes: number;
  readonly initBytes: number;
  /** Two segments with equal keys can be decoded with the same initialisation. */
  readonly formatKey: string;
  readonly gops: readonly Gop[];
}

const SHORTEST_PART_90K = 2 * 90_000;

interface Part {
  readonly offset: number;
  readonly bytes: number;
  readonly duration90k: number;
  readonly startMs: WallMs;
}

/** Of a range that goes on being written. No segment is open for a moment at each rotation, until the next one has its first fragment on disk. */
export interface Growth {
  readonly openSegmentId: number | null;
}

/** The playlist of `[from, to]`, out of its segments by start, which may come in several pieces. Addresses in it are relative to the playlist's own. `uri` names a segment's file. */
export class PlaylistBuilder {
  readonly #from: WallMs;
  readonly #to: WallMs;
  readonly #uri: (segmentId: number) => string;
  readonly #body: string[] = [];
  #longest90k = 90_000;
  #previous: PlayableSegment | undefined;

  constructor(from: WallMs, to: WallMs, uri: (segmentId: number) => string) {
    this.#from = from;
    this.#to = to;
    this.#uri = uri;
  }

  /** The open segment's last part is left out where the playlist grows, since it may still grow and a player never reads a part twice. */
  add(segments: readonly PlayableSegment[], growth: Growth | null = null): void {
    const body = this.#body;
    for (const segment of segments) {
      const listed = listParts(segment, this.#from, this.#to);
      const parts = segment.segmentId === growth?.openSegmentId ? listed.slice(0, -1) : listed;
      if (parts.length === 0) continue;
      const previous = this.#previous;
      const uri = this.#uri(segment.segmentId);
      const breaks = previous !== undefined && (previous.runId !== segment.runId || previous.formatKey !== segment.formatKey);
      if (breaks) body.push("#EXT-X-DISCONTINUITY");
      if (previous === undefined || breaks) body.push(`#EXT-X-MAP:URI="${uri}",BYTERANGE="${segment.initBytes}@0"`);
      for (const part of parts) {
        this.#longest90k = Math.max(this.#longest90k, part.duration90k);
        body.push(`#EXT-X-PROGRAM-DATE-TIME:${formatWallTime(part.startMs)}`);
        body.push(`#EXTINF:${(part.duration90k / 90_000).toFixed(5)},`, `#EXT-X-BYTERANGE:${part.bytes}@${part.offset}`, uri);
      }
      this.#previous = segment;
    }
  }

  /** `growth`: the range goes on being written, and the playlist has no end, so that a player comes back for more ([PLY8]). */
  format(growth: Growth | null): string {
    const longestS = this.#longest90k / 90_000;
    const target = growth === null ? Math.ceil(longestS) : stepTarget(longestS);
    const head = ["#EXTM3U", "#EXT-X-VERSION:6", `#EXT-X-TARGETDURATION:${target}`, "#EXT-X-MEDIA-SEQUENCE:0", `#EXT-X-PLAYLIST-TYPE:${growth === null ? "VOD" : "EVENT"}`, "#EXT-X-INDEPENDENT-SEGMENTS"];
    return `${[...head, ...this.#body, ...(growth === null ? ["#EXT-X-ENDLIST"] : [])].join("\n")}\n`;
  }
}

/** The same of segments that are all there. */
export function formatPlaylist(segments: readonly PlayableSegment[], from: WallMs, to: WallMs, uri: (segmentId: number) => string, growth: Growth | null = null): string {
  const playlist = new PlaylistBuilder(from, to, uri);
  playlist.add(segments, growth);
  return playlist.format(growth);
}

/**
 * A list that grows must keep its target duration (RFC 8216, 6.2.1), and parts that are still to come are not known: the first of 4, 8, 16 s, ... that holds what
 * there is. 4 s hold key frames up to 2 s apart. Not one large number for all, since a player comes back for news after half of it.
 */
function stepTarget(longestS: number): number {
  let target = 4;
  while (target < longestS) target *= 2;
  return target;
}

/** GOPs that touch the range, joined until a part lasts 2 s. */
export function listParts(segment: PlayableSegment, from: WallMs, to: WallMs): Part[] {
  const parts: Part[] = [];
  const span = findByteSpan(segment, from, to);
  if (span === undefined) return parts;
  let open: { offset: number; duration90k: number; startMs: WallMs } | undefined;
  for (const gop of segment.gops) {
    if (gop.offset < span.start || gop.offset >= span.end) continue;
    if (open !== undefined && open.duration90k >= SHORTEST_PART_90K) {
      parts.push({ ...open, bytes: gop.offset - open.offset });
      open = undefined;
    }
    if (open === undefined) open = { offset: gop.offset, duration90k: gop.duration90k, startMs: segment.startMs + gop.startMs };
    else open = { ...open, duration90k: open.duration90k + gop.duration90k };
  }
  if (open !== undefined) parts.push({ ...open, bytes: span.end - open.offset });
  return parts;
}

/** Bytes `[start, end)` of the GOPs that touch the range; undefined where none does. What a viewer with that range may read, besides the initialisation. */
export function findByteSpan(segment: PlayableSegment, from: WallMs, to: WallMs): { readonly start: number; readonly end: number } | undefined {
  let start = -1;
  let end = -1;
  for (let i = 0; i < segment.gops.length; i++) {
    const gop = segment.gops[i]!;
    const next = segment.gops[i + 1];
    const startMs = segment.startMs + gop.startMs;
    const endMs = next === undefined ? segment.endMs : segment.startMs + next.startMs;
    if (startMs >= to || endMs <= from) continue;
    if (start < 0) start = gop.offset;
    end = next === undefined ? segment.bytes : next.offset;
  }
  return start < 0 ? undefined : { start, end };
}

/** Wall time of the GOPs that bytes `[start, end)` of the file are of; undefined where they are of none. */
export function findTimeSpan(segment: PlayableSegment, start: number, end: number): { readonly from: WallMs; readonly to: WallMs } | undefined {
  let from = -1;
  let to = -1;
  for (const [i, gop] of segment.gops.entries()) {
    const next = segment.gops[i + 1];
    if (gop.offset >= end || (next?.offset ?? segment.bytes) <= start) continue;
    if (from < 0) from = segment.startMs + gop.startMs;
    to = next === undefined ? segment.endMs : segment.startMs + next.startMs;
  }
  return from < 0 ? undefined : { from, to };
}

// The platform's Date is a clock to the tidy test; this is arithmetic on a number that was given (days from civil, proleptic Gregorian).
export function formatWallTime(ms: WallMs): string {
  const whole = Math.floor(ms);
  const days = Math.floor(whole / 86_400_000);
  const inDay = whole - days * 86_400_000;
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = `${two(Math.floor(inDay / 3_600_000))}:${two(Math.floor(inDay / 60_000) % 60)}:${two(Math.floor(inDay / 1000) % 60)}.${String(inDay % 1000).padStart(3, "0")}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${time}Z`;
}
