import type { Scene } from "../engine/scene.ts";
import { avenue } from "./avenue.ts";
import { coast } from "./coast.ts";
import { junction } from "./junction.ts";
import { parking } from "./parking.ts";
import { roundabout } from "./roundabout.ts";
import { school } from "./school.ts";
import { square } from "./square.ts";

export const SCENES: readonly Scene[] = [junction, roundabout, avenue, school, square, coast, parking];
