// What this room puts on the map, and what a click on it does.
import { useDeferredValue, useMemo, useRef } from "react";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { keepEqual } from "../map/kept-lists.ts";
import type { MapMarks, Picked } from "../map/layers.ts";
import { MapView } from "../map/map-view.tsx";
import { useCity } from "../shell/city.ts";
import { useWords } from "../words/use-words.ts";
import { useMay } from "../shell/session.ts";
import { useClosures } from "./closures.ts";
import { useChooseRoadAt } from "./closures-panel.tsx";
import { ReachLegend, useAskReach, useReach } from "./reach.tsx";
import { useSeeing } from "./seeing.ts";
import { lookAt, selectCamera, selectIncident, selectUnit, useOperate } from "./store.ts";
import { useTakeCall } from "./take-call.ts";
import { incidentMark, isLive, isOpenIncident, isThere, STALE_POSITION_MS, unitMark } from "./tones.ts";
import { activeOf, assignmentsOf, useOpenContacts, useOpenIncidents } from "./use-lists.ts";
import { operateWords } from "./words.ts";

const TICK_MS = 5_000; // how often ages may change a mark

export function OperateMap({ place }: { readonly place: MapMarks["place"] }) {
  const city = useCity((s) => s.city);
  const look = useOperate((s) => s.look);
  const incidentId = useOperate((s) => s.incidentId);
  const unitId = useOperate((s) => s.unitId);
  const cameraId = useOperate((s) => s.cameraId);
  const paths = useOperate((s) => s.paths);
  const proposed = useOperate((s) => s.proposed);
  const units = useLive((s) => s.units);
  const assignments = useLive((s) => s.assignments);
  const positions = useLive((s) => s.positions);
  const selected = useLive((s) => (incidentId === null ? undefined : s.incidents.get(incidentId)));
  const incidents = useOpenIncidents();
  const contacts = useOpenContacts();
  const seeing = useSeeing((s) => s.answer);
  const reachWords = useWords(operateWords).reach;
  useAskReach();
  const reached = useReach((s) => s.answer?.areas);
  const closures = useLive((s) => s.closures);
  const choosing = useClosures((s) => s.shown);
  const chosen = useClosures((s) => s.chosen);
  const chooseAt = useChooseRoadAt();
  const mayClose = useMay("road.close");
  const platforms = useCall("listPlatforms", {});
  const take = useTakeCall();
  const now = Math.floor(useNow() / TICK_MS) * TICK_MS;

  const unitMarks = useMemo(
    () =>
      [...positions.values()].flatMap((p) => {
        const unit = units.get(p.unitId);
        if (unit === undefined) return [];
        const { tone, letter } = unitMark(unit, activeOf(unit, assignments), now);
        return [{ id: unit.id, callSign: unit.callSign, point: { lon: p.lon, lat: p.lat }, headingDeg: p.speedMps > 0.5 ? p.headingDeg : null, tone, letter, stale: now - p.fixedAt > STALE_POSITION_MS }];
      }),
    [positions, units, assignments, now],
  );
  const incidentMarksBefore = useRef<MapMarks["incidents"]>([]);
  const incidentMarks = useMemo(() => {
    const shown = selected === undefined || incidents.includes(selected) ? incidents : [...incidents, selected];
    const marks = shown.map((i) => ({ id: i.id, number: i.number, point: i.place.point, tone: incidentMark(i, assignmentsOf(i, assignments), now).tone, priority: i.priority }));
    incidentMarksBefore.current = keepEqual(incidentMarksBefore.current, marks);
    return incidentMarksBefore.current;
  }, [incidents, selected, assignments, now]);
  const pathMarks = useMemo(() => {
    if (selected === undefined || !isOpenIncident(selected)) return [];
    const live = assignmentsOf(selected, assignments).filter((a) => isLive(a.state));
    const going = new Set(live.filter((a) => !isThere(a.state)).map((a) => a.unitId));
    const there = new Set(live.filter((a) => isThere(a.state)).map((a) => a.unitId));
    return [...paths].filter(([id]) => going.has(id) || (!there.has(id) && proposed.includes(id))).map(([id, path]) => ({ unitId: id, path, going: going.has(id) }));
  }, [paths, selected, assignments, proposed]);
  const marks: MapMarks = useMemo(
    () => ({
      units: unitMarks, incidents: incidentMarks, paths: pathMarks, place,
      platforms: platforms.data?.platforms ?? [],
      callers: contacts.flatMap((c) => (c.callerPoint === null ? [] : [{ id: c.id, point: c.callerPoint, uncertaintyM: c.callerUncertaintyM ?? 0 }])),
      cones: (place === null ? [] : (seeing?.cameras ?? [])).map((c) => ({ cameraId: c.cameraId, polygon: c.cone })),
      closed: [...[...closures.values()].flatMap(({ pieces }) => pieces.map(({ path }) => ({ path, chosen: false }))), ...chosen.map(({ path }) => ({ path, chosen: true }))],
      reach: reached ?? [], reachLabel: reachWords.minutes,
      selected: { incidentId, unitId, cameraId },
    }),
    [unitMarks, incidentMarks, pathMarks, place, platforms.data, contacts, seeing, closures, chosen, reached, reachWords, incidentId, unitId, cameraId],
  );
  // The map never holds up a key: lists and forms are painted first, then what it shows.
  const [marksLater, lookLater] = [useDeferredValue(marks), useDeferredValue(look)];
  const onPick = (picked: Picked): void => {
    if (picked.kind === "incident") selectIncident(picked.id);
    else if (picked.kind === "unit") selectUnit(picked.id);
    else if (picked.kind === "camera") selectCamera(picked.id);
    else if (picked.kind === "caller") void take(picked.id);
    else {
      const platform = platforms.data?.platforms.find((p) => p.id === picked.id);
      if (platform !== undefined) lookAt(platform.point, 17);
    }
  };
  return <MapView city={city} marks={marksLater} look={lookLater} onPick={onPick} {...(choosing && mayClose ? { onGround: (point) => void chooseAt(point) } : {})}><ReachLegend /></MapView>;
}
