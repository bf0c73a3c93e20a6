// The next steps that the phone of a crew offers, the likeliest first: that one is the big button. "sent" and "delivered" are said by machines.
import { allowedReports } from "../../dispatch/transitions.ts";
import type { AssignmentState, UnitKind } from "../../dispatch/entities.ts";

const ORDER: readonly AssignmentState[] = ["acknowledged", "en-route", "on-scene", "cleared", "staged", "transporting"];
const AMBULANCE_ORDER: readonly AssignmentState[] = ["acknowledged", "en-route", "on-scene", "transporting", "cleared", "staged"];

export function listFieldSteps(state: AssignmentState, kind: UnitKind): AssignmentState[] {
  const allowed: readonly AssignmentState[] = allowedReports(state);
  return (kind === "ambulance" ? AMBULANCE_ORDER : ORDER).filter((step) => allowed.includes(step));
}
