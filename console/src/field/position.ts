// What the phone's receiver says, on its way to the centre. Pure: the receiver and the clock are in use-position.ts. The age of a fix is told and not its
// time: a phone whose clock is wrong must not put its unit into the past or the future.
import { isOffShift } from "../../../src/base/shift.ts";
import type { Unit } from "../../../src/contract/dispatch.ts";
import type { OwnPosition } from "../../../src/contract/live.ts";

/** What the officer must know of it. waiting: the browser asks, or the first fix is looked for. lost: a fix came once, and none now. */
export type PositionState = "waiting" | "told" | "denied" | "lost" | "unsupported" | "outside-city" | "off-duty";

/** As the browser gives it (W3C Geolocation): degrees, m/s, milliseconds since 1970 by the phone. heading is NaN while it stands. */
export interface ReceiverFix {
  readonly coords: { readonly longitude: number; readonly latitude: number; readonly heading: number | null; readonly speed: number | null };
  readonly timestamp: number;
}

const OLDEST_MS = 60_000; // older than that says nothing of where the unit is now

/** Null for a fix that is too old or no place on earth. */
export function readFix({ coords, timestamp }: ReceiverFix, nowMs: number): OwnPosition | null {
  const ageMs = Math.max(0, Math.round(nowMs - timestamp));
  if (!(ageMs <= OLDEST_MS) || !(Math.abs(coords.longitude) <= 180) || !(Math.abs(coords.latitude) <= 90)) return null;
  const heading = coords.heading !== null && coords.heading >= 0 && coords.heading <= 360 ? coords.heading : null;
  return { lon: coords.longitude, lat: coords.latitude, headingDeg: heading, speedMps: coords.speed !== null && coords.speed >= 0 ? coords.speed : null, ageMs };
}

/** Codes of W3C Geolocation, 3.4: 1 permission denied, 2 position unavailable, 3 timeout. */
export const stateOfReceiverError = (code: number): PositionState => (code === 1 ? "denied" : "lost");

/** What a refusal of the centre means; null: nothing that the officer need know (a lost link is told elsewhere). */
export const stateOfRefusal = (rule: string): PositionState | null => (rule === "outside-city" || rule === "off-duty" ? rule : null);

/** [SHF5] As the centre has it: also past the end of the shift, while there is a job or an emergency. */
export const isOnDuty = (unit: Pick<Unit, "shiftStartsAt" | "shiftEndsAt" | "activeAssignmentId" | "emergency">, nowMs: number): boolean => !isOffShift(unit, nowMs) || unit.activeAssignmentId !== null || unit.emergency;
