// How much of a volume stays free, by how fast recordings come ([RET15], [RET16]). Three levels of free space, the lowest first: the reserve, which recordings never touch; the floor, below which a pass of deletion
// begins at once; the aim, up to which it then goes. Between reserve and floor lies what may come while a pass is late, between floor and aim what comes until the next. Rejected: one fixed floor and a
// clock that calls passes (a gigabyte is five seconds of 400 cameras: each camera's run ended as `disk-full`, again and again), a floor that a person has to set.

export interface RoomLevels {
  /** Kept for others: the database where it is on the same volume, the index and its log. */
  readonly reserveBytes: number;
  readonly floorBytes: number;
  readonly aimBytes: number;
}
export interface RoomFacts {
  readonly totalBytes: number;
  /** Of recordings, bytes a second. */
  readonly inflow: number;
  /** The database lies on the same volume. */
  readonly isShared: boolean;
  /** Recorders whose recordings are on the volume, this one counted; 1 where it is not given. The others have as much to do: cameras are shared out by bit rate. */
  readonly recorders?: number;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** One pass should last for so long... */
const BETWEEN_PASSES_S = 30;
/** ... and may be so many times as late. */
const MARGIN = 3;
/** PostgreSQL's log grows up to 1 GB between two checkpoints. */
const SHARED_RESERVE_BYTES = GIB;
/** The index's log grows up to 64 MB, and so much again while it is brought into its file. */
const OWN_RESERVE_BYTES = 128 * MIB;
const LEAST_RUNWAY_BYTES = GIB;
/** Of a volume that is small for its inflow no more than this is kept as runway; its passes come the more often. */
const RUNWAY_SHARE = 1 / 20;
/** Of a volume of a few gigabytes the fixed amounts take no more than these shares. */
const SHARED_RESERVE_SHARE = 1 / 8;
const OWN_RESERVE_SHARE = 1 / 32;
const LEAST_RUNWAY_SHARE = 1 / 8;

export function roomLevelsOf({ totalBytes, inflow: own, isShared, recorders = 1 }: RoomFacts): RoomLevels {
  const inflow = own * recorders;
  const reserveBytes = Math.floor(isShared ? Math.min(SHARED_RESERVE_BYTES, totalBytes * SHARED_RESERVE_SHARE) : Math.min(OWN_RESERVE_BYTES * recorders, totalBytes * OWN_RESERVE_SHARE));
  const leastRunway = Math.min(LEAST_RUNWAY_BYTES, totalBytes * LEAST_RUNWAY_SHARE);
  const mostRunway = Math.max(leastRunway, totalBytes * RUNWAY_SHARE);
  const runway = Math.min(mostRunway, Math.max(leastRunway, inflow * BETWEEN_PASSES_S * MARGIN));
  const untilNextPass = Math.min(inflow * BETWEEN_PASSES_S, runway / MARGIN);
  return { reserveBytes, floorBytes: Math.ceil(reserveBytes + runway), aimBytes: Math.ceil(reserveBytes + runway + untilNextPass) };
}

/** A centre that is there tells its holds within a few seconds of the start. */
const HOLDS_WITHIN_MS = 15_000;

/**
 * Whether a pass for want of room still waits for the centre's holds ([HLD10]): after a stop that was not clean the last that was put on hold may not be known here. Not for long, and not where half of the way to the reserve is gone: then
 * pictures that come would be lost.
 */
export function awaitsHolds({ wasClean, sinceStartMs, freeBytes, levels: { reserveBytes, floorBytes } }: { readonly wasClean: boolean; readonly sinceStartMs: number; readonly freeBytes: number; readonly levels: RoomLevels }): boolean {
  return !wasClean && sinceStartMs < HOLDS_WITHIN_MS && freeBytes >= (reserveBytes + floorBytes) / 2;
}

/** An inflow that rises is believed within seconds, one that falls within minutes: too much room costs some minutes of the oldest, too little costs pictures. */
const RISES_WITHIN_MS = 5_000;
const FALLS_WITHIN_MS = 300_000;

/** The measured inflow after so many more bytes in so long; bytes a second. */
export function followInflow(inflow: number, bytes: number, elapsedMs: number): number {
  if (elapsedMs <= 0) return inflow;
  const now = (bytes * 1_000) / elapsedMs;
  return inflow + (now - inflow) * (1 - Math.exp(-elapsedMs / (now > inflow ? RISES_WITHIN_MS : FALLS_WITHIN_MS)));
}
