// The register of looks as an inspector reads it: lists, figures, files. It has a pool of its own with few connections and a limit to how long one question
// may take: what an inspector asks of years of looks waits in line with other inspectors, never in front of a dispatcher. A summary is one pass over
// what the filter lets through; counts kept beside the looks were not chosen, for they would have to be kept true for each filter.
import type { AccessSummary } from "../../contract/inspect.ts";
import type { ServedRanges } from "../../contract/cameras.ts";
import { type ServedRange, addServed } from "../../video/playback/served-ranges.ts";
import type { StoredAccessFilter, StoredAccessRecord } from "../../contract/register.ts";
import { DAY_MS } from "../../base/time.ts";
import { readInPieces, toWall, type Asks, type Database, type Row } from "./database.ts";
import { likePattern } from "./like-pattern.ts";

export const facts = (sql: Asks) => sql`r.*, c.name as camera_name, c.place as camera_place, e.at as ended_at, (select max(n.at) from access_record_renewal n where n.record_id = r.id) as renewed_at,
  (select jsonb_agg(s.ranges order by s.id) from access_record_served s where s.record_id = r.id) as served`;
export const joined = (sql: Asks) => sql`join camera c on c.id = r.camera_id left join access_record_end e on e.record_id = r.id`;
/** A recorder forgets a look that has been quiet for long, and one that was started anew knows of none: what it tells after that is not all [VIEW12]. */
function unite(tellings: readonly ServedRanges[] | null): ServedRanges | null {
  if (tellings === null || tellings.length === 1) return tellings?.[0] ?? null;
  return [...tellings.flat().reduce<readonly ServedRange[]>((all, { from, to }) => addServed(all, from, to), [])];
}
export const toRecord = (row: Row): StoredAccessRecord => ({
  id: row["id"], at: row["at"].getTime(), accountId: row["account_id"], accountName: row["account_name"], cameraId: row["camera_id"], cameraCode: row["camera_code"],
  cameraName: row["camera_name"], cameraPlace: row["camera_place"],
  mode: row["mode"], from: toWall(row["range_from"]), to: toWall(row["range_to"]), purpose: row["purpose"], incidentId: row["incident_id"], contactId: row["contact_id"], words: row["words"],
  sound: row["sound"], metadata: row["metadata"], endedAt: toWall(row["ended_at"]), renewedAt: toWall(row["renewed_at"]), served: unite(row["served"]),
});

/** The looks that pass. Words stand in the look or with its camera; apart, each finds its index, and no look is in both. */
const passing = (sql: Asks, { cameraId, accountId, incidentId, purpose, mode, from, to, q, contactIds }: StoredAccessFilter, before: number | null = null) => {
  const looks = () => sql`select r.* from access_record r where true
    ${before === null ? sql`` : sql`and r.id < ${before}`}
    ${cameraId === undefined ? sql`` : sql`and r.camera_id = ${cameraId}`}
    ${accountId === undefined ? sql`` : sql`and r.account_id = ${accountId}`}
    ${incidentId === undefined ? sql`` : sql`and (r.incident_id = ${incidentId} or r.contact_id = any(${contactIds as number[]}::integer[]))`}
    ${purpose === undefined ? sql`` : sql`and r.purpose = ${purpose}`}
    ${mode === undefined ? sql`` : sql`and r.mode = ${mode}`}
    ${from === undefined ? sql`` : sql`and r.at >= ${new Date(from)}`}
    ${to === undefined ? sql`` : sql`and r.at < ${new Date(to)}`}`;
  if (q === undefined) return looks();
  const pattern = likePattern(q.toLowerCase());
  const said = sql`lower(r.account_name || ' ' || r.camera_code || ' ' || coalesce(r.words, '')) like ${pattern}`;
  return sql`${looks()} and ${said} union all ${looks()} and not (${said}) and r.camera_id in (select id from camera where search like ${pattern})`;
};

/** Up to so long a time is counted by hours, beyond it by days. */
const HOURS_UP_TO_MS = 3 * DAY_MS;
const MOST_NAMED = 5;

