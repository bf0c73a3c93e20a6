// Random histories: several people who do what the moment suggests, and now and then what it does not, with time between. A step is a number; which
// command it becomes is drawn from the state as it is then, so that a history of a hundred steps gets somewhere: calls are taken, units are on the way when
// they are taken away again. Small on purpose (few calls, incidents, units): people must get in each other's way. One number is one history, and an array of
// them can be made shorter by fast-check. Rejected: commands about ids drawn blindly, nine of ten of which were refused.
import fc from "fast-check";
import type { Random } from "../../base/random.ts";
import { createRandom } from "../../base/random.ts";
import { apply } from "../apply.ts";
import type { Command, SystemCommand } from "../commands.ts";
import type { Actor } from "../entities.ts";
import { ASSIGNMENT_STATES, AVAILABILITIES, CONTACT_SOURCES, INCIDENT_TYPES } from "../entities.ts";
import type { StoredEvent } from "../events.ts";
import { TRIAGE_CARDS, cardOfType } from "../triage-cards.ts";
import type { State } from "../state.ts";
import { createState } from "../state.ts";
import { REPORTABLE } from "../transitions.ts";
import type { World } from "./world.ts";
import { ANA, BEN, FLEET, PLACE, SWITCH } from "./world.ts";
import { listIds } from "../table.ts";

export interface Step {
  readonly dice: number;
  readonly waitMs: number;
}
const WAITS_MS = [0, 0, 0, 400, 900, 5_000, 31_000, 61_000, 200_000];
export const step: fc.Arbitrary<Step> = fc.record({ dice: fc.nat(), waitMs: fc.constantFrom(...WAITS_MS) });
export const stepsOf = (seed: number, count: number): Step[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => ({ dice: random.integer(2 ** 31), waitMs: random.pick(WAITS_MS) }));
};

const WORDS = ["yes", "no", "señal débil", "消防车", "two of them, one runs"];
const TYPES = Object.keys(INCIDENT_TYPES) as (keyof typeof INCIDENT_TYPES)[];
const MOST_CALLS = 8;
const MOST_INCIDENTS = 6;

