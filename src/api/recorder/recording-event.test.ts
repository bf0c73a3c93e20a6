// What tells a camera that records on events: a person or a program by the API, an alarm that names it or its place, and an incident at a place that it sees.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pointAt } from "../../geo/testing/features.ts";
import { cameraBody, createIncident, startTestApi, type TestApi, type TestSocket } from "../../../tests/support/api.ts";
import { CityClient } from "../../../tests/support/city-client.ts";
import { waitUntil } from "../../../tests/support/wait.ts";

const healthy = { state: "connected", since: 1, problem: null, lastFrameAt: Date.now() + 1e9, codec: "avc1.64001f", width: 1280, height: 720, bitsPerSecond: 2e6, framesPerSecond: 25, reconnects: 0, recorded: null, figures: null } as const;

describe("recording events", () => {
  let api: TestApi;
  let person: CityClient;
  let link: TestSocket;
  const ids = { event: 0, always: 0, away: 0 };

  before(async () => {
    api = await startTestApi();
    person = await api.first();
    const pose = (x: number, bearingDeg: number) => ({ ...(cameraBody()["pose"] as object), point: pointAt(x, 0), bearingDeg, horizontalFovDeg: 60, tiltDeg: 5 });
    // The incident of the tests' support is at 300 m: the first looks at it, the second too, the third the other way.
    ids.event = (await person.call("createCamera", { body: cameraBody({ code: "EVENT", pose: pose(260, 90), recording: "on-event", preRollS: 8, postRollS: 40 }) })).id;
    ids.always = (await person.call("createCamera", { body: cameraBody({ code: "ALWAYS", pose: pose(340, 270) }) })).id;
    ids.away = (await person.call("createCamera", { body: cameraBody({ code: "AWAY", pose: pose(200, 270), recording: "on-event" }) })).id;
  });
  after(() => api.close());
  const join = async (): Promise<void> => {
    link = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    link.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7399", revision: 0 });
    while ((await link.next("cameras")).more) continue;
    link.send({ type: "health", at: 5, cameras: Object.values(ids).map((cameraId) => ({ cameraId, health: healthy })) });
  };

  test("[CAM15] who may tell one says what happened; the camera's recorder is told, and an audit entry is made", async () => {
    const body = { words: "The gate's alarm" };
    const away = await person.try("noteRecordingEvent", { params: { id: ids.event }, body });
    assert.deepEqual([away.status, away.problem?.rule], [503, "no-recorder"], "an event that reaches no recorder is not taken");
    await join();
    const { at, recordedUntil, timeZone } = await person.call("noteRecordingEvent", { params: { id: ids.event }, body });
    assert.equal(timeZone, (await person.call("getCity")).timeZone, "told by the city's clock, also where nobody may ask for the city");
    assert.equal(recordedUntil - at, 40_000);
    assert.deepEqual(await link.next("recording-event"), { type: "recording-event", cameraIds: [ids.event], at });
    const { entries } = await person.call("listAuditEntries", { query: { kind: "changes", limit: 1 } });
    assert.deepEqual([entries[0]?.action, entries[0]?.subjectId, entries[0]?.body], ["camera.recording-event", ids.event, { words: "The gate's alarm", until: recordedUntil }]);
    assert.equal((await person.try("noteRecordingEvent", { params: { id: ids.always }, body })).problem?.rule, "not-on-event");
    assert.equal((await person.try("noteRecordingEvent", { params: { id: 999 }, body })).status, 404);
    assert.equal((await person.try("noteRecordingEvent", { params: { id: ids.event }, body: { words: " " } })).problem?.faults?.[0]?.field, "words");
    assert.equal((await api.client("operator").call("noteRecordingEvent", { params: { id: ids.event }, body })).cameraId, ids.event, "a machine on the server may as well");
    await link.next("recording-event");
  });

  test("[CAM15] an incident is one for the cameras that see its place, told once and again where the place becomes another", async () => {
    const before = Date.now();
    const incidentId = await createIncident(api, person);
    const told = await link.next("recording-event");
    assert.deepEqual([...told.cameraIds].sort(), [ids.event, ids.always].sort(), "those that look at it; which of them go by events, their recorder knows");
    assert.ok(told.at >= before - 1 && told.at <= Date.now() + 1);
    const update = async (more: Record<string, unknown>): Promise<void> => {
      const outcome = await person.send({ type: "incident.update", incidentId, ...more });
      assert.equal(outcome.outcome, "accepted", JSON.stringify(outcome));
    };
    await update({ what: "two bags" });
    await update({ place: { words: "Rivera", label: "Rivera", kind: "street", district: null, point: pointAt(160, 0), uncertaintyM: 10 } });
    assert.deepEqual((await link.next("recording-event")).cameraIds, [ids.away], "other words were no event; another place is one for the cameras there");
  });

  test("[CAM17] an alarm of a camera is one for that camera at once, with no incident made, and for those that see its place; the same report again is none", async () => {
    const { key } = await person.call("createMachineAccount", { body: { name: "Alarm company", interface: "alarms" } });
    const alarms = new CityClient(api.origin, key);
    const body = { id: "alarm-1", kind: "intrusion", source: "camera-event", cameraCode: "AWAY", point: pointAt(300, 0), uncertaintyM: 10 };
    const { contactId } = await alarms.call("reportAlarm", { body });
    const next = async (): Promise<number[]> => [...(await link.next("recording-event")).cameraIds].sort();
    assert.deepEqual([await next(), await next()], [[ids.away], [ids.event, ids.always].sort()]);
    assert.equal((await alarms.call("reportAlarm", { body })).contactId, contactId);
    // The panic button of a school: its point names the camera at its door, and others see the place.
    const point = { code: "SCHOOL-1", kind: "panic", siteName: "School", door: "North", point: pointAt(300, 0), uncertaintyM: 10, cameraIds: [ids.event] };
    await person.call("createAlarmPoint", { body: point });
    await alarms.call("reportAlarm", { body: { id: "alarm-2", kind: "panic", source: "panic-button", pointCode: "SCHOOL-1" } });
    assert.deepEqual([await next(), await next()], [[ids.event], [ids.always]], "and the repeated report before it told nobody");
  });

  test("[CAM17] an alarm whose recorder is away in that second is told when its link is back", async () => {
    const { key } = await person.call("createMachineAccount", { body: { name: "Second alarm company", interface: "alarms" } });
    link.close();
    const isAway = async (): Promise<boolean> => (await person.try("noteRecordingEvent", { params: { id: ids.event }, body: { words: "Is it there?" } })).problem?.rule === "no-recorder";
    await waitUntil(isAway); // the centre notices that the link is gone
    const before = Date.now();
    await new CityClient(api.origin, key).call("reportAlarm", { body: { id: "alarm-3", kind: "panic", source: "panic-button", pointCode: "SCHOOL-1" } });
    await join();
    const heard = new Set<number>();
    while (!heard.has(ids.event) || !heard.has(ids.always)) {
      const { at, cameraIds } = await link.next("recording-event"); // those of before are told again too
      if (at >= before) for (const id of cameraIds) heard.add(id);
    }
  });
});
