// The GOP that is running, read back from what was recorded of it: pictures of nobody's interest are not kept in memory, so that a camera without viewers
// costs no more than its recording; its first viewer is shown the recorded ones.
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { BOX_HEADER_BYTES, findBoxHeader, findReferenceTime, listMoofSamples, parseMoof } from "../../media/fmp4/reading.ts";
import { Sample } from "../ingest/video-ingest.ts";

/** Reads the samples of stored fragments, one after the other in `bytes`, in decoding order. Times are those of the run. */
export function readStoredSamples(bytes: Uint8Array): Ok<Sample[]> | Err<string> {
  const out: Sample[] = [];
  let wallMs: number | undefined;
  let moof: Uint8Array | undefined;
  let at = 0;
  while (at < bytes.length) {
    const box = findBoxHeader(bytes, at);
    if (box === undefined || at + box.size > bytes.length) return err(`no whole box at byte ${at}`);
    const whole = bytes.subarray(at, at + box.size);
    if (box.type === "prft") wallMs = findReferenceTime(whole);
    else if (box.type === "moof") moof = whole;
    else if (box.type === "mdat") {
      if (moof === undefined || wallMs === undefined) return err(`mdat at byte ${at} without a moof`);
      const fault = readFragment(bytes, at, box.size, moof, wallMs, out);
      if (fault !== undefined) return err(fault);
      moof = undefined;
    }
    at += box.size;
  }
  return ok(out);
}

function readFragment(bytes: Uint8Array, at: number, size: number, moof: Uint8Array, wallMs: number, out: Sample[]): string | undefined {
  const head = parseMoof(moof);
  if (!head.ok) return head.error;
  if (size !== BOX_HEADER_BYTES + head.value.dataBytes) return `mdat at byte ${at} does not fit its moof`;
  let start = at + BOX_HEADER_BYTES;
  let decode90k = head.value.start90k;
  for (const entry of listMoofSamples(moof)) {
    const sample = new Sample();
    sample.bytes = bytes;
    sample.start = start;
    sample.length = entry.size;
    sample.key = entry.key;
    sample.decode90k = decode90k;
    sample.composition90k = entry.composition90k;
    sample.wallMs = wallMs + (decode90k - head.value.start90k) / 90;
    out.push(sample);
    start += entry.size;
    decode90k += entry.duration90k;
  }
  return undefined;
}
