// The small clips, for the sub streams of the simulated cameras: made of the large ones that are in the repository, so that no scene need be drawn again. `node scripts/scenes/small.ts`
// makes all, `... junction-normal` one. Width and height are whole macroblocks; the simulator adds a top row of 24.
import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ASSETS_DIR, SMALL_FOLDER } from "../../src/sim/cameras/clip-folder.ts";
import { encodeClip, ffmpeg } from "./encode.ts";

const SIZE = { width: 384, height: 208 };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { crf: { type: "string", default: "42.5" } } });
const into = path.join(ASSETS_DIR, SMALL_FOLDER);
await mkdir(into, { recursive: true });
const work = await mkdtemp(path.join(os.tmpdir(), "scenes-small-"));
try {
  const files = (await readdir(ASSETS_DIR)).filter((file) => file.endsWith(".h264") && (positionals.length === 0 || positionals.includes(path.basename(file, ".h264"))));
  let total = 0;
  for (const file of files) {
    const raw = path.join(work, "pictures.i420");
    const encoded = path.join(work, file); // not in its place before it is proved
    await ffmpeg(["-i", path.join(ASSETS_DIR, file), "-vf", `scale=${SIZE.width}:${SIZE.height}:flags=area`, "-f", "rawvideo", "-pix_fmt", "yuv420p", raw]);
    const again = await encodeClip(raw, encoded, Number(values.crf), SIZE);
    await copyFile(encoded, path.join(into, file));
    const { size } = await stat(encoded);
    total += size;
    console.log(`${file}: ${(size / 1000).toFixed(0)} kB, ${again} groups twice`);
  }
  console.log(`${files.length} clips, ${(total / 1e6).toFixed(2)} MB`);
} finally {
  await rm(work, { recursive: true });
}
