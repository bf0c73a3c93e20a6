// What must be known to show a stream: codec, size, and the decoder configuration record that an MP4 carries (ISO/IEC 14496-15 sections 5.3.3 and 8.3.3).
// It is made from parameter sets, which come in the session description, in the stream, or both; `ParameterSets` follows them and says when
// they change, because a change needs a new initialisation segment.
import { type Err, type Ok, err, ok } from "../base/result.ts";
import { parseH264Sps } from "./h264/sps.ts";
import { findVpsFrameRate, parseH265Sps } from "./h265/parameter-sets.ts";
import { BitReader } from "./bits.ts";

export const VIDEO_CODECS = ["h264", "h265"] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];

export interface VideoFormat {
  readonly codec: VideoCodec;
  /** RFC 6381, e.g. avc1.64001f or hvc1.1.6.L93.B0. */
  readonly codecString: string;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number | undefined;
  /** How many pictures decode before they show; undefined where unknown (then: none, until one is seen). */
  readonly reorderFrames: number | undefined;
  /** Body of the avcC or hvcC box. */
  readonly configuration: Uint8Array;
}

const MOST_SETS = 32;
const MOST_SET_BYTES = 16_384;

/** The parameter sets of one stream, the last of each kind and id. */
export class ParameterSets {
  readonly #codec: VideoCodec;
  readonly #sets = new Map<string, Uint8Array>();

  constructor(codec: VideoCodec) {
    this.#codec = codec;
  }

