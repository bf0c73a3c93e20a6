// Rows of the register, in and out. Many cameras go in by one statement with one JSON parameter: 600,000 rows are some hundreds of round trips.
import type { CameraEntry } from "../../contract/cameras.ts";
import type { CameraRegistration, CameraToAdd, CameraToKeep } from "../../contract/register.ts";
import type { Sealer } from "../crypto/seal.ts";
import type { Row, Transaction } from "./database.ts";

/** Every field that a person enters but the code, with its column and the column's type. The pose's fields have their names within it. */
const COLUMNS = [
  ["name", "name text"], ["kind", "kind text"], ["place", "place text"], ["district", "district text"], ["imageWidthPx", "image_width_px integer"], ["nightView", "night_view text"], ["purpose", "purpose text"], ["owner", "owner text"],
  ["address", "address text"], ["subAddress", "sub_address text"], ["transport", "transport text"], ["certificateSha256", "certificate_sha256 text"], ["soundPurpose", "sound_purpose text"], ["metadataPurpose", "metadata_purpose text"],
  ["recording", "recording text"], ["schedule", "schedule text"], ["preRollS", "pre_roll_s real"], ["postRollS", "post_roll_s real"], ["keyFrameIntervalS", "key_frame_interval_s real"],
  ["retentionDays", "retention_days real"], ["leastDays", "least_days real"], ["mostGigabytes", "most_gigabytes real"],
] as const satisfies readonly (readonly [Exclude<keyof CameraEntry, "id" | "code" | "pose">, string])[];
const POSE_COLUMNS = "lon double precision, lat double precision, mount_height_m real, bearing_deg real, tilt_deg real, horizontal_fov_deg real, vertical_fov_deg real, range_m real";
const nameOf = (column: string): string => column.split(" ", 1)[0]!;

const ENTERED = [...COLUMNS.map(([, column]) => column), ...POSE_COLUMNS.split(", ")];
const ENTERED_NAMES = ENTERED.map(nameOf);
export const CAMERA_COLUMNS = ["id", "code", ...ENTERED_NAMES, "recorder_id", "revision"].map((name) => `c.${name}`).join(", ");

export const toRegistration = (row: Row): CameraRegistration => ({
  ...(Object.fromEntries(COLUMNS.map(([field, column]) => [field, row[nameOf(column)]])) as unknown as Omit<CameraRegistration, "id" | "code" | "pose" | "recorderId" | "revision">),
  id: row["id"], code: row["code"], recorderId: row["recorder_id"], revision: row["revision"],
  pose: {
    point: { lon: row["lon"], lat: row["lat"] }, mountHeightM: row["mount_height_m"], bearingDeg: row["bearing_deg"], tiltDeg: row["tilt_deg"],
    horizontalFovDeg: row["horizontal_fov_deg"], verticalFovDeg: row["vertical_fov_deg"], rangeM: row["range_m"],
  },
});

/** What was entered, by column. */
export const toRow = (camera: Omit<CameraEntry, "id" | "code">): Readonly<Record<string, string | number | null>> => {
  const { pose } = camera;
  return {
    ...Object.fromEntries(COLUMNS.map(([field, column]) => [nameOf(column), camera[field]])),
    lon: pose.point.lon, lat: pose.point.lat, mount_height_m: pose.mountHeightM, bearing_deg: pose.bearingDeg, tilt_deg: pose.tiltDeg,
    horizontal_fov_deg: pose.horizontalFovDeg, vertical_fov_deg: pose.verticalFovDeg, range_m: pose.rangeM,
  };
};

export const credentialContext = (cameraId: number): string => `camera ${cameraId} credential`;

export interface Credential {
  readonly userName: string | null;
  readonly password: string | null;
}
/** Undefined where it was sealed with another key: the camera is then as good as without. */
export const openCredential = (sealer: Sealer, cameraId: number, sealed: Uint8Array | null): Credential | undefined => {
  if (sealed === null) return { userName: null, password: null };
  let text: string;
  try {
    text = sealer.open(sealed, credentialContext(cameraId));
  } catch {
    return undefined;
  }
  const [userName, password] = JSON.parse(text) as [string | null, string | null];
  return { userName, password };
};

export const sealCredential = (sealer: Sealer, cameraId: number, userName: string | null, password: string | null): Buffer =>
  sealer.seal(JSON.stringify([userName, password]), credentialContext(cameraId));

const hasCredential = (camera: CameraToAdd): boolean => camera.userName !== null || camera.password !== null;

/**
 * Adds the cameras whose code is free. The answer stands beside the input: the new registration, or null where the code is taken already
 * (by a camera before, or by an earlier one of the same list).
 */
export async function insertCameras(transaction: Transaction, sealer: Sealer, cameras: readonly CameraToKeep[], now: number): Promise<(CameraRegistration | null)[]> {
  if (cameras.length === 0) return [];
  const ids = (await transaction`select nextval('camera_id_sequence')::integer as id from generate_series(1, ${cameras.length})`).map((row) => row["id"] as number);
  const made = ids.map((id) => `C-${String(id).padStart(4, "0")}`);
  const taken = new Set([...cameras.flatMap((camera) => camera.code ?? []), ...(await transaction`select code from camera where removed_at is null and code = any(${made}::text[])`).map((row) => row["code"] as string)]);
  for (const [i, code] of made.entries()) if (taken.has(code)) made[i] = `${code}-2`; // somebody gave that code by hand; nobody else's id makes this one
  const rows = cameras.map((camera, i) => ({ id: ids[i], code: camera.code ?? made[i]!, ...toRow(camera), recorder_id: camera.recorderId }));
  const added = await transaction`
    insert into camera as c (id, code, ${transaction.unsafe(ENTERED_NAMES.join(", "))}, recorder_id, created_at)
    select r.*, ${new Date(now)} from jsonb_to_recordset(${transaction.json(rows as never)}) as r (id integer, code text, ${transaction.unsafe(ENTERED.join(", "))}, recorder_id integer)
    order by r.id
    on conflict (code) where removed_at is null do nothing
    returning ${transaction.unsafe(CAMERA_COLUMNS)}`;
  const byId = new Map(added.map((row) => [row["id"] as number, toRegistration(row)]));
  const secrets = cameras.flatMap((camera, i) =>
    hasCredential(camera) && byId.has(ids[i]!)
      ? [{ camera_id: ids[i], sealed: sealCredential(sealer, ids[i]!, camera.userName, camera.password).toString("base64") }]
      : [],
  );
  if (secrets.length > 0)
    await transaction`
      insert into camera_credential (camera_id, sealed)
      select s.camera_id, decode(s.sealed, 'base64') from jsonb_to_recordset(${transaction.json(secrets as never)}) as s (camera_id integer, sealed text)`;
  return ids.map((id) => byId.get(id) ?? null);
}
