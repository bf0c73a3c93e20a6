// For tests: an order of sixteen cameras for a day, and the manifest of what a recorder with a segment a minute makes of it: some 5 MB.
import type { ExportOrder } from "../../../contract/evidence.ts";
import { MINUTE_MS } from "../../../base/time.ts";
import type { Manifest, ManifestPart } from "../../../evidence/manifest.ts";

const T0 = 1_790_000_000_000;
const MINUTES = 1_440;
const CAMERAS = 16;
const POSE = { point: { lon: -56.2, lat: -34.9 }, mountHeightM: 6, bearingDeg: 90, tiltDeg: 10, horizontalFovDeg: 90, verticalFovDeg: 60, rangeM: 100 };

export function createDayOrder(publicKey: string, exportId = 7): ExportOrder {
  return {
    exportId, tokenSha256: "00".repeat(32), expiresAt: T0 + 600_000, city: "Test City", timeZone: "America/Montevideo", asked: { from: T0, to: T0 + MINUTES * MINUTE_MS }, askedBy: { accountId: 3, name: "Ann 安", at: T0 },
    reason: { purpose: "investigation", words: "a case", incidentId: null, incidentNumber: null, contactId: null }, publicKey,
    cameras: Array.from({ length: CAMERAS }, (_, i) => ({ id: i + 1, code: `C-${i + 1}`, name: `camera ${i + 1} 😀`, place: "Rivera", pose: POSE, accessRecordId: 40 + i, sound: false, metadata: false })),
  };
}

export function createDayManifest(order: ExportOrder, fingerprint: string): Manifest {
  const part = (camera: number, minute: number): ManifestPart => ({
    segmentId: camera * MINUTES + minute + 1, segmentSha256: (camera * MINUTES + minute).toString(16).padStart(64, "0"), check: "match", from: 700, to: 32_000_000,
    start: T0 + minute * MINUTE_MS, end: T0 + (minute + 1) * MINUTE_MS, media90k: minute * 5_400_000, frames: 1_500,
  });
  return {
    format: "citywatch-evidence", version: 1, exportId: order.exportId, city: order.city, timeZone: order.timeZone, program: "test", recorderId: 1, madeAt: T0, asked: order.asked, range: order.asked, askedBy: order.askedBy, reason: order.reason,
    cameras: order.cameras.map(({ sound: _sound, metadata: _metadata, ...camera }, i) => ({
      ...camera, clockOffsetMs: null, gaps: [],
      files: [{ name: `media/${i + 1}.mp4`, bytes: 700 + MINUTES * 31_999_300, sha256: "ab".repeat(32), initBytes: 700, start: order.asked.from, end: order.asked.to, frames: MINUTES * 1_500, parts: Array.from({ length: MINUTES }, (_, minute) => part(i, minute)) }],
    })),
    files: [], key: { algorithm: "Ed25519", publicKey: order.publicKey, fingerprint },
  };
}
