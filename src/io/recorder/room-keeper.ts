// Keeps room on the recordings' volume ([RET15], [RET16], [RCD15]): measures what comes, looks at what is free each second, counts each write between two looks, and begins a pass of deletion in the moment in which free space falls
// below the floor. A write that would go into the reserve waits for the pass that is under way (what waits with it is bounded memory, [RCD6]), and is refused where no pass helps: the same to its camera as a full disk, but the room for the database and the
// index is still there. Rejected: to learn that the disk is full from a write that fails (then the database's fails too).
import type { Clock } from "../../base/time.ts";
import { type RoomLevels, followInflow, roomLevelsOf } from "../../video/retention/room.ts";
import type { DiskSpace, FindDiskSpace } from "./disk-space.ts";
import type { RoomPort } from "./disk-hold.ts";

/** What whoever writes recordings asks before each write, and tells after it. */
export interface WriteRoom {
  /** Undefined: there is room. Else resolves once there is; rejects, as a full disk does, where there will be none. What is granted has to be settled. */
  take(bytes: number): Promise<void> | undefined;
  /** So many bytes are written, or failed. */
  settle(bytes: number): void;
}

export interface PassWish {
  /** Nothing goes but for want of room. */
  readonly onlyForRoom: boolean;
  readonly levels: RoomLevels;
  /** Looks at the volume. */
  readonly findSpace: FindDiskSpace;
  /** There is less free than the floor: it is not the time to spare the disk. */
  readonly isUrgent: () => boolean;
  /** Nobody writes any more: what is left has time until the next start. */
  readonly isEnding: () => boolean;
}

export interface RoomKeeperOptions {
  readonly clock: Clock;
  readonly findSpace: FindDiskSpace;
  /** The database lies on the same volume. */
  readonly isShared: boolean;
  /** Recorders on the volume, this one counted; 1 where it is not given. */
  readonly recorders?: number;
  /** Bytes a second, as far as it is known before anything was measured. */
  readonly inflow?: number;
  /** One pass of deletion; answers how many segments went, the bytes that are lacking up to the floor and cannot be had, and whether what may go without breaking a least did not reach the aim. */
  readonly runPass: (wish: PassWish) => Promise<{ readonly deleted: number; readonly lacking: number; readonly isScarce: boolean }>;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
  /** How often a pass looks for what is only old. */
  readonly passMs?: number;
}

const LOOK_MS = 1_000;
const PASS_MS = 30_000;
/** After a pass that could not make room the next comes after so long, or when somebody asks for one; */
const RETRY_MS = 5_000;
/** after one that found nothing to do after so long. */
const REST_MS = 100;
/** After one that did not come near the aim (what may go comes of age segment by segment, or a least is broken) after so long, unless half of the way to the reserve is gone: a pass for each segment costs a plan over all cameras each time. */
const SCARCE_REST_MS = 5_000;
/** Of the way from the reserve to the floor: a full disk is tried again when so much is free, and no pass rests below it. */
const RESUME_SHARE = 1 / 2;

