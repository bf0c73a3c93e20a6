// Who may use the route of commands at all. Which permission each type of command needs is dispatch's own table (src/dispatch/permission.ts),
// of which a test holds this to be the union; what an account lacks is answered as a refusal with the permissions that are needed.
import type { Permission } from "./access.ts";

/** Whoever can send at least one type may use the route; the type decides after that. */
export const COMMAND_ROUTE_PERMISSIONS: readonly Permission[] = [
  "contact.receive", "contact.handle", "incident.write", "assignment.write", "unit.write", "unit.self", "road.close", "camera.view",
];
