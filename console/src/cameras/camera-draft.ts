// The form of a camera as text fields, and its way to what the contract takes and back. Faults are named by field before anything is sent; the
// schema of the contract has the last word, so that form and server cannot come apart.
import type { z } from "zod";
import { NewCamera, POSE_DEFAULTS, type Camera, type ChangeCamera } from "../../../src/contract/cameras.ts";

export interface CameraDraft {
  readonly code: string;
  readonly name: string;
  readonly kind: NewCamera["kind"];
  readonly place: string;
  readonly lon: string;
  readonly lat: string;
  readonly mountHeightM: string;
  readonly bearingDeg: string;
  readonly tiltDeg: string;
  readonly horizontalFovDeg: string;
  readonly verticalFovDeg: string;
  readonly rangeM: string;
  readonly imageWidthPx: string;
  readonly purpose: string;
  readonly owner: string;
  readonly address: string;
  readonly userName: string;
  readonly password: string;
  readonly recording: NewCamera["recording"];
  readonly retentionDays: string;
}
export type DraftField = keyof CameraDraft;

export const EMPTY_DRAFT: CameraDraft = {
  code: "", name: "", kind: "fixed", place: "", lon: "", lat: "", mountHeightM: String(POSE_DEFAULTS.mountHeightM), bearingDeg: "0", tiltDeg: String(POSE_DEFAULTS.tiltDeg),
  horizontalFovDeg: String(POSE_DEFAULTS.horizontalFovDeg), verticalFovDeg: String(POSE_DEFAULTS.verticalFovDeg), rangeM: String(POSE_DEFAULTS.rangeM),
  imageWidthPx: "1920", purpose: "", owner: "City", address: "", userName: "", password: "", recording: "continuous", retentionDays: "30",
};

export function draftOf(camera: Camera): CameraDraft {
  const { pose } = camera;
  return {
    code: camera.code, name: camera.name, kind: camera.kind, place: camera.place, lon: String(pose.point.lon), lat: String(pose.point.lat), mountHeightM: String(pose.mountHeightM),
    bearingDeg: String(pose.bearingDeg), tiltDeg: String(pose.tiltDeg), horizontalFovDeg: String(pose.horizontalFovDeg), verticalFovDeg: String(pose.verticalFovDeg), rangeM: String(pose.rangeM),
    imageWidthPx: String(camera.imageWidthPx), purpose: camera.purpose, owner: camera.owner, address: camera.address ?? "", userName: "", password: "", recording: camera.recording, retentionDays: String(camera.retentionDays),
  };
}

/** "12,5" is a number too: half of the world writes it so. Empty is not a number. */
export function parseDecimal(text: string): number {
  const trimmed = text.trim().replace(",", ".");
  return trimmed === "" ? Number.NaN : Number(trimmed);
}

/** The point that is typed, or null while it is no place on earth. */
export function pointOf(draft: CameraDraft): { readonly lon: number; readonly lat: number } | null {
  const [lon, lat] = [parseDecimal(draft.lon), parseDecimal(draft.lat)];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}

export type DraftAnswer = { readonly ok: true; readonly camera: z.output<typeof NewCamera> } | { readonly ok: false; readonly faults: ReadonlyMap<DraftField, string> };

/** Fault texts are the schema's ("expected ..."); the form puts its own words where it has them. */
export function readDraft(draft: CameraDraft): DraftAnswer {
  const n = (field: DraftField): number => parseDecimal(draft[field]);
  const text = (field: DraftField): string | undefined => (draft[field].trim() === "" ? undefined : draft[field].trim());
  const parsed = NewCamera.safeParse({
    code: text("code"), name: draft.name, kind: draft.kind, place: text("place"), purpose: draft.purpose, owner: text("owner"), recording: draft.recording,
    pose: {
      point: { lon: n("lon"), lat: n("lat") }, mountHeightM: n("mountHeightM"), bearingDeg: n("bearingDeg"), tiltDeg: n("tiltDeg"),
      horizontalFovDeg: n("horizontalFovDeg"), verticalFovDeg: n("verticalFovDeg"), rangeM: n("rangeM"),
    },
    imageWidthPx: n("imageWidthPx"), address: text("address") ?? null, userName: text("userName") ?? null, password: draft.password === "" ? null : draft.password, retentionDays: n("retentionDays"),
  });
  if (parsed.success) return { ok: true, camera: parsed.data };
  return { ok: false, faults: new Map(parsed.error.issues.map((issue) => [fieldOfPath(issue.path.map(String)), issue.message])) };
}

/** `pose.point.lon`, as the server names a field, to the field of the form. */
export function fieldOfPath(path: readonly string[]): DraftField {
  const last = path.at(-1) ?? "name";
  if (last in EMPTY_DRAFT) return last as DraftField;
  return last === "point" ? "lat" : "name";
}

/** Only what differs goes out. Name and password of the camera go only where they were typed: the server never gives them back. */
export function changesOf(camera: Camera, next: z.output<typeof NewCamera>): ChangeCamera {
  const change: Record<string, unknown> = {};
  for (const key of ["name", "kind", "purpose", "owner", "address", "recording", "retentionDays", "imageWidthPx"] as const) if (next[key] !== camera[key]) change[key] = next[key];
  if (next.place !== undefined && next.place !== camera.place) change["place"] = next.place;
  if (JSON.stringify(next.pose) !== JSON.stringify(camera.pose)) change["pose"] = next.pose;
  if (next.userName !== null) change["userName"] = next.userName;
  if (next.password !== null) change["password"] = next.password;
  return change as ChangeCamera;
}
