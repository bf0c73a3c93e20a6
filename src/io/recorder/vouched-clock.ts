// The time by which this recorder's recordings are deleted and causes forgotten ([RET13]): the wall clock as far as it is believed, kept in the index so that a restart ends no doubt. Each asking is a look: a step
// is doubted from the first pass on that could delete anything by it.
import type { Clock, MonotonicMs, WallMs } from "../../base/time.ts";
import { type BehindStretch, formatBehindStretches, parseBehindStretches, transitionBehindStretches } from "../../video/retention/behind-stretches.ts";
import { BELIEVED_MS, type ClockTrust, createClockTrust, doubtedMs, formatClockTrust, parseClockTrust, transitionClockTrust, vouchedMs } from "../../video/retention/clock-trust.ts";
import { type ClockContradiction, type ClockWitnesses, findContradiction } from "../../video/retention/clock-witness.ts";
import type { IndexStore } from "./index-store.ts";

const SETTING = "clock-trust";
const BEHIND_SETTING = "clock-behind";
/** "yes" as long as nobody knows when the recordings were last written, also over a crash: what the recorder keeps of its own running meanwhile says nothing of before. */
const SOUGHT_SETTING = "time-sought";

export interface VouchedClockOptions {
  readonly index: IndexStore;
  readonly clock: Clock;
  /** Asked at each look. */
  readonly listWitnesses?: () => ClockWitnesses;
  readonly log: (level: "info" | "warn" | "error", fields: object, message: string) => void;
}

export class VouchedClock implements Clock {
  readonly #options: VouchedClockOptions;
  #trust: ClockTrust;
  #behind: readonly BehindStretch[];
  #lastId: number;
  #lookedAt: MonotonicMs;
  readonly #startedAt: MonotonicMs;
  readonly #lastIdAtStart: number;
  #isDoubted = false;
  #isSought: boolean;
  /** Who says that the wall clock is ahead, when they were last asked. */
  #contradiction: ClockContradiction | undefined;

  constructor(options: VouchedClockOptions) {
    this.#options = options;
    const known = findKnown(options.index);
    this.#isSought = known === undefined;
    this.#trust = known ?? createClockTrust(options.clock.wallMs());
    this.#behind = parseBehindStretches(options.index.findSetting(BEHIND_SETTING) ?? "[]");
    this.#lastId = findLastSegment(options.index);
    this.#lastIdAtStart = this.#lastId;
    this.#lookedAt = options.clock.monotonicMs();
    this.#startedAt = this.#lookedAt;
    this.#look(true);
  }

