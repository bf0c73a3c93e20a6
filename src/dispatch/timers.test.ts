// Rule ids are those of SPEC.md.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { SYSTEM } from "./entities.ts";
import type { EventBody } from "./events.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { SWITCH, createWorld } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("a thing of which it cannot be said whether something is due", () => {
  it("[CMD7] keeps nothing from being told of all others", () => {
    const w = createWorld(hash);
    const id = w.open();
    const rung = w.ring();
    w.ok(SWITCH, { type: "contact.hang-up", externalId: "call-2" });
    for (const table of [w.state.openContacts, w.state.openIncidents, w.state.liveAssignments, w.state.standingClosures, w.state.openHandOvers]) table.set(999, true); // each names what is not there
    w.now += DEFAULT_POLICY.shortfallAfterMs[3] + DEFAULT_POLICY.callBackWithinMs;
    const decision = w.ok(SYSTEM, { type: "timers.run" });
    const told = (type: string): EventBody[] => decision.events.filter((event) => event.type === type);
    assert.deepEqual([told("incident.shortfall-overdue").map((event) => "incidentId" in event && event.incidentId), told("contact.overdue").map((event) => "contactId" in event && event.contactId)], [[id], [rung]]);
    assert.deepEqual(decision.faults!.map(({ kind, id: of }) => [kind, of]), ["contact", "incident", "assignment", "closure", "hand-over"].map((kind) => [kind, 999]));
  });
});
