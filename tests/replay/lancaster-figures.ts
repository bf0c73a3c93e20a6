// What the milestones of the Lancaster log come to by the core alone, and what an analyst's tidy form of the same log says: the measure for what a centre finds after the log went through it.
import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { figureOfSpans, type SpanFigure } from "../../src/statistics/figures.ts";
import { spansOfJob, type JobSpan, type JudgedSpan } from "../../src/statistics/spans.ts";
import type { ReplayUnit } from "../../src/sim/replay/replay-call.ts";
import { LANCASTER_TIDY } from "./real-logs.ts";

const DAY_SECONDS = 86_400;
export const JOB_SPANS = ["turnout", "travel", "unit-response", "on-scene", "commitment"] as const satisfies readonly JobSpan[];

/** As the centre has it after the replay: the log's times are the devices'. */
function judgedOf({ times }: ReplayUnit) {
  const wasThere = times["on-scene"] !== undefined || times.transporting !== undefined;
  const told = Object.entries(times).filter(([step]) => step !== "cleared" || wasThere);
  const job = { state: "cleared", milestones: told.map(([state, deviceAt]) => ({ state, deviceAt: deviceAt!, receivedAt: 0, entered: false })) };
  return spansOfJob(job, { clock: "log", endedAt: null, ending: null, jobs: [job] });
}
export const figureOf = (units: readonly ReplayUnit[], span: JobSpan): SpanFigure => figureOfSpans(units.map((unit) => judgedOf(unit)[span] as JudgedSpan));

/** The tidy file has the units that were sent, left and arrived. */
export const isTidy = ({ times }: ReplayUnit): boolean => times.sent !== undefined && times["en-route"] !== undefined && times["on-scene"] !== undefined;

export interface TidyMedians {
  readonly units: number;
  readonly responseSeconds: number;
  readonly turnoutSeconds: number;
  readonly serviceSeconds: number;
}
const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1]!;

export async function readTidyMedians(): Promise<TidyMedians> {
  const rows: { readonly response: number; readonly turnout: number; readonly service: number }[] = [];
  const acrossMidnight = (from: string, to: string): number => (Number(to) - Number(from) + DAY_SECONDS) % DAY_SECONDS;
  for await (const row of createReadStream(LANCASTER_TIDY).pipe(parse({ columns: true })) as AsyncIterable<Record<string, string>>) {
    rows.push({ response: Number(row["response_time_in_seconds"]), turnout: acrossMidnight(row["dispatch_time_in_seconds"]!, row["enroute_time_in_seconds"]!), service: Number(row["time_in_service_in_seconds"]) });
  }
  return { units: rows.length, responseSeconds: medianOf(rows.map(({ response }) => response)), turnoutSeconds: medianOf(rows.map(({ turnout }) => turnout)), serviceSeconds: medianOf(rows.map(({ service }) => service)) };
}
