// A camera that we did not write: GStreamer's RTSP server, in Debian's packages, which plays a street clip over and over behind digest authentication and counts
// what it sent. Tests that need it skip with a message where it or the clip is not there.
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MP4BoxBuffer, createFile } from "mp4box";
import { waitUntil } from "./wait.ts";

const CLIP = fileURLToPath(new URL("../../../shared/data/video/car-detection.mp4", import.meta.url)); // 768 x 432, 12.5 pictures a second
/** Pictures of the clip, once through. */
export const CLIP_PICTURES = 377;
export const CAMERA_USER = "operator";
export const CAMERA_PASSWORD = 'a pass, "word"';
const PYTHON = "/usr/bin/python3";

/** What is not here of what such a camera needs; false where all is. */
export function findMissing(): string | false {
  if (!existsSync(CLIP)) return "../shared/data/video/car-detection.mp4 is not here";
  try {
    execFileSync(PYTHON, ["-c", "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"], { stdio: "ignore", timeout: 30_000 });
    return false;
  } catch {
    return "GStreamer's RTSP server for Python (Debian: python3-gst-1.0, gir1.2-gst-rtsp-server-1.0) is not here";
  }
}

/** GStreamer as a process of its own. Each client is played `pictures` from the first one on, then told BYE. */
export class GStreamerCamera {
  /** The pictures that each play had sent when it came to its end. */
  readonly ended: number[] = [];
  address = "";
  #process: ChildProcess | undefined;

  async start(pictures: number): Promise<void> {
    const server = spawn(PYTHON, [fileURLToPath(new URL("./gstreamer-camera.py", import.meta.url)), CLIP, CAMERA_USER, CAMERA_PASSWORD, String(pictures)], { stdio: ["pipe", "pipe", "inherit"] });
    this.#process = server;
    createInterface({ input: server.stdout }).on("line", (line) => {
      const { port, pushed } = JSON.parse(line) as { port?: number; pushed?: number };
      if (port !== undefined) this.address = `rtsp://127.0.0.1:${port}/cam`;
      if (pushed !== undefined) this.ended.push(pushed);
    });
    await waitUntil(() => this.address !== "");
  }

  stop(): void {
    this.#process?.stdin?.end();
    this.#process?.kill();
  }
}

/** Pictures that ffprobe decodes from a file; where it is not installed, those that mp4box reads the samples of. */
export async function countPictures(file: string): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)("ffprobe", ["-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", file]);
    return Number(stdout.replace(/\D/g, ""));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const reader = createFile();
    reader.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(readFileSync(file)).buffer, 0));
    reader.flush();
    return reader.getInfo().tracks.reduce((sum, track) => sum + track.nb_samples, 0);
  }
}
