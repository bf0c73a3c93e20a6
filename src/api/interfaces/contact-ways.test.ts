import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { InterfaceName } from "../../contract/interfaces.ts";
import { pointAt } from "../../geo/testing/features.ts";
import { cameraBody, startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { CityClient } from "../../../tests/support/city-client.ts";

let api: TestApi;
let administrator: CityClient;
let dispatcher: CityClient;
const system = async (name: string, face: InterfaceName): Promise<CityClient> => {
  const { key } = await administrator.call("createMachineAccount", { body: { name, interface: face } });
  return new CityClient(api.origin, key);
};
const contact = (id: number) => api.dispatch.findContact(id)!;

describe("contacts by other ways than a voice", () => {
  let telephone: CityClient;
  let alarms: CityClient;
  let cameraId: number;
  before(async () => {
    api = await startTestApi();
    administrator = await api.person("admin.one", ["administrator"]);
    dispatcher = await api.person("ana", ["dispatcher"]);
    telephone = await system("Exchange North", "telephony");
    alarms = await system("Alarm company", "alarms");
    ({ id: cameraId } = await (await api.person("engineer.one", ["engineer"])).call("createCamera", { body: cameraBody({ code: "G-12" }) }));
  });
  after(() => api.close());

  test("[WAY1] the same report again makes no second contact and tells what became of it; another content is refused; ids of two systems never meet", async () => {
    const ring = { event: "ring", callId: "a-1", number: "099 111", words: "Help", point: pointAt(10, 0), uncertaintyM: 40 };
    const first = await telephone.call("reportCall", { body: ring });
    assert.deepEqual([first.state, first.repeated], ["ringing", false]);
    assert.deepEqual([contact(first.contactId).callerNumber, contact(first.contactId).callerWords, contact(first.contactId).callerUncertaintyM], ["099 111", "Help", 40]);
    await dispatcher.send({ type: "contact.claim", contactId: first.contactId });
    assert.deepEqual(await telephone.call("reportCall", { body: ring }), { contactId: first.contactId, state: "claimed", repeated: true });
    const other = await telephone.try("reportCall", { body: { ...ring, words: "Fire" } });
    assert.deepEqual([other.status, other.problem?.rule], [409, "report-id-reused"]);
    const south = await (await system("Exchange South", "telephony")).call("reportCall", { body: { event: "ring", callId: "a-1" } });
    assert.notEqual(south.contactId, first.contactId);
  });

  test("[WAY2] hang-up leaves a call to be called back; answered elsewhere and transferred end what still rings", async () => {
    const ring = async (callId: string): Promise<number> => (await telephone.call("reportCall", { body: { event: "ring", callId } })).contactId;
    const hungUp = await ring("b-1");
    assert.equal((await telephone.call("reportCall", { body: { event: "hang-up", callId: "b-1" } })).state, "abandoned");
    const elsewhere = await ring("b-2");
    assert.equal((await telephone.call("reportCall", { body: { event: "answered-elsewhere", callId: "b-2", to: "Desk 4" } })).state, "ended");
    assert.equal(contact(elsewhere).disposition, "answered-elsewhere");
    const transferred = await ring("b-3");
    await telephone.call("reportCall", { body: { event: "transferred", callId: "b-3", to: "Fire brigade" } });
    assert.equal(contact(transferred).disposition, "transferred");
    const taken = await ring("b-4");
    await dispatcher.send({ type: "contact.claim", contactId: taken });
    assert.equal((await telephone.call("reportCall", { body: { event: "transferred", callId: "b-4" } })).state, "claimed", "it is Ana's");
    assert.equal((await telephone.call("reportCall", { body: { event: "answered-elsewhere", callId: "b-1" } })).state, "abandoned", "it is still to be called back");
    assert.equal(contact(hungUp).owner, "call-desk");
    for (const event of ["hang-up", "answered-elsewhere", "transferred"] as const) {
      const callId = `early-${event}`;
      const unknown = await telephone.try("reportCall", { body: { event, callId } });
      assert.deepEqual([unknown.status, unknown.problem?.rule], [404, "no-such-contact"]);
      const late = await ring(callId); // both were sent again after an outage
      assert.deepEqual(await telephone.call("reportCall", { body: { event, callId } }), { contactId: late, state: event === "hang-up" ? "abandoned" : "ended", repeated: false });
    }
    assert.equal((await telephone.try("reportCall", { body: { event: "explode", callId: "b-1" } })).status, 400);
  });

  test("[WAY3] messages keep their words, sender, place and hint; none becomes an incident", async () => {
    const incidents = api.dispatch.listIncidents(null, 100).length;
    const messages = await system("Text gateway", "messages");
    const text = await messages.call("reportMessage", { body: { id: "m/1", kind: "text", sender: "+598 99 1", words: "  Someone is breaking in  ", priorityHint: 1 } });
    assert.deepEqual([contact(text.contactId).source, contact(text.contactId).callerWords, contact(text.contactId).callerNumber, contact(text.contactId).signal?.priorityHint], ["text", "Someone is breaking in", "+598 99 1", 1]);
    const app = await messages.call("reportMessage", { body: { id: "m/2", kind: "app", words: "Smoke", point: pointAt(5, 5), uncertaintyM: 12 } });
    assert.deepEqual([contact(app.contactId).source, contact(app.contactId).signal], ["app", null]);
    assert.equal((await messages.try("reportMessage", { body: { id: "m/3", kind: "text", words: "" } })).status, 400);
    assert.equal(api.dispatch.listIncidents(null, 100).length, incidents);
  });

  test("[WAY4] a panic button names its site, door and cameras where it was registered, and is taken where it was not", async () => {
    const body = { code: "K-12/gate", kind: "panic", siteName: "School 12", door: "Gate", point: pointAt(60, 0), uncertaintyM: 5, cameraIds: [cameraId] };
    const point = await administrator.call("createAlarmPoint", { body });
    const pressed = contact((await alarms.call("reportAlarm", { body: { id: "p-1", source: "panic-button", kind: "panic", pointCode: "K-12/gate" } })).contactId);
    assert.deepEqual([pressed.source, pressed.callerPoint, pressed.callerUncertaintyM], ["panic-button", body.point, 5]);
    assert.deepEqual(pressed.signal, { kind: "panic", priorityHint: 1, code: "K-12/gate", site: "School 12", door: "Gate", cameraIds: [cameraId] });
    const stranger = contact((await alarms.call("reportAlarm", { body: { id: "p-2", source: "alarm", kind: "intrusion", pointCode: "Z-1" } })).contactId);
    assert.deepEqual([stranger.state, stranger.signal?.code, stranger.signal?.site, stranger.callerPoint], ["ringing", "Z-1", null, null]);
    const camera = contact((await alarms.call("reportAlarm", { body: { id: "c-1", source: "camera-event", kind: "camera", cameraCode: "G-12", words: "Line crossed" } })).contactId);
    assert.deepEqual([camera.source, camera.callerPoint, camera.signal?.cameraIds], ["camera-event", pointAt(50, 0), [cameraId]]);

    assert.equal((await administrator.try("createAlarmPoint", { body })).problem?.rule, "code-taken");
    assert.equal((await administrator.try("createAlarmPoint", { body: { ...body, code: "x", cameraIds: [999] } })).problem?.faults?.[0]?.code, "camera-exists");
    const changed = await administrator.call("changeAlarmPoint", { params: { id: point.id }, body: { ...body, code: "K-12/door-2", door: "Door 2" } });
    assert.equal(changed.door, "Door 2");
    assert.equal(contact((await alarms.call("reportAlarm", { body: { id: "p-3", source: "panic-button", kind: "panic", pointCode: "K-12/gate" } })).contactId).signal?.site, null, "its old code is nobody's");
    await administrator.call("removeAlarmPoint", { params: { id: point.id } });
    assert.deepEqual((await administrator.call("listAlarmPoints")).points, []);
    const audit = await administrator.call("listAuditEntries", { query: { subjectKind: "alarm-point" } });
    assert.deepEqual(audit.entries.map((entry) => entry.action), ["alarm-point.remove", "alarm-point.change", "alarm-point.add"]);
  });

  test("[WAY1] an alarm is the same report also after its point or camera was changed in the register", async () => {
    const point = (where: number) => ({ code: "S9-FIRE", kind: "fire", siteName: "School 9", point: pointAt(where, 0), cameraIds: [] });
    const { id } = await administrator.call("createAlarmPoint", { body: point(100) });
    const alarm = { id: "w-1", source: "alarm", kind: "fire", pointCode: "S9-FIRE", words: "smoke" };
    const first = await alarms.call("reportAlarm", { body: alarm });
    await administrator.call("changeAlarmPoint", { params: { id }, body: point(140) });
    assert.deepEqual(await alarms.call("reportAlarm", { body: alarm }), { contactId: first.contactId, state: "ringing", repeated: true });
    assert.deepEqual(contact(first.contactId).callerPoint, pointAt(100, 0), "as it was when it came");
    assert.equal((await alarms.try("reportAlarm", { body: { ...alarm, words: "flames" } })).problem?.rule, "report-id-reused");
    await administrator.call("removeAlarmPoint", { params: { id } });
  });

  test("[WAY5] a ring under the id of a call that is over is another call, with steps and retries of its own; what was sent again is not", async () => {
    const ring = (callId: string, number?: string, at?: number) => telephone.call("reportCall", { body: { event: "ring", callId, ...(number === undefined ? {} : { number }), ...(at === undefined ? {} : { at }) } });
    const end = async (contactId: number): Promise<void> => {
      await dispatcher.send({ type: "contact.claim", contactId });
      await dispatcher.send({ type: "contact.end", contactId, disposition: "prank" });
    };
    const at = Date.now() - 1_000;
    const [first, timed] = [await ring("17"), await ring("18", "099 1", at)];
    await end(first.contactId);
    await end(timed.contactId);
    assert.deepEqual(await ring("17"), { contactId: first.contactId, state: "ended", repeated: true }, "soon after, it is the same again");
    const slip = await ring("19", "099 5");
    await end(slip.contactId);
    await dispatcher.send({ type: "contact.reopen", contactId: slip.contactId, words: "wrong key" });
    assert.deepEqual([(await ring("19", "099 5")).contactId === slip.contactId, (await ring("19", "099 6")).contactId === slip.contactId], [true, false], "one that was taken up again was over for its exchange all the same");
    api.advance(61 * 60_000);
    const second = await ring("17");
    assert.deepEqual([second.state, second.repeated, second.contactId === first.contactId], ["ringing", false, false]);
    assert.deepEqual(await ring("17"), { ...second, repeated: true });
    assert.deepEqual([(await telephone.call("reportCall", { body: { event: "hang-up", callId: "17" } })).contactId, contact(second.contactId).state], [second.contactId, "abandoned"]);
    assert.equal((await ring("18", "099 1", at)).contactId, timed.contactId, "sent again after a long outage, it is still of then");
    const third = await ring("18", "099 3");
    assert.notEqual(third.contactId, timed.contactId);
    await telephone.call("reportCall", { body: { event: "answered-elsewhere", callId: "18" } });
    assert.notEqual((await ring("18", "099 4")).contactId, third.contactId, "another number, a moment after");
  });
});
