// Evidence holds over real HTTP and a real database, with a recorder that the test plays: what is refused, what is kept, what recorders hear and say.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { findHoldFaults, holdState } from "../../accountability/hold-policy.ts";
import { DAY_MS } from "../../base/time.ts";
import type { Hold } from "../../contract/holds.ts";
import { PASSWORD, cameraBody, createIncident, startTestApi, type TestApi, type TestSocket } from "../../../tests/support/api.ts";
import type { CityClient } from "../../../tests/support/city-client.ts";
import { waitUntil } from "../../../tests/support/wait.ts";
import { createHoldStore } from "../../io/postgres/hold-store.ts";
import { createHoldRegistry } from "./hold-registry.ts";

describe("evidence holds", () => {
  let api: TestApi;
  let operator: CityClient;
  let administrator: CityClient;
  let now = 0;
  const cameras: number[] = [];
  const body = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ cameraIds: [cameras[0]], from: now - 3_600_000, to: now, words: "a knife was seen", reviewAt: now + 30 * DAY_MS, ...more });
  const make = (more: Record<string, unknown> = {}): Promise<Hold> => operator.call("createHold", { body: body(more) }) as Promise<Hold>;
  const linkRecorder = async (): Promise<TestSocket> => {
    const link = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    link.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7310", revision: 0 });
    return link;
  };

  before(async () => {
    api = await startTestApi();
    operator = await api.person("operator", ["video-operator"]);
    administrator = await api.person("administrator", ["administrator"]);
    const engineer = await api.person("engineer", ["engineer"]);
    for (let i = 0; i < 3; i++) cameras.push((await engineer.call("createCamera", { body: cameraBody() })).id);
    await engineer.call("removeCamera", { params: { id: cameras[2]! } });
    now = Date.now();
  });
  after(() => api.close());

  test("[HLD1] a faulty one is refused with every fault", async () => {
    const { problem } = await operator.try("createHold", { body: body({ cameraIds: [cameras[0], 4_711], words: null, incidentId: 99, from: now + DAY_MS, to: now, reviewAt: now - 1 }) });
    assert.equal(problem!.rule, "bad-input");
    assert.deepEqual(problem!.faults!.map((fault) => [fault.field, fault.code]), [["from", "time-past"], ["to", "time-after"], ["reviewAt", "days-ahead"], ["incidentId", "incident-exists"], ["cameraIds.1", "camera-exists"]]);
    const none = await operator.try("createHold", { body: body({ words: null }) });
    assert.deepEqual(none.problem!.faults!.map((fault) => [fault.field, fault.code]), [["words", "incident-or-words"]]);
    assert.deepEqual(findHoldFaults({ from: 0, to: 367 * DAY_MS, incidentId: 1, words: null, reviewAt: now + 1 }, now, 366).map((fault) => fault.code), ["days-after-start"]);
  });

  test("[HLD1] an incident will do for words, a removed camera for a present one, a range that goes on for one that is over", async () => {
    const incidentId = await createIncident(api, await api.person("dispatcher", ["dispatcher"]));
    const hold = await make({ words: null, incidentId, cameraIds: [cameras[2], cameras[1], cameras[1]], to: now + DAY_MS });
    assert.deepEqual([hold.state, hold.incidentId, hold.words, hold.from, hold.to, hold.madeBy.name], ["held", incidentId, null, now - 3_600_000, now + DAY_MS, "operator"]);
    assert.deepEqual(hold.cameras.map((camera) => [camera.id, camera.removed]), [[cameras[1], false], [cameras[2], true]]);
    assert.deepEqual(await operator.call("getHold", { params: { id: hold.id } }), hold);
    assert.deepEqual((await operator.call("listHolds", { query: { incidentId } })).holds.map((each) => each.id), [hold.id]);
    assert.deepEqual((await operator.call("listHolds", { query: { cameraId: cameras[2]! } })).holds.map((each) => each.id), [hold.id]);
  });

  test("[HLD5] one whose review date has passed is overdue and still holds; a review sets the next date", async () => {
    const hold = await make({ reviewAt: now + DAY_MS });
    api.advance(2 * DAY_MS);
    await operator.logIn("operator", PASSWORD);
    try {
      const overdue = await operator.call("listHolds", { query: { state: "overdue" } });
      assert.deepEqual([overdue.holds.map((each) => [each.id, each.state]), overdue.overdue], [[[hold.id, "overdue"]], 1]);
      const reviewed = await operator.call("reviewHold", { params: { id: hold.id }, body: { reviewAt: now + 9 * DAY_MS, words: "the court has not asked yet" } });
      assert.deepEqual([reviewed.state, reviewed.reviewAt, reviewed.steps.map((step) => [step.kind, step.by.name, step.words, step.reviewAt])], ["held", now + 9 * DAY_MS, [["reviewed", "operator", "the court has not asked yet", now + 9 * DAY_MS]]]);
      assert.equal((await operator.call("listHolds", { query: { state: "overdue" } })).overdue, 0);
    } finally {
      api.advance(-2 * DAY_MS);
      await operator.logIn("operator", PASSWORD);
      await administrator.logIn("administrator", PASSWORD);
    }
  });

  test("[HLD5] what is due comes first: the overdue, then what is open by its date of review, then what was released; in pages, with their counts", async () => {
    const cameraId = cameras[2]!;
    const made: Hold[] = [];
    for (const days of [9, 1, 5, 2, 7]) made.push(await make({ cameraIds: [cameraId], reviewAt: now + days * DAY_MS }));
    const [nine, one, five, two, seven] = made.map(({ id }) => id) as [number, number, number, number, number];
    for (const id of [five, nine]) await administrator.call("releaseHold", { params: { id }, body: { words: "not needed" } });
    api.advance(3 * DAY_MS);
    await operator.logIn("operator", PASSWORD);
    try {
      const ask = (offset: number) => operator.call("listHolds", { query: { cameraId, order: "due", limit: 2, offset } });
      const before = (await operator.call("listHolds", { query: { cameraId, before: one } })).holds.map(({ id }) => id);
      const pages = [await ask(0), await ask(2), await ask(4)];
      const listed = pages.flatMap(({ holds }) => holds.map(({ id }) => id)).filter((id) => made.some((hold) => hold.id === id));
      assert.deepEqual(listed.slice(0, 3), [one, two, seven]);
      assert.deepEqual((await operator.call("listHolds", { query: { cameraId, order: "due", state: "released" } })).holds.map(({ id }) => id).slice(0, 2), [five, nine]);
      assert.equal(pages[0]!.total, made.length + before.filter((id) => id !== nine).length);
      const open = await operator.call("listHolds", { query: { state: "open", limit: 500 } });
      assert.deepEqual([open.total, open.open], [open.holds.length, open.holds.length]);
      assert.deepEqual([pages[0]!.open, pages[0]!.overdue], [open.open, open.holds.filter(({ state }) => state === "overdue").length]);
    } finally {
      api.advance(-3 * DAY_MS);
      await operator.logIn("operator", PASSWORD);
      await administrator.logIn("administrator", PASSWORD);
      for (const id of [one, two, seven]) await administrator.call("releaseHold", { params: { id }, body: { words: "end of the test" } });
    }
  });

  test("[HLD5] [HLD6] [HLD7] released by an administrator, in words, once; every step is in the audit entries", async () => {
    const hold = await make();
    assert.equal((await operator.try("releaseHold", { params: { id: hold.id }, body: { words: "x" } })).problem!.rule, "forbidden");
    assert.equal((await administrator.try("createHold", { body: body() })).problem!.rule, "forbidden");
    assert.equal((await administrator.try("releaseHold", { params: { id: hold.id }, body: { words: "  " } })).problem!.rule, "bad-input");
    const released = await administrator.call("releaseHold", { params: { id: hold.id }, body: { words: "handed over to the court" } });
    assert.deepEqual([released.state, released.steps.map((step) => [step.kind, step.by.name, step.words])], ["released", [["released", "administrator", "handed over to the court"]]]);
    for (const again of [administrator.try("releaseHold", { params: { id: hold.id }, body: { words: "x" } }), operator.try("reviewHold", { params: { id: hold.id }, body: { words: "x", reviewAt: now + DAY_MS } })]) assert.equal((await again).problem!.rule, "hold-released");
    assert.equal((await administrator.try("releaseHold", { params: { id: 4_711 }, body: { words: "x" } })).problem!.rule, "not-found");
    const { entries } = await administrator.call("listAuditEntries", { query: { subjectKind: "hold", subjectId: hold.id } });
    assert.deepEqual(entries.map((entry) => [entry.action, entry.by.name]), [["hold.release", "administrator"], ["hold.make", "operator"]]);
    for (const table of ["evidence_hold", "evidence_hold_camera", "evidence_hold_step"]) {
      await assert.rejects(api.database.unsafe(`delete from ${table}`), /append-only/);
      await assert.rejects(api.database.unsafe(`truncate ${table} cascade`), /append-only/);
    }
  });

  test("[HLD7] whoever made a hold does not release it, with both roles or with another one later; somebody else does", async () => {
    const both = await api.person("both", ["dispatcher", "administrator"]);
    const { account } = await both.call("getSession");
    const hold = await both.call("createHold", { body: body() as never });
    const release = (by: CityClient) => by.try("releaseHold", { params: { id: hold.id }, body: { words: "not needed" } });
    const refused = await release(both);
    assert.deepEqual([refused.status, refused.problem?.rule], [409, "own-hold"]);
    await administrator.call("changeAccount", { params: { id: account.id }, body: { roles: ["administrator"] } });
    await both.logIn("both", PASSWORD);
    assert.equal((await release(both)).problem?.rule, "own-hold");
    assert.equal((await both.call("getHold", { params: { id: hold.id } })).state, "held");
    assert.equal((await release(administrator)).answer?.state, "released");
    assert.equal((await release(both)).problem?.rule, "hold-released");
  });

  test("[HLD8] a recorder is told all when it links and each change after its commit; the answer names those that have not kept it", async () => {
    const link = await linkRecorder();
    const all = await link.next("holds");
    const open = (await operator.call("listHolds", { query: { state: "open" } })).holds;
    assert.deepEqual(all.holds.map((hold: { holdId: number }) => hold.holdId), open.map((hold) => hold.id).reverse());
    const hold = await make({ cameraIds: [cameras[0], cameras[2]] });
    assert.deepEqual(hold.waitingFor, [1]);
    const changed = await link.next("hold-changed");
    assert.deepEqual(changed.hold, { holdId: hold.id, cameraIds: [cameras[0], cameras[2]], from: hold.from, to: hold.to });
    assert.ok(changed.revision > all.revision);
    link.send({ type: "holds-kept", revision: changed.revision });
    await waitUntil(async () => (await operator.call("getHold", { params: { id: hold.id } })).waitingFor.length === 0);
    await administrator.call("releaseHold", { params: { id: hold.id }, body: { words: "over" } });
    const released = await link.next("hold-released");
    assert.deepEqual([released.holdId, released.revision > changed.revision], [hold.id, true]);
    assert.deepEqual((await operator.call("getHold", { params: { id: hold.id } })).waitingFor, [1]);
    link.close();
    const again = await linkRecorder();
    const list = await again.next("holds");
    assert.equal(list.revision, released.revision);
    assert.equal(list.holds.some((each: { holdId: number }) => each.holdId === hold.id), false);
    again.close();
  });

  test("a recorder's disk is shown as it last told it", async () => {
    const engineer = await api.person("engineer2", ["engineer"]);
    const link = await linkRecorder();
    const disk = { totalBytes: 1e12, freeBytes: 4e11, recordedBytes: 5e11, heldBytes: 1e9, reserveBytes: 1e9, floorBytes: 2e9, inflowBytesPerSecond: 5e5, isShared: true, recordersOnVolume: 1, isDirect: true, writeFailures: 0, clockAheadMs: 0, clockBehindMs: 0, forecast: { kind: "full", at: now + 9 * DAY_MS, bytesPerDay: 4e10 }, uncounted: 2, alarms: ["early"] } as const;
    link.send({ type: "disk", at: now, disk });
    await waitUntil(async () => (await engineer.call("listRecorders")).recorders[0]?.disk !== null);
    assert.deepEqual((await engineer.call("listRecorders")).recorders.map((recorder) => [recorder.id, recorder.connected, recorder.disk, recorder.at]), [[1, true, disk, now]]);
    link.close();
  });

  test("[HLD5] [HLD6] [HLD8] model: whatever is made, reviewed and released while time passes, the register says what a list of these steps says", async () => {
    interface Model { readonly id: number; reviewAt: number; isReleased: boolean; steps: number }
    const days = fc.integer({ min: 1, max: 30 });
    const step = fc.oneof(
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("make" as const), days }) },
      fc.record({ kind: fc.constant("review" as const), of: fc.nat(5), days }), fc.record({ kind: fc.constant("release" as const), of: fc.nat(5) }), fc.record({ kind: fc.constant("wait" as const), days }),
    );
    const store = createHoldStore(api.database);
    const by = { kind: "user", id: 1, name: "somebody" } as const;
    const another = { kind: "user", id: 2, name: "another" } as const;
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      let at = now;
      const registry = createHoldRegistry({ store, clock: { wallMs: () => at, monotonicMs: () => at } });
      const told: number[] = [];
      registry.subscribe(({ kind, hold }) => told.push(kind === "released" ? -hold.revision : hold.revision));
      const models: Model[] = [];
      let changes = 0;
      for (const one of steps) {
        if (one.kind === "wait") {
          at += one.days * DAY_MS;
        } else if (one.kind === "make") {
          const reviewAt = at + one.days * DAY_MS;
          models.push({ id: (await registry.make({ cameraIds: [cameras[0]!], from: now - 1, to: now, incidentId: null, words: "w", reviewAt }, by)).id, reviewAt, isReleased: false, steps: 0 });
          changes++;
        } else {
          const model = models[one.of];
          if (model === undefined) continue;
          const reviewAt = at + (one.kind === "review" ? one.days * DAY_MS : 0);
          const done = one.kind === "review" ? await registry.review(model.id, "w", reviewAt, by) : await registry.release(model.id, "w", another);
          assert.equal(done.ok, !model.isReleased);
          if (model.isReleased) continue;
          model.steps++;
          if (one.kind === "review") model.reviewAt = reviewAt;
          else {
            model.isReleased = true;
            changes++;
          }
        }
      }
      for (const model of models) {
        const hold = await store.find(model.id);
        assert.deepEqual([hold!.isReleased, hold!.reviewAt, hold!.steps.length], [model.isReleased, model.reviewAt, model.steps]);
        assert.equal(holdState(hold!, at), model.isReleased ? "released" : at >= model.reviewAt ? "overdue" : "held");
      }
      const ids = async (state: "held" | "overdue" | "released" | "open"): Promise<number[]> => (await store.list({ state, order: "newest", offset: 0, limit: 500 }, at)).map((hold) => hold.id).filter((id) => models.some((model) => model.id === id)).reverse();
      const where = (test: (model: Model) => boolean): number[] => models.filter(test).map((model) => model.id);
      assert.deepEqual(await ids("released"), where((model) => model.isReleased));
      assert.deepEqual(await ids("overdue"), where((model) => !model.isReleased && at >= model.reviewAt));
      assert.deepEqual(await ids("held"), where((model) => !model.isReleased && at < model.reviewAt));
      const listed = new Set<number>();
      const revision = await store.readForRecorders((holds) => holds.forEach((hold) => listed.add(hold.id)));
      for (const model of models) assert.equal(listed.has(model.id), !model.isReleased);
      const revisions = told.map(Math.abs);
      assert.deepEqual([revisions.length, revisions, changes > 0 ? revisions.at(-1) : revision], [changes, [...revisions].sort((a, b) => a - b), revision]);
    }), { numRuns: 25 });
  });
});
