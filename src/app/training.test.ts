import assert from "node:assert/strict";
import { createHash, randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { baseOfId, incidentNumberOf, TRAINING_ID_BASE } from "../base/training-ids.ts";
import { createIncident, startTestApi } from "../../tests/support/api.ts";
import { createTestDatabase } from "../../tests/support/database.ts";
import { createState } from "../dispatch/state.ts";
import { play, stepsOf } from "../dispatch/testing/histories.ts";
import { createWorld } from "../dispatch/testing/world.ts";
import { openDatabase } from "../io/postgres/database.ts";
import { defaultConfiguration, readConfiguration, TRAINING_DATA } from "./configuration.ts";
import { openDataFolder } from "./data-folder.ts";
import { planRoles, prepareDatabase } from "./supervisor.ts";
import { noPoster } from "./training.ts";
import type { CentreConfig, RecorderConfig, SimConfig } from "./roles.ts";

describe("training", () => {
  test("[TRN1] its data lie apart, unless somebody says where", () => {
    assert.equal(readConfiguration(["--training"], {}, "/city").dataDir, join("/city", TRAINING_DATA));
    assert.equal(readConfiguration([], { CITYWATCH_TRAINING: "1" }, "/city").training, true);
    assert.equal(readConfiguration(["--training", "--data", "x"], {}, "/city").dataDir, "/city/x");
    assert.throws(() => readConfiguration([], { CITYWATCH_TRAINING: "maybe" }, "/"), /CITYWATCH_TRAINING: "maybe": expected true or false/);
  });

  test("[TRN1] a data folder is of a real city or of training, for ever", (t) => {
    const dir = mkdtempSync(join(tmpdir(), "citywatch-training-"));
    t.after(() => rmSync(dir, { recursive: true }));
    for (const training of [true, false]) {
      const path = join(dir, String(training));
      openDataFolder(path, "0", training).release();
      assert.throws(() => openDataFolder(path, "0", !training), { name: "ToldError", message: training ? /is of training/ : /is of a real city/ });
      openDataFolder(path, "0", training).release();
    }
  });

  test("[TRN1] a log is opened by its own kind only; one of before this was asked is a real one", async () => {
    for (const training of [true, false]) {
      const database = await createTestDatabase();
      try {
        await prepareDatabase(database.url, true, training);
        await assert.rejects(prepareDatabase(database.url, true, !training), { name: "ToldError", message: training ? /is of training/ : /is a real one/ });
        await prepareDatabase(database.url, true, training);
      } finally {
        await database.drop();
      }
    }
    const old = await createTestDatabase();
    const asks = openDatabase(old.url, { max: 1 });
    try {
      await asks`insert into dispatch_event (sequence, at_ms, actor_kind, actor_id, actor_name, body) values (1, 1, 'system', 0, 'system', '{"type":"unit.registered"}')`;
      await assert.rejects(prepareDatabase(old.url, true, true), /is a real one/);
      await prepareDatabase(old.url, true, false);
    } finally {
      await asks.end({ timeout: 5 });
      await old.drop();
    }
  });

  test("[TRN3] no token of a real centre is one of training, even of the same data folder; trackers are not heard", (t) => {
    const dir = mkdtempSync(join(tmpdir(), "citywatch-training-"));
    const folder = openDataFolder(dir, "0");
    t.after(() => {
      folder.release();
      rmSync(dir, { recursive: true });
    });
    const plan = (training: boolean) => planRoles({
      options: { configuration: { ...defaultConfiguration(), training, trackerPort: 5_055 }, version: "0", demo: true, watcher: { step: (_title, work) => work(() => undefined), note: () => undefined, complain: () => undefined }, signal: new AbortController().signal },
      folder, ports: { centre: 1, recorders: [2], cameras: 3 }, cityDir: "c", consoleDir: "d", databaseUrl: "e", firstAccountToken: null,
    }).roles.map(({ config }) => config) as unknown as [CentreConfig, SimConfig, RecorderConfig];
    const [real, training] = [plan(false), plan(true)];
    for (const name of ["recorder", "telephony", "fleet"] as const) assert.notEqual(training[0].secrets.serviceTokens[name], real[0].secrets.serviceTokens[name]);
    assert.deepEqual([training[1].tokens.fleet, training[2].token], [training[0].secrets.serviceTokens.fleet, training[0].secrets.serviceTokens.recorder], "its own parts know them");
    assert.deepEqual([real[0].nmea?.port, training[0].nmea, training[0].training, real[0].training], [5_055, undefined, true, false]);
  });

  test("[TRN2] [TRN3] its ids are its own, its numbers begin with 1, and a session beside it is none of its", async () => {
    const [real, training] = [await startTestApi({ demo: false }), await startTestApi({ demo: false, training: true })];
    try {
      const [there, here] = [await real.person("dora", ["call-taker", "dispatcher"]), await training.person("dora", ["call-taker", "dispatcher"])];
      const incidentId = await createIncident(training, here);
      const realId = await createIncident(real, there);
      assert.deepEqual([incidentId - TRAINING_ID_BASE, realId], [1, 1]);
      assert.equal(training.dispatch.findIncident(incidentId)!.number, 1);
      assert.equal(training.dispatch.state().contacts.length + training.dispatch.listIncidents(null, 50).length, 1, "a list ends where the log does");
      assert.equal(training.dispatch.board(Date.now()).incidents, 1);
      const sent = await here.send({ type: "assignment.assign", incidentId, unitIds: [1] });
      assert.ok(sent.outcome === "accepted" && sent.units[0]!.assignmentId === TRAINING_ID_BASE + 1);
      assert.equal((await there.send({ type: "incident.note", incidentId, words: "x" })).outcome, "refused", "an id of training is nothing in a real log");
      const borrowed = await fetch(`${training.origin}/api/v1/session`, { headers: { cookie: there.cookie } });
      assert.equal(borrowed.status, 401);
      assert.match(here.cookie, /^citywatch-training=/);
      assert.deepEqual([(await training.client().call("welcome")).training, (await real.client().call("welcome")).training], [true, false]);
    } finally {
      await Promise.all([real.close(), training.close()]);
    }
  });

  test("[TRN5] no webhook is delivered: the attempt ends here and says why", async () => {
    assert.deepEqual(await noPoster.post("https://example.org/hook", {}, "{}", 1_000), { error: "training: nothing is delivered outside" });
  });

  test("[TRN2] [TRN5] what can be fetched says that it is of training: an EIDO by its ids and agency, a warning by its status; an incident is found by its number", async () => {
    const training = await startTestApi({ demo: false, training: true });
    try {
      const [dora, carl] = [await training.person("dora", ["call-taker", "dispatcher"]), await training.person("carl", ["dispatcher"])];
      const incidentId = await createIncident(training, dora);
      const eido = await dora.call("getIncidentEido", { params: { id: incidentId } });
      assert.match(String(eido["$id"]), /^urn:emergency:uid:incidentid:T1:/);
      assert.match(JSON.stringify(eido["agencyComponent"]), /\(training\)/);
      assert.equal(JSON.stringify(eido["incidentComponent"]).includes('"internalIncidentId":"T1"'), true);
      assert.equal(training.dispatch.findIncidentByNumber(1)?.id, incidentId);
      assert.equal(training.dispatch.findIncidentByNumber(2), null);
      const content = { headline: "Smoke", description: "A drill.", event: "Fire", category: "Fire", urgency: "Immediate", severity: "Severe", certainty: "Observed", expiresAt: Date.now() + 3_600_000, area: { description: "Old town" } };
      const draft = await dora.call("draftWarning", { body: { kind: "alert", content } });
      await carl.call("approveWarning", { params: { id: draft.id }, body: { revision: draft.revision } });
      assert.deepEqual((await training.client().call("listPublicWarnings")).warnings.map(({ status }) => status), ["Exercise"]);
      assert.match(await (await fetch(`${training.origin}/public/warnings.atom`)).text(), /<category term="Exercise"\/>/);
    } finally {
      await training.close();
    }
  });

  test("[TRN2] 11. whatever people do in training, every id in its log is of training, numbers begin with 1, and no address gets a delivery", async (t) => {
    const run = Number(process.env["CITYWATCH_TEST_SEED"] ?? randomInt(2 ** 20));
    const seeds = [...Array.from({ length: 20 }, (_, i) => i + 1), run];
    t.diagnostic(`seeds ${seeds.join(",")}`);
    const isOfTraining = (key: string, value: unknown): boolean => value === null || (Array.isArray(value) ? value : [value]).every((id) => Number(id) > TRAINING_ID_BASE) || !/^(contact|incident|assignment|into|from|other|new|major|part|forIncident)Ids?$/.test(key);
    const incidents = new Set<number>();
    for (const seed of seeds) {
      const w = createWorld((text) => createHash("sha256").update(text).digest("hex"), createState(TRAINING_ID_BASE));
      play(w, stepsOf(seed, 120));
      for (const { body, entry } of w.log) {
        for (const [key, value] of Object.entries(body)) assert.ok(isOfTraining(key, value), `seed ${seed}: ${body.type} says ${key} ${JSON.stringify(value)}`);
        if (entry !== null) assert.ok(entry.incidentId > TRAINING_ID_BASE);
        if (body.type === "incident.created") incidents.add(body.incidentId);
      }
      assert.deepEqual([...w.state.incidents.keys()].map((id) => w.incident(id).number), [...w.state.incidents.keys()].map((_, i) => i + 1));
    }
    assert.ok(incidents.size > 1, "the histories make incidents");
    await fc.assert(fc.asyncProperty(fc.webUrl(), fc.string(), async (url, content) => void assert.deepEqual(await noPoster.post(url, { "x-a": "b" }, content, 1_000), { error: "training: nothing is delivered outside" })), { numRuns: 30 });
  });

  test("[TRN2] an id says of which log it is", () => {
    assert.deepEqual([incidentNumberOf(12), incidentNumberOf(TRAINING_ID_BASE + 12), baseOfId(12), baseOfId(TRAINING_ID_BASE + 12)], [12, 12, 0, TRAINING_ID_BASE]);
  });
});
