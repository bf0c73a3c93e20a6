// The slice of the top row, read back bit by bit with a reader of our own: the macroblocks it carries and those it skips.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unescapeNal } from "./bit-writer.ts";
import { CountingReader, readSliceHeader, type SliceHeader } from "./clip-format.ts";
import { ROW_MACROBLOCKS } from "./clock-strip.ts";
import { PCM_BYTES, rowKeys, tileSamples } from "./text-row.ts";
import { encodeTextSlice } from "./text-slice.ts";

const FRAME_NUM_BITS = 4;
const key: SliceHeader = { nalHeader: 0x65, idr: true, sliceType: 7, frameNum: 0, idrPicId: 1, qpDelta: 3, deblocking: { idc: 0, alpha: 2, beta: 2 }, dataBit: 0 };
const delta: SliceHeader = { nalHeader: 0x41, idr: false, sliceType: 5, frameNum: 9, idrPicId: 0, qpDelta: -2, deblocking: { idc: 0, alpha: 2, beta: 2 }, dataBit: 0 };
const label = { code: "C-1", name: "Plaza" };
const PICTURE = 22_329_876_525; // a multiple of 25: a key picture

/** Samples of each macroblock, "skip" for those not coded. */
function readRow(nal: Uint8Array): { header: SliceHeader; macroblocks: (Uint8Array | "skip")[] } {
  const payload = unescapeNal(nal);
  const header = readSliceHeader(nal[0]!, payload, FRAME_NUM_BITS);
  const r = new CountingReader(payload);
  r.at = header.dataBit;
  let stop = payload.length * 8 - 1;
  while (((payload[stop >> 3]! >> (7 - (stop & 7))) & 1) === 0) stop--;
  const macroblocks: (Uint8Array | "skip")[] = [];
  while (r.at < stop) {
    if (!header.idr) for (let run = r.ue(); run > 0; run--) macroblocks.push("skip");
    if (r.at >= stop) break;
    assert.equal(r.ue(), header.idr ? 25 : 30, "mb_type of I_PCM");
    while (r.at % 8 !== 0) assert.equal(r.bit(), 0, "alignment");
    macroblocks.push(payload.slice(r.at / 8, r.at / 8 + PCM_BYTES));
    r.at += PCM_BYTES * 8;
  }
  assert.equal(r.at, stop);
  return { header, macroblocks };
}

test("a key picture carries the whole row", () => {
  const keys = rowKeys(label, PICTURE, () => 0);
  const { header, macroblocks } = readRow(encodeTextSlice(key, FRAME_NUM_BITS, keys, []));
  assert.deepEqual([header.sliceType, header.frameNum, header.idrPicId, header.qpDelta, header.deblocking.idc], [7, 0, 1, 0, 1]);
  assert.deepEqual(macroblocks, keys.map(tileSamples));
});

test("another picture carries what changed and skips the rest", () => {
  const before = rowKeys(label, PICTURE + 1, () => 0);
  const keys = rowKeys(label, PICTURE + 2, () => 0);
  const { header, macroblocks } = readRow(encodeTextSlice(delta, FRAME_NUM_BITS, keys, before));
  assert.equal(header.frameNum, 9);
  assert.equal(macroblocks.length, ROW_MACROBLOCKS);
  macroblocks.forEach((got, i) => assert.deepEqual(got, keys[i] === before[i] ? "skip" : tileSamples(keys[i]!)));
  const changed = macroblocks.filter((m) => m !== "skip").length;
  assert.ok(changed >= 2 && changed <= 16, `${changed} changed`);
});

test("a picture with the same text costs a few bytes", () => {
  const keys = rowKeys(label, PICTURE + 1, () => 0);
  assert.deepEqual(keys, rowKeys(label, PICTURE, () => 0));
  const nal = encodeTextSlice(delta, FRAME_NUM_BITS, keys, keys);
  assert.ok(nal.length <= 8, `${nal.length} bytes`);
  assert.deepEqual(readRow(nal).macroblocks, Array(ROW_MACROBLOCKS).fill("skip"));
});

test("samples never hold a zero byte, which I_PCM and start codes forbid", () => {
  for (const tile of rowKeys({ code: "@%&", name: "Ñandú y Güemes WMQ#" }, PICTURE, () => 0)) assert.ok(tileSamples(tile).every((v) => v >= 16 && v <= 235));
});
