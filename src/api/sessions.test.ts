// Log-in, sessions, accounts, and what the browser must send. Rules: src/accountability/SPEC.md.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CSRF_HEADER, type SessionView } from "../contract/access.ts";
import { CityClient } from "../../tests/support/city-client.ts";
import { FIRST_TOKEN, PASSWORD, SERVICE_TOKENS, cameraBody, startTestApi, type TestApi } from "../../tests/support/api.ts";

const MINUTE = 60_000;

describe("the first account", () => {
  let api: TestApi;
  before(async () => void (api = await startTestApi({ demo: false })));
  after(() => api.close());

  test("[ACT1] a wrong token makes none; of many uses at once exactly one does; later uses are told so", async () => {
    const body = { token: FIRST_TOKEN, name: "A", password: PASSWORD };
    assert.equal((await api.client().call("welcome")).needsFirstAccount, true);
    const wrong = await api.client().try("createFirstAccount", { body: { ...body, login: "wrong", token: "WRONG-WRONG-WRONG-WRONG" } });
    assert.equal(wrong.problem?.rule, "wrong-token");
    const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => api.client().try("createFirstAccount", { body: { ...body, login: `racer${i}`, token: i % 2 === 0 ? body.token : ` ${body.token.toLowerCase().replaceAll("-", " ")} ` } })));
    const winners = replies.filter((reply) => reply.status === 200);
    assert.equal(winners.length, 1);
    assert.deepEqual(winners[0]!.answer!.account.roles, ["administrator"], "outside a demo an administrator and nothing else");
    assert.ok(replies.filter((reply) => reply.status !== 200).every((reply) => reply.problem?.rule === "already-used"));
    assert.equal((await api.database`select from account`).count, 1);
    assert.equal((await api.client().call("welcome")).needsFirstAccount, false);
  });
});