  /** Takes a NAL unit in `bytes[start, end)` if it is a parameter set. True where it was new or differs from the one before. */
  note(bytes: Uint8Array, start: number, end: number): boolean {
    const key = this.#findKey(bytes, start, end);
    if (key === undefined) return false;
    const known = this.#sets.get(key);
    if (known !== undefined && equalBytes(known, bytes, start, end)) return false;
    if (known === undefined && this.#sets.size >= MOST_SETS) return false;
    this.#sets.set(key, bytes.slice(start, end));
    return true;
  }

  /** The format these sets describe; the error says what is missing or wrong. */
  describe(): Ok<VideoFormat> | Err<string> {
    return this.#codec === "h264" ? describeH264(this.#list("sps"), this.#list("pps")) : describeH265(this.#list("vps"), this.#list("sps"), this.#list("pps"));
  }

  #list(kind: string): Uint8Array[] {
    const keys = [...this.#sets.keys()].filter((key) => key.startsWith(kind)).sort();
    return keys.map((key) => this.#sets.get(key)!);
  }

  #findKey(bytes: Uint8Array, start: number, end: number): string | undefined {
    if (end - start < 3 || end - start > MOST_SET_BYTES) return undefined;
    if (this.#codec === "h264") {
      const type = bytes[start]! & 0x1f;
      if (type === 7) return end - start < 5 ? undefined : `sps${new BitReader(bytes, start + 4, end).ue()}`;
      if (type === 8) return `pps${new BitReader(bytes, start + 1, end).ue()}`;
      return undefined;
    }
    const type = (bytes[start]! >> 1) & 0x3f;
    if (type === 32) return `vps${bytes[start + 2]! >> 4}`;
    if (type === 33) {
      const sps = parseH265Sps(bytes.subarray(start, end));
      return sps.ok ? `sps${sps.value.id}` : undefined;
    }
    if (type === 34) return `pps${new BitReader(bytes, start + 2, end).ue()}`;
    return undefined;
  }
}

function describeH264(spsList: Uint8Array[], ppsList: Uint8Array[]): Ok<VideoFormat> | Err<string> {
  const first = spsList[0];
  if (first === undefined) return err("no sequence parameter set yet");
  if (ppsList.length === 0) return err("no picture parameter set yet");
  const parsed = parseH264Sps(first);
  if (!parsed.ok) return parsed;
  const sps = parsed.value;
  const parts: number[] = [1, sps.profile, sps.constraints, sps.level, 0xff, 0xe0 | spsList.length];
  for (const set of spsList) parts.push(set.length >> 8, set.length & 0xff, ...set);
  parts.push(ppsList.length);
  for (const set of ppsList) parts.push(set.length >> 8, set.length & 0xff, ...set);
  if ([100, 110, 122, 144].includes(sps.profile)) parts.push(0xfc | sps.chromaFormat, 0xf8 | (sps.bitDepthLuma - 8), 0xf8 | (sps.bitDepthChroma - 8), 0);
  return ok({
    codec: "h264", codecString: `avc1.${hex2(sps.profile)}${hex2(sps.constraints)}${hex2(sps.level)}`, width: sps.width, height: sps.height,
    frameRate: sps.frameRate, reorderFrames: sps.reorderFrames, configuration: Uint8Array.from(parts),
  });
}

/** The parameter sets of an avcC body as `describe` makes it, sequence sets first. */
export function listH264Sets(configuration: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  let at = 5;
  for (const mask of [31, 255]) {
    for (let left = configuration[at++]! & mask; left > 0; left--) {
      const size = (configuration[at]! << 8) | configuration[at + 1]!;
      out.push(configuration.subarray(at + 2, at + 2 + size));
      at += 2 + size;
    }
  }
  return out;
}

function describeH265(vpsList: Uint8Array[], spsList: Uint8Array[], ppsList: Uint8Array[]): Ok<VideoFormat> | Err<string> {
  const first = spsList[0];
  if (first === undefined) return err("no sequence parameter set yet");
  if (vpsList.length === 0) return err("no video parameter set yet");
  if (ppsList.length === 0) return err("no picture parameter set yet");
  const parsed = parseH265Sps(first);
  if (!parsed.ok) return parsed;
  const sps = parsed.value;
  const general = sps.profileTierLevel;
  const parts: number[] = [
    1, (general.profileSpace << 6) | (general.tier << 5) | general.profile,
    (general.compatibility >>> 24) & 0xff, (general.compatibility >>> 16) & 0xff, (general.compatibility >>> 8) & 0xff, general.compatibility & 0xff,
    ...general.constraints, general.level, 0xf0, 0, 0xfc, 0xfc | sps.chromaFormat, 0xf8 | (sps.bitDepthLuma - 8), 0xf8 | (sps.bitDepthChroma - 8), 0, 0,
    (sps.maxSubLayers << 3) | (sps.temporalIdNested ? 4 : 0) | 3, 3,
  ];
  for (const [type, sets] of [[32, vpsList], [33, spsList], [34, ppsList]] as const) {
    parts.push(0x80 | type, sets.length >> 8, sets.length & 0xff);
    for (const set of sets) parts.push(set.length >> 8, set.length & 0xff, ...set);
  }
  return ok({
    codec: "h265", codecString: formatH265Codec(general), width: sps.width, height: sps.height,
    frameRate: findVpsFrameRate(vpsList[0]!), reorderFrames: sps.reorderFrames, configuration: Uint8Array.from(parts),
  });
}

/** RFC 6381's string from the body of an avcC or hvcC box; the error says what is missing. */
export function describeConfiguration(codec: VideoCodec, configuration: Uint8Array): Ok<string> | Err<string> {
  if (configuration[0] !== 1) return err(`a decoder configuration of version ${configuration[0]}, expected 1`);
  if (codec === "h264") return configuration.length < 7 ? err("an avcC that is cut off") : ok(`avc1.${hex2(configuration[1]!)}${hex2(configuration[2]!)}${hex2(configuration[3]!)}`);
  if (configuration.length < 23) return err("an hvcC that is cut off");
  const compatibility = ((configuration[2]! << 24) | (configuration[3]! << 16) | (configuration[4]! << 8) | configuration[5]!) >>> 0;
  const general = configuration[1]!;
  return ok(formatH265Codec({ profileSpace: general >> 6, tier: (general >> 5) & 1, profile: general & 31, compatibility, constraints: configuration.subarray(6, 12), level: configuration[12]! }));
}

// ISO/IEC 14496-15 annex E.3: the compatibility flags in reverse bit order, then constraint bytes without trailing zeros.
function formatH265Codec(general: { profileSpace: number; profile: number; compatibility: number; tier: number; level: number; constraints: Uint8Array }): string {
  let reversed = 0;
  for (let i = 0; i < 32; i++) if (((general.compatibility >>> i) & 1) === 1) reversed += 2 ** (31 - i);
  let text = `hvc1.${["", "A", "B", "C"][general.profileSpace]}${general.profile}.${reversed.toString(16).toUpperCase()}.${general.tier === 1 ? "H" : "L"}${general.level}`;
  let last = 5;
  while (last >= 0 && general.constraints[last] === 0) last--;
  for (let i = 0; i <= last; i++) text += `.${general.constraints[i]!.toString(16).toUpperCase()}`;
  return text;
}

function hex2(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function equalBytes(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
