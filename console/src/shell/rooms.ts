// The rooms of the console, in the order of the navigation. Each lives in a folder whose `index.tsx` exports a component as default, and loads
// when it is first opened. A room is shown to those who have one of its permissions; the server checks every request again.
import { lazy, type ComponentType } from "react";
import type { Permission } from "../../../src/contract/access.ts";

interface RoomRule {
  readonly permissions: readonly Permission[];
}
export const ROOMS = {
  operate: { permissions: ["operate.read"] },
  watch: { permissions: ["camera.view"] },
  field: { permissions: ["unit.self"] },
  cameras: { permissions: ["camera.read"] },
  people: { permissions: ["account.write"] },
  inspect: { permissions: ["access-record.read", "audit.read"] },
} as const satisfies Record<string, RoomRule>;
export type RoomName = keyof typeof ROOMS;
export const ROOM_NAMES = Object.keys(ROOMS) as readonly RoomName[];
export const isRoom = (name: string): name is RoomName => Object.hasOwn(ROOMS, name);

export const mayEnter = (room: RoomName, permissions: readonly Permission[]): boolean =>
  (ROOMS[room].permissions as readonly Permission[]).some((permission) => permissions.includes(permission));

const found: Record<string, () => Promise<{ default: ComponentType }>> = import.meta.glob<{ default: ComponentType }>("../*/index.tsx");
const components: Partial<Record<RoomName, ComponentType>> = {};
for (const room of ROOM_NAMES) {
  const load = found[`../${room}/index.tsx`];
  if (load !== undefined) components[room] = lazy(load);
}
export const findRoomComponent = (room: RoomName): ComponentType | undefined => components[room];
/** Fetches the room's program early, when the pointer rests on its link. */
export const preloadRoom = (room: RoomName): void => void found[`../${room}/index.tsx`]?.();