/** `inspection`: a pool with a statement timeout (openInspection). */
export function createAccessRegister(inspection: Database) {
  const records = (sql: Asks, filter: StoredAccessFilter, before: number | null, limit: number) =>
    sql`select ${facts(sql)} from (${passing(sql, filter, before)}) r ${joined(sql)} order by r.id desc limit ${limit}`;
  return {
    /** Newest first; `before` is a record's id. */
    list: async (filter: StoredAccessFilter, before: number | null, limit: number): Promise<StoredAccessRecord[]> => (await records(inspection, filter, before, limit)).map(toRecord),

    /** As `list`, for a file: in pieces, so that nobody waits while all of it is made. */
    readInPieces: (filter: StoredAccessFilter, limit: number, take: (records: StoredAccessRecord[]) => void): Promise<void> =>
      readInPieces(inspection, (sql) => records(sql, filter, null, limit), (rows) => take(rows.map(toRecord))),

    /** `timeZone`: IANA name; an hour or a day is one of the city's. */
    summarise: async (filter: StoredAccessFilter, timeZone: string): Promise<AccessSummary> => {
      // grouping(): a bit for each column that a row does not speak of.
      const rows = await inspection`
        with counted as (
          select hour, purpose, account_id, camera_id, grouping(hour, purpose, account_id, camera_id) as about,
            count(*)::integer as n, (count(*) filter (where mode = 'live'))::integer as live, (count(*) filter (where mode = 'download'))::integer as downloads, (count(*) filter (where mode = 'export'))::integer as exports, min(at) as first, max(at) as last
          from (select date_trunc('hour', p.at, ${timeZone}) as hour, p.purpose, p.account_id, p.camera_id, p.mode, p.at from (${passing(inspection, filter)}) p) s
          group by grouping sets ((), (hour, purpose), (account_id), (camera_id))
        ), ranked as (
          select *, row_number() over (partition by about order by n desc, account_id, camera_id) as rank from counted
        )
        select about, n, live, downloads, exports, first, last, purpose, hour, date_trunc('day', hour, ${timeZone}) as day, account_id, camera_id,
          case about when 13 then (select r.account_name from access_record r where r.account_id = k.account_id order by r.id desc limit 1) end as account_name,
          case about when 14 then (select r.camera_code from access_record r where r.camera_id = k.camera_id order by r.id desc limit 1) end as camera_code,
          case about when 14 then (select c.name from camera c where c.id = k.camera_id) end as camera_name
        from ranked k where about in (15, 3) or rank <= ${MOST_NAMED} order by about, hour, purpose, rank`;
      const about = (bits: number) => rows.filter((row) => row["about"] === bits);
      const all = about(15)[0]!;
      const first = toWall(all["first"]);
      const last = toWall(all["last"]);
      const bucket = (filter.to ?? last ?? 0) - (filter.from ?? first ?? 0) <= HOURS_UP_TO_MS ? "hour" : "day";
      const buckets = new Map<string, AccessSummary["buckets"][number]>();
      const purposes = new Map<string, number>();
      for (const row of about(3)) {
        const at = (row[bucket] as Date).getTime();
        const purpose = row["purpose"] as string;
        const key = `${at} ${purpose}`;
        buckets.set(key, { at, purpose, n: (buckets.get(key)?.n ?? 0) + row["n"] });
        purposes.set(purpose, (purposes.get(purpose) ?? 0) + row["n"]);
      }
      return {
        total: all["n"], live: all["live"], playback: all["n"] - all["live"] - all["downloads"] - all["exports"], download: all["downloads"], export: all["exports"], first, last, bucket,
        buckets: [...buckets.values()],
        byPurpose: [...purposes].map(([purpose, n]) => ({ purpose, n })).sort((a, b) => b.n - a.n || (a.purpose < b.purpose ? -1 : 1)),
        byAccount: about(13).map((row) => ({ accountId: row["account_id"], accountName: row["account_name"], n: row["n"] })),
        byCamera: about(14).map((row) => ({ cameraId: row["camera_id"], cameraCode: row["camera_code"], cameraName: row["camera_name"], n: row["n"] })),
      };
    },

    count: async (): Promise<number> => (await inspection`select count(*)::integer as n from access_record`)[0]!["n"],
  };
}
