// ONVIF metadata as fragmented MP4 of its own: a track of timed metadata whose samples are whole XML documents (sample entry `metx`, ISO/IEC 14496-12 section 12.3.3; so does the ONVIF Export
// File Format). A document holds until the next one. The bytes are those that the camera sent; nothing here reads them.
import { BoxWriter } from "./box-writer.ts";
import { PRFT_BYTES, writeReferenceTime } from "./fragment.ts";
import { TRACK_ID, writeInit } from "./init-segment.ts";
import { BOX_HEADER_BYTES } from "./reading.ts";

export const METADATA_CLOCK_HZ = 90_000;
const NAMESPACE = "http://www.onvif.org/ver10/schema";

export interface TimedDocument {
  readonly bytes: Uint8Array;
  /** Until the next one, 90 kHz. */
  readonly duration90k: number;
}

export function encodeMetadataInit(): Uint8Array {
  const w = new BoxWriter();
  const writeEntry = (): void => w.box("metx", () => {
    w.zeros(6);
    w.u16(1); // data reference
    w.text(`\0${NAMESPACE}\0\0`); // not compressed; the namespace; no place of its schema
  });
  writeInit(w, { brands: "iso6mp41", duration90k: null, tracks: [{ kind: "metadata", clockHz: METADATA_CLOCK_HZ, width: 0, height: 0, writeEntry, edit: null }] });
  return w.finish();
}

export function encodeMetadataFragment(sequence: number, wallMs: number, start90k: number, documents: readonly TimedDocument[]): Uint8Array {
  const reference = new Uint8Array(PRFT_BYTES);
  writeReferenceTime(reference, 0, wallMs, start90k);
  const w = new BoxWriter();
  w.raw(reference);
  const runBytes = 8 + 4 + 4 + 4 + documents.length * 8;
  const moofBytes = 8 + 16 + 8 + (8 + 4 + 4) + 20 + runBytes;
  w.box("moof", () => {
    w.fullBox("mfhd", 0, 0, () => w.u32(sequence));
    w.box("traf", () => {
      w.fullBox("tfhd", 0, 0x020000, () => w.u32(TRACK_ID)); // data from the moof on
      w.fullBox("tfdt", 1, 0, () => w.u64(start90k));
      w.fullBox("trun", 0, 0x301, () => {
        w.u32(documents.length);
        w.u32(moofBytes + BOX_HEADER_BYTES);
        for (const { bytes, duration90k } of documents) {
          w.u32(duration90k);
          w.u32(bytes.length);
        }
      });
    });
  });
  w.box("mdat", () => { for (const { bytes } of documents) w.raw(bytes); });
  return w.finish();
}
