// The edge itself: what is malformed, what tries to get out of its folder, what the page may do, what machines read.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { ROUTES, type Route } from "../../contract/routes.ts";
import { FIRST_TOKEN, PASSWORD, startTestApi, type TestApi } from "../../../tests/support/api.ts";
import type { CityClient } from "../../../tests/support/city-client.ts";

describe("the edge", () => {
  let api: TestApi;
  let person: CityClient;
  before(async () => {
    api = await startTestApi();
    person = await api.first();
  });
  after(() => api.close());

  /** A request exactly as written: fetch would tidy its path. */
  const rawRequest = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(api.port, "127.0.0.1", () => socket.write(text)).on("error", reject).on("data", (data) => (answer += data)).on("close", () => resolve(answer));
    });
  const rawGet = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${api.port}\r\nconnection: close\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);

  test("bad input is told field by field: field, value, what was expected", async () => {
    const cases: [route: string, input: { params?: object; query?: object; body?: unknown }, field: string, value: string | RegExp, expected: RegExp][] = [
      ["searchPlaces", { query: { q: "" } }, "query.q", "", /something written/],
      ["searchPlaces", { query: { q: "x", limit: 99 } }, "query.limit", "99", /at most 20/],
      ["seeingCameras", { query: { lon: "abc", lat: 0 } }, "query.lon", "abc", /number/],
      ["seeingCameras", { query: { lon: 0, lat: 91 } }, "query.lat", "91", /at most 90/],
      ["listCameras", { query: { near: "here" } }, "query.near", "here", /lon,lat/],
      ["listCameras", { query: { near: "200,0" } }, "query.near", "200,0", /degrees/],
      ["listCameras", { query: { state: "broken" } }, "query.state", "broken", /one of connected/],
      ["getCamera", { params: { id: "1e9x" } }, "params.id", "1e9x", /number/],
      ["getCamera", { params: { id: "-1" } }, "params.id", "-1", /more than 0/],
      ["getCamera", { params: { id: "..%2f..%2fetc" } }, "params.id", /\.\./, /number/],
      ["createCamera", { body: [] }, "body", "a list", /object/],
      ["createAccount", { body: { name: "n", login: "Spaces here", password: PASSWORD, roles: ["planner"] } }, "login", "Spaces here", /2 to 40/],
      ["createAccount", { body: { name: "n", login: "ok", password: "short", roles: ["planner"] } }, "password", "(not shown)", /12/],
      ["createAccount", { body: { name: "n", login: "ok", password: PASSWORD, roles: [] } }, "roles", "[]", /one item or more/],
      ["createAccount", { body: { name: "n", login: "ok", password: PASSWORD, roles: ["king"] } }, "roles.0", "king", /one of call-taker/],
      ["sendCommand", { body: { commandId: "7", command: { type: "contact.claim", contactId: 1 } } }, "commandId", "7", /uuid/i],
      ["sendCommand", { body: { commandId: "0b8b4b6e-6b5c-4e0e-9b60-5d8a9d0f8a11", command: { type: "contact.steal" } } }, "command.type", "contact.steal", /type/],
      ["sendCommand", { body: { commandId: "0b8b4b6e-6b5c-4e0e-9b60-5d8a9d0f8a11", command: { type: "incident.close", incidentId: 1, disposition: "whatever" } } }, "command.disposition", "whatever", /one of resolved/],
    ];
    for (const [name, input, field, value, expected] of cases) {
      const { status, problem } = await person.try(name as never, input as never);
      assert.equal(status, 400, `${name} ${JSON.stringify(input)}`);
      assert.equal(problem!.rule, "bad-input");
      const fault = problem!.faults!.find((one) => one.field === field);
      assert.ok(fault !== undefined, `${field}: ${JSON.stringify(problem!.faults)}`);
      assert.match(fault.value, typeof value === "string" ? new RegExp(`^${value.replace(/[[\]().*+?^$|\\]/g, "\\$&")}$`) : value);
      assert.match(fault.expected, expected);
    }
  });

  test("no answer repeats a password or token, however wrong the rest is", async () => {
    const hush = "hush-hush-hush-hush";
    for (const [name, body] of [
      ["logIn", { login: 7, password: hush }], ["logIn", { login: "x", password: { deep: hush } }], ["createFirstAccount", { token: hush.repeat(9), name: "", login: "-", password: hush }],
      ["createAccount", { password: hush.repeat(20) }], ["changeOwnPassword", { current: [hush], next: hush.repeat(20) }], ["probeCamera", { address: 5, password: { a: hush } }],
      ["createCamera", { address: `ftp://a:${hush}@b`, password: [hush] }], ["importCameras", { csv: [hush] }],
    ] as const) {
      const { status, problem } = await person.try(name, { body });
      assert.ok(status >= 400, name);
      assert.ok(!JSON.stringify(problem).includes("hush"), `${name}: ${JSON.stringify(problem)}`);
    }
    assert.ok(!api.logged.join().includes("hush"));
  });

  test("bodies that are no JSON, too long, or of another kind", async () => {
    const send = async (body: string, type = "application/json") => {
      const response = await fetch(`${api.origin}/api/v1/session`, { method: "POST", headers: { "content-type": type }, body });
      return [response.status, ((await response.json()) as { rule: string }).rule];
    };
    assert.deepEqual(await send("{"), [400, "bad-input"]);
    assert.deepEqual(await send(""), [400, "bad-input"]);
    assert.deepEqual(await send("{}", "application/xml"), [415, "wrong-media-type"]);
    assert.deepEqual(await send("{}", "text/csv"), [415, "wrong-media-type"]);
    assert.deepEqual(await send(JSON.stringify({ login: "x".repeat(300_000), password: "y" })), [413, "too-long"]);
    assert.equal((await send('{"__proto__":{"admin":true},"login":"xx","password":"y"}'))[0], 400);
    assert.deepEqual(await send("null"), [400, "bad-input"]);
  });

  test("no path leads out of the console's folder or out of the tiles", async () => {
    const paths = [
      "/../package.json", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd", "/assets/..%5c..%5cetc", "/....//....//etc/passwd", "/%00", "/index.html%00.js",
      "//etc/passwd", "/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/..%c0%af..%c0%afetc/passwd",
      "/tiles/base/../../etc/passwd", "/tiles/base/1/..%2f..%2f/0.mvt", "/tiles/base/1/1/..%2f0.mvt", "/tiles/base/01/1/%2e%2e.mvt", "/api/v1/cameras/..%2f..%2fetc",
      `/../${api.logged.length}-secret.txt`,
    ];
    for (const path of paths) {
      const answer = await rawGet(path, { cookie: person.cookie });
      assert.match(answer, /^HTTP\/1\.1 (400|404|204) /, `${path}: ${answer.slice(0, 60)}`);
      assert.doesNotMatch(answer, /root:|not for browsers|"workspaces"/, path);
    }
    // A neighbour of the folder whose name begins like it.
    const { readdirSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    for (const neighbour of readdirSync(tmpdir()).filter((name) => /^citywatch-console-.*-secret\.txt$/.test(name)))
      assert.match(await rawGet(`/../${neighbour}`), /^HTTP\/1\.1 404 /);
  });

  test("the page comes for every screen's address, its files with their own caching, and nothing may frame or feed it", async () => {
    const get = (path: string, accept = "text/html") => fetch(`${api.origin}${path}`, { headers: { accept } });
    for (const path of ["/", "/operate", "/watch/3", "/index.html"]) {
      const page = await get(path);
      assert.equal(page.status, 200, path);
      assert.match(await page.text(), /<title>Citywatch/);
      assert.equal(page.headers.get("cache-control"), "no-cache");
      const policy = page.headers.get("content-security-policy")!;
      for (const part of ["default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "worker-src 'self' blob:", `ws://127.0.0.1:${api.port}`, "http://127.0.0.1:7310 ws://127.0.0.1:7310"])
        assert.ok(policy.includes(part), part);
      assert.doesNotMatch(policy, /unsafe|\*/);
      assert.equal(page.headers.get("x-content-type-options"), "nosniff");
      assert.equal(page.headers.get("x-frame-options"), "DENY");
    }
    assert.match((await get("/assets/index-AbCd1234.js")).headers.get("cache-control")!, /immutable/);
    assert.equal((await get("/assets/missing.js", "*/*")).status, 404);
    assert.equal((await get("/api/v1/nothing")).status, 404);
    const alias = await rawRequest(`GET /operate HTTP/1.1\r\nhost: localhost:${api.port}\r\naccept: text/html\r\nconnection: close\r\n\r\n`);
    assert.match(alias, new RegExp(`^HTTP/1.1 307 [^]*location: http://127.0.0.1:${api.port}/operate\r\n`, "i"));
    const away = await rawRequest(`GET //evil.example/ HTTP/1.1\r\nhost: localhost:${api.port}\r\naccept: text/html\r\nconnection: close\r\n\r\n`);
    assert.doesNotMatch(away, /location: .*evil/i);
  });

  test("every route of the contract is in the OpenAPI document, with its schemas and permission", async () => {
    // oxlint-disable-next-line no-explicit-any -- a document of nested objects, looked at here and there
    const document = (await (await fetch(`${api.origin}/api/v1/openapi.json`)).json()) as { openapi: string; paths: Record<string, Record<string, any>>; webhooks: Record<string, Record<string, any>> };
    assert.equal(document.openapi, "3.1.0");
    for (const [name, entry] of Object.entries(ROUTES)) {
      const route: Route = entry;
      const operation = document.paths[`/api/v1${route.path}`]?.[route.method.toLowerCase()];
      assert.equal(operation?.operationId, name);
      assert.deepEqual(operation["x-permission"], route.permission);
      assert.ok(operation.responses["200"].content["application/json"].schema, name);
      assert.equal(route.body !== undefined, operation.requestBody !== undefined, name);
    }
    const command = document.paths["/api/v1/commands"]!["post"].requestBody.content["application/json"].schema.properties;
    assert.match(`${command.commandId.description} ${command.expectedSequence.description}`, /Idempotency key.*conflict/);
    assert.match(document.paths["/api/v1/incident-events"]!["get"].parameters.find((one: { name: string }) => one.name === "after").schema.description, /Resume cursor/);
    assert.match(document.paths["/api/v1/live"]!["get"].description, /hello.*sequence/);
    assert.ok(document.paths["/public/warnings.atom"] !== undefined && document.paths["/public/warnings/{id}.xml"] !== undefined);
    for (const name of ["incident", "incidentEido", "warning"]) assert.deepEqual(document.webhooks[name]!["post"].parameters.map((one: { name: string }) => one.name), ["webhook-id", "webhook-timestamp", "webhook-signature"], name);
    assert.ok(document.webhooks["incident"]!["post"].requestBody.content["application/json"].schema.properties.shared);
    const limit = document.paths["/api/v1/cameras"]!["get"].parameters.find((one: { name: string }) => one.name === "limit");
    assert.deepEqual([limit.in, limit.required, limit.schema.maximum], ["query", false, 500]);
    assert.ok(document.paths["/api/v1/cameras/import"]!["post"].requestBody.content["text/csv"]);
    assert.equal(document.paths["/api/v1/cameras"]!["post"].requestBody.content["application/json"].schema.properties.pose.properties.bearingDeg.exclusiveMaximum, 360);
  });

  test("metrics are for this machine, or for who may read the system; a proxy on it is not this machine", async () => {
    const get = (headers: Record<string, string>) => fetch(`${api.origin}/metrics`, { headers });
    const local = await (await get({})).text();
    for (const name of ["citywatch_http_request_seconds_bucket", "citywatch_log_ins_total", "citywatch_consoles", "citywatch_cameras", "process_cpu_seconds_total"]) assert.ok(local.includes(name), name);
    assert.equal((await get({ "x-forwarded-for": "10.0.0.1" })).status, 401);
    assert.equal((await get({ "x-forwarded-for": "10.0.0.1", ...(await api.person("no.metrics", ["planner"])).headers() })).status, 403);
    assert.equal((await get({ "x-forwarded-for": "10.0.0.1", ...person.headers() })).status, 200);
    assert.ok(!local.includes(FIRST_TOKEN));
  });

  test("alive and ready are two questions", async () => {
    assert.equal((await fetch(`${api.origin}/healthz`)).status, 200);
    assert.deepEqual(await (await fetch(`${api.origin}/readyz`)).json(), { ready: true, obstacles: [] });
  });
});
