import type { Point } from "../../../src/contract/basics.ts";

const POINT_WITHIN_MS = 10_000;

/** Where this phone is, or null where it will not say in time. */
export function findMyPoint(): Promise<Point | null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), POINT_WITHIN_MS);
    if (!("geolocation" in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: POINT_WITHIN_MS, maximumAge: 30_000 },
    );
  });
}
