// The cameras that an alarm brought along: those of the door that its point is registered with, or the camera that raised it. No map knows of one inside the door, so they are shown by themselves.
import { useMemo } from "react";
import type { Contact } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";

/** By the order of the calls and of their cameras, each once. */
export function listOwnCameras(contactIds: readonly number[], contacts: ReadonlyMap<number, Pick<Contact, "signal">>): number[] {
  return [...new Set(contactIds.flatMap((id) => contacts.get(id)?.signal?.cameraIds ?? []))];
}

export function useOwnCameras(contactIds: readonly number[]): readonly number[] {
  const said = useLive((s) => listOwnCameras(contactIds, s.contacts).join());
  return useMemo(() => (said === "" ? [] : said.split(",").map(Number)), [said]);
}
