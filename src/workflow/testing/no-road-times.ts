// A city without a single road, for tests that ask for no way.
import type { RoadTimesPort } from "../ranking.ts";

export const noRoadTimes: RoadTimesPort = (_, { count }) => ({ seconds: new Float64Array(count).fill(Infinity), closedPieces: new Uint16Array(count), findWay: () => null, findMetres: () => null });
