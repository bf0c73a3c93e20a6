// Evidence: asking for a range of cameras as one package, how far it is, and what it was. A package is made by one recorder; cameras of several recorders are
// as many exports, with the same reason and range. The order goes to the recorder over its link, the token to the browser, which gives it to the
// recorder in the body of a form: `POST {recorderUrl}/v1/exports/{id}` with the field `token`; the answer is the ZIP.
import { z } from "zod";
import { Id, TimeZone, WallTime } from "./basics.ts";
import { Pose, ViewReason } from "./cameras.ts";

export const MOST_EXPORT_CAMERAS = 16;
export const AskExport = z.object({
  cameraIds: z.array(Id).min(1).max(MOST_EXPORT_CAMERAS), from: WallTime, to: WallTime, reason: ViewReason,
  sound: z.boolean().default(true), metadata: z.boolean().default(true), // false: they are left out; else they are in it where the camera's register has a purpose for them
});

/** waiting: its download has not begun. lapsed: it never began, or its recorder fell silent. */
export const EXPORT_STATES = ["waiting", "running", "complete", "failed", "cancelled", "lapsed"] as const;
/** Why an export failed. */
export const EXPORT_FAULTS = ["nothing-recorded", "recorder-away", "browser-left", "segment-gone", "disk-failed", "not-signed", "too-large", "page-missing", "recorder-stopped"] as const;
export const ExportFault = z.enum(EXPORT_FAULTS);

export const EvidenceExport = z.object({
  id: Id, at: WallTime, accountId: Id, accountName: z.string(), recorderId: Id,
  cameras: z.array(z.object({ cameraId: Id, code: z.string(), name: z.string() })),
  from: WallTime, to: WallTime, purpose: z.string(), words: z.string().nullable(), incidentId: Id.nullable(), contactId: Id.nullable(), incidentNumber: z.int().nullable(),
  state: z.enum(EXPORT_STATES), fault: ExportFault.nullable(), bytes: z.int().nonnegative(), ofBytes: z.int().nonnegative().nullable(), endedAt: WallTime.nullable(),
  sha256: z.string().nullable(), // of the package as it left the recorder
});
export type EvidenceExport = z.infer<typeof EvidenceExport>;
export const AskedExport = z.object({ export: EvidenceExport, url: z.string(), token: z.string() });
export const ExportsPage = z.object({ exports: z.array(EvidenceExport) });
export const ExportsQuery = z.object({ before: z.coerce.number().int().positive().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) });

/** The key that signs packages: public, to be published. `fingerprint`: SHA-256 of its 32 bytes. */
export const EvidenceKey = z.object({ pem: z.string(), fingerprint: z.string() });
export type EvidenceKey = z.infer<typeof EvidenceKey>;

/** What a recorder is told to make. `tokenSha256`: of the token that its download must show, once. */
export const ExportOrder = z.object({
  exportId: Id, tokenSha256: z.string(), expiresAt: WallTime, city: z.string(), timeZone: TimeZone, // the city's
  asked: z.object({ from: WallTime, to: WallTime }),
  askedBy: z.object({ accountId: Id, name: z.string(), at: WallTime }),
  reason: z.object({ purpose: z.string(), words: z.string().nullable(), incidentId: Id.nullable(), incidentNumber: z.int().nullable(), contactId: Id.nullable() }),
  cameras: z.array(z.object({ id: Id, code: z.string(), name: z.string(), place: z.string(), pose: Pose, accessRecordId: Id, sound: z.boolean(), metadata: z.boolean() })), // whether these may leave too: they were asked for, and the register has a purpose for them
  publicKey: z.string(), // 32 bytes, base64
});
export type ExportOrder = z.infer<typeof ExportOrder>;
export const ExportEnd = z.object({ outcome: z.enum(["complete", "failed", "cancelled"]), fault: ExportFault.nullable(), bytes: z.int().nonnegative(), sha256: z.string().nullable() });
export type ExportEnd = z.infer<typeof ExportEnd>;
