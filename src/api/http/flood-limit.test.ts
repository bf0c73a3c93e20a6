// Whoever asks too often is told to come back, and nobody else is held up by it. Small limits; real HTTP.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PASSWORD, startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { CityClient } from "../../../tests/support/city-client.ts";

const LIMITS = { perSession: 30, perStranger: 12, perMachine: 20 };

describe("a flood of requests", () => {
  let api: TestApi;
  let one: CityClient;
  let other: CityClient;
  let machines: CityClient[];
  before(async () => {
    api = await startTestApi({ floodLimits: LIMITS });
    one = await api.first();
    other = await api.person("another", ["planner"]);
    machines = await Promise.all(["First", "Second"].map(async (name) => new CityClient(api.origin, (await one.call("createMachineAccount", { body: { name, interface: "events" } })).key)));
  });
  after(() => api.close());

  const raw = (path: string, headers: Record<string, string> = {}) => fetch(`${api.origin}${path}`, { headers });

  test("of one session is refused with a rule and a time, while other sessions and machines go on", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < LIMITS.perSession + 5; i++) statuses.push((await one.try("getCity")).status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [200, 429]);
    assert.equal(statuses.filter((status) => status === 200).length <= LIMITS.perSession, true);
    const refused = await raw("/api/v1/city", one.headers());
    assert.equal(refused.status, 429);
    const wait = Number(refused.headers.get("retry-after"));
    assert.ok(wait >= 1 && wait <= 60, String(wait));
    assert.equal(((await refused.json()) as { rule: string }).rule, "too-many-requests");
    assert.equal((await other.try("getCity")).status, 200);
    for (let i = 0; i < LIMITS.perSession + 5; i++) assert.equal((await api.client("fleet").try("listFieldWork")).status, 200);
  });

  test("[CAP6] of strangers, with or without made-up credentials, is refused; who is logged in from the same address is not, and the page still opens", async () => {
    const forms: Record<string, string>[] = [{}, { cookie: `citywatch=${"x".repeat(43)}` }, { authorization: `Bearer ${"y".repeat(40)}` }];
    const statuses: number[] = [];
    for (let i = 0; i < LIMITS.perStranger + 6; i++) statuses.push((await raw("/api/v1/city", forms[i % 3])).status);
    assert.deepEqual([statuses[0], ...statuses.slice(-3)], [401, 429, 429, 429]);
    for (const path of ["/api/v1/welcome", "/%61pi/v1/welcome", "/public/warnings.atom", "/%70ublic/warnings.atom", "/public/warnings/1.xml"]) assert.equal((await raw(path)).status, 429, path);
    assert.equal((await api.client().try("logIn", { body: { login: "another", password: PASSWORD } })).problem?.rule, "too-many-requests");
    assert.equal((await other.try("getCity")).status, 200);
    assert.equal((await raw("/")).status, 200);
    assert.equal((await raw("/healthz")).status, 200);
  });

  test("of one outside system is refused, while another one's key goes on", async () => {
    const [first, second] = machines;
    const statuses: number[] = [];
    for (let i = 0; i < LIMITS.perMachine + 4; i++) statuses.push((await first!.try("getCity")).status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [403, 429]);
    assert.equal((await second!.try("getCity")).status, 403);
  });
});
