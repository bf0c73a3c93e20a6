// From raw pictures to a clip, and the proof that the clip bears a foreign row above it. x264 cannot be told that no motion vector may reach over the upper
// edge. The scenes keep that edge still, so it rarely happens; here each clip is decoded twice, as it is and under a row of changing noise, and a
// group of pictures in which one pixel differs is encoded again by itself with a little more or less quantisation until none does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { joinAnnexB, splitAnnexB } from "../../src/media/annexb.ts";
import { GOP_PICTURES, decodeClip } from "../../src/sim/cameras/clip.ts";
import { encodeTextSlice } from "../../src/sim/cameras/text-slice.ts";
import { HEIGHT, WIDTH } from "./engine/camera.ts";

export const RATE = "25/2";
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}
const SCENE_SIZE: PictureSize = { width: WIDTH, height: HEIGHT };
const pictureBytes = ({ width, height }: PictureSize): number => (width * height * 3) / 2;

function encoderOptions(crf: number): string[] {
  const x264 = [
    "cabac=0", "bframes=0", "ref=1", "weightp=0", `keyint=${GOP_PICTURES}`, `min-keyint=${GOP_PICTURES}`, "scenecut=0", "slices=1", "sliced-threads=0", "threads=1",
    "8x8dct=1", "deblock=1,1", "me=umh", "subme=9", "trellis=2", "aq-mode=1", "aq-strength=0.7", "psy=0", "ipratio=1.2", "open-gop=0", "force-cfr=1", "stitchable=1",
  ].join(":");
  return ["-c:v", "libx264", "-preset", "slow", "-profile:v", "high", "-level:v", "3.1", "-crf", String(crf), "-pix_fmt", "yuv420p", "-x264-params", x264, "-bsf:v", "filter_units=remove_types=6", "-f", "h264"];
}

/** Encodes `pictures` (I420, one after another) into `out`; answers how many groups had to be encoded again. */
export async function encodeClip(pictures: string, out: string, crf: number, size: PictureSize = SCENE_SIZE): Promise<number> {
  await ffmpeg(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", formatSize(size), "-r", RATE, "-i", pictures, ...encoderOptions(crf), out]);
  const again = new Set<number>();
  for (const step of [0.5, 1, -0.5, 1.5, -1, 2, -1.5, 2.5, 3]) {
    const bad = await listLeakingGroups(out, size);
    if (bad.length === 0) return again.size;
    const groups = splitGroups(await readFile(out));
    for (const group of bad) {
      again.add(group);
      groups.pictures[group] = splitGroups(await encodeGroup(pictures, group, crf + step, size)).pictures[0]!;
    }
    await writeFile(out, joinAnnexB([...groups.head, ...groups.pictures.flat()]));
  }
  const left = await listLeakingGroups(out, size);
  if (left.length > 0) throw new Error(`${out}: groups ${left.join(", ")} still refer to what is above the picture`);
  return again.size;
}

/** Parameter sets once, then the pictures of each group. */
function splitGroups(bytes: Uint8Array): { head: Uint8Array[]; pictures: Uint8Array[][] } {
  const nals = splitAnnexB(bytes);
  const head = [nals.find((n) => (n[0]! & 31) === 7)!, nals.find((n) => (n[0]! & 31) === 8)!];
  const slices = nals.filter((n) => (n[0]! & 31) === 1 || (n[0]! & 31) === 5);
  return { head, pictures: Array.from({ length: slices.length / GOP_PICTURES }, (_, i) => slices.slice(i * GOP_PICTURES, (i + 1) * GOP_PICTURES)) };
}

const formatSize = ({ width, height }: PictureSize): string => `${width}x${height}`;

async function encodeGroup(pictures: string, group: number, crf: number, size: PictureSize): Promise<Uint8Array> {
  const bytes = Buffer.alloc(pictureBytes(size) * GOP_PICTURES);
  const file = await open(pictures);
  try {
    await file.read(bytes, 0, bytes.length, group * bytes.length);
  } finally {
    await file.close();
  }
  return ffmpeg(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", formatSize(size), "-r", RATE, "-i", "-", ...encoderOptions(crf), "-"], bytes);
}

async function listLeakingGroups(clipFile: string, size: PictureSize): Promise<number[]> {
  const clip = decodeClip(clipFile, await readFile(clipFile));
  const nals: Uint8Array[] = [];
  clip.pictures.forEach(({ header, nal }, i) => {
    if (header.idr) nals.push(clip.format.sps, clip.format.pps);
    const noise = Array.from({ length: clip.format.widthMbs }, (_, k) => `#${(((i * 31 + k * 17) * 2654435761) >>> 8).toString(2).slice(-4).padStart(4, "0")}`);
    nals.push(encodeTextSlice(header, clip.format.frameNumBits, noise, []), nal);
  });
  const covered = `${clipFile}.covered.h264`;
  await writeFile(covered, joinAnnexB(nals));
  try {
    const raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"];
    const plain = await ffmpeg(["-i", clipFile, ...raw]);
    const under = await ffmpeg(["-i", covered, ...raw]);
    const bad = new Set<number>();
    for (let i = 0; i < clip.pictures.length; i++) {
      const [bytes, covered] = [pictureBytes(size), pictureBytes({ ...size, height: size.height + 16 })];
      const a = plain.subarray(i * bytes, (i + 1) * bytes);
      const b = under.subarray(i * covered, (i + 1) * covered);
      if (!samePlanes(a, b, size)) bad.add(Math.floor(i / GOP_PICTURES));
    }
    return [...bad];
  } finally {
    await rm(covered, { force: true });
  }
}

function samePlanes(a: Buffer, b: Buffer, { width, height }: PictureSize): boolean {
  const rowBytes = width * 16;
  const luma = width * height;
  const chroma = luma / 4;
  const u = luma + rowBytes;
  const v = u + chroma + rowBytes / 4;
  return (
    b.length === a.length + rowBytes * 1.5 && a.subarray(0, luma).equals(b.subarray(rowBytes, u)) && a.subarray(luma, luma + chroma).equals(b.subarray(u + rowBytes / 4, u + rowBytes / 4 + chroma)) &&
    a.subarray(luma + chroma).equals(b.subarray(v + rowBytes / 4))
  );
}

/** Runs ffmpeg; answers what it wrote to its standard output. */
export async function ffmpeg(args: readonly string[], input?: Uint8Array): Promise<Buffer> {
  const child = spawn("ffmpeg", ["-hide_banner", "-loglevel", "error", "-y", ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${args.join(" ")}`);
  return Buffer.concat(parts);
}
