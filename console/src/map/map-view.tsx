// The map as a component: marks go in, what was clicked comes out. React never draws the map; it hands over data.
import { MapboxOverlay } from "@deck.gl/mapbox";
import type { Map as MapLibre } from "maplibre-gl";
import { useEffect, useMemo, useRef, useState } from "react";
import type { City } from "../../../src/contract/city.ts";
import { EmptyState, IconButton, Skeleton } from "../design/index.ts";
import { usePreferences } from "../shell/preferences.ts";
import { useWords } from "../words/use-words.ts";
import { CAMERA_LAYERS, cityStyle, createCityMap } from "./city-map.ts";
import { cityZoom } from "./city-zoom.ts";
import { readColours } from "./colours.ts";
import { drawAtlas } from "./icon-atlas.ts";
import { buildLayers, pickedOf, type MapMarks, type Picked } from "./layers.ts";
import "./map.css";
import { mapWords } from "./words.ts";

export interface Look {
  readonly lon: number;
  readonly lat: number;
  readonly zoom: number;
  /** A new number asks for the same place again. */
  readonly turn: number;
  /** To that zoom, and not only as near as it. */
  readonly exactly?: boolean;
}
interface MapViewProps {
  readonly city: City | null;
  readonly marks: MapMarks;
  readonly look: Look | null;
  readonly cameras?: boolean;
  readonly onPick: (picked: Picked) => void;
  /** A camera was pressed: whoever wants to carry it off takes the pointer from here. The map stands still meanwhile. */
  readonly onCarryCamera?: (cameraId: number, event: PointerEvent | MouseEvent) => void;
  /** A click where nothing stands. */
  readonly onGround?: (point: { readonly lon: number; readonly lat: number }) => void;
  /** Shown over the map's corner. */
  readonly children?: React.ReactNode;
}

export function MapView({ city, marks, look, cameras = true, onPick, onCarryCamera, onGround, children }: MapViewProps) {
  const words = useWords(mapWords);
  const theme = usePreferences((p) => (p.highContrast ? "light" : p.theme));
  const box = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre | null>(null);
  const [failed, setFailed] = useState(false);
  const [zoom, setZoom] = useState(12.5);
  const overlay = useRef<MapboxOverlay | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const carry = useRef(onCarryCamera);
  carry.current = onCarryCamera;
  const ground = useRef(onGround);
  ground.current = onGround;
  const drawn = useRef({ theme, cameras });

  useEffect(() => {
    if (city === null || box.current === null) return;
    let made: MapLibre;
    try {
      made = createCityMap(box.current, city, theme, cameras, words.label);
    } catch {
      setFailed(true);
      return;
    }
    drawn.current = { theme, cameras };
    made.touchZoomRotate.disableRotation();
    const deck = new MapboxOverlay({
      interleaved: false, layers: [], pickingRadius: 6,
      onClick: (info) => {
        const picked = pickedOf(info);
        if (picked !== null) pick.current(picked);
        return picked !== null;
      },
      getCursor: ({ isHovering }) => (isHovering ? "pointer" : ""),
    });
    made.addControl(deck as never);
    overlay.current = deck;
    const findFeature = ({ x, y }: { readonly x: number; readonly y: number }) => {
      const layers = CAMERA_LAYERS.filter((id) => made.getLayer(id) !== undefined);
      const near: [[number, number], [number, number]] = [[x - 5, y - 5], [x + 5, y + 5]];
      return layers.length === 0 ? undefined : made.queryRenderedFeatures(near, { layers })[0];
    };
    made.on("mousedown", (event) => {
      const feature = carry.current === undefined || event.originalEvent.button !== 0 ? undefined : findFeature(event.point);
      if (feature === undefined || feature.properties["count"] !== undefined) return;
      event.preventDefault();
      carry.current?.(Number(feature.properties["id"]), event.originalEvent);
    });
    made.on("click", (event) => {
      const { x, y } = event.point;
      const lonLat = { lon: event.lngLat.lng, lat: event.lngLat.lat };
      if (ground.current !== undefined) return ground.current(lonLat); // while ground is asked for, nothing on it is in the way
      if (deck.pickObject({ x, y, radius: 6 }) !== null) return;
      const feature = findFeature({ x, y });
      if (feature === undefined) return;
      if (feature.properties["count"] !== undefined) made.easeTo({ center: event.lngLat, zoom: made.getZoom() + 2, duration: 250 });
      else pick.current({ kind: "camera", id: Number(feature.properties["id"]) });
    });
    // A tenth of a zoom is enough for what changes with it.
    made.on("zoom", () => setZoom(Math.round(made.getZoom() * 10) / 10));
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current);
    setZoom(Math.round(made.getZoom() * 10) / 10);
    setMap(made);
    return () => {
      observer.disconnect();
      overlay.current = null;
      setMap(null);
      made.remove();
    };
    // Theme and cameras are handled below without making the map anew.
  }, [city]);

  useEffect(() => {
    if (map === null || city === null || (drawn.current.theme === theme && drawn.current.cameras === cameras)) return;
    drawn.current = { theme, cameras };
    map.setStyle(cityStyle(city, theme, cameras));
  }, [map, city, theme, cameras]);

  // The variables follow the theme's attribute, which is set before this renders.
  const look3d = useMemo(() => {
    const colours = readColours();
    return { colours, atlas: drawAtlas(colours) };
  }, [theme]);
  useEffect(() => {
    if (map !== null) overlay.current?.setProps({ layers: buildLayers(marks, look3d.colours, look3d.atlas, zoom) });
  }, [map, marks, look3d, zoom]);

  useEffect(() => {
    if (map === null || look === null) return;
    map.easeTo({ center: [look.lon, look.lat], zoom: look.exactly === true ? look.zoom : Math.max(look.zoom, Math.min(map.getZoom(), 17)), duration: 350 });
  }, [map, look]);

  if (failed) return <EmptyState>{words.failed}</EmptyState>;
  return (
    <div className="map-view">
      <div ref={box} className="map-canvas" />
      {city === null && <div className="map-wait"><Skeleton rows={6} /></div>}
      <div className="map-tools">
        <IconButton icon="plus" label={words.zoomIn} tone="plain" onPress={() => map?.zoomIn({ duration: 150 })} />
        <IconButton icon="minus" label={words.zoomOut} tone="plain" onPress={() => map?.zoomOut({ duration: 150 })} />
        <IconButton icon="target" label={words.whole} tone="plain" onPress={() => city !== null && map?.easeTo({ center: [city.centre.lon, city.centre.lat], zoom: cityZoom(city.bounds, box.current?.clientWidth ?? 0, box.current?.clientHeight ?? 0), bearing: 0, duration: 300 })} />
      </div>
      {children}
    </div>
  );
}
