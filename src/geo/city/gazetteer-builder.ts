// Streets, addresses and features from what the map says, joined by name: the same street is "Av. 18 de Julio" on one house and "18 de Julio" on
// the road. Exact spelling first, then without the weak words where only one street is left.
import { METRES_PER_DEGREE, distanceOf, metresPerDegreeLon } from "../point.ts";
import type { GazetteerParts } from "../gazetteer-parts.ts";
import { looseNameKey, nameKey } from "../place-text.ts";
import type { RoadGraphParts } from "../road-graph.ts";
import { clusterPoints } from "./clusters.ts";
import { FEATURE_KINDS, type FeatureKind } from "./feature-kinds.ts";

export interface AddressPoint {
  readonly street: string;
  readonly number: number;
  readonly suffix: string;
  readonly lonE7: number;
  readonly latE7: number;
}
export interface DistrictPoint {
  readonly name: string;
  readonly lonE7: number;
  readonly latE7: number;
}
export interface FeaturePoint {
  readonly kind: FeatureKind;
  readonly name: string;
  readonly lonE7: number;
  readonly latE7: number;
  readonly radiusM: number;
  readonly bearing: number | null;
}

const SPOT_M = 200;
const DISTRICT_REACH_M = 4_000;
/** House numbers of a village without a road of their name belong to the nearest street of that name up to here. */
const STRAY_REACH_M = 1_500;

interface Street {
  readonly name: string;
  readonly key: string;
  readonly edges: number[];
  readonly lon: number[];
  readonly lat: number[];
  readonly addresses: AddressPoint[];
}

/** A house number as the map writes it ("1360", "1360 bis", "12-14", "12A"), or null where it has no leading number. */
export function parseHouseNumber(text: string): { readonly number: number; readonly suffix: string } | null {
  const match = /^\s*(\d{1,6})\s*([^\s;,/-][^;,]{0,11})?/.exec(text);
  return match === null ? null : { number: Number(match[1]), suffix: (match[2] ?? "").trim().toLowerCase() };
}

/** Builds the gazetteer and renumbers the graph's streets, so that two streets of one name are two. */
export function buildGazetteer(
  graph: RoadGraphParts, addresses: readonly AddressPoint[], districts: readonly DistrictPoint[], features: readonly FeaturePoint[],
): { readonly gazetteer: GazetteerParts; readonly graph: RoadGraphParts } {
  const streets = streetsOf(graph);
  const byKey = new Map<string, Street[]>();
  const byLooseKey = new Map<string, Set<string>>();
  for (const street of streets) {
    pushTo(byKey, street.key, street);
    const loose = looseNameKey(street.name);
    if (loose === "") continue;
    const keys = byLooseKey.get(loose);
    if (keys === undefined) byLooseKey.set(loose, new Set([street.key]));
    else keys.add(street.key);
  }
  const strays = new Map<string, AddressPoint[]>();
  const keyOfName = new Map<string, string>();
  const keyFor = (name: string): string => {
    let key = keyOfName.get(name);
    if (key === undefined) {
      key = nameKey(name);
      if (!byKey.has(key)) {
        const meant = byLooseKey.get(looseNameKey(name));
        if (meant?.size === 1) key = [...meant][0]!;
      }
      keyOfName.set(name, key);
    }
    return key;
  };
  for (const address of addresses) {
    const key = keyFor(address.street);
    const street = nearestStreet(byKey.get(key) ?? [], address.lonE7, address.latE7);
    if (street === null) pushTo(strays, key, address);
    else street.addresses.push(address);
  }
  for (const [key, points] of strays) {
    const groups = clusterPoints(points.map((p) => p.lonE7), points.map((p) => p.latE7));
    const made: Street[] = [];
    points.forEach((p, i) => {
      const street = (made[groups[i]!] ??= { name: p.street, key, edges: [], lon: [], lat: [], addresses: [] });
      street.addresses.push(p);
      street.lon.push(p.lonE7);
      street.lat.push(p.latE7);
    });
    streets.push(...made);
  }

  const edgeStreet = new Int32Array(graph.edgeStreet.length).fill(-1);
  streets.forEach((street, s) => {
    for (const e of street.edges) edgeStreet[e] = s;
  });
  const withRoads = streets.filter((street) => street.edges.length > 0).length;
  const nearestDistrict = districtFinder(districts);
  return {
    graph: { ...graph, edgeStreet, streetNames: streets.slice(0, withRoads).map((street) => street.name) },
    gazetteer: { ...streetParts(streets, nearestDistrict), ...districtParts(districts), ...featureParts(features, nearestDistrict) },
  };
}

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function streetsOf(graph: RoadGraphParts): Street[] {
  const edgesOfKey = new Map<string, number[]>();
  const keys = graph.streetNames.map(nameKey);
  for (let e = 0; e < graph.edgeStreet.length; e++) if (graph.edgeStreet[e]! >= 0) pushTo(edgesOfKey, keys[graph.edgeStreet[e]!]!, e);
  const streets: Street[] = [];
  for (const [key, edges] of edgesOfKey) {
    const spots = edges.flatMap((edge) => spotsAlong(graph, edge));
    const groups = clusterPoints(spots.map((s) => s.lonE7), spots.map((s) => s.latE7));
    const members: (typeof spots)[] = [];
    spots.forEach((spot, i) => (members[groups[i]!] ??= []).push(spot));
    for (const group of members) {
      const own = [...new Set(group.map((spot) => spot.edge))];
      const spellings = new Map<string, number>();
      for (const e of own) {
        const name = graph.streetNames[graph.edgeStreet[e]!]!;
        spellings.set(name, (spellings.get(name) ?? 0) + graph.edgeLengthM[e]!);
      }
      const name = [...spellings].sort((a, b) => b[1] - a[1])[0]![0];
      streets.push({ name, key, edges: own, lon: group.map((s) => s.lonE7), lat: group.map((s) => s.latE7), addresses: [] });
    }
  }
  return streets;
}

