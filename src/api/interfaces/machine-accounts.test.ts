import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { INTERFACES, INTERFACE_PERMISSIONS, type InterfaceName } from "../../contract/interfaces.ts";
import { ROUTES, type Route, type RouteName } from "../../contract/routes.ts";
import { startTestApi, type TestApi } from "../../../tests/support/api.ts";
import { CityClient } from "../../../tests/support/city-client.ts";

let api: TestApi;
let administrator: CityClient;
const makeKey = async (name: string, face: InterfaceName): Promise<{ id: number; key: string; client: CityClient }> => {
  const { account, key } = await administrator.call("createMachineAccount", { body: { name, interface: face } });
  return { id: account.id, key, client: new CityClient(api.origin, key) };
};

describe("keys of outside systems", () => {
  before(async () => {
    api = await startTestApi();
    administrator = await api.person("admin.one", ["administrator"]);
  });
  after(() => api.close());

  test("[KEY1] a key is shown once and is nowhere else: not in the list, the log, the audit or the database", async () => {
    const { id, key } = await makeKey("Alarm company", "alarms");
    assert.match(key, /^cwk_[A-Za-z0-9_-]{43}$/);
    const listed = await administrator.call("listMachineAccounts");
    const found = listed.accounts.find((account) => account.id === id)!;
    assert.deepEqual([found.name, found.interface, found.revokedAt, found.lastUsedAt], ["Alarm company", "alarms", null, null]);
    assert.ok(key.startsWith(found.keyStart) && found.keyStart.length === 10);
    const audit = await administrator.call("listAuditEntries", { query: { subjectKind: "machine-account", subjectId: id } });
    assert.deepEqual(audit.entries.map((entry) => [entry.action, entry.subjectName]), [["machine-account.create", "Alarm company"]]);
    const rows = await api.database`select m::text as row from machine_account m union all select a::text from audit_entry a`;
    const secret = key.slice(10);
    for (const text of [JSON.stringify(listed), JSON.stringify(audit), ...api.logged, ...rows.map((row) => String(row["row"]))]) assert.ok(!text.includes(secret));
    assert.equal((await administrator.try("createMachineAccount", { body: { name: "ALARM company", interface: "events" } })).problem?.rule, "name-taken");
  });

  test("[KEY2] the key of each interface opens the routes of its one permission, and no other", async () => {
    for (const face of INTERFACES) {
      const { client } = await makeKey(`All of ${face}`, face);
      for (const [name, entry] of Object.entries(ROUTES)) {
        const route: Route = entry;
        if (route.permission === "open") continue;
        const { problem } = await client.try(name as RouteName, { params: { id: 999_999 }, ...(route.method === "GET" ? {} : { body: {} }) });
        const isLetIn = problem === null || !["not-logged-in", "forbidden"].includes(problem.rule);
        assert.equal(isLetIn, [route.permission].flat().includes(INTERFACE_PERMISSIONS[face]), `${face} ${name}`);
      }
    }
  });

  test("[KEY2] a device that knows only user names and passwords sends the key as the password; a wrong one opens nothing", async () => {
    const { key } = await makeKey("Old panel", "events");
    const ask = (pair: string) => fetch(`${api.origin}/api/v1/session`, { headers: { authorization: `Basic ${Buffer.from(pair).toString("base64")}` } });
    assert.equal((await ask(`panel:${key}`)).status, 403, "known, and this is not its interface");
    assert.equal((await ask(`panel:${key.slice(0, -1)}x`)).status, 401);
    assert.equal((await ask(key)).status, 403, "without a user name");
  });

  test("[KEY3] a revoked key is refused at the next request, and revoking again changes nothing", async () => {
    const { id, key, client } = await makeKey("Gone", "alarms");
    assert.equal((await client.try("getSession")).status, 403);
    const revoked = await administrator.call("revokeMachineAccount", { params: { id } });
    assert.equal(revoked.revokedBy?.name, "admin.one");
    assert.equal((await client.try("getSession")).status, 401);
    assert.equal((await new CityClient(api.origin, key).try("getSession")).status, 401);
    assert.equal((await administrator.call("revokeMachineAccount", { params: { id } })).revokedAt, revoked.revokedAt);
    assert.equal((await administrator.try("revokeMachineAccount", { params: { id: 999_999 } })).status, 404);
    await makeKey("Gone", "alarms"); // the name is free again
  });

  test("[KEY4] the last use is told to the minute, and only of requests that were let in", async () => {
    const { id, client } = await makeKey("Seldom", "telephony");
    const lastUse = async () => (await administrator.call("listMachineAccounts")).accounts.find((account) => account.id === id)!;
    await client.try("getSession");
    assert.equal((await lastUse()).lastUsedAt, null);
    const letIn = Object.entries(ROUTES).find(([, route]) => [(route as Route).permission].flat().includes("switch.report"))?.[0] as RouteName | undefined;
    if (letIn === undefined) return;
    await client.try(letIn, { body: {} });
    const first = (await lastUse()).lastUsedAt!;
    assert.equal((await lastUse()).lastUsedFrom, "127.0.0.1");
    await client.try(letIn, { body: {} });
    assert.equal((await lastUse()).lastUsedAt, first);
    api.advance(61_000);
    await client.try(letIn, { body: {} });
    assert.ok((await lastUse()).lastUsedAt! >= first + 60_000);
  });
});
