// Events that a recorder could not hear when they were told. Rule ids are those of video/SPEC.md.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { WallMs } from "../../base/time.ts";
import { startAlarmRecording } from "./alarm-recording.ts";
import { type EventRecording, createEventRecording } from "./event-recording.ts";

const T0 = 1_790_000_000_000;
let now = 0;
const clock = { monotonicMs: () => now, wallMs: (): WallMs => T0 + now };

describe("events for recorders", () => {
  let linked: Set<number>;
  let told: (readonly [recorderId: number, cameraIds: readonly number[], at: number])[];
  let warned: number;
  let events: EventRecording;
  beforeEach(() => {
    now = 0;
    linked = new Set();
    told = [];
    warned = 0;
    events = createEventRecording({
      clock, findRecorder: (cameraId) => (cameraId === 9 ? null : cameraId < 5 ? 1 : 2),
      seeing: async () => ({ cameras: [{ cameraId: 2 }, { cameraId: 6 }] }) as never,
      tell: (recorderId, { cameraIds, at }) => {
        if (!linked.has(recorderId)) return false;
        told.push([recorderId, cameraIds, at]);
        return true;
      },
      log: { info: () => undefined, warn: () => void warned++, error: (_fields, message) => assert.fail(message) },
    });
  });
  const link = (recorderId: number): void => {
    linked.add(recorderId);
    events.tellAgain(recorderId);
  };

  test("[CAM17] a recorder that was not linked is told of the last minute's events when its link begins, and of none that is older", () => {
    linked.add(2);
    events.record({ of: { contact: 1 }, cameraIds: [1, 6, 9], place: null, at: T0 });
    assert.deepEqual([told, warned], [[[2, [6], T0]], 1]);
    now = 30_000;
    events.record({ of: { contact: 2 }, cameraIds: [3], place: null, at: T0 + now });
    now = 65_000;
    told = [];
    link(1);
    assert.deepEqual(told, [[1, [3], T0 + 30_000]]);
  });

  test("[CAM17] so are the cameras that see the place; a word that may have been lost with the link before comes again with the next one", async () => {
    linked.add(2);
    events.record({ of: { contact: 1 }, cameraIds: [1], place: { point: { lon: 0, lat: 0 }, uncertaintyM: 10 }, at: T0 });
    await new Promise(setImmediate);
    assert.deepEqual(told, [[2, [6], T0]]);
    told = [];
    link(1);
    link(2);
    assert.deepEqual(told, [[1, [1], T0], [1, [2], T0], [2, [6], T0]]);
  });

  test("[CAM17] a flood takes bounded memory: the newest are kept", () => {
    for (let i = 0; i < 5_000; i++) events.record({ of: { contact: i }, cameraIds: [1], place: null, at: T0 + i });
    link(1);
    assert.deepEqual([told.length, told.at(-1)], [2_000, [1, [1], T0 + 4_999]]);
  });
});

describe("alarms as events", () => {
  const alarm = (id: number, receivedAt: WallMs, source = "panic-button") => ({ id, source, receivedAt, callerPoint: { lon: 1, lat: 2 }, callerUncertaintyM: null, signal: { cameraIds: [4] } });
  const eventOf = (id: number, at: WallMs) => ({ of: { contact: id }, cameraIds: [4], place: { point: { lon: 1, lat: 2 }, uncertaintyM: 30 }, at });

  test("[CAM17] each is told once for its contact, whatever its device's clock says; the same report again tells nobody", () => {
    now = 0;
    const contacts = new Map([[1, alarm(1, T0 - 3_600_000)]]);
    const told: unknown[] = [];
    const record = startAlarmRecording({ clock, dispatch: { state: () => ({ contacts: [] }), findContact: (id) => contacts.get(id) ?? null }, record: (event) => void told.push(event) });
    record(1, false);
    record(1, true);
    record(1, false);
    assert.deepEqual(told, [eventOf(1, T0)]);
  });

  test("[CAM17] one that was committed and not told, since the answer was lost, is told when it comes again within the minute, once", () => {
    now = 0;
    const contacts = new Map([[1, alarm(1, T0 - 20_000)], [2, alarm(2, T0 - 90_000)]]);
    const told: unknown[] = [];
    const record = startAlarmRecording({ clock, dispatch: { state: () => ({ contacts: [] }), findContact: (id) => contacts.get(id) ?? null }, record: (event) => void told.push(event) });
    for (const id of [1, 2, 1, 3]) record(id, true);
    assert.deepEqual(told, [eventOf(1, T0 - 20_000)]);
  });

  test("[CAM17] where the centre ended between commit and telling, its next start tells the alarms of the last minute, and no calls", () => {
    now = 0;
    const told: unknown[] = [];
    const contacts = [alarm(1, T0 - 8_000), alarm(2, T0 - 90_000), alarm(3, T0 - 1_000, "telephone"), alarm(4, T0 - 59_000, "camera-event")];
    const record = startAlarmRecording({ clock, dispatch: { state: () => ({ contacts }), findContact: (id) => contacts[id - 1] ?? null }, record: (event) => void told.push(event) });
    record(1, true);
    assert.deepEqual(told, [eventOf(1, T0 - 8_000), eventOf(4, T0 - 59_000)]);
  });
});
