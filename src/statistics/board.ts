// The board of figures of a day.
import type { WallMs } from "../base/time.ts";

export interface Figure {
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly n: number;
  readonly missing: number;
}
export interface Board {
  readonly since: WallMs;
  readonly at: WallMs;
  readonly contacts: number;
  readonly incidents: number;
  readonly active: number;
  readonly unitsAvailable: number;
  readonly unitsTotal: number;
  readonly answer: Figure;
  readonly process: Figure;
  readonly dispatch: Figure;
  readonly acknowledge: Figure;
  readonly turnout: Figure;
  readonly travel: Figure;
  readonly response: Figure;
  readonly answerTarget: { readonly withinMs: number; readonly share: number | null; readonly wanted: number; readonly source: string };
}
