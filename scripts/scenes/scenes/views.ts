// Other cameras at the places where the demo stages its stories: the same street at the same moment from another pole, so that the three cameras of one
// site agree about what happens and differ in what they see. Their loops last one cycle instead of two, which halves the files.
import type { CameraPose } from "../engine/camera.ts";
import { CYCLE_S, type EventKind, type Scene } from "../engine/scene.ts";
import { junction } from "./junction.ts";
import { school } from "./school.ts";
import { square } from "./square.ts";

const from = (scene: Scene, name: string, event: EventKind, camera: CameraPose): Scene => ({ ...scene, name, camera, loopS: CYCLE_S, events: { [event]: scene.events[event]! } });

export const OTHER_VIEWS: readonly Scene[] = [
  from(junction, "junction-east", "collision", { x: 13.5, y: -12.5, heightM: 8.4, yawDeg: -36, tiltDeg: 19, horizontalFovDeg: 70 }),
  from(junction, "junction-mast", "collision", { x: 1.5, y: -24, heightM: 10.5, yawDeg: 2, tiltDeg: 18, horizontalFovDeg: 56 }),
  from(school, "school-east", "smoke", { x: 16, y: -7, heightM: 6.6, yawDeg: -35, tiltDeg: 13, horizontalFovDeg: 62 }),
  from(school, "school-gate", "smoke", { x: 4.5, y: -4.5, heightM: 7.6, yawDeg: -8, tiltDeg: 14, horizontalFovDeg: 64 }),
  from(square, "square-east", "theft", { x: 12, y: -8, heightM: 9, yawDeg: -33, tiltDeg: 19, horizontalFovDeg: 66 }),
  from(square, "square-west", "theft", { x: -12.5, y: -8, heightM: 5.4, yawDeg: 32, tiltDeg: 11, horizontalFovDeg: 62 }),
];
