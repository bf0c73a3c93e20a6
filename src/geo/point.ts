// Places on the earth, WGS 84 degrees. Inside a city a flat plane is right to a few centimetres per kilometre, and far cheaper than the sphere: distances here
// are equirectangular about the mean latitude (error under 0.1 % to 100 km at city latitudes). The sphere proper (haversine) was
// rejected for the inner loops; it costs five transcendental calls where this costs one.

export interface Point {
  readonly lon: number;
  readonly lat: number;
}

export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A point of a local plane: metres east (x) and north (y) of its origin. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

const RADIANS = Math.PI / 180;
/** Metres in one degree of latitude, mean earth radius 6,371,008.8 m (IUGG). */
export const METRES_PER_DEGREE = 6_371_008.8 * RADIANS;

/** Metres in one degree of longitude at this latitude. */
export const metresPerDegreeLon = (lat: number): number => METRES_PER_DEGREE * Math.cos(lat * RADIANS);

/** Metres between two lon/lat pairs. */
export function distanceOf(lonA: number, latA: number, lonB: number, latB: number): number {
  const dx = (lonB - lonA) * metresPerDegreeLon((latA + latB) / 2);
  const dy = (latB - latA) * METRES_PER_DEGREE;
  return Math.sqrt(dx * dx + dy * dy);
}

/** Metres between two points. */
export const distanceM = (a: Point, b: Point): number => distanceOf(a.lon, a.lat, b.lon, b.lat);

/** Bearing from a to b, degrees clockwise from north, in [0, 360). 0 where the points are the same. */
export function bearingDeg(a: Point, b: Point): number {
  const dx = (b.lon - a.lon) * metresPerDegreeLon((a.lat + b.lat) / 2);
  const dy = (b.lat - a.lat) * METRES_PER_DEGREE;
  return normaliseDeg(Math.atan2(dx, dy) / RADIANS);
}

/** The same angle in [0, 360). */
export function normaliseDeg(deg: number): number {
  const turned = deg % 360;
  const positive = turned < 0 ? turned + 360 : turned;
  return positive >= 360 ? 0 : positive;
}

/** Signed turn from one bearing to another, in (-180, 180]. */
export function turnDeg(from: number, to: number): number {
  const turn = normaliseDeg(to - from);
  return turn > 180 ? turn - 360 : turn;
}

/** The point `metres` away from `from` at a bearing. */
export function destination(from: Point, bearing: number, metres: number): Point {
  const dy = Math.cos(bearing * RADIANS) * metres;
  const dx = Math.sin(bearing * RADIANS) * metres;
  const lat = from.lat + dy / METRES_PER_DEGREE;
  return { lon: from.lon + dx / metresPerDegreeLon((from.lat + lat) / 2), lat };
}

/** The point that lies the share `t` (0 to 1) of the way from a to b. */
export const between = (a: Point, b: Point, t: number): Point => ({ lon: a.lon + (b.lon - a.lon) * t, lat: a.lat + (b.lat - a.lat) * t });

/** Point in a plane whose origin is given; metres. */
export const toPlane = (origin: Point, p: Point): PlanePoint => ({
  x: (p.lon - origin.lon) * metresPerDegreeLon(origin.lat), y: (p.lat - origin.lat) * METRES_PER_DEGREE,
});
export const fromPlane = (origin: Point, p: PlanePoint): Point => ({
  lon: origin.lon + p.x / metresPerDegreeLon(origin.lat), lat: origin.lat + p.y / METRES_PER_DEGREE,
});

export const boundsContain = (bounds: Bounds, p: Point): boolean => p.lon >= bounds.west && p.lon <= bounds.east && p.lat >= bounds.south && p.lat <= bounds.north;

/** The bounds widened by `metres` on each side. */
export function growBounds(bounds: Bounds, metres: number): Bounds {
  const dLat = metres / METRES_PER_DEGREE;
  const dLon = metres / metresPerDegreeLon((bounds.south + bounds.north) / 2);
  return { west: bounds.west - dLon, south: bounds.south - dLat, east: bounds.east + dLon, north: bounds.north + dLat };
}

/** A box that holds the circle of `metres` about a point. */
export const boundsAround = (p: Point, metres: number): Bounds => growBounds({ west: p.lon, south: p.lat, east: p.lon, north: p.lat }, metres);

export const centreOf = (bounds: Bounds): Point => ({ lon: (bounds.west + bounds.east) / 2, lat: (bounds.south + bounds.north) / 2 });
