// The book of exports under way, with a store and clocks of the test's own: what a lost link costs, how many manifests are signed, whose ends are kept. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { ExportEnd, ExportOrder } from "../../contract/evidence.ts";
import type { LinkFromCentre } from "../../contract/recorder-link.ts";
import type { StoredExport } from "../../contract/register.ts";
import { err, ok } from "../../base/result.ts";
import { type Manifest, formatManifest } from "../../evidence/manifest.ts";
import { refuseManifest } from "../../evidence/refuse-manifest.ts";
import { type ExportBook, type ExportMessage, createExportBook } from "./export-book.ts";

const WALL = 1_790_000_000_000;
const KEY = Buffer.alloc(32, 7).toString("base64");
const orderOf = (exportId: number): ExportOrder => ({
  exportId, tokenSha256: "00".repeat(32), expiresAt: WALL + 600_000, city: "Test City", timeZone: "America/Montevideo", asked: { from: WALL - 60_000, to: WALL - 30_000 }, askedBy: { accountId: 3, name: "Ann", at: WALL },
  reason: { purpose: "investigation", words: "a case", incidentId: null, incidentNumber: null, contactId: null }, publicKey: KEY,
  cameras: [{ id: 1, code: "C-1", name: "one", place: "Rivera", pose: { point: { lon: -56.2, lat: -34.9 }, mountHeightM: 6, bearingDeg: 90, tiltDeg: 10, horizontalFovDeg: 90, verticalFovDeg: 60, rangeM: 100 }, accessRecordId: 40, sound: true, metadata: false }],
});
const manifestOf = (order: ExportOrder, madeAt = WALL, files: Manifest["cameras"][number]["files"] = []): string => formatManifest({
  format: "citywatch-evidence", version: 1, exportId: order.exportId, city: order.city, timeZone: order.timeZone, program: "test", recorderId: 1, madeAt, asked: order.asked, range: order.asked, askedBy: order.askedBy, reason: order.reason,
  cameras: order.cameras.map(({ sound: _sound, metadata: _metadata, ...camera }) => ({ ...camera, clockOffsetMs: null, files, gaps: [] })), files: [], key: { algorithm: "Ed25519", publicKey: KEY, fingerprint: "ab".repeat(32) },
} satisfies Manifest);
const storedOf = (id: number): StoredExport => ({
  id, at: WALL, accountId: 3, accountName: "Ann", recorderId: 1, cameras: [], from: WALL - 60_000, to: WALL - 30_000, purpose: "investigation", incidentId: null, contactId: null, words: "a case", ended: null,
});
const complete: ExportEnd = { outcome: "complete", fault: null, bytes: 44, sha256: "ab".repeat(32) };

