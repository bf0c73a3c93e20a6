// Closing a road over HTTP: the road is found by a point, closed by a command, and the next road time knows of it. Rules of "Closures" in src/dispatch/SPEC.md.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { pointAt } from "../geo/testing/features.ts";
import { startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

describe("closing roads", () => {
  let api: TestApi;
  let dispatcher: CityClient;
  before(async () => {
    api = await startTestApi();
    dispatcher = await api.first();
  });
  after(() => api.close());
  const near = async (x: number, y: number) => (await dispatcher.call("findNearRoad", { query: { lon: pointAt(x, y).lon, lat: pointAt(x, y).lat } })).road;

  test("[RD1] [RD4] the road at a point is closed from the answer on, everybody is told, and lifted it is open again", async () => {
    const road = await near(600, 5);
    assert.ok(road !== null);
    assert.deepEqual([road.name, road.oneWay, road.closed, road.path.length], ["Rivera", false, false, 3]);
    assert.equal(await near(600, 500), null, "no road within reach");
    const heard: string[] = [];
    const stop = api.dispatch.subscribe((change) => heard.push(...change.closures.map((one) => `${one.words} ${one.liftedAt === null ? "closed" : "open"}`)));
    const closed = await dispatcher.send({ type: "closure.set", pieces: [{ from: road.to, to: road.from, middle: road.middle }], words: "water main", until: null });
    assert.equal(closed.outcome, "accepted");
    assert.equal((await near(600, 5))?.closed, true);
    const { closures } = api.dispatch.state();
    assert.deepEqual(closures.map((one) => [one.words, one.pieces[0]!.name]), [["water main", "Rivera"]]);
    assert.equal((await dispatcher.send({ type: "closure.lift", closureId: closures[0]!.id, words: "" })).outcome, "accepted");
    assert.equal((await near(600, 5))?.closed, false);
    assert.deepEqual([api.dispatch.state().closures, heard], [[], ["water main closed", "water main open"]]);
    stop();
  });

  test("a road that is nowhere is refused with its place", async () => {
    const nowhere = pointAt(5_000, 5_000);
    const refused = await dispatcher.call("sendCommand", { body: { commandId: randomUUID(), expectedSequence: null, command: { type: "closure.set", pieces: [{ from: nowhere, to: nowhere, middle: nowhere }], words: "x", until: null } } });
    assert.ok(refused.outcome === "refused" && refused.rule === "no-such-road", JSON.stringify(refused));
  });
});
