// The caller's phone against the place that was chosen: a caller may well tell of a place elsewhere, so a far one is said and never refused.
import { distanceM } from "./distance.ts";

type Point = { readonly lon: number; readonly lat: number };
export interface PhoneArea {
  readonly point: Point;
  readonly uncertaintyM: number;
}
/** What a caller may see or hear from where the phone is: nearer than this is no contradiction. */
const IN_SIGHT_M = 400;

/** Metres from the phone, where the place is farther than both uncertainties and sight explain; else null. */
export function findFarFromPhone(phone: PhoneArea, place: PhoneArea): number | null {
  const apart = distanceM(phone.point, place.point);
  return apart > phone.uncertaintyM + place.uncertaintyM + IN_SIGHT_M ? apart : null;
}
