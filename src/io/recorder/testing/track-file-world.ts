// A recordings' folder with an index and one segment of camera 1 that is being written, for tests of what is written beside it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SecondTrack } from "../../../protocol/rtsp/media-tracks.ts";
import { TrackSample } from "../../../video/ingest/track-ingest.ts";
import { IndexStore } from "../index-store.ts";
import type { TrackFileBudget, TrackFileOptions } from "../track-file-writer.ts";
import { T0 } from "./worker-world.ts";

export interface TrackFileWorld {
  readonly root: string;
  readonly index: IndexStore;
  readonly segmentId: number;
  /** What writers told. */
  readonly failures: Error[];
  /** As the next start finds it. */
  reopenIndex(): IndexStore;
  /** Of a writer. */
  optionsOf(cameraId?: number, budget?: TrackFileBudget): TrackFileOptions;
  close(): Promise<void>;
}

export async function createTrackFileWorld(): Promise<TrackFileWorld> {
  const root = await mkdtemp(join(tmpdir(), "citywatch-beside-"));
  const openIndex = (): IndexStore => new IndexStore(join(root, "index.sqlite"));
  let index = openIndex();
  const failures: Error[] = [];
  const segmentId = index.insertSegment(1, index.insertRun(1, T0), T0, 0, "key");
  return {
    root, segmentId, failures,
    get index() { return index; },
    reopenIndex: () => {
      index.close();
      index = openIndex();
      return index;
    },
    optionsOf: (cameraId = 1, budget) => ({ root, cameraId, index, onFailed: (error) => failures.push(error), ...(budget === undefined ? {} : { budget }) }),
    close: async () => {
      index.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** As an ingest hands it on: its bytes lie among others. */
export function createTrackSample(track: SecondTrack, media90k: number, wallMs: number, bytes: Uint8Array): TrackSample {
  return Object.assign(new TrackSample(track), { bytes: Buffer.concat([Uint8Array.of(9), bytes, Uint8Array.of(9)]), start: 1, end: bytes.length + 1, media90k, wallMs });
}
