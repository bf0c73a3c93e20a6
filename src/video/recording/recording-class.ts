// Who loses pictures first where the disk lags ([RCD6]). Each class may fill the memory of what waits for the disk up to a share of it: as the queue grows, the lowest is refused first, and
// each later one only when the others have made no room. Once refused, a camera waits until its share is half free again, so that it loses whole GOPs and not a
// picture here and there.
import type { RecordingMode } from "../camera/wanted.ts";

/** From the first to lose pictures to the last. */
export const RECORDING_CLASSES = ["on-demand", "sometimes", "continuous", "held"] as const;
export type RecordingClass = (typeof RECORDING_CLASSES)[number];

const SHARES: Readonly<Record<RecordingClass, number>> = { "on-demand": 0.4, sometimes: 0.6, continuous: 0.85, held: 1 };
const BACK_IN = 0.5;

/** `isHeld`: an evidence hold reaches over now. */
export function recordingClassOf(mode: RecordingMode, isHeld: boolean): RecordingClass {
  if (isHeld) return "held";
  if (mode === "continuous") return "continuous";
  return mode === "on-demand" ? "on-demand" : "sometimes";
}

/** Of `most` bytes, how many may be held in all when one of the class asks for more. */
export function mostHeldBytes(of: RecordingClass, most: number, wasRefused: boolean): number {
  return most * SHARES[of] * (wasRefused ? BACK_IN : 1);
}

/** Below this no class is refused. */
export const leastHeldBytes = (most: number): number => mostHeldBytes("on-demand", most, true);