describe("sessions", () => {
  let api: TestApi;
  let admin: CityClient;
  before(async () => {
    api = await startTestApi();
    admin = await api.first();
  });
  after(() => api.close());

  const raw = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) => fetch(`${api.origin}/api/v1${path}`, init);
  const logIn = async (login: string, password = PASSWORD): Promise<{ response: Response; cookie: string; csrf: string }> => {
    const response = await raw("/session", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ login, password }) });
    const json = (await response.json()) as Partial<SessionView>;
    return { response, cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "", csrf: json.csrf ?? "" };
  };

  test("the cookie cannot be read by scripts nor sent by other sites; the token is in the database as a hash only", async () => {
    await api.person("cookie", ["planner"]);
    const { response, cookie } = await logIn("cookie");
    const attributes = response.headers.getSetCookie()[0]!;
    assert.match(attributes, /^citywatch=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.match(response.headers.get("cache-control")!, /no-store/);
    const dump = JSON.stringify(await api.database`select encode(token_hash, 'hex') as h, encode(token_hash, 'base64') as b, * from user_session`);
    assert.ok(!dump.includes(cookie.split("=")[1]!));
  });

  test("under https the cookie is __Host- and Secure", async () => {
    const tls = await startTestApi({ publicOrigin: "https://citywatch.example" });
    try {
      const response = await fetch(`${tls.origin}/api/v1/first-account`, { method: "POST", headers: { "content-type": "application/json", origin: "https://citywatch.example" }, body: JSON.stringify({ token: FIRST_TOKEN, name: "A", login: "aa", password: PASSWORD }) });
      assert.match(response.headers.getSetCookie()[0]!, /^__Host-citywatch=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
      assert.match(response.headers.get("strict-transport-security")!, /max-age=31536000/);
    } finally {
      await tls.close();
    }
  });

  test("a change by cookie needs the CSRF header and no foreign origin; a machine's token needs neither", async () => {
    await api.person("csrf", ["engineer"]);
    const { cookie, csrf } = await logIn("csrf");
    const add = (headers: Record<string, string>) => raw("/cameras", { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(cameraBody()) });
    const ruleOf = async (response: Response) => ((await response.json()) as { rule?: string }).rule;
    assert.equal(await ruleOf(await add({ cookie })), "csrf");
    assert.equal(await ruleOf(await add({ cookie, [CSRF_HEADER]: "x".repeat(43) })), "csrf");
    assert.equal(await ruleOf(await add({ cookie, [CSRF_HEADER]: csrf, origin: "https://evil.example" })), "foreign-origin");
    assert.equal(await ruleOf(await add({ cookie, [CSRF_HEADER]: csrf, origin: "null" })), "foreign-origin");
    assert.equal((await add({ cookie, [CSRF_HEADER]: csrf, origin: api.origin })).status, 200);
    assert.equal((await add({ cookie, [CSRF_HEADER]: csrf })).status, 200);
    assert.equal((await add({ cookie, authorization: `Bearer ${SERVICE_TOKENS.fleet}` })).status, 403, "beside a machine's token the cookie is not looked at");
    assert.equal((await api.client("operator").try("createCamera", { body: cameraBody() })).status, 200);
    const foreignLogIn = await raw("/session", { method: "POST", headers: { "content-type": "application/json", origin: "https://evil.example" }, body: JSON.stringify({ login: "csrf", password: PASSWORD }) });
    assert.equal(foreignLogIn.status, 403, "nor can another site log somebody in");
  });

  test("a WebSocket of another origin, or of none, is refused", async () => {
    const watcher = await api.person("watcher", ["dispatcher"]);
    for (const origin of ["https://evil.example", `${api.origin}.evil.example`, "null"]) await assert.rejects(api.connect("/api/v1/live", { ...watcher.headers(), origin }), /HTTP 403/);
    await assert.rejects(api.connect("/api/v1/live", watcher.headers()), /HTTP 403/);
    await assert.rejects(api.connect("/api/v1/live", { origin: api.origin }), /HTTP 401/);
    (await api.connect("/api/v1/live", { ...watcher.headers(), origin: api.origin })).close();
  });

  test("[SES3] logging out, a new password, other roles and disabling end the sessions", async () => {
    const isIn = async (client: CityClient) => (await client.try("getSession")).status === 200;
    const left = await api.person("leaver", ["planner"]);
    await left.call("logOut");
    assert.equal(await isIn(left), false);

    const one = await api.person("two.desks", ["planner"]);
    const two = new CityClient(api.origin);
    const { account } = await two.logIn("two.desks", PASSWORD);
    assert.equal((await one.try("changeOwnPassword", { body: { current: "not-the-password", next: "another-long-password" } })).problem?.rule, "wrong-password");
    await one.call("changeOwnPassword", { body: { current: PASSWORD, next: "another-long-password" } });
    assert.deepEqual([await isIn(one), await isIn(two)], [true, false], "the desk that changed it stays");
    assert.equal((await two.try("logIn", { body: { login: "two.desks", password: PASSWORD } })).status, 401);
    await two.logIn("two.desks", "another-long-password");

    await admin.call("changeAccount", { params: { id: account.id }, body: { roles: ["inspector"] } });
    assert.deepEqual([await isIn(one), await isIn(two)], [false, false]);
    await two.logIn("two.desks", "another-long-password");
    await admin.call("changeAccount", { params: { id: account.id }, body: { disabled: true } });
    assert.equal(await isIn(two), false);
    assert.equal((await two.try("logIn", { body: { login: "two.desks", password: "another-long-password" } })).problem?.rule, "account-disabled");
    assert.equal((await two.try("logIn", { body: { login: "two.desks", password: "some-other-password" } })).problem?.rule, "wrong-login", "who does not know the password is not told");
  });

  test("[SES1] a session ends an hour after its last use and fourteen hours after it began", async () => {
    const own = await startTestApi();
    try {
      const idle = await own.first();
      own.advance(59 * MINUTE);
      assert.equal((await idle.try("getSession")).status, 200);
      own.advance(61 * MINUTE);
      assert.equal((await idle.try("getSession")).status, 401);
      await idle.logIn("first.person", PASSWORD);
      for (let i = 0; i < 16; i++) {
        own.advance(50 * MINUTE);
        assert.equal((await idle.try("getSession")).status, 200, `after ${(i + 1) * 50} min of work`);
      }
      own.advance(50 * MINUTE);
      assert.equal((await idle.try("getSession")).status, 401, "after 14 hours and 10 minutes");
    } finally {
      await own.close();
    }
  });

  test("[ACT2] [ACT3] the last administrator stays; a unit needs a field role and must exist", async () => {
    const { account } = await admin.call("getSession");
    for (const body of [{ disabled: true }, { roles: ["planner"] }])
      assert.equal((await admin.try("changeAccount", { params: { id: account.id }, body })).problem?.rule, "last-administrator");
    const add = (body: object) => admin.try("createAccount", { body: { name: "U", login: "unit.holder", password: PASSWORD, ...body } });
    assert.equal((await add({ roles: ["planner"], unitId: 1 })).problem?.rule, "unit-needs-field-role");
    assert.equal((await add({ roles: ["officer"], unitId: 77 })).problem?.faults?.[0]?.field, "unitId");
    assert.equal((await add({ roles: ["officer"], unitId: 1 })).status, 200);
    assert.equal((await add({ roles: ["officer"], unitId: 1 })).problem?.rule, "login-taken");
  });

  test("[SES4] a unit that a person leads is not given to the fleet gateway while they work", async () => {
    const officer = await api.person("led.unit", ["officer"], 2);
    const fleet = api.client("fleet");
    const unitIds = async () => (await fleet.call("listFieldWork")).units.map((unit) => unit.id);
    assert.equal((await officer.call("getField")).unit.id, 2);
    assert.deepEqual(await unitIds(), [1, 3]);
    assert.deepEqual((await fleet.call("listFieldWork")).led.map((one) => [one.unit.id, one.assignment]), [[2, null]], "its place may be told all the same");
    api.advance(3 * MINUTE);
    assert.deepEqual(await unitIds(), [1, 2, 3], "two minutes after the phone was last heard of the gateway speaks for it again");
  });

  test("no password, token or cookie is in the log, whatever happens", () => {
    const log = api.logged.join("\n");
    for (const secret of [PASSWORD, FIRST_TOKEN, "another-long-password", "not-the-password", ...Object.values(SERVICE_TOKENS)]) assert.ok(!log.includes(secret));
    assert.doesNotMatch(log, /citywatch=|Bearer /);
  });
});

