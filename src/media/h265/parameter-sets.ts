// H.265 video and sequence parameter sets (ITU-T H.265 sections 7.3.1.1 and 7.3.2): profile, tier, level, size, reordering, and the frame rate from the VPS.
// The SPS keeps its timing behind the reference picture sets; cameras that tell a rate tell it in the VPS too, so these are not read.
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { BitReader } from "../bits.ts";

/** profile_tier_level( ), the general part (section 7.3.3). */
export interface ProfileTierLevel {
  readonly profileSpace: number;
  readonly tier: number;
  readonly profile: number;
  /** 32 bits, general_profile_compatibility_flag[0] highest. */
  readonly compatibility: number;
  /** Six bytes of constraint flags. */
  readonly constraints: Uint8Array;
  readonly level: number;
}
export interface H265Sps {
  readonly id: number;
  readonly profileTierLevel: ProfileTierLevel;
  readonly maxSubLayers: number;
  readonly temporalIdNested: boolean;
  readonly chromaFormat: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  readonly width: number;
  readonly height: number;
  readonly reorderFrames: number;
}

const MOST_PIXELS_SIDE = 16_384;

/** `nal` with its two header bytes and without start code. The error is a reason in words. */
export function parseH265Sps(nal: Uint8Array): Ok<H265Sps> | Err<string> {
  if (nal.length < 16 || ((nal[0]! >> 1) & 0x3f) !== 33) return err("no H.265 sequence parameter set");
  const reader = new BitReader(nal, 2, nal.length);
  reader.skip(4);
  const maxSubLayers = reader.bits(3) + 1;
  const temporalIdNested = reader.flag();
  const profileTierLevel = readProfileTierLevel(reader, maxSubLayers);
  const id = reader.ue();
  const chromaFormat = reader.ue();
  if (chromaFormat > 3) return err(`chroma_format_idc ${chromaFormat}, expected 0 to 3`);
  const separatePlanes = chromaFormat === 3 && reader.flag();
  let width = reader.ue();
  let height = reader.ue();
  if (reader.flag()) {
    const arrayType = separatePlanes ? 0 : chromaFormat;
    const unitX = arrayType === 1 || arrayType === 2 ? 2 : 1;
    const unitY = arrayType === 1 ? 2 : 1;
    width -= (reader.ue() + reader.ue()) * unitX;
    height -= (reader.ue() + reader.ue()) * unitY;
  }
  const bitDepthLuma = 8 + reader.ue();
  const bitDepthChroma = 8 + reader.ue();
  reader.ue(); // log2_max_pic_order_cnt_lsb_minus4
  const perLayer = reader.flag();
  let reorderFrames = 0;
  for (let i = perLayer ? 0 : maxSubLayers - 1; i < maxSubLayers; i++) {
    reader.ue();
    reorderFrames = reader.ue();
    reader.ue();
  }
  if (reader.overrun) return err("cut short");
  if (width <= 0 || height <= 0 || width > MOST_PIXELS_SIDE || height > MOST_PIXELS_SIDE) return err(`picture of ${width} x ${height}`);
  if (reorderFrames > 16) return err(`sps_max_num_reorder_pics ${reorderFrames}, expected 0 to 16`);
  return ok({ id, profileTierLevel, maxSubLayers, temporalIdNested, chromaFormat, bitDepthLuma, bitDepthChroma, width, height, reorderFrames });
}

/** Frames a second by the VPS; undefined where it does not say or cannot be read. */
export function findVpsFrameRate(nal: Uint8Array): number | undefined {
  if (nal.length < 18 || ((nal[0]! >> 1) & 0x3f) !== 32) return undefined;
  const reader = new BitReader(nal, 2, nal.length);
  reader.skip(12);
  const maxSubLayers = reader.bits(3) + 1;
  reader.skip(17);
  readProfileTierLevel(reader, maxSubLayers);
  const perLayer = reader.flag();
  for (let i = perLayer ? 0 : maxSubLayers - 1; i < maxSubLayers; i++) {
    reader.ue();
    reader.ue();
    reader.ue();
  }
  const maxLayerId = reader.bits(6);
  const layerSets = reader.ue() + 1;
  if (layerSets > 1024) return undefined;
  reader.skip((layerSets - 1) * (maxLayerId + 1));
  if (!reader.flag()) return undefined;
  const units = reader.bits(32);
  const scale = reader.bits(32);
  const rate = scale / units;
  return !reader.overrun && rate > 0.01 && rate <= 300 ? rate : undefined;
}

function readProfileTierLevel(reader: BitReader, maxSubLayers: number): ProfileTierLevel {
  const profileSpace = reader.bits(2);
  const tier = reader.bit();
  const profile = reader.bits(5);
  const compatibility = reader.bits(32);
  const constraints = new Uint8Array(6);
  for (let i = 0; i < 6; i++) constraints[i] = reader.bits(8);
  const level = reader.bits(8);
  const present: number[] = [];
  for (let i = 0; i < maxSubLayers - 1; i++) present.push(reader.bits(2));
  if (maxSubLayers > 1) reader.skip((9 - maxSubLayers) * 2);
  for (const flags of present) reader.skip(((flags & 2) !== 0 ? 88 : 0) + ((flags & 1) !== 0 ? 8 : 0));
  return { profileSpace, tier, profile, compatibility, constraints, level };
}
