// What the place search stands on, as a city file holds it. Streets are numbered like the road graph's street names; those after them have
// addresses but no road of their name. Coordinates in 1e-7 degree.
import { type Result, err, ok } from "../base/result.ts";
import type { GraphFault } from "./road-graph.ts";

export interface GazetteerParts {
  readonly streetNames: readonly string[];
  readonly streetDistrict: Int32Array; // index in districtNames, -1: unknown
  readonly streetLonE7: Int32Array; // a place on the street near its middle
  readonly streetLatE7: Int32Array;
  readonly streetRadiusM: Float32Array; // from there to its farthest end
  readonly addressFirst: Uint32Array; // streets + 1; within a street by number
  readonly addressNumber: Int32Array;
  readonly addressSuffix: Uint16Array; // index in suffixes; 0 is none
  readonly addressLonE7: Int32Array;
  readonly addressLatE7: Int32Array;
  readonly suffixes: readonly string[];
  readonly districtNames: readonly string[];
  readonly districtLonE7: Int32Array;
  readonly districtLatE7: Int32Array;
  readonly featureKind: Uint8Array; // index in FEATURE_KINDS
  readonly featureNames: readonly string[]; // "" where the map has none
  readonly featureLonE7: Int32Array;
  readonly featureLatE7: Int32Array;
  readonly featureRadiusM: Float32Array; // 0 for a point
  readonly featureDistrict: Int32Array;
  readonly featureBearing: Int16Array; // a mapped camera's direction in degrees; -1: unknown
}

/** The first thing wrong with the parts, or ok. */
export function checkGazetteerParts(parts: GazetteerParts, featureKinds: number): Result<GazetteerParts, GraphFault> {
  const streets = parts.streetNames.length;
  const addresses = parts.addressNumber.length;
  const features = parts.featureKind.length;
  const districts = parts.districtNames.length;
  const lengths: [keyof GazetteerParts, number][] = [
    ["streetDistrict", streets], ["streetLonE7", streets], ["streetLatE7", streets], ["streetRadiusM", streets], ["addressFirst", streets + 1], ["addressSuffix", addresses],
    ["addressLonE7", addresses], ["addressLatE7", addresses], ["districtLonE7", districts], ["districtLatE7", districts], ["featureNames", features], ["featureLonE7", features],
    ["featureLatE7", features], ["featureRadiusM", features], ["featureDistrict", features], ["featureBearing", features],
  ];
  for (const [field, length] of lengths) if (parts[field].length !== length) return err({ field, expected: `${length} values` });
  if (parts.addressFirst[0] !== 0 || parts.addressFirst[streets] !== addresses) return err({ field: "addressFirst", expected: "0 at the start and all addresses at the end" });
  for (let s = 0; s < streets; s++) {
    if (parts.addressFirst[s + 1]! < parts.addressFirst[s]!) return err({ field: `addressFirst[${s + 1}]`, expected: "no less than the one before" });
    if (parts.streetDistrict[s]! < -1 || parts.streetDistrict[s]! >= districts) return err({ field: `streetDistrict[${s}]`, expected: `-1 or under ${districts}` });
  }
  for (let a = 0; a < addresses; a++) if (parts.addressSuffix[a]! >= parts.suffixes.length) return err({ field: `addressSuffix[${a}]`, expected: `under ${parts.suffixes.length}` });
  for (let f = 0; f < features; f++) {
    if (parts.featureKind[f]! >= featureKinds) return err({ field: `featureKind[${f}]`, expected: `under ${featureKinds}` });
    if (parts.featureDistrict[f]! < -1 || parts.featureDistrict[f]! >= districts) return err({ field: `featureDistrict[${f}]`, expected: `-1 or under ${districts}` });
  }
  return ok(parts);
}
