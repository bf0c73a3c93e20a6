// Trackers: devices that tell where a unit is, by OsmAnd's or Traccar's HTTP or in NMEA sentences. Which device speaks for which unit is set by an administrator.
import { z } from "zod";
import { Actor, Id, WallTime } from "./basics.ts";

/** As the device says it: an IMEI, a number of its app, a network address. */
export const DeviceId = z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{2,39}$/);
/** What was thought of a fix: taken and stale count; the others do not (src/interfaces/fix-judgement.ts). */
export const FIX_VERDICTS = ["taken", "stale", "repeated", "not-valid", "ahead", "too-old", "out-of-order", "impossible-jump", "outside-city", "unit-speaks-itself", "unit-off-duty"] as const;
export const FixVerdict = z.enum(FIX_VERDICTS);
export type FixVerdict = z.infer<typeof FixVerdict>;

/** Since the centre started: when it was last heard, what was thought of its last fix, and how many of each. */
export const TrackerHeard = z.object({ at: WallTime, fixAt: WallTime, verdict: FixVerdict, counts: z.partialRecord(FixVerdict, z.int()) });
export const StoredTracker = z.object({ id: Id, deviceId: z.string(), unitId: Id, registeredAt: WallTime, registeredBy: Actor });
export type StoredTracker = z.infer<typeof StoredTracker>;
export const Tracker = StoredTracker.extend({ callSign: z.string(), heard: TrackerHeard.nullable() });
export type Tracker = z.infer<typeof Tracker>;
export const NewTracker = z.object({ deviceId: DeviceId, unitId: Id });
/** `unknown`: devices that speak and that nobody registered, the last heard first. `faults`: sentences of the NMEA port that could not be read, by reason. */
export const Trackers = z.object({
  trackers: z.array(Tracker), unknown: z.array(z.object({ deviceId: z.string(), lastHeardAt: WallTime, fixes: z.int() })),
  faults: z.array(z.object({ reason: z.string(), count: z.int(), lastAt: WallTime, lastFrom: z.string() })),
});
export const FixTaken = z.object({ verdict: FixVerdict });
/** Parameters as text; a newer client's JSON; see the integrator's guide. */
export const OsmAndReport = z.record(z.string(), z.unknown());