/** What somebody does who sees this state. */
export function drawCommand(random: Random, state: State): { readonly command: Command; readonly by: Actor } {
  const words = random.pick(WORDS);
  const wild = (): number => 1 + random.integer(6);
  const oneOf = (ids: Iterable<number>): number => {
    const known = [...ids];
    return known.length === 0 || random.next() < 0.08 ? wild() : random.pick(known);
  };
  const contact = (): number => oneOf(random.next() < 0.8 ? listIds(state.openContacts) : listIds(state.contacts));
  const attached = (): number => oneOf(listIds(state.contacts).filter((id) => state.contacts.get(id).disposition === "attached"));
  const incident = (): number => oneOf(random.next() < 0.8 ? listIds(state.openIncidents) : listIds(state.incidents));
  const tied = (): number => oneOf(listIds(state.incidents).filter((id) => state.incidents.get(id).mergedIntoId !== null));
  const part = (): number => oneOf(listIds(state.incidents).filter((id) => state.incidents.get(id).majorId !== null));
  const major = (): number => oneOf(listIds(state.incidents).filter((id) => state.incidents.get(id).major !== null));
  const assignment = (): number => oneOf(random.next() < 0.8 ? listIds(state.liveAssignments) : listIds(state.assignments));
  const unit = (): number => oneOf(listIds(state.units));
  const handOver = (): number => oneOf(random.next() < 0.8 ? listIds(state.openHandOvers) : listIds(state.handOvers));
  const deviceAt = (): number | null => (random.next() < 0.5 ? null : state.at - random.integer(90_000));
  const pastOf = (ids: readonly number[] | undefined): number[] => (ids === undefined || ids.length === 0 ? [] : [random.pick(ids)]);
  const who = random.pick([ANA, ANA, ANA, BEN, BEN]);
  const claimant = (id: number): Actor => (random.next() < 0.85 ? (state.contacts.find(id)?.claimedBy ?? who) : who);
  const call = `line-${random.integer(MOST_CALLS)}`;

  const does = (command: Command, by: Actor = who): { readonly command: Command; readonly by: Actor } => ({ command, by });
  const held = (type: "contact.renew" | "contact.release" | "contact.claim"): { readonly command: Command; readonly by: Actor } => {
    const contactId = contact();
    return does({ type, contactId }, type === "contact.claim" ? who : claimant(contactId));
  };
  const create = (): { readonly command: Command; readonly by: Actor } => {
    const contactId = random.next() < 0.3 ? null : contact();
    if (state.lastIncidentId >= MOST_INCIDENTS && random.next() < 0.8) return does({ type: "incident.note", incidentId: incident(), words, corrects: random.next() < 0.3 ? 1 : null });
    const incidentType = random.pick(TYPES);
    const card = random.next() < 0.5 ? null : cardOfType(incidentType);
    const triage = card === null ? {} : { triage: { card: { code: card.code, version: card.version }, answers: Object.fromEntries(card.questions.filter(() => random.next() < 0.6).map(({ code, options }) => [code, random.pick(options).code])) } };
    return does({ type: "incident.create", contactId, incidentType, what: words, who: words, place: { ...PLACE, words }, ...triage }, contactId === null ? who : claimant(contactId));
  };
  const answered = (): { readonly command: Command; readonly by: Actor } => {
    const incidentId = incident();
    const card = cardOfType(state.incidents.find(incidentId)?.type ?? "medical") ?? TRIAGE_CARDS[0]!;
    const question = random.pick(card.questions);
    return does({ type: "incident.answer", incidentId, card: { code: card.code, version: card.version }, question: question.code, answer: random.next() < 0.15 ? null : random.pick(question.options).code });
  };
  const split = (): { readonly command: Command; readonly by: Actor } => {
    const incidentId = incident();
    const from = state.incidents.find(incidentId);
    const live = from?.assignmentIds.filter((id) => state.liveAssignments.has(id));
    return does({ type: "incident.split", incidentId, contactIds: pastOf(from?.contactIds), assignmentIds: pastOf(live), incidentType: random.pick(TYPES), what: words, who: words, place: PLACE, words });
  };
  const offered = (): { readonly command: Command; readonly by: Actor } => {
    const handOverId = handOver();
    const known = state.handOvers.find(handOverId);
    const draw = random.next();
    if (draw < 0.15) return does({ type: "hand-over.withdraw", handOverId }, known?.from ?? who);
    if (draw < 0.3) return does({ type: "hand-over.decline", handOverId, words }, known?.to ?? who);
    return does({ type: "hand-over.take", handOverId }, random.next() < 0.8 ? (known?.to ?? who) : who);
  };
  const report = (): { readonly command: Command; readonly by: Actor } => {
    const assignmentId = assignment();
    return does({ type: "assignment.advance", assignmentId, to: random.next() < 0.9 ? random.pick(REPORTABLE) : random.pick(ASSIGNMENT_STATES), deviceAt: deviceAt() }, random.next() < 0.5 ? who : FLEET); // entered at a desk, or the unit's own word
  };
  const choices: readonly (readonly [number, () => { readonly command: Command; readonly by: Actor }])[] = [
    [5, () => does({ type: "contact.receive", source: random.pick(CONTACT_SOURCES), externalId: call, callerNumber: random.next() < 0.5 ? null : call, callerPoint: null, callerUncertaintyM: null, callerWords: words }, SWITCH)],
    [1, () => does({ type: "contact.hang-up", externalId: call }, SWITCH)],
    [6, () => held("contact.claim")], [1, () => held("contact.renew")], [1, () => held("contact.release")],
    [1, () => { const contactId = contact(); return does({ type: "contact.end", contactId, disposition: "prank" }, claimant(contactId)); }],
    [3, () => { const contactId = contact(); return does({ type: "contact.attach", contactId, incidentId: incident(), ...(random.next() < 0.5 ? {} : { typed: { where: words, what: words, who: "" } }) }, claimant(contactId)); }],
    [2, () => does({ type: "contact.detach", contactId: attached(), words })],
    [1, () => does({ type: "contact.reopen", contactId: oneOf(listIds(state.contacts).filter((id) => state.contacts.get(id).disposition === "prank")), words })],
    [5, create],
    [2, () => does({ type: "incident.update", incidentId: incident(), ...(random.next() < 0.5 ? {} : { incidentType: random.pick(TYPES) }), ...(random.next() < 0.5 ? {} : { priority: 1 + random.integer(4) }), ...(random.next() < 0.7 ? {} : { place: { ...PLACE, words, district: random.pick([null, "Centro", "Pocitos"]) } }) })],
    [3, answered],
    [1, () => does({ type: "incident.verdict", incidentId: incident(), cameraId: wild(), verdict: random.pick(["seen", "not-seen", "cannot-tell"] as const) })],
    [1, () => does({ type: "incident.note", incidentId: incident(), words, corrects: random.next() < 0.3 ? wild() : null })],
    [1, () => does({ type: "incident.no-unit-needed", incidentId: incident(), words })],
    [1, () => does({ type: "incident.close", incidentId: incident(), disposition: "resolved", words })],
    [1, () => does({ type: "incident.cancel", incidentId: incident(), words })],
    [1, () => does({ type: "incident.reopen", incidentId: oneOf(listIds(state.incidents)), words })],
    [2, () => does({ type: "incident.watch", incidentId: incident() })],
    [2, () => does({ type: "incident.merge", incidentId: incident(), intoId: incident(), words })],
    [2, () => does({ type: "incident.unmerge", incidentId: tied(), words })],
    [1, split],
    [1, () => does({ type: "incident.link", incidentId: incident(), otherId: incident(), words })],
    [1, () => {
      const incidentId = oneOf(listIds(state.incidents).filter((id) => state.incidents.get(id).linkedIds.length > 0));
      return does({ type: "incident.unlink", incidentId, otherId: oneOf(state.incidents.find(incidentId)?.linkedIds ?? []), words });
    }],
    [1, () => does({ type: "incident.make-major", incidentId: incident(), partIds: pastOf(listIds(state.openIncidents)), words })],
    [1, () => does({ type: "incident.end-major", incidentId: major(), words })],
    [1, () => does({ type: "incident.join-major", incidentId: incident(), majorId: major(), words })],
    [1, () => does({ type: "incident.leave-major", incidentId: part(), words })],
    [8, () => does({ type: "assignment.assign", incidentId: incident(), unitIds: [unit(), unit()], stack: random.next() < 0.5 })],
    [8, report],
    [1, () => does({ type: "assignment.decline", assignmentId: assignment(), words, deviceAt: deviceAt() })],
    [1, () => does({ type: "assignment.recall", assignmentId: assignment(), words })],
    [4, () => does({ type: "assignment.preempt", assignmentId: assignment(), incidentId: incident(), words })],
    [2, () => does({ type: "assignment.confirm", assignmentId: assignment(), words, deviceAt: random.next() < 0.7 ? null : state.at - random.integer(600_000) }, random.next() < 0.5 ? who : FLEET)], // somebody at a desk knows, or the unit says so
    [2, () => does({ type: "assignment.lose", assignmentId: oneOf(listIds(state.units).flatMap((id) => state.units.get(id).activeAssignmentId ?? [])), words })],
    [2, () => does({ type: "assignment.cover", incidentId: incident(), unitId: unit(), platformId: wild() })],
    [2, () => does({ type: "unit.availability", unitId: unit(), availability: random.pick([...AVAILABILITIES, "available", "available"] as const), activity: random.next() < 0.5 ? null : words })],
    [1, () => does({ type: "unit.emergency", unitId: unit(), point: random.next() < 0.5 ? null : PLACE.point, deviceAt: deviceAt() })],
    [1, () => does({ type: "unit.emergency-clear", unitId: unit(), words })],
    [1, () => does({ type: "closure.set", pieces: [{ from: PLACE.point, to: PLACE.point, middle: PLACE.point }], words, until: random.pick([null, state.at + 60_000, state.at + 900_000, state.at - 60_000]) })],
    [1, () => does({ type: "closure.lift", closureId: oneOf(listIds(state.standingClosures)), words })],
    [2, () => {
      const inHand = listIds(state.openContacts).flatMap((id) => state.contacts.get(id).claimedBy ?? []);
      const giver = inHand.length > 0 && random.next() < 0.7 ? random.pick(inHand) : who; // who has a call in hand gives it along
      return does({ type: "hand-over.offer", toUserId: random.next() < 0.2 ? giver.id : giver.id === ANA.id ? BEN.id : ANA.id, words }, giver);
    }],
    [4, offered],
  ];
  let draw = random.integer(choices.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, make] of choices) if ((draw -= weight) < 0) return make();
  throw new Error("the weights do not sum up");
}

