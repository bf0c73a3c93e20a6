// Looking at cameras: reasons, records, tokens, and their order. Rules: src/accountability/SPEC.md.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { jwtVerify, importSPKI } from "jose";
import { ROLES } from "../contract/access.ts";
import { ViewVerifier } from "../io/recorder/view-tokens.ts";
import { cameraBody, createIncident, makeIncident, ring, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

const training = { purpose: "training", words: "showing a colleague" };

describe("views", () => {
  let api: TestApi;
  let person: CityClient;
  let cameraId: number;
  let dark: number; // has no stream
  const order: string[] = [];
  let failInsert = false;
  let beforeInsert: (() => Promise<unknown>) | undefined;
  before(async () => {
    api = await startTestApi({
      records: (real) => ({
        ...real,
        insert: async (look, now) => {
          if (failInsert) throw new Error("no space left on device");
          await beforeInsert?.();
          const ids = await real.insert(look, now);
          order.push("record committed");
          return ids;
        },
        renew: async (...of) => {
          if (failInsert) throw new Error("no space left on device");
          const refusal = await real.renew(...of);
          if (refusal === null) order.push("renewal committed");
          return refusal;
        },
      }),
      signer: (real) => ({ ...real, sign: (...of) => (order.push("token signed"), real.sign(...of)) }),
    });
    person = await api.first();
    cameraId = (await person.call("createCamera", { body: cameraBody({ code: "V1" }) })).id;
    dark = (await person.call("createCamera", { body: cameraBody({ code: "V2", address: null }) })).id;
  });
  after(() => api.close());

  const open = (body: object) => person.try("openViews", { body: { cameraIds: [cameraId], mode: "live", reason: training, ...body } });
  const records = async () => (await person.call("listAccessRecords")).records;

  test("[VIEW4] the record is committed before the token exists", async () => {
    order.length = 0;
    const { answer } = await open({});
    assert.deepEqual(order, ["record committed", "token signed"]);
    const [record] = await records();
    assert.equal(record!.id, answer!.views[0]!.viewId);
    assert.deepEqual([record!.cameraCode, record!.purpose, record!.words, record!.accountName, record!.endedAt], ["V1", "training", training.words, "First Person", null]);
  });

  test("[VIEW4] where the record fails there is no token, and no answer that holds one", async () => {
    const before = (await records()).length;
    order.length = 0;
    failInsert = true;
    const { status, answer, problem } = await open({});
    failInsert = false;
    assert.deepEqual([status, answer, problem?.rule, order], [500, null, "server-fault", []]);
    assert.equal((await records()).length, before);
    assert.ok(!JSON.stringify(problem).includes("device"), "the cause is for the log");
    assert.ok(api.logged.some((line) => line.includes("no space left on device")));
  });

  test("[VIEW14] to hear is a look of its own: recorded as such, only with a purpose for sound, asked again at each renewal; a token to see with says so", async () => {
    const claimsOf = (token: string) => (JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as { sound: boolean }).sound;
    assert.deepEqual((await open({ sound: true })).answer!.refused.map(({ reason }) => reason.code), ["no-sound-purpose"]);
    const hearing = (await person.call("createCamera", { body: cameraBody({ code: "V3", soundPurpose: "Calls for help" }) })).id;
    const seen = (await open({ cameraIds: [hearing] })).answer!.views[0]!;
    const heard = (await open({ cameraIds: [hearing], sound: true })).answer!.views[0]!;
    assert.deepEqual([claimsOf(seen.token), claimsOf(heard.token)], [false, true]);
    assert.deepEqual((await records()).slice(0, 2).map(({ id, sound }) => [id, sound]), [[heard.viewId, true], [seen.viewId, false]]);
    const renew = (id: number) => person.try("renewView", { params: { id } });
    assert.deepEqual([claimsOf((await renew(heard.viewId)).answer!.token), claimsOf((await renew(seen.viewId)).answer!.token)], [true, false]);
    await person.call("changeCamera", { params: { id: hearing }, body: { soundPurpose: null } });
    assert.deepEqual([(await renew(heard.viewId)).problem?.rule, (await renew(seen.viewId)).problem?.rule], ["no-sound-purpose", undefined]);
    const past = { mode: "playback", from: Date.now() - 60_000, to: Date.now() - 1_000 } as const;
    assert.deepEqual((await open({ cameraIds: [hearing], sound: true, ...past })).answer!.refused.map(({ reason }) => reason.code), ["no-sound-purpose"], "also what was recorded before");
  });

  test("[VIEW14] a purpose for sound that is withdrawn just while a look is opened: that camera is refused, its record ended, and there is no token to hear it", async () => {
    const [withdrawn, still] = await Promise.all(["V4", "V5"].map(async (code) => (await person.call("createCamera", { body: cameraBody({ code, soundPurpose: "Calls for help" }) })).id));
    beforeInsert = () => person.call("changeCamera", { params: { id: withdrawn! }, body: { soundPurpose: null } });
    order.length = 0;
    const { answer } = await open({ cameraIds: [withdrawn, still], sound: true });
    beforeInsert = undefined;
    assert.deepEqual([answer!.views.map((view) => view.cameraId), answer!.refused.map((each) => [each.cameraId, each.reason.code])], [[still], [[withdrawn, "no-sound-purpose"]]]);
    assert.deepEqual(order, ["record committed", "token signed"]);
    const ended = (await records()).slice(0, 2).map((record) => [record.cameraCode, record.endedAt !== null]);
    assert.deepEqual(ended.toSorted(), [["V4", true], ["V5", false]]);
  });

  test("[VIEW6] the token opens this camera in this mode for five minutes, and the recorder's own check agrees", async () => {
    const { answer } = await open({});
    const { token, viewId, expiresAt } = answer!.views[0]!;
    const { payload } = await jwtVerify(token, await importSPKI(api.publicKeyPem, "EdDSA"), { audience: "citywatch-recorder", issuer: "citywatch-centre" });
    const account = (await person.call("getSession")).account;
    assert.deepEqual([payload["accountId"], payload["cameraId"], payload["viewId"], payload["mode"]], [account.id, cameraId, viewId, "live"]);
    assert.ok(expiresAt - Date.now() <= 5 * 60_000 && expiresAt - Date.now() > 4 * 60_000);
    const verifier = new ViewVerifier({ monotonicMs: () => performance.now() });
    verifier.setPublicKey(api.publicKeyPem);
    assert.equal((await verifier.verify(token, cameraId, ["live"], Date.now())).ok, true);
    assert.equal((await verifier.verify(token, dark, ["live"], Date.now())).ok, false);
    assert.equal((await verifier.verify(token, cameraId, ["playback"], Date.now())).ok, false);
    assert.equal((await verifier.verify(token, cameraId, ["live"], Date.now() + 6 * 60_000)).ok, false);
  });

  test("[VIEW1] [VIEW3] what is refused, and why", async () => {
    const hour = 3_600_000;
    const now = Date.now();
    const cases: [object, string][] = [
      [{ reason: { purpose: "incident", incidentId: 99 } }, "reason.incidentId"],
      [{ reason: { purpose: "training", words: "  " } }, "reason.words"],
      [{ reason: { purpose: "curiosity", words: "just looking" } }, "reason.purpose"],
      [{ reason: undefined }, "reason"],
      [{ from: now - hour }, "from"],
      [{ mode: "playback" }, "from"],
      [{ mode: "playback", from: now - hour, to: now - 2 * hour }, "to"],
      [{ mode: "playback", from: now - 30 * hour, to: now }, "to"],
      [{ mode: "playback", from: now + hour, to: now + 2 * hour }, "from"],
      [{ cameraIds: [] }, "cameraIds"],
    ];
    const before = (await records()).length;
    for (const [body, field] of cases) {
      const { status, problem } = await open(body);
      assert.equal(status, 400, JSON.stringify(body));
      assert.ok(problem!.faults!.some((fault) => fault.field === field), `${field}: ${JSON.stringify(problem)}`);
    }
    assert.equal((await records()).length, before, "what is refused opens nothing, so there is nothing to record");
  });

  test("a camera that cannot be opened is told beside those that can, each camera once", async () => {
    const { answer } = await open({ cameraIds: [dark, cameraId, 9_999, cameraId] });
    assert.deepEqual(answer!.views.map((view) => view.cameraId), [cameraId]);
    assert.deepEqual(answer!.refused.map(({ cameraId: id, reason }) => [id, reason.code]), [[dark, "no-address"], [9_999, "no-such-camera"]]);
  });

  test("[VIEW13] a file to take away is a look of its own mode, for those who take evidence; its token opens nothing else", async () => {
    const past = { cameraIds: [cameraId], reason: training, from: Date.now() - 60_000, to: Date.now() };
    const may: string[] = [];
    for (const role of ROLES) {
      const who = await api.person(`takes.${role}`, [role]);
      if ((await who.try("openViews", { body: { ...past, mode: "download" } })).status === 200) may.push(role);
    }
    assert.deepEqual(may, ["dispatcher", "supervisor", "video-operator"]);
    const taker = await api.person("a.taker", ["call-taker"]);
    const before = (await records()).length;
    const { status, problem } = await taker.try("openViews", { body: { ...past, mode: "download" } });
    assert.deepEqual([status, problem?.rule, (await records()).length], [403, "forbidden", before], "nothing is opened, so there is nothing to record");
    assert.equal((await taker.try("openViews", { body: { ...past, mode: "playback" } })).status, 200, "whoever may look may look");
    assert.equal((await open({ mode: "download" })).status, 400, "it names its range");

    const { answer } = await open({ ...past, mode: "download" });
    const { token, viewId, mode } = answer!.views[0]!;
    const [record] = await records();
    assert.deepEqual([mode, record!.id, record!.mode, record!.to], ["download", viewId, "download", past.to]);
    const verifier = new ViewVerifier({ monotonicMs: () => performance.now() });
    verifier.setPublicKey(api.publicKeyPem);
    assert.deepEqual(await Promise.all((["live", "playback", "download"] as const).map(async (one) => (await verifier.verify(token, cameraId, [one], Date.now())).ok)), [false, false, true]);
    const { download, playback, total, live } = await person.call("summariseAccessRecords", { query: {} });
    assert.ok(download >= 3 && total === live + playback + download);
    assert.ok((await person.call("listAccessRecords", { query: { mode: "download" } })).records.every((one) => one.mode === "download"));
  });

  test("[VIEW9] the past of a camera opens after its address was cleared and after it was removed; its present does not", async () => {
    const { id, code } = await person.call("createCamera", { body: cameraBody({ code: "EVIDENCE" }) });
    const past = () => open({ cameraIds: [id], mode: "playback", from: Date.now() - 60_000, to: Date.now() });
    const { viewId } = (await past()).answer!.views[0]!;
    await person.call("changeCamera", { params: { id }, body: { address: null } });
    assert.deepEqual((await past()).answer!.refused, []);
    await person.call("removeCamera", { params: { id } });
    const { answer } = await past();
    assert.deepEqual([answer!.refused, answer!.views.map((view) => [view.cameraId, view.mode])], [[], [[id, "playback"]]]);
    const [record] = await records();
    assert.deepEqual([record!.id, record!.cameraId, record!.cameraCode], [answer!.views[0]!.viewId, id, code], "who looks is recorded as ever");
    assert.equal((await person.try("renewView", { params: { id: viewId } })).status, 200, "a look that was under way goes on");
    assert.deepEqual((await open({ cameraIds: [id] })).answer!.refused.map((one) => one.reason.code), ["no-such-camera"]);
    const never = await open({ cameraIds: [Number.MAX_SAFE_INTEGER], mode: "playback", from: Date.now() - 60_000, to: Date.now() });
    assert.deepEqual(never.answer!.refused.map((one) => one.reason.code), ["no-such-camera"]);
  });

  test("[VIEW2] an incident is reason for live pictures until a while after its end, and for its past later", async () => {
    const own = await startTestApi();
    try {
      const dispatcher = await own.first();
      const camera = (await dispatcher.call("createCamera", { body: cameraBody() })).id;
      const incidentId = await createIncident(own, dispatcher);
      const look = (more: object = {}) => dispatcher.try("openViews", { body: { cameraIds: [camera], mode: "live", reason: { purpose: "incident", incidentId }, ...more } });
      assert.equal((await look()).status, 200);
      assert.equal((await dispatcher.send({ type: "incident.close", incidentId, disposition: "resolved", words: "" })).outcome, "accepted");
      assert.equal((await look()).status, 200);
      own.advance(16 * 60_000);
      assert.equal((await look()).problem?.rule, "incident-ended");
      assert.equal((await look({ mode: "playback", from: Date.now() - 60_000, to: Date.now() })).status, 200);
      assert.deepEqual((await dispatcher.call("listAccessRecords")).records.map((record) => [record.incidentId, record.mode]), [[incidentId, "playback"], [incidentId, "live"], [incidentId, "live"]]);
    } finally {
      await own.close();
    }
  });

  test("[VIEW10] a call is the reason until it is an incident; then the next look carries the incident", async () => {
    const own = await startTestApi();
    try {
      const dispatcher = await own.first();
      const camera = (await dispatcher.call("createCamera", { body: cameraBody() })).id;
      const look = (contactId: number, more: object = {}) => dispatcher.try("openViews", { body: { cameraIds: [camera], mode: "live", reason: { purpose: "call", contactId }, ...more } });
      const lastRecord = async () => (await dispatcher.call("listAccessRecords")).records[0]!;
      const pastRange = () => ({ mode: "playback", from: Date.now() - 60_000, to: Date.now() });

      const contactId = await ring(own);
      const first = await look(contactId);
      const { purpose, contactId: recorded, incidentId: before, words } = await lastRecord();
      assert.deepEqual([purpose, recorded, before, words], ["call", contactId, null, null]);

      const incidentId = await makeIncident(dispatcher, contactId);
      assert.equal((await dispatcher.try("renewView", { params: { id: first.answer!.views[0]!.viewId } })).status, 200, "the look under way goes on");
      assert.deepEqual([(await lastRecord()).purpose, (await lastRecord()).contactId], ["call", contactId], "and its record stays as it was");
      assert.equal((await look(contactId)).status, 200);
      const later = await lastRecord();
      assert.deepEqual([later.purpose, later.contactId, later.incidentId], ["incident", null, incidentId]);

      const prank = await ring(own);
      const { viewId } = (await look(prank)).answer!.views[0]!;
      await dispatcher.send({ type: "contact.claim", contactId: prank });
      await dispatcher.send({ type: "contact.end", contactId: prank, disposition: "prank" });
      assert.equal((await dispatcher.try("renewView", { params: { id: viewId } })).problem?.rule, "call-ended");
      for (const more of [{}, pastRange()]) assert.equal((await look(prank, more)).problem?.rule, "call-ended");
      const unknown = await look(4_711);
      assert.deepEqual([unknown.status, unknown.problem!.faults![0]!.field], [400, "reason.contactId"]);
      await assert.rejects(own.database`insert into access_record (at, account_id, account_name, camera_id, camera_code, mode, purpose) select at, account_id, account_name, camera_id, camera_code, mode, 'call' from access_record limit 1`, /access_record_call/);
    } finally {
      await own.close();
    }
  });

  describe("a look that goes on", () => {
    let viewId: number;
    const reopen = async (body: object = {}): Promise<void> => {
      viewId = (await open(body)).answer!.views[0]!.viewId;
      order.length = 0;
    };
    const renew = (by = person, id = viewId) => by.try("renewView", { params: { id } });
    const end = (by = person, id = viewId) => by.try("endView", { params: { id } });
    const endedByRecorder = async (): Promise<null> => {
      await api.database`insert into access_record_end (record_id, at) values (${viewId}, now())`;
      return null;
    };
    const record = async () => (await records()).find(({ id }) => id === viewId)!;
    const renewals = async () => (await api.database`select count(*)::integer as n from access_record_renewal where record_id = ${viewId}`)[0]!["n"];
    const pastRange = () => ({ mode: "playback", from: Date.now() - 60_000, to: Date.now() });

    test("[VIEW7] is one record: the renewal is committed before the fresh token, which opens the same", async () => {
      await reopen();
      const before = (await records()).length;
      const { answer } = await renew();
      assert.deepEqual(order, ["renewal committed", "token signed"]);
      assert.deepEqual([answer!.viewId, answer!.cameraId, answer!.mode], [viewId, cameraId, "live"]);
      const verifier = new ViewVerifier({ monotonicMs: () => performance.now() });
      verifier.setPublicKey(api.publicKeyPem);
      const verified = await verifier.verify(answer!.token, cameraId, ["live"], Date.now());
      assert.equal(verified.ok && verified.value.claims.viewId, viewId);
      assert.equal((await records()).length, before);
      const { at, renewedAt, openUntil, endedAt } = await record();
      assert.ok(renewedAt !== null && renewedAt >= at);
      assert.deepEqual([openUntil, endedAt], [renewedAt + 5 * 60_000, null]);
      await renew();
      assert.equal(await renewals(), 2, "each is a row of its own");
    });

    test("[VIEW7] where the renewal cannot be written there is no token", async () => {
      await reopen();
      failInsert = true;
      const { status } = await renew();
      failInsert = false;
      assert.deepEqual([status, order, await renewals()], [500, [], 0]);
    });

    test("[VIEW7] of a colleague is not theirs to renew or to end, and is answered like one that does not exist", async () => {
      await reopen(pastRange());
      const colleague = await api.person("a.colleague", ["video-operator"]);
      const answers = [await renew(colleague), await end(colleague), await renew(person, 999_999), await end(person, 999_999)];
      assert.deepEqual(answers.map(({ status, problem }) => [status, problem?.rule]), Array(4).fill([404, "not-found"]));
      assert.deepEqual([await renewals(), (await record()).endedAt], [0, null]);
    });

    test("[VIEW7] [VIEW8] its end is the recorder's word, live and past, not the page's; what has ended is not renewed", async () => {
      for (const body of [{}, pastRange(), { ...pastRange(), mode: "download" }]) {
        await reopen(body);
        assert.equal((await end()).problem?.rule, "recorder-away", "no recorder is linked that could tell it");
        assert.equal((await record()).endedAt, null);
        assert.equal((await renew()).status, 200);
        await endedByRecorder();
        assert.equal((await end()).status, 200, "a page may say it after that");
        order.length = 0;
        const { status, problem } = await renew();
        assert.deepEqual([status, problem?.rule, order, await renewals()], [409, "view-ended", [], 1]);
      }
    });

    test("[VIEW7] two at once and an end between them leave no renewal after the end", async () => {
      for (let round = 0; round < 10; round++) {
        await reopen(pastRange());
        const answers = await Promise.all([renew(), endedByRecorder(), renew()]);
        const { endedAt } = await record();
        const later = await renew();
        assert.equal(later.problem?.rule, "view-ended");
        assert.ok(endedAt !== null);
        assert.equal(await renewals(), [answers[0], answers[2]].filter((answer) => answer?.status === 200).length, "a row for each token, and none for a refusal");
      }
    });

    test("[VIEW7] whose last token ran out is over; whose camera has no stream any more too", async () => {
      await reopen();
      api.advance(6 * 60_000);
      assert.equal((await renew()).problem?.rule, "view-ended");
      await reopen();
      await person.call("changeCamera", { params: { id: cameraId }, body: { address: null } });
      assert.equal((await renew()).problem?.rule, "no-address");
      await person.call("changeCamera", { params: { id: cameraId }, body: { address: "rtsp://10.0.0.1/stream" } });
      assert.equal((await renew()).status, 200);
    });

    test("[VIEW2] for an incident goes on until a while after its end", async () => {
      const incidentId = await createIncident(api, person);
      await reopen({ reason: { purpose: "incident", incidentId } });
      assert.equal((await person.send({ type: "incident.close", incidentId, disposition: "resolved", words: "" })).outcome, "accepted");
      for (const minutes of [4, 4, 4]) {
        api.advance(minutes * 60_000);
        assert.equal((await renew()).status, 200);
      }
      api.advance(4 * 60_000);
      assert.equal((await renew()).problem?.rule, "incident-ended");
    });
  });

  test("[VIEW5] [AUD2] records and audit entries refuse UPDATE, DELETE and TRUNCATE, from whoever holds the connection", async () => {
    await api.database`insert into access_record_end (record_id, at) values (${(await records())[0]!.id}, now())`;
    await api.database`insert into access_record_renewal (record_id, at) values (${(await records())[0]!.id}, now())`;
    await api.database`insert into access_record_served (record_id, at, ranges) values (${(await records())[0]!.id}, now(), '[]')`;
    for (const [table, column] of [["access_record", "words"], ["access_record_end", "at"], ["access_record_renewal", "at"], ["access_record_served", "at"], ["audit_entry", "action"]]) {
      for (const statement of [`update ${table} set ${column} = ${column}`, `delete from ${table}`, `truncate ${table} cascade`])
        await assert.rejects(api.database.unsafe(statement), /append-only/, statement);
    }
    await assert.rejects(api.database.unsafe("truncate access_record, access_record_end, access_record_renewal, access_record_served, evidence_export_camera"), /append-only/);
  });

  test("records are found by camera and by account, newest first, in pages", async () => {
    const { records: all } = await person.call("listAccessRecords", { query: { cameraId } });
    assert.ok(all.length >= 3 && all.every((record, i) => i === 0 || record.id < all[i - 1]!.id));
    const { records: page } = await person.call("listAccessRecords", { query: { cameraId, before: all[0]!.id, limit: 1 } });
    assert.deepEqual(page.map((record) => record.id), [all[1]!.id]);
    assert.deepEqual((await person.call("listAccessRecords", { query: { accountId: 77 } })).records, []);
  });
});
