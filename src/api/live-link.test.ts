// The live link of a console over a real WebSocket: what it is told first, then, and after it was away.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { LIVE_CLOSE, LiveFromServer } from "../contract/live.ts";
import { pointAt } from "../geo/testing/features.ts";
import { cameraBody, createIncident, startTestApi, type TestApi, type TestSocket } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";
import { waitUntil } from "../../tests/support/wait.ts";

describe("live link", () => {
  let api: TestApi;
  let dispatcher: CityClient;
  before(async () => {
    api = await startTestApi();
    dispatcher = await api.first();
  });
  after(() => api.close());

  const join = async (client: CityClient, after: number | null = null): Promise<TestSocket> => {
    const link = await api.connect("/api/v1/live", { ...client.headers(), origin: api.origin });
    link.send({ type: "hello", after });
    return link;
  };

  test("a snapshot comes first, then each change in order, and every message is of the contract", async () => {
    const link = await join(dispatcher);
    const snapshot = await link.next("snapshot");
    assert.equal(link.messages[0].type, "snapshot");
    assert.deepEqual(snapshot.units.map((unit: { callSign: string }) => unit.callSign), ["M1", "M2", "A1"]);
    await Promise.all([link.next("positions"), link.next("board"), link.next("status")]);
    const incidentId = await createIncident(api, dispatcher);
    await waitUntil(() => link.messages.some((message) => message.type === "change" && message.incidents.some((one: { id: number }) => one.id === incidentId)));
    const sequences = link.messages.filter((message) => message.type === "change").map((message) => message.sequence);
    // Rang, was taken, became an incident: as one message where they came close together.
    assert.ok(sequences.length >= 1 && sequences.at(-1) === snapshot.sequence + 3, `${sequences.join(", ")} after ${snapshot.sequence}`);
    assert.deepEqual(sequences, [...new Set(sequences)].toSorted((a, b) => a - b));
    for (const message of link.messages) assert.ok(LiveFromServer.safeParse(message).success, JSON.stringify(LiveFromServer.safeParse(message).error?.issues.slice(0, 2)));
    link.close();
  });

  test("who was away says its sequence and is told what it missed, all of it and no more; too far back is a snapshot", async () => {
    const first = await join(dispatcher);
    const { sequence } = await first.next("snapshot");
    first.close();
    await first.closed;
    const incidentId = await createIncident(api, dispatcher);
    const again = await join(dispatcher, sequence);
    await again.next("status"); // comes after what was missed
    const changes = again.messages.filter((message) => message.type === "change");
    assert.ok(!again.messages.some((message) => message.type === "snapshot"));
    assert.ok(changes.every((change) => change.sequence > sequence));
    assert.ok(changes.some((change) => change.incidents.some((one: { id: number }) => one.id === incidentId)));
    again.close();
    const lost = await join(dispatcher, 1_000_000); // a sequence of another log
    await lost.next("snapshot");
    lost.close();
  });

  test("positions come once a second, only those that moved; ping is answered", async () => {
    const link = await join(dispatcher);
    await link.next("status");
    const { taken, refused } = await api.client("fleet").call("reportPositions", { body: { fixes: [
      { unitId: 2, ...pointAt(650, 0), headingDeg: 90, speedMps: 8, at: Date.now() }, { unitId: 77, ...pointAt(0, 0), headingDeg: null, speedMps: null, at: Date.now() },
    ] } });
    assert.deepEqual([taken, refused.map((one) => [one.index, one.field])], [1, [[1, "unitId"]]]);
    await waitUntil(() => link.messages.some((message) => message.type === "positions" && message.rows.length === 1 && message.rows[0][0] === 2));
    link.send({ type: "ping", sentAt: 5 });
    assert.equal((await link.next("pong")).sentAt, 5);
    link.close();
  });

  test("two consoles are told the same bytes", async () => {
    const links = await Promise.all([join(dispatcher), join(await api.person("second", ["call-taker"]))]);
    await Promise.all(links.map((link) => link.next("status")));
    await createIncident(api, dispatcher);
    const changesOf = (link: TestSocket) => link.messages.filter((message) => message.type === "change");
    await waitUntil(() => links.every((link) => changesOf(link).some((change) => change.incidents.length > 0)));
    // What happened while one of them joined may be in the snapshot of the other.
    const [first, second] = links.map((link) => new Map(changesOf(link).map((change) => [change.sequence, change])));
    const both = [...first!.keys()].filter((sequence) => second!.has(sequence));
    assert.ok(both.some((sequence) => first!.get(sequence).incidents.length > 0), `${[...first!.keys()].join()} and ${[...second!.keys()].join()}`);
    for (const sequence of both) assert.deepEqual(first!.get(sequence), second!.get(sequence));
    links.forEach((link) => link.close());
  });

  test("[SES3] the link closes the moment its person is logged out, and by nothing else's log-out", async () => {
    const leaver = await api.person("leaver", ["dispatcher"]);
    const stayer = await api.person("stayer", ["dispatcher"]);
    const [leaving, staying] = await Promise.all([join(leaver), join(stayer)]);
    await Promise.all([leaving.next("status"), staying.next("status")]);
    await leaver.call("logOut");
    assert.equal(await leaving.closed, LIVE_CLOSE.loggedOut);
    staying.send({ type: "ping", sentAt: 1 });
    await staying.next("pong");
    const { accounts } = await dispatcher.call("listAccounts");
    await dispatcher.call("changeAccount", { params: { id: accounts.find((one) => one.login === "stayer")!.id }, body: { disabled: true } });
    assert.equal(await staying.closed, LIVE_CLOSE.loggedOut);
  });

  test("what is no message of the link ends it", async () => {
    for (const text of ["not json", "{}", '{"type":"hello"}', '{"type":"hello","after":-1}', "[".repeat(900), " ".repeat(5_000)]) {
      const link = await api.connect("/api/v1/live", { ...dispatcher.headers(), origin: api.origin });
      link.socket.send(text);
      assert.equal(await link.closed, LIVE_CLOSE.badMessage, text.slice(0, 20));
    }
  });
});

