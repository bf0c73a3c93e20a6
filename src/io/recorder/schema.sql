-- Index of one recorder. The files hold the pictures and, in each fragment, their wall time; this index says which files there are and why there
-- are none for the rest of the time. It can be made again from the files, except for the causes of gaps. Times are wall times in milliseconds
-- since 1970; 90k are units of 1/90000 s.

-- What the centre last told us to join. Kept so that recording goes on without the centre.
CREATE TABLE camera (
  camera_id       INTEGER PRIMARY KEY,   -- the centre's id, positive
  code            TEXT NOT NULL,
  name            TEXT NOT NULL,
  address         TEXT NOT NULL,         -- rtsp URL without credentials
  sub_address     TEXT,                  -- of the small stream, at the same host and port
  user_name       TEXT,
  password_sealed BLOB,                  -- AES-256-GCM: 12 bytes nonce, 16 bytes tag, text. The key is not in this folder
  transport       TEXT NOT NULL CHECK (transport IN ('tcp', 'udp', 'auto')),
  certificate_sha256 TEXT,               -- pinned; NULL: one of an authority
  sound           INTEGER NOT NULL CHECK (sound IN (0, 1)), -- 0: its sound is not asked for
  metadata        INTEGER NOT NULL DEFAULT 0 CHECK (metadata IN (0, 1)), -- 0: its ONVIF metadata are not asked for
  recording       TEXT NOT NULL CHECK (recording IN ('continuous', 'scheduled', 'on-event', 'on-demand')),
  schedule        TEXT,                  -- weekly hours in the city's time zone
  pre_roll_s      REAL NOT NULL,
  post_roll_s     REAL NOT NULL,
  key_frame_interval_s REAL,             -- as set in the camera
  retention_days  REAL NOT NULL CHECK (retention_days > 0),
  least_days      REAL,                  -- kept even where the disk is short of room
  most_gigabytes  REAL                   -- 10^9 bytes
) STRICT;

-- What was last to be kept of each camera, also of those that left: their recordings stay as long as they would have.
CREATE TABLE keeping (
  camera_id      INTEGER PRIMARY KEY,
  retention_days REAL NOT NULL,
  least_days     REAL,
  most_gigabytes REAL
) STRICT;
CREATE TRIGGER camera_kept AFTER INSERT ON camera BEGIN
  INSERT OR REPLACE INTO keeping (camera_id, retention_days, least_days, most_gigabytes) VALUES (new.camera_id, new.retention_days, new.least_days, new.most_gigabytes);
END;

-- Unbroken samples of one session. end_ms and cause are both NULL while it lasts; after a crash the start-up fills them in.
CREATE TABLE run (
  run_id    INTEGER PRIMARY KEY AUTOINCREMENT,
  camera_id INTEGER NOT NULL,
  start_ms  INTEGER NOT NULL,
  end_ms    INTEGER,
  cause     TEXT,                        -- why it ended: a gap cause
  CHECK ((end_ms IS NULL) = (cause IS NULL))
) STRICT;
CREATE INDEX run_open ON run (camera_id) WHERE end_ms IS NULL;

