// The programs of the rooms. Each lives in a folder whose `index.tsx` exports a component as default, and loads when it is first opened.
import { lazy, type ComponentType } from "react";
import { ROOM_NAMES, type RoomName } from "./room-rules.ts";

export * from "./room-rules.ts";

const found: Record<string, () => Promise<{ default: ComponentType }>> = import.meta.glob<{ default: ComponentType }>("../*/index.tsx");
const components: Partial<Record<RoomName, ComponentType>> = {};
for (const room of ROOM_NAMES) {
  const load = found[`../${room}/index.tsx`];
  if (load !== undefined) components[room] = lazy(load);
}
export const findRoomComponent = (room: RoomName): ComponentType | undefined => components[room];
/** Fetches the room's program early, when the pointer rests on its link. */
export const preloadRoom = (room: RoomName): void => void found[`../${room}/index.tsx`]?.();
