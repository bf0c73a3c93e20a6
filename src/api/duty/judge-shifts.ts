// Which shifts of a list can be entered: each judged by itself, against the others of its unit in the list, and by how many are kept of one unit with those that it has. Pure, so that a check says what an entry would do.
import { createFault, type InputFault } from "../../base/expectations.ts";
import { DAY_MS, HOUR_MS, type WallMs } from "../../base/time.ts";
import { formatOffsetTime } from "../../base/time-zone.ts";
import type { NewShift } from "../../contract/duty.ts";
import { LONGEST_SHIFT_MS, MOST_SHIFTS, withShift } from "../../dispatch/decide-roster.ts";
import type { Shift } from "../../dispatch/entities.ts";

export const MOST_DAYS_AHEAD = 62;

export interface ShiftToEnter {
  readonly unitId: number;
  readonly shift: Shift;
}
export interface KnownDuty {
  readonly findUnitId: (callSign: string) => number | null;
  readonly findPlatformId: (code: string) => number | null;
  /** That it has now and are not over, soonest first. */
  readonly shiftsOf: (unitId: number) => readonly Shift[];
  readonly now: WallMs;
  /** Of the city: moments are told by its clocks, as they were written. */
  readonly timeZone: string;
}
type Row = { readonly line: number; readonly value: NewShift };
type LineFaults = { readonly line: number; readonly fault: InputFault }[];
type LineShift = { readonly line: number; readonly shift: Shift };

export function judgeShifts(rows: readonly Row[], known: KnownDuty): { readonly good: ShiftToEnter[]; readonly faults: LineFaults } {
  const faults: LineFaults = [];
  const taken = new Map<number, LineShift[]>();
  for (const { line, value } of rows) {
    const { callSign, startsAt, endsAt, platform, crew, skills } = value;
    const unitId = known.findUnitId(callSign);
    const platformId = platform === null ? null : known.findPlatformId(platform);
    const found = [...faultsOfTimes(value, known)];
    if (unitId === null) found.push(createFault("callSign", callSign, "call-sign-known"));
    if (platform !== null && platformId === null) found.push(createFault("platform", platform, "platform-exists"));
    const mine = unitId === null ? [] : (taken.get(unitId) ?? []);
    const other = found.length > 0 ? undefined : mine.find(({ shift }) => shift.startsAt < endsAt && startsAt < shift.endsAt);
    if (other !== undefined) found.push(createFault("startsAt", clockOf(startsAt, known), "shift-apart", { line: other.line }));
    if (found.length > 0 || unitId === null) {
      faults.push(...found.map((fault) => ({ line, fault })));
      continue;
    }
    taken.set(unitId, [...mine, { line, shift: { startsAt, endsAt, crew, skills, platformId } }]);
  }
  const good: ShiftToEnter[] = [];
  for (const [unitId, mine] of taken) {
    const beyond = findBeyond(mine, known.shiftsOf(unitId), known.now);
    good.push(...mine.filter(({ line }) => !beyond.has(line)).map(({ shift }) => ({ unitId, shift })));
    for (const { line, shift } of mine) if (beyond.has(line)) faults.push({ line, fault: createFault("startsAt", clockOf(shift.startsAt, known), "shift-room", { n: MOST_SHIFTS }) });
  }
  return { good, faults };
}

/** [SHF1] Lines of a unit's shifts that are more than are kept of it: the latest ones. What puts a shift of before away takes no room. */
function findBeyond(added: readonly LineShift[], before: readonly Shift[], now: WallMs): ReadonlySet<number> {
  const growth = ({ shift }: LineShift): number => (before.some(({ startsAt }) => startsAt >= shift.startsAt && startsAt < shift.endsAt) ? 0 : 1);
  const beyond = new Set<number>();
  let shifts = before;
  for (const { line, shift } of added.toSorted((a, b) => growth(a) - growth(b) || a.shift.startsAt - b.shift.startsAt)) {
    const next = withShift(shifts, shift, now);
    if (next.length > MOST_SHIFTS) beyond.add(line);
    else shifts = next;
  }
  return beyond;
}

const clockOf = (at: WallMs, { timeZone }: Pick<KnownDuty, "timeZone">): string => formatOffsetTime(at, timeZone).slice(0, 16).replace("T", " ");

function faultsOfTimes({ startsAt, endsAt }: NewShift, known: KnownDuty): InputFault[] {
  if (endsAt <= startsAt || endsAt - startsAt > LONGEST_SHIFT_MS) return [createFault("endsAt", clockOf(endsAt, known), "shift-end", { n: LONGEST_SHIFT_MS / HOUR_MS })];
  if (endsAt <= known.now) return [createFault("endsAt", clockOf(endsAt, known), "shift-ahead")];
  return startsAt - known.now > MOST_DAYS_AHEAD * DAY_MS ? [createFault("startsAt", clockOf(startsAt, known), "shift-soon", { n: MOST_DAYS_AHEAD })] : [];
}
