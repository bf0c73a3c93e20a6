// The public log of emergency calls of Montgomery County, Pennsylvania (911.csv, Kaggle mchirico/montcoalert): one row a call, with its place, "Category:
// TYPE" as its title, and nothing of who went. It has no id of its own, so that a call's id is the digest of its row; the log is known by its first columns.
import { createHash } from "node:crypto";
import type { IncidentType } from "../../contract/dispatch.ts";
import { parseLogTime } from "./log-time.ts";
import { faultRow, type LogFormat, type ReplayRow } from "./replay-call.ts";

/** Half the last digit that matters of an address on a road: the log gives a house or a crossing, never a phone's own position. */
const UNCERTAINTY_M = 100;

/** Types of the log in our words, by what stands behind the category; what is not here stays as said and goes in as `other`. */
const TYPES: readonly (readonly [RegExp, IncidentType])[] = [
  [/^VEHICLE ACCIDENT/, "traffic-collision"], [/^(DISABLED VEHICLE|ROAD OBSTRUCTION|HAZARDOUS ROAD|DEBRIS\/FLUIDS|VEHICLE LEAKING)/, "traffic-obstruction"],
  [/^BUILDING FIRE/, "fire-building"], [/^(VEHICLE FIRE|WOODS\/FIELD FIRE|UNKNOWN TYPE FIRE|TRASH\/DUMPSTER FIRE|APPLIANCE FIRE|ELECTRICAL FIRE|FIRE ALARM|FIRE INVESTIGATION|GAS-ODOR|CARBON MONOXIDE)/, "fire-smoke"],
  [/^(ASSAULT VICTIM|SHOOTING|STABBING|ACTIVE SHOOTER)/, "fight"],
  [
    /^(RESPIRATORY|CARDIAC|FALL VICTIM|SUBJECT IN PAIN|HEAD INJURY|UNKNOWN MEDICAL|SYNCOPAL|SEIZURES|GENERAL WEAKNESS|ABDOMINAL|ALTERED MENTAL|MEDICAL ALERT|HEMORRHAGING|CVA\/STROKE|OVERDOSE|NAUSEA|UNCONSCIOUS|DIABETIC|DIZZINESS|BACK PAINS|UNRESPONSIVE|FRACTURE|LACERATIONS|FEVER|ALLERGIC|DEHYDRATION|CHOKING|MATERNITY|ANIMAL BITE|HEAT EXHAUSTION|BURN VICTIM|POISONING|EYE INJURY|AMPUTATION|DROWNING|ELECTROCUTION)/,
    "medical",
  ],
];

export const montgomery: LogFormat = {
  columns: ["lat", "lng", "desc", "title", "timeStamp"],
  timeZone: "America/New_York",
  parseRow: (row, line, timeZone): ReplayRow => {
    const wrong = (field: string, expected: string): ReplayRow => faultRow(line, field, row[field], expected);
    const { title = "", desc = "", timeStamp = "", twp = "", addr = "" } = row;
    const lat = readDegrees(row["lat"], 90);
    const lon = readDegrees(row["lng"], 180);
    if (lat === undefined) return wrong("lat", "a latitude, -90 to 90");
    if (lon === undefined) return wrong("lng", "a longitude, -180 to 180");
    const at = parseLogTime(timeStamp, timeZone);
    if (at === undefined) return wrong("timeStamp", "a time like 2015-12-10 17:40:00");
    const [, category, kind] = /^([^:]{1,40}):\s*(.{1,200}?)\s*-?\s*$/.exec(title) ?? [];
    if (category === undefined || kind === undefined) return wrong("title", "Category: TYPE");
    const type = TYPES.find(([pattern]) => pattern.test(kind))?.[1];
    const id = createHash("sha256").update([row["lat"], row["lng"], desc, title, timeStamp].join("\n")).digest("hex").slice(0, 24);
    return {
      kind: "call",
      call: {
        id, line, at, words: desc.trim() === "" ? null : desc.trim().slice(0, 2_000), said: `${category}: ${kind}`, category, type: type ?? "other", isKnownType: type !== undefined,
        place: { words: (addr.trim() || desc.trim()).slice(0, 200), district: twp.trim() === "" ? null : twp.trim().slice(0, 100), point: { lon, lat }, uncertaintyM: UNCERTAINTY_M }, units: [], doubts: [],
      },
    };
  },
};

export function readDegrees(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^-?\d{1,3}(\.\d{1,12})?$/.test(text.trim())) return undefined;
  const value = Number(text);
  return Math.abs(value) <= most ? value : undefined;
}