-- One file, segments/<camera_id>/<segment_id>.mp4. The row is made before the file, so that no file is unknown. As 'open' it says nothing of the
-- bytes; end_ms, bytes, frames and gops are filled in when the file has been written whole and synced ('closed'). 'suspect': a write
-- or sync failed, or the file could not be read at the start; the next start walks it again. 'deleting': marked, then the file is removed, then the row.
CREATE TABLE segment (
  segment_id INTEGER PRIMARY KEY AUTOINCREMENT,
  camera_id  INTEGER NOT NULL,
  run_id     INTEGER NOT NULL REFERENCES run,
  state      TEXT NOT NULL CHECK (state IN ('open', 'closed', 'suspect', 'deleting')),
  start_ms   INTEGER NOT NULL,
  end_ms     INTEGER,
  bytes      INTEGER NOT NULL DEFAULT 0,
  frames     INTEGER NOT NULL DEFAULT 0,
  init_bytes INTEGER NOT NULL,           -- length of the initialisation segment at the front of the file
  format_key TEXT NOT NULL,              -- SHA-256 of it: equal keys decode with the same initialisation
  gops       BLOB,                       -- varints, see playback/gop-index
  sha256     BLOB,                       -- of the whole file, made as it was written; NULL where a crash came between
  activity   BLOB,                       -- how much moved: a byte for each second from the one that start_ms lies in, 0 to 254, 255 unknown; NULL: not measured
  deleted_as TEXT                        -- of one that is being deleted: the cause of the gap that it leaves
) STRICT;
-- Holds all that a day's timeline asks for, so that its 1,440 rows, which lie apart in the table, need not be read.
CREATE INDEX segment_by_time ON segment (camera_id, start_ms, end_ms, state, frames, bytes);
-- Those that begin more than 5 min before a moment and may still reach it: few or none. The others are found by their start.
CREATE INDEX segment_long ON segment (camera_id, start_ms) WHERE end_ms - start_ms > 300000;
CREATE INDEX segment_unsettled ON segment (segment_id) WHERE state IN ('open', 'suspect');
CREATE INDEX segment_deleting ON segment (segment_id) WHERE state = 'deleting';

