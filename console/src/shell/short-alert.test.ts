// When the alert of an incident that nobody goes to sounds, and what silences it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { acknowledgeAlert, findLoudest, findWorst, followAlerts, listLoud, NO_ALERTS, type Alerts } from "./short-alert.ts";

const DUE = 60_000;
const short = { missing: 2, since: 0, dueAt: DUE, reminders: 0 };
type Watched = Parameters<typeof followAlerts>[1] extends Iterable<infer One> ? One : never;
const incident = (change: Partial<Watched> = {}): Watched => ({ id: 7, status: "active", priority: 1, sequence: 10, contactIds: [1], shortfall: short, ...change });
const reminded = (reminders: number, sequence: number): Watched => incident({ sequence, shortfall: { ...short, reminders, dueAt: DUE * (reminders + 1) } });
const late = (one: Watched = incident(), before: Alerts = NO_ALERTS): Alerts => followAlerts(before, [one], DUE + 1);
const isLoud = (alerts: Alerts): boolean => listLoud(alerts).includes(7);

describe("the alert of an incident that nobody goes to", () => {
  it("begins when its time is over, not before", () => {
    assert.equal(followAlerts(NO_ALERTS, [incident()], DUE).size, 0);
    assert.deepEqual(listLoud(late()), [7]);
  });
  it("is for priority 1 and 2; the others are told by the eye alone", () => {
    assert.equal(findLoudest(late(incident({ priority: 3 }))), null);
    assert.equal(findLoudest(late(incident({ priority: 2 }))), 2);
    assert.equal(findLoudest(followAlerts(NO_ALERTS, [incident({ priority: 2 }), incident({ id: 8 })], DUE + 1)), 1, "the worst one sounds");
    assert.equal(findWorst(followAlerts(NO_ALERTS, [incident({ priority: 2 }), incident({ id: 9 }), incident({ id: 8 })], DUE + 1)), 8, "and of two such the older one blinks");
  });
  it("goes on as long as nothing happens, without making work for the page", () => {
    const alerts = late();
    assert.equal(followAlerts(alerts, [incident()], DUE + 600_000), alerts);
  });
  it("is silenced by who acknowledges it", () => assert.equal(findLoudest(acknowledgeAlert(late(), 7)), null));
  it("is silenced by anybody's act: one more unit, a change of the incident, a look at a camera", () => {
    assert.equal(isLoud(late(incident({ sequence: 11, shortfall: { ...short, missing: 1 } }), late())), false);
    assert.equal(isLoud(late(incident({ sequence: 11 }), late())), false);
  });
  it("is not silenced by one more caller", () => assert.equal(isLoud(late(incident({ sequence: 11, contactIds: [1, 2] }), late())), true));
  it("comes back with each reminder of the centre", () => {
    const silenced = acknowledgeAlert(late(reminded(1, 10)), 7);
    assert.equal(isLoud(late(reminded(1, 10), silenced)), false);
    assert.equal(isLoud(late(reminded(2, 12), silenced)), true);
  });
  it("does not come back with the first reminder, a moment after this page saw the time go by", () => assert.equal(isLoud(late(reminded(1, 11), acknowledgeAlert(late(), 7))), false));
  it("comes back when it gets worse: a unit declines, the priority is raised", () => {
    const silenced = acknowledgeAlert(late(incident({ priority: 2 })), 7);
    assert.equal(isLoud(late(incident({ priority: 2, sequence: 11, shortfall: { ...short, missing: 3 } }), silenced)), true);
    assert.equal(isLoud(late(incident({ priority: 1, sequence: 11 }), silenced)), true);
  });
  it("ends with the shortfall or the incident", () => {
    assert.equal(late(incident({ shortfall: null, sequence: 11 }), late()).size, 0);
    assert.equal(late(incident({ status: "closed", sequence: 11 }), late()).size, 0);
  });
});
