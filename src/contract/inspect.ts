// What an inspector asks: which looks, which changes, and how many of them. The same filter serves the list, the summary and the export, so that a
// figure, the rows under it and the file that is handed over can never speak of different looks.
import { z } from "zod";
import { Id, WallTime } from "./basics.ts";
import { AccessRecord, LOOK_MODES, PURPOSES } from "./cameras.ts";

const id = z.coerce.number().int().positive().max(2_147_483_647).optional();
const wallTime = z.coerce.number().int().nonnegative().max(8_640_000_000_000_000).optional();
const words = z.string().trim().min(1).max(120).optional();
/** Newest first; `before` is the id of the last row that one has. */
const page = { before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) };

/** All that is named must hold. Of an incident are also the looks for a call that became it. `from` and `to` bound the beginning of the look; `to` itself is outside. `q` is part of a person's name, a camera's code, name, place or district, or the words given. */
export const AccessFilter = z.object({
  cameraId: id, accountId: id, incidentId: id, purpose: z.enum(PURPOSES).optional(), mode: z.enum(LOOK_MODES).optional(), from: wallTime, to: wallTime, q: words,
});
export type AccessFilter = z.infer<typeof AccessFilter>;
export const AccessQuery = AccessFilter.extend(page);
export const AccessPage = z.object({ records: z.array(AccessRecord) });

/** Counts of what the filter lets through. Buckets are hours or days of the city's clock; those without a look are left out. */
export const AccessSummary = z.object({
  total: z.int(), live: z.int(), playback: z.int(), download: z.int(), export: z.int(), first: WallTime.nullable(), last: WallTime.nullable(), bucket: z.enum(["hour", "day"]),
  buckets: z.array(z.object({ at: WallTime, purpose: z.string(), n: z.int() })),
  byPurpose: z.array(z.object({ purpose: z.string(), n: z.int() })),
  byAccount: z.array(z.object({ accountId: Id, accountName: z.string(), n: z.int() })), // the most, at most five
  byCamera: z.array(z.object({ cameraId: Id, cameraCode: z.string(), cameraName: z.string(), n: z.int() })), // the most, at most five
});
export type AccessSummary = z.infer<typeof AccessSummary>;

/** Rows of an export; more than so many are cut off, oldest first, and the answer says so. */
export const MOST_EXPORTED = 50_000;
export const Export = z.object({ csv: z.string(), rows: z.int(), cut: z.boolean() });

/** changes: of accounts, cameras and settings. readings: who read or exported these registers. */
export const AUDIT_KINDS = ["changes", "readings"] as const;
export const READING_ACTIONS = ["access-record.read", "access-record.export", "export.read", "audit.read", "audit.export", "sharing.read"] as const;
export type ReadingAction = (typeof READING_ACTIONS)[number];
/** `subjectId` needs `subjectKind`. `q` is part of who did it, of the action's code, of what it was done to, or of the change. */
export const AuditFilter = z.object({
  kind: z.enum(AUDIT_KINDS).optional(), actorId: id, subjectKind: z.enum(["account", "camera", "hold", "machine-account", "tracker", "alarm-point", "webhook", "warning", "run-cards", "sharing", "platform", "shared-incident"]).optional(), subjectId: id, from: wallTime, to: wallTime, q: words,
});
export type AuditFilter = z.infer<typeof AuditFilter>;
export const AuditQuery = AuditFilter.extend(page);
