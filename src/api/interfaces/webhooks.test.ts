import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { createSealer } from "../../io/crypto/seal.ts";
import { createWebhookStore } from "../../io/postgres/webhook-store.ts";
import type { Attempt } from "../../interfaces/webhook.ts";
import { createIncident, startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { CityClient } from "../../../tests/support/city-client.ts";
import { waitUntil } from "../../../tests/support/wait.ts";

interface Heard {
  readonly id: string;
  readonly at: string;
  readonly signature: string;
  readonly body: string;
}
/** A target that answers what it is told to. */
async function startTarget(): Promise<{ url: string; heard: Heard[]; status: number; server: Server }> {
  const target = {
    url: "", heard: [] as Heard[], status: 200,
    server: createServer((request, response) => {
      let body = "";
      request.on("data", (piece: Buffer) => void (body += String(piece)));
      request.on("end", () => {
        const of = (name: string): string => String(request.headers[name]);
        target.heard.push({ id: of("webhook-id"), at: of("webhook-timestamp"), signature: of("webhook-signature"), body });
        response.writeHead(target.status).end();
      });
    }).listen(0, "127.0.0.1"),
  };
  await once(target.server, "listening");
  target.url = `http://127.0.0.1:${(target.server.address() as { port: number }).port}/hook`;
  return target;
}

describe("webhooks", () => {
  let api: TestApi;
  let administrator: CityClient;
  let dispatcher: CityClient;
  let target: Awaited<ReturnType<typeof startTarget>>;
  let secret: string;
  let webhookId: number;
  before(async () => {
    api = await startTestApi();
    target = await startTarget();
    administrator = await api.person("admin.one", ["administrator"]);
    dispatcher = await api.person("ana", ["dispatcher"]);
    await createIncident(api, dispatcher); // before anybody asked to be told
    await waitUntil(async () => (await api.database`select sequence from webhook_cursor`)[0]!["sequence"] === api.dispatch.sequence());
    const made = await administrator.call("createWebhook", { body: { name: "Fire brigade", url: target.url } });
    ({ secret } = made);
    webhookId = made.webhook.id;
  });
  after(async () => {
    await api.close();
    target.server.closeAllConnections();
    target.server.close();
  });
  const counts = async () => {
    const webhook = (await administrator.call("listWebhooks")).webhooks.find(({ id }) => id === webhookId)!;
    return [webhook.waiting, webhook.dead];
  };
  const delivered = (n: number) => waitUntil(() => target.heard.length >= n);

  test("[WHK1] [WHK3] each event of an incident is told once, signed; what the secret is stands nowhere", async () => {
    const id = await createIncident(api, dispatcher);
    await delivered(1);
    await waitUntil(async () => (await counts())[0] === 0);
    const first = target.heard.find(({ body }) => body.includes("incident.created"))!;
    assert.equal(first.signature, `v1,${createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64")).update(`${first.id}.${first.at}.${first.body}`).digest("base64")}`);
    const told = JSON.parse(first.body) as { type: string; incident: unknown; shared: unknown };
    const { number } = (await api.dispatch.incident(id))!.incident;
    assert.deepEqual([told.type, told.incident, told.shared], ["incident.created", { id, number, status: "active" }, null]);
    const events = (await api.dispatch.incident(id))!.timeline.length;
    assert.equal(target.heard.length, events);
    assert.equal(new Set(target.heard.map((one) => one.id)).size, events);
    const [row] = await api.database`select w::text as text from webhook w`;
    assert.ok(!String(row!["text"]).includes(secret.slice(6)) && !JSON.stringify(await administrator.call("listWebhooks")).includes(secret.slice(6)));
  });

  test("[EID4] [EID5] what, where and who goes is told only while the incident is shared with this very target, and each telling is written down by its name", async () => {
    const id = await createIncident(api, dispatcher);
    const bodies = () => target.heard.map(({ body }) => JSON.parse(body) as { type: string; incident: { id: number; status: string }; shared: { place: { label: string }; units: { callSign: string; state: string }[] } | null }).filter(({ incident }) => incident.id === id);
    /** What is told from then on, until that event is among it and nothing waits. */
    const next = async (event: string, work: () => Promise<unknown>) => {
      const before = bodies().length;
      await work();
      await waitUntil(async () => bodies().slice(before).some(({ type }) => type === event) && (await counts())[0] === 0);
      return bodies().slice(before);
    };
    const { agencies } = await dispatcher.call("listSharingAgencies");
    assert.deepEqual(agencies, [{ kind: "webhook", id: webhookId, name: "Fire brigade" }]);
    const sharing = await dispatcher.call("createSharing", { params: { id }, body: { agency: { kind: "webhook", id: webhookId }, purpose: "Smoke on their side of the river", hours: 4 } });
    await waitUntil(() => bodies().some(({ type }) => type === "incident.shared"));
    const shared = bodies().find(({ type }) => type === "incident.shared")!;
    assert.deepEqual([shared.shared?.place.label, shared.shared?.units], ["Rivera", []], "as it is when it is shared");
    const sent = await next("assignment.assigned", () => dispatcher.send({ type: "assignment.assign", incidentId: id, unitIds: [2] }));
    assert.deepEqual(sent.find(({ type }) => type === "assignment.assigned")!.shared?.units.map(({ callSign }) => callSign), ["M2"]);
    assert.doesNotMatch(target.heard.map(({ body }) => body).join(), /callerNumber|callerWords|smoke on their side/i);
    const { entries } = await administrator.call("listAuditEntries", { query: { kind: "readings", subjectKind: "shared-incident", subjectId: sharing.id } });
    assert.deepEqual([entries.length >= 2, new Set(entries.map(({ by, action }) => `${by.name} ${action}`))], [true, new Set(["Fire brigade sharing.read"])]);
    await dispatcher.call("endSharing", { params: { id: sharing.id } });
    const after = await next("incident.closed", () => dispatcher.send({ type: "incident.close", incidentId: id, disposition: "resolved" }));
    assert.deepEqual(after.map(({ incident, shared: told }) => [incident.status, told]), after.map(() => ["closed", null]), "from the very next one on");
  });

  test("[WHK4] a failure is tried again later under the same id, and 410 makes a dead letter that a person sends again", async () => {
    target.heard.length = 0;
    target.status = 500;
    const id = (api.dispatch.listIncidents(null, 1)[0]!).id;
    await dispatcher.send({ type: "incident.note", incidentId: id, words: "again" });
    await delivered(1);
    await waitUntil(async () => (await administrator.call("listWebhooks")).webhooks[0]!.lastError === "HTTP 500");
    target.status = 200;
    api.advance(6_000);
    await delivered(2);
    assert.equal(target.heard[0]!.id, target.heard[1]!.id);
    assert.notEqual(target.heard[0]!.at, target.heard[1]!.at);

    target.status = 410;
    await dispatcher.send({ type: "incident.note", incidentId: id, words: "and again" });
    await waitUntil(async () => (await counts())[1] === 1);
    const [dead] = (await administrator.call("listDeliveries")).deliveries;
    assert.deepEqual([dead!.event, dead!.error, dead!.tries, dead!.webhookName], ["incident.noted", "HTTP 410", 1, "Fire brigade"]);
    target.status = 204;
    assert.deepEqual(await administrator.call("resendDeliveries", { body: { ids: [dead!.id] } }), { sent: 1 });
    await waitUntil(async () => (await counts()).join() === "0,0");
    assert.deepEqual(await administrator.call("resendDeliveries", { body: { ids: [dead!.id] } }), { sent: 0 });
    const audit = await administrator.call("listAuditEntries", { query: { subjectKind: "webhook" } });
    assert.deepEqual(audit.entries.map(({ action }) => action), ["webhook.resend", "webhook.add"]);
  });

  test("[WHK5] a target outside of what is allowed is refused at its registration", async () => {
    for (const [url, code] of [["https://10.0.0.1/", "webhook-target"], ["https://169.254.169.254/latest", "webhook-target"], ["http://example.org/", "https-target"]] as const) {
      const { status, problem } = await administrator.try("createWebhook", { body: { name: "x", url } });
      assert.deepEqual([status, problem?.faults?.[0]?.code], [400, code]);
    }
  });

  test("[WHK7] who was away reads the same events by cursor and misses nothing", async () => {
    const { key } = await administrator.call("createMachineAccount", { body: { name: "Statistics office", interface: "events" } });
    const reader = new CityClient(api.origin, key);
    const seen: number[] = [];
    for (let after = 0; ;) {
      const page = await reader.call("listIncidentEvents", { query: { after, limit: 2 } });
      if (page.events.length === 0) break;
      seen.push(...page.events.map(({ sequence }) => sequence));
      after = page.next;
    }
    const rows = await api.database`select sequence from dispatch_event where incident_id is not null order by sequence`;
    assert.deepEqual(seen, rows.map((row) => row["sequence"]));
    assert.equal((await reader.call("listIncidentEvents", { query: { after: seen.at(-1)! } })).next, seen.at(-1));
  });

  test("[WHK4] what waits for a target that never answers is bounded: the oldest events are dead letters, of which the latest are kept; a warning waits on", async () => {
    const store = createWebhookStore(api.database, createSealer(api.sealKey));
    const put = (topic: string, subjectId: number) => api.database`
      insert into webhook_delivery (webhook_id, sequence, topic, event, subject_id, event_at, next_at, made_at) values (${webhookId}, 0, ${topic}, 'x', ${subjectId}, now(), '2999-01-01', now())`;
    const list = async (state: string) => (await api.database`select subject_id from webhook_delivery where state = ${state} and event = 'x' order by id`).map((row) => row["subject_id"]);
    await put("warning", 900);
    for (let i = 901; i <= 905; i++) await put("incident", i);
    assert.equal(await store.sweep(0, 3, Date.now()), 2);
    assert.deepEqual([await list("waiting"), await list("dead")], [[900, 903, 904, 905], [901, 902]]);
    assert.equal(await store.sweep(0, 3, Date.now()), 0);
    assert.deepEqual((await store.listDeliveries("dead", null, 10)).map(({ error }) => error), ["more than 3 waited", "more than 3 waited"]);
    for (let i = 906; i <= 908; i++) await put("incident", i);
    assert.equal(await store.sweep(0, 3, Date.now()), 3);
    assert.deepEqual([await list("waiting"), await list("dead")], [[900, 906, 907, 908], [903, 904, 905]]);
    await api.database`delete from webhook_delivery where event = 'x'`;
  });

  test("a webhook that is stopped is told nothing; one that is removed loses what waited", async () => {
    await administrator.call("changeWebhook", { params: { id: webhookId }, body: { enabled: false } });
    target.heard.length = 0;
    await createIncident(api, dispatcher);
    await waitUntil(async () => (await api.database`select sequence from webhook_cursor`)[0]!["sequence"] === api.dispatch.sequence());
    assert.deepEqual(await counts(), [0, 0]);
    await administrator.call("removeWebhook", { params: { id: webhookId } });
    assert.deepEqual((await administrator.call("listWebhooks")).webhooks, []);
    assert.deepEqual(target.heard, []);
  });
});

describe("external services black-holed", () => {
  /** What happens for the same commands with targets that take a request and never answer; `underWay` counts the requests that wait while each command is answered. */
  async function work(targets: number): Promise<{ outcomes: string[]; underWay: number[]; answered: number }> {
    let begun = 0;
    let answered = 0;
    const hang = (): Promise<Attempt> => {
      begun++;
      return new Promise<Attempt>(() => undefined).finally(() => void answered++);
    };
    const api = await startTestApi({ poster: { post: hang } });
    try {
      const administrator = await api.person("admin.one", ["administrator"]);
      const dispatcher = await api.person("ana", ["dispatcher"]);
      for (let i = 0; i < targets; i++) await administrator.call("createWebhook", { body: { name: `Hole ${i}`, url: `https://hole-${i}.example/` } });
      const first = await createIncident(api, dispatcher);
      if (targets > 0) await waitUntil(() => begun >= targets);
      const outcomes: string[] = [];
      const underWay: number[] = [];
      const send = async (command: Parameters<CityClient["send"]>[0]): Promise<void> => {
        const outcome = await dispatcher.send(command);
        outcomes.push(outcome.outcome);
        underWay.push(begun - answered);
      };
      for (let i = 0; i < 20; i++) await send({ type: "incident.note", incidentId: first, words: `line ${i}` });
      await send({ type: "assignment.assign", incidentId: first, unitIds: [1] });
      await send({ type: "incident.close", incidentId: first, disposition: "resolved" });
      return { outcomes, underWay, answered };
    } finally {
      await api.close();
    }
  }

  test("[WHK2] [WHK6] the same commands have the same answers; while every one is answered all targets hang, and none of them ever answers", async () => {
    const without = await work(0);
    const holes = await work(5);
    assert.deepEqual(holes.outcomes, without.outcomes);
    assert.deepEqual(without.underWay, without.outcomes.map(() => 0));
    assert.equal(holes.answered, 0, "so no command can have waited for one");
    for (const n of holes.underWay) assert.ok(n >= 5 && n <= 20, `${n} requests under way: at least one of each target, at most four`);
  });
});
