// Minutes east of UTC in a time zone. Zones change at whole quarters of an hour, so one look-up serves until the next quarter.
import type { UtcOffset } from "./text-row.ts";

const QUARTER_MS = 900_000;

/** Throws RangeError for a name that is no IANA time zone. */
export function createUtcOffset(timeZone: string): UtcOffset {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  let quarter = -1;
  let offset = 0;
  return (wallMs) => {
    const now = Math.floor(wallMs / QUARTER_MS);
    if (now !== quarter) {
      quarter = now;
      offset = parseOffset(format.formatToParts(new Date(now * QUARTER_MS)).find((part) => part.type === "timeZoneName")?.value ?? "GMT");
    }
    return offset;
  };
}

/** "GMT-03:00", "GMT". */
function parseOffset(text: string): number {
  const match = /^GMT([+-])(\d{2}):(\d{2})/.exec(text);
  return match === null ? 0 : (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
