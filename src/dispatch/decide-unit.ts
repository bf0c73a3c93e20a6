// Units: availability is what people say, commitment is what assignments say (SPEC.md, [UNT1] to [UNT6]).
import type { SystemCommand, UnitCommand } from "./commands.ts";
import type { DecideContext, Decision } from "./decision.ts";
import { accept, refuse } from "./decision.ts";
import { createdEvent } from "./decide-incident.ts";
import type { EnteredUnit, IncidentPlace, Unit, UnitProfile } from "./entities.ts";
import type { EmergencyFix, EventBody } from "./events.ts";
import type { State } from "./state.ts";
import { formatCanonical } from "./timeline.ts";
import { isOpen } from "./transitions.ts";

/** A phone's fix, and what is taken for a unit of which no fix is known: its home. */
const PHONE_UNCERTAINTY_M = 20;
const HOME_UNCERTAINTY_M = 1_000;
/** Units are numbered from 1. */
const NO_UNIT = 0;

export function decideUnit(state: State, command: UnitCommand, context: DecideContext): Decision {
  const unit = state.units.find(command.unitId);
  if (unit === undefined) return refuse("no-such-unit", `there is no unit ${command.unitId}`);
  switch (command.type) {
    case "unit.availability": {
      if (command.availability === "available" && unit.activeAssignmentId !== null) {
        const active = state.assignments.get(unit.activeAssignmentId);
        return refuse("unit-committed", `${unit.callSign} is on incident ${active.incidentId} (${active.state}); it is available when that is cleared`, ["assignment.advance cleared", "assignment.decline"]);
      }
      if (command.availability === unit.availability && command.activity === unit.activity) return accept([]);
      return accept([{ type: "unit.availability-changed", unitId: unit.id, availability: command.availability, activity: command.activity }]);
    }
    case "unit.emergency":
      return emergency(state, unit, command, context);
    case "unit.emergency-clear":
      if (!unit.emergency || unit.emergencyIncidentId === null) return refuse("no-emergency", `${unit.callSign} has no open emergency`);
      return accept([{ type: "unit.emergency-cleared", unitId: unit.id, incidentId: unit.emergencyIncidentId, words: command.words }], { incidentId: unit.emergencyIncidentId });
  }
}

/** [UNT4] One press makes a priority 1 incident where the officer is; pressing again adds a line to it. Never refused, whatever the unit's state. */
function emergency(state: State, unit: Unit, command: Extract<UnitCommand, { type: "unit.emergency" }>, context: DecideContext): Decision {
  const { place, fix } = placeOf(unit, command, context);
  const raised = (incidentId: number): EventBody => ({ type: "unit.emergency-raised", unitId: unit.id, incidentId, point: command.point, deviceAt: command.deviceAt, fix });
  const open = unit.emergencyIncidentId === null ? undefined : state.incidents.find(unit.emergencyIncidentId);
  if (unit.emergencyIncidentId !== null && open !== undefined && isOpen(open.status)) return accept([raised(unit.emergencyIncidentId)], { incidentId: unit.emergencyIncidentId });
  const created = createdEvent(state, "officer-emergency", 1, place, "", unit.callSign, context);
  return accept([{ ...created, watchBy: context.now + context.policy.watchWithinMs }, raised(created.incidentId)], { incidentId: created.incidentId });
}

/** The phone's own fix, else the last position that is known, else the post; named by the street, since nobody finds an officer by a call sign. */
function placeOf(unit: Unit, { point: said, deviceAt }: Extract<UnitCommand, { type: "unit.emergency" }>, context: DecideContext): { readonly place: IncidentPlace; readonly fix: EmergencyFix } {
  const last = said === null ? context.positionOf(unit.id) : null;
  const point = said ?? last?.point ?? unit.home;
  const uncertaintyM = said !== null ? PHONE_UNCERTAINTY_M : (last?.uncertaintyM ?? HOME_UNCERTAINTY_M);
  const fix: EmergencyFix = said !== null ? { source: "phone", at: deviceAt ?? context.now } : last !== null ? { source: "last-position", at: last.at } : { source: "post", at: null };
  const named = context.namePlace(point);
  const label = named === null ? unit.callSign : `${named.place} (${unit.callSign})`;
  return { place: { words: "", label, kind: "coordinates", district: named?.district ?? null, point, uncertaintyM }, fix };
}

/** [UNT1] Registering is by call sign and idempotent: what is known and the same makes no event. */
export function decideRegister(state: State, command: Extract<SystemCommand, { type: "units.register" }>): Decision {
  const events: EventBody[] = [];
  let lastUnitId = state.lastUnitId;
  const seen = new Set<string>();
  for (const entered of command.units) {
    if (seen.has(entered.callSign)) return refuse("call-sign-twice", `the call sign ${entered.callSign} is given twice`);
    seen.add(entered.callSign);
    const known = state.units.find(state.unitByCallSign.find(entered.callSign) ?? NO_UNIT);
    const profile = profileOf(entered, known);
    if (known !== undefined && isRegisteredAs(known, profile)) continue;
    events.push({ type: "unit.registered", unitId: known?.id ?? ++lastUnitId, profile });
  }
  return accept(events);
}

/** What was not entered stays as it is known when it is decided, not when it was entered: a shift may have begun in between. */
function profileOf({ callSign, kind, home, ...entered }: EnteredUnit, known: Partial<Unit> = {}): UnitProfile {
  const { skills = known.skills ?? [], crew = known.crew ?? [], phone = known.phone ?? null, platformId = known.platformId ?? null, campusId = known.campusId ?? null, shiftEndsAt = known.shiftEndsAt ?? null } = entered;
  return { callSign, kind, home, skills, crew, phone, platformId, campusId, shiftEndsAt };
}

function isRegisteredAs(unit: Unit, profile: UnitProfile): boolean {
  const { callSign, kind, platformId, campusId, skills, crew, phone, shiftEndsAt, home } = unit;
  const text = (value: object): string => formatCanonical(value);
  return text({ callSign, kind, platformId, campusId, skills, crew, phone, shiftEndsAt, home }) === text(profile);
}
