// What stands on the map above the streets, as deck.gl layers, from plain data. Colours of meaning only; cones and platforms are without. deck.gl builds a layer's geometry anew whenever its data is another array, and layers are
// made some thirty times while the map comes nearer: what is worked out from one list is therefore one list (deriveOnce). With two thousand incidents and their labels the map took all of the page's time otherwise.
import type { Layer, PickingInfo } from "@deck.gl/core";
import { IconLayer, PathLayer, PolygonLayer, ScatterplotLayer, TextLayer } from "@deck.gl/layers";
import type { Tone } from "../design/status-mark.tsx";
import { dashPath } from "./dash-path.ts";
import { deriveOnce } from "./kept-lists.ts";
import type { MapColours, Rgb } from "./colours.ts";
import { pinIcon, unitIcon, type IconAtlas } from "./icon-atlas.ts";
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { PLATFORM_LABEL, incidentLabel, unitLabel, type LabelPlace } from "./label-places.ts";
import { plainPolygon } from "./plain-polygon.ts";

export interface LonLat {
  readonly lon: number;
  readonly lat: number;
}
export interface MapMarks {
  readonly units: readonly { readonly id: number; readonly callSign: string; readonly point: LonLat; readonly headingDeg: number | null; readonly tone: Tone; readonly letter: string; readonly stale: boolean }[];
  readonly incidents: readonly { readonly id: number; readonly number: number; readonly point: LonLat; readonly tone: Tone; readonly priority: number }[];
  readonly platforms: readonly { readonly id: number; readonly code: string; readonly point: LonLat }[];
  readonly callers: readonly { readonly id: number; readonly point: LonLat; readonly uncertaintyM: number }[];
  /** Roads that are not to be driven through, and those that are being chosen to be. */
  readonly closed?: readonly { readonly path: readonly LonLat[]; readonly chosen: boolean }[];
  /** Areas that are reached within so many minutes, each of polygons with an outer ring and its holes. */
  readonly reach?: readonly { readonly minutes: number; readonly polygons: readonly (readonly (readonly LonLat[])[])[] }[];
  /** What the edge of such an area says. */
  readonly reachLabel?: (minutes: number) => string;
  readonly cones: readonly { readonly cameraId: number; readonly polygon: readonly LonLat[] }[];
  readonly paths: readonly { readonly unitId: number; readonly path: readonly LonLat[]; readonly going: boolean }[];
  /** The place that is being worked on, with the radius within which it is. */
  readonly place: { readonly point: LonLat; readonly uncertaintyM: number } | null;
  readonly selected: { readonly incidentId: number | null; readonly unitId: number | null; readonly cameraId: number | null };
}
export const NO_MARKS: MapMarks = { units: [], incidents: [], platforms: [], callers: [], cones: [], paths: [], place: null, selected: { incidentId: null, unitId: null, cameraId: null } };

export type Picked =
  | { readonly kind: "unit" | "incident" | "platform" | "caller"; readonly id: number }
  | { readonly kind: "camera"; readonly id: number };

const with4 = ([r, g, b]: Rgb, alpha: number): [number, number, number, number] => [r, g, b, alpha];
const at = (p: LonLat): [number, number] => [p.lon, p.lat];
const DASH_PX = 9; // a way that is only proposed is dashed, one that is driven is whole
const metresPerPixel = (lat: number, zoom: number): number => (78_271.517 * Math.cos((lat * Math.PI) / 180)) / 2 ** zoom; // of a world 512 px wide at zoom 0
const REACH_ALPHA = 26; // as .reach-swatch of the legend
const LABELS_FROM_ZOOM = 13.5;
const PLATFORM_LABELS_FROM_ZOOM = 15;

const underUrgent = deriveOnce((incidents: MapMarks["incidents"]) => incidents.toSorted((a, b) => b.priority - a.priority));
const namesOfIncidents = deriveOnce((incidents: MapMarks["incidents"]) => incidents.map((i) => ({ id: i.id, point: i.point, text: `#${sayIncidentNumber(i)}` })));
const showsHeading = ({ headingDeg, tone }: MapMarks["units"][number]): boolean => headingDeg !== null && (tone === "moving" || tone === "danger");
const namesOfUnits = deriveOnce((units: MapMarks["units"]) => units.map((u) => ({ point: u.point, text: u.callSign, hasHeading: showsHeading(u) })));
const namesOfPlatforms = deriveOnce((platforms: MapMarks["platforms"]) => platforms.map((p) => ({ point: p.point, text: p.code })));
const withHeading = deriveOnce((units: MapMarks["units"]) => units.filter(showsHeading));