export class RoomKeeper implements WriteRoom, RoomPort {
  readonly isShared: boolean;
  readonly recorders: number;
  readonly #options: RoomKeeperOptions;
  /** As it was last looked at; undefined: it could not be, and nothing is refused then but by the disk itself. */
  #space: DiskSpace | undefined;
  #levels: RoomLevels = { reserveBytes: 0, floorBytes: 0, aimBytes: 0 };
  #inflow: number;
  /** Granted and settled since the start. What was settled when the last look began is in what it saw. */
  #granted = 0;
  #settled = 0;
  #settledAtLook = 0;
  #measured: { readonly at: number; readonly settled: number };
  #looking: Promise<DiskSpace> | undefined;
  #onLooked: (() => void)[] = [];
  #isFull = false;
  #passing: Promise<void> | undefined;
  /** A pass that looks for what is old was asked for meanwhile. */
  #isAsked = false;
  /** Before it no pass begins unasked. */
  #restUntil = -Infinity;
  /** The same while there is halfway enough free. */
  #scarceUntil = -Infinity;
  /** The last pass could not make room. */
  #isHopeless = false;
  #lookTimer: NodeJS.Timeout | undefined;
  #passTimer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: RoomKeeperOptions) {
    this.#options = options;
    this.isShared = options.isShared;
    this.recorders = options.recorders ?? 1;
    this.#inflow = options.inflow ?? 0;
    this.#measured = { at: options.clock.monotonicMs(), settled: 0 };
  }

  get levels(): RoomLevels {
    return this.#levels;
  }

  get inflowBytesPerSecond(): number {
    return this.#inflow;
  }

  /** From now on it looks each second, and calls passes. */
  start(): void {
    this.#lookTimer = setInterval(() => {
      if (this.#looking === undefined) void this.#tryLook();
    }, LOOK_MS);
    this.#passTimer = setInterval(() => void this.retain(), this.#options.passMs ?? PASS_MS);
  }

  /** Resolves when no pass is under way any more; one that is ends early. To be called after the last write. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#lookTimer);
    clearInterval(this.#passTimer);
    this.#isAsked = false;
    await this.#passing;
    await this.#looking?.catch(() => undefined);
  }

  /** A pass that looks for everything that may go: now, or after the one that is under way. Resolves when no pass is. */
  async retain(): Promise<void> {
    this.#isAsked = true;
    this.#begin();
    while (this.#passing !== undefined) await this.#passing;
  }

  /** Looks at the volume: what is free counts what was granted and is not written. Rejects where it cannot be looked at. */
  async look(): Promise<DiskSpace> {
    // One after the other: one that began before a deletion does not tell of the room that it made.
    const looking = (this.#looking ?? Promise.resolve()).then(() => this.#lookNow(), () => this.#lookNow());
    this.#looking = looking;
    try {
      return await looking;
    } finally {
      if (this.#looking === looking) this.#looking = undefined;
    }
  }

  take(bytes: number): Promise<void> | undefined {
    return this.#grant(bytes) ? undefined : this.#wait(bytes);
  }

  settle(bytes: number): void {
    this.#settled += bytes;
  }

  readonly hasRoom = (): boolean => !this.#isFull;

  readonly onDiskFull = (): void => {
    this.#isFull = true;
    this.#begin();
  };

  /** What is free, as far as it is known: what was, less what was granted since, by each recorder on the volume as much: what the others wrote is seen with the next look. */
  #freeNow(): number {
    return this.#space === undefined ? Infinity : this.#space.freeBytes - (this.#granted - this.#settledAtLook) * this.recorders;
  }

  readonly #isUrgent = (): boolean => this.#freeNow() < this.#levels.floorBytes;

  #grant(bytes: number): boolean {
    const left = this.#freeNow() - bytes * this.recorders;
    if (left < this.#levels.floorBytes) this.#begin();
    if (left < this.#levels.reserveBytes) return false;
    this.#granted += bytes;
    return true;
  }

  async #wait(bytes: number): Promise<void> {
    while (!this.#isFull && !this.#isHopeless && !this.#isStopped) {
      await new Promise<void>((resolve) => this.#onLooked.push(resolve));
      if (this.#grant(bytes)) return;
    }
    throw Object.assign(new Error(`ENOSPC: what is left of the disk is kept for ${this.isShared ? "the database and the index" : "the index"}, write`), { code: "ENOSPC" });
  }

  #begin(): void {
    if (this.#passing !== undefined || this.#isStopped || (!this.#isAsked && this.#mayRest())) return;
    this.#isHopeless = false; // whoever writes meanwhile waits for what it brings
    this.#passing = this.#pass().finally(() => {
      this.#passing = undefined;
      if (this.#isAsked || this.#isUrgent()) this.#begin();
    });
  }

  #mayRest(): boolean {
    const now = this.#options.clock.monotonicMs();
    return now < this.#restUntil || (now < this.#scarceUntil && this.#freeNow() >= this.#halfwayBytes());
  }

  #halfwayBytes(): number {
    const { reserveBytes, floorBytes } = this.#levels;
    return reserveBytes + (floorBytes - reserveBytes) * RESUME_SHARE;
  }

  async #pass(): Promise<void> {
    const { clock, runPass, log } = this.#options;
    const onlyForRoom = !this.#isAsked;
    this.#isAsked = false;
    try {
      const { deleted, lacking, isScarce } = await runPass({ onlyForRoom, levels: this.#levels, findSpace: () => this.look(), isUrgent: this.#isUrgent, isEnding: () => this.#isStopped });
      this.#isHopeless = lacking > 0;
      this.#restUntil = clock.monotonicMs() + (lacking > 0 ? RETRY_MS : deleted === 0 ? REST_MS : 0);
      this.#scarceUntil = isScarce ? clock.monotonicMs() + SCARCE_REST_MS : -Infinity;
    } catch (error) {
      this.#isHopeless = true;
      this.#restUntil = clock.monotonicMs() + RETRY_MS;
      log("error", {}, `old recordings could not be deleted: ${(error as Error).message}`);
    }
    await this.#tryLook(); // whoever waits for room hears of it at once
  }

  async #tryLook(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.#space = undefined;
      this.#isFull = false;
      this.#options.log("error", {}, `the disk could not be looked at: ${(error as Error).message}`);
      this.#tellLooked();
    }
  }

  async #lookNow(): Promise<DiskSpace> {
    const settledBefore = this.#settled;
    const space = await this.#options.findSpace();
    this.#space = space;
    this.#settledAtLook = settledBefore;
    this.#measure();
    this.#levels = roomLevelsOf({ totalBytes: space.totalBytes, inflow: this.#inflow, isShared: this.isShared, recorders: this.recorders });
    const free = this.#freeNow();
    if (free >= this.#halfwayBytes()) this.#isFull = false;
    if (free < this.#levels.floorBytes) this.#begin();
    this.#tellLooked();
    return { totalBytes: space.totalBytes, freeBytes: Math.max(0, free) };
  }

  /** While the disk is full nothing comes, and that says nothing of what will. */
  #measure(): void {
    const at = this.#options.clock.monotonicMs();
    if (!this.#isFull) this.#inflow = followInflow(this.#inflow, this.#settled - this.#measured.settled, at - this.#measured.at);
    this.#measured = { at, settled: this.#settled };
  }

  #tellLooked(): void {
    for (const tell of this.#onLooked.splice(0)) tell();
  }
}
