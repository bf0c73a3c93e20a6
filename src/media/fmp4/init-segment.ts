// The initialisation segment: ftyp and moov with its tracks and no samples (ISO/IEC 14496-12 section 8.16.3, CMAF track form). The samples' bytes are left
// as the camera sent them, parameter sets within the stream and SEI included, so that signatures over the stream survive.
import { BoxWriter } from "./box-writer.ts";
import { VIDEO_CLOCK_HZ } from "../rtp/packet.ts";
import type { VideoFormat } from "../video-format.ts";

export const TRACK_ID = 1;
const MOVIE_CLOCK_HZ = 1_000;
const HANDLERS = { video: "vide", sound: "soun", metadata: "meta" } as const;
const IDENTITY_MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000] as const;

export function encodeInitSegment(format: VideoFormat): Uint8Array {
  const w = new BoxWriter();
  writeInit(w, { brands: "iso6cmfcmp41", duration90k: null, tracks: [{ kind: "video", clockHz: VIDEO_CLOCK_HZ, width: format.width, height: format.height, writeEntry: () => writeSampleEntry(w, format), edit: null }] });
  return w.finish();
}

/** What the initialisation says of a movie. */
export interface MovieFacts {
  /** Compatible brands, four letters each. */
  readonly brands: string;
  /** Of what is shown of all fragments, 90 kHz; null where it is not known. */
  readonly duration90k: number | null;
  /** Their ids are their places, from TRACK_ID on. */
  readonly tracks: readonly TrackFacts[];
}
export interface TrackFacts {
  readonly kind: keyof typeof HANDLERS;
  readonly clockHz: number;
  /** 0 of what is not seen. */
  readonly width: number;
  readonly height: number;
  readonly writeEntry: () => void;
  /** The media time, in the track's clock, at which the presentation begins; null: at the first sample. */
  readonly edit: number | null;
}

export function writeInit(w: BoxWriter, movie: MovieFacts): void {
  w.box("ftyp", () => {
    w.text("iso6");
    w.u32(1);
    w.text(movie.brands);
  });
  w.box("moov", () => {
    w.fullBox("mvhd", 0, 0, () => {
      w.zeros(8);
      w.u32(MOVIE_CLOCK_HZ);
      w.u32(0);
      w.u32(0x10000);
      w.u16(0x100);
      w.zeros(10);
      writeMatrix(w);
      w.zeros(24);
      w.u32(TRACK_ID + movie.tracks.length);
    });
    for (const [i, track] of movie.tracks.entries()) w.box("trak", () => writeTrack(w, track, TRACK_ID + i));
    w.box("mvex", () => {
      if (movie.duration90k !== null) w.fullBox("mehd", 1, 0, () => w.u64(Math.round(movie.duration90k! / (VIDEO_CLOCK_HZ / MOVIE_CLOCK_HZ))));
      for (const i of movie.tracks.keys()) {
        w.fullBox("trex", 0, 0, () => {
          w.u32(TRACK_ID + i);
          w.u32(1);
          w.zeros(12);
        });
      }
    });
  });
}

function writeTrack(w: BoxWriter, track: TrackFacts, trackId: number): void {
  w.fullBox("tkhd", 0, 3, () => {
    w.zeros(8);
    w.u32(trackId);
    w.zeros(4 + 4 + 8 + 2 + 2);
    w.u16(track.kind === "sound" ? 0x100 : 0); // volume
    w.zeros(2);
    writeMatrix(w);
    w.u32(track.width * 0x10000);
    w.u32(track.height * 0x10000);
  });
  // One edit over all that follows; a duration of 0 stands for that where there are fragments (section 8.6.6.1).
  if (track.edit !== null) {
    w.box("edts", () => w.fullBox("elst", 1, 0, () => {
      w.u32(1);
      w.u64(0);
      w.u64(track.edit!);
      w.u32(0x10000);
    }));
  }
  w.box("mdia", () => {
    w.fullBox("mdhd", 0, 0, () => {
      w.zeros(8);
      w.u32(track.clockHz);
      w.u32(0);
      w.u16(0x55c4); // und
      w.u16(0);
    });
    w.fullBox("hdlr", 0, 0, () => {
      w.u32(0);
      w.text(HANDLERS[track.kind]);
      w.zeros(12);
      w.text(`${track.kind}\0`);
    });
    w.box("minf", () => {
      if (track.kind === "video") w.fullBox("vmhd", 0, 1, () => w.zeros(8));
      else if (track.kind === "sound") w.fullBox("smhd", 0, 0, () => w.zeros(4));
      else w.fullBox("nmhd", 0, 0, () => undefined);
      w.box("dinf", () => w.fullBox("dref", 0, 0, () => {
        w.u32(1);
        w.fullBox("url ", 0, 1, () => undefined);
      }));
      w.box("stbl", () => {
        w.fullBox("stsd", 0, 0, () => {
          w.u32(1);
          track.writeEntry();
        });
        w.fullBox("stts", 0, 0, () => w.u32(0));
        w.fullBox("stsc", 0, 0, () => w.u32(0));
        w.fullBox("stsz", 0, 0, () => w.zeros(8));
        w.fullBox("stco", 0, 0, () => w.u32(0));
      });
    });
  });
}

function writeSampleEntry(w: BoxWriter, format: VideoFormat): void {
  w.box(format.codec === "h264" ? "avc1" : "hvc1", () => {
    w.zeros(6);
    w.u16(1); // data reference
    w.zeros(16);
    w.u16(format.width);
    w.u16(format.height);
    w.u32(0x480000);
    w.u32(0x480000);
    w.u32(0);
    w.u16(1);
    w.zeros(32);
    w.u16(0x18);
    w.u16(0xffff);
    w.box(format.codec === "h264" ? "avcC" : "hvcC", () => w.raw(format.configuration));
  });
}

function writeMatrix(w: BoxWriter): void {
  for (const value of IDENTITY_MATRIX) w.u32(value);
}
