// Platforms, and who is on duty from when to when: by form, by API and as CSV, each judged by the same rules.
import type { Clock } from "../../base/time.ts";
import type { InputFault } from "../../base/expectations.ts";
import type { Actor } from "../../contract/basics.ts";
import type { NewPlatform } from "../../contract/city.ts";
import { MOST_SHIFTS_AT_ONCE, type DutyUnit, type LineFault, type NewShift } from "../../contract/duty.ts";
import { isOffShift } from "../../base/shift.ts";
import type { Unit } from "../../dispatch/entities.ts";
import { DispatchUnavailableError, type DispatchService } from "../../workflow/dispatch-service.ts";
import { inColumns, readPlatformLines, readShiftLines, type Lines } from "../duty/duty-csv.ts";
import { judgeShifts, type ShiftToEnter } from "../duty/judge-shifts.ts";
import type { PlatformBook } from "../duty/platform-book.ts";
import { ApiError, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";

export interface DutyHandlerOptions {
  readonly clock: Clock;
  readonly timeZone: string;
  readonly dispatch: DispatchService;
  readonly platforms: PlatformBook;
}
type Names = "registerPlatforms" | "importPlatforms" | "retirePlatform" | "listDuty" | "enterShifts" | "importShifts" | "removeShift";

const MOST_TOLD = 1_000;
const CALL_SIGN_ORDER = new Intl.Collator("en", { numeric: true }); // once: one for each comparison made a list of thousands of units take a third of a second of dispatch's own thread
const numbered = <T>(values: readonly T[]): Lines<T> => ({ rows: values.map((value, i) => ({ line: i + 1, value })), faults: [], notices: [] });
const told = (faults: readonly { readonly line: number; readonly fault: InputFault }[], notices: readonly InputFault[]) => {
  const sorted = faults.toSorted((a, b) => a.line - b.line);
  return {
    rejected: sorted.slice(0, MOST_TOLD).map(({ line, fault }): LineFault => ({ line, ...fault, params: { ...fault.params } })), rejectedLines: [...new Set(sorted.map(({ line }) => line))],
    notices: notices.map((notice) => ({ ...notice, params: { ...notice.params } })),
  };
};
const asColumns = <F extends { readonly fault: InputFault }>(faults: readonly F[]): F[] => faults.map((one) => ({ ...one, fault: inColumns(one.fault) }));

const standing = (entered: number): string => `${entered} ${entered === 1 ? "shift" : "shifts"} of the list ${entered === 1 ? "was" : "were"} entered before that`;
/** Unit by unit, as no list is that goes by days, and no unit in two pieces: an event holds all shifts of its unit, so each unit is told once, and its shifts are taken or refused together. */
function* inPieces(shifts: readonly ShiftToEnter[]): Generator<readonly ShiftToEnter[]> {
  let piece: ShiftToEnter[] = [];
  for (const mine of Map.groupBy(shifts, ({ unitId }) => unitId).values()) {
    if (piece.length > 0 && piece.length + mine.length > MOST_SHIFTS_AT_ONCE) {
      yield piece;
      piece = [];
    }
    piece.push(...mine);
  }
  if (piece.length > 0) yield piece;
}

export function createDutyHandlers({ clock, timeZone, dispatch, platforms }: DutyHandlerOptions): Pick<Handlers, Names> {
  const importPlatforms = async (lines: Lines<NewPlatform>, by: Actor, check: boolean) => {
    const { good, faults } = platforms.judge(lines.rows);
    return { platforms: check ? platforms.preview(good) : await platforms.enter(good, by), ...told([...lines.faults, ...asColumns(faults)], lines.notices) };
  };

  const enterShifts = async (lines: Lines<NewShift>, by: Actor, check: boolean, isList: boolean) => {
    const unitIds = new Map(dispatch.liveWork().units.map(({ id, callSign }) => [callSign, id]));
    const now = clock.wallMs();
    const aheadOf = (unitId: number) => dispatch.findRoster(unitId)?.shifts.filter(({ endsAt }) => endsAt > now) ?? [];
    const { good, faults } = judgeShifts(lines.rows, { findUnitId: (callSign) => unitIds.get(callSign) ?? null, findPlatformId: (code) => platforms.findByCode(code)?.id ?? null, shiftsOf: aheadOf, now, timeZone });
    const before = dispatch.rosterVersion();
    let entered = check ? good.length : 0;
    for (const some of check ? [] : inPieces(good)) {
      const outcome = await dispatch.enterShifts(by, some).catch((error: unknown) => {
        if (entered === 0 || !(error instanceof DispatchUnavailableError)) throw error;
        throw new ApiError(503, "dispatch-unavailable", `This could not be stored just now: send it again. ${standing(entered)}`, { details: { entered } });
      });
      if (outcome.outcome !== "accepted") throw entered === 0 ? new ApiError(409, outcome.rule, outcome.message) : new ApiError(409, outcome.rule, `${outcome.message}. ${standing(entered)}`, { details: { entered } });
      entered += some.length;
    }
    const version = dispatch.rosterVersion();
    return { entered, version: version === before ? null : version, ...told([...lines.faults, ...(isList ? asColumns(faults) : faults)], lines.notices) };
  };

  const view = (unit: Unit): DutyUnit => {
    const { id, callSign, kind, home, platformId, crew, skills, phone, shiftStartsAt, shiftEndsAt, rosterVersion } = unit;
    const now = clock.wallMs();
    return { id, callSign, kind, home, platformId, crew, skills, phone, shiftStartsAt, shiftEndsAt, rosterVersion, shifts: dispatch.findRoster(id)?.shifts.filter(({ endsAt }) => endsAt > now) ?? null };
  };
  const textOf = ({ callSign, crew, platformId }: Unit): string => {
    const platform = platformId === null ? null : platforms.find(platformId);
    return [callSign, ...crew.flatMap(({ name, badge }) => [name, badge]), platform?.code ?? "", platform?.name ?? ""].join("\n").toLowerCase();
  };

  return {
    registerPlatforms: async ({ principal, body }) => {
      const { good, faults } = platforms.judge(numbered(body.platforms).rows);
      return { platforms: await platforms.enter(good, principal.actor), rejected: faults.map(({ line, fault }) => ({ platform: body.platforms[line - 1]!.code, ...fault, params: { ...fault.params } })) };
    },
    importPlatforms: async ({ principal, query, body }) => importPlatforms(await readPlatformLines(body.csv), principal.actor, query.check === "true"),
    retirePlatform: async ({ principal, params }) => {
      await platforms.retire(params.id, principal.actor, () => {
        const { units } = dispatch.liveWork();
        const now = clock.wallMs();
        const shifts = units.flatMap(({ id, callSign }) => (dispatch.findRoster(id)?.shifts ?? []).filter(({ endsAt, platformId }) => platformId === params.id && endsAt > now).map(({ startsAt }) => ({ callSign, startsAt })));
        return { units: units.filter(({ platformId }) => platformId === params.id).length, shifts: shifts.sort((a, b) => a.startsAt - b.startsAt) };
      });
      return { done: true };
    },
    listDuty: async ({ query }) => {
      const now = clock.wallMs();
      const all = dispatch.liveWork().units;
      const wanted = query.q?.toLowerCase() ?? "";
      const found = (wanted === "" ? [...all] : all.filter((unit) => textOf(unit).includes(wanted))).sort((a, b) => CALL_SIGN_ORDER.compare(a.callSign, b.callSign));
      return { units: found.slice(query.offset, query.offset + query.limit).map(view), total: found.length, onShift: found.filter((unit) => !isOffShift(unit, now)).length, version: dispatch.rosterVersion() };
    },
    enterShifts: ({ principal, body }) => enterShifts(numbered(body.shifts), principal.actor, false, false),
    importShifts: async ({ principal, query, body }) => enterShifts(await readShiftLines(body.csv, timeZone), principal.actor, query.check === "true", true),
    removeShift: async ({ principal, params, body }) => {
      if (dispatch.findUnit(params.id) === null) throw notFound("unit");
      const outcome = await dispatch.removeShift(principal.actor, params.id, body.startsAt);
      if (outcome.outcome !== "accepted") throw new ApiError(409, outcome.rule, outcome.message);
      return { done: true };
    },
  };
}
