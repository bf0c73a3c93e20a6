// The clips that are in the repository: all of them have one form, so that a stream may change from one to another at any key picture.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { joinAnnexB } from "../../media/annexb.ts";
import { parseH264Sps } from "../../media/h264/sps.ts";
import { ASSETS_DIR, openClipFolder } from "./clip-folder.ts";
import { ONSET_PICTURES, eventPicture } from "./clip.ts";
import { SCENE_NAMES, STAGED_EVENTS, type SceneName, type StagedEvent } from "./scenes.ts";
import { encodeTextSlice } from "./text-slice.ts";

const shelf = openClipFolder(ASSETS_DIR);
const clips = SCENE_NAMES.flatMap((scene) => (["normal", ...STAGED_EVENTS] as const).filter((variant) => variant === "normal" || shelf.has(scene, variant)).map((variant) => ({ scene, variant })));
/** The other poles' loops last one cycle of the signals, not two. */
const isOtherView = (scene: SceneName): boolean => /-(east|west|mast|gate)$/.test(scene);
const nameOf = ({ scene, variant }: { scene: SceneName; variant: "normal" | StagedEvent }): string => `${scene}-${variant}`;

test("every file in the folder is a clip, and together they stay below 12 MB", () => {
  const files = readdirSync(ASSETS_DIR).filter((f) => f.endsWith(".h264"));
  assert.deepEqual(files.sort(), clips.map((c) => `${nameOf(c)}.h264`).sort());
  const total = files.reduce((sum, f) => sum + statSync(path.join(ASSETS_DIR, f)).size, 0);
  assert.ok(total < 12_000_000, `${total} bytes`);
});

test("each of the three stories can be shown where it is staged: smoke at a school, theft on a square, a collision at a junction", () => {
  assert.ok(shelf.has("school", "smoke") && shelf.has("square", "theft") && shelf.has("junction", "collision") && shelf.has("avenue", "collision"));
});

test("all clips share their parameter sets, loop in whole groups and last what the drawing says", () => {
  const first = shelf.get("junction", "normal").format;
  for (const clip of clips) {
    const { format, pictures } = shelf.get(clip.scene, clip.variant);
    assert.deepEqual(format, first, nameOf(clip));
    assert.equal(pictures.length, clip.variant !== "normal" ? 300 : isOtherView(clip.scene) ? 200 : 400, nameOf(clip));
    pictures.forEach(({ header }, i) => assert.equal(header.frameNum, i % 25 % 2 ** format.frameNumBits, `${nameOf(clip)} picture ${i}`));
  }
  const sps = parseH264Sps(first.sps);
  assert.ok(sps.ok);
  assert.deepEqual([sps.value.width, sps.value.height, sps.value.frameRate, sps.value.reorderFrames], [768, 432, 12.5, 0]);
});

test("an event plays its onset once and then repeats the rest", () => {
  assert.deepEqual([0, 99, 100, 299, 300, 499, 500, 700].map((age) => eventPicture(age, 300)), [0, 99, 100, 299, 100, 299, 100, 100]);
  assert.equal(ONSET_PICTURES % 25, 0);
});

const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;

// What no reader of headers can prove: no motion vector reaches from the scene into the row above. One group of each clip; scripts/scenes compares all.
test("a decoder shows the same pixels below whatever the top row holds", { skip: hasFfmpeg ? false : "no ffmpeg on this machine" }, async () => {
  for (const clip of clips) {
    const { format, pictures } = shelf.get(clip.scene, clip.variant);
    const group = pictures.slice(50, 75);
    const under = async (cell: string): Promise<Buffer[]> => {
      const nals = [format.sps, format.pps, ...group.flatMap(({ header, nal }, i) => [encodeTextSlice(header, format.frameNumBits, Array<string>(48).fill(i % 2 ? cell : "#0110"), []), nal])];
      const raw = await decode(joinAnnexB(nals));
      const size = 768 * 432 * 1.5;
      assert.equal(raw.length, size * group.length, nameOf(clip));
      return group.map((_, i) => raw.subarray(i * size + 768 * 16, i * size + 768 * 432)); // luma below the row
    };
    const [a, b] = await Promise.all([under("#1111"), under("#0000")]);
    a.forEach((rows, i) => assert.ok(rows.equals(b[i]!), `${nameOf(clip)} picture ${50 + i} differs`));
  }
});

function decode(stream: Uint8Array): Promise<Buffer> {
  const child = spawn("ffmpeg", ["-loglevel", "error", "-f", "h264", "-i", "-", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]);
  const parts: Buffer[] = [];
  let complaints = "";
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.stderr.on("data", (part: Buffer) => (complaints += part.toString()));
  child.stdin.end(stream);
  return new Promise((resolve) => child.on("close", () => {
    assert.equal(complaints, "");
    resolve(Buffer.concat(parts));
  }));
}
