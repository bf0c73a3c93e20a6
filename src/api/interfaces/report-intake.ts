// What outside systems report becomes a contact, by the same commands as a call. An outside system's own id makes a report idempotent: the command's id is made of
// it, so that a report that was taken has one outcome for ever and another content under that id is found out; one that was refused is judged anew when it comes again
// (after an outage a hang-up may come before its ring). Ids of different systems cannot meet: each is kept with its
// system's number. Only an exchange may use an id again, since one that restarts counts anew: a ring under the id of a call that is over is another call, and is told apart from the former ones by a number of ours.
import { MINUTE_MS, type Clock } from "../../base/time.ts";
import type { Actor } from "../../contract/basics.ts";
import type { Command } from "../../dispatch/commands.ts";
import type { Contact } from "../../dispatch/entities.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { ApiError } from "../gate/problem.ts";

export interface ReportIntake {
  /** Resolves after the commit. Throws ApiError 409 where the id was used for something else. `said`: the report itself, where the facts have things looked up beside it that may be others by the next time. */
  receive(by: Actor, ownId: string, facts: Omit<Extract<Command, { type: "contact.receive" }>, "type" | "externalId">, said?: object): Promise<{ contactId: number; state: "ringing" | "abandoned" | "claimed" | "ended"; repeated: boolean }>;
  /** A later word of the switch on a contact that it has reported. Throws ApiError 404 where it has not. */
  follow(by: Actor, ownId: string, step: { readonly type: "contact.hang-up" } | { readonly type: "contact.elsewhere"; readonly how: "answered-elsewhere" | "transferred"; readonly to: string | null }): Promise<{ contactId: number; state: "ringing" | "abandoned" | "claimed" | "ended"; repeated: boolean }>;
}

/** RFC 9562, version 8: 122 bits of the hash. */
function uuidOf(hash: Uint8Array): string {
  const bytes = hash.slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const text = Buffer.from(bytes).toString("hex");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}

/** Retries of a ring have ended by then. */
const RETRIED_FOR_MS = 60 * MINUTE_MS;
type Facts = Parameters<ReportIntake["receive"]>[2];

/** Whether a ring under the id of that call is another call [WAY5]: with other words or number, or of a time when that one was long over. */
function isAnotherCall(before: Contact, { source, receivedAt, callerNumber, callerWords }: Facts, now: number): boolean {
  const overAt = before.endedAt ?? before.earlierEndings.at(-1)?.at ?? null; // one that was taken up again was over for its exchange all the same
  if (source !== "telephone" || overAt === null) return false;
  if (callerNumber !== before.callerNumber || callerWords !== before.callerWords) return true;
  return now - overAt > RETRIED_FOR_MS && !(receivedAt !== undefined && receivedAt <= overAt);
}

export function createReportIntake({ dispatch, hash, clock }: {
  readonly dispatch: Pick<DispatchService, "send" | "findContact" | "findContactByExternalId">; readonly hash: (text: string) => Uint8Array; readonly clock: Pick<Clock, "wallMs">;
}): ReportIntake {
  const send = async (by: Actor, ownId: string, purpose: string, command: Command, said?: object) => {
    const commandId = uuidOf(hash(`report ${by.kind} ${by.id} ${purpose} ${ownId}`));
    const outcome = await dispatch.send({ ...by, permissions: ["contact.receive"], unitId: null }, { commandId, expectedSequence: null, command, forgetsRefusal: true, ...(said === undefined ? {} : { said }) });
    if (outcome.outcome === "accepted" && outcome.contactId !== null) return { contactId: outcome.contactId, state: dispatch.findContact(outcome.contactId)!.state, repeated: outcome.repeated };
    const rule = outcome.outcome === "accepted" ? "server-fault" : outcome.rule;
    if (rule === "no-such-contact") throw new ApiError(404, rule, `Nothing was reported under the id ${ownId}`);
    if (rule === "command-id-reused") throw new ApiError(409, "report-id-reused", `The id ${ownId} was used for another report`);
    throw new ApiError(409, rule, outcome.outcome === "accepted" ? "" : outcome.message);
  };
  const externalIdOf = (by: Actor, ownId: string): string => `${by.id}:${ownId}`;
  /** The nth call under an id; no id of a system has the sign. */
  const nth = (ownId: string, n: number): string => (n === 1 ? ownId : `${ownId}#${n}`);
  /** The first two are asked for together: an id is seldom used again. */
  const newestOf = async (by: Actor, ownId: string): Promise<{ readonly n: number; readonly contact: Contact | null }> => {
    const find = (n: number): Promise<Contact | null> => dispatch.findContactByExternalId(externalIdOf(by, nth(ownId, n)));
    let [contact, next] = await Promise.all([find(1), find(2)]);
    let n = 1;
    while (next !== null) [contact, next] = [next, await find(++n + 1)];
    return { n, contact };
  };
  return {
    receive: async (by, ownId, facts, said) => {
      const { n, contact } = await newestOf(by, ownId);
      const own = nth(ownId, contact !== null && isAnotherCall(contact, facts, clock.wallMs()) ? n + 1 : n);
      return send(by, own, "receive", { type: "contact.receive", externalId: externalIdOf(by, own), ...facts }, said);
    },
    follow: async (by, ownId, step) => {
      const own = nth(ownId, (await newestOf(by, ownId)).n);
      return send(by, own, step.type === "contact.elsewhere" ? step.how : step.type, { ...step, externalId: externalIdOf(by, own) });
    },
  };
}
