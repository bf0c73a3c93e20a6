// Looks at recorded pictures with the real ffmpeg: a recorded clip, then the same blurred, black and frozen. Without ffmpeg there is nothing to test: the product then does not look either.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { segmentPath } from "../../src/io/recorder/segment-files.ts";
import { decodeGreys, findFfmpeg } from "../../src/io/recorder/grey-decoder.ts";
import { PictureChecker } from "../../src/io/recorder/picture-checker.ts";
import { readUint32 } from "../../src/media/bytes.ts";
import { MEASURED_HEIGHT, MEASURED_WIDTH } from "../../src/video/health/picture-measures.ts";

const hasFfmpeg = await findFfmpeg("ffmpeg");
const MINUTE = 60_000;

/** Where the boxes of this name begin at the top of a file. */
function listBoxes(file: Uint8Array, name: string): number[] {
  const found: number[] = [];
  for (let at = 0; at + 8 <= file.length; at += readUint32(file, at)) if (String.fromCharCode(...file.subarray(at + 4, at + 8)) === name) found.push(at);
  return found;
}

describe("looks at recorded pictures", { skip: hasFfmpeg ? false : "no ffmpeg on the PATH" }, () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "citywatch-pictures-"));
    await mkdir(dirname(segmentPath(root, 1, 1)), { recursive: true });
  });
  after(() => rm(root, { recursive: true, force: true }));

  /** A segment of test pictures that move, changed by this filter. */
  async function record(segmentId: number, filter: string, cameraId = 1): Promise<{ segmentId: number; initBytes: number; bytes: number; gops: { offset: number; startMs: number; duration90k: number; frames: number }[] }> {
    const path = segmentPath(root, cameraId, segmentId);
    await mkdir(dirname(path), { recursive: true });
    execFileSync("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", `testsrc2=size=640x360:rate=10:duration=2,noise=alls=4:allf=t:all_seed=${segmentId}${filter}`, "-c:v", "libx264", "-preset", "ultrafast", "-g", "10",
      "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", path]);
    const file = await readFile(path);
    const fragments = listBoxes(file, "moof");
    return { segmentId, initBytes: fragments[0]!, bytes: file.length, gops: fragments.map((offset, i) => ({ offset, startMs: i * 1_000, duration90k: 90_000, frames: 10 })) };
  }

  test("[HLT8] what was made black, blurred or frozen is found, and what is well is not", { timeout: 600_000 }, async () => {
    let now = 1_790_000_000_000;
    let stillMs = 0;
    let segment = await record(1, "");
    const checker = new PictureChecker({
      root, ffmpeg: "ffmpeg", clock: { wallMs: () => now, monotonicMs: () => now }, log: (_level, _fields, message) => assert.fail(message),
      listCameras: () => [{ cameraId: 1, findSegment: () => segment, stillMs }, { cameraId: 2, findSegment: () => undefined, stillMs: 0 }],
    });
    const look = async (): Promise<string | undefined> => {
      now += 11 * MINUTE;
      while (await checker.checkDue());
      return checker.find(1)?.state;
    };
    assert.equal(await checker.checkDue(), false, "a first look waits its turn");
    for (let i = 1; i <= 7; i++) {
      segment = await record(i, "");
      assert.equal(await look(), "good", `look ${i}`);
    }
    assert.ok(checker.find(1)!.usualSharpness! > 100);
    assert.equal(checker.find(2), null);
    segment = await record(20, ",gblur=sigma=12");
    assert.deepEqual([await look(), await look()], ["good", "blurred"]);
    segment = await record(21, ",eq=brightness=-1");
    assert.deepEqual([await look(), await look()], ["good", "black"]);
    segment = await record(22, "");
    stillMs = 60 * MINUTE;
    assert.deepEqual([await look(), await look(), await look()], ["good", "good", "frozen"]);
    assert.notEqual(checker.find(1)!.sameSince, null);
    segment = await record(23, "");
    assert.equal(await look(), "good");
    await checker.stop();
  });

  test("[HLT8] bytes that are no picture are an error with the program's words, and end by themselves", async () => {
    await assert.rejects(decodeGreys("ffmpeg", [new Uint8Array(100_000).fill(7)]), (error: Error) => error.message.length > 0);
    await assert.rejects(decodeGreys("no-such-program-here", [new Uint8Array(10)]));
    assert.equal(await findFfmpeg("no-such-program-here"), false);
    const logged: string[] = [];
    let now = 0;
    await writeFile(segmentPath(root, 1, 99), new Uint8Array(5_000));
    const checker = new PictureChecker({
      root, ffmpeg: "ffmpeg", clock: { wallMs: () => 1e12, monotonicMs: () => (now += MINUTE) }, log: (_level, _fields, message) => logged.push(message), againMs: 1, everyMs: 1,
      listCameras: () => [{ cameraId: 1, findSegment: () => ({ segmentId: 99, initBytes: 1_000, bytes: 5_000, gops: [{ offset: 1_000, startMs: 0, duration90k: 1, frames: 1 }] }), stillMs: 0 }],
    });
    for (let i = 0; i < 20 && logged.length === 0; i++) await checker.checkDue();
    assert.deepEqual([logged.length, checker.find(1)], [1, null]);
  });

  test("[HLT8] where no descriptors are left a look fails, and the process goes on", () => {
    const script = `
      import { openSync } from "node:fs";
      import { decodeGreys } from ${JSON.stringify(new URL("../../src/io/recorder/grey-decoder.ts", import.meta.url).href)};
      try { for (;;) openSync("/dev/null"); } catch {}
      await decodeGreys("ffmpeg", [new Uint8Array(10), new Uint8Array(10)]).catch((error) => console.log(error.code));
      setTimeout(() => console.log("goes on"), 100);`;
    const said = execFileSync("sh", ["-c", 'ulimit -n 100 && exec "$0" "$@"', process.execPath, "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script], { encoding: "utf8" });
    assert.deepEqual(said.trim().split("\n"), ["EMFILE", "goes on"]);
  });

  test("[HLT8] a look under way ends with the recorder", async () => {
    const { bytes, segmentId } = await record(60, "");
    const ending = new AbortController();
    const look = decodeGreys("ffmpeg", [(await readFile(segmentPath(root, 1, segmentId))).subarray(0, bytes)], ending.signal);
    ending.abort();
    await assert.rejects(look, /aborted/);
  });

  test("[HLT8] a picture comes out in the measured size, whatever its own", async () => {
    const { bytes, segmentId } = await record(50, "");
    const [grey] = await decodeGreys("ffmpeg", [(await readFile(segmentPath(root, 1, segmentId))).subarray(0, bytes)]);
    assert.equal(grey!.length, MEASURED_WIDTH * MEASURED_HEIGHT);
  });

  test("[HLT8] several at once: each camera gets its own picture, and one that cannot be decoded leaves the others theirs", { timeout: 600_000 }, async () => {
    const segments = new Map([[1, await record(70, "")], [2, await record(71, ",eq=brightness=-1", 2)], [4, await record(72, "", 4)]]);
    await mkdir(dirname(segmentPath(root, 3, 73)), { recursive: true });
    await writeFile(segmentPath(root, 3, 73), new Uint8Array(5_000));
    segments.set(3, { segmentId: 73, initBytes: 1_000, bytes: 5_000, gops: [{ offset: 1_000, startMs: 0, duration90k: 1, frames: 1 }] });
    const clips = await Promise.all([readFile(segmentPath(root, 1, 70)), readFile(segmentPath(root, 2, 71))]);
    assert.deepEqual(await decodeGreys("ffmpeg", clips), [...await decodeGreys("ffmpeg", [clips[0]!]), ...await decodeGreys("ffmpeg", [clips[1]!])]);
    let now = 0;
    const checker = new PictureChecker({
      root, ffmpeg: "ffmpeg", clock: { wallMs: () => 1e12 + now, monotonicMs: () => now }, log: () => undefined,
      listCameras: () => [...segments].map(([cameraId, segment]) => ({ cameraId, findSegment: () => segment, stillMs: 0 })),
    });
    await checker.checkDue();
    now += 11 * MINUTE;
    await checker.checkDue();
    const lumas = [1, 2, 3, 4].map((id) => checker.find(id)?.luma ?? null);
    assert.ok(lumas[0]! > 60 && lumas[1]! < 24 && lumas[3]! > 60, JSON.stringify(lumas));
    assert.equal(lumas[2], null);
  });
});
