import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { destination } from "../geo/point.ts";
import type { Warning } from "../contract/warnings.ts";
import { parseCap, type CapAlert } from "../protocol/cap/cap.ts";
import { findApprovalRefusal, isInForce, readWarning, writeCap } from "./warning.ts";

const ANA = { kind: "user", id: 1, name: "Ana" } as const;
const BEN = { kind: "user", id: 2, name: "Ben" } as const;
const NOW = Date.UTC(2026, 2, 23, 12);
const DRAFT: Warning = {
  id: 3, kind: "alert", state: "draft", follows: null, incidentId: null, revision: 1, draftedAt: NOW, draftedBy: ANA, approvedAt: null, approvedBy: null, replacedBy: null,
  content: {
    headline: "Smoke over the old town", description: "A warehouse burns.", instruction: "Keep windows shut.", event: "Fire", language: "en", category: "Fire", urgency: "Immediate", severity: "Severe", certainty: "Observed", expiresAt: NOW + 3_600_000,
    area: { description: "Old town", circle: { point: { lon: -56.2, lat: -34.9 }, radiusM: 800 }, polygon: [{ lon: 0, lat: 0 }, { lon: 1, lat: 0 }, { lon: 1, lat: 1 }] },
  },
};
const SENT: Warning = { ...DRAFT, state: "sent", approvedAt: NOW, approvedBy: BEN };
const SENDER = { installation: "ab12", id: "desk@city.example", name: "City" };

describe("a warning to the public", () => {
  test("[CAP3] is sent by another person than its drafter, once, while it is a draft and has not run out", () => {
    assert.equal(findApprovalRefusal(DRAFT, null, BEN, 1, NOW), null);
    assert.equal(findApprovalRefusal(DRAFT, null, ANA, 1, NOW), "own-draft");
    assert.equal(findApprovalRefusal(SENT, null, BEN, 1, NOW), "not-a-draft");
    assert.equal(findApprovalRefusal({ ...DRAFT, state: "discarded" }, null, BEN, 1, NOW), "not-a-draft");
    assert.equal(findApprovalRefusal({ ...DRAFT, revision: 2 }, null, BEN, 1, NOW), "moved-on", "[CAP7] worded anew since it was read");
    assert.equal(findApprovalRefusal(DRAFT, null, BEN, 1, DRAFT.content.expiresAt), "warning-expired");
    assert.equal(findApprovalRefusal({ ...DRAFT, kind: "cancel" }, SENT, BEN, 1, DRAFT.content.expiresAt), null, "what has run out may be withdrawn still");
    assert.equal(findApprovalRefusal({ ...DRAFT, kind: "update" }, { replacedBy: 9 }, BEN, 1, NOW), "already-replaced");
  });

  test("[CAP4] is in force until it runs out, is replaced or withdrawn", () => {
    assert.ok(isInForce(SENT, NOW));
    for (const not of [DRAFT, { ...SENT, replacedBy: 4 }, { ...SENT, kind: "cancel" as const }]) assert.ok(!isInForce(not, NOW));
    assert.ok(!isInForce(SENT, SENT.content.expiresAt));
  });

  test("[TRN5] of training is an exercise, which no receiver takes for real", () => {
    const parsed = parseCap(writeCap(SENT, [], { ...SENDER, training: true }));
    assert.ok(parsed.ok);
    assert.equal(parsed.alert.status, "Exercise");
  });

  test("[CAP4] is written as CAP 1.2, an update with what it refers to, its area for people and machines", () => {
    const parsed = parseCap(writeCap({ ...SENT, id: 5, kind: "update", follows: 3 }, [SENT], SENDER));
    assert.ok(parsed.ok);
    const { alert } = parsed;
    assert.deepEqual([alert.identifier, alert.type, alert.scope, alert.status, alert.sender], ["citywatch-ab12-5", "Update", "Public", "Actual", "desk@city.example"]);
    assert.deepEqual(alert.references, [{ sender: "desk@city.example", identifier: "citywatch-ab12-3", sentAt: NOW }]);
    assert.deepEqual(alert.infos[0]!.areas, [{ description: "Old town", polygons: [[{ lon: 0, lat: 0 }, { lon: 1, lat: 0 }, { lon: 1, lat: 1 }, { lon: 0, lat: 0 }]], circles: [{ point: { lon: -56.2, lat: -34.9 }, radiusM: 800 }] }]);
  });
});

describe("a warning of another agency", () => {
  const read = parseCap(writeCap(SENT, [], SENDER));
  assert.ok(read.ok);
  const alert: CapAlert = { ...read.alert, infos: [{ ...read.alert.infos[0]!, areas: [{ description: "Port", polygons: [], circles: [{ point: { lon: -56.2, lat: -34.9 }, radiusM: 500 }] }] }] };
  const told = (more: Partial<CapAlert>) => {
    const warning = readWarning({ ...alert, ...more }, ["en"]);
    if (typeof warning === "string") throw new Error(warning);
    return warning;
  };

  test("[CAP2] is told in its own words, with the circle that holds its areas and a hint of its urgency", () => {
    const warning = told({});
    assert.equal(warning.words, "Smoke over the old town. A warehouse burns. Keep windows shut. Port.");
    assert.deepEqual([warning.point, warning.uncertaintyM, warning.priorityHint, warning.sender], [{ lon: -56.2, lat: -34.9 }, 500, 1, "City"]);
    const [west, east] = [{ lon: -56.2, lat: -34.9 }, destination({ lon: -56.2, lat: -34.9 }, 90, 1_000)];
    const both = told({ infos: [{ ...alert.infos[0]!, areas: [{ description: "Two", polygons: [[west, east, west, west]], circles: [] }] }] });
    assert.ok(both.uncertaintyM! >= 500 && both.uncertaintyM! <= 1_000);
    assert.ok(told({ type: "Cancel" }).words.startsWith("Withdrawn: "));
    assert.equal(told({ infos: [{ ...alert.infos[0]!, language: "zh-CN", headline: "烟雾" }, { ...alert.infos[0]!, language: "en" }] }).words.slice(0, 5), "Smoke");
    assert.deepEqual((["Extreme", "Severe", "Moderate", "Minor", "Unknown"] as const).map((severity) => told({ infos: [{ ...alert.infos[0]!, severity, urgency: "Expected" }] }).priorityHint), [1, 2, 3, 4, 4]);
  });

  test("[CAP2] a test, an exercise, an acknowledgement asks for nobody's attention", () => {
    for (const status of ["Test", "Exercise", "System", "Draft"] as const) assert.equal(readWarning({ ...alert, status }, ["en"]), "not-actual");
    for (const type of ["Ack", "Error"] as const) assert.equal(readWarning({ ...alert, type }, ["en"]), "not-a-warning");
  });
});
