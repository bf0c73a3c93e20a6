// The small stream of each simulated camera: the same scene at the same moment, a quarter of the picture, with its own top row that a machine reads.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { joinAnnexB } from "../../media/annexb.ts";
import { parseH264Sps } from "../../media/h264/sps.ts";
import { CameraStream } from "./camera-stream.ts";
import { ASSETS_DIR, SMALL_FOLDER, openClipFolder } from "./clip-folder.ts";
import { PICTURE_MS, refreshOf } from "./clock-strip.ts";
import { readClock, readText } from "./read-clock.ts";
import { rowText } from "./text-row.ts";

const FOLDER = path.join(ASSETS_DIR, SMALL_FOLDER);
const [WIDTH, HEIGHT] = [384, 224];
const clipsIn = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith(".h264")).sort();

test("there is a small clip for each large one, as long, all of one form, and together below 2 MB", () => {
  assert.deepEqual(clipsIn(FOLDER), clipsIn(ASSETS_DIR));
  const total = clipsIn(FOLDER).reduce((sum, file) => sum + statSync(path.join(FOLDER, file)).size, 0);
  assert.ok(total < 2_000_000, `${total} bytes`);
  const [large, small] = [openClipFolder(ASSETS_DIR), openClipFolder(FOLDER)];
  for (const file of clipsIn(FOLDER)) {
    const [scene, variant] = /^(.*)-([a-z]+)\.h264$/.exec(file)!.slice(1) as [Parameters<typeof small.get>[0], Parameters<typeof small.get>[1]];
    const { format, pictures } = small.get(scene, variant);
    assert.equal(pictures.length, large.get(scene, variant).pictures.length, file);
    const sps = parseH264Sps(format.sps);
    assert.ok(sps.ok);
    assert.deepEqual([sps.value.width, sps.value.height, sps.value.frameRate], [WIDTH, HEIGHT, 12.5], file);
  }
});

test("its row says the code and the time of day", () => {
  assert.equal(rowText({ code: "C-0042", name: "Rivera y Soca" }, Date.UTC(2026, 10, 22, 17, 3, 28), () => -180, 16), "C-0042  14:03:28");
  assert.equal(rowText({ code: "A-CODE-OF-MANY", name: "" }, 0, () => 0, 16), "A-CODE- 00:00:00");
});

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;

test("a decoder sees the clock in it, and a machine reads it", { skip: hasFfmpeg ? false : "no ffmpeg on this machine" }, () => {
  const stream = new CameraStream({ code: "C-0042", name: "Rivera y Soca", hints: ["signal"] }, 7, openClipFolder(FOLDER), () => -180);
  const first = 25 * 1_000_000;
  const nals = Array.from({ length: 25 }, (_, i) => stream.accessUnit(first + i).nals).flat();
  const { stdout } = spawnSync("ffmpeg", ["-hide_banner", "-loglevel", "error", "-f", "h264", "-i", "-", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"], { input: joinAnnexB(nals), maxBuffer: 1e8 });
  const size = WIDTH * HEIGHT * 1.5;
  assert.equal(stdout.length, size * 25);
  for (let i = 0; i < 25; i++) {
    const luma = stdout.subarray(i * size, i * size + WIDTH * HEIGHT);
    assert.deepEqual(readClock({ luma, width: WIDTH }), { ok: true, code: "C-0042", wallMs: refreshOf(first + i) * PICTURE_MS });
  }
  assert.match(readText(stdout.subarray(0, WIDTH * 16), WIDTH), /^C-0042 {2}\d\d:\d\d:\d\d$/);
});
