// Problems of cameras and recorders. A batch of beginnings and ends goes in as one transaction in its order; of what the table has already, nothing is done twice, so that
// a batch whose answer was lost may come again.
import type { Actor } from "../../contract/basics.ts";
import type { CameraEvent, CameraEventKind, CameraEventQuery } from "../../contract/camera-events.ts";
import type { CameraEventChange, LastingCameraEvent, StoredUsualFigures } from "../../contract/register.ts";
import { type Asks, type Database, type Row, toWall } from "./database.ts";

const SELECTED = (sql: Asks) => sql`
  select e.*, c.code, c.name, c.place from camera_event e left join camera c on c.id = e.camera_id`;

const toEvent = (row: Row): CameraEvent => ({
  id: row["id"], kind: row["kind"], recorderId: row["recorder_id"],
  camera: row["camera_id"] === null ? null : { id: row["camera_id"], code: row["code"], name: row["name"], place: row["place"] },
  startedAt: row["started_at"].getTime(), endedAt: toWall(row["ended_at"]), reason: { code: row["kind"], params: row["params"] },
  acknowledged: row["acknowledged_at"] === null ? null : {
    at: row["acknowledged_at"].getTime(), by: { kind: row["acknowledged_by_kind"], id: row["acknowledged_by_id"], name: row["acknowledged_by_name"] }, words: row["acknowledged_words"],
  },
});

export function createCameraEventStore(database: Database) {
  const countLasting = async (): Promise<{ open: number; unacknowledged: number }> => {
    const [row] = await database`select count(*)::integer as open, (count(*) filter (where acknowledged_at is null))::integer as unacknowledged from camera_event where ended_at is null`;
    return { open: row!["open"], unacknowledged: row!["unacknowledged"] };
  };
  return {
    countLasting,

    listLasting: async (): Promise<LastingCameraEvent[]> =>
      (await database`select kind, recorder_id, camera_id, started_at from camera_event where ended_at is null`)
        .map((row) => ({ kind: row["kind"] as CameraEventKind, recorderId: row["recorder_id"] as number, cameraId: row["camera_id"] as number | null, startedAt: (row["started_at"] as Date).getTime() })),

    /** Resolves after the commit with the events as they are then. */
    apply: (changes: readonly CameraEventChange[]): Promise<CameraEvent[]> =>
      database.begin(async (sql) => {
        const touched: number[] = [];
        for (const change of changes) {
          const at = new Date(change.at);
          const rows = change.change === "began"
            ? await sql`
              insert into camera_event (kind, recorder_id, camera_id, started_at, params)
              select ${change.kind}, ${change.recorderId}, ${change.cameraId}::integer, ${at}, ${sql.json(change.params as never)}
              where ${change.cameraId}::integer is null or exists (select 1 from camera where id = ${change.cameraId}::integer) on conflict do nothing returning id`
            : await sql`
              update camera_event set ended_at = greatest(started_at, ${at}) where kind = ${change.kind} and ended_at is null
              and coalesce(camera_id, -recorder_id) = ${change.cameraId ?? -change.recorderId} returning id`;
          for (const row of rows) touched.push(row["id"] as number);
        }
        return (await sql`${SELECTED(sql)} where e.id = any(${touched}::bigint[]) order by e.id`).map(toEvent);
      }),

    list: async (query: CameraEventQuery): Promise<{ events: CameraEvent[]; next: number | null; open: number; unacknowledged: number }> => {
      const { state, cameraId, kind, from, to, before, limit } = query;
      const none = database``;
      const rows = await database`
        ${SELECTED(database)} where true
        ${state === undefined ? none : state === "open" ? database`and e.ended_at is null` : database`and e.ended_at is not null`}
        ${cameraId === undefined ? none : database`and e.camera_id = ${cameraId}`} ${kind === undefined ? none : database`and e.kind = ${kind}`}
        ${from === undefined ? none : database`and (e.ended_at is null or e.ended_at >= ${new Date(from)})`} ${to === undefined ? none : database`and e.started_at <= ${new Date(to)}`}
        ${before === undefined ? none : database`and e.id < ${before}`} order by e.id desc limit ${limit + 1}`;
      const events = rows.slice(0, limit).map(toEvent);
      return { events, next: rows.length > limit ? events.at(-1)!.id : null, ...(await countLasting()) };
    },

    /** Null: there is no such event. One that somebody has acknowledged stays as it is. */
    acknowledge: async (id: number, words: string, by: Actor, now: number): Promise<{ event: CameraEvent; taken: boolean } | null> => {
      const done = await database`
        update camera_event set acknowledged_at = ${new Date(now)}, acknowledged_by_kind = ${by.kind}, acknowledged_by_id = ${by.id}, acknowledged_by_name = ${by.name}, acknowledged_words = ${words}
        where id = ${id} and acknowledged_at is null`;
      const [row] = await database`${SELECTED(database)} where e.id = ${id}`;
      return row === undefined ? null : { event: toEvent(row), taken: done.count === 1 };
    },

    /** Removes those that ended before. Returns how many. */
    sweep: async (before: number): Promise<number> => (await database`delete from camera_event where ended_at < ${new Date(before)}`).count,

    listUsual: async (): Promise<StoredUsualFigures[]> =>
      (await database`select * from camera_usual`).map((row) => ({
        cameraId: row["camera_id"], format: row["format"], bitsPerSecond: row["bits_per_second"], framesPerSecond: row["frames_per_second"], keyIntervalMs: row["key_interval_ms"],
        learnedMs: row["learned_ms"], at: row["at"].getTime(),
      })),

    saveUsual: async (figures: readonly StoredUsualFigures[]): Promise<void> => {
      await database`
        insert into camera_usual (camera_id, format, bits_per_second, frames_per_second, key_interval_ms, learned_ms, at)
        select f.camera_id, f.format, f.bits, f.frames, f.key, f.learned, to_timestamp(f.at / 1000)
        from unnest(${figures.map((one) => one.cameraId)}::integer[], ${figures.map((one) => one.format)}::text[], ${figures.map((one) => one.bitsPerSecond)}::real[], ${figures.map((one) => one.framesPerSecond)}::real[],
          ${figures.map((one) => one.keyIntervalMs)}::real[], ${figures.map((one) => Math.round(one.learnedMs))}::bigint[], ${figures.map((one) => one.at)}::float8[]) as f (camera_id, format, bits, frames, key, learned, at)
        join camera c on c.id = f.camera_id
        on conflict (camera_id) do update set format = excluded.format, bits_per_second = excluded.bits_per_second, frames_per_second = excluded.frames_per_second, key_interval_ms = excluded.key_interval_ms,
          learned_ms = excluded.learned_ms, at = excluded.at`;
    },
  };
}
