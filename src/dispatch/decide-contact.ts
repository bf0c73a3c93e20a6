// Contacts: rings, buttons, messages. One is always somebody's until it has a disposition (SPEC.md, [CON1] to [CON16]).
import { HOUR_MS } from "../base/time.ts";
import type { ContactCommand, GivenVerdicts } from "./commands.ts";
import type { Contact, ContactSource, EarlierEnding } from "./entities.ts";
import { SYSTEM, hasLine } from "./entities.ts";
import type { DecideContext, DecidedConflict, DecidedRefusal, Decision } from "./decision.ts";
import { accept, conflict, isSameActor, refuse } from "./decision.ts";
import type { EventBody } from "./events.ts";
import { unitOfReport } from "./permission.ts";
import { isDue } from "./set-back.ts";
import type { State } from "./state.ts";
import { CONTACT_STEPS, INCIDENT_STEPS } from "./transitions.ts";
import type { ContactStep } from "./transitions.ts";

/** A switch's clock may be this much ahead of ours. */
const CLOCK_SLACK_MS = 5_000;

export function decideContact(state: State, command: ContactCommand, context: DecideContext): Decision {
  switch (command.type) {
    case "contact.receive": {
      const known = state.contactByExternalId.find(command.externalId);
      if (known !== undefined) return accept([], { contactId: known });
      const { type: _, receivedAt, signal, ...facts } = withOfficer(state, command, context);
      const contactId = state.lastContactId + 1;
      const believed = arrivalTime(receivedAt, context);
      const saidAt = receivedAt === undefined || receivedAt === believed ? {} : { saidAt: receivedAt };
      return accept([{ type: "contact.received", contactId, ...facts, receivedAt: believed, answerBy: answerByOf(command.source, context), ...saidAt, ...(signal === undefined ? {} : { signal }) }], { contactId });
    }
    case "contact.hang-up": {
      const id = state.contactByExternalId.find(command.externalId);
      if (id === undefined) return refuse("no-such-contact", `no contact has the external id ${command.externalId}`);
      const contact = state.contacts.get(id);
      if (contact.abandonedAt !== null || contact.state === "ended") return accept([], { contactId: id });
      const dueAt = contact.state === "ringing" ? context.now + context.policy.callBackWithinMs : null;
      return accept([{ type: "contact.hung-up", contactId: id, dueAt }], { contactId: id });
    }
    case "contact.elsewhere": {
      const id = state.contactByExternalId.find(command.externalId);
      if (id === undefined) return refuse("no-such-contact", `no contact has the external id ${command.externalId}`);
      // Whoever has it in hand here goes on with it; a caller who hung up before still has to be called back.
      if (state.contacts.get(id).state !== "ringing") return accept([], { contactId: id });
      return accept([{ type: "contact.ended", contactId: id, disposition: command.how, ...(command.to === null ? {} : { to: command.to }) }], { contactId: id });
    }
    case "contact.claim":
      return claim(state, command.contactId, context);
    case "contact.renew": {
      const fault = checkMine(state, command.contactId, "renew", context);
      if (fault !== null) return fault;
      return accept([{ type: "contact.renewed", contactId: command.contactId, leaseUntil: context.now + context.policy.claimLeaseMs }], { contactId: command.contactId });
    }
    case "contact.release": {
      const fault = checkMine(state, command.contactId, "release", context);
      if (fault !== null) return fault;
      return accept([releaseEvent(state.contacts.get(command.contactId), "released", context)], { contactId: command.contactId });
    }
    case "contact.end": {
      const fault = checkMine(state, command.contactId, "end", context);
      if (fault !== null) return fault;
      return accept([{ type: "contact.ended", contactId: command.contactId, disposition: command.disposition }], { contactId: command.contactId });
    }
    case "contact.attach": {
      const fault = checkMine(state, command.contactId, "attach", context);
      if (fault !== null) return fault;
      const incident = state.incidents.find(command.incidentId);
      if (incident === undefined) return refuse("no-such-incident", `there is no incident ${command.incidentId}`);
      if (!INCIDENT_STEPS.attach.includes(incident.status)) return refuse("incident-ended", `incident ${incident.id} is ${incident.status}`, ["incident.reopen"]);
      const contact = state.contacts.get(command.contactId);
      const { callerNumber, callerWords, receivedAt } = contact;
      const typed = command.typed === undefined || Object.values(command.typed).every((words) => words === "") ? {} : { typed: command.typed };
      return accept([{ type: "contact.attached", contactId: command.contactId, incidentId: incident.id, callerNumber, callerWords, receivedAt, ...typed, ...endingsOf(contact) }, ...verdictsOf(incident.id, command.verdicts)], { contactId: command.contactId, incidentId: incident.id });
    }
    case "contact.detach":
      return detach(state, command, context);
    case "contact.reopen":
      return reopen(state, command, context);
  }
}

