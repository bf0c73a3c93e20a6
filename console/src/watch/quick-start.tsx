// A wall on which nothing hangs yet: one sentence, and one press that hangs something. Nothing opens by itself, since each picture is a look that is written down.
import { useMemo } from "react";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import type { WallLayout } from "../../../src/contract/walls.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { Button } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import { chooseFirstStep, type FirstStep } from "./first-step.ts";
import { watchWords } from "./words.ts";

const MOST_SEEING = 9;
const MOST_CONNECTED = 4;

export function QuickStart({ reason, layouts, onCameras, onLayout }: {
  readonly reason: ViewReason; readonly layouts: readonly WallLayout[] | null; readonly onCameras: (ids: readonly number[]) => void; readonly onLayout: (layout: WallLayout) => void;
}) {
  const words = useWords(watchWords).start;
  const incident = useLive((s) => (reason.purpose === "incident" ? s.incidents.get(reason.incidentId) : undefined));
  const point = incident?.place.point;
  const seeing = useCall("seeingCameras", point === undefined ? null : { query: { ...point, uncertaintyM: incident?.place.uncertaintyM ?? 0, limit: MOST_SEEING } });
  const connected = useCall("listCameras", { query: { state: "connected", limit: MOST_CONNECTED } });
  const isAsking = (point !== undefined && seeing.data === null && seeing.problem === null) || (connected.data === null && connected.problem === null) || layouts === null;
  const step = useMemo(() => chooseFirstStep({
    seeing: (seeing.data?.cameras ?? []).filter((c) => c.hasStream).map((c) => c.cameraId), layouts: layouts ?? [], connected: (connected.data?.cameras ?? []).map((c) => c.id),
  }), [seeing.data, layouts, connected.data]);
  if (isAsking) return null; // a button that becomes another under the hand is worse than one that comes a moment later
  const say = (one: FirstStep): string => (one.kind === "layout" ? words.layout(one.layout.name) : one.kind === "seeing" ? words.seeing(one.cameraIds.length, String(incident?.number ?? "")) : words.connected(one.cameraIds.length));
  return (
    <div className="watch-start" role="group" aria-label={words.label}>
      <p>{step === null ? words.none : words.label}</p>
      {step !== null && <Button tone="primary" onPress={() => (step.kind === "layout" ? onLayout(step.layout) : onCameras(step.cameraIds))}>{say(step)}</Button>}
    </div>
  );
}
