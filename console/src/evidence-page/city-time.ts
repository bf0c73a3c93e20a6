// The clocks of the city that a package is of. A package of before names no zone, and a browser may not know the one that is named: then it is UTC, and said so.
import { findTimeZone, formatOffset, zoneOffsetMs } from "../../../src/base/time-zone.ts";
import type { Manifest } from "../../../src/evidence/manifest.ts";

export const zoneOf = ({ timeZone }: Pick<Manifest, "timeZone">): string => findTimeZone(timeZone ?? "UTC") ?? "UTC";

/** From UTC, in ms: one, or two where the clocks were turned within the range. */
export function listOffsets({ from, to }: Manifest["range"], timeZone: string): readonly number[] {
  return [...new Set([zoneOffsetMs(from, timeZone), zoneOffsetMs(to, timeZone)])];
}
/** "UTC-03:00". */
export const sayOffset = (offsetMs: number): string => `UTC${formatOffset(offsetMs)}`;
