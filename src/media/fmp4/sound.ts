// Sound as fragmented MP4 of its own: AAC by its AudioSpecificConfig (ISO/IEC 14496-14 section 5.6), G.711 by the sample entries `ulaw` and `alaw` (QuickTime's names, which the MP4 registration
// authority lists). Times count in the track's own clock, so that no sample is rounded. A fragment tells the wall time of its first sample as those of the pictures do.
import { BoxWriter } from "./box-writer.ts";
import { BOX_HEADER_BYTES } from "./reading.ts";
import { PRFT_BYTES, writeReferenceTime } from "./fragment.ts";
import { TRACK_ID, writeInit } from "./init-segment.ts";

export type SoundFormat = { readonly clockHz: number; readonly channels: number } & (
  | { readonly codec: "pcma" | "pcmu" }
  | { readonly codec: "aac"; readonly config: Uint8Array; readonly samplesPerFrame: number }
);

/** What a file beside one segment takes at most: a minute of AAC in stereo is some 2 MB, one of G.711 in stereo at 48 kHz 6 MB. Who writes stops there, and who reads reads no more. */
export const MOST_SOUND_FILE_BYTES = 16_000_000;

export function encodeSoundInit(format: SoundFormat): Uint8Array {
  const w = new BoxWriter();
  writeInit(w, { brands: "iso6mp41", width: 0, height: 0, edit90k: null, duration90k: null, second: { kind: "sound", clockHz: format.clockHz }, writeEntry: () => writeSampleEntry(w, format) });
  return w.finish();
}

function writeSampleEntry(w: BoxWriter, format: SoundFormat): void {
  w.box(format.codec === "aac" ? "mp4a" : format.codec === "pcmu" ? "ulaw" : "alaw", () => {
    w.zeros(6);
    w.u16(1); // data reference
    w.zeros(8);
    w.u16(format.channels);
    w.u16(16); // of a sample when decoded
    w.zeros(4);
    w.u32(format.clockHz < 65_536 ? format.clockHz * 65_536 : 0);
    if (format.codec !== "aac") return;
    const { config } = format;
    w.fullBox("esds", 0, 0, () => {
      w.raw(Uint8Array.of(0x03, 23 + config.length, 0, TRACK_ID, 0, 0x04, 15 + config.length, 0x40, 0x15));
      w.zeros(3 + 4 + 4);
      w.raw(Uint8Array.of(0x05, config.length));
      w.raw(config);
      w.raw(Uint8Array.of(0x06, 1, 2));
    });
  });
}

/** How long a unit of the stream lasts, in the track's clock: a frame of AAC, or the bytes of one packet of G.711. */
export const soundDuration = (format: SoundFormat, bytes: number): number => (format.codec === "aac" ? format.samplesPerFrame : Math.floor(bytes / format.channels));

/** Units that follow each other without a hole; `start` in the track's clock. */
export function encodeSoundFragment(format: SoundFormat, sequence: number, wallMs: number, start: number, units: readonly Uint8Array[]): Uint8Array {
  const reference = new Uint8Array(PRFT_BYTES);
  writeReferenceTime(reference, 0, wallMs, start);
  const w = new BoxWriter();
  w.raw(reference);
  const isAac = format.codec === "aac";
  const bytes = units.reduce((sum, unit) => sum + unit.length, 0);
  const runBytes = 8 + 4 + 4 + 4 + (isAac ? units.length * 4 : 0);
  const moofBytes = 8 + 16 + 8 + (8 + 4 + 4 + 4 + 4) + 20 + runBytes;
  w.box("moof", () => {
    w.fullBox("mfhd", 0, 0, () => w.u32(sequence));
    w.box("traf", () => {
      w.fullBox("tfhd", 0, 0x020018, () => { // default duration and size; data from the moof on
        w.u32(TRACK_ID);
        w.u32(isAac ? format.samplesPerFrame : 1);
        w.u32(isAac ? 0 : format.channels);
      });
      w.fullBox("tfdt", 1, 0, () => w.u64(start));
      w.fullBox("trun", 0, isAac ? 0x201 : 0x001, () => {
        w.u32(isAac ? units.length : Math.floor(bytes / format.channels));
        w.u32(moofBytes + BOX_HEADER_BYTES);
        if (isAac) for (const unit of units) w.u32(unit.length);
      });
    });
  });
  w.box("mdat", () => { for (const unit of units) w.raw(unit); });
  return w.finish();
}
