// The base map under everything: our own vector tiles, drawn quiet and without colour of meaning, so that units, incidents and cones stand out. There is no glyph server:
// the style names no `glyphs`, and MapLibre then draws letters (Latin, Chinese, any other) from the fonts of the machine.
//
// Layers of the tiles: sea, landuse, green, water, waterway, aeroway, railway, buildings, roads (class, name, oneway, bridge, tunnel), places (name, rank),
// pois (kind, name), addresses (number). Zooms 9 to 15, drawn on to 20.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

export type MapTheme = "dark" | "light";

interface Palette {
  readonly land: string;
  readonly sea: string;
  readonly water: string;
  readonly green: string;
  readonly built: string;
  readonly public: string; // schools, hospitals
  readonly sand: string;
  readonly building: string;
  readonly buildingLine: string;
  readonly casing: string;
  readonly lane: string;
  readonly street: string;
  readonly avenue: string;
  readonly highway: string;
  readonly rail: string;
  readonly arrow: string;
  readonly name: string;
  readonly quietName: string;
  readonly placeName: string;
  readonly halo: string;
}

const PALETTES: Record<MapTheme, Palette> = {
  dark: {
    land: "#12171d", sea: "#0a0f16", water: "#0c131c", green: "#131b1b", built: "#141a21", public: "#171f29", sand: "#181b1d", building: "#1a212a", buildingLine: "#232c37",
    casing: "#0e1318", lane: "#1d252e", street: "#27313d", avenue: "#323e4c", highway: "#3c4959", rail: "#28323d", arrow: "#5d6b7c", name: "#9aa7b6", quietName: "#7d8a9a", placeName: "#b4bfcc", halo: "#12171d",
  },
  light: {
    land: "#f1f3f5", sea: "#dce4eb", water: "#d5dfe8", green: "#e6ece6", built: "#eceef1", public: "#e7e9ef", sand: "#efece4", building: "#e1e4e9", buildingLine: "#d3d8df",
    casing: "#d9dee4", lane: "#fafbfc", street: "#ffffff", avenue: "#ffffff", highway: "#fbf7ee", rail: "#c3cad3", arrow: "#98a3b0", name: "#4d5967", quietName: "#6a7684", placeName: "#33404e", halo: "#f7f9fa",
  },
};