-- Bytes of the segments that began in one day (UTC, numbered from 1970), but for those that are being deleted. Kept by the triggers below, so that sums over an
-- archive of millions of rows cost nothing.
CREATE TABLE stored_day (
  camera_id INTEGER NOT NULL,
  day       INTEGER NOT NULL,
  bytes     INTEGER NOT NULL,
  PRIMARY KEY (camera_id, day)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER segment_stored AFTER UPDATE OF bytes, state ON segment BEGIN
  INSERT INTO stored_day (camera_id, day, bytes)
    VALUES (new.camera_id, new.start_ms / 86400000, (new.state <> 'deleting') * new.bytes - (old.state <> 'deleting') * old.bytes)
    ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
  DELETE FROM stored_day WHERE camera_id = new.camera_id AND day = new.start_ms / 86400000 AND bytes <= 0;
END;
CREATE TRIGGER segment_dropped AFTER DELETE ON segment WHEN old.state <> 'deleting' BEGIN
  UPDATE stored_day SET bytes = bytes - old.bytes WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000;
  DELETE FROM stored_day WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000 AND bytes <= 0;
END;

-- Sound beside a segment of pictures, segments/<camera_id>/<segment_id>.sound.mp4: the row is made when the file has been written whole and synced, and goes with its segment.
CREATE TABLE sound (
  segment_id INTEGER PRIMARY KEY REFERENCES segment ON DELETE CASCADE,
  camera_id  INTEGER NOT NULL,
  codec      TEXT,                       -- aac, pcma, pcmu; NULL where a crash came between
  start_ms   INTEGER NOT NULL,
  end_ms     INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  sha256     BLOB                        -- of the whole file, made as it was written; NULL where a crash came between
) STRICT;
CREATE INDEX sound_by_time ON sound (camera_id, start_ms, end_ms);
CREATE TRIGGER sound_stored AFTER INSERT ON sound BEGIN
  INSERT INTO stored_day (camera_id, day, bytes) VALUES (new.camera_id, new.start_ms / 86400000, new.bytes) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER sound_dropped AFTER DELETE ON sound BEGIN
  UPDATE stored_day SET bytes = bytes - old.bytes WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000;
  DELETE FROM stored_day WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000 AND bytes <= 0;
END;

-- ONVIF metadata beside a segment of pictures, segments/<camera_id>/<segment_id>.metadata.mp4: documents as the camera sent them, nothing of them is read. As with sound.
CREATE TABLE metadata (
  segment_id INTEGER PRIMARY KEY REFERENCES segment ON DELETE CASCADE,
  camera_id  INTEGER NOT NULL,
  start_ms   INTEGER NOT NULL,
  end_ms     INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  sha256     BLOB                        -- of the whole file, made as it was written; NULL where a crash came between
) STRICT;
CREATE INDEX metadata_by_time ON metadata (camera_id, start_ms, end_ms);
CREATE TRIGGER metadata_stored AFTER INSERT ON metadata BEGIN
  INSERT INTO stored_day (camera_id, day, bytes) VALUES (new.camera_id, new.start_ms / 86400000, new.bytes) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER metadata_dropped AFTER DELETE ON metadata BEGIN
  UPDATE stored_day SET bytes = bytes - old.bytes WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000;
  DELETE FROM stored_day WHERE camera_id = old.camera_id AND day = old.start_ms / 86400000 AND bytes <= 0;
END;

-- Evidence holds as the centre told them, a row for each camera of each: what a camera recorded in the range is not deleted.
CREATE TABLE hold (
  camera_id INTEGER NOT NULL,
  hold_id   INTEGER NOT NULL,            -- the centre's
  from_ms   INTEGER NOT NULL,
  to_ms     INTEGER NOT NULL,            -- both ends belong to it; may lie ahead
  PRIMARY KEY (camera_id, hold_id)
) STRICT, WITHOUT ROWID;

-- Time without pictures. Those before all that is kept of a camera are joined to one, 'deleted'. end_ms is NULL for the one that still lasts; a camera has at most one such, and none while a run lasts.
CREATE TABLE gap (
  gap_id    INTEGER PRIMARY KEY AUTOINCREMENT,
  camera_id INTEGER NOT NULL,
  start_ms  INTEGER NOT NULL,
  end_ms    INTEGER,
  cause     TEXT NOT NULL,
  within_run INTEGER NOT NULL DEFAULT 0 CHECK (within_run IN (0, 1)) -- 1: the run went on without a picture, and its segment lies over it
) STRICT;
CREATE INDEX gap_by_time ON gap (camera_id, start_ms);
-- Those that begin more than a day before a moment and may still reach it. The others are found by their start.
CREATE INDEX gap_long ON gap (camera_id, start_ms) WHERE end_ms IS NULL OR end_ms - start_ms > 86400000;
CREATE UNIQUE INDEX gap_lasting ON gap (camera_id) WHERE end_ms IS NULL;

-- What a camera's own clock said at one RTP time, and when we heard it: the first of each track of a run, then one a minute. It corrects nothing; it tells later what the camera
-- believed. Goes with the pictures of its time.
CREATE TABLE sender_report (
  camera_id  INTEGER NOT NULL,
  arrival_ms INTEGER NOT NULL,
  run_id     INTEGER NOT NULL REFERENCES run,
  track      TEXT NOT NULL,              -- video, audio, metadata
  ssrc       INTEGER NOT NULL,
  camera_ms  REAL NOT NULL,              -- the camera's clock
  rtp_time   INTEGER NOT NULL,           -- of the track at that moment, 32 bits
  packets    INTEGER NOT NULL,           -- sent so far, by the camera's count
  octets     INTEGER NOT NULL,
  PRIMARY KEY (camera_id, arrival_ms, track)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sender_report_dropped AFTER DELETE ON segment BEGIN
  DELETE FROM sender_report WHERE camera_id = old.camera_id AND arrival_ms BETWEEN old.start_ms AND old.end_ms;
  DELETE FROM sender_report WHERE camera_id = old.camera_id AND arrival_ms <= old.end_ms AND NOT EXISTS (SELECT 1 FROM segment WHERE camera_id = old.camera_id AND start_ms <= old.start_ms);
END;

-- public-key, console-origins, time-zone, camera-revision, hold-revision: from the centre. alive-at: the last time that this recorder is known to have run.
-- clock-trust: how far the wall clock is believed, see video/retention/clock-trust. stopped-cleanly: yes where it wrote all that it had to before it ended.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Looks that ended and whose end the centre has not yet said to have kept. at_ms: when.
CREATE TABLE ended_view (
  view_id INTEGER PRIMARY KEY,           -- the centre's id of the access record
  at_ms   INTEGER NOT NULL
) STRICT;
