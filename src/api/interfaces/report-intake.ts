// What outside systems report becomes a contact, by the same commands as a call. An outside system's own id makes a report idempotent: the command's id is made of
// it, so that a report that was taken has one outcome for ever and another content under that id is found out; one that was refused is judged anew when it comes again
// (after an outage a hang-up may come before its ring). Ids of different systems cannot meet: each is kept with its
// system's number.
import type { Actor } from "../../contract/basics.ts";
import type { Command } from "../../dispatch/commands.ts";
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

export function createReportIntake({ dispatch, hash }: { readonly dispatch: Pick<DispatchService, "send" | "findContact">; readonly hash: (text: string) => Uint8Array }): ReportIntake {
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
  return {
    receive: (by, ownId, facts, said) => send(by, ownId, "receive", { type: "contact.receive", externalId: externalIdOf(by, ownId), ...facts }, said),
    follow: (by, ownId, step) => send(by, ownId, step.type === "contact.elsewhere" ? step.how : step.type, { ...step, externalId: externalIdOf(by, ownId) }),
  };
}
