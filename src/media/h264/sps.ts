// H.264 sequence parameter set (ITU-T H.264 section 7.3.2.1.1 and annex E): the picture size, the codec string, the frame rate where it is told, and
// how many frames are reordered. Everything that lies before these fields has to be read to get to them.
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { BitReader } from "../bits.ts";

export interface H264Sps {
  readonly id: number;
  readonly profile: number;
  readonly constraints: number;
  readonly level: number;
  readonly chromaFormat: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  /** After cropping. */
  readonly width: number;
  readonly height: number;
  /** From VUI timing; undefined where absent or absurd. Cameras lie about it; real durations come from timestamps. */
  readonly frameRate: number | undefined;
  /** max_num_reorder_frames; undefined where the stream does not say. */
  readonly reorderFrames: number | undefined;
}

const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const MOST_PIXELS_SIDE = 16_384;

/** `nal` with its header byte and without start code. The error is a reason in words. */
export function parseH264Sps(nal: Uint8Array): Ok<H264Sps> | Err<string> {
  if (nal.length < 4 || (nal[0]! & 0x1f) !== 7) return err("no H.264 sequence parameter set");
  const reader = new BitReader(nal, 1, nal.length);
  const profile = reader.bits(8);
  const constraints = reader.bits(8);
  const level = reader.bits(8);
  const id = reader.ue();
  let chromaFormat = 1;
  let bitDepthLuma = 8;
  let bitDepthChroma = 8;
  let separatePlanes = false;
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = reader.ue();
    if (chromaFormat > 3) return err(`chroma_format_idc ${chromaFormat}, expected 0 to 3`);
    if (chromaFormat === 3) separatePlanes = reader.flag();
    bitDepthLuma = 8 + reader.ue();
    bitDepthChroma = 8 + reader.ue();
    reader.skip(1);
    if (reader.flag()) skipScalingLists(reader, chromaFormat === 3 ? 12 : 8);
  }
  reader.ue(); // log2_max_frame_num_minus4
  const orderType = reader.ue();
  if (orderType === 0) {
    reader.ue();
  } else if (orderType === 1) {
    reader.skip(1);
    reader.se();
    reader.se();
    const cycle = reader.ue();
    if (cycle > 255) return err(`num_ref_frames_in_pic_order_cnt_cycle ${cycle}, expected 0 to 255`);
    for (let i = 0; i < cycle; i++) reader.se();
  }
  reader.ue(); // max_num_ref_frames
  reader.skip(1);
  const widthMbs = reader.ue() + 1;
  const heightUnits = reader.ue() + 1;
  const frameOnly = reader.flag();
  if (!frameOnly) reader.skip(1);
  reader.skip(1); // direct_8x8_inference_flag
  let width = widthMbs * 16;
  let height = heightUnits * 16 * (frameOnly ? 1 : 2);
  if (reader.flag()) {
    const arrayType = separatePlanes ? 0 : chromaFormat;
    const unitX = arrayType === 1 || arrayType === 2 ? 2 : 1;
    const unitY = (arrayType === 1 ? 2 : 1) * (frameOnly ? 1 : 2);
    width -= (reader.ue() + reader.ue()) * unitX;
    height -= (reader.ue() + reader.ue()) * unitY;
  }
  const hasVui = reader.flag();
  if (reader.overrun) return err("cut short");
  const vui = hasVui ? readVui(reader) : { frameRate: undefined, reorderFrames: undefined }; // one cut short within still gives the size
  if (width <= 0 || height <= 0 || width > MOST_PIXELS_SIDE || height > MOST_PIXELS_SIDE) return err(`picture of ${width} x ${height}`);
  return ok({ id, profile, constraints, level, chromaFormat, bitDepthLuma, bitDepthChroma, width, height, ...vui });
}

function skipScalingLists(reader: BitReader, count: number): void {
  for (let list = 0; list < count; list++) {
    if (!reader.flag()) continue;
    let last = 8;
    let next = 8;
    for (let i = 0; i < (list < 6 ? 16 : 64) && !reader.overrun; i++) {
      if (next !== 0) next = (last + reader.se() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

function readVui(reader: BitReader): { frameRate: number | undefined; reorderFrames: number | undefined } {
  if (reader.flag() && reader.bits(8) === 255) reader.skip(32); // aspect ratio
  if (reader.flag()) reader.skip(1); // overscan
  if (reader.flag()) {
    reader.skip(4); // video signal type
    if (reader.flag()) reader.skip(24);
  }
  if (reader.flag()) {
    reader.ue(); // chroma location
    reader.ue();
  }
  let frameRate: number | undefined;
  if (reader.flag()) {
    const units = reader.bits(32);
    const scale = reader.bits(32);
    reader.skip(1);
    const rate = scale / (2 * units); // two fields a frame (section E.2.1)
    if (!reader.overrun && rate > 0.01 && rate <= 300) frameRate = rate;
  }
  const nalHrd = reader.flag();
  if (nalHrd) skipHrd(reader);
  const vclHrd = reader.flag();
  if (vclHrd) skipHrd(reader);
  if (nalHrd || vclHrd) reader.skip(1);
  reader.skip(1); // pic_struct_present_flag
  let reorderFrames: number | undefined;
  if (reader.flag()) {
    reader.skip(1);
    for (let i = 0; i < 4; i++) reader.ue();
    const value = reader.ue();
    if (!reader.overrun && value <= 16) reorderFrames = value;
  }
  return { frameRate, reorderFrames };
}

function skipHrd(reader: BitReader): void {
  const count = reader.ue() + 1;
  reader.skip(8);
  for (let i = 0; i < count && i < 32; i++) {
    reader.ue();
    reader.ue();
    reader.skip(1);
  }
  reader.skip(20);
}
