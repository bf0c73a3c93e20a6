// Evidence holds in the database: made, reviewed and released by rows that are only added, each with its audit entry in the same transaction. The revision's
// row is locked by every change that recorders must hear of, so revisions are committed in their order.
import type { Actor } from "../../contract/basics.ts";
import type { HoldCounts, HoldQuery, NewHold } from "../../contract/holds.ts";
import type { HoldForRecorders, StoredHold } from "../../contract/register.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { insertAuditEntry } from "./audit-store.ts";
import { readInPieces, type Asks, type Database, type Row, type Transaction } from "./database.ts";

const actorOf = (row: Row): Actor => ({ kind: row["actor_kind"], id: row["actor_id"], name: row["actor_name"] });

function toHold(row: Row): StoredHold {
  const steps = row["steps"] as { kind: "reviewed" | "released"; at: number; actor_kind: Actor["kind"]; actor_id: number; actor_name: string; words: string; review_at: number | null; revision: number | null }[];
  return {
    id: row["id"], from: row["range_from"].getTime(), to: row["range_to"].getTime(), incidentId: row["incident_id"], words: row["words"], madeAt: row["made_at"].getTime(), madeBy: actorOf(row),
    reviewAt: steps.findLast((step) => step.kind === "reviewed")?.review_at ?? row["review_at"].getTime(),
    isReleased: steps.some((step) => step.kind === "released"),
    revision: steps.find((step) => step.kind === "released")?.revision ?? Number(row["revision"]),
    cameras: row["cameras"], steps: steps.map(({ kind, at, words, review_at, ...by }) => ({ kind, at, by: { kind: by.actor_kind, id: by.actor_id, name: by.actor_name }, words, reviewAt: review_at })),
  };
}

/** Whoever has both roles is still one person. */
const isMaker = (hold: StoredHold, by: Actor): boolean => hold.madeBy.kind === by.kind && hold.madeBy.id === by.id;

const raiseRevision = async (transaction: Transaction): Promise<number> => Number((await transaction`update evidence_hold_revision set value = value + 1 returning value`)[0]!["value"]);

