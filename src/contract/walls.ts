// What a video operator keeps: layouts of the wall by name, and tours over layouts or single cameras. They say which cameras hang where, and show nothing:
// each look that comes of one is opened with its reason like any other.
import { z } from "zod";
import { Id, WallTime, text } from "./basics.ts";

export const WALL_SIZES = [1, 4, 9, 16, 25] as const;
const Size = z.literal(WALL_SIZES);
/** Camera ids by tile, row after row; null: an empty tile. */
const Cells = z.array(Id.nullable()).min(1).max(25);
const Saved = { id: Id, name: z.string(), shared: z.boolean(), ownerName: z.string(), mayChange: z.boolean(), changedAt: WallTime };

export const WallLayout = z.object({ ...Saved, size: Size, cells: Cells });
export type WallLayout = z.infer<typeof WallLayout>;
/** `shared`: all who may look at cameras see it, and only its owner changes it. */
export const NewWallLayout = z.object({ name: text(60), shared: z.boolean().default(false), size: Size, cells: Cells });
export type NewWallLayout = z.infer<typeof NewWallLayout>;

export const LEAST_DWELL_S = 5;
const Dwell = z.int().min(LEAST_DWELL_S).max(3_600);
export const TourStop = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("layout"), layoutId: Id, dwellS: Dwell }),
  z.object({ kind: z.literal("camera"), cameraId: Id, dwellS: Dwell }),
]);
export type TourStop = z.infer<typeof TourStop>;
export const CameraTour = z.object({ ...Saved, stops: z.array(TourStop) });
export type CameraTour = z.infer<typeof CameraTour>;
export const NewCameraTour = z.object({ name: text(60), shared: z.boolean().default(false), stops: z.array(TourStop).min(1).max(60) });
export type NewCameraTour = z.infer<typeof NewCameraTour>;

export const SavedWalls = z.object({ layouts: z.array(WallLayout), tours: z.array(CameraTour) });
export type SavedWalls = z.infer<typeof SavedWalls>;
