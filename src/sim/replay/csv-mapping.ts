// A log of any centre, told by a mapping: which column holds what, as JSON, so that a city replays its own export without a program. What a mapping does not
// name is not told. The mapping is checked whole before the first row is read.
import { createHash } from "node:crypto";
import { z } from "zod";
import { IncidentType, UNIT_KINDS } from "../../contract/dispatch.ts";
import { isTimeZone, parseLogTime } from "./log-time.ts";
import { readDegrees } from "./montgomery.ts";
import { UNIT_STEPS, faultRow, type LogFormat, type ReplayRow, type UnitStep } from "./replay-call.ts";

const Column = z.string().min(1).max(100);
const LogMapping = z.strictObject({
  /** The log's own id of a call; without one its row is its id. */
  id: Column.optional(),
  at: Column,
  timeZone: z.string().refine(isTimeZone, "expected a time zone like Europe/Lisbon").default("UTC"),
  lat: Column.optional(), lon: Column.optional(), uncertaintyM: z.number().nonnegative().max(100_000).default(100),
  words: Column.optional(), place: Column.optional(), district: Column.optional(), type: Column.optional(), category: Column.optional(),
  /** Types of the log in our words; what is not here goes in as `other`, and stays as said. */
  types: z.record(z.string().max(200), IncidentType).default({}),
  /** One unit a row; its milestones are times like `at`. */
  unit: z.strictObject({ callSign: Column, kind: z.enum(UNIT_KINDS), times: z.partialRecord(z.enum(UNIT_STEPS), Column) }).optional(),
});
export type LogMapping = z.output<typeof LogMapping>;

/** Throws a ZodError that names each wrong field. */
export const parseMapping = (json: unknown): LogMapping => LogMapping.parse(json);

export function mappedFormat(mapping: LogMapping): LogFormat {
  const { unit } = mapping;
  const named = [mapping.id, mapping.at, mapping.lat, mapping.lon, mapping.words, mapping.place, mapping.district, mapping.type, mapping.category, unit?.callSign, ...Object.values(unit?.times ?? {})];
  return { columns: [...new Set(named.filter((column) => column !== undefined))], timeZone: mapping.timeZone, parseRow: (row, line, timeZone) => parseRow(mapping, row, line, timeZone) };
}

function parseRow(mapping: LogMapping, row: Readonly<Record<string, string>>, line: number, timeZone: string): ReplayRow {
  const wrong = (column: string, expected: string): ReplayRow => faultRow(line, column, row[column], expected);
  const cell = (column: string | undefined, most: number): string => (column === undefined ? "" : (row[column]?.trim() ?? "").slice(0, most));
  const at = parseLogTime(row[mapping.at] ?? "", timeZone);
  if (at === undefined) return wrong(mapping.at, "a time like 2015-12-10 17:40:00");
  let point = null;
  if (mapping.lat !== undefined && mapping.lon !== undefined && (cell(mapping.lat, 40) !== "" || cell(mapping.lon, 40) !== "")) {
    const lat = readDegrees(row[mapping.lat], 90);
    const lon = readDegrees(row[mapping.lon], 180);
    if (lat === undefined) return wrong(mapping.lat, "a latitude, -90 to 90");
    if (lon === undefined) return wrong(mapping.lon, "a longitude, -180 to 180");
    point = { lon, lat };
  }
  const times: Partial<Record<UnitStep, number>> = {};
  const { unit } = mapping;
  const callSign = cell(unit?.callSign, 20);
  for (const [step, column] of callSign === "" ? [] : (Object.entries(unit!.times) as [UnitStep, string][])) {
    if (cell(column, 40) === "") continue;
    const time = parseLogTime(row[column]!, timeZone);
    if (time === undefined) return wrong(column, "a time like 2015-12-10 17:40:00, or nothing");
    times[step] = time;
  }
  const said = cell(mapping.type, 200);
  const type = Object.hasOwn(mapping.types, said) ? mapping.types[said] : undefined;
  const digest = createHash("sha256").update(JSON.stringify(row)).digest("hex");
  const ownId = cell(mapping.id, 40);
  return {
    kind: "call",
    call: {
      id: ownId === "" ? digest.slice(0, 24) : /^[\w.-]+$/.test(ownId) ? `${ownId}-${digest.slice(0, 8)}` : digest.slice(0, 24), line, at, words: cell(mapping.words, 2_000) || null, said, category: cell(mapping.category, 40) || type || "other",
      type: type ?? "other", isKnownType: type !== undefined, place: { words: cell(mapping.place, 200), district: cell(mapping.district, 100) || null, point, uncertaintyM: mapping.uncertaintyM },
      units: callSign === "" ? [] : [{ callSign, kind: unit!.kind, times }], doubts: [...(callSign === "" ? (["no-units"] as const) : []), ...(point === null ? (["no-place"] as const) : [])],
    },
  };
}
