// How near the map begins: a great city at a zoom at which streets can be told apart, a small one (an imported quarter, a town) so that it fills the map.
interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}
/** MapLibre's world is 512 px wide at zoom 0. */
const WORLD_PX = 512;
const STREETS_ZOOM = 12.5;
const NEAREST_ZOOM = 17; // one block of houses: nearer says less
const MARGIN = 0.94; // of the map's width and height is the city's

const mercatorY = (lat: number): number => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);

/** `width` and `height` of the map in CSS pixels. */
export function cityZoom({ west, south, east, north }: Bounds, width: number, height: number): number {
  const across = Math.max((east - west) / 360, 1e-9);
  const up = Math.max(mercatorY(north) - mercatorY(south), 1e-9);
  const whole = Math.log2(Math.min((Math.max(width, 1) * MARGIN) / across, (Math.max(height, 1) * MARGIN) / up) / WORLD_PX);
  return Math.min(NEAREST_ZOOM, Math.max(STREETS_ZOOM, whole));
}
