// The clips on disk. Which there are is read at the start, so that a missing folder is told at once; each clip is decoded when somebody first sees it.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { ClipShelf } from "./camera-stream.ts";
import { ONSET_PICTURES, decodeClip, type Clip } from "./clip.ts";
import { SCENE_NAMES, STAGED_EVENTS } from "./scenes.ts";

export const ASSETS_DIR = path.resolve(import.meta.dirname, "../assets");
/** The same clips as small pictures, within the folder of the large ones. */
export const SMALL_FOLDER = "small";

/** Throws Error naming what is missing where a scene has no normal loop. */
export function openClipFolder(dir: string): ClipShelf {
  const files = new Set(readdirSync(dir));
  const missing = SCENE_NAMES.map((scene) => `${scene}-normal.h264`).filter((name) => !files.has(name));
  if (missing.length > 0) throw new Error(`${dir}: no ${missing.join(", ")}; node scripts/scenes/render.ts draws them`);
  const decoded = new Map<string, Clip>();
  return {
    has: (scene, event) => files.has(`${scene}-${event}.h264`),
    get: (scene, variant) => {
      const name = `${scene}-${variant}`;
      const known = decoded.get(name);
      if (known) return known;
      // Read at once and in one go: it happens once per clip and takes some 40 ms, less than a picture lasts.
      const clip = decodeClip(name, readFileSync(path.join(dir, `${name}.h264`)));
      if (STAGED_EVENTS.some((event) => event === variant) && clip.pictures.length <= ONSET_PICTURES) throw new Error(`clip ${name}: ${clip.pictures.length} pictures, expected more than ${ONSET_PICTURES}`);
      decoded.set(name, clip);
      return clip;
    },
  };
}
