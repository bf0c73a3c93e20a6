// What planning an MP4 with sound finds in the files of sound, kept a while ([PLY16]): a range that reaches into now is another one each time it is asked for, and is asked for several times, by the browser before a download, by the
// download, and by each that is taken up again. Of a fragment its head is enough to plan with, a fiftieth of it. A file that somebody wrote to since is read again.
import type { Clock, MonotonicMs } from "../../base/time.ts";
import { type SoundFragment, type SoundFragments, parseSoundFragments } from "../../media/fmp4/sound-reading.ts";
import { copySoundHead } from "../../media/fmp4/sound.ts";
import type { SegmentFile } from "./segment-reader.ts";
import { type SoundFilePlace, findSoundBytes } from "./sound-files.ts";

export interface HeardFile extends SoundFragments {
  readonly fragments: readonly (SoundFragment & { readonly head: Uint8Array })[];
}
interface Kept {
  readonly until: MonotonicMs;
  readonly stamp: string;
  readonly found: HeardFile;
}

const KEPT_MS = 60_000;
/** Those of a day: some 35 MB. */
const MOST_FRAGMENTS = 90_000;

export class HeardFiles {
  readonly #clock: Pick<Clock, "monotonicMs">;
  /** The one that was asked for longest ago first. */
  readonly #kept = new Map<number, Kept>();
  #fragments = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Undefined: there is none, or none that can be read. */
  async find(file: Pick<SegmentFile, "select" | "read" | "readStamp">, place: Pick<SoundFilePlace, "segmentId" | "bytes">): Promise<HeardFile | undefined> {
    const { segmentId } = place;
    this.#forgetOld();
    const stamp = place.bytes === undefined ? undefined : await file.select(segmentId).then(() => file.readStamp()).catch(() => undefined);
    const kept = this.#kept.get(segmentId);
    if (kept !== undefined && kept.stamp === stamp) {
      this.#keep(segmentId, stamp, kept.found);
      return kept.found;
    }
    const bytes = await findSoundBytes(file, place);
    const parsed = bytes === undefined ? undefined : parseSoundFragments(bytes);
    if (bytes === undefined || parsed?.ok !== true) return undefined;
    const found = { ...parsed.value, fragments: parsed.value.fragments.map((fragment) => ({ ...fragment, head: copySoundHead(bytes.subarray(fragment.start, fragment.end)) })) };
    if (stamp !== undefined) this.#keep(segmentId, stamp, found);
    return found;
  }

  #keep(segmentId: number, stamp: string, found: HeardFile): void {
    this.#drop(segmentId);
    this.#kept.set(segmentId, { until: this.#clock.monotonicMs() + KEPT_MS, stamp, found });
    this.#fragments += found.fragments.length;
    this.#forgetOld();
  }

  #forgetOld(): void {
    const now = this.#clock.monotonicMs();
    for (const [segmentId, { until }] of this.#kept) {
      if (until > now && this.#fragments <= MOST_FRAGMENTS) return;
      this.#drop(segmentId);
    }
  }

  #drop(segmentId: number): void {
    this.#fragments -= this.#kept.get(segmentId)?.found.fragments.length ?? 0;
    this.#kept.delete(segmentId);
  }
}
