// The ONVIF metadata of one camera: a file beside each segment of pictures, begun and closed with it, as with sound ([MET1], [MET2] in video/SPEC.md). Documents are kept as the bytes that
// came, with the time of each, and never read. What goes out holds a second of them, or what has come by then; a document is as long as it is until the next one, so each waits for its successor.
import type { WallMs } from "../../base/time.ts";
import { copyBytes } from "../../media/bytes.ts";
import { type TimedDocument, METADATA_CLOCK_HZ, encodeMetadataFragment, encodeMetadataInit } from "../../media/fmp4/metadata.ts";
import type { TrackSample } from "../../video/ingest/track-ingest.ts";
import { insertMetadata } from "./track-file-store.ts";
import { type TrackFile, type TrackFileOptions, TrackFileWriter } from "./track-file-writer.ts";

/** A camera describes a busy scene in some 100 KB a second; one that sends more is cut short for the minute. */
export const MOST_METADATA_FILE_BYTES = 16_000_000;
const MOST_WAITING_BYTES = 256_000;
/** What a document takes beside its bytes: its length and its duration; and what a fragment does at most. */
const DOCUMENT_HEAD_BYTES = 8;
const FRAGMENT_HEAD_BYTES = 256;
const FRAGMENT_90K = METADATA_CLOCK_HZ;

interface MetadataFile {
  readonly file: TrackFile;
  readonly startMs: WallMs;
  endMs: WallMs;
  sequence: number;
  /** Handed to the disk or about to be. */
  bytes: number;
  isFull: boolean;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly start90k: number;
  readonly wallMs: WallMs;
}

export class MetadataWriter {
  readonly #options: TrackFileOptions;
  readonly #writer: TrackFileWriter;
  #segmentId: number | undefined;
  #file: MetadataFile | undefined;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #last90k = -1;
  /** Documents that the disk was too slow for, since the start. */
  dropped = 0;

  constructor(options: TrackFileOptions) {
    this.#options = options;
    this.#writer = new TrackFileWriter("metadata", options);
  }

  get isBehind(): boolean {
    return this.#writer.isBehind;
  }

  /** The segment that the pictures go into from now on; undefined: none. */
  onSegment(segmentId: number | undefined): void {
    if (segmentId === this.#segmentId) return;
    this.#close();
    this.#segmentId = segmentId;
    if (segmentId === undefined) this.#last90k = -1;
  }

  /** `waited`: it was kept for an event, and takes no memory that it had not taken before. */
  onSample({ bytes, start, end, media90k, wallMs }: TrackSample, waited = false): void {
    if (this.#writer.isCrowded) this.#flush(Math.max(media90k, this.#last90k + 1));
    if (this.#segmentId === undefined) return;
    if (this.#writer.isFull(waited)) {
      this.dropped++;
      return;
    }
    this.#file ??= this.#begin(this.#segmentId, wallMs);
    const of = this.#file;
    if (of.isFull) return;
    const length = end - start + DOCUMENT_HEAD_BYTES;
    if (of.bytes + length + FRAGMENT_HEAD_BYTES > MOST_METADATA_FILE_BYTES) {
      of.isFull = true;
      this.#options.onFailed(new RangeError(`more than ${MOST_METADATA_FILE_BYTES} bytes of metadata in a segment; the rest of it is left out`));
      return;
    }
    const start90k = Math.max(media90k, this.#last90k + 1);
    const first = this.#waiting[0];
    if (first !== undefined && (start90k - first.start90k >= FRAGMENT_90K || this.#waitingBytes + length > MOST_WAITING_BYTES)) this.#flush(start90k);
    this.#waiting.push({ bytes: copyBytes(bytes, start, end), start90k, wallMs });
    this.#waitingBytes += length;
    this.#writer.hold(length);
    of.bytes += length;
    of.endMs = Math.max(of.endMs, Math.round(wallMs));
    this.#last90k = start90k;
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    return this.#writer.idle();
  }

  #begin(segmentId: number, wallMs: WallMs): MetadataFile {
    const file = this.#writer.begin(segmentId);
    const init = encodeMetadataInit();
    this.#writer.write(file, init);
    return { file, startMs: Math.round(wallMs), endMs: Math.round(wallMs), sequence: 0, bytes: init.length, isFull: false };
  }

  /** `next90k`: where the document after them begins; where nobody knows, the last one lasts no time. */
  #flush(next90k: number): void {
    const of = this.#file;
    const first = this.#waiting[0];
    if (of === undefined || first === undefined) return;
    const documents: TimedDocument[] = this.#waiting.map(({ bytes, start90k }, i) => ({ bytes, duration90k: Math.min(0xffffffff, (this.#waiting[i + 1]?.start90k ?? next90k) - start90k) }));
    of.sequence++;
    of.bytes += FRAGMENT_HEAD_BYTES;
    this.#writer.write(of.file, encodeMetadataFragment(of.sequence, first.wallMs, first.start90k, documents), of.endMs);
    this.#writer.hold(-this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #close(): void {
    this.#flush(this.#last90k);
    const of = this.#file;
    this.#file = undefined;
    if (of === undefined) return;
    const { index, cameraId } = this.#options;
    this.#writer.close(of.file, (bytes, sha256, endMs) => insertMetadata(index, { segmentId: of.file.segmentId, cameraId, startMs: of.startMs, endMs, bytes, sha256 }));
  }
}
