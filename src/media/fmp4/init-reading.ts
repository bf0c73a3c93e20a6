// Reading an initialisation segment back: what a player has to be told of a stored file. It reads what `encodeInitSegment` writes (one video track with one
// sample entry) and says where bytes depart from it.
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { readUint32 } from "../bytes.ts";
import { type VideoCodec, describeConfiguration } from "../video-format.ts";
import { BOX_HEADER_BYTES, findBoxHeader } from "./reading.ts";

export interface StoredFormat {
  readonly codec: VideoCodec;
  readonly codecString: string;
  readonly width: number;
  readonly height: number;
  /** Body of the avcC or hvcC box. */
  readonly configuration: Uint8Array;
  /** The whole sample entry (avc1 or hvc1), as it goes into another file's stsd. */
  readonly sampleEntry: Uint8Array;
}

const PATH = ["moov", "trak", "mdia", "minf", "stbl", "stsd"] as const;
const STSD_HEAD_BYTES = 16; // box, version and flags, count of entries
const SAMPLE_ENTRY_HEAD_BYTES = 86; // ISO/IEC 14496-12 section 12.1.3.2, up to the boxes in it

export function parseInitSegment(bytes: Uint8Array): Ok<StoredFormat> | Err<string> {
  let start = 0;
  let end = bytes.length;
  let at = 0;
  for (const type of PATH) {
    const found = findBox(bytes, start, end, type);
    if (found === undefined) return err(`no whole ${type}`);
    at = found.at;
    start = found.at + BOX_HEADER_BYTES;
    end = found.at + found.size;
  }
  if (end - at < STSD_HEAD_BYTES || readUint32(bytes, at + 12) !== 1) return err("expected one sample entry");
  const entryAt = at + STSD_HEAD_BYTES;
  const entry = findBoxHeader(bytes, entryAt);
  if (entry === undefined || entryAt + entry.size > end || entry.size < SAMPLE_ENTRY_HEAD_BYTES) return err("a sample entry that is cut off");
  const codec = entry.type === "avc1" ? "h264" : entry.type === "hvc1" ? "h265" : undefined;
  if (codec === undefined) return err(`a sample entry ${entry.type}, expected avc1 or hvc1`);
  const configurationBox = findBox(bytes, entryAt + SAMPLE_ENTRY_HEAD_BYTES, entryAt + entry.size, codec === "h264" ? "avcC" : "hvcC");
  if (configurationBox === undefined) return err("no decoder configuration");
  const configuration = bytes.slice(configurationBox.at + BOX_HEADER_BYTES, configurationBox.at + configurationBox.size);
  const codecString = describeConfiguration(codec, configuration);
  if (!codecString.ok) return codecString;
  const size = readUint32(bytes, entryAt + 32);
  return ok({ codec, codecString: codecString.value, width: size >>> 16, height: size & 0xffff, configuration, sampleEntry: bytes.slice(entryAt, entryAt + entry.size) });
}

function findBox(bytes: Uint8Array, start: number, end: number, type: string): { readonly at: number; readonly size: number } | undefined {
  for (let at = start; at < end; ) {
    const box = findBoxHeader(bytes, at);
    if (box === undefined || at + box.size > end) return undefined;
    if (box.type === type) return { at, size: box.size };
    at += box.size;
  }
  return undefined;
}
