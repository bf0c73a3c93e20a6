// The log of a rural fire company of Lancaster County, Pennsylvania (calls for service 2010 to 2020): one row an incident, in each column the times of day
// of a milestone by unit, "WAVE12=06:51:33, M5=07:05:17". It tells a date and no place, no caller, and when a unit was sent but not when somebody called. A
// unit that is listed twice in a cell was sent, or arrived, twice; which times belong together the log does not say, so the last of each counts and the
// report names it.
import { createHash } from "node:crypto";
import type { IncidentType } from "../../contract/dispatch.ts";
import { nextDayPolicy, parseLogTime, parseTimeOfDay } from "./log-time.ts";
import { faultRow, type Doubt, type LogFormat, type ReplayRow, type ReplayUnit, type UnitStep } from "./replay-call.ts";

const COLUMN_OF: Readonly<Record<UnitStep, string>> = {
  sent: "Unit_Dispatch_Times", "en-route": "Unit_Enroute_Times", "on-scene": "Unit_Arrive_Times", transporting: "Unit_Enroute_To_Hospital_Times", cleared: "Unit_Clear_Times",
};
const MOST_UNITS = 40;

/** Their codes in our words: medical cards by number (29 is traffic), the rest by name. What is not here stays as said. */
const TYPES: readonly (readonly [RegExp, IncidentType])[] = [
  [/^29[A-EO]/, "traffic-injury"], [/^([1-9]|[12]\d|3[0-7])[A-EO]\d/, "medical"], [/^(MED|ALS|BLS|ECHO|LIFTASST)/, "medical"], [/^FIRE[A-C]$/, "fire-building"],
  [/^(GRASFIRE|CARFIRE|STILL|RSALARM|ODOR|HAZ|BRUSH|TRASH|ALARM|SMOKE)/, "fire-smoke"], [/^(ACC|VEHACC)/, "traffic-collision"], [/^(WIRES|TREE|ROADHAZ)/, "traffic-obstruction"],
];
const AMBULANCE = /^(WAVE|MWM|M|MALC|A|SC|EMS|AIR|LIFE)\d/;

export const lancaster: LogFormat = {
  columns: ["incident_num", "incident_date", "call_type", ...Object.values(COLUMN_OF)],
  timeZone: "America/New_York",
  parseRow: (row, line, timeZone): ReplayRow => {
    const wrong = (field: string, expected: string): ReplayRow => faultRow(line, field, row[field], expected);
    const number = row["incident_num"]?.trim() ?? "";
    if (!/^\w{1,20}$/.test(number)) return wrong("incident_num", "a number of at most 20 digits or letters");
    const midnight = parseDate(row["incident_date"] ?? "", timeZone);
    if (midnight === undefined) return wrong("incident_date", "a day like 6/4/18");
    if (/^TEST\b/i.test(row["disposition_remarks"]?.trim() ?? "")) return { kind: "left-out", line, why: "marked as a test" };

    const doubts = new Set<Doubt>();
    const told = new Map<string, Map<UnitStep, number>>();
    for (const [step, column] of Object.entries(COLUMN_OF) as [UnitStep, string][]) {
      for (const { callSign, timeMs } of listTimes(row[column] ?? "") ?? [{ callSign: "", timeMs: undefined }]) {
        if (timeMs === undefined) return wrong(column, "UNIT=hh:mm:ss, UNIT=hh:mm:ss, or NULL");
        const times = told.get(callSign) ?? new Map<UnitStep, number>();
        if (times.has(step)) doubts.add("told-twice");
        told.set(callSign, times.set(step, timeMs));
      }
    }
    if (told.size > MOST_UNITS) return wrong(COLUMN_OF.sent, `at most ${MOST_UNITS} units`);
    const units = Array.from(told, ([callSign, times]) => unitOf(callSign, times, midnight));
    if (units.length === 0) doubts.add("no-units");
    if (units.some(({ times }) => times.sent === undefined)) doubts.add("never-sent");
    const said = row["call_type"]?.trim() ?? "";
    const type = TYPES.find(([pattern]) => pattern.test(said))?.[1];
    const at = Math.min(...units.flatMap(({ times }) => Object.values(times)), ...(units.length === 0 ? [midnight] : []));
    const digest = createHash("sha256").update(JSON.stringify(row)).digest("hex").slice(0, 10);
    return {
      kind: "call",
      call: {
        id: `${number}-${digest}`, line, at, words: null, said, category: type ?? "other", type: type ?? "other", isKnownType: type !== undefined,
        place: { words: "", district: null, point: null, uncertaintyM: 0 }, units, doubts: [...doubts, "no-place"],
      },
    };
  },
};

/** "1/1/10 12:00 AM" and "6/4/18 0:00": the day; its time is always midnight. */
function parseDate(text: string, timeZone: string): number | undefined {
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{2})( 12:00 AM| 0:00)?$/.exec(text.trim());
  return match === null ? undefined : parseLogTime(`20${match[3]}-${match[1]!.padStart(2, "0")}-${match[2]!.padStart(2, "0")} 00:00:00`, timeZone);
}

/** Undefined where the cell is not of the log's form; NULL is an empty cell. */
function listTimes(cell: string): { readonly callSign: string; readonly timeMs: number | undefined }[] | undefined {
  const text = cell.trim();
  if (text === "" || text === "NULL") return [];
  const parts = text.split(",").map((part) => /^\s*([\w .-]{1,20})=(\S+)\s*$/.exec(part));
  if (parts.some((part) => part === null)) return undefined;
  return parts.map((part) => ({ callSign: part![1]!.trim(), timeMs: parseTimeOfDay(part![2]!) }));
}

/** Every step counts from when the unit was sent; where that is not told, from the earliest that is. */
function unitOf(callSign: string, told: ReadonlyMap<UnitStep, number>, midnight: number): ReplayUnit {
  const first = told.get("sent") ?? Math.min(...told.values());
  const times = Object.fromEntries(Array.from(told, ([step, timeMs]) => [step, midnight + first + nextDayPolicy(first, timeMs)]));
  return { callSign, kind: AMBULANCE.test(callSign) ? "ambulance" : "fire-engine", times };
}
