// Sound as fragmented MP4 of its own: AAC by its AudioSpecificConfig (ISO/IEC 14496-14 section 5.6), G.711 by the sample entries `ulaw` and `alaw` (QuickTime's names, which the MP4 registration
// authority lists). Times count in the track's own clock, so that no sample is rounded. A fragment tells the wall time of its first sample as those of the pictures do.
import { decodeAacConfig } from "../aac/audio-config.ts";
import { BoxWriter } from "./box-writer.ts";
import { BOX_HEADER_BYTES } from "./reading.ts";
import { readUint32, writeUint32, writeUint64 } from "../bytes.ts";
import { PRFT_BYTES, writeReferenceTime } from "./fragment.ts";
import { TRACK_ID, writeInit } from "./init-segment.ts";

export type SoundFormat = { readonly clockHz: number; readonly channels: number } & (
  | { readonly codec: "pcma" | "pcmu" }
  | { readonly codec: "aac"; readonly config: Uint8Array; readonly samplesPerFrame: number }
);

/** What a file beside one segment takes at most: a minute of AAC in stereo is some 2 MB, one of G.711 in stereo at 48 kHz 6 MB. Who writes stops there, and who reads reads no more. */
export const MOST_SOUND_FILE_BYTES = 16_000_000;

export function encodeSoundInit(format: SoundFormat): Uint8Array {
  const w = new BoxWriter();
  writeInit(w, { brands: "iso6mp41", duration90k: null, tracks: [{ kind: "sound", clockHz: format.clockHz, width: 0, height: 0, writeEntry: () => writeSoundEntry(w, format, TRACK_ID), edit: null }] });
  return w.finish();
}

export function writeSoundEntry(w: BoxWriter, format: SoundFormat, trackId: number): void {
  w.box(format.codec === "aac" ? "mp4a" : format.codec === "pcmu" ? "ulaw" : "alaw", () => {
    w.zeros(6);
    w.u16(1); // data reference
    w.zeros(8);
    w.u16(format.channels);
    w.u16(16); // of a sample when decoded
    w.zeros(4);
    w.u32(format.clockHz < 65_536 ? format.clockHz * 65_536 : 0);
    if (format.codec !== "aac") return;
    const { config } = format;
    w.fullBox("esds", 0, 0, () => {
      w.raw(Uint8Array.of(0x03, 23 + config.length, 0, trackId, 0, 0x04, 15 + config.length, 0x40, 0x15));
      w.zeros(3 + 4 + 4);
      w.raw(Uint8Array.of(0x05, config.length));
      w.raw(config);
      w.raw(Uint8Array.of(0x06, 1, 2));
    });
  });
}

/** How long a unit of the stream lasts, in the track's clock: a frame of AAC, or the bytes of one packet of G.711. */
export const soundDuration = (format: SoundFormat, bytes: number): number => (format.codec === "aac" ? format.samplesPerFrame : Math.floor(bytes / format.channels));

/** Units that follow each other without a hole; `start` in the track's clock. */
export function encodeSoundFragment(format: SoundFormat, sequence: number, wallMs: number, start: number, units: readonly Uint8Array[]): Uint8Array {
  const reference = new Uint8Array(PRFT_BYTES);
  writeReferenceTime(reference, 0, wallMs, start);
  const w = new BoxWriter();
  w.raw(reference);
  const isAac = format.codec === "aac";
  const bytes = units.reduce((sum, unit) => sum + unit.length, 0);
  const runBytes = 8 + 4 + 4 + 4 + (isAac ? units.length * 4 : 0);
  const moofBytes = 8 + 16 + 8 + (8 + 4 + 4 + 4 + 4) + 20 + runBytes;
  w.box("moof", () => {
    w.fullBox("mfhd", 0, 0, () => w.u32(sequence));
    w.box("traf", () => {
      w.fullBox("tfhd", 0, 0x020018, () => { // default duration and size; data from the moof on
        w.u32(TRACK_ID);
        w.u32(isAac ? format.samplesPerFrame : 1);
        w.u32(isAac ? 0 : format.channels);
      });
      w.fullBox("tfdt", 1, 0, () => w.u64(start));
      w.fullBox("trun", 0, isAac ? 0x201 : 0x001, () => {
        w.u32(isAac ? units.length : Math.floor(bytes / format.channels));
        w.u32(moofBytes + BOX_HEADER_BYTES);
        if (isAac) for (const unit of units) w.u32(unit.length);
      });
    });
  });
  w.box("mdat", () => { for (const unit of units) w.raw(unit); });
  return w.finish();
}

