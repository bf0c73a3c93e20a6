// Outside systems that speak to the centre: each has a machine account whose key opens one interface and nothing else. What people do with these accounts
// stands here; what the systems themselves send stands in the files of their interfaces.
import { z } from "zod";
import type { Permission } from "./access.ts";
import { Actor, Id, WallTime, text } from "./basics.ts";

/** One kind of outside system each, with the only permission that its key has. */
export const INTERFACE_PERMISSIONS = {
  telephony: "switch.report", messages: "message.report", alarms: "alarm.report", tracking: "tracker.report", centres: "incident.exchange", events: "event.read",
} as const satisfies Record<string, Permission>;
export type InterfaceName = keyof typeof INTERFACE_PERMISSIONS;
export const INTERFACES = Object.keys(INTERFACE_PERMISSIONS) as [InterfaceName, ...InterfaceName[]];
export const InterfaceName = z.enum(INTERFACES);

export const MachineAccount = z.object({
  id: Id, name: z.string(), interface: InterfaceName,
  keyStart: z.string(), // enough of the key to know it by, useless for finding the rest
  createdAt: WallTime, createdBy: Actor, revokedAt: WallTime.nullable(), revokedBy: Actor.nullable(),
  lastUsedAt: WallTime.nullable(), lastUsedFrom: z.string().nullable(), // to the minute; a network address
});
export type MachineAccount = z.infer<typeof MachineAccount>;
export const NewMachineAccount = z.object({ name: text(60), interface: InterfaceName });
/** The key is here and nowhere else: the centre keeps only its hash. */
export const MachineAccountMade = z.object({ account: MachineAccount, key: z.string() });
