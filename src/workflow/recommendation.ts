// Which units to send: every eligible unit ranked by road time, with reasons, and why the others are not proposed.
import type { WallMs } from "../base/time.ts";
import type { LonLat, Want } from "../dispatch/entities.ts";

/** Road times from many places to one. `path` is computed on demand. null: no way by road. */
export interface RoadTime {
  readonly seconds: number;
  readonly metres: number;
  path(): LonLat[];
}
export type RoadTimesPort = (target: LonLat, sources: readonly LonLat[]) => readonly (RoadTime | null)[];

export interface Reason {
  readonly code: string;
  readonly params: Record<string, string | number>;
}
export interface Candidate {
  readonly unitId: number;
  readonly rank: number;
  readonly suggested: boolean;
  readonly roadSeconds: number;
  readonly roadMetres: number;
  readonly positionAgeMs: number;
  readonly reasons: Reason[];
  readonly path: LonLat[];
}
export interface Recommendation {
  readonly incidentId: number;
  readonly computedAt: WallMs;
  readonly tookMs: number;
  readonly runCard: { readonly code: string; readonly version: number; readonly wants: Want[] };
  readonly candidates: Candidate[];
  readonly notProposed: { readonly unitId: number; readonly reason: Reason }[];
}