describe("exports under way", () => {
  let wallMs: number;
  let monotonicMs: number;
  let signatures: string[];
  let ends: number[];
  let refusesSignatures: boolean;
  let giveUps: (() => void)[];
  let inHand: number;
  let soundPurpose: string | null;
  let book: ExportBook;
  beforeEach(() => {
    [wallMs, monotonicMs, signatures, ends, refusesSignatures] = [WALL, 1_000, [], [], false];
    giveUps = [];
    inHand = 0;
    soundPurpose = "Calls for help";
    book = createExportBook({
      findEverRegistered: async () => ({ soundPurpose, metadataPurpose: null }),
      timers: { after: (_ms, work) => (giveUps.push(work), () => undefined) },
      clock: { wallMs: () => wallMs, monotonicMs: () => monotonicMs },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      store: {
        end: async (id) => ends.push(id) > 0,
        find: async (id) => (id < 100 ? storedOf(id) : null),
        recordSignature: async (_id, hash) => {
          if (refusesSignatures) throw new Error("the database is away");
          signatures.push(hash);
        },
      },
      signer: {
        publicKeyPem: "", publicKey: KEY, fingerprint: "f",
        receive: () => {
          let text = "";
          inHand++;
          return {
            add: (piece) => void (text += piece),
            judge: async (of, recorderId) => {
              const refusal = refuseManifest(text, of, recorderId);
              return refusal === null ? ok(text) : err(refusal);
            },
            sign: async () => `signed ${text.length}`,
            drop: () => void inHand--,
          };
        },
      },
    });
  });
  /** What the centre answers, undefined for nothing. */
  const tell = async (message: ExportMessage, recorderId = 1): Promise<LinkFromCentre | undefined> => {
    let answered: LinkFromCentre | undefined;
    book.take(recorderId, message, (answer) => void (answered = answer));
    await new Promise(setImmediate);
    return answered;
  };
  const order = (id: number): Promise<boolean> => book.open(orderOf(id), 1, () => true);
  const advance = (ms: number): void => {
    wallMs += ms;
    monotonicMs += ms;
  };
  const tellPiece = (exportId: number, text: string, at: number, end: number) => tell({ type: "export-sign", exportId, at, piece: text.slice(at, end), last: end >= text.length });
  const ask = (id: number, text: string) => tellPiece(id, text, 0, text.length);
  const progress = (id: number) => tell({ type: "export-progress", exportId: id, bytes: 1, ofBytes: 2 });

  test("[EXP3] an order is open once its own recorder has accepted it; one that is not accepted in time, or cannot be told, is forgotten", async () => {
    let isOpen: boolean | undefined;
    void order(1).then((answer) => (isOpen = answer));
    await tell({ type: "export-accepted", exportId: 1 }, 2);
    assert.equal(isOpen, undefined);
    await tell({ type: "export-accepted", exportId: 1 });
    assert.equal(isOpen, true);
    const late = order(2);
    giveUps.at(-1)!();
    assert.equal(await late, false);
    assert.equal(await book.open(orderOf(3), 1, () => false), false);
    assert.deepEqual(book.listOf(3).map(({ exportId }) => exportId), [1]);
  });

  test("[EXP4] a recorder whose link was lost for longer than a minute still gets its manifest signed, whatever was ordered meanwhile", async () => {
    void order(1);
    await progress(1);
    advance(15 * 60_000);
    assert.equal(book.describe(storedOf(1)).state, "lapsed");
    void order(2);
    const text = manifestOf(orderOf(1));
    assert.deepEqual(await ask(1, text), { type: "export-signed", exportId: 1, signature: `signed ${text.length}` });
    await progress(1);
    assert.equal(book.describe(storedOf(1)).state, "running", "heard of again");
  });

  test("[EXP10] a wall clock that is set neither ends nor prolongs anything", async () => {
    void order(1);
    void order(2);
    await progress(2);
    wallMs += 3_600_000;
    assert.deepEqual([1, 2].map((id) => book.describe(storedOf(id)).state), ["waiting", "running"]);
    wallMs -= 7_200_000;
    monotonicMs += 601_000;
    assert.deepEqual([1, 2].map((id) => book.describe(storedOf(id)).state), ["lapsed", "lapsed"]);
  });

  test("what is kept is bounded: of a thousand and one the one that was silent longest goes", async () => {
    for (let id = 1; id <= 1_001; id++) {
      void order(id);
      if (id === 1_000) await progress(1);
      advance(1);
    }
    assert.deepEqual(book.listOf(3).length, 1_000);
    assert.deepEqual(book.listOf(3).slice(0, 2).map(({ exportId }) => exportId), [1, 3]);
  });

  test("[EXP4] one manifest of an export is signed: the same again is the same row, another is refused", async () => {
    void order(1);
    const text = manifestOf(orderOf(1));
    refusesSignatures = true;
    assert.equal(await ask(1, text), undefined, "not recorded, not signed: the recorder asks again");
    refusesSignatures = false;
    assert.equal((await ask(1, text) as { signature: string | null }).signature, `signed ${text.length}`);
    assert.equal((await ask(1, text) as { signature: string | null }).signature, `signed ${text.length}`);
    assert.deepEqual(await ask(1, manifestOf(orderOf(1), WALL + 1)), { type: "export-signed", exportId: 1, signature: null });
    assert.deepEqual(signatures, [text]);
  });

  test("[EXP4] a manifest comes in pieces: signed after its last, begun anew by the first, and nothing of it is kept", async () => {
    void order(1);
    const text = manifestOf(orderOf(1));
    assert.equal(await tellPiece(1, text, 0, 100), undefined);
    assert.equal(await tellPiece(1, text, 300, text.length), undefined, "one that does not follow is of a text whose middle was lost with the link");
    assert.equal(await tellPiece(1, text, 0, 100), undefined);
    assert.equal(await tellPiece(1, text, 100, 300), undefined);
    assert.deepEqual(await tellPiece(1, text, 300, text.length), { type: "export-signed", exportId: 1, signature: `signed ${text.length}` });
    assert.equal(inHand, 0);
    await tellPiece(1, text, 0, 100);
    assert.equal(inHand, 1);
    await tell({ type: "export-ended", exportId: 1, at: WALL, end: complete });
    assert.equal(inHand, 0, "an export that has ended has none in hand");
  });

  test("[EXP4] a manifest that is longer than one may be is refused before it has come whole", async () => {
    void order(1);
    const piece = " ".repeat(4_000_000);
    for (const at of [0, 4_000_000, 8_000_000]) assert.equal(await tell({ type: "export-sign", exportId: 1, at, piece, last: false }), undefined);
    assert.deepEqual(await tell({ type: "export-sign", exportId: 1, at: 12_000_000, piece, last: false }), { type: "export-signed", exportId: 1, signature: null });
    assert.equal(inHand, 0);
  });

  test("[EXP11] no manifest is signed that has sound or metadata which the order does not let out", async () => {
    void order(1); // its camera's sound may leave, its metadata may not
    const sha256 = "ab".repeat(32);
    const part = { segmentId: 1, segmentSha256: null, check: "no-hash", from: 0, to: 9, start: WALL - 60_000, end: WALL - 30_000, media90k: 0, frames: 1 } as const;
    const filesWith = (kind: "sound" | "sound-to-play" | "metadata"): Manifest["cameras"][number]["files"] => [{
      name: "media/a.mp4", bytes: 9, sha256, initBytes: 0, start: part.start, end: part.end, frames: 1, parts: [part],
      beside: [{ name: "media/a.x", bytes: 0, sha256, kind, codec: null, initBytes: 0, start: part.start, end: part.end, parts: [] }],
    }];
    assert.equal((await ask(1, manifestOf(orderOf(1), WALL, filesWith("metadata"))) as { signature: string | null }).signature, null);
    assert.notEqual((await ask(1, manifestOf(orderOf(1), WALL, filesWith("sound-to-play"))) as { signature: string | null }).signature, null);
    assert.deepEqual(await book.listBeyondPurposes([1]), []);
    soundPurpose = null;
    assert.equal((await ask(1, manifestOf(orderOf(1), WALL, filesWith("sound-to-play"))) as { signature: string | null }).signature, null, "its purpose was withdrawn since it was ordered");
    assert.deepEqual([await book.listBeyondPurposes([2]), await book.listBeyondPurposes([1, 2])], [[], [{ exportId: 1, recorderId: 1 }]]);
    void order(2);
    assert.notEqual((await ask(2, manifestOf(orderOf(2))) as { signature: string | null }).signature, null, "its pictures may leave");
  });

  test("[EXP10] an end is taken from its own recorder only, under way or after a restart of the centre; of an unknown export there is nothing to keep", async () => {
    void order(1);
    const ended = (exportId: number, recorderId: number) => tell({ type: "export-ended", exportId, at: WALL, end: complete }, recorderId);
    assert.equal(await ended(1, 2), undefined);
    assert.equal(await ended(2, 2), undefined);
    assert.deepEqual(ends, []);
    assert.equal(book.describe(storedOf(1)).state, "waiting");
    for (const id of [1, 2]) assert.deepEqual(await ended(id, 1), { type: "export-end-kept", exportId: id });
    assert.deepEqual(ends, [1, 2]);
    assert.deepEqual(await ended(100, 1), { type: "export-end-kept", exportId: 100 });
    assert.deepEqual(ends, [1, 2]);
  });
});