const MINUTE_MS = 60_000;

/** What is entered into the roster now and then, about shifts as short as the histories; null: nothing this time. */
export function drawRoster(random: Random, state: State, now: number): SystemCommand | null {
  if (random.next() >= 0.06) return null;
  const unitId = random.pick(listIds(state.units));
  const roster = state.rosters.find(unitId);
  if (random.next() < 0.4) return { type: "roster.remove", unitId, startsAt: random.next() < 0.3 || roster === undefined ? null : random.pick(roster.shifts.map(({ startsAt }) => startsAt).concat(now)) };
  const startsAt = now + random.pick([-5, -1, 0, 1, 3]) * MINUTE_MS;
  return {
    type: "roster.enter",
    shifts: [unitId, random.pick(listIds(state.units))].map((id) => ({ unitId: id, shift: { startsAt, endsAt: startsAt + random.pick([2, 6, 30]) * MINUTE_MS, crew: random.pick([null, [{ name: "Bo", badge: "7" }]]), skills: random.pick([null, null, ["boat"]]), platformId: random.pick([null, 1, 2]) } })),
  };
}

export interface Played {
  readonly command: Command;
  readonly by: Actor;
  /** What this step alone put into the log: what was due by then, and what the command made. */
  readonly events: readonly StoredEvent[];
}

export function play(w: World, steps: readonly Step[], each: (played: Played) => void = () => undefined): void {
  for (const { dice, waitMs } of steps) {
    const from = w.log.length;
    w.wait(waitMs);
    const roster = drawRoster(createRandom(dice).fork("roster"), w.state, w.now);
    if (roster !== null) w.send(ANA, roster);
    const { command, by } = drawCommand(createRandom(dice), w.state);
    w.send(by, command);
    each({ command, by, events: w.log.slice(from) });
  }
}

/** The state anew from its log: what a restart does. */
export const rebuilt = (log: readonly StoredEvent[]): State => {
  const state = createState();
  for (const event of log) apply(state, event);
  return state;
};
