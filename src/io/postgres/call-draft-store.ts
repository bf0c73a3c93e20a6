// What was typed for calls in hand. A change names its fields and lays them over what is there in one statement, so that two pages of one person
// never undo each other's fields.
import type { Actor } from "../../contract/basics.ts";
import type { KeptDraft } from "../../contract/dispatch.ts";
import type { Database } from "./database.ts";

export function createCallDraftStore(database: Database) {
  const toKept = (row: Record<string, unknown>): KeptDraft => ({
    draft: row["body"] as KeptDraft["draft"], changedAt: (row["at"] as Date).getTime(), changedBy: { kind: row["by_kind"] as Actor["kind"], id: row["by_id"] as number, name: row["by_name"] as string },
  });
  return {
    find: async (contactId: number): Promise<KeptDraft | null> => {
      const [row] = await database`select * from call_draft where contact_id = ${contactId}`;
      return row === undefined ? null : toKept(row);
    },

    /** Resolves after the commit with all that is kept now. */
    change: async (contactId: number, change: KeptDraft["draft"], by: Actor, now: number): Promise<KeptDraft> => {
      const [row] = await database`
        insert into call_draft (contact_id, body, by_kind, by_id, by_name, at) values (${contactId}, ${database.json(change as never)}, ${by.kind}, ${by.id}, ${by.name}, ${new Date(now)})
        on conflict (contact_id) do update set body = call_draft.body || excluded.body, by_kind = excluded.by_kind, by_id = excluded.by_id, by_name = excluded.by_name, at = excluded.at
        returning *`;
      return toKept(row!);
    },

    /** Removes those of other contacts than these that were changed last before `before`. Returns how many. */
    sweep: async (before: number, openContactIds: readonly number[]): Promise<number> =>
      (await database`delete from call_draft where at < ${new Date(before)} and not (contact_id = any(${[...openContactIds]}::integer[]))`).count,
  };
}
