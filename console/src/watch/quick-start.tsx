// A wall on which nothing hangs yet: what could be hung with one press. Nothing opens by itself, since each picture is a look that is written down.
import { useMemo } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import type { CameraTour, SavedWalls, WallLayout } from "../../../src/contract/walls.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { Button } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import { watchWords } from "./words.ts";

const MOST_SEEING = 9;
const SHOWN = 6;

export function QuickStart({ reason, saved, onCameras, onLayout, onTour }: {
  readonly reason: ViewReason; readonly saved: SavedWalls | null; readonly onCameras: (ids: readonly number[]) => void; readonly onLayout: (layout: WallLayout) => void; readonly onTour: (tour: CameraTour) => void;
}) {
  const words = useWords(watchWords).start;
  const incident = useLive((s) => (reason.purpose === "incident" ? s.incidents.get(reason.incidentId) : undefined));
  const point = incident?.place.point;
  const seeing = useCall("seeingCameras", point === undefined ? null : { query: { ...point, uncertaintyM: incident?.place.uncertaintyM ?? 0, limit: MOST_SEEING } });
  const connected = useCall("listCameras", { query: { state: "connected", limit: 4 } });
  const see = useMemo(() => (seeing.data?.cameras ?? []).filter((c) => c.hasStream).map((c) => c.cameraId), [seeing.data]);
  const first = (connected.data?.cameras ?? []).map((c) => c.id);
  return (
    <div className="watch-start" role="group" aria-label={words.label}>
      <p>{words.label}</p>
      <div className="watch-start-choices">
        {incident !== undefined && see.length > 0 && <Button tone="primary" onPress={() => onCameras(see)}>{words.seeing(see.length, String(incident.number))}</Button>}
        {first.length > 0 && <Button tone={see.length > 0 ? "plain" : "primary"} onPress={() => onCameras(first)}>{words.connected(first.length)}</Button>}
        {(saved?.layouts ?? []).slice(0, SHOWN).map((layout) => <Button key={`l${layout.id}`} onPress={() => onLayout(layout)}>{words.layout(layout.name)}</Button>)}
        {(saved?.tours ?? []).slice(0, SHOWN).map((tour) => <Button key={`t${tour.id}`} onPress={() => onTour(tour)}>{words.tour(tour.name)}</Button>)}
      </div>
      <p className="quiet">{words.else}</p>
    </div>
  );
}
