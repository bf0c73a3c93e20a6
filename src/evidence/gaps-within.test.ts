// Gaps within the files of a manifest that anybody may have made. Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ManifestCamera } from "./manifest.ts";
import { liesWithin } from "./verify.ts";

type Part = ManifestCamera["files"][number]["parts"][number];
/** Of each file its parts, as far as their times go. */
const cameraOf = (files: readonly (readonly Pick<Part, "start" | "end">[])[], gaps: readonly (readonly [number, number])[]): Pick<ManifestCamera, "files" | "gapsWithin"> => ({
  files: files.map((parts) => ({ parts })) as unknown as ManifestCamera["files"], gapsWithin: gaps.map(([start, end]) => ({ start, end, cause: "no-data" })),
});
const part = (start: number, end: number) => ({ start, end });

test("[EXP2] [EXP9] a gap within the files lies in a single part of one of them, whatever their order", () => {
  const files = [[part(100, 200), part(200, 300)], [part(0, 50)], [part(150, 260)]];
  assert.ok(liesWithin(cameraOf(files, [[210, 300], [100, 110], [0, 50], [190, 250]])), "the last in the time that was recorded twice");
  for (const [start, end] of [[190, 270], [40, 60], [60, 70], [299, 301], [120, 120], [130, 120]] as const) assert.equal(liesWithin(cameraOf(files, [[start, end]])), false, `${start} to ${end}`);
  assert.ok(liesWithin({ files: [] }));
  assert.equal(liesWithin(cameraOf([], [[0, 1]])), false);
});

test("[EXP9] however many of both a manifest has, each is looked at some times and not once for each of the other", () => {
  let looks = 0;
  const count = 5_000;
  const parts = Array.from({ length: count }, (_, i) => ({ get start() { looks++; return i * 10; }, get end() { looks++; return i * 10 + 9; } }));
  const gaps = Array.from({ length: count }, (_, i): [number, number] => [i * 10 + 1, i * 10 + 2]);
  assert.ok(liesWithin(cameraOf([parts], gaps)));
  assert.ok(looks < count * 100, `${looks} looks for ${count} parts`);
});
