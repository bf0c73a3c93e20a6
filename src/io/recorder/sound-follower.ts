// Files of sound, read from where somebody who listens was ([SND6]): who plays just behind now asks each second for one more, and a minute's file is not read from its front each time. Of the files that were read last it is
// known where each fragment lies; a file only ever grows.
import type { WallMs } from "../../base/time.ts";
import { type SoundFileFacts, parseSoundFile } from "../../media/fmp4/sound-reading.ts";
import type { SegmentFile } from "./segment-reader.ts";
import { type SoundFilePlace, findSoundBytes } from "./sound-files.ts";

interface Followed {
  readonly init: Uint8Array;
  readonly fragments: readonly { readonly start: number; readonly wallMs: WallMs }[];
}

const MOST_FILES = 512;
/** What begins so long before the asked time may reach into it, and may stand a little out of order. */
const REACH_MS = 3_000;

export class SoundFollower {
  /** The one that was asked for longest ago first. */
  readonly #followed = new Map<number, Followed>();

  /** The units of a file from a little before `from` on, or some more; offsets are those in `bytes`. Undefined: there are none, or they cannot be read. */
  async read(file: Pick<SegmentFile, "select" | "read">, place: Pick<SoundFilePlace, "segmentId" | "bytes">, from: WallMs): Promise<(Pick<SoundFileFacts, "format" | "units"> & { readonly bytes: Uint8Array }) | undefined> {
    const { segmentId } = place;
    const followed = this.#followed.get(segmentId);
    this.#followed.delete(segmentId);
    const start = followed?.fragments.findLast(({ wallMs }) => wallMs <= from - REACH_MS)?.start;
    const read = await findSoundBytes(file, place, start);
    if (read === undefined) return undefined;
    const init = start === undefined ? undefined : followed?.init;
    const bytes = init === undefined ? read : Buffer.concat([init, read]);
    const parsed = parseSoundFile(bytes);
    if (!parsed.ok) return undefined;
    const { initBytes, fragments, format, units } = parsed.value;
    const shift = init === undefined ? 0 : start! - init.length;
    const before = init === undefined ? [] : followed!.fragments.filter((fragment) => fragment.start < start!);
    this.#followed.set(segmentId, { init: init ?? bytes.slice(0, initBytes), fragments: [...before, ...fragments.map((fragment) => ({ start: fragment.start + shift, wallMs: fragment.wallMs }))] });
    for (const oldest of this.#followed.keys()) {
      if (this.#followed.size <= MOST_FILES) break;
      this.#followed.delete(oldest);
    }
    return { bytes, format, units };
  }
}
