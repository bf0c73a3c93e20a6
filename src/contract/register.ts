// What the registers (accounts, cameras, access records) are given to keep and give back, in the contract's words but never sent: the API's ports name it and
// the stores in io keep it, which may not see each other.
import type { Role } from "./access.ts";
import type { CameraEventKind } from "./camera-events.ts";
import type { AccessRecord, CameraEntry, LookMode } from "./cameras.ts";
import type { Hold } from "./holds.ts";
import type { EvidenceExport, ExportEnd } from "./evidence.ts";
import type { Actor } from "./basics.ts";
import type { Platform } from "./city.ts";
import type { AccessFilter } from "./inspect.ts";
import type { RunCardRow } from "./run-cards.ts";

/** Which road it stands at is told by the map, not kept. */
export type StoredPlatform = Omit<Platform, "road">;
export type PlatformToAdd = Omit<StoredPlatform, "id">;

export interface AccountToCreate {
  readonly name: string;
  readonly login: string;
  readonly passwordHash: string;
  readonly roles: readonly Role[];
  readonly unitId: number | null;
}
export interface AccountChange {
  readonly name?: string | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly unitId?: number | null | undefined;
  readonly disabled?: boolean | undefined;
  readonly passwordHash?: string | undefined;
}
export type AccountFault = "login-taken" | "not-found" | "already-used" | "last-administrator" | "unit-needs-field-role";

export interface NewAccessRecords {
  readonly accountId: number;
  readonly accountName: string;
  readonly cameras: readonly { readonly id: number; readonly code: string; readonly sound?: boolean; readonly metadata?: boolean }[];
  readonly mode: LookMode;
  readonly from: number | null;
  readonly to: number | null;
  readonly purpose: string;
  readonly incidentId: number | null;
  readonly contactId: number | null;
  readonly words: string | null;
}
/** Of looks whose end was not told: those may be open whose last token was given, and those downloads that were begun, after these times. */
export interface OpenSince {
  readonly since: number;
  readonly downloadsSince: number;
}
export type StoredExport = Omit<EvidenceExport, "cameras" | "incidentNumber" | "state" | "fault" | "bytes" | "ofBytes" | "endedAt" | "sha256"> & {
  readonly cameras: readonly { readonly cameraId: number; readonly code: string; readonly name: string; readonly accessRecordId: number }[];
  readonly ended: (ExportEnd & { readonly at: number }) | null;
};
export type StoredAccessRecord = Omit<AccessRecord, "openUntil" | "incident">;
/** `contactIds`: the calls that became `incidentId`; looks for them are of it too. */
export type StoredAccessFilter = AccessFilter & { readonly contactIds: readonly number[] };

/** What is kept of a camera: all but its health, which lives in memory. */
export type CameraRegistration = CameraEntry & { readonly recorderId: number; readonly revision: number };
export interface CameraToAdd extends Omit<CameraEntry, "id" | "code"> {
  readonly code: string | null; // null: made from the id
  readonly userName: string | null;
  readonly password: string | null;
  readonly recorderId: number | null; // null: the one with least to do
}
export type CameraToKeep = CameraToAdd & { readonly recorderId: number };
/** With the credentials, for its recorder only. */
export type CameraToJoin = CameraRegistration & { readonly address: string; readonly userName: string | null; readonly password: string | null };
/** Only what is named changes. */
export type CameraChange = { readonly [Field in Exclude<keyof CameraEntry, "id" | "code">]?: CameraEntry[Field] | undefined } & {
  /** undefined: as it is. Both null: none any more. */
  readonly credential?: { readonly userName: string | null; readonly password: string | null } | undefined;
};

/** Why a saved layout or tour is not changed. `names`: the tours or layouts that stand in the way, as far as the asker may see them. */
export type WallFault =
  | { readonly rule: "not-found" | "name-taken" | "not-your-own" | "too-many-saved" }
  | { readonly rule: "layout-in-tour" | "layout-not-shared"; readonly names: readonly string[] }
  | { readonly rule: "no-such-layout"; readonly layoutId: number };

/** What is kept of an evidence hold. `revision`: of the last change that recorders must know. */
export interface StoredHold extends Omit<Hold, "state" | "waitingFor" | "cameras"> {
  readonly cameras: readonly (Hold["cameras"][number] & { readonly recorderId: number })[];
  readonly isReleased: boolean;
  readonly revision: number;
}
/** What a recorder must know of one. */
export interface HoldForRecorders {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly cameraIds: readonly number[];
}

/** A problem of a camera, or with `cameraId` null of its recorder, began or ended. */
export type CameraEventChange = { readonly kind: CameraEventKind; readonly recorderId: number; readonly cameraId: number | null; readonly at: number } & (
  { readonly change: "began"; readonly params: Readonly<Record<string, string | number>> } | { readonly change: "ended" }
);
export interface LastingCameraEvent {
  readonly kind: CameraEventKind;
  readonly recorderId: number;
  readonly cameraId: number | null;
  readonly startedAt: number;
}
/** What a camera has most of the time. */
export interface StoredUsualFigures {
  readonly cameraId: number;
  readonly format: string;
  readonly bitsPerSecond: number;
  readonly framesPerSecond: number;
  readonly keyIntervalMs: number;
  readonly learnedMs: number;
  readonly at: number;
}

/** A table of run cards as it is kept; `version` only where it is or was in force. */
export interface StoredRunCards {
  readonly id: number;
  readonly state: "proposed" | "approved" | "discarded";
  readonly version: number | null;
  readonly basedOn: number;
  readonly rows: RunCardRow[];
  readonly words: string;
  readonly proposedAt: number;
  readonly proposedBy: Actor;
  readonly settledAt: number | null;
  readonly settledBy: Actor | null;
}
