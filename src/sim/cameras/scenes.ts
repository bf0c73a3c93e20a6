// Which scene a simulated camera shows. A pure function of its code and of what it looks at, so that a camera shows the same street on every start. The
// number in the code picks the scene: the cameras of one place have neighbouring numbers, and so look at it from different poles. A hash would let two
// of three cameras at a school show one picture. The hash picks the moment in the loop.

import type { SoundKind } from "./camera-sound.ts";

/** `school-east` and the like are the same place, seen from another pole. */
export const SCENE_NAMES = [
  "junction", "junction-east", "junction-mast", "roundabout", "avenue", "school", "school-east", "school-gate", "square", "square-east", "square-west", "coast", "parking",
] as const;
export type SceneName = (typeof SCENE_NAMES)[number];
export const STAGED_EVENTS = ["smoke", "collision", "theft"] as const;
export type StagedEvent = (typeof STAGED_EVENTS)[number];

/** What a camera looks at, as the city knows it. */
export const CAMERA_HINTS = ["junction", "signal", "school", "square", "avenue", "coast", "parking"] as const;
export type CameraHint = (typeof CAMERA_HINTS)[number];

export interface SimulatedCamera {
  /** Unique; as in the address, `/cameras/<code>`. */
  readonly code: string;
  readonly name: string;
  /** Best first; none is taken as an avenue. */
  readonly hints: readonly CameraHint[];
  /** What its large stream carries beside the pictures; nothing where absent. */
  readonly sound?: SoundKind;
}

const SCENES_OF: Readonly<Record<CameraHint, readonly SceneName[]>> = {
  junction: ["junction", "roundabout", "junction-mast", "avenue", "junction-east"],
  signal: ["junction", "junction-east", "junction-mast"],
  school: ["school", "school-east", "school-gate"],
  square: ["square", "square-east", "square-west"],
  avenue: ["avenue", "junction-mast"],
  coast: ["coast"],
  parking: ["parking"],
};

export interface SceneAssignment {
  readonly scene: SceneName;
  /** Groups of pictures by which this camera's loop is ahead of the common one. */
  readonly phaseGops: number;
}

export function assignScene(camera: SimulatedCamera, seed: number): SceneAssignment {
  const hash = hashOf(`${seed}/${camera.code}`);
  const scenes = SCENES_OF[camera.hints[0] ?? "avenue"];
  return { scene: scenes[numberOf(camera.code, hash) % scenes.length]!, phaseGops: (hash >>> 8) % 16 };
}

/**
 * The scene that shows an event at such a camera: its own where it has that event, else another that its hints allow. Undefined: nowhere, it goes on
 * showing what it shows.
 */
export function sceneForEvent(camera: SimulatedCamera, seed: number, event: StagedEvent, has: (scene: SceneName, event: StagedEvent) => boolean): SceneName | undefined {
  const own = assignScene(camera, seed).scene;
  if (has(own, event)) return own;
  for (const hint of camera.hints) for (const scene of SCENES_OF[hint]) if (has(scene, event)) return scene;
  return undefined;
}

/** 12 of "C-0012"; the hash of a code that has no number. */
function numberOf(code: string, hash: number): number {
  const digits = /(\d{1,9})\D*$/.exec(code)?.[1];
  return digits === undefined ? hash : Number(digits);
}

// FNV-1a with a final mixing, as neighbouring codes differ in their last digit only.
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return hash >>> 0;
}
