// Asking for what cameras recorded as evidence. As with looks the order is the point: checks, then the export with its access records, committed, then the order to the
// recorder, and once it has accepted that, the token for the browser [EXP3]. One recorder makes one package: cameras of two recorders are two exports, and so are the two parts of the range of a camera that was moved from one to the other.
import { checkViewRange } from "../../accountability/view-policy.ts";
import { createFault } from "../../base/expectations.ts";
import { MINUTE_MS, type Clock } from "../../base/time.ts";
import type { Account } from "../../contract/access.ts";
import type { Reason } from "../../contract/basics.ts";
import type { EvidenceExport, ExportOrder } from "../../contract/evidence.ts";
import type { CameraRegistration, StoredExport } from "../../contract/register.ts";
import { formatHex } from "../../evidence/ed25519.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import { permissionsOfAccount, type Principal } from "../gate/principal.ts";
import type { Handlers } from "../handler.ts";
import { createReadingLog } from "../inspect/reading-log.ts";
import type { AuditStorePort, CameraStorePort, EvidenceSignerPort, ExportStorePort, SecretPort } from "../ports.ts";
import type { RecorderPart } from "../../video/camera/recorder-stays.ts";
import type { CameraRegistry } from "../cameras/camera-registry.ts";
import type { ExportBook } from "../recorder/export-book.ts";
import type { RecorderLinks } from "../recorder/recorder-links.ts";
import { getReason, type ReasonSources } from "./look-reason.ts";

export interface ExportHandlerOptions extends ReasonSources {
  readonly clock: Clock;
  readonly cityName: string;
  readonly timeZone: string;
  readonly findEverRegistered: CameraStorePort["findEverRegistered"];
  readonly findIncident: (id: number) => { readonly endedAt: number | null; readonly number: number } | null;
  readonly findAccountOf: (tokenHash: Uint8Array) => Promise<Account | null>;
  readonly audit: Pick<AuditStorePort, "recordReading">;
  readonly store: ExportStorePort;
  readonly book: ExportBook;
  readonly signer: EvidenceSignerPort;
  readonly secrets: Pick<SecretPort, "createToken" | "hashToken">;
  readonly recorders: Pick<RecorderLinks, "findMediaUrl" | "tell" | "isLinked">;
  readonly partsOf: CameraRegistry["partsOf"];
}

type Names = "createExports" | "listExports" | "getExport" | "cancelExport" | "getEvidenceKey";
/** A download has to begin within this. */
const TOKEN_MS = 10 * MINUTE_MS;

