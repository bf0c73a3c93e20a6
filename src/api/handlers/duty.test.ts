// A list of shifts that is longer than one command takes: what was entered before a refusal in the middle is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR_MS } from "../../base/time.ts";
import { MOST_SHIFTS_AT_ONCE } from "../../contract/duty.ts";
import { DispatchUnavailableError, type DispatchService } from "../../workflow/dispatch-service.ts";
import type { PlatformBook } from "../duty/platform-book.ts";
import { ApiError } from "../gate/problem.ts";
import { createDutyHandlers } from "./duty.ts";

const NOW = 1_800_000_000_000;
const SHIFTS = 50;
const units = Array.from({ length: 90 }, (_, i) => ({ id: i + 1, callSign: `U${i + 1}` }));
const list = units.flatMap(({ callSign }) => Array.from({ length: SHIFTS }, (_, i) => ({ callSign, startsAt: NOW + 2 * i * HOUR_MS, endsAt: NOW + (2 * i + 1) * HOUR_MS, platform: null, crew: null, skills: null })));

for (const [how, status, second] of [
  ["refused", 409, async () => ({ outcome: "refused", rule: "no-such-unit", message: "there is no unit 41", allowed: [] })],
  ["not stored", 503, async () => { throw new DispatchUnavailableError("the disk is full"); }],
] as const) test(`[SHF1] a list that is ${how} in the middle says how much of it was entered, each unit wholly or not at all`, async () => {
  const pieces: (readonly { readonly unitId: number }[])[] = [];
  const dispatch = {
    liveWork: () => ({ units }), findRoster: () => null, rosterVersion: () => 1,
    enterShifts: (_: unknown, shifts: readonly { readonly unitId: number }[]) => {
      pieces.push(shifts);
      return pieces.length === 1 ? Promise.resolve({ outcome: "accepted" }) : second();
    },
  } as unknown as DispatchService;
  const handlers = createDutyHandlers({ clock: { wallMs: () => NOW, monotonicMs: () => 0 }, timeZone: "UTC", dispatch, platforms: { findByCode: () => null } as unknown as PlatformBook });
  const entering = handlers.enterShifts({ principal: { actor: { kind: "user", id: 1, name: "keeper" } }, body: { shifts: list } } as unknown as Parameters<typeof handlers.enterShifts>[0]);
  await assert.rejects(Promise.resolve(entering), (error: unknown) => error instanceof ApiError && error.status === status && error.problem.details?.["entered"] === MOST_SHIFTS_AT_ONCE && /2000 shifts of the list were entered before that/.test(error.message));
  const [first, then] = pieces.map((shifts) => new Set(shifts.map(({ unitId }) => unitId)));
  assert.deepEqual([first!.size, then!.size, [...first!].some((unitId) => then!.has(unitId))], [MOST_SHIFTS_AT_ONCE / SHIFTS, 40, false]);
});
