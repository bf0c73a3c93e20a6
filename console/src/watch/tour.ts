// A tour under way, as a value: which stop, and until when. It stands while somebody looks closer, and goes on with what was left of the stop's time.
import type { CameraTour } from "../../../src/contract/walls.ts";

export interface RunningTour {
  readonly tour: CameraTour;
  readonly index: number;
  /** While it runs: when the stop ends. While it stands: how much of the stop is left. */
  readonly pace: { readonly state: "running"; readonly untilMs: number } | { readonly state: "standing"; readonly leftMs: number };
}

const dwellMs = (tour: CameraTour, index: number): number => tour.stops[index]!.dwellS * 1_000;
const stopAt = (tour: CameraTour, index: number, running: boolean, now: number): RunningTour =>
  ({ tour, index, pace: running ? { state: "running", untilMs: now + dwellMs(tour, index) } : { state: "standing", leftMs: dwellMs(tour, index) } });

export const startTour = (tour: CameraTour, now: number): RunningTour => stopAt(tour, 0, true, now);
/** The next stop where the time of this one is over; a page that slept goes on with the next one and does not race through those it missed. */
export const tickTour = (running: RunningTour, now: number): RunningTour =>
  running.pace.state === "running" && now >= running.pace.untilMs ? goTour(running, 1, now) : running;
/** Round and round. A tour that stands goes to the stop and stands there. */
export function goTour(running: RunningTour, by: 1 | -1, now: number): RunningTour {
  const { tour, index, pace } = running;
  const n = tour.stops.length;
  return stopAt(tour, (index + by + n) % n, pace.state === "running", now);
}
export const leftMs = ({ pace }: RunningTour, now: number): number => (pace.state === "running" ? Math.max(0, pace.untilMs - now) : pace.leftMs);
export const standTour = (running: RunningTour, now: number): RunningTour => (running.pace.state === "standing" ? running : { ...running, pace: { state: "standing", leftMs: leftMs(running, now) } });
export const resumeTour = (running: RunningTour, now: number): RunningTour => (running.pace.state === "running" ? running : { ...running, pace: { state: "running", untilMs: now + running.pace.leftMs } });