export function createExportHandlers(options: ExportHandlerOptions): Pick<Handlers, Names> {
  const { clock, cityName, timeZone, findEverRegistered, findIncident, findAccountOf, audit, store, book, signer, secrets, recorders, partsOf } = options;
  const readings = createReadingLog(clock, audit);
  const numberOf = (incidentId: number | null): number | null => (incidentId === null ? null : (findIncident(incidentId)?.number ?? null));
  const toExport = (stored: StoredExport): EvidenceExport => {
    const { ended: _ended, cameras, ...facts } = stored;
    return { ...facts, cameras: cameras.map(({ cameraId, code, name }) => ({ cameraId, code, name })), incidentNumber: numberOf(stored.incidentId), ...book.describe(stored) };
  };
  const isInspector = (principal: Principal): boolean => principal.kind === "user" && permissionsOfAccount(principal.account).includes("access-record.read");
  /** One's own, or any to an inspector; that of somebody else is answered as one that does not exist. */
  const getExport = async (id: number, principal: Principal, ownOnly: boolean): Promise<StoredExport> => {
    const found = await store.find(id);
    const isOwn = principal.kind === "user" && found?.accountId === principal.account.id;
    if (found === null || (!isOwn && (ownOnly || !isInspector(principal)))) throw notFound("export");
    return found;
  };

  return {
    createExports: async ({ principal, body }) => {
      if (principal.kind !== "user") throw new ApiError(403, "forbidden", "Only people take evidence");
      const { account } = principal;
      const now = clock.wallMs();
      const range = checkViewRange({ mode: "playback", from: body.from, to: body.to }, now);
      if (!range.ok) throw badInput([range.error]);
      const asked = { from: body.from, to: Math.min(body.to, Math.floor(now)) };
      if (asked.from >= asked.to) throw badInput([createFault("from", String(body.from), "time-past")]);
      const reason = getReason(options, body.reason, "playback", now);

      const refused: { cameraId: number; reason: Reason }[] = [];
      const packages = new Map<string, { readonly part: RecorderPart; readonly registered: CameraRegistration[] }>();
      for (const cameraId of new Set(body.cameraIds)) {
        const camera = await findEverRegistered(cameraId);
        if (camera === null) refused.push({ cameraId, reason: { code: "no-such-camera", params: { cameraId } } });
        else
          for (const part of partsOf(camera, asked.from, asked.to)) {
            const { recorderId, from, to } = part;
            const key = `${recorderId} ${from} ${to}`;
            if (!recorders.isLinked(recorderId)) refused.push({ cameraId, reason: { code: "recorder-away", params: { recorderId } } });
            else packages.set(key, { part, registered: [...(packages.get(key)?.registered ?? []), camera] });
          }
      }

      const exports: { export: EvidenceExport; url: string; token: string }[] = [];
      for (const { part: { recorderId, from, to }, registered } of packages.values()) {
        const cameras = registered.map(({ soundPurpose, metadataPurpose, ...camera }) => ({ ...camera, sound: body.sound && soundPurpose !== null, metadata: body.metadata && metadataPurpose !== null }));
        const { id, accessRecordIds } = await store.insert({ accountId: account.id, accountName: account.name, cameras: cameras.map(({ id, code, sound, metadata }) => ({ id, code, sound, metadata })), mode: "export", from, to, ...reason }, recorderId, now);
        // What took the right away meanwhile could not see this export yet.
        const still = await findAccountOf(principal.session.tokenHash);
        if (still === null || !permissionsOfAccount(still).includes("evidence.export")) {
          await store.end(id, { outcome: "cancelled", fault: null, bytes: 0, sha256: null }, clock.wallMs());
          throw new ApiError(401, "not-logged-in", "The session has ended: log in again");
        }
        const token = secrets.createToken();
        const order: ExportOrder = {
          exportId: id, tokenSha256: formatHex(secrets.hashToken(token)), expiresAt: now + TOKEN_MS, city: cityName, timeZone, asked: { from, to }, askedBy: { accountId: account.id, name: account.name, at: now },
          reason: { ...reason, incidentNumber: numberOf(reason.incidentId) },
          cameras: cameras.map(({ id, code, name, place, pose, sound, metadata }, i) => ({ id, code, name, place, pose, accessRecordId: accessRecordIds[i]!, sound, metadata })), publicKey: signer.publicKey,
        };
        // A browser that comes before the order does would be turned down where nobody sees it.
        if (!(await book.open(order, recorderId, () => recorders.tell(recorderId, { type: "export-order", order })))) {
          recorders.tell(recorderId, { type: "export-cancel", exportId: id }); // where it did get the order, and its answer was lost
          await store.end(id, { outcome: "failed", fault: "recorder-away", bytes: 0, sha256: null }, clock.wallMs());
          refused.push(...cameras.map((camera) => ({ cameraId: camera.id, reason: { code: "recorder-away", params: { recorderId } } })));
          continue;
        }
        exports.push({ export: toExport((await store.find(id))!), url: `${recorders.findMediaUrl(recorderId)!.replace(/\/$/, "")}/v1/exports/${id}`, token });
      }
      return { exports, refused };
    },

    listExports: async ({ principal, query }) => {
      const ofAccount = isInspector(principal) || principal.kind !== "user" ? null : principal.account.id;
      if (ofAccount === null) await readings.read("export.read", {}, principal.actor);
      return { exports: (await store.list(ofAccount, query.before ?? null, query.limit)).map(toExport) };
    },
    getExport: async ({ principal, params }) => {
      const found = await getExport(params.id, principal, false);
      if (principal.kind !== "user" || found.accountId !== principal.account.id) await readings.read("export.read", { exportId: found.id }, principal.actor);
      return toExport(found);
    },
    cancelExport: async ({ principal, params }) => {
      const { id, recorderId, ended } = await getExport(params.id, principal, true);
      if (ended === null && !recorders.tell(recorderId, { type: "export-cancel", exportId: id })) throw new ApiError(409, "recorder-away", "The recorder is not linked: it cannot be told");
      return { done: true };
    },
    getEvidenceKey: async () => ({ pem: signer.publicKeyPem, fingerprint: signer.fingerprint }),
  };
}
