// Which rooms there are, in the order of the navigation, and who may enter. A room is shown to those who have one of its permissions; the
// server checks every request again.
import type { Permission } from "../../../src/contract/access.ts";

interface RoomRule {
  readonly permissions: readonly Permission[];
}
export const ROOMS = {
  operate: { permissions: ["operate.read"] },
  watch: { permissions: ["camera.view"] },
  field: { permissions: ["unit.self"] },
  warnings: { permissions: ["warning.write"] },
  cameras: { permissions: ["camera.read"] },
  people: { permissions: ["account.write"] },
  measure: { permissions: ["figures.read"] },
  inspect: { permissions: ["access-record.read", "audit.read", "evidence.export"] },
} as const satisfies Record<string, RoomRule>;
export type RoomName = keyof typeof ROOMS;
export const ROOM_NAMES = Object.keys(ROOMS) as readonly RoomName[];
export const isRoom = (name: string): name is RoomName => Object.hasOwn(ROOMS, name);

/** A room's name on the screen, where its address has another: people type what they read. */
const OTHER_ADDRESSES: Readonly<Record<string, RoomName>> = { figures: "measure", inspector: "inspect", dispatch: "operate" };
export const findRoomByOtherAddress = (name: string): RoomName | undefined => (Object.hasOwn(OTHER_ADDRESSES, name) ? OTHER_ADDRESSES[name] : undefined);

/** What an account is for, in words of rooms: the first of these that it may do says where its work is. A room that is only read comes after. */
const WORK: readonly (readonly [Permission, RoomName])[] = [
  ["contact.handle", "operate"], ["assignment.write", "operate"], ["camera.view", "watch"], ["unit.self", "field"], ["camera.write", "cameras"], ["account.write", "people"],
  ["access-record.read", "inspect"], ["camera.read", "cameras"], ["figures.read", "measure"],
];
/** The room that opens after the log-in and from the welcome. */
export const findHomeRoom = (permissions: readonly Permission[]): RoomName | undefined => WORK.find(([permission]) => permissions.includes(permission))?.[1];

export const mayEnter = (room: RoomName, permissions: readonly Permission[]): boolean =>
  (ROOMS[room].permissions as readonly Permission[]).some((permission) => permissions.includes(permission));
