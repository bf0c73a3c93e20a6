// Which scene a simulated camera shows. A pure function of its code and of what it looks at, so that a camera shows the same street on every start and two
// neighbours seldom show the same moment of it.

export const SCENE_NAMES = ["junction", "roundabout", "avenue", "school", "square", "coast", "parking"] as const;
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
}

const SCENES_OF: Readonly<Record<CameraHint, readonly SceneName[]>> = {
  junction: ["junction", "junction", "roundabout", "avenue"],
  signal: ["junction", "junction", "avenue"],
  school: ["school"],
  square: ["square"],
  avenue: ["avenue", "avenue", "junction"],
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
  return { scene: scenes[hash % scenes.length]!, phaseGops: (hash >>> 8) % 16 };
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

// FNV-1a with a final mixing, as neighbouring codes differ in their last digit only.
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return hash >>> 0;
}
