// How a recorder's disk is: what is on it, when it will be full, what it could not write. Told by the recorder over its link, kept in memory by the centre.
import { z } from "zod";
import { Id, WallTime } from "./basics.ts";

/**
 * What becomes of the disk if everything goes on as in the last day. `steady`: old recordings go as fast as new ones come, at `bytes`. `full`: at `at` there will
 * be no room left, and recordings go before their time from then on. `unknown`: too little was recorded to say.
 */
export const DiskForecast = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("unknown") }),
  z.object({ kind: z.literal("steady"), bytes: z.number().nonnegative(), bytesPerDay: z.number().nonnegative() }),
  z.object({ kind: z.literal("full"), at: WallTime, bytesPerDay: z.number().nonnegative() }),
]);
export type DiskForecast = z.infer<typeof DiskForecast>;

/** early: recordings went before their time; below-least: below what a camera has to keep at least; full: nothing could be deleted, recording stops; ran-full: the disk took nothing more although something could be deleted, pictures are lost; failing: a write or a sync failed; clock: the wall clock is ahead of the time that the recorder vouches for, and nothing goes by age for the difference. */
export const DISK_ALARMS = ["early", "below-least", "full", "ran-full", "failing", "clock", "clock-behind"] as const;
export type DiskAlarm = (typeof DISK_ALARMS)[number];

export const RecorderDisk = z.object({
  totalBytes: z.number().nonnegative(), freeBytes: z.number().nonnegative(), recordedBytes: z.number().nonnegative(), heldBytes: z.number().nonnegative(),
  reserveBytes: z.number().nonnegative(), // of what is free, what recordings never touch: for the index, and for the database where it is on the same volume
  floorBytes: z.number().nonnegative(), // free space below which recordings go before their time; the reserve is within it
  inflowBytesPerSecond: z.number().nonnegative(), // of recordings, over the last minutes
  isShared: z.boolean(), // recordings and the database are on one volume
  recordersOnVolume: z.int().positive().default(1), // that share its free space, this one counted; the forecast takes its part
  isDirect: z.boolean(), // false: the file system refuses writes past the page cache, which makes recording dearer
  writeFailures: z.int().nonnegative(), // since the recorder's start
  clockAheadMs: z.number().nonnegative(), // of the time that is vouched for; 0: its clock is believed
  clockBehindMs: z.number().nonnegative(), // of what was believed before
  forecast: DiskForecast,
  uncounted: z.int().nonnegative().default(0), // cameras that began to record too short a time ago for the forecast to count them
  alarms: z.array(z.enum(DISK_ALARMS)), // of the last hour; clock, clock-behind: as long as it lasts
});
export type RecorderDisk = z.infer<typeof RecorderDisk>;

/**
 * Why a recorder does not run. folder-away: its folder is not there, or lacks the mark of this city: its volume may not be mounted; folder-of-another: the recordings of another city or recorder are in it; folder-unusable: it cannot be made,
 * read or written; folder-open: other users of the machine may enter it, and that cannot be ended; failed: anything else, which its log tells; not-started: it has cameras, and the city was started without it.
 */
export const RECORDER_TROUBLES = ["folder-away", "folder-of-another", "folder-unusable", "folder-open", "failed", "not-started"] as const;
export const RecorderTrouble = z.object({ code: z.enum(RECORDER_TROUBLES), folder: z.string().nullable() });
export type RecorderTrouble = z.infer<typeof RecorderTrouble>;
export type RecorderTroubleCode = RecorderTrouble["code"];

/** `disk` null: it has not told since the centre's start. `at`: when it told. `trouble`: why it does not run, where that is known. */
export const Recorder = z.object({ id: Id, connected: z.boolean(), camerasConnected: z.int(), camerasWanted: z.int(), disk: RecorderDisk.nullable(), at: WallTime.nullable(), trouble: RecorderTrouble.nullable().default(null) });
export type Recorder = z.infer<typeof Recorder>;
