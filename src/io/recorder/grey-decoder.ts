// Pictures out of recorded key frames, by ffmpeg where it is there: small and grey, for measures alone. Starting the program takes more than its work (0.13 s of a core for one picture of
// 1920 x 1080, 0.05 s each for eight), and the more memory this process has, the more it costs it to start another: so several are decoded at once. It runs at the lowest priority,
// gets the bytes through pipes, and its options from here alone.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import type { Readable, Writable } from "node:stream";
import { MEASURED_HEIGHT, MEASURED_WIDTH } from "../../video/health/picture-measures.ts";

/** On a busy machine everything else goes first. */
const LIMIT_MS = 60_000;
const PICTURE_BYTES = MEASURED_WIDTH * MEASURED_HEIGHT;
const MOST_WORDS = 4_096;
const OUTPUT = ["-frames:v", "1", "-vf", `scale=${MEASURED_WIDTH}:${MEASURED_HEIGHT}:flags=area,format=gray`, "-f", "rawvideo"];
/** The first descriptor that is none of input, output and error. */
const FIRST_PIPE = 3;

/** Whether the program is there and runs; false too when it is aborted. May take seconds on a busy machine. */
export const findFfmpeg = (program: string, signal?: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => execFile(program, ["-version"], { timeout: LIMIT_MS, killSignal: "SIGKILL", windowsHide: true, ...(signal === undefined ? {} : { signal }) }, (error) => resolve(error === null)));

/** Decodes the first picture of each fragmented MP4. Rejects with what the program said where one of them has none, and when it is aborted. */
export async function decodeGreys(program: string, clips: readonly Uint8Array[], signal?: AbortSignal): Promise<Uint8Array[]> {
  const inputs = clips.flatMap((_, i) => ["-threads", "1", "-f", "mp4", "-i", `pipe:${FIRST_PIPE + i}`]);
  const outputs = clips.flatMap((_, i) => ["-map", `${i}:v:0`, ...OUTPUT, `pipe:${FIRST_PIPE + clips.length + i}`]);
  const child = spawn(program, ["-nostdin", "-v", "error", "-filter_threads", "1", ...inputs, ...outputs], {
    stdio: ["ignore", "ignore", "pipe", ...clips.flatMap(() => ["pipe", "pipe"] as const)], killSignal: "SIGKILL", windowsHide: true,
    signal: AbortSignal.any([AbortSignal.timeout(LIMIT_MS), ...(signal === undefined ? [] : [signal])]),
  });
  child.on("error", () => undefined); // whatever comes beside the one that is awaited
  const over = once(child, "close"); // rejects where it could not be started or was aborted
  over.catch(() => undefined); // it is awaited below
  if (child.pid === undefined) await over; // it has no pipes then, as where descriptors ran out
  try {
    setPriority(child.pid!, constants.priority.PRIORITY_LOW);
  } catch {
    // It ended already, or we may not: it runs as it is.
  }
  for (const [i, clip] of clips.entries()) {
    const input = child.stdio[FIRST_PIPE + i] as Writable;
    input.on("error", () => undefined); // it takes no more than the first picture
    input.end(clip);
  }
  let words = "";
  child.stderr!.on("data", (data: Buffer) => { words = (words + data.toString()).slice(0, MOST_WORDS); });
  const pictures = clips.map((_, i) => collect(child.stdio[FIRST_PIPE + clips.length + i] as Readable));
  const [code] = (await over) as [number | null];
  if (pictures.every(({ bytes, length }) => length === bytes.length)) return pictures.map(({ bytes }) => bytes);
  throw new Error(words.trim().split("\n")[0] || `no picture came out, and it ended with ${code}`);
}

/** The first bytes that come, as many as a picture has; `length` counts all. */
function collect(stream: Readable): { readonly bytes: Uint8Array; length: number } {
  const picture = { bytes: new Uint8Array(PICTURE_BYTES), length: 0 };
  stream.on("data", (data: Buffer) => {
    if (picture.length < PICTURE_BYTES) picture.bytes.set(data.subarray(0, PICTURE_BYTES - picture.length), picture.length);
    picture.length += data.length;
  });
  return picture;
}
