// What was typed for calls in hand. A change names its fields; what of it is taken is decided by dispatch/call-draft.ts while the row is locked.
import type { Actor } from "../../contract/basics.ts";
import type { ChangedDraft, DraftChange, DraftField, KeptDraft } from "../../contract/dispatch.ts";
import { layOver, type Fields, type Stamps } from "../../dispatch/call-draft.ts";
import type { Database } from "./database.ts";

export function createCallDraftStore(database: Database) {
  const toKept = (row: Record<string, unknown>): KeptDraft => ({
    draft: row["body"] as KeptDraft["draft"], stamps: row["stamps"] as KeptDraft["stamps"], changedAt: (row["at"] as Date).getTime(), changedBy: { kind: row["by_kind"] as Actor["kind"], id: row["by_id"] as number, name: row["by_name"] as string },
  });
  return {
    find: async (contactId: number): Promise<KeptDraft | null> => {
      const [row] = await database`select * from call_draft where contact_id = ${contactId}`;
      return row === undefined ? null : toKept(row);
    },

    /** Resolves after the commit with all that is kept now. The row is locked meanwhile: two changes at once are laid one over the other. */
    change: (contactId: number, change: DraftChange, by: Actor, now: number): Promise<ChangedDraft> =>
      database.begin(async (sql) => {
        const at = new Date(now);
        await sql`insert into call_draft (contact_id, body, by_kind, by_id, by_name, at) values (${contactId}, '{}', ${by.kind}, ${by.id}, ${by.name}, ${at}) on conflict (contact_id) do nothing`;
        const [before] = await sql`select * from call_draft where contact_id = ${contactId} for update`;
        const { fields, stamps, notTaken } = layOver({ fields: before!["body"] as Fields, stamps: before!["stamps"] as Stamps }, change);
        if (notTaken.length > 0 && notTaken.length === Object.keys(change.fields).length) return { ...toKept(before!), notTaken: notTaken as DraftField[] }; // as it was, and whose
        const [row] = await sql`
          update call_draft set body = ${sql.json(fields as never)}, stamps = ${sql.json(stamps as never)}, by_kind = ${by.kind}, by_id = ${by.id}, by_name = ${by.name}, at = ${at}
          where contact_id = ${contactId} returning *`;
        return { ...toKept(row!), notTaken: notTaken as DraftField[] };
      }),

    /** Removes those of other contacts than these that were changed last before `before`. Returns how many. */
    sweep: async (before: number, openContactIds: readonly number[]): Promise<number> =>
      (await database`delete from call_draft where at < ${new Date(before)} and not (contact_id = any(${[...openContactIds]}::integer[]))`).count,
  };
}
