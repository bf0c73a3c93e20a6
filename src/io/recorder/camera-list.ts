// The cameras that the centre told us to keep, on disk, so that a recorder works on without the centre. Passwords are sealed with AES-256-GCM under a key
// that is derived (HKDF-SHA-256) from the recorder's service token, which the supervisor hands over at each start. That guards copies of the index and of the
// recordings' folder; where the data folder with its `secrets/` lies on the same disk, whoever has the whole disk has both. With another token the sealed
// ones cannot be opened; the centre's next list brings them again.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { RecorderCamera, RecorderKeeping } from "../../contract/recorder-link.ts";
import type { IndexStore } from "./index-store.ts";

/** A camera as it is joined: what the centre's link told, passwords in clear. */
export type StoredCamera = Readonly<RecorderCamera>;

/** Columns of the fields that are kept as they come; the password is sealed, and booleans are 0 and 1 in SQLite. */
const COLUMNS = {
  cameraId: "camera_id", code: "code", name: "name", address: "address", subAddress: "sub_address", userName: "user_name", transport: "transport", certificateSha256: "certificate_sha256", recording: "recording",
  schedule: "schedule", preRollS: "pre_roll_s", postRollS: "post_roll_s", keyFrameIntervalS: "key_frame_interval_s", retentionDays: "retention_days", leastDays: "least_days", mostGigabytes: "most_gigabytes",
} as const satisfies Record<Exclude<keyof StoredCamera, "password" | "sound" | "metadata">, string>;
const FIELDS = Object.entries(COLUMNS) as [keyof typeof COLUMNS, string][];
type Row = Record<string, string | number | null> & { camera_id: number; password_sealed: Uint8Array | null; sound: number; metadata: number };

export class CameraList {
  readonly #index: IndexStore;
  readonly #key: Uint8Array;

  constructor(index: IndexStore, serviceToken: string) {
    this.#index = index;
    this.#key = new Uint8Array(hkdfSync("sha256", serviceToken, "", "citywatch recorder camera passwords", 32));
  }

  get revision(): number {
    return Number(this.#index.findSetting("camera-revision") ?? "0");
  }

  /** Cameras whose password cannot be opened come without one: the camera will refuse, and say so, until the centre's list comes. */
  list(): StoredCamera[] {
    const rows = this.#index.database.prepare("SELECT * FROM camera ORDER BY camera_id").all() as unknown as Row[];
    return rows.map((row) => ({
      ...(Object.fromEntries(FIELDS.map(([field, column]) => [field, row[column]])) as unknown as Omit<StoredCamera, "password" | "sound" | "metadata">),
      sound: row.sound === 1, metadata: row.metadata === 1, password: row.password_sealed === null ? null : (this.#open(row.password_sealed, row.camera_id) ?? null),
    }));
  }

  replace(cameras: readonly StoredCamera[], revision: number): void {
    this.#index.transaction(() => {
      this.#index.database.exec("DELETE FROM camera");
      for (const camera of cameras) this.#insert(camera);
      this.#index.saveSetting("camera-revision", String(revision));
    });
  }

  save(camera: StoredCamera, revision: number): void {
    this.#index.transaction(() => {
      this.#index.database.prepare("DELETE FROM camera WHERE camera_id = ?").run(camera.cameraId);
      this.#insert(camera);
      this.#index.saveSetting("camera-revision", String(revision));
    });
  }

  /** `keeping`: what is to be kept of its recordings here from now on; null: what was before. */
  remove(cameraId: number, revision: number, keeping: RecorderKeeping | null): void {
    this.#index.transaction(() => {
      this.#index.database.prepare("DELETE FROM camera WHERE camera_id = ?").run(cameraId);
      if (keeping !== null)
        this.#index.database.prepare("INSERT OR REPLACE INTO keeping (camera_id, retention_days, least_days, most_gigabytes) VALUES (?, ?, ?, ?)").run(cameraId, keeping.retentionDays, keeping.leastDays, keeping.mostGigabytes);
      this.#index.saveSetting("camera-revision", String(revision));
    });
  }

  /** What was last to be kept of a camera, whether it is still listed or not; undefined where this index never knew it. */
  findFormerKeeping(cameraId: number): RecorderKeeping | undefined {
    const row = this.#index.database.prepare("SELECT retention_days, least_days, most_gigabytes FROM keeping WHERE camera_id = ?").get(cameraId) as { retention_days: number; least_days: number | null; most_gigabytes: number | null } | undefined;
    return row === undefined ? undefined : { retentionDays: row.retention_days, leastDays: row.least_days, mostGigabytes: row.most_gigabytes };
  }

  #insert(camera: StoredCamera): void {
    const columns = [...Object.values(COLUMNS), "sound", "metadata", "password_sealed"];
    this.#index.database
      .prepare(`INSERT INTO camera (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
      .run(...FIELDS.map(([field]) => camera[field]), camera.sound ? 1 : 0, camera.metadata ? 1 : 0, camera.password === null ? null : this.#seal(camera.password, camera.cameraId));
  }

  // The camera's id is bound in, so that a sealed password cannot be moved to another row (and so to another address).
  #seal(password: string, cameraId: number): Uint8Array {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    cipher.setAAD(Buffer.from(String(cameraId)));
    const text = Buffer.concat([cipher.update(password, "utf8"), cipher.final()]);
    return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), text]));
  }

  #open(sealed: Uint8Array, cameraId: number): string | undefined {
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, sealed.subarray(0, 12));
      decipher.setAAD(Buffer.from(String(cameraId)));
      decipher.setAuthTag(sealed.subarray(12, 28));
      return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}
