// AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1), the bytes that say what an AAC stream is: sampling rate, channels, samples in a frame. Read no further than
// that; what follows (SBR and PS of older makes, `119056E500`) is kept in the bytes and is a decoder's business. The bit reader of the video codecs is not
// used: it passes over emulation prevention bytes, which there are none of here.
import { type Err, type Ok, err, ok } from "../../base/result.ts";

export interface AacConfig {
  /** 2: AAC-LC, 5: SBR, 29: PS. */
  readonly objectType: number;
  readonly samplingHz: number;
  /** 0: told by a program config element in the stream. */
  readonly channels: number;
  /** Of the core codec: 1024 or 960. */
  readonly samplesPerFrame: number;
}

const SAMPLING_HZ = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350] as const;
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8] as const;
const EXPLICIT_RATE = 15;
const ESCAPE_TYPE = 31;
/** Object types whose config goes on with a GASpecificConfig, which begins with the frame length flag. */
const GENERAL_AUDIO: ReadonlySet<number> = new Set([1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23]);
const MOST_BYTES = 64;

export function decodeAacConfig(bytes: Uint8Array): Ok<AacConfig> | Err<string> {
  if (bytes.length < 2 || bytes.length > MOST_BYTES) return err(`an AudioSpecificConfig of ${bytes.length} bytes, expected 2 to ${MOST_BYTES}`);
  let bit = 0;
  const take = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, bit++) value = value * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    return value;
  };
  const takeType = (): number => {
    const type = take(5);
    return type === ESCAPE_TYPE ? 32 + take(6) : type;
  };
  const takeRate = (): number => {
    const index = take(4);
    return index === EXPLICIT_RATE ? take(24) : (SAMPLING_HZ[index] ?? 0);
  };
  const objectType = takeType();
  const samplingHz = takeRate();
  const channelConfiguration = take(4);
  let coreType = objectType;
  if (objectType === 5 || objectType === 29) {
    takeRate(); // of the extension: RTP counts in the core's rate unless rtpmap says otherwise
    coreType = takeType();
  }
  if (samplingHz === 0) return err("a sampling rate that is reserved");
  const channels = CHANNELS[channelConfiguration];
  if (channels === undefined) return err(`channel configuration ${channelConfiguration}, expected 0 to 7`);
  if (!GENERAL_AUDIO.has(coreType)) return err(`audio object type ${coreType}, expected one of AAC`);
  const shortFrames = take(1) === 1;
  if (bit > bytes.length * 8) return err("an AudioSpecificConfig that ends too early");
  return ok({ objectType, samplingHz, channels, samplesPerFrame: shortFrames ? 960 : 1024 });
}

/** `1490` to bytes; undefined where the text is not pairs of hexadecimal digits. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16));
}
