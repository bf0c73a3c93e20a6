// Saved layouts of the wall and camera tours, over HTTP: who sees, who changes, and what stands in the way. Rules of "The wall" in src/video/SPEC.md.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

describe("saved layouts and tours", () => {
  let api: TestApi;
  let first: CityClient;
  let ana: CityClient;
  let ben: CityClient;
  before(async () => {
    api = await startTestApi();
    first = await api.first();
    ana = await api.person("ana.1", ["video-operator"]);
    ben = await api.person("ben.1", ["video-operator"]);
  });
  after(() => api.close());

  const layout = (name: string, shared = false, cells: (number | null)[] = [1, null, 3, 4]) => ({ name, shared, size: 4, cells });
  const create = (by: CityClient, ...of: Parameters<typeof layout>) => by.call("createWallLayout", { body: layout(...of) });
  const names = async (by: CityClient) => (await by.call("listSavedWalls")).layouts.map((one) => one.name);
  const refusal = async (asked: Promise<{ status: number; problem: { rule: string } | null }>) => {
    const { status, problem } = await asked;
    return [status, problem?.rule];
  };

  test("[WAL1] one's own come back as they were saved, shared ones to everybody with their owner, others to nobody", async () => {
    const own = await create(ana, "Night");
    const shared = await create(ana, "Harbour", true, [7, 8, null, null]);
    assert.deepEqual(own.cells, [1, null, 3, 4], "an empty tile stays empty");
    assert.deepEqual(await names(ana), ["Harbour", "Night"]);
    const [seen, ...more] = (await ben.call("listSavedWalls")).layouts;
    assert.deepEqual([seen, more], [{ ...shared, mayChange: false }, []]);
    assert.equal(seen!.ownerName, "ana.1");
    assert.deepEqual(await refusal(ben.try("changeWallLayout", { params: { id: own.id }, body: layout("mine") })), [404, "not-found"]);
    assert.deepEqual(await refusal(ben.try("removeWallLayout", { params: { id: shared.id } })), [403, "not-your-own"]);
    const changed = await ana.call("changeWallLayout", { params: { id: shared.id }, body: { ...layout("Harbour front", true), size: 1, cells: [9] } });
    assert.deepEqual([changed.name, changed.size, changed.cells], ["Harbour front", 1, [9]]);
  });

  test("[WAL1] a name is one's own once and shared once, whatever its case; two persons may use the same for themselves", async () => {
    await create(ana, "Centre");
    assert.deepEqual(await refusal(ana.try("createWallLayout", { body: layout("centre") })), [409, "name-taken"]);
    await create(ben, "Centre");
    await create(ben, "Bridges", true);
    assert.deepEqual(await refusal(ana.try("createWallLayout", { body: layout("BRIDGES", true) })), [409, "name-taken"]);
  });

  test("[WAL1] the shared one of a disabled account is anybody's to mend, but nobody hides it", async () => {
    const cas = await api.person("cas.1", ["video-operator"]);
    const left = await create(cas, "Left behind", true);
    const account = (await first.call("listAccounts")).accounts.find((one) => one.login === "cas.1")!;
    await first.call("changeAccount", { params: { id: account.id }, body: { disabled: true } });
    assert.equal((await ben.call("listSavedWalls")).layouts.find((one) => one.id === left.id)?.mayChange, true);
    assert.equal((await ben.call("changeWallLayout", { params: { id: left.id }, body: layout("Looked after", true) })).name, "Looked after");
    assert.deepEqual(await refusal(ben.try("changeWallLayout", { params: { id: left.id }, body: layout("Hidden", false) })), [403, "not-your-own"]);
    await ben.call("removeWallLayout", { params: { id: left.id } });
    assert.ok(!(await names(ana)).includes("Looked after"));
  });

  test("[WAL2] a tour keeps its stops in order; its layouts cannot be removed under it", async () => {
    const a = await create(ana, "Stop A");
    const stops = [{ kind: "layout", layoutId: a.id, dwellS: 20 }, { kind: "camera", cameraId: 12, dwellS: 5 }, { kind: "layout", layoutId: a.id, dwellS: 40 }] as const;
    const tour = await ana.call("createCameraTour", { body: { name: "Evening", stops } });
    assert.deepEqual(tour.stops, stops);
    const { status, problem } = await ana.try("removeWallLayout", { params: { id: a.id } });
    assert.deepEqual([status, problem?.rule, problem?.details], [409, "layout-in-tour", { names: ["Evening"] }]);
    await ana.call("changeCameraTour", { params: { id: tour.id }, body: { name: "Evening", stops: [stops[1]] } });
    await ana.call("removeWallLayout", { params: { id: a.id } });
    await ana.call("removeCameraTour", { params: { id: tour.id } });
    assert.deepEqual((await ana.call("listSavedWalls")).tours, []);
  });

  test("[WAL2] a shared tour shows shared layouts only, and they stay shared", async () => {
    const own = await create(ana, "Own stop");
    const body = { name: "For all", shared: true, stops: [{ kind: "layout", layoutId: own.id, dwellS: 30 }] };
    const refused = await ana.try("createCameraTour", { body });
    assert.deepEqual([refused.problem?.rule, refused.problem?.details], ["layout-not-shared", { names: ["Own stop"] }]);
    await ana.call("changeWallLayout", { params: { id: own.id }, body: layout("Own stop", true) });
    const tour = await ana.call("createCameraTour", { body });
    assert.deepEqual((await ben.call("listSavedWalls")).tours, [{ ...tour, mayChange: false }]);
    assert.deepEqual(await refusal(ana.try("changeWallLayout", { params: { id: own.id }, body: layout("Own stop", false) })), [409, "layout-in-tour"]);
    // A tour of one's own over another person's shared layout: that layout can then not be removed, and its owner is not told the tour's name.
    await ana.call("removeCameraTour", { params: { id: tour.id } });
    await ben.call("createCameraTour", { body: { ...body, name: "Of Ben", shared: false } });
    assert.deepEqual((await ana.try("removeWallLayout", { params: { id: own.id } })).problem?.details, { names: [] });
  });

  test("what cannot be a layout or a tour is refused with its field", async () => {
    const fault = async (asked: Promise<{ problem: { faults?: readonly { field: string; code: string }[] | undefined } | null }>) => {
      const one = (await asked).problem?.faults?.[0];
      return [one?.field, one?.code];
    };
    assert.deepEqual(await fault(ana.try("createWallLayout", { body: { ...layout("Short"), cells: [1, 2] } })), ["cells", "exactly"]);
    assert.deepEqual(await fault(ana.try("createWallLayout", { body: layout("Twice", false, [5, 5, null, null]) })), ["cells", "camera-once"]);
    assert.deepEqual(await fault(ana.try("createWallLayout", { body: { ...layout("Odd"), size: 5 } })), ["size", "one-of"]);
    assert.deepEqual(await fault(ana.try("createWallLayout", { body: layout("  ") })), ["name", "not-empty"]);
    const stranger = await create(ben, "Not for Ana");
    assert.deepEqual(await fault(ana.try("createCameraTour", { body: { name: "T", stops: [{ kind: "layout", layoutId: stranger.id, dwellS: 10 }] } })), ["stops.layoutId", "layout-exists"]);
    assert.deepEqual(await fault(ana.try("createCameraTour", { body: { name: "T", stops: [{ kind: "camera", cameraId: 1, dwellS: 1 }] } })), ["stops.0.dwellS", "at-least"]);
    assert.deepEqual(await fault(ana.try("createCameraTour", { body: { name: "T", stops: [] } })), ["stops", "not-empty-list"]);
  });
});