/** CSS families of the letters on the map, as tokens.css has them; one weight, since a second would double the work of drawing them. */
const FONT = ["system-ui", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"];
const SOURCE = "base";
const HIGHWAYS = ["motorway", "trunk"];
const AVENUES = ["primary", "secondary"];
const STREETS = ["tertiary", "unclassified", "residential", "living-street", "motorway-link", "trunk-link", "primary-link", "secondary-link", "tertiary-link"];
const LANES = ["service", "track", "pedestrian"];

export interface BaseStyleOptions {
  readonly theme: MapTheme;
  /** The template of the city's tiles, absolute: `${location.origin}${city.tiles.base}`. */
  readonly tilesUrl: string;
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly attribution: string;
  readonly bounds: { readonly west: number; readonly south: number; readonly east: number; readonly north: number };
}

/** The style for `new maplibregl.Map({ style })` and for `map.setStyle` when the theme changes. Layer ids are the same in both themes. */
export function baseStyle({ theme, tilesUrl, minZoom, maxZoom, attribution, bounds }: BaseStyleOptions): StyleSpecification {
  const { west, south, east, north } = bounds;
  return {
    version: 8,
    name: `Citywatch ${theme}`,
    sources: { [SOURCE]: { type: "vector", tiles: [tilesUrl], minzoom: minZoom, maxzoom: maxZoom, bounds: [west, south, east, north], attribution } },
    layers: layersOf(PALETTES[theme]),
  };
}

const kindIs = (...kinds: string[]): ExpressionSpecification => ["match", ["get", "kind"], kinds, true, false];
const classIs = (classes: readonly string[]): ExpressionSpecification => ["match", ["get", "class"], [...classes], true, false];
/** Widths in pixels at zooms 11, 14, 17 and 20. */
const widths = (at11: number, at14: number, at17: number, at20: number): ExpressionSpecification => ["interpolate", ["exponential", 1.5], ["zoom"], 11, at11, 14, at14, 17, at17, 20, at20];

function layersOf(p: Palette): LayerSpecification[] {
  return [
    { id: "land", type: "background", paint: { "background-color": p.land } },
    fill("sea", "sea", p.sea),
    fill("built", "landuse", p.built, kindIs("residential", "industrial", "commercial", "retail", "military", "garages", "railway", "construction", "aerodrome")),
    fill("sand", "landuse", p.sand, kindIs("sand")),
    fill("green", "green", p.green),
    fill("public", "landuse", p.public, kindIs("school", "hospital", "square", "pier")),
    fill("water", "water", p.water),
    { id: "waterway", type: "line", source: SOURCE, "source-layer": "waterway", paint: { "line-color": p.water, "line-width": widths(0.5, 1.2, 3, 8) } },
    { id: "aeroway", type: "line", source: SOURCE, "source-layer": "aeroway", paint: { "line-color": p.street, "line-width": ["match", ["get", "kind"], "runway", 6, 2] } },
    { id: "buildings", type: "fill", source: SOURCE, "source-layer": "buildings", minzoom: 14, paint: { "fill-color": p.building, "fill-outline-color": p.buildingLine } },
    { id: "railway", type: "line", source: SOURCE, "source-layer": "railway", paint: { "line-color": p.rail, "line-width": widths(0.5, 1, 2, 4), "line-dasharray": [4, 2] } },
    { ...road("paths", ["path"], p.lane, widths(0, 0.5, 1.5, 4)), minzoom: 15, layout: { "line-cap": "butt" } },
    road("lanes-casing", LANES, p.casing, widths(0, 1.4, 6, 24)),
    road("streets-casing", STREETS, p.casing, widths(0.6, 3, 12, 52)),
    road("avenues-casing", AVENUES, p.casing, widths(1.6, 5, 17, 72)),
    road("highways-casing", HIGHWAYS, p.casing, widths(2, 6, 20, 84)),
    road("lanes", LANES, p.lane, widths(0, 0.8, 4, 20)),
    road("streets", STREETS, p.street, widths(0.4, 2, 9.5, 46)),
    road("avenues", AVENUES, p.avenue, widths(1.1, 3.6, 14, 66)),
    road("highways", HIGHWAYS, p.highway, widths(1.4, 4.4, 17, 78)),
    {
      id: "one-way", type: "symbol", source: SOURCE, "source-layer": "roads", minzoom: 16, filter: ["all", ["==", ["get", "oneway"], true], classIs([...HIGHWAYS, ...AVENUES, ...STREETS])],
      layout: { "symbol-placement": "line", "symbol-spacing": 140, "text-field": "›", "text-font": FONT, "text-size": 14, "text-keep-upright": false, "text-offset": [0, -0.1], "text-padding": 0 },
      paint: { "text-color": p.arrow },
    },
    roadNames("avenue-names", [...HIGHWAYS, ...AVENUES], 12, p),
    roadNames("street-names", [...STREETS, "pedestrian"], 15, p),
    {
      id: "house-numbers", type: "symbol", source: SOURCE, "source-layer": "addresses", minzoom: 17,
      layout: { "text-field": ["get", "number"], "text-font": FONT, "text-size": 10, "text-padding": 4 }, paint: { "text-color": p.quietName, "text-halo-color": p.halo, "text-halo-width": 1 },
    },
    {
      id: "poi-names", type: "symbol", source: SOURCE, "source-layer": "pois", minzoom: 14, filter: ["all", ["has", "name"], ["match", ["get", "kind"], ["school", "police", "hospital", "fire-station", "square", "park", "station"], true, false]],
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11, "text-max-width": 8, "text-padding": 6 }, paint: { "text-color": p.quietName, "text-halo-color": p.halo, "text-halo-width": 1.2 },
    },
    {
      id: "landmark-names", type: "symbol", source: SOURCE, "source-layer": "pois", minzoom: 17, filter: ["all", ["has", "name"], kindIs("landmark", "market", "worship", "beach")],
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 10.5, "text-max-width": 8, "text-padding": 6 }, paint: { "text-color": p.quietName, "text-halo-color": p.halo, "text-halo-width": 1.2 },
    },
    {
      id: "place-names", type: "symbol", source: SOURCE, "source-layer": "places", maxzoom: 16,
      layout: {
        "text-field": ["get", "name"], "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 10, ["match", ["get", "rank"], 0, 15, 11], 15, ["match", ["get", "rank"], 0, 22, 14]],
        "text-letter-spacing": 0.04, "text-max-width": 8, "symbol-sort-key": ["get", "rank"], "text-padding": 8,
      },
      paint: { "text-color": p.placeName, "text-halo-color": p.halo, "text-halo-width": 1.5, "text-opacity": ["interpolate", ["linear"], ["zoom"], 14.5, 1, 16, 0.5] },
    },
  ];
}

function fill(id: string, layer: string, color: string, filter?: ExpressionSpecification): LayerSpecification {
  return { id, type: "fill", source: SOURCE, "source-layer": layer, ...(filter === undefined ? {} : { filter }), paint: { "fill-color": color, "fill-antialias": true } };
}

function road(id: string, classes: readonly string[], color: string, width: ExpressionSpecification): LayerSpecification & { type: "line" } {
  return { id, type: "line", source: SOURCE, "source-layer": "roads", filter: classIs(classes), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": color, "line-width": width } };
}

function roadNames(id: string, classes: readonly string[], minzoom: number, p: Palette): LayerSpecification {
  return {
    id, type: "symbol", source: SOURCE, "source-layer": "roads", minzoom, filter: ["all", ["has", "name"], classIs(classes)],
    layout: { "symbol-placement": "line", "symbol-spacing": 320, "text-field": ["get", "name"], "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 12, 10, 17, 12.5], "text-max-angle": 30, "text-padding": 6 },
    paint: { "text-color": p.name, "text-halo-color": p.halo, "text-halo-width": 1.4 },
  };
}
