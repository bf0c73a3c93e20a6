import type { EventKind, Scene } from "../engine/scene.ts";
import { avenue } from "./avenue.ts";
import { coast } from "./coast.ts";
import { junction } from "./junction.ts";
import { parking } from "./parking.ts";
import { roundabout } from "./roundabout.ts";
import { school } from "./school.ts";
import { square } from "./square.ts";
import { OTHER_VIEWS } from "./views.ts";

export const SCENES: readonly Scene[] = [junction, roundabout, avenue, school, square, coast, parking, ...OTHER_VIEWS];

/** Which events are encoded into the repository: the three stories where they are staged, and what else fits in the 12 MB. */
export const SHIPPED_EVENTS: Readonly<Record<string, readonly EventKind[]>> = {
  junction: ["smoke", "collision"], roundabout: ["collision"], avenue: ["collision", "theft"], school: ["smoke"], square: ["smoke", "theft"], coast: ["theft"], parking: ["smoke"],
  "junction-east": ["collision"], "junction-mast": ["collision"], "school-east": ["smoke"], "school-gate": ["smoke"], "square-east": ["theft"], "square-west": ["theft"],
};
