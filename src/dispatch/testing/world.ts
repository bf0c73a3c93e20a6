// A dispatch without a store, for tests: commands are decided, sealed and applied at once, and the log is kept.
import { apply } from "../apply.ts";
import type { Command, SystemCommand } from "../commands.ts";
import { decide } from "../decide.ts";
import type { DecideContext, Decision, Events } from "../decision.ts";
import type { Actor, Assignment, Contact, Incident, IncidentPlace, LonLat, Unit, UnitKind, UnitProfile } from "../entities.ts";
import { SYSTEM } from "../entities.ts";
import type { StoredEvent } from "../events.ts";
import { DEFAULT_POLICY, type DispatchPolicy } from "../policy.ts";
import { BUILT_IN_RUN_CARDS, createRunCardDeck, planOf, type RunCardDeck } from "../run-cards.ts";
import type { HashFunction, State } from "../state.ts";
import { createState } from "../state.ts";
import { sealEvent } from "../timeline.ts";
import type { Span } from "../unheard.ts";
import { isSkillRegistered } from "../wants.ts";

export const ANA: Actor = { kind: "user", id: 1, name: "Ana" };
export const BEN: Actor = { kind: "user", id: 2, name: "Ben" };
export const SWITCH: Actor = { kind: "service", id: 1, name: "telephone switch" };
export const FLEET: Actor = { kind: "service", id: 2, name: "fleet" };
export const PLACE: IncidentPlace = { words: "the corner by the bakery", label: "18 de Julio 1234", kind: "address", district: null, point: { lon: -56.18, lat: -34.9 }, uncertaintyM: 15 };

export const profileOf = (callSign: string, kind: UnitKind, home: LonLat = PLACE.point): UnitProfile => ({
  callSign, kind, platformId: null, campusId: null, skills: [], crew: [{ name: "Officer", badge: callSign }], phone: null, shiftEndsAt: null, home,
});

export interface World {
  readonly state: State;
  readonly log: StoredEvent[];
  now: number;
  /** As after a start of the centre at that time. */
  listeningSince: number;
  unheard: readonly Span[];
  policy: DispatchPolicy;
  /** No claim lapses before: a lease after a start. */
  leasesHoldUntil: number;
  deck: RunCardDeck;
  position: { readonly point: LonLat; readonly uncertaintyM: number } | null;
  /** When that position was fixed. */
  positionAt(): number;
  send(by: Actor, command: Command | SystemCommand, expectedSequence?: number | null): Decision;
  /** Sends, and throws unless it was accepted. */
  ok(by: Actor, command: Command | SystemCommand): Events;
  /** Lets time pass and runs what is due. */
  wait(ms: number): void;
  contact(id: number): Contact;
  incident(id: number): Incident;
  assignment(id: number): Assignment;
  unit(id: number): Unit;
  /** A call that rings; its id. */
  ring(externalId?: string): number;
  /** An incident of a call that Ana took; its id. */
  open(type?: Incident["type"]): number;
  /** Assigns by Ana; the assignment's id. */
  assign(incidentId: number, unitId: number, stack?: boolean): number;
  report(assignmentId: number, to: Assignment["state"], deviceAt?: number | null): Decision;
}

/** Units 1 to 3 are patrols, 4 a fire engine, 5 an ambulance. With the state and the log of another world it goes on where that ended, as after a restart. */
export function createWorld(hash: HashFunction, state: State = createState(), log: StoredEvent[] = []): World {
  let calls = 0;
  const contextOf = (by: Actor, command: Command | SystemCommand): DecideContext => ({ now: world.now, by, isFrom: () => by.kind === "service", policy: world.policy, leasesHoldUntil: world.leasesHoldUntil, listeningSince: world.listeningSince, unheard: world.unheard, addressee: "toUserId" in command ? ([ANA, BEN].find((one) => one.id === command.toUserId) ?? null) : null, planFor: (question) => planOf(world.deck, question, (skill) => isSkillRegistered(state, skill)), findPlatform: (platformId) => (platformId > 4 ? null : { platformId, label: `Platform ${platformId}`, point: PLACE.point }), positionOf: () => (world.position === null ? null : { ...world.position, at: world.positionAt() }), namePlace: () => ({ place: "Rivera y Soca", district: "Pocitos" }), findRoad: ({ middle }) => (middle.lat > 0 ? null : { name: "Rivera", path: [PLACE.point] }), proposalOf: () => ({ rank: 1, roadSeconds: 61, computedAt: world.now }) });
  const world: World = {
    state, log, now: 1_800_000_000_000, listeningSince: 0, unheard: [], policy: DEFAULT_POLICY, leasesHoldUntil: 0, position: null, deck: createRunCardDeck(BUILT_IN_RUN_CARDS, "UTC"), positionAt: () => world.now - 40_000,
    send: (by, command, expectedSequence = null) => {
      const decision = decide(state, command, expectedSequence, contextOf(by, command));
      if (decision.kind === "events") {
        for (const body of decision.events) {
          const event = sealEvent(state, body, by, world.now, null, hash);
          apply(state, event);
          world.log.push(event);
        }
      }
      return decision;
    },
    ok: (by, command) => {
      const decision = world.send(by, command);
      if (decision.kind !== "events") throw new Error(`${command.type}: ${decision.kind} ${decision.rule}: ${decision.message}`);
      return decision;
    },
    wait: (ms) => {
      world.now += ms;
      world.ok(SYSTEM, { type: "timers.run" });
    },
    contact: (id) => state.contacts.get(id),
    incident: (id) => state.incidents.get(id),
    assignment: (id) => state.assignments.get(id),
    unit: (id) => state.units.get(id),
    ring: (externalId = `call-${++calls}`) =>
      world.ok(SWITCH, { type: "contact.receive", source: "telephone", externalId, callerNumber: "099 123 456", callerPoint: null, callerUncertaintyM: null, callerWords: "help" }).contactId!,
    open: (type = "theft") => {
      const contactId = world.ring();
      world.ok(ANA, { type: "contact.claim", contactId });
      return world.ok(ANA, { type: "incident.create", contactId, incidentType: type, what: "", who: "", place: PLACE }).incidentId!;
    },
    assign: (incidentId, unitId, stack = false) => world.ok(ANA, { type: "assignment.assign", incidentId, unitIds: [unitId], stack }).units[0]!.assignmentId!,
    report: (assignmentId, to, deviceAt = null) => world.send(FLEET, { type: "assignment.advance", assignmentId, to, deviceAt }),
  };
  const kinds: UnitKind[] = ["patrol", "patrol", "patrol", "fire-engine", "ambulance"];
  if (state.lastUnitId === 0) world.ok(SYSTEM, { type: "units.register", units: kinds.map((kind, i) => profileOf(`U${i + 1}`, kind)) });
  return world;
}
