// Opening a recorder's index: its version, what an index of each older version lacks, and the lock of the one process that writes it.
import { chmodSync, closeSync, openSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

export const INDEX_VERSION = 13;
/** What an index of each older version lacks; schema.sql is the newest as a whole. */
const UPGRADES: Readonly<Record<number, string>> = {
  1: "CREATE TABLE ended_view (view_id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT",
  2: "ALTER TABLE segment ADD COLUMN sha256 BLOB",
  // The cameras' table is made anew, since the check of its recording modes cannot be changed; the centre's next list brings the rest of each.
  3: `ALTER TABLE camera RENAME TO camera_3;
    CREATE TABLE camera (camera_id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, sub_address TEXT, user_name TEXT, password_sealed BLOB,
      transport TEXT NOT NULL CHECK (transport IN ('tcp', 'udp', 'auto')), certificate_sha256 TEXT, sound INTEGER NOT NULL CHECK (sound IN (0, 1)),
      recording TEXT NOT NULL CHECK (recording IN ('continuous', 'scheduled', 'on-event', 'on-demand')), schedule TEXT, pre_roll_s REAL NOT NULL, post_roll_s REAL NOT NULL,
      key_frame_interval_s REAL, retention_days REAL NOT NULL CHECK (retention_days > 0), least_days REAL, most_gigabytes REAL) STRICT;
    INSERT INTO camera (camera_id, code, name, address, user_name, password_sealed, transport, sound, recording, pre_roll_s, post_roll_s, retention_days)
      SELECT camera_id, code, name, address, user_name, password_sealed, 'tcp', 0, recording, 10, 60, retention_days FROM camera_3;
    DROP TABLE camera_3`,
  4: `DROP INDEX segment_by_time; CREATE INDEX segment_by_time ON segment (camera_id, start_ms, end_ms, state, frames, bytes);
    CREATE INDEX segment_long ON segment (camera_id, start_ms) WHERE end_ms - start_ms > 300000`,
  5: "ALTER TABLE segment ADD COLUMN activity BLOB",
  6: `ALTER TABLE segment ADD COLUMN deleted_as TEXT;
    DROP INDEX segment_by_end;
    CREATE INDEX segment_unsettled ON segment (segment_id) WHERE state IN ('open', 'suspect');
    CREATE INDEX segment_deleting ON segment (segment_id) WHERE state = 'deleting';
    CREATE TABLE stored_day (camera_id INTEGER NOT NULL, day INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (camera_id, day)) STRICT, WITHOUT ROWID;
    CREATE TRIGGER segment_stored AFTER UPDATE OF bytes, state ON segment BEGIN
      INSERT INTO stored_day (camera_id, day, bytes) VALUES (new.camera_id, new.start_ms / 86400000, (new.state <> 'deleting') * new.bytes - (old.state <> 'deleting') * old.bytes)
        ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
      DELETE FROM stored_day WHERE camera_id = new.camera_id AND day = new.start_ms / 86400000 AND bytes <= 0;
    END;
    CREATE TRIGGER segment_dropped AFTER DELETE ON segment WHEN old.state <> 'deleting' BEGIN
      UPDATE stored_day SET bytes = bytes - old.bytes WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000;
      DELETE FROM stored_day WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000 AND bytes <= 0;
    END;
    INSERT INTO stored_day SELECT camera_id, start_ms / 86400000, sum(bytes) FROM segment WHERE state <> 'deleting' GROUP BY 1, 2 HAVING sum(bytes) > 0;
    CREATE TABLE hold (camera_id INTEGER NOT NULL, hold_id INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, PRIMARY KEY (camera_id, hold_id)) STRICT, WITHOUT ROWID`,
  7: `CREATE TABLE sender_report (camera_id INTEGER NOT NULL, arrival_ms INTEGER NOT NULL, run_id INTEGER NOT NULL REFERENCES run, track TEXT NOT NULL, ssrc INTEGER NOT NULL, camera_ms REAL NOT NULL,
      rtp_time INTEGER NOT NULL, packets INTEGER NOT NULL, octets INTEGER NOT NULL, PRIMARY KEY (camera_id, arrival_ms, track)) STRICT, WITHOUT ROWID;
    CREATE TRIGGER sender_report_dropped AFTER DELETE ON segment BEGIN
      DELETE FROM sender_report WHERE camera_id = old.camera_id AND arrival_ms BETWEEN old.start_ms AND old.end_ms;
      DELETE FROM sender_report WHERE camera_id = old.camera_id AND arrival_ms <= old.end_ms AND NOT EXISTS (SELECT 1 FROM segment WHERE camera_id = old.camera_id AND start_ms <= old.start_ms);
    END`,
  8: `CREATE TABLE sound (segment_id INTEGER PRIMARY KEY REFERENCES segment ON DELETE CASCADE, camera_id INTEGER NOT NULL, codec TEXT, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB) STRICT;
    CREATE INDEX sound_by_time ON sound (camera_id, start_ms, end_ms);
    CREATE TRIGGER sound_stored AFTER INSERT ON sound BEGIN
      INSERT INTO stored_day (camera_id, day, bytes) VALUES (new.camera_id, new.start_ms / 86400000, new.bytes) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
    END;
    CREATE TRIGGER sound_dropped AFTER DELETE ON sound BEGIN
      UPDATE stored_day SET bytes = bytes - old.bytes WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000;
      DELETE FROM stored_day WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000 AND bytes <= 0;
    END`,
  9: `CREATE TABLE keeping (camera_id INTEGER PRIMARY KEY, retention_days REAL NOT NULL, least_days REAL, most_gigabytes REAL) STRICT;
    CREATE TRIGGER camera_kept AFTER INSERT ON camera BEGIN
      INSERT OR REPLACE INTO keeping (camera_id, retention_days, least_days, most_gigabytes) VALUES (new.camera_id, new.retention_days, new.least_days, new.most_gigabytes);
    END;
    INSERT INTO keeping SELECT camera_id, retention_days, least_days, most_gigabytes FROM camera`,
  10: "CREATE INDEX gap_long ON gap (camera_id, start_ms) WHERE end_ms IS NULL OR end_ms - start_ms > 86400000",
  11: `ALTER TABLE camera ADD COLUMN metadata INTEGER NOT NULL DEFAULT 0 CHECK (metadata IN (0, 1));
    CREATE TABLE metadata (segment_id INTEGER PRIMARY KEY REFERENCES segment ON DELETE CASCADE, camera_id INTEGER NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB) STRICT;
    CREATE INDEX metadata_by_time ON metadata (camera_id, start_ms, end_ms);
    CREATE TRIGGER metadata_stored AFTER INSERT ON metadata BEGIN
      INSERT INTO stored_day (camera_id, day, bytes) VALUES (new.camera_id, new.start_ms / 86400000, new.bytes) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
    END;
    CREATE TRIGGER metadata_dropped AFTER DELETE ON metadata BEGIN
      UPDATE stored_day SET bytes = bytes - old.bytes WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000;
      DELETE FROM stored_day WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000 AND bytes <= 0;
    END`,
  12: "ALTER TABLE gap ADD COLUMN within_run INTEGER NOT NULL DEFAULT 0 CHECK (within_run IN (0, 1))",
};

/** Cameras' addresses and users' names are in it, and the folder may be one that others can enter. SQLite makes a file by the umask alone, and its log and shared memory with the mode of the file; these are here already after a crash. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, "ax", OWN_MODE)); // one that is there is not opened: closing it would drop the locks that this process has on it
  } catch {
    // It is there, or SQLite says what is wrong.
  }
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(each, OWN_MODE);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== undefined && !CANNOT_HAVE_MODE.has(code)) throw error;
    }
  }
}
const OWN_MODE = 0o600;
/** Not there, another user's, or on a file system that has no modes or takes none. */
const CANNOT_HAVE_MODE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EPERM", "ENOTSUP", "ENOSYS", "EROFS"]);

function openPrivate(file: string): DatabaseSync {
  makePrivate(file);
  return new DatabaseSync(file);
}

/** Throws with a plain message where it is of a newer version, or another recorder uses it. */
export const openToWrite = (file: string): DatabaseSync => openWith(file, openPrivate(file), (db) => {
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
  const version = versionOf(db);
  if (version > INDEX_VERSION) throw new Error(`the recordings were written by a newer Citywatch (index version ${version}, this program knows ${INDEX_VERSION})`);
  if (version === 0) {
    db.exec(`BEGIN IMMEDIATE; ${readFileSync(new URL("./schema.sql", import.meta.url), "utf8")}; PRAGMA user_version = ${INDEX_VERSION}; COMMIT;`);
  } else if (version < INDEX_VERSION) {
    const missing = Array.from({ length: INDEX_VERSION - version }, (_, i) => UPGRADES[version + i]!);
    db.exec(["BEGIN IMMEDIATE", ...missing, `PRAGMA user_version = ${INDEX_VERSION}`, "COMMIT"].join("; "));
  }
});

/** Beside the recorder that writes it. */
export const openToRead = (file: string): DatabaseSync => openWith(file, new DatabaseSync(file, { readOnly: true }), (db) => {
  const version = versionOf(db);
  if (version !== INDEX_VERSION) throw new Error(`the recorder that runs is of another version (index version ${version}, this program knows ${INDEX_VERSION})`);
});

const versionOf = (db: DatabaseSync): number => (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;

function openWith(file: string, db: DatabaseSync, prepare: (db: DatabaseSync) => void): DatabaseSync {
  try {
    prepare(db);
    return db;
  } catch (error) {
    db.close();
    throw toTold(error as Error, file);
  }
}

/** A lock that the kernel drops when its holder dies: SQLite's, on a file of its own. */
export function takeIndexLock(file: string): DatabaseSync {
  const lock = new DatabaseSync(`${file}.lock`);
  try {
    lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    throw toTold(error as Error, file);
  }
}

const toTold = (error: Error, file: string): Error => (/locked|busy/i.test(error.message) ? new Error(`another recorder is using ${file}`, { cause: error }) : error);