export function buildLayers(marks: MapMarks, colours: MapColours, atlas: IconAtlas, zoom: number): Layer[] {
  const icons = { iconAtlas: atlas.image as never, iconMapping: atlas.mapping as never, sizeUnits: "pixels" as const };
  const label: Label = (id, data, { anchor, offset }, colour, { plate = false, selected = null } = {}) =>
    new TextLayer({
      id, data: data as never, getPosition: (d: { point: LonLat }) => at(d.point), getText: (d: { text: string }) => d.text, getSize: 11, getColor: with4(colour, 255), getTextAnchor: anchor, getPixelOffset: offset as never, fontFamily: "system-ui, sans-serif",
      fontWeight: 600, fontSettings: { sdf: true, radius: 10, cutoff: 0.2 }, outlineWidth: 3, outlineColor: with4(colours.ground, 230), characterSet: "auto",
      ...(plate ? { background: true, getBackgroundColor: with4(colours.ground, 225), backgroundPadding: [4, 2] as [number, number] } : {}), updateTriggers: { getPixelOffset: selected, getBackgroundColor: colours },
    });
  return [
    ...reachLayers(marks, colours, label),
    new PolygonLayer({
      id: "cones", data: marks.cones as never, getPolygon: (d: MapMarks["cones"][number]) => d.polygon.map(at), stroked: true, filled: true, lineWidthUnits: "pixels", getLineWidth: (d: MapMarks["cones"][number]) => (d.cameraId === marks.selected.cameraId ? 2 : 1),
      getFillColor: (d: MapMarks["cones"][number]) => with4(colours.ink, d.cameraId === marks.selected.cameraId ? 46 : 18), getLineColor: (d: MapMarks["cones"][number]) => with4(colours.ink, d.cameraId === marks.selected.cameraId ? 220 : 90),
      updateTriggers: { getFillColor: [marks.selected.cameraId, colours], getLineColor: [marks.selected.cameraId, colours], getLineWidth: marks.selected.cameraId },
    }),
    new PathLayer({
      id: "paths", data: marks.paths.flatMap((p) => (p.going ? [p] : dashPath(p.path, DASH_PX * metresPerPixel(p.path[0]?.lat ?? 0, zoom)).map((path) => ({ ...p, path })))) as never, getPath: (d: MapMarks["paths"][number]) => d.path.map(at), widthUnits: "pixels", getWidth: (d: MapMarks["paths"][number]) => (d.going ? 4 : 3), capRounded: true, jointRounded: true,
      getColor: (d: MapMarks["paths"][number]) => with4(colours.moving, d.going ? 230 : 190), updateTriggers: { getColor: colours },
    }),
    ...closedLayers(marks.closed ?? [], colours, zoom),
    new ScatterplotLayer({
      id: "place", data: (marks.place === null ? [] : [marks.place]) as never, getPosition: (d: NonNullable<MapMarks["place"]>) => at(d.point), getRadius: (d: NonNullable<MapMarks["place"]>) => Math.max(8, d.uncertaintyM), radiusUnits: "meters", radiusMinPixels: 9,
      stroked: true, filled: true, lineWidthUnits: "pixels", getLineWidth: 1.5, getFillColor: with4(colours.ink, 24), getLineColor: with4(colours.ink, 200), updateTriggers: { getFillColor: colours, getLineColor: colours },
    }),
    new ScatterplotLayer({
      id: "caller-area", data: marks.callers as never, getPosition: (d: MapMarks["callers"][number]) => at(d.point), getRadius: (d: MapMarks["callers"][number]) => d.uncertaintyM, radiusUnits: "meters", stroked: true, filled: false, lineWidthUnits: "pixels", getLineWidth: 1,
      getLineColor: with4(colours.decide, 160), updateTriggers: { getLineColor: colours },
    }),
    new IconLayer({ ...icons, id: "platforms", data: marks.platforms as never, getPosition: (d: MapMarks["platforms"][number]) => at(d.point), getIcon: () => "platform", getSize: zoom > 13 ? 22 : 14, pickable: true, updateTriggers: { getSize: zoom > 13 } }),
    ...(zoom >= PLATFORM_LABELS_FROM_ZOOM ? [label("platform-names", namesOfPlatforms(marks.platforms), PLATFORM_LABEL, colours.quiet)] : []),
    new IconLayer({ ...icons, id: "callers", data: marks.callers as never, getPosition: (d: MapMarks["callers"][number]) => at(d.point), getIcon: () => "caller", getSize: 30, pickable: true }),
    new IconLayer({
      ...icons, id: "headings", data: withHeading(marks.units) as never, getPosition: (d: MapMarks["units"][number]) => at(d.point), getIcon: () => "heading",
      getAngle: (d: MapMarks["units"][number]) => -(d.headingDeg ?? 0), getSize: 44,
    }),
    new IconLayer({
      ...icons, id: "units", data: marks.units as never, getPosition: (d: MapMarks["units"][number]) => at(d.point), getIcon: (d: MapMarks["units"][number]) => unitIcon(d.tone, d.letter),
      getSize: (d: MapMarks["units"][number]) => (d.id === marks.selected.unitId ? 34 : d.tone === "free" || d.tone === "off" ? (zoom > 13 ? 22 : 16) : 26), getColor: (d: MapMarks["units"][number]) => [255, 255, 255, d.stale ? 110 : 255], pickable: true,
      updateTriggers: { getSize: [marks.selected.unitId, zoom > 13] },
    }),
    ...(zoom >= LABELS_FROM_ZOOM ? [label("unit-names", namesOfUnits(marks.units), { anchor: "start", offset: ({ hasHeading = false }) => unitLabel(hasHeading).offset }, colours.ink)] : []),
    new IconLayer({
      ...icons, id: "incidents", data: underUrgent(marks.incidents) as never, getPosition: (d: MapMarks["incidents"][number]) => at(d.point), getIcon: (d: MapMarks["incidents"][number]) => pinIcon(d.tone, d.priority),
      getSize: (d: MapMarks["incidents"][number]) => (d.id === marks.selected.incidentId ? 46 : 32), pickable: true, updateTriggers: { getSize: marks.selected.incidentId },
    }),
    ...(zoom >= LABELS_FROM_ZOOM ? [label("incident-names", namesOfIncidents(marks.incidents), { anchor: "middle", offset: ({ id }) => incidentLabel(id === marks.selected.incidentId).offset }, colours.ink, { plate: true, selected: marks.selected.incidentId })] : []),
  ];
}

