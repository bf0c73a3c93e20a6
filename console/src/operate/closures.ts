// Roads that are being chosen to be closed: by a place that is typed, or by a click on the map while the panel is open. A road chosen again is taken out.
import { create } from "zustand";
import type { z } from "zod";
import type { Closure, NearRoad } from "../../../src/contract/dispatch.ts";
import type { LonLat } from "../map/layers.ts";

export type Road = NonNullable<z.infer<typeof NearRoad>["road"]>;

interface Closures {
  readonly shown: boolean;
  readonly chosen: readonly Road[];
}
export const useClosures = create<Closures>(() => ({ shown: false, chosen: [] }));
export const toggleClosures = (): void => useClosures.setState(({ shown }) => ({ shown: !shown, chosen: [] }));
export const clearChosen = (): void => useClosures.setState({ chosen: [] });

const isSame = (a: LonLat, b: LonLat): boolean => a.lon === b.lon && a.lat === b.lat;
export const isSameRoad = (a: Road, b: Road): boolean => isSame(a.middle, b.middle) && isSame(a.from, b.from);
export function chooseRoad(road: Road): void {
  useClosures.setState(({ chosen }) => ({ chosen: chosen.some((one) => isSameRoad(one, road)) ? chosen.filter((one) => !isSameRoad(one, road)) : [...chosen, road] }));
}

/** Names of the roads, each once, in the order in which they stand there; null for those without a name. */
export function namesOf(pieces: readonly { readonly name: string | null }[]): readonly (string | null)[] {
  return [...new Set(pieces.map(({ name }) => name))];
}

/** The middle of all pieces: where the map looks. */
export function middleOf({ pieces }: Pick<Closure, "pieces">): LonLat {
  const sum = pieces.reduce((all, { middle }) => ({ lon: all.lon + middle.lon, lat: all.lat + middle.lat }), { lon: 0, lat: 0 });
  return { lon: sum.lon / pieces.length, lat: sum.lat / pieces.length };
}
