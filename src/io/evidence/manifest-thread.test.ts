// Manifests on the thread of their own: judged and signed there, in pieces of any size, while the loop of whoever asks goes on. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { MOST_MANIFEST_PIECE } from "../../contract/recorder-link.ts";
import { formatManifest } from "../../evidence/manifest.ts";
import { type ReceivedManifest, createThreadedSigner } from "./manifest-thread.ts";
import { createDayManifest, createDayOrder } from "./testing/day-manifest.ts";

const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const signer = createThreadedSigner(pem);
const isSigned = (text: string, signature: string): boolean => verify(null, Buffer.from(text), createPublicKey(signer.publicKeyPem), Buffer.from(signature, "base64"));
const add = (to: ReceivedManifest, text: string, size: number): void => {
  for (let at = 0; at < text.length; at += size) to.add(text.slice(at, at + size));
};

test("[EXP4] a day of sixteen cameras is judged and signed while the loop goes on", async () => {
  const order = createDayOrder(signer.publicKey);
  const text = formatManifest(createDayManifest(order, signer.fingerprint));
  assert.ok(text.length > 5_000_000);
  let turns = 0;
  let turning: NodeJS.Immediate;
  const turn = (): void => {
    turns++;
    turning = setImmediate(turn);
  };
  turn();
  const manifest = signer.receive();
  add(manifest, text, MOST_MANIFEST_PIECE);
  turns = 0;
  assert.deepEqual(await manifest.judge(order, 1), { ok: true, value: createHash("sha256").update(text).digest("hex") });
  const signature = await manifest.sign();
  assert.ok(turns >= 5, `${turns} turns of the loop meanwhile`);
  assert.ok(isSigned(text, signature));
  assert.deepEqual(await manifest.judge({ ...order, city: "Another" }, 1), { ok: false, error: "another export, recorder, city or time zone" });
  manifest.drop();
  clearImmediate(turning!);
});

test("[EXP4] whatever the size of the pieces, and with several in hand, each text is the one that was told", async () => {
  const order = createDayOrder(signer.publicKey);
  const whole = createDayManifest(order, signer.fingerprint);
  const text = formatManifest({ ...whole, cameras: whole.cameras.map((camera) => ({ ...camera, files: [] })) });
  const other = signer.receive();
  other.add("{}");
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (size) => {
    const manifest = signer.receive();
    add(manifest, text, size);
    assert.deepEqual(await manifest.judge(order, 1), { ok: true, value: createHash("sha256").update(text).digest("hex") });
    assert.ok(isSigned(text, await manifest.sign()));
    manifest.drop();
  }), { numRuns: 30 });
  assert.equal((await other.judge(order, 1)).ok, false);
  other.drop();
});

test("[EXP4] a thread that dies costs what it had in hand, and the next manifest has another; what was dropped is answered no more", async () => {
  const folder = await mkdtemp(join(tmpdir(), "citywatch-thread-"));
  const program = join(folder, "program.mjs");
  await writeFile(program, `import { parentPort } from "node:worker_threads"; parentPort.on("message", ({ kind, piece, call }) => { if (piece === "die") process.exit(3); if (kind === "sign") parentPort.postMessage({ call, value: "signed" }); });`);
  try {
    const fragile = createThreadedSigner(pem, pathToFileURL(program));
    const [first, second] = [fragile.receive(), fragile.receive()];
    assert.equal(await first.sign(), "signed");
    const lost = assert.rejects(second.sign().then(() => second.judge(createDayOrder(""), 1)), /ended with 3/);
    first.add("die");
    await lost;
    await assert.rejects(first.sign(), /ended with 3/);
    first.drop();
    second.drop();
    const next = fragile.receive();
    assert.equal(await next.sign(), "signed");
    const open = assert.rejects(next.judge(createDayOrder(""), 1), /dropped/);
    next.drop();
    await open;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
