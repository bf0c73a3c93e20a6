// The pictures or the sound of an MP4 as mp4box reads them.
import assert from "node:assert/strict";
import { MP4BoxBuffer, createFile } from "mp4box";
import { SOUND_TRACK_ID } from "../../src/media/fmp4/movie-head.ts";

export interface ReadBack {
  readonly codec: string;
  readonly timescale: number;
  readonly durationMs: number;
  readonly samples: readonly { readonly dts: number; readonly cts: number; readonly duration: number; readonly key: boolean; readonly data: Uint8Array }[];
}

export function readWithMp4box(bytes: Uint8Array): ReadBack {
  return findWithMp4box(bytes, "video") ?? assert.fail("mp4box found no pictures");
}

/** Undefined where it has no such track. */
export function findWithMp4box(bytes: Uint8Array, kind: "video" | "audio"): ReadBack | undefined {
  const file = createFile();
  const samples: ReadBack["samples"][number][] = [];
  let isRead = false;
  let found: Omit<ReadBack, "samples"> | undefined;
  file.onError = (_module: string, message: string) => assert.fail(message);
  file.onReady = (info) => {
    isRead = true;
    const track = kind === "video" ? info.videoTracks[0] : info.tracks.find(({ id }) => id === SOUND_TRACK_ID); // mp4box knows no sample entry of G.711 and calls it a track of another kind
    if (track === undefined) return;
    found = { codec: track.codec, timescale: track.timescale, durationMs: file.moov.mvex!.mehd!.fragment_duration };
    file.setExtractionOptions(track.id, undefined, { nbSamples: 1 });
    file.start();
  };
  file.onSamples = (_id, _user, some) => samples.push(...some.map((each) => ({ dts: each.dts, cts: each.cts, duration: each.duration, key: each.is_sync, data: each.data! })));
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
  file.flush();
  assert.ok(isRead, "mp4box found no moov");
  return found === undefined ? undefined : { ...found, samples };
}
