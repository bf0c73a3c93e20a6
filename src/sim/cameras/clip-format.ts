// Makes room for our own top row in an encoded clip. The clip is plain H.264 of 26 rows of macroblocks, one slice a picture, written by x264 as
// scripts/scenes asks: CAVLC, no B pictures, one reference, order count type 2. In CAVLC nothing in a slice depends on its place except its header,
// and a slice sees nothing above itself, neither at the edge of a picture nor at the edge of a slice. So the picture becomes one row taller by
// writing a new parameter set (27 rows) and new slice headers (first macroblock 48 instead of 0; deblocking within the slice only), with the slice
// data moved by some bits. The alternative, encoding with one slice per row, costs prediction between rows, or deblocking between them shows.
// What it needs and cannot check bit by bit: no motion vector reaches above the clip's first row. The scenes keep their top rows still, and a test
// with a decoder compares all pixels. ITU-T H.264 sections 7.3.2.1.1, 7.3.2.2, 7.3.3.
import { BitReader } from "../../media/bits.ts";
import { BitWriter, escapeNal, unescapeNal } from "./bit-writer.ts";
import { ROW_MACROBLOCKS, SUB_ROW_MACROBLOCKS } from "./clock-strip.ts";

export interface ClipFormat {
  /** With the added row. */
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
  readonly frameNumBits: number;
  readonly widthMbs: number;
  readonly heightMbs: number;
}

/** What is in the header of a slice, and where its data begins. */
export interface SliceHeader {
  readonly nalHeader: number;
  readonly idr: boolean;
  readonly sliceType: number; // 5 P, 7 I: all slices of the picture are of that type
  readonly frameNum: number;
  readonly idrPicId: number;
  readonly qpDelta: number;
  readonly deblocking: { readonly idc: number; readonly alpha: number; readonly beta: number };
  readonly dataBit: number; // offset of the first bit of slice_data in the payload
}

const PICTURES_PER_SECOND_X2 = 25;
const SLICE_P = 5;
const SLICE_I = 7;

/** Throws Error naming the field where the clip is not as `scripts/scenes` encodes it. */
export function readClipFormat(spsNal: Uint8Array, ppsNal: Uint8Array): ClipFormat {
  const r = new BitReader(spsNal, 1, spsNal.length);
  const profile = r.bits(8);
  expect("profile_idc", profile, 100);
  const constraints = r.bits(8);
  const level = r.bits(8);
  expect("seq_parameter_set_id", r.ue(), 0);
  expect("chroma_format_idc", r.ue(), 1);
  expect("bit_depth_luma_minus8", r.ue(), 0);
  expect("bit_depth_chroma_minus8", r.ue(), 0);
  expect("qpprime_y_zero_transform_bypass_flag", r.bit(), 0);
  expect("seq_scaling_matrix_present_flag", r.bit(), 0);
  const frameNumBits = r.ue() + 4;
  expect("pic_order_cnt_type", r.ue(), 2);
  const references = r.ue();
  expect("max_num_ref_frames", references, 1);
  r.bit(); // gaps_in_frame_num_value_allowed_flag
  const widthMbs = r.ue() + 1;
  const heightMbs = r.ue() + 1;
  expect("width in macroblocks", widthMbs, widthMbs === SUB_ROW_MACROBLOCKS ? SUB_ROW_MACROBLOCKS : ROW_MACROBLOCKS);
  expect("frame_mbs_only_flag", r.bit(), 1);
  const direct8x8 = r.bit();
  expect("frame_cropping_flag", r.bit(), 0);
  if (r.overrun) throw new Error("clip: sequence parameter set cut short");

  const w = new BitWriter();
  w.bits(profile, 8);
  w.bits(constraints, 8);
  w.bits(level, 8);
  w.ue(0);
  w.ue(1);
  w.ue(0);
  w.ue(0);
  w.bits(0, 2);
  w.ue(frameNumBits - 4);
  w.ue(2);
  w.ue(references);
  w.bit(0);
  w.ue(widthMbs - 1);
  w.ue(heightMbs);
  w.bit(1);
  w.bit(direct8x8);
  w.bit(0);
  writeVui(w);
  checkPps(ppsNal);
  return { sps: escapeNal(spsNal[0]!, w.finish()), pps: new Uint8Array(ppsNal), frameNumBits, widthMbs, heightMbs: heightMbs + 1 };
}

// Annex E: limited range BT.709, 12.5 pictures a second, and that nothing is reordered: a decoder may show each picture at once.
function writeVui(w: BitWriter): void {
  w.bit(1); // vui_parameters_present_flag
  w.bits(0, 2); // aspect ratio, overscan
  w.bit(1); // video_signal_type_present_flag
  w.bits(5, 3);
  w.bit(0);
  w.bit(1);
  w.bits(1, 8);
  w.bits(1, 8);
  w.bits(1, 8);
  w.bit(0); // chroma_loc_info_present_flag
  w.bit(1); // timing_info_present_flag
  w.bits(1, 32);
  w.bits(PICTURES_PER_SECOND_X2, 32);
  w.bit(1);
  w.bits(0, 3); // no HRD, no pic_struct
  w.bit(1); // bitstream_restriction_flag
  w.bit(1);
  w.ue(0);
  w.ue(0);
  w.ue(11);
  w.ue(11);
  w.ue(0); // max_num_reorder_frames
  w.ue(1); // max_dec_frame_buffering
}

