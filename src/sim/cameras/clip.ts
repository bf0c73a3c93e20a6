// A clip, ready to be sent: its pictures with the slice moved down a row. Made from a file at the first use and kept, since it is a megabyte or less.
import { splitAnnexB } from "../../media/annexb.ts";
import { moveSliceDown, readClipFormat, type ClipFormat, type SliceHeader } from "./clip-format.ts";

export const GOP_PICTURES = 25;
/** Pictures of an event before the part that repeats. */
export const ONSET_PICTURES = 100;

export interface ClipPicture {
  readonly header: SliceHeader;
  readonly nal: Uint8Array;
}

export interface Clip {
  readonly format: ClipFormat;
  readonly pictures: readonly ClipPicture[];
}

/** Throws Error where the file is not as scripts/scenes encodes it; `name` is for the message. */
export function decodeClip(name: string, bytes: Uint8Array): Clip {
  let sps: Uint8Array | undefined;
  let format: ClipFormat | undefined;
  const pictures: ClipPicture[] = [];
  for (const nal of splitAnnexB(bytes)) {
    const type = nal[0]! & 0x1f;
    if (type === 7) sps = nal;
    else if (type === 8 && sps) format ??= readClipFormat(sps, nal);
    else if (type === 1 || type === 5) {
      if (!format) throw new Error(`clip ${name}: a picture before the parameter sets`);
      pictures.push(moveSliceDown(nal, format));
    }
  }
  if (!format || pictures.length === 0) throw new Error(`clip ${name}: no pictures`);
  if (pictures.length % GOP_PICTURES !== 0) throw new Error(`clip ${name}: ${pictures.length} pictures, expected a multiple of ${GOP_PICTURES}`);
  pictures.forEach(({ header }, i) => {
    if (header.idr !== (i % GOP_PICTURES === 0)) throw new Error(`clip ${name}: picture ${i}, expected a key picture every ${GOP_PICTURES}`);
  });
  return { format, pictures };
}

/** Which picture of an event's clip shows `age` pictures after it began: the onset once, then the rest over and over. */
export function eventPicture(age: number, count: number): number {
  return age < count ? age : ONSET_PICTURES + ((age - ONSET_PICTURES) % (count - ONSET_PICTURES));
}
