// The cameras that the centre told us to keep, on disk, so that a recorder works on without the centre. Passwords are sealed with AES-256-GCM under a key
// that is derived (HKDF-SHA-256) from the recorder's service token, which the supervisor hands over at each start. That guards copies of the index and of the
// recordings' folder; where the data folder with its `secrets/` lies on the same disk, whoever has the whole disk has both. With another token the sealed
// ones cannot be opened; the centre's next list brings them again.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { IndexStore } from "./index-store.ts";

/** A camera as it is joined. `address` is without credentials. */
export interface StoredCamera {
  readonly cameraId: number;
  readonly code: string;
  readonly name: string;
  readonly address: string;
  readonly userName: string | null;
  readonly password: string | null;
  readonly recording: "continuous" | "on-demand";
  readonly retentionDays: number;
}

interface Row {
  camera_id: number; code: string; name: string; address: string; user_name: string | null; password_sealed: Uint8Array | null; recording: "continuous" | "on-demand"; retention_days: number;
}

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
      cameraId: row.camera_id, code: row.code, name: row.name, address: row.address, userName: row.user_name,
      password: row.password_sealed === null ? null : (this.#open(row.password_sealed, row.camera_id) ?? null), recording: row.recording, retentionDays: row.retention_days,
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

  remove(cameraId: number, revision: number): void {
    this.#index.transaction(() => {
      this.#index.database.prepare("DELETE FROM camera WHERE camera_id = ?").run(cameraId);
      this.#index.saveSetting("camera-revision", String(revision));
    });
  }

  #insert(camera: StoredCamera): void {
    this.#index.database
      .prepare("INSERT INTO camera (camera_id, code, name, address, user_name, password_sealed, recording, retention_days) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .run(
        camera.cameraId, camera.code, camera.name, camera.address, camera.userName, camera.password === null ? null : this.#seal(camera.password, camera.cameraId), camera.recording,
        camera.retentionDays,
      );
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
