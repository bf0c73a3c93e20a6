// The map itself: our tiles beneath, the cameras as a tile layer (600,000 points stay with the server), deck.gl drawn over it in a canvas of
// its own. Interleaving both in one context breaks with MapLibre 6, and nothing here needs to hide behind a building.
import { Map as MapLibre, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { City } from "../../../src/contract/city.ts";
import { baseStyle, type MapTheme } from "./base-style.ts";
import { cityZoom } from "./city-zoom.ts";
import { readColours, type Rgb } from "./colours.ts";

setWorkerUrl(new URL(workerUrl, location.href).href); // a file of ours: the policy needs no blob

const DISTRICTS = "place-names"; // map/base-style.ts
export const CAMERA_LAYERS = ["cameras-groups", "cameras-points"] as const;
const absolute = (template: string): string => (/^https?:/.test(template) ? template : `${location.origin}${template}`);
const rgb = ([r, g, b]: Rgb): string => `rgb(${r},${g},${b})`;

export function cityStyle(city: City, theme: MapTheme, cameras: boolean): StyleSpecification {
  const base = baseStyle({ theme, tilesUrl: absolute(city.tiles.base), minZoom: city.tiles.minZoom, maxZoom: city.tiles.maxZoom, attribution: city.attribution, bounds: city.bounds });
  if (!cameras) return base;
  const c = readColours();
  const { west, south, east, north } = city.bounds;
  return {
    ...base,
    sources: { ...base.sources, cameras: { type: "vector", tiles: [absolute(city.tiles.cameras)], minzoom: city.tiles.minZoom, maxzoom: 16, bounds: [west, south, east, north] } },
    layers: [
      ...base.layers.filter(({ id }) => id !== DISTRICTS),
      {
        id: CAMERA_LAYERS[0], type: "circle", source: "cameras", "source-layer": "cameras", filter: ["has", "count"],
        paint: { "circle-radius": ["interpolate", ["linear"], ["get", "count"], 2, 3, 50, 7], "circle-color": rgb(c.quiet), "circle-opacity": 0.28, "circle-stroke-width": 1, "circle-stroke-color": rgb(c.quiet), "circle-stroke-opacity": 0.5 },
      },
      {
        id: CAMERA_LAYERS[1], type: "circle", source: "cameras", "source-layer": "cameras", filter: ["!", ["has", "count"]],
        paint: {
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 1.6, 16, 4.5], "circle-color": rgb(c.ground),
          "circle-stroke-width": ["match", ["get", "state"], "connected", 2.2, 1.4], "circle-stroke-color": ["match", ["get", "state"], "connected", rgb(c.ink), "failing", rgb(c.decide), rgb(c.quiet)],
        },
      },
      ...base.layers.filter(({ id }) => id === DISTRICTS), // hundreds of dots would hide the names that one steers by
    ],
  };
}

/** Throws where the browser has no WebGL 2. */
export function createCityMap(container: HTMLElement, city: City, theme: MapTheme, cameras: boolean, label?: string): MapLibre {
  const { west, south, east, north } = city.bounds;
  const margin = 0.15;
  return new MapLibre({
    container, style: cityStyle(city, theme, cameras), center: [city.centre.lon, city.centre.lat], zoom: cityZoom(city.bounds, container.clientWidth, container.clientHeight), minZoom: Math.max(8, city.tiles.minZoom - 1), maxZoom: 20,
    maxBounds: [[west - margin, south - margin], [east + margin, north + margin]], attributionControl: { compact: false }, ...(label === undefined ? {} : { locale: { "Map.Title": label } }), dragRotate: true, pitchWithRotate: false, fadeDuration: 0, refreshExpiredTiles: false,
  });
}
