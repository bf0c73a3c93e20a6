// Sender reports in the index ([ING10]): written with their run, some a minute; read by whoever asks what a camera's clock said at a time.
import type { TrackKind } from "../../protocol/rtsp/media-tracks.ts";
import type { KeptSenderReport } from "../../video/ingest/sender-reports.ts";
import type { WallMs } from "../../base/time.ts";
import type { ClockReport } from "../../video/playback/clock-stretches.ts";
import type { IndexStore } from "./index-store.ts";

export function insertSenderReports(index: IndexStore, cameraId: number, runId: number, reports: readonly KeptSenderReport[]): void {
  const insert = index.database.prepare(
    "INSERT INTO sender_report (camera_id, arrival_ms, run_id, track, ssrc, camera_ms, rtp_time, packets, octets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  for (const report of reports) insert.run(cameraId, Math.round(report.arrivalMs), runId, report.track, report.ssrc, report.cameraMs, report.rtpTime, report.packets, report.octets);
}

interface Row {
  run_id: number; track: TrackKind; ssrc: number; camera_ms: number; rtp_time: number; arrival_ms: number; packets: number; octets: number;
}

/** Those that came in `[from, to]`, in the order of their arrival, each with its run. */
export function listSenderReports(index: IndexStore, cameraId: number, from: WallMs, to: WallMs): (KeptSenderReport & { readonly runId: number })[] {
  const rows = index.database.prepare("SELECT * FROM sender_report WHERE camera_id = ? AND arrival_ms BETWEEN ? AND ? ORDER BY arrival_ms, track").all(cameraId, from, to) as unknown as Row[];
  return rows.map((row) => ({
    runId: row.run_id, track: row.track, ssrc: row.ssrc, cameraMs: row.camera_ms, rtpTime: row.rtp_time, arrivalMs: row.arrival_ms, packets: row.packets, octets: row.octets,
  }));
}

/** Of the pictures' track, those in which the camera's clock was so far from ours, by arrival. */
export function listReportsOff(index: IndexStore, cameraId: number, from: WallMs, to: WallMs, offMs: number): ClockReport[] {
  const rows = index.database.prepare("SELECT arrival_ms, camera_ms FROM sender_report WHERE camera_id = ? AND arrival_ms BETWEEN ? AND ? AND track = 'video' AND abs(camera_ms - arrival_ms) >= ? ORDER BY arrival_ms").all(cameraId, from, to, offMs);
  return (rows as unknown as Pick<Row, "arrival_ms" | "camera_ms">[]).map((row) => ({ arrivalMs: row.arrival_ms, offsetMs: row.camera_ms - row.arrival_ms }));
}
