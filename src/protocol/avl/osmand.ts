// A position as phones send it by HTTP: OsmAnd's live tracking and the Traccar client put it into named parameters (of the address, or of a form); newer
// Traccar clients send JSON. Parameters: id or deviceid, lat and lon or location "lat,lon", timestamp (seconds or milliseconds since 1970, or ISO 8601), speed
// (knots), bearing or heading, accuracy, valid; others (batt, hdop, altitude ...) are passed over: who carries the phone is not asked.
const MOST_FIELD_CHARACTERS = 100;
const KNOT_MPS = 1_852 / 3_600;
const DEVICE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{2,39}$/;

export interface OsmAndFix {
  readonly deviceId: string;
  readonly lon: number;
  readonly lat: number;
  /** Null: not said; then it is now. */
  readonly at: number | null;
  readonly speedMps: number | null;
  readonly headingDeg: number | null;
  readonly valid: boolean;
}
export interface OsmAndFault {
  readonly field: string;
  readonly value: string;
  readonly expected: "device-id" | "latitude" | "longitude" | "time" | "number";
}
export type OsmAndParsed = { readonly ok: true; readonly fix: OsmAndFix } | { readonly ok: false; readonly faults: OsmAndFault[] };

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** The JSON of newer clients as the parameters of older ones; speed is m/s there. */
function flatten(input: Fields): Fields {
  const { location } = input;
  if (!isFields(location)) return input;
  const coords = isFields(location["coords"]) ? location["coords"] : {};
  return { deviceid: input["device_id"], timestamp: location["timestamp"], lat: coords["latitude"], lon: coords["longitude"], speedMps: coords["speed"], heading: coords["heading"] };
}

/** Never throws; every fault is told. */
export function parseOsmAnd(input: Fields): OsmAndParsed {
  const fields = flatten(input);
  const faults: OsmAndFault[] = [];
  const textOf = (name: string): string | null => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (typeof value === "number") return String(value);
    return typeof value === "string" && value.trim() !== "" ? value.trim().slice(0, MOST_FIELD_CHARACTERS) : null;
  };
  const fault = (field: string, expected: OsmAndFault["expected"]): void => void faults.push({ field, value: textOf(field) ?? "", expected });
  const numberOf = (field: string, text: string | null, most: number, expected: OsmAndFault["expected"] = "number", least = -most): number | null => {
    if (text === null) return null;
    const value = /^[+-]?\d{1,12}(?:[.,]\d{1,15})?(?:[eE]-\d{1,2})?$/.test(text) ? Number(text.replace(",", ".")) : Number.NaN;
    if (value >= least && value <= most) return value;
    fault(field, expected);
    return null;
  };

  const idField = textOf("id") === null ? "deviceid" : "id";
  const deviceId = textOf(idField);
  if (deviceId === null || !DEVICE_ID.test(deviceId)) fault(idField, "device-id");
  const pair = textOf("location")?.split(",");
  const lat = numberOf(pair === undefined ? "lat" : "location", pair === undefined ? textOf("lat") : (pair[0] ?? null), 90, "latitude");
  const lon = numberOf(pair === undefined ? "lon" : "location", pair === undefined ? textOf("lon") : (pair[1] ?? null), 180, "longitude");
  if (lat === null && !faults.some(({ expected }) => expected === "latitude")) fault("lat", "latitude");
  if (lon === null && !faults.some(({ expected }) => expected === "longitude")) fault("lon", "longitude");
  const at = parseTime(textOf("timestamp"));
  if (at === undefined) fault("timestamp", "time");
  const knots = numberOf("speed", textOf("speed"), 2_000, "number", -1);
  const mps = numberOf("speedMps", textOf("speedMps"), 1_000, "number", -1);
  const speedMps = mps ?? (knots === null ? null : knots * KNOT_MPS);
  const headingField = textOf("bearing") === null ? "heading" : "bearing";
  const heading = numberOf(headingField, textOf(headingField), 360, "number", -1);
  const valid = textOf("valid");
  if (faults.length > 0 || deviceId === null || lat === null || lon === null || at === undefined) return { ok: false, faults };
  return {
    ok: true,
    fix: {
      deviceId, lon, lat, at, speedMps: speedMps === null || speedMps < 0 ? null : speedMps, // -1: a phone that does not know
      headingDeg: heading === null || heading < 0 ? null : heading % 360, valid: valid === null || valid === "1" || valid.toLowerCase() === "true",
    },
  };
}

/** Null: not said. Undefined: cannot be read. Seconds below 2^31, else milliseconds. A date without a zone is UTC. */
function parseTime(text: string | null): number | null | undefined {
  if (text === null) return null;
  if (/^\d{9,14}(?:\.\d{1,6})?$/.test(text)) {
    const value = Number(text);
    return Math.round(value < 2 ** 31 ? value * 1_000 : value);
  }
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (match === null) return undefined;
  const zone = match[3] ?? "Z";
  const at = Date.parse(`${match[1]}T${match[2]!.slice(0, 12)}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`);
  return Number.isNaN(at) || at < 0 ? undefined : at;
}
