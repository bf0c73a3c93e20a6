// The list to begin with: every column, and two rows of examples in the middle of this city, one with all cells and one with the needed ones only.
import { CAMERA_CSV_COLUMNS } from "../../../src/contract/cameras.ts";
import { joinCsv } from "./csv-records.ts";

type Column = (typeof CAMERA_CSV_COLUMNS)[number];

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function templateOf(words: { readonly name: string; readonly purpose: string }, { lon, lat }: { readonly lon: number; readonly lat: number }): string {
  const needed: Partial<Record<Column, string>> = { name: words.name, lat: lat.toFixed(6), lon: lon.toFixed(6), bearing: "90", purpose: words.purpose };
  const whole: Partial<Record<Column, string>> = {
    ...needed, code: "EXAMPLE-1", kind: "fixed", height_m: "6", tilt: "15", hfov: "70", vfov: "40", range_m: "80", width_px: "1920", owner: "City", address: "rtsp://10.20.0.15:554/stream1", user: "viewer",
    sub_address: "rtsp://10.20.0.15:554/stream2", transport: "auto", recording: "scheduled", schedule: "mon-fri 07:00-19:00", key_frame_interval_s: "2", retention_days: "30", least_days: "7",
  };
  const row = (cells: Partial<Record<Column, string>>): { text: string; line: number } => ({ text: CAMERA_CSV_COLUMNS.map((column) => quote(cells[column] ?? "")).join(","), line: 0 });
  return joinCsv(CAMERA_CSV_COLUMNS.join(","), [row(whole), row(needed)]);
}
