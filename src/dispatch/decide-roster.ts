// The roster: who is on duty on which unit from when to when (SPEC.md, [SHF1] to [SHF6]). Each entry is a version of its own: what it made of a unit's shifts is an event, so every version can be read from the log, and a shift that
// begins names the version that it is of. The end of a shift is no event: a unit is off shift by the clock alone, also while nothing can be written. Rejected: shifts in a table beside the log, where the state
// of yesterday could not be folded again; and a list without beginnings, which somebody has to enter at the minute of each relief.
import { DAY_MS, type WallMs } from "../base/time.ts";
import type { SystemCommand } from "./commands.ts";
import type { DecideContext, Decision } from "./decision.ts";
import { accept, refuse } from "./decision.ts";
import type { Roster, Shift } from "./entities.ts";
import type { EventBody } from "./events.ts";
import { findShift, isOn } from "./shifts.ts";
import type { State } from "./state.ts";
import { formatCanonical } from "./timeline.ts";

export const LONGEST_SHIFT_MS = DAY_MS;
/** Of one unit, that are not over. */
export const MOST_SHIFTS = 62;
/** A relief of a whole city at the same minute is told in turns of the timer, each a transaction of so many events. */
export const MOST_BEGIN_AT_ONCE = 2_000;

/** [SHF2] Puts a shift among others: one that runs into its start ends there, those that begin within it give way. What is over goes. */
export function withShift(shifts: readonly Shift[], added: Shift, now: WallMs): Shift[] {
  const kept = shifts.flatMap((shift): Shift[] => {
    if (shift.startsAt >= added.startsAt && shift.startsAt < added.endsAt) return [];
    return shift.startsAt < added.startsAt && shift.endsAt > added.startsAt ? [{ ...shift, endsAt: added.startsAt }] : [shift];
  });
  return [...kept, added].filter(({ endsAt }) => endsAt > now).sort((a, b) => a.startsAt - b.startsAt);
}

export function decideRoster(state: State, command: Extract<SystemCommand, { type: "roster.enter" | "roster.remove" }>, context: DecideContext): Decision {
  return command.type === "roster.enter" ? enter(state, command, context) : remove(state, command, context);
}

/** [SHF1] What is the same as before makes no event, and where nothing differs there is no new version. */
function enter(state: State, { shifts }: Extract<SystemCommand, { type: "roster.enter" }>, { now }: DecideContext): Decision {
  const version = state.lastRosterVersion + 1;
  const byUnit = new Map<number, Shift[]>();
  for (const { unitId, shift } of shifts) {
    if (!state.units.has(unitId)) return refuse("no-such-unit", `there is no unit ${unitId}`);
    if (shift.endsAt <= now || shift.endsAt <= shift.startsAt || shift.endsAt - shift.startsAt > LONGEST_SHIFT_MS) return refuse("not-a-shift", `a shift of unit ${unitId} ends before it begins, is over, or is longer than a day`);
    byUnit.set(unitId, withShift(byUnit.get(unitId) ?? state.rosters.find(unitId)?.shifts ?? [], shift, now));
  }
  const events: EventBody[] = [];
  for (const [unitId, next] of byUnit) {
    const before = state.rosters.find(unitId);
    const kept = before?.shifts.filter(({ endsAt }) => endsAt > now);
    if (kept !== undefined && formatCanonical(kept) === formatCanonical(next)) continue;
    if (next.length > MOST_SHIFTS) return refuse("roster-full", `unit ${unitId} would have ${next.length} shifts ahead; ${MOST_SHIFTS} are kept`);
    events.push({ type: "unit.rostered", unitId, version, shifts: next });
    const on = next.find((shift) => isOn(shift, now));
    if (on !== undefined && !hasBegun(before, on)) events.push({ type: "unit.shift-began", unitId, version, shift: on });
  }
  return accept(events);
}

/** Whether the unit works by it already; a crew that is entered anew for a shift that is on takes over at once. */
function hasBegun(roster: Roster | undefined, shift: Shift): boolean {
  const begun = roster?.begunAt === shift.startsAt ? roster.shifts.find(({ startsAt }) => startsAt === shift.startsAt) : undefined;
  const manning = ({ crew, skills, platformId }: Shift): string => formatCanonical({ crew, skills, platformId });
  return begun !== undefined && manning(begun) === manning(shift);
}

function remove(state: State, { unitId, startsAt }: Extract<SystemCommand, { type: "roster.remove" }>, { now }: DecideContext): Decision {
  const roster = state.rosters.find(unitId);
  if (roster === undefined) return refuse("no-such-shift", `unit ${unitId} is on no roster`);
  const version = state.lastRosterVersion + 1;
  if (startsAt === null) return accept([{ type: "unit.off-roster", unitId, version }]);
  const left = roster.shifts.filter((shift) => shift.startsAt !== startsAt);
  if (left.length === roster.shifts.length) return refuse("no-such-shift", `unit ${unitId} has no shift that begins then`);
  return accept([{ type: "unit.rostered", unitId, version, shifts: left.filter(({ endsAt }) => endsAt > now) }]);
}

/** [SHF3] Shifts whose time has come. One that came and went while nothing could be written is passed over. */
export function dueOfRoster(state: State, unitId: number, { now }: DecideContext): EventBody[] {
  const { version, shifts, begunAt } = state.rosters.get(unitId);
  const on = findShift(shifts, now);
  return on === undefined || on.startsAt > now || on.startsAt === begunAt ? [] : [{ type: "unit.shift-began", unitId, version, shift: on }];
}
