// Everything outside that the centre speaks to or hears is there and gives nothing: it takes a connection and is silent, answers a byte a second, refuses, has a name whose server is silent, or begins a request and
// never ends it. What people do at their desks meanwhile must not wait for any of it. Nothing here is measured: the holes' own limits are an hour, so whatever waited for one of them would not be done before the
// holes are let go, and each action asserts, when it is done, that they are all held still.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, connect, type Server, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { pointAt } from "../geo/testing/features.ts";
import { systemTimers } from "../io/clock/timers.ts";
import { createPoster } from "../io/webhook/post.ts";
import { createTargetPolicy } from "../io/webhook/target-policy.ts";
import { PASSWORD, cameraBody, startTestApi, type TestApi, type TestSocket } from "../../tests/support/api.ts";
import { CityClient } from "../../tests/support/city-client.ts";
import { freePort } from "../../tests/support/free-port.ts";
import { waitUntil } from "../../tests/support/wait.ts";

const HOUR_MS = 3_600_000;
const PLACE = { words: "Rivera", label: "Rivera", kind: "street", district: null, point: pointAt(300, 0), uncertaintyM: 50 } as const;
const WARNING = {
  headline: "Smoke", description: "A warehouse burns.", instruction: "Keep windows shut.", event: "Fire", category: "Fire", urgency: "Immediate", severity: "Severe", certainty: "Observed", expiresAt: Date.now() + HOUR_MS,
  area: { description: "Old town", circle: { point: pointAt(0, 0), radiusM: 800 } },
};

interface Hole {
  readonly server: Server;
  readonly port: number;
  readonly held: Set<Socket>;
  readonly answering: NodeJS.Timeout[];
}

/** A listener that takes connections and never answers, or, where it `drips`, begins an answer of which a byte comes each second. */
async function startHole(drips: boolean): Promise<Hole> {
  const held = new Set<Socket>();
  const answering: NodeJS.Timeout[] = [];
  const server = createServer((socket) => {
    held.add(socket);
    socket.on("close", () => held.delete(socket)).on("error", () => undefined).resume();
    const answer = `HTTP/1.1 200 OK\r\nx-slow: ${"z".repeat(HOUR_MS)}`;
    let at = 0;
    if (drips) answering.push(setInterval(() => socket.write(answer[at++ % answer.length]!), 1_000));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as { port: number }).port, held, answering };
}

