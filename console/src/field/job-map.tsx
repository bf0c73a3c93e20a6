// The job on the city's own map: the way by road, this unit, the others, the place with how sure it is. Still as long as it is small, so that a thumb that
// scrolls the page does not drag the map; enlarged it can be moved. Drawn by MapLibre alone: four layers need no second renderer on a phone.
import type { Map as MapLibre, GeoJSONSource } from "maplibre-gl";
import { useEffect, useRef, useState } from "react";
import type { City } from "../../../src/contract/city.ts";
import type { FieldView, FieldWay } from "../../../src/contract/live.ts";
import type { Point } from "../../../src/contract/basics.ts";
import { createCityMap } from "../map/city-map.ts";
import type { MapTheme } from "../map/base-style.ts";
import { readColours, type Rgb } from "../map/colours.ts";
import "../map/map.css";
import { useCity } from "../shell/city.ts";
import { usePreferences } from "../shell/preferences.ts";
import { useWords } from "../words/use-words.ts";
import { FieldButton } from "./field-button.tsx";
import { JobSketch } from "./job-sketch.tsx";
import { fieldWords } from "./words.ts";

export interface JobMapProps {
  readonly place: { readonly point: Point; readonly uncertaintyM: number };
  readonly home: Point;
  readonly way: FieldWay;
  readonly others: FieldView["others"];
}
const SOURCE = "job";
const rgb = ([r, g, b]: Rgb): string => `rgb(${r},${g},${b})`;
const coordinates = ({ lon, lat }: Point): [number, number] => [lon, lat];
const METRES_PER_DEG = 111_320;

/** A ring of the radius within which the place truly is. */
function ringOf({ lon, lat }: Point, radiusM: number): [number, number][] {
  const perLon = METRES_PER_DEG * Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: 49 }, (_, i) => {
    const angle = (i / 48) * 2 * Math.PI;
    return [lon + (Math.cos(angle) * radiusM) / perLon, lat + (Math.sin(angle) * radiusM) / METRES_PER_DEG];
  });
}

type Feature = { readonly type: "Feature"; readonly properties: Record<string, string>; readonly geometry: { readonly type: "Point"; readonly coordinates: [number, number] } | { readonly type: "LineString"; readonly coordinates: [number, number][] } | { readonly type: "Polygon"; readonly coordinates: [number, number][][] } };
function featuresOf({ place, home, way, others }: JobMapProps): { type: "FeatureCollection"; features: Feature[] } {
  const point = (what: string, at: Point, label = ""): Feature => ({ type: "Feature", properties: { what, label }, geometry: { type: "Point", coordinates: coordinates(at) } });
  return {
    type: "FeatureCollection",
    features: [
      ...(way?.road == null ? [] : [{ type: "Feature" as const, properties: { what: "way" }, geometry: { type: "LineString" as const, coordinates: way.road.path.map(coordinates) } }]),
      ...(place.uncertaintyM > 10 ? [{ type: "Feature" as const, properties: { what: "unsure" }, geometry: { type: "Polygon" as const, coordinates: [ringOf(place.point, place.uncertaintyM)] } }] : []),
      ...others.flatMap((other) => (other.point === null ? [] : [point("other", other.point, other.callSign)])),
      point("me", way?.from ?? home), point("place", place.point),
    ],
  };
}

