// How far a camera's own clock was from ours over a range [A30]: the median over its video's sender reports, since single ones wait in networks. Told beside the times, which are
// ours and are never corrected by it.
import type { KeptSenderReport } from "../ingest/sender-reports.ts";

/** Camera's clock less ours; null without a report. */
export function medianClockOffset(reports: readonly Pick<KeptSenderReport, "track" | "cameraMs" | "arrivalMs">[]): number | null {
  const offsets = reports.filter(({ track }) => track === "video").map(({ cameraMs, arrivalMs }) => cameraMs - arrivalMs).toSorted((a, b) => a - b);
  return offsets[Math.floor(offsets.length / 2)] ?? null;
}
