// Rows of the register, in and out. Many cameras go in by one statement with one JSON parameter: 600,000 rows are some hundreds of round trips.
import type { CameraRegistration, CameraToAdd } from "../../contract/register.ts";
import type { Sealer } from "../crypto/seal.ts";
import type { Row, Transaction } from "./database.ts";

export const CAMERA_COLUMNS = `c.id, c.code, c.name, c.kind, c.place, c.district, c.lon, c.lat, c.mount_height_m, c.bearing_deg, c.tilt_deg, c.horizontal_fov_deg,
  c.vertical_fov_deg, c.range_m, c.image_width_px, c.purpose, c.owner, c.address, c.recording, c.retention_days, c.recorder_id, c.revision`;


export const toRegistration = (row: Row): CameraRegistration => ({
  id: row["id"], code: row["code"], name: row["name"], kind: row["kind"], place: row["place"], district: row["district"],
  pose: {
    point: { lon: row["lon"], lat: row["lat"] }, mountHeightM: row["mount_height_m"], bearingDeg: row["bearing_deg"], tiltDeg: row["tilt_deg"],
    horizontalFovDeg: row["horizontal_fov_deg"], verticalFovDeg: row["vertical_fov_deg"], rangeM: row["range_m"],
  },
  imageWidthPx: row["image_width_px"], purpose: row["purpose"], owner: row["owner"], address: row["address"], recording: row["recording"],
  retentionDays: row["retention_days"], recorderId: row["recorder_id"], revision: row["revision"],
});

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
export async function insertCameras(transaction: Transaction, sealer: Sealer, cameras: readonly CameraToAdd[], now: number): Promise<(CameraRegistration | null)[]> {
  if (cameras.length === 0) return [];
  const ids = (await transaction`select nextval('camera_id_sequence')::integer as id from generate_series(1, ${cameras.length})`).map((row) => row["id"] as number);
  const made = ids.map((id) => `C-${String(id).padStart(4, "0")}`);
  const taken = new Set([...cameras.flatMap((camera) => camera.code ?? []), ...(await transaction`select code from camera where removed_at is null and code = any(${made}::text[])`).map((row) => row["code"] as string)]);
  for (const [i, code] of made.entries()) if (taken.has(code)) made[i] = `${code}-2`; // somebody gave that code by hand; nobody else's id makes this one
  const rows = cameras.map((camera, i) => ({
    id: ids[i], code: camera.code ?? made[i]!, name: camera.name, kind: camera.kind, place: camera.place, district: camera.district,
    lon: camera.pose.point.lon, lat: camera.pose.point.lat, mount_height_m: camera.pose.mountHeightM, bearing_deg: camera.pose.bearingDeg, tilt_deg: camera.pose.tiltDeg,
    horizontal_fov_deg: camera.pose.horizontalFovDeg, vertical_fov_deg: camera.pose.verticalFovDeg, range_m: camera.pose.rangeM, image_width_px: camera.imageWidthPx,
    purpose: camera.purpose, owner: camera.owner, address: camera.address, recording: camera.recording, retention_days: camera.retentionDays,
  }));
  const added = await transaction`
    insert into camera as c (id, code, name, kind, place, district, lon, lat, mount_height_m, bearing_deg, tilt_deg, horizontal_fov_deg, vertical_fov_deg, range_m,
      image_width_px, purpose, owner, address, recording, retention_days, created_at)
    select r.*, ${new Date(now)} from jsonb_to_recordset(${transaction.json(rows as never)}) as r (
      id integer, code text, name text, kind text, place text, district text, lon double precision, lat double precision, mount_height_m real, bearing_deg real,
      tilt_deg real, horizontal_fov_deg real, vertical_fov_deg real, range_m real, image_width_px integer, purpose text, owner text, address text, recording text,
      retention_days real)
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
