// Platforms and shifts on the wire: where crews stand, and who is on duty from when to when. Both come by form, by API and as CSV; a list is read to its end, each row that cannot be is told with its line, and the rest goes in.
import { z } from "zod";
import { Fault, Id, Point, WallTime } from "./basics.ts";
import { NewPlatform, Platform } from "./city.ts";
import { Unit, UNIT_KINDS } from "./dispatch.ts";

export const PLATFORM_CSV_COLUMNS = ["code", "name", "lat", "lon"] as const;

const Line = z.int().positive();
/** `line`: of the CSV's row, or which of the body's list, from 1. */
export const LineFault = Fault.extend({ line: Line });
export type LineFault = z.infer<typeof LineFault>;
/** Faults are told up to a limit, lines all; `notices`: columns that were passed over. */
const Told = { rejected: z.array(LineFault), rejectedLines: z.array(Line), notices: z.array(Fault) };
export const PlatformsEntered = z.object({ platforms: z.array(Platform), ...Told });
export type PlatformsEntered = z.infer<typeof PlatformsEntered>;

/** A list of CSV; what is longer comes in pieces. */
export const DutyCsv = z.object({ csv: z.string().max(5_000_000) });
/** `check`: only what would become of it. */
export const CheckQuery = z.object({ check: z.enum(["true", "false"]).optional() });

const Crew = z.array(z.object({ name: z.string().trim().min(1).max(80), badge: z.string().trim().max(20) })).max(20);
const Skills = z.array(z.string().trim().min(1).max(40)).max(20);
/** One turn of duty. Null: crew, skills or platform stay as they are when it begins. */
export const NewShift = z.object({
  callSign: z.string().trim().min(1).max(20), startsAt: WallTime, endsAt: WallTime, platform: NewPlatform.shape.code.nullable().default(null), crew: Crew.nullable().default(null), skills: Skills.nullable().default(null),
});
export type NewShift = z.infer<typeof NewShift>;
/** Times by the clocks of the city, or with an offset; an end of hours and minutes only is the next such time after the start. */
export const SHIFT_CSV_COLUMNS = ["call_sign", "starts", "ends", "platform", "crew", "skills"] as const;
export const MOST_SHIFTS_AT_ONCE = 2_000;
/** `version` null: nothing differed from what was known, or it was a check. */
export const ShiftsEntered = z.object({ entered: z.int(), version: z.int().nullable(), ...Told });
export type ShiftsEntered = z.infer<typeof ShiftsEntered>;

export const Shift = z.object({ startsAt: WallTime, endsAt: WallTime, crew: Crew.nullable(), skills: Skills.nullable(), platformId: Id.nullable() });
export type Shift = z.infer<typeof Shift>;
/** `shifts`: those that are not over, soonest first; null: the unit is on no roster, and on duty always. */
export const DutyUnit = Unit.pick({ id: true, callSign: true, platformId: true, crew: true, skills: true, phone: true, shiftStartsAt: true, shiftEndsAt: true, rosterVersion: true }).extend({ kind: z.enum(UNIT_KINDS), home: Point, shifts: z.array(Shift).nullable() });
export type DutyUnit = z.infer<typeof DutyUnit>;
/** By call sign; `q`: a part of the call sign, of a crew's name or badge, or of the platform's code or name. */
export const DutyQuery = z.object({ q: z.string().trim().max(80).optional(), offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(500).default(200) });
export const DutyPage = z.object({ units: z.array(DutyUnit), total: z.int(), onShift: z.int(), version: z.int() });
/** Null: all, and the unit is on no roster any more. */
export const RemoveShift = z.object({ startsAt: WallTime.nullable() });
