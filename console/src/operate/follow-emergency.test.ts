// When an officer's emergency opens by itself.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findEmergencyToOpen, listMine } from "./follow-emergency.ts";

const emergency = (incidentId: number, going = 0) => ({ unitId: 1, callSign: "P1", incidentId, since: 0, going });
const NOTHING = { intakeId: null, incidentId: null };

describe("an officer's emergency", () => {
  it("opens by itself where nothing is in hand", () => assert.equal(findEmergencyToOpen([emergency(5)], new Set(), NOTHING), 5));
  it("never takes the place of a call or of an incident", () => {
    assert.equal(findEmergencyToOpen([emergency(5)], new Set(), { intakeId: 3, incidentId: null }), null);
    assert.equal(findEmergencyToOpen([emergency(5)], new Set(), { intakeId: null, incidentId: 4 }), null);
  });
  it("opens once: who leaves it is not brought back", () => assert.equal(findEmergencyToOpen([emergency(5)], new Set([5]), NOTHING), null));
  it("opens after a reload of the page too, unless somebody is going already", () => {
    assert.equal(findEmergencyToOpen([emergency(5)], null, NOTHING), 5);
    assert.equal(findEmergencyToOpen([emergency(5, 1)], null, NOTHING), null);
  });
  it("is before everybody who may send until one person watches over it, then before that one, and not beside its own incident", () => {
    const watch = (by: { kind: string; id: number } | null) => ({ watch: { by } });
    const incidents = new Map([[5, watch(null)], [6, watch({ kind: "user", id: 1 })], [7, watch({ kind: "user", id: 2 })], [8, watch({ kind: "service", id: 1 })]]);
    const of = (accountId: number, shown: number | null = null): number[] => listMine([5, 6, 7, 8].map((id) => emergency(id)), incidents, { accountId, shown }).map(({ incidentId }) => incidentId);
    assert.deepEqual([of(1), of(2), of(3), of(1, 5)], [[5, 6], [5, 7], [5], [6]]);
  });
});