type Receive = Extract<ContactCommand, { type: "contact.receive" }>;
/** [CON15] An officer's word bears the call sign, and the place of the phone, or where the unit was last as long as that can be believed; where neither is known it has none, and says so. */
function withOfficer(state: State, command: Receive, context: DecideContext): Receive {
  const unit = command.source === "officer" ? state.units.find(unitOfReport(command.externalId) ?? 0) : undefined;
  if (unit === undefined) return command;
  const last = command.callerPoint === null ? context.positionOf(unit.id) : null;
  const isBelieved = last !== null && context.now - last.at < context.policy.silentAfterMs; // no circle is wide enough for where a crew can be after hours
  const fix = command.callerPoint !== null ? {} : { fix: { source: isBelieved ? "last-position" : "none", at: last?.at ?? null } as const };
  return {
    ...command, ...(isBelieved ? { callerPoint: last.point, callerUncertaintyM: last.uncertaintyM } : {}),
    signal: { kind: "officer", priorityHint: command.signal?.priorityHint ?? null, code: null, site: unit.callSign, door: null, cameraIds: [], ...fix },
  };
}

/** [INC12] What was seen while the call was in hand, each a line of its own, the last of a camera. */
export function verdictsOf(incidentId: number, given: GivenVerdicts = []): EventBody[] {
  const last = new Map(given.map(({ cameraId, verdict }) => [cameraId, verdict]));
  return Array.from(last, ([cameraId, verdict]): EventBody => ({ type: "incident.verdict-given", incidentId, cameraId, verdict }));
}

/** [CON11] Undoes an attachment: the contact is in the hands of whoever did it, and waits for its disposition again. */
function detach(state: State, command: Extract<ContactCommand, { type: "contact.detach" }>, context: DecideContext): Decision {
  const contact = state.contacts.find(command.contactId);
  if (contact === undefined) return refuse("no-such-contact", `there is no contact ${command.contactId}`);
  if (contact.disposition !== "attached" || contact.incidentId === null) return conflict(state, "contact", contact.id, "contact-not-attached", `contact ${contact.id} is not attached to an incident`);
  const leaseUntil = context.now + context.policy.claimLeaseMs;
  return accept([{ type: "contact.detached", contactId: contact.id, incidentId: contact.incidentId, words: command.words, leaseUntil }], { contactId: contact.id, incidentId: contact.incidentId });
}

/** [CON14] Why a contact cannot be taken up again; null: it can. */
export function findReopenFault(contact: Contact, { now, policy }: Pick<DecideContext, "now" | "policy">): DecidedRefusal | null {
  const { id, disposition, receivedAt } = contact;
  if (disposition === "attached") return refuse("contact-ended-otherwise", `contact ${id} was attached to incident ${contact.incidentId}`, ["contact.detach"]);
  if (disposition === "incident") return refuse("contact-ended-otherwise", `incident ${contact.incidentId} was made of contact ${id}`, ["incident.split"]);
  if (disposition === "answered-elsewhere" || disposition === "transferred") return refuse("contact-ended-otherwise", `contact ${id} is ${disposition}: somebody elsewhere has it`);
  if (now - receivedAt >= policy.reopenWithinMs) return refuse("contact-long-past", `contact ${id} came more than ${policy.reopenWithinMs / HOUR_MS} h ago; what was typed for it is kept no longer`, ["incident.create"]);
  return null;
}

/** [CON14] An end by mistake is taken back: the contact is in the hands of whoever did it. How it had ended stays with it. */
function reopen(state: State, { contactId: id, words }: Extract<ContactCommand, { type: "contact.reopen" }>, context: DecideContext): Decision {
  const contact = state.contacts.find(id);
  if (contact === undefined) return refuse("no-such-contact", `there is no contact ${id}`);
  if (contact.state !== "ended") {
    if (contact.state !== "claimed") return conflict(state, "contact", id, "contact-open", `contact ${id} is ${contact.state}`);
    return isSameActor(contact.claimedBy, context.by) ? accept([], { contactId: id }) : claimedByOther(state, contact);
  }
  const fault = findReopenFault(contact, context);
  if (fault !== null) return fault;
  return accept([{ type: "contact.reopened", contactId: id, words, leaseUntil: context.now + context.policy.claimLeaseMs }], { contactId: id });
}

