// One call of a log of another centre, as every format is brought to: what was said stays as said, what the log does not tell is null. Times are wall
// times of the log's own clock; nothing here is put right.
import type { WallMs } from "../../base/time.ts";
import type { IncidentType, UNIT_KINDS } from "../../contract/dispatch.ts";
import type { Point } from "../../geo/point.ts";

export const UNIT_STEPS = ["sent", "en-route", "on-scene", "transporting", "cleared"] as const;
export type UnitStep = (typeof UNIT_STEPS)[number];

export interface ReplayUnit {
  readonly callSign: string;
  readonly kind: (typeof UNIT_KINDS)[number];
  /** A step that the log does not tell is absent. */
  readonly times: Readonly<Partial<Record<UnitStep, WallMs>>>;
}

/** What a log tells twice, or in a form that is only half understood: the row is replayed, and the report names it. */
export const DOUBTS = ["told-twice", "never-sent", "no-units", "no-place"] as const;
export type Doubt = (typeof DOUBTS)[number];

export interface ReplayCall {
  /** The log's own id of it, at most 50 characters: the same call again is the same call. */
  readonly id: string;
  readonly line: number;
  readonly at: WallMs;
  /** The caller's words, or what stands in their place in the log. */
  readonly words: string | null;
  /** The type as the log says it. */
  readonly said: string;
  readonly category: string;
  /** `other` where `isKnownType` is false. */
  readonly type: IncidentType;
  readonly isKnownType: boolean;
  readonly place: { readonly words: string; readonly district: string | null; readonly point: Point | null; readonly uncertaintyM: number };
  readonly units: readonly ReplayUnit[];
  readonly doubts: readonly Doubt[];
}

/** Told on the command line only, in English; what comes from the centre has codes. */
export interface RowFault {
  readonly line: number;
  readonly field: string;
  readonly value: string;
  readonly expected: string;
}

/** A row of a log: a call, a fault, or left out on purpose (a row that its own centre marked as a test). */
export type ReplayRow = { readonly kind: "call"; readonly call: ReplayCall } | { readonly kind: "fault"; readonly fault: RowFault } | { readonly kind: "left-out"; readonly line: number; readonly why: string };

/** How one kind of log is read. `parseRow` is pure; `timeZone` is the one that its clock runs by, unless a person says otherwise. */
export interface LogFormat {
  readonly columns: readonly string[];
  readonly timeZone: string;
  readonly parseRow: (row: Readonly<Record<string, string>>, line: number, timeZone: string) => ReplayRow;
}

const LONGEST_SHOWN = 80;
export const faultRow = (line: number, field: string, value: string | undefined, expected: string): ReplayRow =>
  ({ kind: "fault", fault: { line, field, value: (value ?? "").trim().slice(0, LONGEST_SHOWN), expected } });
