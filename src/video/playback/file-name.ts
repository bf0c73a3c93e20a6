// What a download is called: the camera's code and the local time of its first and last picture, so that files of one incident lie side by side in order.
import type { WallMs } from "../../base/time.ts";

/** e.g. `C-2001 2026-11-22 20.00.00 to 20.10.00.mp4`; the day stands twice where it is another. An unknown zone is UTC. Signs that a file system refuses are left out. */
export function formatFileName(code: string, from: WallMs, to: WallMs, timeZone: string): string {
  const [fromDay, fromTime] = formatLocal(from, timeZone);
  const [toDay, toTime] = formatLocal(to, timeZone);
  const plain = code.replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, "").trim();
  return `${plain === "" ? "camera" : plain} ${fromDay} ${fromTime} to ${toDay === fromDay ? "" : `${toDay} `}${toTime}.mp4`;
}

function formatLocal(ms: WallMs, timeZone: string): readonly [day: string, time: string] {
  const parts = new Map(formatterOf(timeZone).formatToParts(Math.floor(ms)).map((part) => [part.type, part.value]));
  return [`${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`, `${parts.get("hour")}.${parts.get("minute")}.${parts.get("second")}`];
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const fields = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...fields, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...fields, timeZone: "UTC" });
  }
}
