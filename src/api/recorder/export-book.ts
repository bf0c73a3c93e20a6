// Exports that are under way: their orders, how far they are, and the one signature that each may get ([EXP4]). The recorder writes the manifest, the centre signs it, and only where it says
// what the centre itself recorded: who asked, why, for which range of which cameras. Kept in memory: an export does not outlive this process unless it had ended. Until then its order is kept, however long its recorder is silent: a link
// that was lost for a while does not cost a download that goes on. Beyond MOST_KEPT the one that was silent longest goes.
import type { z } from "zod";
import type { Clock, MonotonicMs } from "../../base/time.ts";
import type { EvidenceExport, ExportOrder } from "../../contract/evidence.ts";
import type { LinkFromCentre, LinkFromRecorder } from "../../contract/recorder-link.ts";
import type { CameraRegistration, StoredExport } from "../../contract/register.ts";
import { MOST_MANIFEST_BYTES } from "../../evidence/manifest.ts";
import type { EvidenceSignerPort, ExportStorePort, LogPort, ManifestInHand, TimerPort } from "../ports.ts";

export type ExportMessage = Extract<z.infer<typeof LinkFromRecorder>, { type: "export-accepted" | "export-progress" | "export-sign" | "export-ended" }>;
export interface ExportBook {
  /** Resolves once the recorder has accepted the order; false: it did not in ACCEPT_LIMIT_MS. `tell` sends it the order and answers false where it is away. */
  open(order: ExportOrder, recorderId: number, tell: () => boolean): Promise<boolean>;
  take(recorderId: number, message: ExportMessage, answer: (message: LinkFromCentre) => void): void;
  /** How far it is, as told now. */
  describe(stored: StoredExport): Pick<EvidenceExport, "state" | "fault" | "bytes" | "ofBytes" | "endedAt" | "sha256">;
  /** Of an account whose rights changed. */
  listOf(accountId: number): { readonly exportId: number; readonly recorderId: number }[];
  /** With sound or metadata of one of these cameras for which the register has no purpose any more. */
  listBeyondPurposes(cameraIds: readonly number[]): Promise<{ readonly exportId: number; readonly recorderId: number }[]>;
}
export interface ExportBookOptions {
  readonly clock: Clock;
  readonly timers: Pick<TimerPort, "after">;
  readonly log: LogPort;
  readonly store: Pick<ExportStorePort, "end" | "find" | "recordSignature">;
  readonly signer: EvidenceSignerPort;
  readonly findEverRegistered: (cameraId: number) => Promise<Pick<CameraRegistration, "soundPurpose" | "metadataPurpose"> | null>;
}
interface UnderWay {
  readonly order: ExportOrder;
  readonly recorderId: number;
  /** Its download has to begin before. */
  readonly beginsBefore: MonotonicMs;
  progress: { readonly bytes: number; readonly ofBytes: number } | null;
  heardAt: MonotonicMs;
  readonly accepted: () => void;
  /** A manifest whose pieces come just now. */
  coming: { readonly manifest: ManifestInHand; length: number } | null;
  /** The one manifest that it may have; `committed` goes back to null where it could not be recorded. */
  signed: { readonly hash: string; committed: Promise<void> | null } | null;
}

/** A recorder tells its progress every second. */
const SILENT_AFTER_MS = 60_000;
const MOST_KEPT = 1_000;
/** The link answers within milliseconds, or it is dead without our knowing. */
export const ACCEPT_LIMIT_MS = 10_000;

