import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ManifestFile } from "../../../src/evidence/manifest.ts";
import { findNext, findPlace, listGaps, sayCamera } from "./playback.ts";

const part = (start: number, end: number, media90k: number) => ({ segmentId: 1, segmentSha256: null, check: "no-hash" as const, from: 0, to: 1, start, end, media90k, frames: 1 });
const file = (name: string, ...parts: ReturnType<typeof part>[]): ManifestFile => ({ name, bytes: 1, sha256: "", initBytes: 0, start: parts[0]!.start, end: parts.at(-1)!.end, frames: 1, parts });
// The second part begins 2 ms later by the wall than by media time: the clock was slewed.
const camera = { files: [file("a", part(1_000, 61_002, 0), part(61_002, 121_002, 60_000 * 90)), file("b", part(200_000, 210_000, 0))] };

describe("the package's clock", () => {
  test("[EXP7] a moment leads to a file and its media time", () => {
    assert.deepEqual(findPlace(camera, 1_000), { file: camera.files[0], mediaS: 0 });
    assert.deepEqual(findPlace(camera, 71_002), { file: camera.files[0], mediaS: 70 });
    assert.deepEqual(findPlace(camera, 61_002), { file: camera.files[0], mediaS: 60 });
    assert.deepEqual(findPlace(camera, 205_000), { file: camera.files[1], mediaS: 5 });
  });
  test("[EXP7] the place is said once", () => {
    assert.equal(sayCamera({ name: "Plaza Independencia, south", place: "Plaza independencia" }), "Plaza Independencia, south");
    assert.equal(sayCamera({ name: "Square, from the arcade", place: "Plaza Independencia" }), "Square, from the arcade · Plaza Independencia");
    assert.equal(sayCamera({ name: "Square", place: "" }), "Square");
  });
  test("[EXP2] [EXP7] a gap in a file's own time is told as one, and no other is", () => {
    const gap = (start: number, cause: "camera-unreachable" | "no-data") => ({ start, end: start + 9_000, cause });
    assert.deepEqual(listGaps([{ code: "C-1", gaps: [gap(300_000, "camera-unreachable")], gapsWithin: [gap(20_000, "no-data")] }, { code: "C-2", gaps: [gap(1_000, "camera-unreachable")] }]), [
      { ...gap(20_000, "no-data"), code: "C-1", within: true }, { ...gap(300_000, "camera-unreachable"), code: "C-1", within: false }, { ...gap(1_000, "camera-unreachable"), code: "C-2", within: false },
    ]);
  });
  test("[EXP7] in a gap there is nothing, and the next picture is found", () => {
    assert.equal(findPlace(camera, 150_000), undefined);
    assert.equal(findPlace(camera, 210_000), undefined);
    assert.equal(findNext([camera], 150_000), 200_000);
    assert.equal(findNext([camera], 5_000), 5_000);
    assert.equal(findNext([camera], 210_000), undefined);
  });
});
