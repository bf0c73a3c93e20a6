// Which cameras see the place that is worked on: asked once for the strip, the map's cones and the timeline's names.
import { useEffect } from "react";
import { create } from "zustand";
import type { SeeingAnswer } from "../../../src/contract/cameras.ts";
import type { z } from "zod";
import { useCall } from "../api/use-call.ts";
import type { ApiProblem } from "../api/problem.ts";
import { useMay } from "../shell/session.ts";
import { keepCameraNames } from "./camera-names.ts";

export type Seeing = z.infer<typeof SeeingAnswer>;
interface SeeingState {
  readonly answer: Seeing | null;
  readonly problem: ApiProblem | null;
  readonly loading: boolean;
}
export const useSeeing = create<SeeingState>(() => ({ answer: null, problem: null, loading: false }));
const MOST_TILES = 6;
const RENEW_MS = 20_000; // a camera may fail or come back meanwhile

/** `place`: with the radius within which it truly is. */
export function useAskSeeing(place: { readonly point: { readonly lon: number; readonly lat: number }; readonly uncertaintyM: number } | null): void {
  const may = useMay("camera.read");
  const reading = useCall("seeingCameras", place === null || !may ? null : { query: { lon: place.point.lon, lat: place.point.lat, uncertaintyM: Math.min(100_000, place.uncertaintyM), limit: MOST_TILES } }, RENEW_MS);
  useEffect(() => {
    useSeeing.setState({ answer: reading.data, problem: reading.problem, loading: reading.loading });
    if (reading.data !== null) keepCameraNames(reading.data.cameras);
  }, [reading.data, reading.problem, reading.loading]);
}