/** Places along an edge, no farther apart than a cluster's square is wide, so that an edge is never in two clusters. */
function spotsAlong(graph: RoadGraphParts, edge: number): { edge: number; lonE7: number; latE7: number }[] {
  const spots: { edge: number; lonE7: number; latE7: number }[] = [];
  for (let i = graph.shapeFirst[edge]!; i + 1 < graph.shapeFirst[edge + 1]!; i++) {
    const [ax, ay, bx, by] = [graph.shapeE7[i * 2]!, graph.shapeE7[i * 2 + 1]!, graph.shapeE7[i * 2 + 2]!, graph.shapeE7[i * 2 + 3]!];
    const pieces = Math.ceil(distanceOf(ax / 1e7, ay / 1e7, bx / 1e7, by / 1e7) / SPOT_M);
    for (let k = 0; k < pieces; k++) spots.push({ edge, lonE7: Math.round(ax + ((bx - ax) * (k + 0.5)) / pieces), latE7: Math.round(ay + ((by - ay) * (k + 0.5)) / pieces) });
  }
  return spots;
}

function nearestStreet(streets: readonly Street[], lonE7: number, latE7: number): Street | null {
  if (streets.length === 1 && streets[0]!.edges.length > 3) return withinReach(streets[0]!, lonE7, latE7) < Infinity ? streets[0]! : null;
  let best: Street | null = null;
  let least = Infinity;
  for (const street of streets) {
    const metres = withinReach(street, lonE7, latE7);
    if (metres < least) {
      least = metres;
      best = street;
    }
  }
  return best;
}

/** Metres from the nearest stretch of the street; Infinity beyond the reach. */
function withinReach(street: Street, lonE7: number, latE7: number): number {
  const kx = metresPerDegreeLon(latE7 / 1e7) / 1e7;
  const ky = METRES_PER_DEGREE / 1e7;
  let least = Infinity;
  for (let i = 0; i < street.lon.length; i++) {
    const dx = (street.lon[i]! - lonE7) * kx;
    const dy = (street.lat[i]! - latE7) * ky;
    least = Math.min(least, dx * dx + dy * dy);
  }
  const metres = Math.sqrt(least);
  return metres <= STRAY_REACH_M ? metres : Infinity;
}

/** The number of the nearest district's name, or -1 where none is within reach. */
function districtFinder(districts: readonly DistrictPoint[]): (lonE7: number, latE7: number) => number {
  return (lonE7, latE7) => {
    let best = -1;
    let least = DISTRICT_REACH_M;
    districts.forEach((district, i) => {
      const metres = distanceOf(district.lonE7 / 1e7, district.latE7 / 1e7, lonE7 / 1e7, latE7 / 1e7);
      if (metres < least) {
        least = metres;
        best = i;
      }
    });
    return best;
  };
}

