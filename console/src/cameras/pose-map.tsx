// The camera on the map: click to put it there, drag it, and see what it would see. The cone is drawn without buildings; the centre computes the
// true one. Loaded on demand, since the map is a megabyte.
import { Marker, type GeoJSONSource, type Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef, useState } from "react";
import type { Point } from "../../../src/contract/basics.ts";
import type { City } from "../../../src/contract/city.ts";
import { destination } from "../../../src/geo/point.ts";
import { createCityMap } from "../map/city-map.ts";
import "../map/map.css";
import { usePreferences } from "../shell/preferences.ts";
import { useWords } from "../words/use-words.ts";
import { camerasWords } from "./words.ts";

interface PoseMapProps {
  readonly city: City;
  readonly point: Point | null;
  readonly bearingDeg: number;
  readonly fovDeg: number;
  readonly rangeM: number;
  readonly onMove: (point: Point) => void;
}
const SOURCE = "pose-cone";
const CLOSE_ZOOM = 16.5;

export default function PoseMap({ city, point, bearingDeg, fovDeg, rangeM, onMove }: PoseMapProps) {
  const words = useWords(camerasWords);
  const theme = usePreferences((p) => (p.highContrast ? "light" : p.theme));
  const box = useRef<HTMLDivElement>(null);
  const marker = useRef<Marker | null>(null);
  const move = useRef(onMove);
  move.current = onMove;
  const [map, setMap] = useState<MapLibre | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    if (box.current === null) return;
    let made: MapLibre;
    try {
      made = createCityMap(box.current, city, theme, false);
    } catch {
      return setFailed(true); // no WebGL: the fields and the dial remain
    }
    made.on("load", () => {
      const ink = getComputedStyle(document.documentElement).getPropertyValue("--text-1").trim();
      made.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
      made.addLayer({ id: SOURCE, type: "fill", source: SOURCE, paint: { "fill-color": ink, "fill-opacity": 0.25 } });
      setMap(made);
    });
    made.on("click", ({ lngLat }) => move.current({ lon: lngLat.lng, lat: lngLat.lat }));
    return () => {
      marker.current = null;
      setMap(null);
      made.remove();
    };
  }, [city, theme]);

  useEffect(() => {
    if (map === null) return;
    const cone = point === null ? [] : coneOf(point, bearingDeg, fovDeg, rangeM);
    (map.getSource(SOURCE) as GeoJSONSource).setData({ type: "FeatureCollection", features: cone.length === 0 ? [] : [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [cone] } }] });
    if (point === null) {
      marker.current?.remove();
      marker.current = null;
      return;
    }
    if (marker.current === null) {
      const made = new Marker({ draggable: true, color: "#8c98a8", scale: 0.8 });
      made.on("dragend", () => {
        const { lng, lat } = made.getLngLat();
        move.current({ lon: lng, lat });
      });
      marker.current = made.setLngLat([point.lon, point.lat]).addTo(map);
      map.jumpTo({ center: [point.lon, point.lat], zoom: CLOSE_ZOOM });
    } else {
      marker.current.setLngLat([point.lon, point.lat]);
      if (!map.getBounds().contains([point.lon, point.lat])) map.jumpTo({ center: [point.lon, point.lat], zoom: CLOSE_ZOOM });
    }
  }, [map, point?.lon, point?.lat, bearingDeg, fovDeg, rangeM]);

  return failed ? null : <div ref={box} className="pose-map" role="region" aria-label={words.map} />;
}

/** A closed ring, longitude first: the apex and an arc in steps of at most six degrees. */
function coneOf(from: Point, bearingDeg: number, fovDeg: number, rangeM: number): [number, number][] {
  if (![bearingDeg, fovDeg, rangeM].every(Number.isFinite) || fovDeg <= 0 || rangeM <= 0) return [];
  const fov = Math.min(360, fovDeg);
  const steps = Math.ceil(fov / 6);
  const apex: [number, number] = [from.lon, from.lat];
  const arc = Array.from({ length: steps + 1 }, (_, i): [number, number] => {
    const p = destination(from, bearingDeg - fov / 2 + (fov * i) / steps, rangeM);
    return [p.lon, p.lat];
  });
  return [apex, ...arc, apex];
}
