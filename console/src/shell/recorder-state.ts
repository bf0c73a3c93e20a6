// What the status bar says of recorders in a few letters: which alarm counts most, and when a disk that fills up is worth a word. Pure, so that it can be tried.
import { DISK_ALARMS, type DiskAlarm, type Recorder, type RecorderTrouble } from "../../../src/contract/recorders.ts";

/** A disk that will be full within so long is worth a word in the bar. */
const SOON_MS = 7 * 86_400_000;

/** What stops recording counts most, what was lost already next. */
const WEIGHTS: Readonly<Record<DiskAlarm, number>> = { full: 6, failing: 5, "ran-full": 4, "below-least": 3, clock: 2, "clock-behind": 2, early: 1 };

export interface RecorderState {
  readonly connected: number;
  readonly wanted: number;
  /** The worst of all recorders' alarms. */
  readonly alarm: DiskAlarm | null;
  /** Of the first recorder that does not run for a known reason. */
  readonly trouble: RecorderTrouble | null;
  /** When the first disk will be full, where that is soon. */
  readonly fullAt: number | null;
}

export function summariseRecorders(recorders: readonly Recorder[], now: number): RecorderState {
  const alarms = recorders.flatMap((recorder) => recorder.disk?.alarms ?? []);
  const full = recorders.flatMap(({ disk }) => (disk?.forecast.kind === "full" && disk.forecast.at - now < SOON_MS ? [disk.forecast.at] : []));
  return {
    connected: recorders.reduce((sum, recorder) => sum + (recorder.connected ? recorder.camerasConnected : 0), 0), wanted: recorders.reduce((sum, recorder) => sum + recorder.camerasWanted, 0),
    trouble: recorders.find(({ trouble }) => trouble !== null)?.trouble ?? null,
    alarm: DISK_ALARMS.filter((kind) => alarms.includes(kind)).sort((a, b) => WEIGHTS[b] - WEIGHTS[a])[0] ?? null, fullAt: full.length === 0 ? null : Math.min(...full),
  };
}

/** Shares of the disk, in percent: what is held as evidence, what else is recorded, what is of others. The rest is free. */
export function diskShares({ totalBytes, freeBytes, recordedBytes, heldBytes }: NonNullable<Recorder["disk"]>): { readonly held: number; readonly recorded: number; readonly other: number } {
  const share = (bytes: number): number => (totalBytes > 0 ? Math.min(100, Math.max(0, (bytes * 100) / totalBytes)) : 0);
  return { held: share(heldBytes), recorded: share(recordedBytes - heldBytes), other: share(totalBytes - freeBytes - recordedBytes) };
}
