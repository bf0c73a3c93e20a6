// Invariant 13, its second half, over random looks: people of every role, cameras that are there and not, incidents that are open, ended and none, live and past, a register that fails now and then.
// Whatever is tried, a token to see with exists only after a committed record of that look, by that person, of that camera, for that incident; and who may not look leaves neither.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { createRandom } from "../base/random.ts";
import { ROLES, type Role } from "../contract/access.ts";
import { cameraBody, createIncident, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

const RUN = Number(process.env["CITYWATCH_TEST_SEED"] ?? randomInt(2 ** 20));
const SEEDS = process.env["CITYWATCH_SEEDS"]?.split(",").map(Number) ?? [1, 2, 3, RUN];
const LOOKS = 60;
/** By the table of roles, written here by hand. */
const MAY_LOOK: readonly Role[] = ["call-taker", "dispatcher", "supervisor", "video-operator"];

interface Committed {
  readonly id: number;
  readonly accountId: number;
  readonly cameraId: number;
  readonly incidentId: number | null;
  readonly mode: string;
}

describe("looks at cameras, at random", () => {
  let api: TestApi;
  let failing = false;
  const committed = new Map<number, Committed>();
  const signed: { readonly viewId: number; readonly accountId: number; readonly cameraId: number; readonly mode: string; readonly known: boolean }[] = [];
  const people = new Map<Role, { readonly client: CityClient; readonly accountId: number }>();
  const cameras: number[] = [];
  let incidents: { readonly open: number; readonly ended: number };
  before(async () => {
    api = await startTestApi({
      records: (real) => ({
        ...real,
        insert: async (look, now) => {
          if (failing) throw new Error("no space left on device");
          const ids = await real.insert(look, now);
          ids.forEach((id, i) => committed.set(id, { id, accountId: look.accountId, cameraId: look.cameras[i]!.id, incidentId: look.incidentId, mode: look.mode }));
          return ids;
        },
      }),
      signer: (real) => ({
        ...real,
        sign: (claims, ...of) => {
          signed.push({ viewId: claims.viewId, accountId: claims.accountId, cameraId: claims.cameraId, mode: claims.mode, known: committed.has(claims.viewId) });
          return real.sign(claims, ...of);
        },
      }),
    });
    const first = await api.first();
    for (const [i, address] of [undefined, undefined, null].entries()) cameras.push((await first.call("createCamera", { body: cameraBody({ code: `L${i}`, ...(address === null ? { address } : {}) }) })).id);
    for (const role of ROLES) {
      const client = await api.person(`looks.${role}`, [role]);
      people.set(role, { client, accountId: (await client.call("getSession")).account.id });
    }
    const dispatcher = people.get("dispatcher")!.client;
    incidents = { open: await createIncident(api, dispatcher), ended: await createIncident(api, dispatcher) };
    await dispatcher.send({ type: "incident.close", incidentId: incidents.ended, disposition: "resolved", words: "" });
  });
  after(() => api.close());

  test("[VIEW4] 13. a view that is opened from an incident leaves its record first, whoever looks at what, whatever fails", async (t) => {
    t.diagnostic(`seeds ${SEEDS.join(",")}`);
    const seen = { opened: 0, failed: 0, refused: 0, ofIncident: 0 };
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      for (let look = 0; look < LOOKS; look++) {
        const role = random.next() < 0.7 ? random.pick(MAY_LOOK) : random.pick(ROLES);
        const { client, accountId } = people.get(role)!;
        const cameraIds = Array.from({ length: 1 + random.integer(3) }, () => random.pick([...cameras, 9_999]));
        const now = Date.now();
        const mode = random.pick(["live", "live", "playback"] as const);
        const incidentId = random.pick([incidents.open, incidents.open, incidents.ended, 9_999]);
        const reason = random.next() < 0.75 ? { purpose: "incident", incidentId } : { purpose: "training", words: "a drill" };
        failing = random.next() < 0.15;
        const [from, records] = [signed.length, committed.size];
        const { status, answer } = await client.try("openViews", { body: { cameraIds, mode, reason, ...(mode === "live" ? {} : { from: now - 60_000, to: now - 1_000 }) } });
        const about = `seed ${seed}, look ${look}: ${role}, ${mode}, ${JSON.stringify(reason)}`;
        const tokens = signed.slice(from);
        if (failing || !MAY_LOOK.includes(role) || incidentId === 9_999 && reason.purpose === "incident") {
          assert.deepEqual([tokens.length, committed.size - records], [0, 0], about);
          seen[failing ? "failed" : "refused"]++;
        }
        assert.equal(tokens.length, answer?.views.length ?? 0, about);
        assert.equal(committed.size - records, tokens.length, `${about}: a record for each, and none besides`);
        for (const { viewId, known, cameraId, ...token } of tokens) {
          const record = committed.get(viewId);
          assert.ok(known && record !== undefined, `${about}: a token before its record`);
          assert.deepEqual([record.accountId, record.cameraId, record.mode, token.accountId, token.mode], [accountId, cameraId, mode, accountId, mode], about);
          assert.equal(record.incidentId, reason.purpose === "incident" ? incidentId : null, about);
          if (record.incidentId !== null) seen.ofIncident++;
        }
        if (tokens.length > 0) seen.opened++;
        assert.ok(status < 500 || failing, `${about}: ${status}`);
      }
    }
    failing = false;
    assert.ok(Object.values(seen).every((count) => count > 5), `the histories try it: ${JSON.stringify(seen)}`);
    const stored = new Set<number>();
    const inspector = people.get("inspector")!.client;
    for (let before: number | undefined; ;) {
      const page = (await inspector.call("listAccessRecords", { query: { limit: 200, ...(before === undefined ? {} : { before }) } })).records;
      for (const { id } of page) stored.add(id);
      if (page.length === 0 || before === page.at(-1)!.id) break;
      before = page.at(-1)!.id;
    }
    for (const { viewId } of signed) assert.ok(stored.has(viewId), `view ${viewId} is in the register that inspectors read`);
  });
});