/** A place in a movie of several tracks. */
export interface SoundPlace {
  readonly sequence: number;
  readonly trackId: number;
  /** In the track's clock. */
  readonly start: number;
}
const TFHD_AT = PRFT_BYTES + 8 + 16 + 8;
const TFDT_AT = TFHD_AT + 8 + 4 + 4 + 4 + 4;
const TRUN_AT = TFDT_AT + 20;
const SIZES_AT = TRUN_AT + 20;
const TRUN_OF_AAC = 0x201;
const MOOF_BYTES = SIZES_AT - PRFT_BYTES;

/** How many units a whole stored fragment has, frames of AAC or sampling instants of G.711; undefined: it is not of our form. */
export function countSoundUnits(bytes: Uint8Array): number | undefined {
  if (bytes.length < SIZES_AT + BOX_HEADER_BYTES || readUint32(bytes, 0) !== PRFT_BYTES || readUint32(bytes, 4) !== 0x70726674 || readUint32(bytes, TFHD_AT + 8) !== 0x00020018 || readUint32(bytes, TFDT_AT + 4) !== 0x74666474) return undefined;
  const isAac = readUint32(bytes, TRUN_AT + 8) === TRUN_OF_AAC;
  const count = readUint32(bytes, TRUN_AT + 12);
  const dataAt = SIZES_AT + (isAac ? count * 4 : 0) + BOX_HEADER_BYTES;
  if ((!isAac && readUint32(bytes, TRUN_AT + 8) !== 1) || dataAt > bytes.length) return undefined;
  let dataBytes = isAac ? 0 : count * readUint32(bytes, TFHD_AT + 20);
  for (let i = 0; isAac && i < count; i++) dataBytes += readUint32(bytes, SIZES_AT + i * 4);
  return dataBytes <= bytes.length - dataAt ? count : undefined;
}

/** All that `movedSoundBytes` asks of a stored fragment that `countSoundUnits` understands, in memory of its own. */
export const copySoundHead = (bytes: Uint8Array): Uint8Array => bytes.slice(0, SIZES_AT + (readUint32(bytes, TRUN_AT + 8) === TRUN_OF_AAC ? readUint32(bytes, TRUN_AT + 12) * 4 : 0));

/** What `moveSoundFragment` makes of such a fragment without its first `skip` units; its head is enough. */
export function movedSoundBytes(bytes: Uint8Array, skip: number): number {
  const isAac = readUint32(bytes, TRUN_AT + 8) === TRUN_OF_AAC;
  const count = readUint32(bytes, TRUN_AT + 12);
  if (!isAac) return SIZES_AT + BOX_HEADER_BYTES + (count - skip) * readUint32(bytes, TFHD_AT + 20);
  let sum = SIZES_AT + BOX_HEADER_BYTES;
  for (let i = skip; i < count; i++) sum += 4 + readUint32(bytes, SIZES_AT + i * 4);
  return sum;
}

/**
 * A stored fragment that `countSoundUnits` understands, at its place in a movie and without its first `skip` units. G.711 becomes one sample: of a sample an instant, which the storing form is,
 * players make a table of 8,000 entries a second (ffmpeg writes PCM as samples of many instants too).
 */
