// What a change of an account may not do [ACT2, ACT3]. Pure: the accounts as they are, the change, the answer.
import { err, ok, type Result } from "../base/result.ts";

export interface AccountFacts {
  readonly id: number;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly unitId: number | null;
}
export type AccountRefusal = "last-administrator" | "unit-needs-field-role";

const FIELD_ROLES: readonly string[] = ["officer", "guard"];
const administers = (account: AccountFacts): boolean => !account.disabled && account.roles.includes("administrator");

/** `others` are all accounts but the changed one; `after` is how it would be. */
export function checkAccount(after: AccountFacts, others: readonly AccountFacts[]): Result<true, AccountRefusal> {
  if (after.unitId !== null && !after.roles.some((role) => FIELD_ROLES.includes(role))) return err("unit-needs-field-role");
  if (!administers(after) && !others.some(administers)) return err("last-administrator");
  return ok(true);
}