/** [CON2] The switch's own time of arrival, where it can be true; else ours. */
function arrivalTime(said: number | undefined, context: DecideContext): number {
  if (said === undefined || said > context.now + CLOCK_SLACK_MS || said < context.now - context.policy.oldestArrivalMs) return context.now;
  return Math.min(said, context.now);
}

function claim(state: State, id: number, context: DecideContext): Decision {
  const contact = state.contacts.find(id);
  if (contact === undefined) return refuse("no-such-contact", `there is no contact ${id}`);
  const leaseUntil = context.now + context.policy.claimLeaseMs;
  const claimed: EventBody = { type: "contact.claimed", contactId: id, leaseUntil };
  if (!CONTACT_STEPS.claim.includes(contact.state)) return { ...conflict(state, "contact", id, "contact-ended", `contact ${id} has ended`) };
  if (contact.state !== "claimed") return accept([claimed], { contactId: id });
  if (isSameActor(contact.claimedBy, context.by)) return accept([{ type: "contact.renewed", contactId: id, leaseUntil }], { contactId: id });
  if (!isLapsed(contact, context)) return claimedByOther(state, contact);
  return accept([releaseEvent(contact, "lease-expired", context), claimed], { contactId: id });
}

const isLapsed = ({ leaseUntil }: Contact, { now, leasesHoldUntil, policy }: DecideContext): boolean => leasesHoldUntil <= now && isDue(leaseUntil!, now, policy.claimLeaseMs);

function claimedByOther(state: State, contact: Contact): DecidedConflict {
  return { ...conflict(state, "contact", contact.id, "contact-claimed", `contact ${contact.id} is claimed by ${contact.claimedBy!.name}`), by: contact.claimedBy };
}

/** [CON4] Only who has claimed a contact may go on with it. */
export function checkMine(state: State, id: number, step: ContactStep, context: DecideContext): DecidedConflict | DecidedRefusal | null {
  const contact = state.contacts.find(id);
  if (contact === undefined) return refuse("no-such-contact", `there is no contact ${id}`);
  if (contact.state === "ended") return conflict(state, "contact", id, "contact-ended", `contact ${id} has ended`);
  if (!CONTACT_STEPS[step].includes(contact.state)) return refuse("contact-not-claimed", `contact ${id} is ${contact.state}; claim it first`, ["contact.claim"]);
  if (!isSameActor(contact.claimedBy, context.by)) return claimedByOther(state, contact);
  return null;
}

/** [CON12] [CON16] */
const answerByOf = (source: ContactSource, { now, policy }: DecideContext): number => now + (hasLine(source) ? policy.ringWithinMs : policy.answerWithinMs);

/** [CON14] For the timeline of the incident that a contact becomes. */
export const endingsOf = ({ earlierEndings }: Contact): { readonly earlierEndings?: EarlierEnding[] } => (earlierEndings.length === 0 ? {} : { earlierEndings });

/** [CON3] Back to where it was: ringing while the line is open, else to be called back, by somebody and by a time. Once ended, nobody waits on the line. */
function releaseEvent(contact: Contact, cause: "released" | "lease-expired", context: DecideContext): EventBody {
  if (contact.abandonedAt !== null || (contact.earlierEndings.length > 0 && hasLine(contact.source))) return { type: "contact.released", contactId: contact.id, cause, dueAt: context.now + context.policy.callBackWithinMs };
  return { type: "contact.released", contactId: contact.id, cause, dueAt: null, answerBy: answerByOf(contact.source, context) };
}

/** [CON3] [CON8] [CON12] [CON16] What time itself does to contacts. */
export function dueOfContact(state: State, id: number, context: DecideContext): EventBody[] {
  const contact = state.contacts.get(id);
  if (contact.state === "claimed" && isLapsed(contact, context)) return [releaseEvent(contact, "lease-expired", { ...context, by: SYSTEM })];
  const { callBackWithinMs, callBackReminderMs, answerWithinMs, ringWithinMs } = context.policy;
  if (contact.dueAt === null || !isDue(contact.dueAt, context.now, Math.max(callBackWithinMs, callBackReminderMs, answerWithinMs, ringWithinMs))) return [];
  return [{ type: "contact.overdue", contactId: id, owner: "supervisor", dueAt: context.now + callBackReminderMs }];
}