function checkPps(nal: Uint8Array): void {
  const r = new BitReader(nal, 1, nal.length);
  expect("pic_parameter_set_id", r.ue(), 0);
  expect("seq_parameter_set_id", r.ue(), 0);
  expect("entropy_coding_mode_flag", r.bit(), 0);
  expect("bottom_field_pic_order_in_frame_present_flag", r.bit(), 0);
  expect("num_slice_groups_minus1", r.ue(), 0);
  expect("num_ref_idx_l0_default_active_minus1", r.ue(), 0);
  r.ue();
  expect("weighted_pred_flag", r.bit(), 0);
  expect("weighted_bipred_idc", r.bits(2), 0);
  expect("pic_init_qp_minus26", r.se(), 0);
  r.se();
  r.se();
  expect("deblocking_filter_control_present_flag", r.bit(), 1);
  r.bit();
  expect("redundant_pic_cnt_present_flag", r.bit(), 0);
  if (r.overrun) throw new Error("clip: picture parameter set cut short");
}

/** `payload` is the unescaped slice without its header byte. */
export function readSliceHeader(nalHeader: number, payload: Uint8Array, frameNumBits: number): SliceHeader {
  const unit = new Uint8Array(Math.min(payload.length, 32));
  unit.set(payload.subarray(0, unit.length));
  const r = new CountingReader(unit);
  expect("first_mb_in_slice", r.ue(), 0);
  return readAfterFirstMacroblock(r, nalHeader, frameNumBits);
}

function readAfterFirstMacroblock(r: CountingReader, nalHeader: number, frameNumBits: number): SliceHeader {
  const idr = (nalHeader & 0x1f) === 5;
  const sliceType = r.ue();
  expect("slice_type", sliceType, idr ? SLICE_I : SLICE_P);
  expect("pic_parameter_set_id", r.ue(), 0);
  const frameNum = r.bits(frameNumBits);
  const idrPicId = idr ? r.ue() : 0;
  if (!idr) {
    expect("num_ref_idx_active_override_flag", r.bit(), 0);
    expect("ref_pic_list_modification_flag_l0", r.bit(), 0);
  }
  if ((nalHeader & 0x60) === 0) throw new Error("clip: nal_ref_idc 0, expected every picture to be a reference");
  if (idr) r.bits(2);
  else expect("adaptive_ref_pic_marking_mode_flag", r.bit(), 0);
  const qpDelta = r.se();
  const idc = r.ue();
  const alpha = idc === 1 ? 0 : r.se();
  const beta = idc === 1 ? 0 : r.se();
  return { nalHeader, idr, sliceType, frameNum, idrPicId, qpDelta, deblocking: { idc, alpha, beta }, dataBit: r.at };
}

/** The same slice one row lower in a picture that is one row taller. */
export function moveSliceDown(nal: Uint8Array, { frameNumBits, widthMbs }: Pick<ClipFormat, "frameNumBits" | "widthMbs">): { readonly header: SliceHeader; readonly nal: Uint8Array } {
  const payload = unescapeNal(nal);
  const header = readSliceHeader(nal[0]!, payload, frameNumBits);
  const w = new BitWriter();
  writeSliceHeader(w, header, frameNumBits, widthMbs, header.deblocking.idc === 1 ? header.deblocking : { ...header.deblocking, idc: 2 });
  let last = payload.length * 8 - 1;
  while (((payload[last >> 3]! >> (7 - (last & 7))) & 1) === 0) last--; // the stop bit
  w.copyBits(payload, header.dataBit, last);
  return { header, nal: escapeNal(nal[0]!, w.finish()) };
}

export function writeSliceHeader(w: BitWriter, header: SliceHeader, frameNumBits: number, firstMacroblock: number, deblocking: SliceHeader["deblocking"]): void {
  w.ue(firstMacroblock);
  w.ue(header.sliceType);
  w.ue(0);
  w.bits(header.frameNum, frameNumBits);
  if (header.idr) w.ue(header.idrPicId);
  else w.bits(0, 2); // no override of the reference count, no change of the list
  w.bits(0, header.idr ? 2 : 1); // reference marking: sliding window
  w.se(header.qpDelta);
  w.ue(deblocking.idc);
  if (deblocking.idc !== 1) {
    w.se(deblocking.alpha);
    w.se(deblocking.beta);
  }
}

/** Counts bits; the payload given to it is unescaped already. */
export class CountingReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.at >> 3];
    if (byte === undefined) throw new Error("clip: slice cut short");
    const value = (byte >> (7 - (this.at & 7))) & 1;
    this.at++;
    return value;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.bit();
    return value;
  }

  ue(): number {
    let zeros = 0;
    while (this.bit() === 0) if (++zeros > 31) throw new Error("clip: bad Exp-Golomb code");
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  se(): number {
    const code = this.ue();
    return code % 2 === 0 ? 0 - code / 2 : (code + 1) / 2;
  }
}

function expect(field: string, value: number, expected: number): void {
  if (value !== expected) throw new Error(`clip: ${field} is ${value}, expected ${expected}`);
}