export function moveSoundFragment(bytes: Uint8Array, { sequence, trackId, start }: SoundPlace, skip: number): Uint8Array {
  const out = new Uint8Array(movedSoundBytes(bytes, skip));
  const isAac = readUint32(bytes, TRUN_AT + 8) === TRUN_OF_AAC;
  const count = readUint32(bytes, TRUN_AT + 12);
  const kept = count - skip;
  const sizesBytes = isAac ? kept * 4 : 0;
  const dataAt = SIZES_AT + sizesBytes + BOX_HEADER_BYTES;
  out.set(bytes.subarray(0, SIZES_AT));
  writeUint32(out, 12, trackId);
  writeUint64(out, 24, start);
  writeUint32(out, PRFT_BYTES, MOOF_BYTES + sizesBytes);
  writeUint32(out, PRFT_BYTES + 8 + 12, sequence);
  writeUint32(out, TFHD_AT - 8, MOOF_BYTES - 8 - 16 + sizesBytes);
  writeUint32(out, TFHD_AT + 12, trackId);
  writeUint64(out, TFDT_AT + 12, start);
  writeUint32(out, TRUN_AT, 20 + sizesBytes);
  writeUint32(out, TRUN_AT + 16, dataAt - PRFT_BYTES);
  let from = SIZES_AT + (isAac ? count * 4 : 0) + BOX_HEADER_BYTES;
  if (isAac) {
    writeUint32(out, TRUN_AT + 12, kept);
    for (let i = 0; i < skip; i++) from += readUint32(bytes, SIZES_AT + i * 4);
    out.set(bytes.subarray(SIZES_AT + skip * 4, SIZES_AT + count * 4), SIZES_AT);
  } else {
    const channels = readUint32(bytes, TFHD_AT + 20);
    from += skip * channels;
    writeUint32(out, TRUN_AT + 12, 1);
    writeUint32(out, TFHD_AT + 16, kept);
    writeUint32(out, TFHD_AT + 20, kept * channels);
  }
  writeUint32(out, dataAt - BOX_HEADER_BYTES, out.length - dataAt + BOX_HEADER_BYTES);
  writeUint32(out, dataAt - 4, 0x6d646174); // mdat
  out.set(bytes.subarray(from, from + out.length - dataAt), dataAt);
  return out;
}

/**
 * A frame of AAC that is silent (ISO/IEC 14496-3 section 4.4.2.1): one single_channel_element or channel_pair_element of long windows in which no band is coded, then the end. Undefined for more channels, which
 * no camera has.
 */
export function findSilentFrame(channels: number): Uint8Array | undefined {
  if (channels === 1) return Uint8Array.of(0, 0, 0, 0x07); // element 0 (3), its tag (4), gain (8), window and bands (11), no pulse, TNS, gain control (3), end 7 (3)
  if (channels === 2) return Uint8Array.of(0x20, 0, 0, 0, 0, 0, 0x0e); // element 1 (3), its tag (4), no common window (1), twice the 22 bits, end 7 (3), up to the byte (1)
  return undefined;
}
/** Sampling value 0 (ITU-T G.711). */
const SILENT_OCTET = { pcmu: 0xff, pcma: 0xd5 } as const;

/** Undefined: of this format no silence can be made. */
export function findSilence(format: SoundFormat): { readonly bytesOf: (units: number) => number; readonly encode: (place: SoundPlace, units: number) => Uint8Array } | undefined {
  const channels = format.codec === "aac" ? decodeAacConfig(format.config) : undefined;
  const frame = format.codec !== "aac" ? new Uint8Array(format.channels).fill(SILENT_OCTET[format.codec]) : channels?.ok === true ? findSilentFrame(channels.value.channels) : undefined;
  if (frame === undefined) return undefined;
  const isAac = format.codec === "aac";
  const bytesOf = (units: number): number => SIZES_AT + BOX_HEADER_BYTES + units * (frame.length + (isAac ? 4 : 0));
  const encode = (place: SoundPlace, units: number): Uint8Array => {
    const data = new Uint8Array(units * frame.length);
    for (let i = 0; i < units; i++) data.set(frame, i * frame.length);
    const fragment = encodeSoundFragment(format, 0, 0, 0, isAac ? Array.from({ length: units }, () => frame) : [data]);
    return moveSoundFragment(fragment, place, 0);
  };
  return { bytesOf, encode };
}
