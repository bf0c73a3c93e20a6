// Tables of run cards: proposed, approved or discarded as a whole. Whether a proposal may be approved is judged by the caller within the transaction that would do so.
import { err, ok, type Result } from "../../base/result.ts";
import { HOUR_MS } from "../../base/time.ts";
import type { Actor } from "../../contract/basics.ts";
import type { RunCardRow } from "../../contract/run-cards.ts";
import type { StoredRunCards } from "../../contract/register.ts";
import { insertAuditEntry } from "./audit-store.ts";
import { toWall, type Asks, type Database, type Row } from "./database.ts";

const toTable = (row: Row): StoredRunCards => ({
  id: row["id"], state: row["state"], version: row["version"], basedOn: row["based_on"], rows: row["rows"], words: row["words"], proposedAt: row["proposed_at"].getTime(), proposedBy: row["proposed_by"], settledAt: toWall(row["settled_at"]), settledBy: row["settled_by"],
});

/** Whoever takes the right from all others is not alone with it for so long. */
const RIGHT_TAKEN_WITHIN_MS = 24 * HOUR_MS;
async function wasRightTaken(sql: Asks, roles: readonly string[], since: number): Promise<boolean> {
  const [found] = await sql`
    select 1 from audit_entry e left join account a on a.id = e.subject_id where e.action = 'account.change' and e.subject_kind = 'account' and e.at > ${new Date(since)}
      and ((e.body -> 'disabled' ->> 'to' = 'true' and a.roles && ${[...roles]}::text[]) or e.body -> 'roles' -> 'from' ?| ${[...roles]}::text[]) limit 1`;
  return found !== undefined;
}
const isSame = (a: Actor, b: Actor): boolean => a.kind === b.kind && a.id === b.id;

export function createRunCardStore(database: Database) {
  const find = async (id: number, sql: Asks): Promise<StoredRunCards | null> => {
    const [row] = await sql`select * from run_card_table where id = ${id}`;
    return row === undefined ? null : toTable(row);
  };
  const findInForce = async (sql: Asks = database): Promise<StoredRunCards | null> => {
    const [row] = await sql`select * from run_card_table where state = 'approved' order by version desc limit 1`;
    return row === undefined ? null : toTable(row);
  };
  return {
    findInForce: (): Promise<StoredRunCards | null> => findInForce(),
    findVersion: async (version: number): Promise<StoredRunCards | null> => {
      const [row] = await database`select * from run_card_table where version = ${version}`;
      return row === undefined ? null : toTable(row);
    },
    findProposed: async (): Promise<StoredRunCards | null> => {
      const [row] = await database`select * from run_card_table where state = 'proposed'`;
      return row === undefined ? null : toTable(row);
    },
    /** Those that are or were in force, newest first, with how many rows they have. */
    listVersions: async (limit: number): Promise<(Omit<StoredRunCards, "rows"> & { readonly rowCount: number })[]> =>
      (await database`select *, '[]'::jsonb as rows, jsonb_array_length(rows) as row_count from run_card_table where state = 'approved' order by version desc limit ${limit}`).map((row) => ({ ...toTable(row), rowCount: row["row_count"] as number })),
    propose: async (made: { readonly basedOn: number; readonly rows: readonly RunCardRow[]; readonly words: string }, by: Actor, now: number): Promise<Result<StoredRunCards, "proposal-open">> =>
      (await database.begin(async (sql) => {
        const [row] = await sql`
          insert into run_card_table (based_on, rows, words, proposed_at, proposed_by) values (${made.basedOn}, ${sql.json(made.rows as never)}, ${made.words}, ${new Date(now)}, ${sql.json(by as never)})
          on conflict ((true)) where state = 'proposed' do nothing returning *`;
        if (row === undefined) return err("proposal-open");
        await insertAuditEntry(sql, now, by, { action: "run-cards.propose", subjectKind: "run-cards", subjectId: row["id"], body: { words: made.words, basedOn: made.basedOn, rows: made.rows.length } });
        return ok(toTable(row));
      })) as Result<StoredRunCards, "proposal-open">,
    settle: async <R extends string>(
      id: number, state: "approved" | "discarded", by: Actor, now: number, { least, roles }: { readonly least: number; readonly roles: readonly string[] }, refuse: (proposal: StoredRunCards, inForce: StoredRunCards | null, rightTaken: boolean) => R | null,
    ): Promise<Result<StoredRunCards, R | "not-found">> =>
      (await database.begin(async (sql) => {
        await sql`lock table run_card_table in share row exclusive mode`;
        const proposal = await find(id, sql);
        if (proposal === null) return err("not-found");
        const refusal = refuse(proposal, await findInForce(sql), await wasRightTaken(sql, roles, proposal.proposedAt - RIGHT_TAKEN_WITHIN_MS));
        if (refusal !== null) return err(refusal);
        const [{ next }] = (await sql`select greatest(coalesce(max(version), 0) + 1, ${least}::integer) as next from run_card_table`) as unknown as [{ next: number }];
        const version = state === "approved" ? next : null;
        await sql`update run_card_table set state = ${state}, version = ${version}, settled_at = ${new Date(now)}, settled_by = ${sql.json(by as never)} where id = ${id}`;
        await insertAuditEntry(sql, now, by, { action: state === "approved" ? "run-cards.approve" : "run-cards.discard", subjectKind: "run-cards", subjectId: id, body: { words: proposal.words, basedOn: proposal.basedOn, version, ...(state === "approved" && isSame(by, proposal.proposedBy) ? { alone: true } : {}) } });
        return ok((await find(id, sql))!);
      })) as Result<StoredRunCards, R | "not-found">,
  };
}
