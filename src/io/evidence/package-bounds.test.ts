// What is planned is held against what a reader of packages takes before the first byte goes out. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodeSoundFragment, encodeSoundInit } from "../../media/fmp4/sound.ts";
import type { ExportFile } from "../../video/export/plan.ts";
import { createEvidenceSigner } from "../crypto/evidence-signer.ts";
import { cameraFolder, trackFilePath } from "../recorder/segment-files.ts";
import { type PackageInput, checkPackageBounds } from "./package-stream.ts";
import { createDayOrder } from "./testing/day-manifest.ts";

const { publicKey } = createEvidenceSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);
const order = createDayOrder(publicKey);
const { from, to } = order.asked;
const part = { segmentId: 1, from: 700, to: 32_000_000, segmentBytes: 32_000_000, start: from, end: from + 60_000, media90k: 0, frames: 1_500 };
/** `files` of each camera, of `parts` each. */
const planOf = (files: number, parts: number, of = order): PackageInput => {
  const file: ExportFile = { initBytes: 700, bytes: 32_000_000, start: from, end: to, frames: 1_500, parts: Array.from({ length: parts }, () => part) };
  return {
    order: of, recorderId: 1, program: "test", root: "", madeAt: to, range: order.asked, page: new Uint8Array(1), onBytes: () => undefined, sign: async () => assert.fail("nothing is signed"),
    cameras: of.cameras.map(({ id }) => ({ cameraId: id, clockOffsetMs: null, gaps: [], gapsWithin: [], hashes: new Map(), files: Array.from({ length: files }, () => file), beside: [] })),
  };
};

test("[EXP10] a day of sixteen cameras fits, and is measured in turns in which cameras go on", async () => {
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await checkPackageBounds(planOf(1, 1_440));
  isDone = true;
  assert.ok(turns >= 50, `${turns} turns`);
});

test("[EXP10] more members than a reader takes, or a longer manifest, are refused as too large", async () => {
  await checkPackageBounds(planOf(1_249, 1));
  await assert.rejects(checkPackageBounds(planOf(1_250, 1)), /a package of 20007 members, expected at most 20000/);
  await assert.rejects(checkPackageBounds(planOf(1, 5_000)), RangeError);
  const heard = planOf(420, 1);
  const rows = [{ segmentId: 1, cameraId: 1, codec: "pcma" as const, startMs: from, endMs: to, bytes: 9, sha256: null }];
  await assert.rejects(checkPackageBounds({ ...heard, cameras: heard.cameras.map((camera) => ({ ...camera, beside: camera.files.map(() => [{ kind: "sound" as const, rows }]) })) }), /a package of 20167 members/, "what is beside the pictures counts");
});

test("[EXP10] a WAV longer than a WAV can tell is refused as too large, before the first byte", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "citywatch-bounds-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  const format = { codec: "pcma", clockHz: 32_000, channels: 1 } as const;
  await mkdir(cameraFolder(root, 1), { recursive: true });
  await writeFile(trackFilePath("sound")(root, 1, 1), Buffer.concat([encodeSoundInit(format), encodeSoundFragment(format, 1, from, 0, [new Uint8Array(32_000)])]));
  const rows = [{ segmentId: 1, cameraId: 1, codec: "pcma" as const, startMs: from, endMs: from + 1_000, bytes: 1e9, sha256: null }];
  const planned = (hours: number): PackageInput => {
    const plan = planOf(1, 1);
    const of = plan.cameras[0]!;
    return { ...plan, root, cameras: [{ ...of, files: [{ ...of.files[0]!, end: from + hours * 3_600_000 }], beside: [[{ kind: "sound", rows }]] }] };
  };
  await checkPackageBounds(planned(18.6));
  await assert.rejects(checkPackageBounds(planned(18.7)), /^RangeError: a WAV of 4308480000 bytes, expected at most 4294967259$/);
});

test("[EXP10] a manifest is measured in bytes, not in letters", async () => {
  const letters = 4_100_000;
  await checkPackageBounds(planOf(0, 0, { ...order, reason: { ...order.reason, words: "a".repeat(letters) } }));
  await assert.rejects(checkPackageBounds(planOf(0, 0, { ...order, reason: { ...order.reason, words: "安".repeat(letters) } })), /a manifest of 123\d{5} bytes, expected at most 12000000/);
});
