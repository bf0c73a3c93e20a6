// The slice of the top row, written without an encoder: macroblocks as plain samples (I_PCM) in key pictures, and in the others only those that changed,
// the rest skipped, which repeats what the picture before showed at that place. No deblocking, so the letters stay exact. ITU-T H.264 sections 7.3.3 to
// 7.3.5; mb_type 25 is I_PCM in I slices, 30 in P slices (table 7-11 and 7-13).
import { BitWriter, escapeNal } from "./bit-writer.ts";
import { writeSliceHeader, type SliceHeader } from "./clip-format.ts";
import { tileSamples } from "./text-row.ts";

const I_PCM = 25;
const I_PCM_IN_P = 30;

/** `keys` are the tiles of the row now, `before` those of the picture before; of no account in a key picture. */
export function encodeTextSlice(scene: SliceHeader, frameNumBits: number, keys: readonly string[], before: readonly string[]): Uint8Array {
  const w = new BitWriter();
  writeSliceHeader(w, { ...scene, qpDelta: 0 }, frameNumBits, 0, { idc: 1, alpha: 0, beta: 0 });
  let skipped = 0;
  for (let i = 0; i < keys.length; i++) {
    if (!scene.idr && keys[i] === before[i]) {
      skipped++;
      continue;
    }
    if (!scene.idr) w.ue(skipped);
    skipped = 0;
    w.ue(scene.idr ? I_PCM : I_PCM_IN_P);
    w.align();
    w.bytes(tileSamples(keys[i]!));
  }
  if (skipped > 0) w.ue(skipped);
  return escapeNal(scene.nalHeader, w.finish());
}
