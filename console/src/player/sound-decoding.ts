// From units of sound to what a loudspeaker takes: G.711 by a table (ITU-T G.711, tables 1 and 2), AAC by the browser's own decoder. Both give planes of floats with the wall time of their first value.
import { decodeG711 } from "../../../src/base/g711.ts";
import type { LiveSoundFormat } from "../../../src/contract/media.ts";

export interface DecodedSound {
  readonly wallMs: number;
  readonly sampleHz: number;
  /** One array a channel, all of one length. */
  readonly planes: readonly Float32Array<ArrayBuffer>[];
}
export interface SoundDecoding {
  push(wallMs: number, unit: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

const LARGEST = 32_768;
/** A unit that is off by more begins anew: what ears forgive, and rounding. */
const STEP_MS = 40;

const TABLES = { pcma: tableOf("pcma"), pcmu: tableOf("pcmu") } as const;
function tableOf(codec: "pcma" | "pcmu"): Float32Array {
  return Float32Array.from({ length: 256 }, (_, octet) => decodeG711(codec, octet) / LARGEST);
}

/** Interleaved octets to planes. */
export function decodeG711Unit(codec: "pcma" | "pcmu", channels: number, unit: Uint8Array): Float32Array<ArrayBuffer>[] {
  const table = TABLES[codec];
  const length = Math.floor(unit.length / channels);
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Float32Array(length);
    for (let i = 0; i < length; i++) plane[i] = table[unit[i * channels + channel]!]!;
    return plane;
  });
}

/** "mp4a.40.2": the object type is in the first five bits of the AudioSpecificConfig (RFC 6381, ISO/IEC 14496-3). */
export const aacCodecOf = (config: Uint8Array): string => `mp4a.40.${(config[0] ?? 0) >> 3}`;

/** Null where this browser decodes no such sound. */
export async function createSoundDecoding(format: LiveSoundFormat, take: (sound: DecodedSound) => void): Promise<SoundDecoding | null> {
  const { codec, clockHz, channels, samplesPerFrame } = format;
  if (codec !== "aac") return { push: (wallMs, unit) => take({ wallMs, sampleHz: clockHz, planes: decodeG711Unit(codec, channels, unit) }), close: () => undefined };
  if (!("AudioDecoder" in globalThis) || format.config === null || samplesPerFrame === null) return null;
  const description = Uint8Array.from(atob(format.config), (letter) => letter.charCodeAt(0));
  const config = { codec: aacCodecOf(description), sampleRate: clockHz, numberOfChannels: channels, description };
  const support = await AudioDecoder.isConfigSupported(config).catch(() => null);
  if (support?.supported !== true) return null;
  // A decoder counts on from its first unit, whatever the times of later ones say, and one that met a bent unit is closed for good: what does not follow the unit before gets a new one.
  let decoder: AudioDecoder | null = null;
  let nextMs = 0;
  const create = (): AudioDecoder => {
    const made = new AudioDecoder({
      output: (data) => {
        const planes = Array.from({ length: data.numberOfChannels }, (_, planeIndex) => {
          const plane = new Float32Array(data.numberOfFrames);
          data.copyTo(plane, { planeIndex, format: "f32-planar" });
          return plane;
        });
        const { timestamp, sampleRate } = data;
        data.close();
        if (!over) take({ wallMs: timestamp / 1_000, sampleHz: sampleRate, planes });
      },
      error: (error) => console.warn(`sound could not be decoded: ${error.message}`),
    });
    made.configure(config);
    return made;
  };
  let over = false;
  /** What was given to it is heard all the same. */
  const leave = (): void => {
    const left = decoder;
    decoder = null;
    if (left?.state === "configured") left.flush().then(() => left.close(), () => undefined);
  };
  return {
    push: (wallMs, data) => {
      if (Math.abs(wallMs - nextMs) > STEP_MS) leave();
      if (decoder?.state !== "configured") decoder = create();
      nextMs = wallMs + (samplesPerFrame * 1_000) / clockHz;
      decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: Math.round(wallMs * 1_000), data }));
    },
    close: () => {
      over = true;
      if (decoder !== null && decoder.state !== "closed") decoder.close();
    },
  };
}
