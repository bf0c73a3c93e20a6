// The sound of a simulated camera in units, as RTP carries them. G.711 is encoded here from the street's samples; AAC was encoded once (scripts/scenes/sound.ts) and lies beside the clips,
// since an encoder of AAC for one loop of sixteen seconds is no part of this project. A unit is a function of the wall time alone: two listeners of any camera hear the same.
import { readFileSync } from "node:fs";
import path from "node:path";
import { type G711Law, encodeG711 } from "../../base/g711.ts";
import { STREET_SECONDS, synthesiseStreet } from "./street-sound.ts";

export const SOUND_KINDS = ["pcma", "pcmu", "aac"] as const;
export type SoundKind = (typeof SOUND_KINDS)[number];

export interface CameraSound {
  readonly payloadType: number;
  /** As the description names it, `PCMA/8000`. */
  readonly encoding: string;
  readonly formatParameters: string | undefined;
  readonly clockHz: number;
  readonly unitMs: number;
  /** RTP payload of the unit that begins at wall time `unit` x `unitMs`. */
  payloadOf(unit: number): Uint8Array;
}

export const AAC_FILE = "street.aac";
export const AAC_HZ = 16_000;
const AAC_FRAME_SAMPLES = 1_024;
const AAC_FRAME_MS = (AAC_FRAME_SAMPLES * 1_000) / AAC_HZ;
/** AudioSpecificConfig: AAC-LC, 16 kHz, one channel. */
const AAC_CONFIG = "1408";
export const AAC_LOOP_FRAMES = (STREET_SECONDS * 1_000) / AAC_FRAME_MS;
const G711_HZ = 8_000;
const G711_UNIT_MS = 40;
/** Of the static types (RFC 3551, table 4). */
const G711_TYPES: Readonly<Record<G711Law, number>> = { pcmu: 0, pcma: 8 };
const AAC_TYPE = 97;

/** Each kind is made when a camera first sends it. Throws where the file of AAC frames is missing or not whole. */
export function createSoundShelf(assetsDir: string): { get(kind: SoundKind): CameraSound } {
  const made = new Map<SoundKind, CameraSound>();
  return {
    get: (kind) => {
      const sound = made.get(kind) ?? (kind === "aac" ? aacSound(readFileSync(path.join(assetsDir, AAC_FILE))) : g711Sound(kind));
      made.set(kind, sound);
      return sound;
    },
  };
}

function g711Sound(law: G711Law): CameraSound {
  const octets = Uint8Array.from(synthesiseStreet(G711_HZ), (sample) => encodeG711(law, sample));
  const unitBytes = (G711_HZ * G711_UNIT_MS) / 1_000;
  return {
    payloadType: G711_TYPES[law], encoding: `${law.toUpperCase()}/${G711_HZ}`, formatParameters: undefined, clockHz: G711_HZ, unitMs: G711_UNIT_MS,
    payloadOf: (unit) => {
      const at = (unit * unitBytes) % octets.length;
      return octets.subarray(at, at + unitBytes);
    },
  };
}

/** One frame in a packet, mode AAC-hbr (RFC 3640 section 3.3.6): the headers' length in bits, one header, the frame. */
function aacSound(file: Uint8Array): CameraSound {
  const payloads = splitAdts(file).map((frame) => {
    const payload = new Uint8Array(4 + frame.length);
    payload.set([0, 16, frame.length >> 5, (frame.length << 3) & 0xff]);
    payload.set(frame, 4);
    return payload;
  });
  if (payloads.length !== AAC_LOOP_FRAMES) throw new Error(`${AAC_FILE}: ${payloads.length} frames, expected ${AAC_LOOP_FRAMES}; node scripts/scenes/sound.ts makes them`);
  return {
    payloadType: AAC_TYPE, encoding: `MPEG4-GENERIC/${AAC_HZ}/1`, formatParameters: `streamtype=5;profile-level-id=1;mode=AAC-hbr;config=${AAC_CONFIG};sizelength=13;indexlength=3;indexdeltalength=3`, clockHz: AAC_HZ, unitMs: AAC_FRAME_MS,
    payloadOf: (unit) => payloads[unit % payloads.length]!,
  };
}

const ADTS_HEADER_BYTES = 7;

/** Frames of AAC without their ADTS headers (ISO/IEC 14496-3 section 1.A.2.2.1, without CRC). Throws where the bytes are no whole frames. */
export function splitAdts(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = at + ADTS_HEADER_BYTES > bytes.length ? 0 : ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
    if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xf7) !== 0xf1 || size <= ADTS_HEADER_BYTES || at + size > bytes.length) throw new Error(`no frame of ADTS at byte ${at}`);
    frames.push(bytes.subarray(at + ADTS_HEADER_BYTES, at + size));
    at += size;
  }
  return frames;
}
