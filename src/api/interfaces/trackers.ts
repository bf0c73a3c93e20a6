// Trackers, whichever way they speak: a device becomes a unit, its fix is judged against its last believed one, and what was thought of it is kept for the person
// who looks after it. What is kept is bounded: registered devices, and the 200 unregistered ones that were heard last.
import { createFault } from "../../base/expectations.ts";
import { keepLatest } from "../../base/keep-latest.ts";
import type { Clock } from "../../base/time.ts";
import type { FixVerdict, StoredTracker, Tracker } from "../../contract/trackers.ts";
import { NO_TRAIL, judgeFix, type Trail } from "../../interfaces/fix-judgement.ts";
import { parseOsmAnd } from "../../protocol/avl/osmand.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { TrackerStorePort } from "../ports.ts";
import type { PositionIntake } from "./position-intake.ts";

export interface TrackerFix {
  readonly deviceId: string;
  readonly lon: number;
  readonly lat: number;
  readonly at: number;
  readonly speedMps: number | null;
  readonly headingDeg: number | null;
  readonly valid: boolean;
}
export interface Trackers {
  /** Null: nobody registered the device. */
  take(fix: TrackerFix): FixVerdict | null;
  /** A line of the NMEA port that could not be read. */
  noteFault(reason: string, from: string): void;
  readonly handlers: Pick<Handlers, "listTrackers" | "createTracker" | "removeTracker" | "reportOsmAnd" | "reportOsmAndByPost">;
}
export interface TrackersOptions {
  readonly clock: Clock;
  readonly store: TrackerStorePort;
  readonly dispatch: Pick<DispatchService, "findUnit">;
  readonly intake: PositionIntake;
}

const MOST_UNKNOWN = 200;
const MOST_FAULT_REASONS = 50;
const OSMAND_EXPECTED = { "device-id": "device-id", latitude: "latitude", longitude: "longitude", time: "device-time", number: "number" } as const;

interface Held {
  readonly stored: StoredTracker;
  trail: Trail;
  heard: Tracker["heard"];
}

export async function createTrackers({ clock, store, dispatch, intake }: TrackersOptions): Promise<Trackers> {
  const byDevice = new Map<string, Held>();
  const unknown = new Map<string, { lastHeardAt: number; fixes: number }>(); // in the order of the last word
  const faults = new Map<string, { count: number; lastAt: number; lastFrom: string }>();
  const hold = (stored: StoredTracker): Held => {
    const held: Held = { stored, trail: NO_TRAIL, heard: null };
    byDevice.set(stored.deviceId, held);
    return held;
  };
  for (const stored of await store.list()) hold(stored);
  const toTracker = ({ stored, heard }: Held): Tracker => ({ ...stored, callSign: dispatch.findUnit(stored.unitId)?.callSign ?? "", heard });

  const judge = (held: Held, fix: TrackerFix, now: number): FixVerdict => {
    if (fix.valid && (fix.lon !== 0 || fix.lat !== 0) && intake.isBeyond(fix.lon, fix.lat)) return "outside-city";
    const { verdict, trail } = judgeFix(held.trail, fix, now);
    if (verdict !== "taken" && verdict !== "stale") {
      held.trail = trail;
      return verdict;
    }
    const { lon, lat, headingDeg, speedMps, at } = fix;
    const [fault] = intake.report([{ unitId: held.stored.unitId, lon, lat, headingDeg, speedMps, at }]).refused;
    held.trail = trail;
    if (fault === undefined) return verdict;
    return fault.code === "unit-not-speaking" ? "unit-speaks-itself" : "unit-off-duty";
  };

  const take = (fix: TrackerFix): FixVerdict | null => {
    const now = clock.wallMs();
    const held = byDevice.get(fix.deviceId);
    if (held === undefined) {
      const fixes = (unknown.get(fix.deviceId)?.fixes ?? 0) + 1;
      keepLatest(unknown, fix.deviceId, { lastHeardAt: now, fixes }, MOST_UNKNOWN);
      return null;
    }
    const verdict = judge(held, fix, now);
    const counts = { ...held.heard?.counts, [verdict]: (held.heard?.counts[verdict] ?? 0) + 1 };
    held.heard = { at: now, fixAt: Math.max(0, Math.round(fix.at)), verdict, counts };
    return verdict;
  };
  const takeOsmAnd = (fields: Record<string, unknown>): { verdict: FixVerdict } => {
    const parsed = parseOsmAnd(fields);
    if (!parsed.ok) throw badInput(parsed.faults.map(({ field, value, expected }) => createFault(field, value, OSMAND_EXPECTED[expected])));
    const verdict = take({ ...parsed.fix, at: parsed.fix.at ?? clock.wallMs() });
    if (verdict === null) throw new ApiError(404, "no-such-tracker", `Nobody has registered the tracker ${parsed.fix.deviceId}; an administrator does, in People`);
    return { verdict };
  };

  return {
    take,
    noteFault: (reason, from) => {
      if (!faults.has(reason) && faults.size >= MOST_FAULT_REASONS) return;
      faults.set(reason, { count: (faults.get(reason)?.count ?? 0) + 1, lastAt: clock.wallMs(), lastFrom: from });
    },
    handlers: {
      listTrackers: async () => ({
        trackers: [...byDevice.values()].map(toTracker), unknown: [...unknown].map(([deviceId, heard]) => ({ deviceId, ...heard })).reverse(),
        faults: [...faults].map(([reason, seen]) => ({ reason, ...seen })),
      }),
      createTracker: async ({ principal, body }) => {
        if (dispatch.findUnit(body.unitId) === null) throw badInput([createFault("unitId", String(body.unitId), "unit-exists")]);
        const added = await store.add(body.deviceId, body.unitId, principal.actor, clock.wallMs());
        if (!added.ok) throw new ApiError(409, added.error, added.error === "device-taken" ? "This device speaks for another unit already" : "This unit has a tracker already: remove that first");
        unknown.delete(body.deviceId);
        return toTracker(hold(added.value));
      },
      removeTracker: async ({ principal, params }) => {
        const held = [...byDevice.values()].find(({ stored }) => stored.id === params.id);
        if (!(await store.remove(params.id, principal.actor, clock.wallMs())) || held === undefined) throw notFound("tracker");
        byDevice.delete(held.stored.deviceId);
        return { done: true };
      },
      reportOsmAnd: async ({ query }) => takeOsmAnd(query),
      // Older clients put everything into the address even when they post.
      reportOsmAndByPost: async ({ query, body }) => takeOsmAnd({ ...query, ...body }),
    },
  };
}