describe("log-in limits", () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
    await api.person("known", ["planner"]);
  });
  after(() => api.close());
  const tryLogIn = (login: string, password: string) => api.client().try("logIn", { body: { login, password } });

  test("[LOG5] an unknown name and a wrong password get the same answer", async () => {
    const unknown = await tryLogIn("nobody.here", "wrong-password-1");
    const wrong = await tryLogIn("known", "wrong-password-1");
    assert.deepEqual([unknown.status, unknown.problem], [wrong.status, wrong.problem]);
  });

  test("[LOG1] after five failures the name waits, the right password too, and not for ever", async () => {
    for (let i = 0; i < 4; i++) assert.equal((await tryLogIn("known", "wrong-password-2")).status, 401);
    let waiting = await tryLogIn("known", PASSWORD);
    for (let again = 0; again < 5 && waiting.status === 200; again++) { // it waits for a second, which on a busy machine was over when the right one came
      for (let i = 0; i < 5; i++) await tryLogIn("known", "wrong-password-2");
      waiting = await tryLogIn("known", PASSWORD);
    }
    assert.equal(waiting.status, 429);
    assert.equal(waiting.problem?.rule, "too-many-tries");
    api.advance(1_100);
    assert.equal((await tryLogIn("known", PASSWORD)).status, 200);
    assert.equal((await tryLogIn("known", PASSWORD)).status, 200, "[LOG3] a success clears it");
  });

  test("tries at once do not slip through together", async () => {
    await api.person("hammered", ["planner"]);
    const replies = await Promise.all(Array.from({ length: 12 }, () => tryLogIn("hammered", "wrong-password-3")));
    assert.equal(replies.filter((reply) => reply.status === 401).length, 5);
    assert.equal(replies.filter((reply) => reply.status === 429).length, 7);
  });

  test("[LOG2] an address that guesses at many names waits as well", async () => {
    api.advance(61 * MINUTE);
    let throttled = 0;
    for (let i = 0; i < 24; i++) if ((await tryLogIn(`guess${i}`, "wrong-password-4")).status === 429) throttled++;
    assert.equal(throttled, 4);
    assert.equal((await tryLogIn("known", PASSWORD)).status, 429);
    api.advance(20 * MINUTE);
    assert.equal((await tryLogIn("known", PASSWORD)).status, 200);
  });
});
