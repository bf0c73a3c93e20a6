// The phones and radios of all units, over HTTP: asks what work there is, lets each crew act, sends what they report in their order, and sends
// where they are in one batch a second. One gateway for all rather than ninety connections, as fleet systems have it. Of a unit that a person leads it
// tells the place only, as the tracker in a vehicle does whoever is at the wheel.
import type { Clock } from "../../base/time.ts";
import type { Random } from "../../base/random.ts";
import { REPLAYED_SKILL } from "../../contract/basics.ts";
import type { Unit } from "../../contract/dispatch.ts";
import type { PositionReport } from "../../contract/live.ts";
import type { CentreClient, FieldWork } from "./centre-client.ts";
import type { FindWay, PhoneReport, UnitPhone, Work } from "./unit-phone.ts";
import { createUnitPhone } from "./unit-phone.ts";

export interface FleetOptions {
  readonly client: CentreClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly findWay: FindWay;
  /** The roads that crews hear are closed, whenever that changed. */
  readonly onClosures: (closures: FieldWork["closures"]) => void;
}

export interface Fleet {
  /** One second of the fleet's life. Never rejects; resolves when work was read and positions were sent. */
  tick(): Promise<void>;
  /** Reports that wait for an outcome. */
  waiting(): number;
}

/** A unit that stands sends its place this often. */
const STILL_EVERY_MS = 15_000;

export function createFleet({ client, clock, random, findWay, onClosures }: FleetOptions): Fleet {
  const phones = new Map<number, UnitPhone>();
  const outboxes = new Map<number, Promise<void>>();
  const sentAt = new Map<number, number>();
  let waiting = 0;
  let work: FieldWork | null = null;
  let closedAsOf = "";

  const post = (unitId: number, report: PhoneReport): void => {
    waiting++;
    const before = outboxes.get(unitId) ?? Promise.resolve();
    // A unit's reports go one after the other, so that the centre hears them in the order in which they happened.
    const sent = before.then(async () => {
      await client.send(report);
      waiting--;
      if (outboxes.get(unitId) === sent) outboxes.delete(unitId);
    });
    outboxes.set(unitId, sent);
  };

  const phoneOf = (unit: Unit, now: number): UnitPhone => {
    let phone = phones.get(unit.id);
    if (phone === undefined) phones.set(unit.id, (phone = createUnitPhone(unit, random.fork(unit.callSign), findWay, now)));
    return phone;
  };

  const letCrewsAct = (now: number): void => {
    if (work === null) return;
    const places = new Map(work.incidents.map((incident) => [incident.id, incident.place.point]));
    const jobs = new Map(work.assignments.filter((one) => one.state !== "proposed").map((one) => [one.unitId, one]));
    const listed = new Set<number>();
    const workOf = (assignment: FieldWork["assignments"][number] | undefined): Work | null => {
      const place = assignment === undefined ? undefined : (assignment.cover?.point ?? places.get(assignment.incidentId));
      return assignment === undefined || place === undefined ? null : { assignment, place };
    };
    for (const unit of work.units) {
      if (unit.skills.includes(REPLAYED_SKILL)) continue;
      listed.add(unit.id);
      for (const report of phoneOf(unit, now).step(workOf(jobs.get(unit.id)), unit.availability !== "not-available", now)) post(unit.id, report);
    }
    for (const { unit, assignment } of work.led) {
      listed.add(unit.id);
      phoneOf(unit, now).accompany(workOf(assignment ?? undefined), now);
    }
    for (const unitId of phones.keys()) if (!listed.has(unitId)) phones.delete(unitId); // no unit any more
  };

  const listFixes = (now: number): PositionReport["fixes"] => {
    const fixes: PositionReport["fixes"] = [];
    for (const [unitId, phone] of phones) {
      const { point, headingDeg, speedMps } = phone.locate(now);
      const moves = speedMps > 0;
      if (!moves && now - (sentAt.get(unitId) ?? -Infinity) < STILL_EVERY_MS) continue;
      sentAt.set(unitId, moves ? -Infinity : now); // the first fix after a halt goes at once
      fixes.push({ unitId, lon: point.lon, lat: point.lat, headingDeg, speedMps, at: now });
    }
    return fixes;
  };

  return {
    tick: async () => {
      work = (await client.listFieldWork()) ?? work;
      const asOf = (work?.closures ?? []).map((closure) => closure.id).join();
      if (work !== null && asOf !== closedAsOf) onClosures(work.closures);
      closedAsOf = asOf;
      const now = Math.round(clock.wallMs());
      letCrewsAct(now);
      const fixes = listFixes(now);
      if (fixes.length > 0) await client.reportPositions(fixes);
    },
    waiting: () => waiting,
  };
}
