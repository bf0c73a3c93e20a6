// What was typed for a call, on its way to the server. Each change says which version of a field it was typed over and has a number that rises, so
// that neither a late request nor words that a lost link held back go over what is newer. A field that the server refuses does not hold up the others.
import { z } from "zod";
import { api } from "../api/client.ts";
import { createCommandId } from "../api/command.ts";
import { ApiProblem } from "../api/problem.ts";
import { findAccountId } from "../shell/session.ts";
import type { Act } from "./act.ts";
import { basesOf, pickFields, type Draft, type DraftField } from "./draft.ts";
import { closeIntake, findUnsaved, getHeld, takeChanged } from "./store.ts";

/** This page's id; kept over a reload, so that the page's own words of before are not taken for somebody else's. */
const Writer = z.object({ id: z.string().min(8), number: z.int().nonnegative() });
const KEY = "citywatch.operate.writer";
function readWriter(): z.infer<typeof Writer> {
  try {
    return Writer.parse(JSON.parse(sessionStorage.getItem(KEY) ?? "null"));
  } catch {
    return { id: createCommandId(), number: 0 };
  }
}
let writer = readWriter();
/** With the account: what another person typed at this tab is somebody else's. */
export const getWriterId = (): string => `${writer.id}-${findAccountId() ?? 0}`;
function nextNumber(): number {
  writer = { ...writer, number: writer.number + 1 };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(writer));
  } catch {
    // storage off: after a reload this is another page
  }
  return writer.number;
}

/** Values that the server refused, by call: sent again only once they were changed. */
const refused = new Map<number, Partial<Draft>>();
function findSendable(contactId: number): Partial<Draft> | null {
  const unsaved = findUnsaved(contactId);
  if (unsaved === null) return null;
  const bad = refused.get(contactId) ?? {};
  const fields = (Object.keys(unsaved) as DraftField[]).filter((field) => !(field in bad) || bad[field] !== unsaved[field]);
  return fields.length === 0 ? null : pickFields(unsaved, fields);
}
export const hasSendable = (contactId: number): boolean => findSendable(contactId) !== null;

/** The fields that a refusal names; all that were sent where it names none. */
function refusedFields(error: ApiProblem, sent: Partial<Draft>): DraftField[] {
  const named = new Set((error.problem.faults ?? []).map(({ field }) => field.split(".")[1]));
  const all = Object.keys(sent) as DraftField[];
  const bad = all.filter((field) => named.has(field));
  return bad.length === 0 ? all : bad;
}

/** Sends what is not kept yet. Throws ApiProblem where that failed as a whole. */
export async function sendDraft(contactId: number, keepalive = false): Promise<void> {
  const fields = findSendable(contactId);
  if (fields === null) return;
  const me = getWriterId();
  const body = { fields, bases: basesOf(getHeld(contactId), Object.keys(fields) as DraftField[]), writer: me, number: nextNumber() };
  try {
    const answer = await api.call("changeCallDraft", { params: { id: contactId }, body }, { keepalive });
    if (getWriterId() === me) takeChanged(contactId, fields, answer, me);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 400) throw error;
    refused.set(contactId, { ...refused.get(contactId), ...pickFields(fields, refusedFields(error, fields)) });
    if (hasSendable(contactId)) await sendDraft(contactId, keepalive);
  }
}

const MOST_ROUNDS = 5; // somebody types on while it is sent
/** Keeps what is not kept yet, now. False where something still is not. Never rejects. */
export async function keepDraftNow(contactId: number): Promise<boolean> {
  try {
    for (let round = 0; round < MOST_ROUNDS && hasSendable(contactId); round++) await sendDraft(contactId);
  } catch {
    return false;
  }
  return findUnsaved(contactId) === null;
}

/** The call goes back only once the server has what was typed, so that whoever takes it next has it too; words are forgotten here only when it does. */
export async function giveBack(contactId: number, act: Act): Promise<"done" | "not-kept" | "not-given-back" | "typed-on"> {
  if (!(await keepDraftNow(contactId))) return "not-kept";
  if ((await act({ type: "contact.release", contactId })) === null) return "not-given-back";
  if (findUnsaved(contactId) !== null) return "typed-on";
  closeIntake(contactId);
  return "done";
}
