import assert from "node:assert/strict";
import { test } from "node:test";
import { ALARM_KINDS, type AlarmPoint } from "../contract/contact-ways.ts";
import { ALARM_PRIORITIES, readAlarm } from "./alarm.ts";

const REPORT = { kind: "intrusion", pointCode: "K-12/gate", cameraCode: null, point: null, uncertaintyM: null, priorityHint: null } as const;
const GATE: AlarmPoint = {
  id: 7, code: "K-12/gate", kind: "intrusion", siteName: "School 12", door: "Gate", point: { lon: -56.2, lat: -34.9 }, uncertaintyM: 5, cameraIds: [3, 4], priorityHint: null, changedAt: 0, changedBy: { kind: "user", id: 1, name: "Ana" },
};

test("[WAY4] a registered point brings its site, door, place and cameras", () => {
  assert.deepEqual(readAlarm(REPORT, GATE, null), { point: GATE.point, uncertaintyM: 5, signal: { kind: "intrusion", priorityHint: 2, code: "K-12/gate", site: "School 12", door: "Gate", cameraIds: [3, 4] } });
  assert.deepEqual(readAlarm(REPORT, { ...GATE, door: "" }, { id: 9, point: { lon: 1, lat: 2 } }).signal, { kind: "intrusion", priorityHint: 2, code: "K-12/gate", site: "School 12", door: null, cameraIds: [9, 3, 4] });
});

test("[WAY4] the report's own place goes before the registered one; a camera's is as wide as its view; nobody's is none", () => {
  const own = { point: { lon: 1, lat: 2 }, uncertaintyM: 12 };
  const placed = readAlarm({ ...REPORT, ...own }, GATE, null);
  assert.deepEqual([placed.point, placed.uncertaintyM], [own.point, 12]);
  const byCamera = readAlarm({ ...REPORT, pointCode: null, cameraCode: "C-1" }, null, { id: 9, point: { lon: 3, lat: 4 } });
  assert.deepEqual([byCamera.point, byCamera.uncertaintyM, byCamera.signal.code], [{ lon: 3, lat: 4 }, 60, "C-1"]);
  const unknown = readAlarm(REPORT, null, null);
  assert.deepEqual([unknown.point, unknown.uncertaintyM, unknown.signal.code, unknown.signal.site], [null, null, "K-12/gate", null]);
});

test("[WAY3] the priority is the report's, else the point's, else that of the kind", () => {
  assert.equal(readAlarm({ ...REPORT, priorityHint: 4 }, { ...GATE, priorityHint: 1 }, null).signal.priorityHint, 4);
  assert.equal(readAlarm(REPORT, { ...GATE, priorityHint: 1 }, null).signal.priorityHint, 1);
  for (const kind of ALARM_KINDS) assert.equal(readAlarm({ ...REPORT, kind }, null, null).signal.priorityHint, ALARM_PRIORITIES[kind]);
  assert.deepEqual(ALARM_KINDS.filter((kind) => ALARM_PRIORITIES[kind] === 1), ["panic", "duress", "fire", "smoke", "gas", "medical"]);
});