  wallMs(): WallMs {
    this.#look();
    return Math.floor(vouchedMs(this.#trust));
  }

  monotonicMs(): MonotonicMs {
    return this.#options.clock.monotonicMs();
  }

  /** How far the wall clock is ahead of this one; 0 where it is believed. */
  get doubtedMs(): number {
    this.#look();
    return Math.round(doubtedMs(this.#trust));
  }

  /** How far the wall clock is behind what was believed before; 0 where it is not, or was for a day. */
  get behindMs(): number {
    this.#look();
    return this.#trust.behindMs > BELIEVED_MS ? Math.round(this.#trust.behindMs) : 0;
  }

  /** What was recorded while it was wrong ([RET14]). */
  listBehind(): readonly BehindStretch[] {
    this.#look();
    return this.#behind.filter(({ isBelieved }) => !isBelieved);
  }

  /** The index knows of no time before this start, and its files were not asked yet: the wall clock is taken for what it says, and nothing may be deleted for its age alone. */
  get isSought(): boolean {
    return this.#isSought;
  }

  /** When the newest file of before this start was written; undefined where there is none. */
  noteLastWritten(lastMs: WallMs | undefined): void {
    this.#isSought = false;
    if (lastMs !== undefined) {
      // As it would have been known at the start.
      this.#trust = createClockTrust(lastMs);
      this.#lookedAt = this.#startedAt;
      this.#lastId = this.#lastIdAtStart;
      this.#look(true);
    }
    this.keep();
  }

  /** To be called every few seconds: what the recorder ran since is not known to the next start. Throws where the index cannot be written. */
  keep(): void {
    this.#look();
    const { index } = this.#options;
    index.transaction(() => {
      index.saveSetting(SOUGHT_SETTING, this.#isSought ? "yes" : "no");
      index.saveSetting(SETTING, formatClockTrust(this.#trust));
      index.saveSetting(BEHIND_SETTING, formatBehindStretches(this.#behind));
    });
  }

  #ask(ranMs: number): void {
    const { clock, listWitnesses, log } = this.#options;
    const before = this.#contradiction?.by;
    this.#contradiction = listWitnesses === undefined ? undefined : findContradiction({ wallMs: clock.wallMs(), vouchedMs: vouchedMs(this.#trust) + ranMs }, listWitnesses());
    if (this.#contradiction === undefined || this.#contradiction.by === before) return;
    const { by, aheadMs } = this.#contradiction;
    log("error", { aheadMs: Math.round(aheadMs) }, `${by === "centre" ? "the centre's clock says" : "the clocks of most cameras say"} that this recorder's clock is ahead: it is not believed, however long it runs, until they agree`);
  }

  #look(isStart = false): void {
    const { clock, index, log } = this.#options;
    const at = clock.monotonicMs();
    const before = this.#trust;
    const ranMs = at - this.#lookedAt;
    const lastId = findLastSegment(index);
    this.#ask(ranMs);
    this.#trust = transitionClockTrust(before, { wallMs: clock.wallMs(), ranMs, contradictedMs: this.#contradiction?.aheadMs ?? 0 });
    const sinceStart = this.#contradiction === undefined ? {} : { sinceStart: { ranMs: at - this.#startedAt, lastId: this.#lastIdAtStart } };
    this.#behind = transitionBehindStretches(this.#behind, { before, after: this.#trust, ranMs, isStart, lastIdBefore: this.#lastId, lastId, ...sinceStart });
    this.#lastId = lastId;
    this.#lookedAt = at;
    const aheadMs = doubtedMs(this.#trust);
    if (aheadMs > 0 === this.#isDoubted) return;
    this.#isDoubted = aheadMs > 0;
    if (this.#isDoubted) log("error", { aheadMs: Math.round(aheadMs) }, "the clock is ahead of the time that this recorder can vouch for: it was off so long, or its clock is wrong; until it has run for a day, recordings are not deleted by age for that time");
    else log("info", {}, "the clock is believed again: recordings are deleted by age as it says");
  }
}

const findLastSegment = (index: IndexStore): number => (index.database.prepare("SELECT max(segment_id) AS id FROM segment").get() as { id: number | null }).id ?? 0;

function findKept(index: IndexStore): ClockTrust | undefined {
  const text = index.findSetting(SETTING);
  return text === undefined ? undefined : parseClockTrust(text);
}

/** What the index knows of a time before this start; where it knows of none, the files may. */
function findKnown(index: IndexStore): ClockTrust | undefined {
  if (index.findSetting(SOUGHT_SETTING) === "yes") return undefined;
  const lastMs = findLastKnown(index);
  return findKept(index) ?? (lastMs === undefined ? undefined : createClockTrust(lastMs));
}

/** Where no such thing was kept: when this recorder was last known to run, or began the newest of what it recorded. */
function findLastKnown(index: IndexStore): WallMs | undefined {
  const alive = Number(index.findSetting("alive-at") ?? "0");
  if (alive > 0) return alive;
  const sql = "SELECT max((SELECT max(start_ms) FROM segment s WHERE s.camera_id = d.camera_id)) AS at FROM (SELECT DISTINCT camera_id FROM stored_day) d";
  return (index.database.prepare(sql).get() as { at: number | null }).at ?? undefined;
}
