// Cameras that the map knows (man_made=surveillance), as the register can take them: without a stream, for an integrator to add. A camera whose direction is not mapped
// counts as looking all around, which leaves it the few metres where even a fisheye has pixels enough: the map's silence must not look like sight.
import type { ViewPose } from "../line-of-sight.ts";
import { edgeName } from "../road-graph.ts";
import { snapToRoad } from "../road-snap.ts";
import type { CityModel } from "./city-model.ts";

export interface MappedCamera {
  readonly code: string; // "OSM-0001"
  readonly name: string;
  readonly kind: "fixed" | "dome";
  readonly pose: ViewPose;
  readonly imageWidthPx: number;
}

const WIDTH_PX = 1920;
const KNOWN = { horizontalFovDeg: 70, verticalFovDeg: 43, rangeM: 50, tiltDeg: 12 };
const UNKNOWN = { horizontalFovDeg: 360, verticalFovDeg: 180, rangeM: 12, tiltDeg: 45 };

export function listMappedCameras(city: CityModel): MappedCamera[] {
  return city.featuresOf("surveillance").map((feature, i) => {
    const road = snapToRoad(city.graph, feature.point, 100);
    const street = road === null ? null : edgeName(city.graph, road.edge);
    const view = feature.bearing === null ? UNKNOWN : KNOWN;
    const code = `OSM-${String(i + 1).padStart(4, "0")}`;
    return {
      code, name: feature.name !== "" ? feature.name : (street ?? feature.district ?? code), kind: feature.bearing === null ? "dome" : "fixed", imageWidthPx: WIDTH_PX,
      pose: { point: feature.point, mountHeightM: 4, bearingDeg: feature.bearing ?? 0, ...view },
    };
  });
}