function streetParts(streets: readonly Street[], nearestDistrict: (lonE7: number, latE7: number) => number): Pick<GazetteerParts, "streetNames" | "streetDistrict" | "streetLonE7" | "streetLatE7" | "streetRadiusM" | "addressFirst" | "addressNumber" | "addressSuffix" | "addressLonE7" | "addressLatE7" | "suffixes"> {
  const suffixes = new Map<string, number>([["", 0]]);
  const first = new Uint32Array(streets.length + 1);
  const number: number[] = [];
  const suffix: number[] = [];
  const lonE7: number[] = [];
  const latE7: number[] = [];
  const middle = streets.map((street) => middleOf(street.lon, street.lat));
  streets.forEach((street, s) => {
    const sorted = [...street.addresses].sort((a, b) => a.number - b.number || (a.suffix < b.suffix ? -1 : a.suffix > b.suffix ? 1 : a.lonE7 - b.lonE7));
    for (const address of sorted) {
      let code = suffixes.get(address.suffix);
      if (code === undefined && suffixes.size < 65_535) suffixes.set(address.suffix, (code = suffixes.size));
      number.push(address.number);
      suffix.push(code ?? 0);
      lonE7.push(address.lonE7);
      latE7.push(address.latE7);
    }
    first[s + 1] = number.length;
  });
  return {
    streetNames: streets.map((street) => street.name), streetDistrict: Int32Array.from(middle, (m) => nearestDistrict(m.lonE7, m.latE7)),
    streetLonE7: Int32Array.from(middle, (m) => m.lonE7), streetLatE7: Int32Array.from(middle, (m) => m.latE7), streetRadiusM: Float32Array.from(middle, (m) => m.radiusM),
    addressFirst: first, addressNumber: Int32Array.from(number), addressSuffix: Uint16Array.from(suffix), addressLonE7: Int32Array.from(lonE7), addressLatE7: Int32Array.from(latE7),
    suffixes: [...suffixes.keys()],
  };
}

/** The point of the list nearest to their mean, and the distance to the farthest. */
function middleOf(lon: readonly number[], lat: readonly number[]): { lonE7: number; latE7: number; radiusM: number } {
  const x = lon.reduce((sum, v) => sum + v, 0) / lon.length;
  const y = lat.reduce((sum, v) => sum + v, 0) / lat.length;
  let best = 0;
  let least = Infinity;
  let most = 0;
  for (let i = 0; i < lon.length; i++) {
    const metres = distanceOf(lon[i]! / 1e7, lat[i]! / 1e7, x / 1e7, y / 1e7);
    if (metres < least) {
      least = metres;
      best = i;
    }
    most = Math.max(most, metres);
  }
  return { lonE7: lon[best]!, latE7: lat[best]!, radiusM: most + least };
}

const districtParts = (districts: readonly DistrictPoint[]): Pick<GazetteerParts, "districtNames" | "districtLonE7" | "districtLatE7"> => ({
  districtNames: districts.map((d) => d.name), districtLonE7: Int32Array.from(districts, (d) => d.lonE7), districtLatE7: Int32Array.from(districts, (d) => d.latE7),
});

const featureParts = (features: readonly FeaturePoint[], nearestDistrict: (lonE7: number, latE7: number) => number): Pick<GazetteerParts, "featureKind" | "featureNames" | "featureLonE7" | "featureLatE7" | "featureRadiusM" | "featureDistrict" | "featureBearing"> => ({
  featureKind: Uint8Array.from(features, (f) => FEATURE_KINDS.indexOf(f.kind)), featureNames: features.map((f) => f.name), featureLonE7: Int32Array.from(features, (f) => f.lonE7),
  featureLatE7: Int32Array.from(features, (f) => f.latE7), featureRadiusM: Float32Array.from(features, (f) => f.radiusM), featureDistrict: Int32Array.from(features, (f) => nearestDistrict(f.lonE7, f.latE7)),
  featureBearing: Int16Array.from(features, (f) => (f.bearing === null ? -1 : Math.round(f.bearing) % 360)),
});