describe("live link of a slow console", () => {
  test("it is dropped with its own code when too much waits for it, and the others go on", async () => {
    const api = await startTestApi({ mostWaitingBytes: 200_000 });
    try {
      const dispatcher = await api.first();
      const open = async () => {
        const link = await api.connect("/api/v1/live", { ...dispatcher.headers(), origin: api.origin });
        link.send({ type: "hello", after: null });
        await link.next("status");
        return link;
      };
      const [slow, quick] = [await open(), await open()];
      const incidentId = await createIncident(api, dispatcher);
      slow.socket.pause(); // reads nothing any more: the kernel's buffers fill, then ours
      let isClosed = false;
      void slow.closed.then(() => (isClosed = true));
      const words = "w".repeat(1_900);
      for (let i = 0; i < 400 && !(await droppedOf(api)); i++) await Promise.all(Array.from({ length: 40 }, () => dispatcher.send({ type: "incident.note", incidentId, words, corrects: null })));
      assert.equal(await droppedOf(api), 1);
      slow.socket.resume();
      await waitUntil(() => isClosed);
      assert.ok([LIVE_CLOSE.tooSlow, 1006].includes((await slow.closed) as 1006));
      quick.send({ type: "ping", sentAt: 9 });
      assert.equal((await quick.next("pong")).sentAt, 9);
      quick.close();
    } finally {
      await api.close();
    }
  });
});

const droppedOf = async (api: TestApi): Promise<number> => Number(/^citywatch_consoles_dropped (\d+)/m.exec(await (await fetch(`${api.origin}/metrics`)).text())![1]);

describe("racing for a unit over HTTP", () => {
  test("of two dispatchers who send the same unit at once exactly one wins, and the other is told who was first", async () => {
    const api = await startTestApi();
    try {
      const one = await api.first();
      const two = await api.person("second.desk", ["dispatcher"]);
      const incidents = [await createIncident(api, one), await createIncident(api, two)];
      const outcomes = await Promise.all([one, two].map((desk, i) => desk.send({ type: "assignment.assign", incidentId: incidents[i]!, unitIds: [1], stack: false })));
      const won = outcomes.map((outcome) => outcome.outcome === "accepted" && outcome.units[0]!.assignmentId !== null);
      assert.deepEqual(won.toSorted(), [false, true]);
      const lost = outcomes[won.indexOf(false)]!;
      assert.ok(JSON.stringify(lost).includes(won[0] ? "First Person" : "second.desk"), JSON.stringify(lost));
      assert.equal(api.dispatch.findUnit(1)!.activeAssignmentId !== null, true);
    } finally {
      await api.close();
    }
  });
});

describe("cameras on the live link", () => {
  test("a camera whose state changes is told to those who may know of cameras", async () => {
    const api = await startTestApi();
    try {
      const person = await api.first();
      const cameraId = (await person.call("createCamera", { body: cameraBody() })).id;
      const link = await api.connect("/api/v1/live", { ...person.headers(), origin: api.origin });
      link.send({ type: "hello", after: null });
      await link.next("status");
      const recorder = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
      recorder.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7310", revision: 0 });
      await recorder.next("cameras");
      recorder.send({ type: "health", at: Date.now(), cameras: [{ cameraId, health: { state: "connected", since: 1, problem: null, lastFrameAt: 1, codec: "avc1", width: 1280, height: 720, bitsPerSecond: 1, framesPerSecond: 25, reconnects: 0, recorded: null } }] });
      await waitUntil(() => link.messages.some((message) => message.type === "cameras" && message.states.some(([id, state]: [number, string]) => id === cameraId && state === "connected")));
      recorder.close();
      await waitUntil(() => link.messages.some((message) => message.type === "cameras" && message.states.some(([id, state]: [number, string]) => id === cameraId && state === "connecting")));
      link.close();
    } finally {
      await api.close();
    }
  });
});
