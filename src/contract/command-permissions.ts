// Which permission each command to dispatch needs: any of the list. `own` marks what a person with `unit.self` may do, for the unit that the account
// is bound to and no other; a fleet gateway (service-fleet) may do it for every unit. An officer does not clear an emergency: who is
// under threat can be made to say that all is well.
import type { Permission } from "./access.ts";
import type { CommandType } from "./dispatch.ts";

export interface CommandRule {
  readonly anyOf: readonly Permission[];
  readonly own?: true;
}

export const COMMAND_PERMISSIONS: Record<CommandType, CommandRule> = {
  "contact.receive": { anyOf: ["contact.receive"] },
  "contact.hang-up": { anyOf: ["contact.receive"] },
  "contact.claim": { anyOf: ["contact.handle"] },
  "contact.renew": { anyOf: ["contact.handle"] },
  "contact.release": { anyOf: ["contact.handle"] },
  "contact.end": { anyOf: ["contact.handle"] },
  "contact.attach": { anyOf: ["contact.handle"] },
  "incident.create": { anyOf: ["incident.write"] },
  "incident.update": { anyOf: ["incident.write"] },
  "incident.note": { anyOf: ["incident.write"] },
  "incident.verdict": { anyOf: ["incident.write", "camera.view"] }, // who looks says what is seen
  "incident.no-unit-needed": { anyOf: ["incident.write"] },
  "incident.close": { anyOf: ["incident.write"] },
  "incident.cancel": { anyOf: ["incident.write"] },
  "incident.reopen": { anyOf: ["incident.write"] },
  "assignment.assign": { anyOf: ["assignment.write"] },
  "assignment.advance": { anyOf: ["assignment.write"], own: true },
  "assignment.decline": { anyOf: ["assignment.write"], own: true },
  "assignment.recall": { anyOf: ["assignment.write"] },
  "unit.availability": { anyOf: ["unit.write"], own: true },
  "unit.emergency": { anyOf: ["unit.write"], own: true },
  "unit.emergency-clear": { anyOf: ["unit.write"] },
};

/** Whoever can send at least one type may use the route; the type decides after that. */
export const COMMAND_ROUTE_PERMISSIONS: readonly Permission[] = [
  "contact.receive", "contact.handle", "incident.write", "assignment.write", "unit.write", "unit.self", "camera.view",
];
