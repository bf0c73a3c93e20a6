// Key frames and timelines of an archive that the product's writer made, over HTTP. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { rm, truncate } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { KeyFrameReader, type KeyFrameRecord } from "../../src/contract/key-frames.ts";
import { RecordingTimeline, type ViewClaims } from "../../src/contract/media.ts";
import { segmentPath } from "../../src/io/recorder/segment-files.ts";
import { type StoredClip, TestArchive, readAnnexBClip } from "./archive.ts";
import { PlaybackServer } from "./playback-server.ts";

const T0 = 1_790_000_000_000;
const SECOND = 1_000;
const PICTURES = 4_000; // 160 s: three segments
const clip = readAnnexBClip(new URL("../../src/sim/assets/square-normal.h264", import.meta.url));
const other: StoredClip = readAnnexBClip(new URL("../../src/sim/assets/coast-normal.h264", import.meta.url));

describe("key frames of a recording", () => {
  let archive: TestArchive;
  let server: PlaybackServer;
  let now = T0 + 1_000 * SECOND;

  before(async () => {
    archive = await TestArchive.create();
    await archive.record(1, clip, T0, PICTURES);
    await archive.record(1, clip, T0 + 300 * SECOND, 100); // 4 s, after a gap
    await archive.record(2, clip, T0, 100);
    await archive.record(3, clip, T0, 250, null); // is being written
    server = new PlaybackServer(archive, () => now);
    await server.start();
  });
  after(async () => {
    await server?.stop();
    await archive?.remove();
  });

  const ask = async (path: string, claims: Partial<ViewClaims> = {}): Promise<KeyFrameRecord[]> => {
    const answer = await server.get(path, claims);
    assert.equal(answer.status, 200, await answer.clone().text());
    const reader = new KeyFrameReader();
    const records = reader.push(new Uint8Array(await answer.arrayBuffer()));
    assert.ok(records.ok && reader.isWhole);
    return records.value;
  };
  const startsOf = (records: readonly KeyFrameRecord[]): number[] => records.flatMap((each) => (each.kind === "key-frame" ? [(each.start - T0) / SECOND] : []));

  test("[PLY10] the newest at a moment: its format, its time, and the very bytes that the camera sent", async () => {
    const [format, picture] = await ask(`/v1/cameras/1/key-frame?at=${T0 + 125_700}`);
    assert.deepEqual(format, { kind: "format", codec: clip.format.codecString, width: clip.format.width, height: clip.format.height, description: clip.format.configuration });
    assert.ok(picture?.kind === "key-frame");
    assert.deepEqual([picture.start, picture.until], [T0 + 125_000, T0 + 126_000]);
    assert.deepEqual(picture.bytes, clip.samples[(125 * 25) % clip.samples.length]!.bytes);
    assert.equal((await server.get(`/v1/cameras/1/key-frame?at=${T0 + 200_000}`)).status, 404, "in a gap there is none");
    assert.equal((await server.get(`/v1/cameras/1/key-frame?at=${now + 1}`)).status, 400, "nor in the future");
  });

  test("[PLY10] all of a range, forward and backward, with the one that is shown at its start", async () => {
    const range = `from=${T0 + 57_500}&to=${T0 + 62_000}`;
    assert.deepEqual(startsOf(await ask(`/v1/cameras/1/key-frames?${range}`)), [57, 58, 59, 60, 61]);
    const backward = await ask(`/v1/cameras/1/key-frames?${range}&order=backward`);
    assert.deepEqual(startsOf(backward), [61, 60, 59, 58, 57]);
    assert.equal(backward[0]!.kind, "format");
    const overTheGap = startsOf(await ask(`/v1/cameras/1/key-frames?from=${T0 + 158_000}&to=${T0 + 900_000}`));
    assert.deepEqual(overTheGap, [158, 159, 300, 301, 302, 303]);
  });

  test("[PLY10] one for each slot: the first that begins in it", async () => {
    assert.deepEqual(startsOf(await ask(`/v1/cameras/1/key-frames?from=${T0 + 500}&to=${T0 + 160_500}&count=8`)), [0, 21, 41, 61, 81, 101, 121, 141]);
    assert.deepEqual(startsOf(await ask(`/v1/cameras/1/key-frames?from=${T0 + 500}&to=${T0 + 160_500}&count=8&order=backward`)), [141, 121, 101, 81, 61, 41, 21, 0]);
    assert.deepEqual(startsOf(await ask(`/v1/cameras/1/key-frames?from=${T0 + 100_000}&to=${T0 + 340_000}&count=4`)), [100, 300], "slots in a gap are left out");
    assert.deepEqual(startsOf(await ask(`/v1/cameras/1/key-frames?from=${T0 + 10_200}&to=${T0 + 11_200}&count=10`)), [10, 11], "slots shorter than a GOP");
  });

  test("[PLY10] what is being written is there as far as it is on disk", async () => {
    assert.deepEqual(startsOf(await ask(`/v1/cameras/3/key-frames?from=${T0}&to=${T0 + 20_000}`, { cameraId: 3 })), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("[PLY10] a change of format is told before its first key frame, and again on the way back", async () => {
    await archive.record(5, clip, T0, 50);
    await archive.record(5, { ...other, format: { ...other.format, width: 640, height: 360 } }, T0 + 10_000, 50);
    const kinds = (records: readonly KeyFrameRecord[]): string => records.map((each) => (each.kind === "format" ? `${each.width}` : "k")).join(" ");
    assert.equal(kinds(await ask(`/v1/cameras/5/key-frames?from=${T0}&to=${T0 + 60_000}`, { cameraId: 5 })), `${clip.format.width} k k 640 k k`);
    assert.equal(kinds(await ask(`/v1/cameras/5/key-frames?from=${T0}&to=${T0 + 60_000}&order=backward`, { cameraId: 5 })), `640 k k ${clip.format.width} k k`);
  });

  test("[PLY10] a segment that was deleted between index and read is left out", async () => {
    await archive.record(6, clip, T0, 3_000);
    const spans = archive.index.listSpans(6, T0, T0 + 200_000);
    assert.ok(spans.length >= 2);
    await rm(segmentPath(archive.root, 6, spans[0]!.segmentId));
    const starts = startsOf(await ask(`/v1/cameras/6/key-frames?from=${T0}&to=${T0 + 200_000}`, { cameraId: 6 }));
    assert.equal(starts[0], Math.round((spans[1]!.startMs - T0) / SECOND));
    assert.equal((await server.get(`/v1/cameras/6/key-frame?at=${T0}`, { cameraId: 6 })).status, 404);
  });

  test("[PLY7] without a view of that camera, that range and the past there is no key frame", async () => {
    const status = async (path: string, claims: Partial<ViewClaims> | null): Promise<number> => (await server.get(path, claims)).status;
    for (const what of [`key-frame?at=${T0 + 30_000}`, `key-frames?from=${T0 + 20_000}&to=${T0 + 30_000}`]) {
      assert.equal(await status(`/v1/cameras/1/${what}`, null), 401);
      assert.equal(await status(`/v1/cameras/1/${what}`, { cameraId: 2 }), 403);
      assert.equal(await status(`/v1/cameras/1/${what}`, { mode: "live" }), 403);
      assert.equal(await status(`/v1/cameras/1/${what}`, { from: T0 + 31_000, to: T0 + 40_000 }), 403);
      assert.equal(await status(`/v1/cameras/1/${what}`, { from: T0 + 10_000, to: T0 + 31_000 }), 200);
      assert.equal(await status(`/v1/cameras/..%2f1/${what}`, {}), 400);
    }
    for (const bad of ["count=0", "count=2001", "count=1.5", "order=sideways"]) assert.equal(await status(`/v1/cameras/1/key-frames?from=${T0}&to=${T0 + 1_000}&${bad}`, {}), 400, bad);
    assert.equal(await status(`/v1/cameras/1/key-frames?from=${T0 - 90_000_000}&to=${T0}`, {}), 400, "more than a day");
  });

  test("[PLY10] a client that goes away leaves no file open and no turn taken", async () => {
    const openFiles = async (): Promise<number> => (await import("node:fs/promises")).readdir("/proc/self/fd").then((names) => names.length, () => 0);
    const before = await openFiles();
    for (let i = 0; i < 20; i++) {
      const abort = new AbortController();
      const answer = await fetch(`${server.url}/v1/cameras/1/key-frames?from=${T0}&to=${T0 + 160_000}`, { headers: { authorization: `Bearer ${await server.sign()}` }, signal: abort.signal });
      await answer.body!.getReader().read();
      abort.abort();
    }
    assert.equal(startsOf(await ask(`/v1/cameras/1/key-frames?from=${T0}&to=${T0 + 160_000}`)).length, 160, "others are served as before");
    for (let i = 0; i < 2_400 && (await openFiles()) > before + 4; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok((await openFiles()) <= before + 4, "files were left open");
  });

  test("[VIEW12] what went out is noted for its look: key frames until the next one, and of files what was asked for", async () => {
    const served = (viewId: number): object | undefined => server.served.listUntold(0, "all").find((look) => look.viewId === viewId)?.served;
    await ask(`/v1/cameras/1/key-frames?from=${T0 + 57_500}&to=${T0 + 62_000}`, { viewId: 900 });
    assert.deepEqual(served(900), [{ from: T0 + 57_000, to: T0 + 62_000 }]);
    await ask(`/v1/cameras/1/key-frame?at=${T0 + 80_000}`, { viewId: 900 });
    assert.deepEqual(served(900), [{ from: T0 + 57_000, to: T0 + 62_000 }, { from: T0 + 80_000, to: T0 + 81_000 }]);
    await (await server.get(`/v1/cameras/1/recording.mp4?from=${T0 + 10_400}&to=${T0 + 20_000}`, { viewId: 901 })).arrayBuffer();
    assert.deepEqual(served(901), [{ from: T0 + 10_000, to: T0 + 20_000 }]);
    await (await server.get(`/v1/cameras/1/recording.mp4?from=${T0 + 10_400}&to=${T0 + 150_000}`, { viewId: 902 }, { range: "bytes=0-99" })).arrayBuffer();
    assert.equal(served(902), undefined, "an initialisation shows nothing");
    const [segment] = archive.index.listSegments(1, T0, T0 + 1_000);
    const gops = segment!.gops;
    await (await server.get(`/v1/cameras/1/segments/${segment!.segmentId}.mp4`, { viewId: 903 }, { range: `bytes=${gops[3]!.offset}-${gops[5]!.offset - 1}` })).arrayBuffer();
    assert.deepEqual(served(903), [{ from: T0 + 3_000, to: T0 + 5_000 }]);
    await server.get(`/v1/cameras/1/timeline?from=${T0}&to=${T0 + 5_000}`, { viewId: 904 });
    assert.equal(served(904), undefined);
    server.served.keep(903, [{ from: T0 + 3_000, to: T0 + 5_000 }]);
    assert.equal(served(903), undefined, "what the centre has is not told again");
  });

  test("[VIEW12] what could not be read is not told as served", async () => {
    await archive.record(9, clip, T0, 250);
    const [segment] = archive.index.listSegments(9, T0, T0 + 1_000);
    const file = segmentPath(archive.root, 9, segment!.segmentId);
    const read = async (): Promise<string> => server.get(`/v1/cameras/9/segments/${segment!.segmentId}.mp4`, { cameraId: 9, viewId: 905 }).then((answer) => answer.arrayBuffer().then(() => (answer.ok ? "whole" : "refused"))).catch(() => "cut");
    const served = (): object | undefined => server.served.listUntold(0, "all").find((look) => look.viewId === 905)?.served;
    await truncate(file, segment!.gops[2]!.offset);
    assert.notEqual(await read(), "whole");
    assert.deepEqual(served(), [{ from: T0, to: T0 + 2_000 }], "only what the file still has");
    server.served.keep(905, [{ from: T0, to: T0 + 2_000 }]);
    await rm(file);
    assert.notEqual(await read(), "whole");
    assert.equal(served(), undefined, "nothing more");
  });

  test("[VIEW12] a recorder that owes the centre too many looks refuses pictures to further ones", async () => {
    const full = new PlaybackServer(archive, () => T0 + 1_000_000);
    await full.start();
    try {
      for (let viewId = 1_001; viewId <= 11_000; viewId++) full.served.note(viewId, T0, T0 + 1_000, performance.now());
      const status = async (path: string, viewId: number): Promise<number> => (await full.get(path, { viewId })).status;
      const range = `from=${T0}&to=${T0 + 1_000}`;
      for (const path of [`recording.mp4?${range}`, `key-frames?${range}`, `key-frame?at=${T0}`]) assert.deepEqual([await status(`/v1/cameras/1/${path}`, 1), await status(`/v1/cameras/1/${path}`, 1_001)], [503, 200], path);
      assert.equal(await status(`/v1/cameras/1/timeline?${range}`, 1), 200, "which shows no pictures");
    } finally {
      await full.stop();
    }
  });

  test("[PLY9] a month is read in parts that let others have their turn, and says of each second what a short range says of it", async () => {
    const listSpans = archive.index.listSpans.bind(archive.index);
    const parts: { readonly ms: number; readonly turn: number }[] = [];
    let turn = 0;
    archive.index.listSpans = (cameraId, from, to) => {
      parts.push({ ms: to - from, turn });
      setImmediate(() => turn++);
      return listSpans(cameraId, from, to);
    };
    try {
      const read = async (from: number, to: number, more = ""): Promise<RecordingTimeline> => RecordingTimeline.parse(await (await server.get(`/v1/cameras/1/timeline?from=${from}&to=${to}${more}`)).json());
      const month = await read(T0 + 30_000 - 31 * 86_400_000, T0 + 200_000); // a part ends amid the recording
      assert.ok(parts.every(({ ms }) => ms <= 86_400_000), "parts of at most a day");
      assert.equal(new Set(parts.map((part) => part.turn)).size, parts.length, "a turn of the event loop between any two");
      const short = await read(T0 - 1_000, T0 + 200_000, "&segments=true");
      assert.deepEqual(month.coverage, short.coverage);
      assert.deepEqual((await read(T0 + 30_000 - 86_400_000, T0 + 200_000, "&segments=true")).segments, short.segments, "each once, in order");
      assert.equal((await server.get(`/v1/cameras/1/timeline?from=${T0 - 3 * 86_400_000}&to=${T0}&segments=true`)).status, 400, "segments one by one of two days at most");
    } finally {
      archive.index.listSpans = listSpans;
    }
  });

  test("[PLY9] coverage joins what touches; segments come where they are asked for", async () => {
    const read = async (more: string): Promise<RecordingTimeline> => RecordingTimeline.parse(await (await server.get(`/v1/cameras/1/timeline?from=${T0 - 5_000}&to=${T0 + 400_000}${more}`)).json());
    const plain = await read("");
    assert.deepEqual(plain.coverage, [{ start: T0, end: T0 + 160_000 }, { start: T0 + 300_000, end: T0 + 304_000 }]);
    assert.deepEqual(plain.segments, []);
    assert.deepEqual((await read("&segments=true")).segments.length, archive.index.listSpans(1, T0, T0 + 400_000).length);
    assert.equal((await server.get(`/v1/cameras/1/timeline?from=${T0}&to=${T0 + 1}&segments=maybe`)).status, 400);
    now = T0 + 1_000 * SECOND;
  });
});

test("[PLY1] a segment that began long before the range and reaches into it is found", async () => {
  const archive = await TestArchive.create();
  const run = archive.index.insertRun(1, T0);
  for (const [start, minutes] of [[0, 60], [61, 1], [90, 1]] as const) {
    const id = archive.index.insertSegment(1, run, T0 + start * 60_000, 100, "x");
    archive.index.closeSegment(id, { endMs: T0 + (start + minutes) * 60_000, bytes: 10, frames: 1, gops: [], sha256: null }, "closed");
  }
  const starts = (from: number, to: number): number[] => archive.index.listSpans(1, T0 + from * 60_000, T0 + to * 60_000).map((span) => (span.startMs - T0) / 60_000);
  assert.deepEqual(starts(30, 40), [0]);
  assert.deepEqual(starts(2, 200), [0, 61, 90]);
  assert.deepEqual(starts(60.5, 60.9), []);
  const plan = (archive.index.database.prepare("EXPLAIN QUERY PLAN SELECT segment_id, start_ms, end_ms, bytes, frames FROM segment INDEXED BY segment_by_time WHERE camera_id = 1 AND state IN ('closed', 'suspect') AND frames > 0 AND start_ms BETWEEN 1 AND 2 AND end_ms >= 1 ORDER BY start_ms, segment_id").all() as { detail: string }[]).map((each) => each.detail);
  assert.deepEqual(plan, ["SEARCH segment USING COVERING INDEX segment_by_time (camera_id=? AND start_ms>? AND start_ms<?)"].concat(plan.slice(1)), "a day is read from the index alone");
  await archive.remove();
});