interface Named {
  readonly id?: number;
  readonly point: LonLat;
  readonly text: string;
  readonly hasHeading?: boolean;
}
/** `selected`: what the places of the names hang on besides their data. */
type Label = (id: string, data: readonly Named[], place: { readonly anchor: LabelPlace["anchor"]; readonly offset: LabelPlace["offset"] | ((named: Named) => LabelPlace["offset"]) }, colour: Rgb, look?: { readonly plate?: boolean; readonly selected?: number | null }) => Layer;
/** The widest first, so that what is reached sooner lies over it and is denser; the number stands at the northern edge of the largest piece. */
function reachLayers({ reach = [], reachLabel = String }: MapMarks, colours: MapColours, label: Label): Layer[] {
  if (reach.length === 0) return [];
  const widestFirst = reach.toSorted((a, b) => b.minutes - a.minutes).map((area) => ({ ...area, polygons: area.polygons.flatMap(plainPolygon) }));
  const labels = widestFirst.flatMap(({ minutes, polygons }) => {
    const largest = polygons.reduce<readonly LonLat[]>((best, [outer = []]) => (outer.length > best.length ? outer : best), []);
    return largest.length === 0 ? [] : [{ point: largest.reduce((north, corner) => (corner.lat > north.lat ? corner : north)), text: reachLabel(minutes) }];
  });
  return [
    new PolygonLayer({
      id: "reach", data: widestFirst.flatMap(({ polygons }) => polygons) as never, getPolygon: (rings: readonly (readonly LonLat[])[]) => rings.map((ring) => ring.map(at)) as never, stroked: true, filled: true, lineWidthUnits: "pixels", getLineWidth: 1.5,
      getFillColor: with4(colours.moving, REACH_ALPHA), getLineColor: with4(colours.moving, 190), updateTriggers: { getFillColor: colours, getLineColor: colours },
    }),
    label("reach-minutes", labels, { anchor: "middle", offset: [0, -8] }, colours.ink, { plate: true }),
  ];
}

type ClosedRoad = NonNullable<MapMarks["closed"]>[number];
/** Hatched like a barrier, so that it is not taken for a way that is driven; what is only chosen is whole. */
function closedLayers(closed: readonly ClosedRoad[], colours: MapColours, zoom: number): Layer[] {
  const dashed = closed.flatMap((road) => (road.chosen ? [] : dashPath(road.path, DASH_PX * metresPerPixel(road.path[0]?.lat ?? 0, zoom)).map((path) => ({ path, chosen: false }))));
  const path = (id: string, data: readonly ClosedRoad[], width: number, colour: Rgb, alpha: number): Layer =>
    new PathLayer({ id, data: data as never, getPath: (d: ClosedRoad) => d.path.map(at), widthUnits: "pixels", getWidth: width, getColor: with4(colour, alpha), updateTriggers: { getColor: colours } });
  return [
    path("closed-ground", closed.filter((road) => !road.chosen), 9, colours.ground, 255), path("closed", dashed, 7, colours.danger, 235),
    path("closed-chosen", closed.filter((road) => road.chosen), 7, colours.decide, 235),
  ];
}

const KIND_OF_LAYER: Readonly<Record<string, Picked["kind"]>> = { units: "unit", incidents: "incident", platforms: "platform", callers: "caller" };
export function pickedOf(info: PickingInfo): Picked | null {
  const kind = KIND_OF_LAYER[info.layer?.id ?? ""];
  const id = (info.object as { id?: unknown } | undefined)?.id;
  return kind !== undefined && typeof id === "number" ? { kind, id } : null;
}
