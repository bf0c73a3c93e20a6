// Reading files of sound back: their format and where each unit lies, with its wall time. It reads our own form (sound.ts) and says where bytes depart from it; what stands behind the last
// whole fragment is passed over.
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { decodeAacConfig } from "../aac/audio-config.ts";
import { readUint32 } from "../bytes.ts";
import { BOX_HEADER_BYTES, findBoxHeader } from "./reading.ts";
import { type SoundFormat, countSoundUnits } from "./sound.ts";
import { type TrackFragment, walkTrackFile } from "./track-walk.ts";

export interface SoundUnit {
  readonly wallMs: number;
  /** In the track's clock. */
  readonly start: number;
  readonly duration: number;
  readonly offset: number;
  readonly bytes: number;
}
export interface SoundFileFacts {
  readonly format: SoundFormat;
  readonly initBytes: number;
  readonly fragments: readonly TrackFragment[];
  readonly units: readonly SoundUnit[];
}

const ENTRY_HEAD_BYTES = 36;
const CODECS: Readonly<Record<string, SoundFormat["codec"]>> = { mp4a: "aac", ulaw: "pcmu", alaw: "pcma" };

export function parseSoundFile(bytes: Uint8Array): Ok<SoundFileFacts> | Err<string> {
  const { initBytes, fragments } = walkTrackFile(bytes);
  const format = parseFormat(bytes.subarray(0, initBytes));
  if (!format.ok) return format;
  const units: SoundUnit[] = [];
  for (const fragment of fragments) {
    const fault = readFragment(bytes, fragment, format.value, units);
    if (fault !== undefined) return err(`${fault} at byte ${fragment.start}`);
  }
  return ok({ format: format.value, initBytes, fragments, units });
}

/** A fragment as a whole. */
export interface SoundFragment extends TrackFragment {
  /** Frames of AAC, or sampling instants of G.711. */
  readonly units: number;
}

export interface SoundFragments {
  readonly format: SoundFormat;
  readonly fragments: readonly SoundFragment[];
  /** Those of another form; `nextMs`: when the one behind it begins. */
  readonly broken: readonly { readonly wallMs: number; readonly nextMs: number | undefined }[];
  /** Up to the last that has whole boxes: bytes behind it are none of ours. */
  readonly wholeBytes: number;
}

/** The same without a look at each unit. */
export function parseSoundFragments(bytes: Uint8Array): Ok<SoundFragments> | Err<string> {
  const { initBytes, wholeBytes, fragments: walked } = walkTrackFile(bytes);
  const format = parseFormat(bytes.subarray(0, initBytes));
  if (!format.ok) return format;
  const fragments: SoundFragment[] = [];
  const broken: { wallMs: number; nextMs: number | undefined }[] = [];
  for (const [i, fragment] of walked.entries()) {
    const units = countSoundUnits(bytes.subarray(fragment.start, fragment.end)) ?? 0;
    if (units > 0) fragments.push({ ...fragment, units });
    else broken.push({ wallMs: fragment.wallMs, nextMs: walked[i + 1]?.wallMs });
  }
  return ok({ format: format.value, fragments, broken, wholeBytes });
}

