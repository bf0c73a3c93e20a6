// The map beside the wall: a click hangs a camera in the next free tile, a drag chooses the tile. What hangs on the wall is drawn
// with what it looks at, buildings not counted.
import { useMemo } from "react";
import type { Camera } from "../../../src/contract/cameras.ts";
import { NO_BUILDINGS } from "../../../src/geo/buildings.ts";
import { viewCone } from "../../../src/geo/line-of-sight.ts";
import { NO_MARKS, type MapMarks } from "../map/layers.ts";
import { MapView } from "../map/map-view.tsx";
import { useCity } from "../shell/city.ts";
import { useWords } from "../words/use-words.ts";
import { carryCamera } from "./carry.ts";
import { watchWords } from "./words.ts";

export default function CameraMap({ cameras, chosenId, onHang, onPlace }: { readonly cameras: readonly Camera[]; readonly chosenId: number | null; readonly onHang: (cameraId: number) => void; readonly onPlace: (cell: number, cameraId: number) => void }) {
  const words = useWords(watchWords);
  const city = useCity((s) => s.city);
  const marks = useMemo((): MapMarks => ({
    ...NO_MARKS, cones: cameras.map(({ id, pose }) => ({ cameraId: id, polygon: viewCone(pose, NO_BUILDINGS) })), selected: { ...NO_MARKS.selected, cameraId: chosenId },
  }), [cameras, chosenId]);
  const look = useMemo(() => {
    const chosen = cameras.find(({ id }) => id === chosenId);
    return chosen === undefined ? null : { ...chosen.pose.point, zoom: 15, turn: chosen.id };
  }, [cameras.find(({ id }) => id === chosenId)?.id]);
  return (
    <MapView
      city={city} marks={marks} look={look} onPick={(picked) => picked.kind === "camera" && onHang(picked.id)}
      onCarryCamera={(cameraId, event) => carryCamera(event, cameras.find(({ id }) => id === cameraId)?.name ?? words.naming, (cell) => onPlace(cell, cameraId))}
    />
  );
}
