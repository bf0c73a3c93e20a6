// For tests: recordings made by the true writer, and the package that an export desk makes of them, with a key of the test's own.
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import type { ExportOrder } from "../../../contract/evidence.ts";
import type { LinkFromRecorder } from "../../../contract/recorder-link.ts";
import type { VideoFormat } from "../../../media/video-format.ts";
import { Sample } from "../../../video/ingest/video-ingest.ts";
import { StreamRecording } from "../../../video/recording/stream-recording.ts";
import { createEvidenceSigner } from "../../crypto/evidence-signer.ts";
import { ChunkArena } from "../../recorder/chunk-arena.ts";
import { IndexStore } from "../../recorder/index-store.ts";
import { RecordingWriter } from "../../recorder/recording-writer.ts";
import { ExportDesk, type ExportDeskOptions } from "../export-desk.ts";
import type { z } from "zod";

export const T0 = 1_790_000_000_000;
export const TOKEN = "a-token-of-one-download-0123456789abcdef";
export const SMALL: VideoFormat = { codec: "h264", codecString: "avc1.42c01e", width: 240, height: 160, frameRate: 25, reorderFrames: 0, configuration: new Uint8Array([1, 66, 192, 30, 255, 224, 0]) };
export const LARGE: VideoFormat = { ...SMALL, width: 1920, height: 1080 };

/** What a recorder tells of manifests, put together again; answers each with its last piece. */
export function createManifestCollector(): (message: z.infer<typeof LinkFromRecorder>) => { readonly exportId: number; readonly text: string } | undefined {
  const coming = new Map<number, string>();
  return (message) => {
    if (message.type !== "export-sign") return undefined;
    const text = (message.at === 0 ? "" : coming.get(message.exportId)!) + message.piece;
    coming.set(message.exportId, text);
    return message.last ? { exportId: message.exportId, text } : undefined;
  };
}

export class PackageRig {
  readonly signer = createEvidenceSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);
  readonly told: z.infer<typeof LinkFromRecorder>[] = [];
  readonly root: string;
  readonly index: IndexStore;
  desk: ExportDesk;
  wallMs = T0 + 3_600_000;
  signs = true;
  clockOffsetMs: number | null = null;

  constructor(root: string) {
    this.root = root;
    this.index = new IndexStore(join(root, "index.sqlite"));
    this.desk = this.createDesk({});
  }

  static async create(): Promise<PackageRig> {
    const root = await mkdtemp(join(tmpdir(), "citywatch-package-"));
    await writeFile(join(root, "page.html"), "<!doctype html><title>page</title>");
    return new PackageRig(root);
  }

  createDesk(more: Partial<ExportDeskOptions>): ExportDesk {
    const collect = createManifestCollector();
    const desk = new ExportDesk({
      root: this.root, recorderId: 1, program: "Citywatch test", index: this.index, findClockOffset: () => this.clockOffsetMs, pool: { find: () => undefined }, clock: { wallMs: () => this.wallMs, monotonicMs: () => performance.now() },
      pagePath: join(this.root, "page.html"), log: () => undefined,
      tell: (message) => {
        this.told.push(message);
        const manifest = collect(message);
        if (manifest !== undefined) queueMicrotask(() => desk.takeSignature(manifest.exportId, this.signs ? this.signer.sign(manifest.text) : null));
        if (message.type === "export-ended") desk.endKept(message.exportId);
      },
      ...more,
    });
    return desk;
  }

  /** Pictures of one run, 25 a second with a key frame each second; then the run ends for `cause`. `change`: the format from that picture on. */
  async record(cameraId: number, startMs: number, frames: number, cause: "camera-closed" | "recorder-stopped" = "camera-closed", change: number = Number.POSITIVE_INFINITY): Promise<void> {
    const writer = new RecordingWriter({ root: this.root, cameraId, index: this.index, counters: { bytesWritten: 0, bytesOpen: 0, writes: 0, fsyncs: 0, failures: 0 }, onDiskFailed: (error) => { throw error; } });
    const recording = new StreamRecording(cameraId, writer, new ChunkArena(1e9));
    recording.onFormat(SMALL);
    const sample = new Sample();
    for (let i = 0; i < frames; i++) {
      if (i === change) recording.onFormat(LARGE);
      sample.bytes = new Uint8Array(200 + (i % 7)).map((_, at) => (at * 31 + i) & 255);
      sample.start = 0;
      sample.length = sample.bytes.length;
      sample.key = i % 25 === 0 || i === change;
      sample.decode90k = i * 3_600;
      sample.wallMs = startMs + i * 40;
      recording.onSample(sample, sample.wallMs);
    }
    recording.end(cause);
    await writer.idle();
  }

  order(from: number, to: number, cameraIds: readonly number[] = [1], exportId = 7): ExportOrder {
    const pose = { point: { lon: -56.2, lat: -34.9 }, mountHeightM: 6, bearingDeg: 90, tiltDeg: 10, horizontalFovDeg: 90, verticalFovDeg: 60, rangeM: 100 };
    return {
      exportId, tokenSha256: createHash("sha256").update(TOKEN).digest("hex"), expiresAt: this.wallMs + 600_000, city: "Test City", timeZone: "America/Montevideo", asked: { from, to }, askedBy: { accountId: 3, name: "Ann 安", at: this.wallMs },
      reason: { purpose: "investigation", words: "a case", incidentId: null, incidentNumber: null, contactId: null }, publicKey: this.signer.publicKey,
      cameras: cameraIds.map((id) => ({ id, code: `C-${id}`, name: `camera ${id}`, place: "Rivera", pose, accessRecordId: 40 + id, sound: true, metadata: true })),
    };
  }

  /** The package as bytes. */
  async export(order: ExportOrder): Promise<Buffer> {
    this.desk.accept(order);
    const begun = this.desk.begin(order.exportId, TOKEN);
    if (!begun.ok) throw new Error(begun.error);
    const chunks: Buffer[] = [];
    await begun.value.send(new Writable({ write: (chunk: Buffer, _encoding, done) => { chunks.push(chunk); done(); } }), () => undefined);
    return Buffer.concat(chunks);
  }

  async close(): Promise<void> {
    this.desk.stop();
    this.index.close();
    await rm(this.root, { recursive: true, force: true });
  }
}
