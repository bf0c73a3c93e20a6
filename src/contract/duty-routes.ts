// Routes of platforms and shifts, part of the table in routes.ts.
import { z } from "zod";
import * as duty from "./duty.ts";
import { Done, byId, route } from "./route.ts";

export const DUTY_ROUTES = {
  importPlatforms: route({ method: "POST", path: "/platforms/import", permission: "duty.write", summary: "Enter platforms from CSV, or check the list; bad rows are told, the rest go in", query: duty.CheckQuery, body: duty.DutyCsv, answer: duty.PlatformsEntered }),
  retirePlatform: route({ method: "POST", path: "/platforms/{id}/retire", permission: "duty.write", summary: "A platform that is staffed no more; refused while units are attached to it, or shifts that are not over name it", params: byId, answer: Done }),
  listDuty: route({ method: "GET", path: "/duty", permission: "duty.write", summary: "Units with their crews, platforms and shifts, in pages by call sign", query: duty.DutyQuery, answer: duty.DutyPage }),
  enterShifts: route({ method: "POST", path: "/shifts", permission: "duty.write", summary: "Enter shifts; what a unit has at the same hours gives way. One version of the roster, where anything differs", body: z.object({ shifts: z.array(duty.NewShift).min(1).max(duty.MOST_SHIFTS_AT_ONCE) }), answer: duty.ShiftsEntered }),
  importShifts: route({ method: "POST", path: "/shifts/import", permission: "duty.write", summary: "Enter shifts from CSV, or check the list; bad rows are told, the rest go in", query: duty.CheckQuery, body: duty.DutyCsv, answer: duty.ShiftsEntered }),
  removeShift: route({ method: "POST", path: "/units/{id}/shifts/remove", permission: "duty.write", summary: "Take a shift out, by its start; with null, take the unit off the roster, on duty always", params: byId, body: duty.RemoveShift, answer: Done }),
} as const;
