// The link of a recorder, played by the test over a real WebSocket: what it is told, what it tells, what happens when it goes.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import { LinkFromCentre, RECORDER_LINK_CLOSE } from "../../contract/recorder-link.ts";
import { PASSWORD, cameraBody, startTestApi, type TestApi, type TestSocket } from "../../../tests/support/api.ts";
import type { CityClient } from "../../../tests/support/city-client.ts";
import { waitUntil } from "../../../tests/support/wait.ts";

const healthy = { state: "connected", since: 1, problem: null, lastFrameAt: 2, codec: "avc1.64001f", width: 1280, height: 720, bitsPerSecond: 2e6, framesPerSecond: 25, reconnects: 0, recorded: null, figures: null } as const;

describe("recorder link", () => {
  let api: TestApi;
  let person: CityClient;
  let databaseAway = false;
  const order: string[] = [];
  let onInsert = async (): Promise<void> => undefined;
  before(async () => {
    api = await startTestApi({
      records: (real) => ({
        ...real,
        insert: async (...of) => {
          await onInsert();
          return real.insert(...of);
        },
        end: async (...of) => {
          if (databaseAway) throw new Error("the database is away");
          const taken = await real.end(...of);
          order.push("end committed");
          return taken;
        },
      }),
    });
    person = await api.first();
    const csv = ["code,name,lat,lon,bearing,purpose,address,user,password", ...Array.from({ length: 1_201 }, (_, i) => `R${i},Camera ${i},-34.9,-56.19,0,traffic,${i === 7 ? "" : `rtsp://10.0.0.1/${i}`},u,pw${i}`)].join("\n");
    assert.equal((await person.call("importCameras", { query: {}, body: { csv } })).added, 1_201);
  });
  after(() => api.close());

  const join = async (recorderId = 1): Promise<TestSocket> => {
    const link = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    link.send({ type: "hello", recorderId, mediaUrl: "http://127.0.0.1:7399", revision: 0 });
    return link;
  };
  const readList = async (link: TestSocket) => {
    const cameras = [];
    for (;;) {
      const page = await link.next("cameras");
      cameras.push(...page.cameras);
      if (!page.more) return { cameras, revision: page.revision as number };
    }
  };

  test("the whole list comes in pages with credentials, then changes as they happen", async () => {
    const link = await join();
    const welcome = await link.next("welcome");
    assert.deepEqual([welcome.recorderId, welcome.publicKey, welcome.consoleOrigins], [1, api.publicKeyPem, [api.origin]]);
    const { cameras, revision } = await readList(link);
    assert.equal(cameras.length, 1_200, "all that have an address");
    assert.equal(new Set(cameras.map((camera) => camera.cameraId)).size, 1_200);
    const third = cameras.find((camera) => camera.code === "R3");
    assert.deepEqual([third.userName, third.password, third.address], ["u", "pw3", "rtsp://10.0.0.1/3"]);

    const added = await person.call("createCamera", { body: cameraBody({ code: "NEW", userName: "a", password: "b" }) });
    const told = await link.next("camera-changed");
    assert.deepEqual([told.camera.cameraId, told.camera.password], [added.id, "b"]);
    assert.ok(told.revision > revision);
    await person.call("changeCamera", { params: { id: added.id }, body: { address: null } });
    assert.equal((await link.next("camera-removed")).cameraId, added.id, "without an address there is nothing to join");
    await person.call("changeCamera", { params: { id: added.id }, body: { address: "rtsp://10.0.0.9/x" } });
    assert.deepEqual([(await link.next("camera-changed")).camera.password], [null], "a password does not outlive its address");
    await person.call("removeCamera", { params: { id: added.id } });
    assert.equal((await link.next("camera-removed")).cameraId, added.id);
    for (const message of link.messages) assert.ok(LinkFromCentre.safeParse(message).success);
    link.close();
    await link.closed;
  });

  test("health is what the register answers while the recorder is linked, and not afterwards", async () => {
    const link = await join();
    const { cameras } = await readList(link);
    const { cameraId } = cameras[0];
    const stateOf = async () => (await person.call("getCamera", { params: { id: cameraId } })).health;
    assert.equal((await stateOf()).state, "connecting");
    link.send({ type: "health", at: Date.now(), cameras: [{ cameraId, health: healthy }, { cameraId: 999_999, health: healthy }] });
    await waitUntil(async () => (await stateOf()).state === "connected");
    assert.deepEqual(await stateOf(), healthy);
    assert.equal((await person.call("listCameras", { query: { state: "connected" } })).total, 1);
    assert.deepEqual((await person.call("getSystem")).status.recorders, [{ id: 1, connected: true, camerasConnected: 1, camerasWanted: 1_200, disk: null, at: null, trouble: null }]);
    link.close();
    await waitUntil(async () => (await stateOf()).state === "connecting");
    assert.equal((await stateOf()).problem?.code, "recorder-away");
    assert.equal((await person.call("getSystem")).status.recorders[0]!.connected, false);
  });

  test("views name the address that the recorder gave, and their end is recorded once", async () => {
    const link = await join();
    const { cameras } = await readList(link);
    const { views } = await person.call("openViews", { body: { cameraIds: [cameras[0].cameraId], mode: "live", reason: { purpose: "training", words: "x" } } });
    assert.equal(views[0]!.recorderUrl, "http://127.0.0.1:7399");
    const endedAt = async () => (await person.call("listAccessRecords", { query: { limit: 1 } })).records[0]!.endedAt;
    assert.equal(await endedAt(), null);
    link.send({ type: "view-ended", viewId: views[0]!.viewId, at: 1_700_000_000_000 });
    await waitUntil(async () => (await endedAt()) !== null);
    link.send({ type: "view-ended", viewId: views[0]!.viewId, at: 1_800_000_000_000 });
    link.send({ type: "view-ended", viewId: 999_999, at: 1 });
    await waitUntil(() => api.logged.filter((line) => line.includes("unknown or ended view")).length === 2);
    assert.equal(await endedAt(), 1_700_000_000_000);
    link.close();
  });

  test("[VIEW12] what a look at the past was served is recorded, tellings are united, and each is acknowledged", async () => {
    const link = await join();
    const { cameras } = await readList(link);
    const to = Date.now() - 60_000;
    const { views } = await person.call("openViews", { body: { cameraIds: [cameras[0].cameraId], mode: "playback", from: to - 3_600_000, to, reason: { purpose: "training", words: "x" } } });
    const { viewId } = views[0]!;
    const served = async () => (await person.call("listAccessRecords", { query: { limit: 1 } })).records[0]!.served;
    assert.equal(await served(), null);
    const first = [{ from: to - 600_000, to: to - 540_000 }];
    const second = [...first, { from: to - 120_000, to: to - 60_000 }];
    for (const ranges of [first, second]) {
      link.send({ type: "view-served", viewId, served: ranges });
      assert.deepEqual(await link.next("view-served-kept"), { type: "view-served-kept", viewId, served: ranges });
      assert.deepEqual(await served(), ranges);
    }
    const third = [{ from: to - 540_000, to: to - 500_000 }, { from: to - 30_000, to: to - 20_000 }];
    link.send({ type: "view-served", viewId, served: third }); // of a recorder that had forgotten the rest
    await link.next("view-served-kept");
    assert.deepEqual(await served(), [{ from: to - 600_000, to: to - 500_000 }, { from: to - 120_000, to: to - 60_000 }, { from: to - 30_000, to: to - 20_000 }]);
    const { csv } = await person.call("exportAccessRecords", { body: {} });
    const [row] = parse(csv, { columns: true }) as Record<string, string>[];
    assert.deepEqual([row!["served_from"], row!["served_to"], row!["served_s"]], [new Date(to - 600_000).toISOString(), new Date(to - 20_000).toISOString(), "170"], "from the first moment that went out to the last");
    link.send({ type: "view-served", viewId: 999_999, served: first });
    await link.next("view-served-kept");
    link.close();
    await link.closed;
  });

  test("[VIEW8] the end of a view is acknowledged after its commit, and not while it cannot be committed; told twice it is acknowledged twice", async () => {
    const link = await join();
    const { cameras } = await readList(link);
    const { views } = await person.call("openViews", { body: { cameraIds: [cameras[0].cameraId], mode: "live", reason: { purpose: "training", words: "x" } } });
    const { viewId } = views[0]!;
    link.socket.on("message", (data) => String(data).includes("view-end-kept") && order.push("acknowledged"));
    order.length = 0;
    databaseAway = true;
    link.send({ type: "view-ended", viewId, at: 1_700_000_000_000 });
    await waitUntil(() => api.logged.some((line) => line.includes("the end of a view could not be recorded")));
    databaseAway = false;
    for (const at of [1_700_000_000_000, 1_700_000_000_001]) {
      link.send({ type: "view-ended", viewId, at });
      assert.equal((await link.next("view-end-kept")).viewId, viewId);
    }
    assert.deepEqual(order, ["end committed", "acknowledged", "end committed", "acknowledged"]);
    assert.equal((await person.call("listAccessRecords", { query: { limit: 1 } })).records[0]!.endedAt, 1_700_000_000_000);
    link.close();
    await link.closed;
  });

  test("[VIEW8] [SES3] a look that the page left unserved, and all looks of an account that changes, are taken back at the recorder", async () => {
    const link = await join();
    const { cameras } = await readList(link);
    const operator = await api.person("view.operator", ["video-operator"]);
    const open = async () => (await operator.call("openViews", { body: { cameraIds: [cameras[0].cameraId], mode: "live", reason: { purpose: "training", words: "x" } } })).views[0]!.viewId;
    const left = await open();
    assert.deepEqual(await operator.call("endView", { params: { id: left } }), { done: true });
    assert.equal((await link.next("end-view")).viewId, left);
    const endOf = async (id: number) => (await person.call("listAccessRecords", { query: { limit: 5 } })).records.find((record) => record.id === id)!.endedAt;
    assert.equal(await endOf(left), null, "the end is the recorder's to tell");
    link.send({ type: "view-ended", viewId: left, at: 1_700_000_000_000 });
    await link.next("view-end-kept");
    const going = await open();
    const { id } = (await operator.call("getSession")).account;
    await person.call("changeAccount", { params: { id }, body: { name: "Another Name" } });
    await person.call("changeAccount", { params: { id }, body: { roles: ["planner"] } });
    assert.equal((await link.next("end-view")).viewId, going);
    assert.deepEqual(link.messages.filter((message) => message.type === "end-view").map((message) => message.viewId), [left, going], "what had ended is not told again, and a new name ends nothing");
    link.close();
    await link.closed;
  });

  test("[VIEW8] [SES3] a new password, one's own too, a disabled account and logging out everywhere take back what is looked at; nothing else does", async () => {
    const link = await join();
    const { cameras } = await readList(link);
    const taken: number[] = [];
    const opened: number[] = [];
    const watcher = await api.person("second.operator", ["video-operator"]);
    const { id } = (await watcher.call("getSession")).account;
    const open = async () => void opened.push((await watcher.call("openViews", { body: { cameraIds: [cameras[0].cameraId], mode: "live", reason: { purpose: "training", words: "x" } } })).views[0]!.viewId);
    const next = "another-long-password-9";
    const ways: (() => Promise<unknown>)[] = [
      () => watcher.call("changeOwnPassword", { body: { current: PASSWORD, next } }),
      () => person.call("endAccountSessions", { params: { id } }),
      () => person.call("changeAccount", { params: { id }, body: { password: PASSWORD } }),
      () => person.call("changeAccount", { params: { id }, body: { disabled: true } }),
    ];
    for (const [i, take] of ways.entries()) {
      if (i > 1) await watcher.logIn("second.operator", i === 2 ? next : PASSWORD);
      await open();
      await take();
      taken.push((await link.next("end-view")).viewId);
      link.send({ type: "view-ended", viewId: taken.at(-1), at: 1_700_000_000_000 });
      await link.next("view-end-kept");
    }
    assert.deepEqual(taken, opened);
    link.close();
    await link.closed;
  });

  test("[VIEW8] a page that leaves the past has the recorder cut it; a download is taken back from whoever loses the right, long after its token", async () => {
    const link = await join();
    const { cameras } = await readList(link);
    const taker = await api.person("a.taker", ["video-operator"]);
    const { id } = (await taker.call("getSession")).account;
    const to = Date.now() - 60_000;
    const open = async (mode: "playback" | "download") => (await taker.call("openViews", { body: { cameraIds: [cameras[0].cameraId], mode, from: to - 600_000, to, reason: { purpose: "training", words: "x" } } })).views[0]!.viewId;
    const endOf = async (viewId: number) => (await person.call("listAccessRecords", { query: { accountId: id } })).records.find((record) => record.id === viewId)!.endedAt;
    const left = await open("playback");
    await taker.call("endView", { params: { id: left } });
    assert.equal((await link.next("end-view")).viewId, left);
    assert.equal(await endOf(left), null, "the end is the recorder's to tell");
    link.send({ type: "view-ended", viewId: left, at: 1_700_000_000_000 });
    await link.next("view-end-kept");
    assert.equal(await endOf(left), 1_700_000_000_000);

    const [watched, done, running] = [await open("playback"), await open("download"), await open("download")];
    link.send({ type: "view-ended", viewId: done, at: 1_700_000_000_000 });
    await link.next("view-end-kept");
    const openFor = async (viewId: number) => {
      const { at, openUntil } = (await person.call("listAccessRecords", { query: { accountId: id } })).records.find((record) => record.id === viewId)!;
      return (openUntil - at) / 60_000;
    };
    assert.equal(await openFor(running), 5, "it may never begin");
    link.send({ type: "view-served", viewId: running, served: [{ from: to - 600_000, to: to - 540_000 }] });
    await link.next("view-served-kept");
    assert.deepEqual([await openFor(running), await openFor(watched)], [24 * 60, 5]);
    api.advance(20 * 60_000);
    await person.call("changeAccount", { params: { id }, body: { disabled: true } });
    assert.equal((await link.next("end-view")).viewId, running);
    assert.ok(!link.messages.some((message) => message.type === "end-view" && message.viewId === watched), "what was watched ended with its token");
    link.close();
    await link.closed;
    api.advance(-20 * 60_000);
  });

  test("[VIEW14] when the register loses its purpose for a camera's sound, what hears it is taken back at the recorder, a download too; what sees it goes on", async () => {
    const link = await join();
    const operator = await api.person("hearing.operator", ["video-operator"]);
    const hearing = (await person.call("createCamera", { body: cameraBody({ code: "H1", soundPurpose: "Calls for help" }) })).id;
    const now = Date.now();
    const open = async (body: object): Promise<number> => (await operator.call("openViews", { body: { cameraIds: [hearing], reason: { purpose: "training", words: "x" }, mode: "live", from: null, to: null, ...body } as never })).views[0]!.viewId;
    const past = { from: now - 60_000, to: now - 1_000 };
    const seen = await open({});
    const heard = [await open({ sound: true }), await open({ mode: "download", sound: true, ...past })];
    const silent = await open({ mode: "download", ...past });
    const taken = (): number[] => link.messages.flatMap((message) => (message.type === "end-view" ? [Number(message["viewId"])] : []));
    await person.call("changeCamera", { params: { id: hearing }, body: { name: "Gate, from the left" } });
    await person.call("changeCamera", { params: { id: hearing }, body: { soundPurpose: null } });
    await waitUntil(() => heard.every((id) => taken().includes(id)));
    assert.ok(!taken().includes(seen) && !taken().includes(silent));
    link.close();
    await link.closed;
  });

  test("[VIEW8] what is to be ended at a recorder that is away is told when it is there, once", async () => {
    const first = await join();
    const { cameras } = await readList(first);
    const leaver = await api.person("a.leaver", ["video-operator"]);
    const { viewId } = (await leaver.call("openViews", { body: { cameraIds: [cameras[0].cameraId], mode: "download", from: Date.now() - 120_000, to: Date.now() - 60_000, reason: { purpose: "training", words: "x" } } })).views[0]!;
    first.close();
    await waitUntil(async () => !(await person.call("getSystem")).status.recorders[0]!.connected);
    const { id } = (await leaver.call("getSession")).account;
    await person.call("changeAccount", { params: { id }, body: { disabled: true } });
    const second = await join();
    assert.equal((await second.next("end-view")).viewId, viewId);
    second.close();
    await second.closed;
    await waitUntil(async () => !(await person.call("getSystem")).status.recorders[0]!.connected);
    const third = await join();
    await readList(third);
    assert.ok(!third.messages.some((message) => message.type === "end-view"));
    third.close();
    await third.closed;
  });

  test("[VIEW8] a look that is being opened while its account is disabled is refused: it came too late for the list of open ones", async () => {
    const late = await api.person("late.operator", ["video-operator"]);
    const { id } = (await late.call("getSession")).account;
    const { cameras } = await person.call("listCameras", { query: { limit: 1 } });
    onInsert = async () => void (await person.call("changeAccount", { params: { id }, body: { disabled: true } }));
    const { status, answer } = await late.try("openViews", { body: { cameraIds: [cameras[0]!.id], mode: "live", reason: { purpose: "training", words: "x" } } });
    onInsert = async () => undefined;
    assert.deepEqual([status, answer], [401, null]);
    assert.notEqual((await person.call("listAccessRecords", { query: { accountId: id } })).records[0]!.endedAt, null, "its record says that nothing was seen");
  });

  test("an address is tried by the recorder; without one that is said", async () => {
    await waitUntil(async () => !(await person.call("getSystem")).status.recorders[0]!.connected);
    const probe = (body: object) => person.try("probeCamera", { body });
    assert.equal((await probe({ address: "rtsp://10.0.0.1/x" })).problem?.rule, "no-recorder");
    const link = await join();
    await readList(link);
    const asking = probe({ address: "rtsp://adm:pw%23@10.0.0.1/x" });
    const asked = await link.next("probe");
    assert.deepEqual([asked.address, asked.userName, asked.password], ["rtsp://10.0.0.1/x", "adm", "pw#"]);
    link.send({ type: "probed", requestId: asked.requestId, result: { ok: false, problem: "unauthorized", message: "401" } });
    assert.deepEqual((await asking).answer, { ok: false, problem: "unauthorized", message: "401", fault: null, certificateSha256: null });
    const bad = (await probe({ address: "http://10.0.0.1/x" })).answer;
    assert.ok(bad !== null && !bad.ok && bad.problem === "bad-address");
    link.close();
  });

  test("a second link of the same recorder takes the first one's place; what is no message ends a link", async () => {
    const first = await join();
    await readList(first);
    const second = await join();
    assert.equal(await first.closed, RECORDER_LINK_CLOSE.replaced);
    await readList(second);
    assert.equal((await person.call("getSystem")).status.recorders[0]!.connected, true);
    for (const text of ["x", '{"type":"health","at":1,"cameras":[]}', '{"type":"hello","recorderId":0,"mediaUrl":"x","revision":0}']) {
      const odd = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
      odd.socket.send(text);
      assert.equal(await odd.closed, RECORDER_LINK_CLOSE.badMessage, text);
    }
    second.close();
  });

  test("no password of a camera is in the log", () => {
    assert.doesNotMatch(api.logged.join("\n"), /pw\d|pw#/);
  });
});