function addLayers(map: MapLibre, features: ReturnType<typeof featuresOf>): void {
  const c = readColours();
  if (map.getSource(SOURCE) !== undefined) return;
  map.addSource(SOURCE, { type: "geojson", data: features as never });
  const is = (what: string) => ["==", ["get", "what"], what] as never;
  map.addLayer({ id: "job-unsure", type: "fill", source: SOURCE, filter: is("unsure"), paint: { "fill-color": rgb(c.danger), "fill-opacity": 0.14 } });
  map.addLayer({ id: "job-way-casing", type: "line", source: SOURCE, filter: is("way"), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": rgb(c.ground), "line-width": 8 } });
  map.addLayer({ id: "job-way", type: "line", source: SOURCE, filter: is("way"), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": rgb(c.moving), "line-width": 4.5 } });
  map.addLayer({ id: "job-others", type: "circle", source: SOURCE, filter: is("other"), paint: { "circle-radius": 6, "circle-color": rgb(c.off), "circle-stroke-width": 2, "circle-stroke-color": rgb(c.ground) } });
  map.addLayer({ id: "job-me", type: "circle", source: SOURCE, filter: is("me"), paint: { "circle-radius": 8, "circle-color": rgb(c.moving), "circle-stroke-width": 3, "circle-stroke-color": rgb(c.ink) } });
  map.addLayer({ id: "job-place", type: "circle", source: SOURCE, filter: is("place"), paint: { "circle-radius": 9, "circle-color": rgb(c.danger), "circle-stroke-width": 3, "circle-stroke-color": rgb(c.ground) } });
  map.addLayer({
    id: "job-names", type: "symbol", source: SOURCE, filter: is("other"), layout: { "text-field": ["get", "label"], "text-font": ["system-ui", "sans-serif"], "text-size": 12, "text-offset": [0, 1.2], "text-anchor": "top" },
    paint: { "text-color": rgb(c.ink), "text-halo-color": rgb(c.ground), "text-halo-width": 1.5 },
  });
}

function fit(map: MapLibre, { place, home, way }: JobMapProps): void {
  const points = [place.point, way?.from ?? home, ...(way?.road?.path ?? [])];
  const lons = points.map((p) => p.lon);
  const lats = points.map((p) => p.lat);
  map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: { top: 30, bottom: 34, left: 34, right: 34 }, maxZoom: 16.5, duration: 0 });
}

export function JobMap(props: JobMapProps) {
  const city = useCity((s) => s.city);
  const theme = usePreferences((p): MapTheme => (p.highContrast ? "light" : p.theme));
  // A new look is a new map: a phone changes its look once a day.
  return city === null ? <JobSketch from={props.home} to={props.place.point} uncertaintyM={props.place.uncertaintyM} /> : <LiveMap key={theme} city={city} theme={theme} {...props} />;
}

function LiveMap({ city, theme, ...props }: JobMapProps & { readonly city: City; readonly theme: MapTheme }) {
  const words = useWords(fieldWords).mapWords;
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre | null>(null);
  const [failed, setFailed] = useState(false);
  const [large, setLarge] = useState(false);
  const last = useRef(props);
  last.current = props;

  useEffect(() => {
    if (box.current === null) return;
    let made: MapLibre;
    try {
      made = createCityMap(box.current, city, theme, false, words.label);
    } catch {
      return setFailed(true);
    }
    made.touchZoomRotate.disableRotation();
    const ready = (): void => {
      addLayers(made, featuresOf(last.current));
      fit(made, last.current);
      setMap(made);
    };
    made.once("load", ready);
    let drawn = false;
    made.on("sourcedata", (event) => void (drawn ||= event.sourceId === "base" && event.isSourceLoaded === true));
    made.on("error", () => !drawn && setFailed(true)); // no tile ever came: the sketch says more than an empty box
    const observer = new ResizeObserver(() => {
      made.resize();
      fit(made, last.current);
    });
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      setMap(null);
      made.remove();
    };
  }, [city, theme]);

  const key = JSON.stringify([props.place, props.way, props.others]);
  const way = JSON.stringify([props.place.point, props.way?.road?.path.length]);
  useEffect(() => {
    if (map !== null) (map.getSource(SOURCE) as GeoJSONSource | undefined)?.setData(featuresOf(last.current) as never);
  }, [map, key]);
  useEffect(() => {
    if (map !== null && !large) fit(map, last.current);
  }, [map, way, large]);
  useEffect(() => {
    if (map === null) return;
    for (const hand of [map.dragPan, map.touchZoomRotate, map.scrollZoom, map.doubleClickZoom, map.keyboard]) if (large) hand.enable(); else hand.disable();
    if (large) map.touchZoomRotate.disableRotation();
  }, [map, large]);

  if (failed) return <JobSketch from={props.home} to={props.place.point} uncertaintyM={props.place.uncertaintyM} />;
  return (
    <div className={`job-live-map ${large ? "job-live-map-large" : ""}`} data-drawn={map !== null}>
      <div ref={box} className="job-live-map-canvas" role="img" aria-label={words.label} />
      <FieldButton className="job-map-size" aria-pressed={large} onPress={() => setLarge(!large)}>{large ? words.smaller : words.larger}</FieldButton>
    </div>
  );
}