export function createExportBook({ clock, timers, log, store, signer, findEverRegistered }: ExportBookOptions): ExportBook {
  const underWay = new Map<number, UnderWay>();
  const isAlive = ({ beginsBefore, progress, heardAt }: UnderWay): boolean => clock.monotonicMs() < (progress === null ? beginsBefore : heardAt + SILENT_AFTER_MS);

  const refuse = (recorderId: number, exportId: number, why: string): null => {
    log.error({ export: exportId, recorder: recorderId, why }, "a manifest was not signed");
    return null;
  };
  /** The camera of an order as far as the register has purposes for its sound and metadata now. */
  const narrow = async (camera: ExportOrder["cameras"][number]): Promise<ExportOrder["cameras"][number]> => {
    if (!camera.sound && !camera.metadata) return camera;
    const now = await findEverRegistered(camera.id);
    return { ...camera, sound: camera.sound && (now?.soundPurpose ?? null) !== null, metadata: camera.metadata && (now?.metadataPurpose ?? null) !== null };
  };
  const sign = async (entry: UnderWay, manifest: ManifestInHand): Promise<string | null> => {
    const { recorderId, order: { exportId } } = entry;
    // A download may have waited for hours since it was ordered.
    const judged = await manifest.judge({ ...entry.order, cameras: await Promise.all(entry.order.cameras.map(narrow)) }, recorderId);
    if (!judged.ok) return refuse(recorderId, exportId, judged.error);
    const sha256 = judged.value;
    entry.signed ??= { hash: sha256, committed: null };
    const { signed } = entry;
    if (signed.hash !== sha256) return refuse(recorderId, exportId, "another manifest of this export was signed");
    // A recorder that waits asks again: it is one row.
    signed.committed ??= store.recordSignature(exportId, sha256, signer.fingerprint, clock.wallMs()).catch((error: unknown) => {
      signed.committed = null;
      throw error;
    });
    await signed.committed;
    return manifest.sign();
  };

  /** Resolves with the answer, undefined where more has to come. A piece that does not follow on the one before is of a text whose beginning was lost: the recorder asks again. */
  const takePiece = async (recorderId: number, { exportId, at, piece, last }: Extract<ExportMessage, { type: "export-sign" }>): Promise<string | null | undefined> => {
    const entry = underWay.get(exportId);
    if (entry?.recorderId !== recorderId) return last ? refuse(recorderId, exportId, "no such export of this recorder") : undefined;
    if (at === 0) {
      entry.coming?.manifest.drop();
      entry.coming = { manifest: signer.receive(), length: 0 };
    }
    const { coming } = entry;
    if (coming?.length !== at) return undefined;
    coming.length += piece.length;
    const isTooLong = coming.length > MOST_MANIFEST_BYTES;
    if (!isTooLong) coming.manifest.add(piece);
    if (!isTooLong && !last) return undefined;
    entry.coming = null;
    try {
      return isTooLong ? refuse(recorderId, exportId, `longer than ${MOST_MANIFEST_BYTES}`) : await sign(entry, coming.manifest);
    } finally {
      coming.manifest.drop();
    }
  };

  const forget = (exportId: number): void => {
    underWay.get(exportId)?.coming?.manifest.drop();
    underWay.delete(exportId);
  };

  /** True once the end is committed, or where there is nothing to keep. */
  const end = async (recorderId: number, { exportId, end, at }: Extract<ExportMessage, { type: "export-ended" }>): Promise<boolean> => {
    const owner = underWay.get(exportId)?.recorderId ?? (await store.find(exportId))?.recorderId;
    if (owner === undefined) log.warn({ export: exportId, recorder: recorderId }, "the end of an unknown export");
    else if (owner !== recorderId) {
      log.error({ export: exportId, recorder: recorderId, of: owner }, "a recorder told the end of another recorder's export");
      return false;
    } else await store.end(exportId, end, at);
    forget(exportId);
    return true;
  };

  return {
    open: async (order, recorderId, tell) => {
      const now = clock.monotonicMs();
      if (underWay.size >= MOST_KEPT) forget([...underWay].reduce((oldest, one) => (one[1].heardAt < oldest[1].heardAt ? one : oldest))[0]);
      const isAccepted = await new Promise<boolean>((resolve) => {
        const giveUp = timers.after(ACCEPT_LIMIT_MS, () => resolve(false));
        const settle = (isTaken: boolean): void => {
          giveUp();
          resolve(isTaken);
        };
        underWay.set(order.exportId, { order, recorderId, beginsBefore: now + order.expiresAt - clock.wallMs(), progress: null, heardAt: now, accepted: () => settle(true), coming: null, signed: null });
        if (!tell()) settle(false);
      });
      if (!isAccepted) forget(order.exportId);
      return isAccepted;
    },
    take: (recorderId, message, answer) => {
      const { exportId } = message;
      const entry = underWay.get(exportId);
      if (entry?.recorderId === recorderId) entry.heardAt = clock.monotonicMs();
      switch (message.type) {
        case "export-accepted":
          if (entry?.recorderId === recorderId) entry.accepted();
          return;
        case "export-progress":
          if (entry?.recorderId === recorderId) entry.progress = { bytes: message.bytes, ofBytes: message.ofBytes };
          return;
        case "export-sign":
          takePiece(recorderId, message).then(
            (signature) => signature !== undefined && answer({ type: "export-signed", exportId, signature }),
            (error: unknown) => log.error({ export: exportId, error: (error as Error).message }, "a manifest could not be read, or its signature not be recorded: the recorder asks again"),
          );
          return;
        case "export-ended":
          end(recorderId, message).then(
            (isKept) => isKept && answer({ type: "export-end-kept", exportId }),
            (error: unknown) => log.error({ export: exportId, error: (error as Error).message }, "the end of an export could not be recorded: the recorder tells it again"),
          );
          return;
      }
    },
    describe: ({ id, ended }) => {
      if (ended !== null) return { state: ended.outcome, fault: ended.fault, bytes: ended.bytes, ofBytes: null, endedAt: ended.at, sha256: ended.sha256 };
      const entry = underWay.get(id);
      const state = entry === undefined || !isAlive(entry) ? "lapsed" : entry.progress === null ? "waiting" : "running";
      return { state, fault: null, bytes: entry?.progress?.bytes ?? 0, ofBytes: entry?.progress?.ofBytes ?? null, endedAt: null, sha256: null };
    },
    listBeyondPurposes: async (cameraIds) => {
      const changed = new Set(cameraIds);
      const found: { exportId: number; recorderId: number }[] = [];
      for (const { order, recorderId } of [...underWay.values()]) {
        const cameras = order.cameras.filter(({ id }) => changed.has(id));
        const narrowed = await Promise.all(cameras.map(narrow));
        if (narrowed.some(({ sound, metadata }, i) => sound !== cameras[i]!.sound || metadata !== cameras[i]!.metadata)) found.push({ exportId: order.exportId, recorderId });
      }
      return found;
    },
    listOf: (accountId) => [...underWay.values()].filter(({ order }) => order.askedBy.accountId === accountId).map(({ order, recorderId }) => ({ exportId: order.exportId, recorderId })),
  };
}
