// The form of a camera as text fields, and its way to what the contract takes and back. Faults are named by field before anything is sent; the
// schema of the contract has the last word, so that form and server cannot come apart.
import type { z } from "zod";
import { JOINING_DEFAULTS, NewCamera, POSE_DEFAULTS, type Camera, type ChangeCamera } from "../../../src/contract/cameras.ts";

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
  readonly nightView: NewCamera["nightView"];
  readonly purpose: string;
  readonly owner: string;
  readonly address: string;
  readonly userName: string;
  readonly password: string;
  readonly subAddress: string;
  readonly transport: NewCamera["transport"];
  readonly certificateSha256: string;
  readonly soundPurpose: string;
  readonly metadataPurpose: string;
  readonly recording: NewCamera["recording"];
  readonly schedule: string;
  readonly preRollS: string;
  readonly postRollS: string;
  readonly keyFrameIntervalS: string;
  readonly retentionDays: string;
  readonly leastDays: string;
  readonly mostGigabytes: string;
  readonly recorderId: string; // "": the one with least to do
  readonly moveWords: string; // why it is moved to another
}
export type DraftField = keyof CameraDraft;

/** Two hours in days have no end of digits: what is shown is short, and what is as it was shown is no change. */
const shortOf = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(4)));
const isAsShown = (next: unknown, kept: unknown): boolean => next === kept || (typeof kept === "number" && next === shortOf(kept));
const textOf = (value: string | number | null): string => (value === null ? "" : String(value));
type Joining = "subAddress" | "transport" | "certificateSha256" | "soundPurpose" | "metadataPurpose" | "recording" | "schedule" | "preRollS" | "postRollS" | "keyFrameIntervalS" | "retentionDays" | "leastDays" | "mostGigabytes";
const joiningOf = (of: Pick<Camera, Joining>): Pick<CameraDraft, Joining> => ({
  subAddress: textOf(of.subAddress), transport: of.transport, certificateSha256: textOf(of.certificateSha256), soundPurpose: textOf(of.soundPurpose), metadataPurpose: textOf(of.metadataPurpose), recording: of.recording, schedule: textOf(of.schedule),
  preRollS: String(of.preRollS), postRollS: String(of.postRollS), keyFrameIntervalS: textOf(shortOf(of.keyFrameIntervalS)), retentionDays: textOf(shortOf(of.retentionDays)), leastDays: textOf(shortOf(of.leastDays)), mostGigabytes: textOf(shortOf(of.mostGigabytes)),
});

/** An address that is joined by TLS: only such a camera shows a certificate. */
export const isTls = (draft: Pick<CameraDraft, "address">): boolean => /^\s*rtsps:/i.test(draft.address);

export const EMPTY_DRAFT: CameraDraft = {
  code: "", name: "", kind: "fixed", place: "", lon: "", lat: "", mountHeightM: String(POSE_DEFAULTS.mountHeightM), bearingDeg: "0", tiltDeg: String(POSE_DEFAULTS.tiltDeg),
  horizontalFovDeg: String(POSE_DEFAULTS.horizontalFovDeg), verticalFovDeg: String(POSE_DEFAULTS.verticalFovDeg), rangeM: String(POSE_DEFAULTS.rangeM),
  imageWidthPx: "1920", nightView: "unknown", purpose: "", owner: "City", address: "", userName: "", password: "", recorderId: "", moveWords: "", ...joiningOf(JOINING_DEFAULTS),
};

export function draftOf(camera: Camera): CameraDraft {
  const { pose } = camera;
  return {
    code: camera.code, name: camera.name, kind: camera.kind, place: camera.place, lon: String(pose.point.lon), lat: String(pose.point.lat), mountHeightM: String(pose.mountHeightM),
    bearingDeg: String(pose.bearingDeg), tiltDeg: String(pose.tiltDeg), horizontalFovDeg: String(pose.horizontalFovDeg), verticalFovDeg: String(pose.verticalFovDeg), rangeM: String(pose.rangeM),
    imageWidthPx: String(camera.imageWidthPx), nightView: camera.nightView, purpose: camera.purpose, owner: camera.owner, address: camera.address ?? "", userName: "", password: "", recorderId: String(camera.recorderId), moveWords: "", ...joiningOf(camera),
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
  const orNull = (field: DraftField): number | null => (draft[field].trim() === "" ? null : n(field));
  const parsed = NewCamera.safeParse({
    code: text("code"), name: draft.name, kind: draft.kind, place: text("place"), purpose: draft.purpose, owner: text("owner"), recording: draft.recording, transport: draft.transport,
    // What the form does not show of another mode or another kind of address is not sent.
    subAddress: text("subAddress") ?? null, certificateSha256: isTls(draft) ? (text("certificateSha256") ?? null) : null, schedule: draft.recording === "scheduled" ? (text("schedule") ?? null) : null,
    soundPurpose: text("soundPurpose") ?? null, metadataPurpose: text("metadataPurpose") ?? null, ...(draft.recording === "on-event" ? { preRollS: n("preRollS"), postRollS: n("postRollS") } : {}),
    keyFrameIntervalS: orNull("keyFrameIntervalS"), leastDays: orNull("leastDays"), mostGigabytes: orNull("mostGigabytes"),
    pose: {
      point: { lon: n("lon"), lat: n("lat") }, mountHeightM: n("mountHeightM"), bearingDeg: n("bearingDeg"), tiltDeg: n("tiltDeg"),
      horizontalFovDeg: n("horizontalFovDeg"), verticalFovDeg: n("verticalFovDeg"), rangeM: n("rangeM"),
    },
    imageWidthPx: n("imageWidthPx"), nightView: draft.nightView, address: text("address") ?? null, userName: text("userName") ?? null, password: draft.password === "" ? null : draft.password, retentionDays: n("retentionDays"),
    recorderId: orNull("recorderId"),
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

const CHANGING = [
  "name", "kind", "purpose", "owner", "address", "subAddress", "transport", "certificateSha256", "soundPurpose", "metadataPurpose", "recording", "schedule", "keyFrameIntervalS", "retentionDays", "leastDays", "mostGigabytes",
  "imageWidthPx", "nightView",
] as const;
const ROLLS = ["preRollS", "postRollS"] as const;

/** Only what differs goes out. Name and password of the camera go only where they were typed: the server never gives them back. */
export function changesOf(camera: Camera, next: z.output<typeof NewCamera>): ChangeCamera {
  const change: Record<string, unknown> = {};
  for (const key of CHANGING) if (!isAsShown(next[key], camera[key])) change[key] = next[key];
  if (next.recording === "on-event") for (const key of ROLLS) if (next[key] !== camera[key]) change[key] = next[key];
  if (next.place !== undefined && next.place !== camera.place) change["place"] = next.place;
  if (JSON.stringify(next.pose) !== JSON.stringify(camera.pose)) change["pose"] = next.pose;
  if (next.userName !== null) change["userName"] = next.userName;
  if (next.password !== null) change["password"] = next.password;
  return change as ChangeCamera;
}