export function createHoldStore(database: Database) {
  const released = (sql: Asks) => sql`exists (select from evidence_hold_step r where r.hold_id = h.id and r.kind = 'released')`;
  const reviewAt = (sql: Asks) => sql`coalesce((select r.review_at from evidence_hold_step r where r.hold_id = h.id and r.kind = 'reviewed' order by r.id desc limit 1), h.review_at)`;
  const matches = (sql: Asks, { state, cameraId, incidentId }: HoldQuery, now: number) => sql`true
    ${incidentId === undefined ? sql`` : sql`and h.incident_id = ${incidentId}`}
    ${cameraId === undefined ? sql`` : sql`and exists (select from evidence_hold_camera e where e.hold_id = h.id and e.camera_id = ${cameraId})`}
    ${state === undefined ? sql`` : state === "released" ? sql`and ${released(sql)}` : sql`and not ${released(sql)}`}
    ${state === "held" ? sql`and ${reviewAt(sql)} > ${new Date(now)}` : state === "overdue" ? sql`and ${reviewAt(sql)} <= ${new Date(now)}` : sql``}`;
  const select = (sql: Asks) => sql`
    select h.*, (select json_agg(json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'removed', c.removed_at is not null, 'recorderId', c.recorder_id) order by c.id)
        from evidence_hold_camera e join camera c on c.id = e.camera_id where e.hold_id = h.id) as cameras,
      (select coalesce(json_agg(json_build_object('kind', s.kind, 'at', floor(extract(epoch from s.at) * 1000), 'actor_kind', s.actor_kind, 'actor_id', s.actor_id, 'actor_name', s.actor_name, 'words', s.words,
          'review_at', floor(extract(epoch from s.review_at) * 1000), 'revision', s.revision) order by s.id), '[]')
        from evidence_hold_step s where s.hold_id = h.id) as steps
    from evidence_hold h`;

  const find = async (id: number, sql: Asks = database): Promise<StoredHold | null> => {
    const [row] = await sql`${select(sql)} where h.id = ${id}`;
    return row === undefined ? null : toHold(row);
  };

  /** A step of a hold that is not released yet; the revision's lock keeps two from being taken at once. */
  const addStep = <R extends string = never>(id: number, kind: "reviewed" | "released", words: string, next: number | null, by: Actor, now: number, refuse: (hold: StoredHold) => R | null = () => null): Promise<Result<StoredHold, "not-found" | "hold-released" | R>> =>
    database.begin(async (transaction) => {
      await transaction`select 1 from evidence_hold_revision for update`;
      const hold = await find(id, transaction);
      if (hold === null) return err("not-found");
      if (hold.isReleased) return err("hold-released");
      const refusal = refuse(hold);
      if (refusal !== null) return err(refusal);
      const revision = kind === "released" ? await raiseRevision(transaction) : null;
      await transaction`
        insert into evidence_hold_step (hold_id, kind, at, actor_kind, actor_id, actor_name, words, review_at, revision)
        values (${id}, ${kind}, ${new Date(now)}, ${by.kind}, ${by.id}, ${by.name}, ${words}, ${next === null ? null : new Date(next)}, ${revision})`;
      await insertAuditEntry(transaction, now, by, {
        action: kind === "released" ? "hold.release" : "hold.review", subjectKind: "hold", subjectId: id, body: { words, ...(next === null ? {} : { reviewAt: { from: hold.reviewAt, to: next } }) },
      });
      return ok((await find(id, transaction))!);
    }) as Promise<Result<StoredHold, "not-found" | "hold-released" | R>>;

  return {
    find: (id: number): Promise<StoredHold | null> => find(id),

    /** Every camera must have been registered once; removed ones are taken too: their recordings stay. */
    make: async (hold: NewHold, by: Actor, now: number): Promise<StoredHold> =>
      (await database.begin(async (transaction) => {
        const revision = await raiseRevision(transaction);
        const [row] = await transaction`
          insert into evidence_hold (made_at, actor_kind, actor_id, actor_name, range_from, range_to, incident_id, words, review_at, revision)
          values (${new Date(now)}, ${by.kind}, ${by.id}, ${by.name}, ${new Date(hold.from)}, ${new Date(hold.to)}, ${hold.incidentId}, ${hold.words}, ${new Date(hold.reviewAt)}, ${revision}) returning id`;
        const id = row!["id"] as number;
        await transaction`insert into evidence_hold_camera (hold_id, camera_id) select ${id}, c from unnest(${[...new Set(hold.cameraIds)]}::integer[]) c`;
        const made = (await find(id, transaction))!;
        const { from, to, incidentId, words, reviewAt: until } = made;
        await insertAuditEntry(transaction, now, by, { action: "hold.make", subjectKind: "hold", subjectId: id, body: { cameras: made.cameras.map((camera) => [camera.id, camera.code]), from, to, incidentId, words, reviewAt: until } });
        return made;
      })) as StoredHold,
    review: (id: number, words: string, next: number, by: Actor, now: number) => addStep(id, "reviewed", words, next, by, now),
    release: (id: number, words: string, by: Actor, now: number) => addStep(id, "released", words, null, by, now, (hold) => (isMaker(hold, by) ? "own-hold" : null)),

    list: async (query: HoldQuery, now: number): Promise<StoredHold[]> => {
      const sql = database;
      const { order, before, offset, limit } = query;
      const due = sql`${released(sql)}, case when not ${released(sql)} then ${reviewAt(sql)} end,`; // false comes before true
      const rows = await sql`${select(sql)} where ${matches(sql, query, now)} ${before === undefined ? sql`` : sql`and h.id < ${before}`}
        order by ${order === "due" ? due : sql``} h.id desc limit ${limit} offset ${offset}`;
      return rows.map(toHold);
    },
    count: async (query: HoldQuery, now: number): Promise<HoldCounts> => {
      const sql = database;
      const [row] = await sql`
        select count(*) filter (where ${matches(sql, query, now)})::integer as total, count(*) filter (where not ${released(sql)})::integer as open,
          count(*) filter (where not ${released(sql)} and ${reviewAt(sql)} <= ${new Date(now)})::integer as overdue from evidence_hold h`;
      return { total: row!["total"], open: row!["open"], overdue: row!["overdue"] };
    },

    /** All that hold, in pieces and of one moment; answers with the revision of that moment. */
    readForRecorders: async (take: (holds: HoldForRecorders[]) => void): Promise<number> => {
      const [row] = await database`select value from evidence_hold_revision`;
      // Read before the holds: what is committed between is in the list and told once more as a change, which does no harm.
      await readInPieces(database, (sql) => sql`
        select h.id, h.range_from, h.range_to, (select array_agg(e.camera_id order by e.camera_id) from evidence_hold_camera e where e.hold_id = h.id) as camera_ids
        from evidence_hold h where not ${released(sql)} order by h.id`, (rows) => take(rows.map((one) => ({ id: one["id"], from: one["range_from"].getTime(), to: one["range_to"].getTime(), cameraIds: one["camera_ids"] }))));
      return Number(row!["value"]);
    },
  };
}