describe("[WHK8] everything outside is black-holed", () => {
  let api: TestApi;
  let silent: Hole;
  let dripping: Hole;
  let lostNames = 0;
  let refused = 0;
  let answered = 0;
  let probeAnswered = false;
  let administrator: CityClient;
  let ana: CityClient;
  let ben: CityClient;
  let recorder: TestSocket;
  let cameraId: number;
  const halfRequests: Socket[] = [];

  before(async () => {
    [silent, dripping] = [await startHole(false), await startHole(true)];
    const poster = createPoster(createTargetPolicy("127.0.0.0/8"), async (host) => {
      if (host.startsWith("127.")) return [{ address: host, family: 4 }];
      lostNames++;
      return new Promise(() => undefined); // its server is silent
    });
    api = await startTestApi({
      poster: {
        post: async (url, headers, body) => {
          const attempt = await poster.post(url, headers, body, HOUR_MS);
          if ("error" in attempt && attempt.error.includes("ECONNREFUSED")) refused++;
          else answered++;
          return attempt;
        },
      },
      timers: { every: systemTimers.every, after: (ms, work) => (ms >= 10_000 ? () => undefined : systemTimers.after(ms, work)) }, // no limit on an answer ends a wait
    });
    administrator = await api.person("admin.one", ["administrator", "engineer"]);
    ana = await api.person("ana", ["dispatcher"]);
    ben = await api.person("ben", ["dispatcher"]);
    cameraId = (await administrator.call("createCamera", { body: cameraBody({ code: "H1" }) })).id;

    const urls = { silent: `http://127.0.0.1:${silent.port}/`, dripping: `http://127.0.0.1:${dripping.port}/`, refusing: `http://127.0.0.1:${await freePort()}/`, nameless: "https://hook.lost.example/" };
    for (const [name, url] of Object.entries(urls)) for (const format of ["citywatch", "eido"]) await administrator.call("createWebhook", { body: { name: `${name} ${format}`, url, format, topics: format === "eido" ? ["incident"] : ["incident", "warning"] } });

    recorder = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    recorder.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7399", revision: 0 });
    await recorder.next("welcome");
    recorder.socket.pause(); // linked; reads nothing and answers nothing
    for (let i = 0; i < 20; i++) {
      const socket = connect(api.port, "127.0.0.1").on("error", () => undefined);
      socket.write(i % 2 === 0 ? "" : "POST /api/v1/telephony/calls HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{");
      halfRequests.push(socket);
    }
    await Promise.all(halfRequests.map((socket) => (socket.connecting ? once(socket, "connect") : undefined)));
    administrator.call("probeCamera", { body: { address: "rtsp://10.0.0.9/stream" } }).then(() => (probeAnswered = true), () => undefined); // the test gives it up, the centre doesn't
  });
  after(async () => {
    for (const socket of [...halfRequests, ...silent.held, ...dripping.held]) socket.destroy();
    for (const timer of dripping.answering) clearInterval(timer);
    silent.server.close();
    dripping.server.close();
    recorder.socket.terminate();
    await api.close();
  });

  const isHeld = (): boolean => silent.held.size > 0 && dripping.held.size > 0 && lostNames > 0 && refused > 0;

  test("log-on, call, intake, place search, recommendation, commands, looks, warnings, sharing and log-off are done while all of it is held", async () => {
    const telephony = api.client("telephony");
    const done: string[] = [];
    const act = async <T>(what: string, action: () => Promise<T>): Promise<T> => {
      const result = await action();
      assert.deepEqual([isHeld(), answered, probeAnswered], [true, 0, false], `${what}: nothing was let go, and nothing outside has answered`);
      done.push(what);
      return result;
    };
    const accepted = async (client: CityClient, command: Parameters<CityClient["send"]>[0]) => {
      const outcome = await client.send(command);
      assert.equal(outcome.outcome, "accepted", JSON.stringify(outcome));
      return outcome as Extract<typeof outcome, { outcome: "accepted" }>;
    };
    await accepted(ana, { type: "incident.create", contactId: null, incidentType: "other", what: "so that there is something to tell", who: "", place: PLACE });
    await waitUntil(isHeld); // the first deliveries are in their holes

    const late = new CityClient(api.origin);
    await act("log-on", () => late.logIn("ben", PASSWORD));
    const { contactId } = await act("a call rings", () => telephony.call("reportCall", { body: { event: "ring", callId: "h-1", number: "099" } }));
    await act("claim", () => accepted(ana, { type: "contact.claim", contactId: contactId! }));
    const found = await act("place search", () => ana.call("searchPlaces", { query: { q: "Rivera" } }));
    assert.ok(found.places.length > 0);
    await act("duplicates", () => ana.call("listDuplicates", { params: { id: contactId! }, query: { ...pointAt(300, 0), type: "theft" } }));
    const { incidentId } = await act("an incident is made", () => accepted(ana, { type: "incident.create", contactId: contactId!, incidentType: "theft", what: "a bag", who: "", place: PLACE }));
    const id = incidentId!;
    const seen = await act("cameras that see it", () => ana.call("seeingCameras", { query: { ...pointAt(60, 0) } }));
    assert.equal(seen.examined, 1);
    const recommended = await act("recommendation", () => ana.call("recommend", { params: { id } }));
    const unitId = recommended.candidates[0]!.unitId;
    await act("cover", () => ana.call("proposeCover", { params: { id }, query: { units: String(unitId) } }));
    await act("a unit is sent", () => accepted(ana, { type: "assignment.assign", incidentId: id, unitIds: [unitId] }));
    for (let i = 0; i < 10; i++) await act(`note ${i}`, () => accepted(ana, { type: "incident.note", incidentId: id, words: `line ${i}` }));
    const opened = await act("a look is opened", () => ana.call("openViews", { body: { cameraIds: [cameraId], mode: "live", reason: { purpose: "incident", words: "", incidentId: id } } }));
    await act("a look is ended", () => ana.call("endView", { params: { id: opened.views[0]!.viewId } }));
    await act("the incident is read", () => ana.call("getIncident", { params: { id } }));
    await act("the board", () => ana.call("getBoard"));
    const draft = await act("a warning is drafted", () => ana.call("draftWarning", { body: { kind: "alert", content: WARNING } }));
    await act("a warning is sent", () => ben.call("approveWarning", { params: { id: draft.id }, body: { revision: draft.revision } }));
    const agency = (await act("agencies", () => ana.call("listSharingAgencies"))).agencies.find(({ name }) => name === "silent eido")!;
    await act("an incident is shared", () => ana.call("createSharing", { params: { id }, body: { agency: { kind: agency.kind, id: agency.id }, purpose: "mutual aid", hours: 1 } }));
    await act("a camera is changed", () => administrator.call("changeCamera", { params: { id: cameraId }, body: { name: "Corner two" } }));
    const live = await act("a console connects", async () => {
      const socket = await api.connect("/api/v1/live", { ...ana.headers(), origin: api.origin });
      socket.send({ type: "hello", after: null });
      await socket.next("snapshot");
      return socket;
    });
    await act("closing", () => accepted(ana, { type: "incident.close", incidentId: id, disposition: "resolved", words: "" }));
    await act("a console hears of it", () => waitUntil(() => live.messages.some(({ type, incidents }) => type === "change" && incidents.some((one: { id: number; status: string }) => one.id === id && one.status === "closed"))));
    live.close();
    await act("log-off", () => ben.call("logOut"));
    const account = (await administrator.call("listAccounts")).accounts.find(({ login }) => login === "ana")!;
    await act("an account is disabled, and its looks end", () => administrator.call("changeAccount", { params: { id: account.id }, body: { disabled: true } }));
    assert.ok(done.length > 30);
  });
});