function parseFormat(init: Uint8Array): Ok<SoundFormat> | Err<string> {
  const mdhd = findPath(init, ["moov", "trak", "mdia", "mdhd"]);
  const stsd = findPath(init, ["moov", "trak", "mdia", "minf", "stbl", "stsd"]);
  if (mdhd === undefined || stsd === undefined || mdhd.end - mdhd.body < 24) return err("no whole moov");
  const clockHz = readUint32(init, mdhd.body + 12);
  const at = stsd.body + 8;
  const entry = findBoxHeader(init, at);
  const codec = entry === undefined ? undefined : CODECS[entry.type];
  if (entry === undefined || codec === undefined || at + entry.size > stsd.end || entry.size < ENTRY_HEAD_BYTES || clockHz === 0) return err("no sample entry of sound");
  const channels = (init[at + 24]! << 8) | init[at + 25]!;
  if (channels === 0) return err("sound without a channel");
  if (codec !== "aac") return ok({ codec, clockHz, channels });
  const esds = findBoxHeader(init, at + ENTRY_HEAD_BYTES);
  // Tags 3 (21 bytes up to here), 4 and 5: the config's length stands in the one byte before it, as sound.ts writes it.
  const configAt = at + ENTRY_HEAD_BYTES + BOX_HEADER_BYTES + 4 + 5 + 2 + 13 + 2;
  const configBytes = init[configAt - 1] ?? 0;
  if (esds?.type !== "esds" || init[configAt - 2] !== 5 || configAt + configBytes > at + entry.size) return err("no decoder configuration");
  const config = new Uint8Array(init.subarray(configAt, configAt + configBytes));
  const decoded = decodeAacConfig(config);
  if (!decoded.ok) return decoded;
  return ok({ codec, clockHz, channels, config, samplesPerFrame: Math.round((decoded.value.samplesPerFrame * clockHz) / decoded.value.samplingHz) });
}

function readFragment(bytes: Uint8Array, { start: from, end, wallMs }: TrackFragment, format: SoundFormat, units: SoundUnit[]): string | undefined {
  const prft = findBoxHeader(bytes, from);
  const moofAt = from + (prft?.size ?? 0);
  const moof = findBoxHeader(bytes, moofAt);
  if (prft === undefined || moof?.type !== "moof" || moofAt + moof.size + BOX_HEADER_BYTES > end) return "no moof";
  const box = bytes.subarray(moofAt, moofAt + moof.size);
  const tfdt = findPath(box, ["moof", "traf", "tfdt"]);
  const trun = findPath(box, ["moof", "traf", "trun"]);
  if (tfdt === undefined || trun === undefined || tfdt.end - tfdt.body !== 12 || trun.end - trun.body < 12) return "a moof that is not of our form";
  const start = readUint32(box, tfdt.body + 4) * 4294967296 + readUint32(box, tfdt.body + 8);
  const count = readUint32(box, trun.body + 4);
  const dataAt = moofAt + moof.size + BOX_HEADER_BYTES;
  const dataBytes = end - dataAt;
  if (format.codec !== "aac") {
    const odd = dataBytes - count * format.channels; // a packet that ended within a sampling instant was once written as it came
    if (odd < 0 || odd >= format.channels) return "a trun that does not fit its data";
    if (count > 0) units.push({ wallMs, start, duration: count, offset: dataAt, bytes: dataBytes - odd });
    return undefined;
  }
  if (trun.end - trun.body !== 12 + count * 4) return "a trun that is not of our form";
  let offset = dataAt;
  for (let i = 0; i < count; i++) {
    const size = readUint32(box, trun.body + 12 + i * 4);
    if (offset + size > end) return "a frame beyond its fragment";
    units.push({ wallMs: wallMs + (i * format.samplesPerFrame * 1_000) / format.clockHz, start: start + i * format.samplesPerFrame, duration: format.samplesPerFrame, offset, bytes: size });
    offset += size;
  }
  return offset === end ? undefined : "frames that do not fill their fragment";
}

/** The body of the first box at `path`. */
function findPath(bytes: Uint8Array, path: readonly string[]): { readonly body: number; readonly end: number } | undefined {
  let at = 0;
  let end = bytes.length;
  let body = 0;
  for (const type of path) {
    let found = false;
    while (at < end && !found) {
      const box = findBoxHeader(bytes, at);
      if (box === undefined || at + box.size > end) return undefined;
      if (box.type === type) {
        found = true;
        body = at + BOX_HEADER_BYTES;
        end = at + box.size;
        at = body;
      } else at += box.size;
    }
    if (!found) return undefined;
  }
  return { body, end };
}
