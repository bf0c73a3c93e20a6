// Hand-over between seats: all that one person watches over goes to another by name, in one command, and only once the other takes it (SPEC.md, [HND1]
// to [HND3]). Until then it stays where it is: something that is between two people is nobody's.
import type { HandOverCommand } from "./commands.ts";
import type { DecideContext, Decision } from "./decision.ts";
import { accept, conflict, isSameActor, refuse } from "./decision.ts";
import type { HandOver } from "./entities.ts";
import type { EventBody } from "./events.ts";
import { isDue } from "./set-back.ts";
import type { State } from "./state.ts";
import { isOpen } from "./transitions.ts";
import { listIds } from "./table.ts";

export function decideHandOver(state: State, command: HandOverCommand, context: DecideContext): Decision {
  if (command.type === "hand-over.offer") return offer(state, command, context);
  const handOver = state.handOvers.find(command.handOverId);
  if (handOver === undefined) return refuse("no-such-hand-over", `there is no hand-over ${command.handOverId}`);
  if (handOver.dueAt === null) return { ...conflict(state, "hand-over", handOver.id, "hand-over-ended", `hand-over ${handOver.id} is ${handOver.state} already`), by: handOver.endedBy, at: handOver.endedAt };
  const { id: handOverId } = handOver;
  const [isGiver, isNamed] = [isSameActor(handOver.from, context.by), isSameActor(handOver.to, context.by)];
  switch (command.type) {
    case "hand-over.take":
      if (isGiver || (!isNamed && handOver.state !== "escalated")) return refuse("hand-over-not-yours", `hand-over ${handOverId} is offered to ${handOver.to.name}`);
      return accept([{ type: "hand-over.taken", handOverId }, ...takenOver(state, handOver, context)]);
    case "hand-over.decline":
      if (!isNamed) return refuse("hand-over-not-yours", `hand-over ${handOverId} is offered to ${handOver.to.name}`);
      return accept([{ type: "hand-over.declined", handOverId, words: command.words }]);
    case "hand-over.withdraw":
      if (!isGiver) return refuse("hand-over-not-yours", `hand-over ${handOverId} is ${handOver.from.name}'s`);
      return accept([{ type: "hand-over.withdrawn", handOverId }]);
  }
}

/** [HND1] */
function offer(state: State, command: Extract<HandOverCommand, { type: "hand-over.offer" }>, context: DecideContext): Decision {
  const to = context.addressee;
  if (to === null || to.kind !== "user" || to.id !== command.toUserId) return refuse("no-such-person", `there is no account ${command.toUserId} that may watch over incidents`);
  if (isSameActor(to, context.by)) return refuse("hand-over-to-self", "a hand-over goes to somebody else");
  for (const id of listIds(state.openHandOvers)) {
    if (isSameActor(state.handOvers.get(id).from, context.by)) return refuse("hand-over-open", `hand-over ${id} is open already`, ["hand-over.withdraw"]);
  }
  const incidentIds = listIds(state.openIncidents).filter((id) => isSameActor(state.incidents.get(id).watch.by, context.by));
  const contactIds = listIds(state.openContacts).filter((id) => isHeldBy(state, id, context.by));
  if (incidentIds.length === 0 && contactIds.length === 0) return refuse("nothing-to-hand-over", `${context.by.name} watches over nothing`);
  const handOverId = state.lastHandOverId + 1;
  return accept([{ type: "hand-over.offered", handOverId, to, incidentIds, contactIds, words: command.words, dueAt: context.now + context.policy.handOverWithinMs }]);
}

function isHeldBy(state: State, contactId: number, by: HandOver["from"]): boolean {
  const contact = state.contacts.get(contactId);
  return contact.state === "claimed" && isSameActor(contact.claimedBy, by);
}

/** [HND2] What is the giver's still: an incident that somebody else has taken meanwhile, or a call that has ended, is not given again. */
function takenOver(state: State, { id: handOverId, from, incidentIds, contactIds }: HandOver, context: DecideContext): EventBody[] {
  const incidents = incidentIds.map((id) => state.incidents.get(id)).filter(({ status, watch }) => isOpen(status) && isSameActor(watch.by, from));
  return [
    ...incidents.map(({ id }): EventBody => ({ type: "incident.watched", incidentId: id, handOverId })),
    ...contactIds.filter((id) => isHeldBy(state, id, from)).map((contactId): EventBody => ({ type: "contact.handed-over", contactId, handOverId, leaseUntil: context.now + context.policy.claimLeaseMs })),
  ];
}

/** [HND3] Nobody has taken it: the supervisor is told, again and again until somebody does. */
export function dueOfHandOver(state: State, id: number, { now, policy }: DecideContext): EventBody[] {
  const longestMs = Math.max(policy.handOverWithinMs, policy.supervisorReminderMs);
  return isDue(state.handOvers.get(id).dueAt!, now, longestMs) ? [{ type: "hand-over.escalated", handOverId: id, dueAt: now + policy.supervisorReminderMs }] : [];
}
