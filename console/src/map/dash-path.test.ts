import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dashPath } from "./dash-path.ts";

const M = 1 / 111_195; // one metre in degrees of latitude
const line = (...metres: readonly number[]) => metres.map((m) => ({ lon: 0, lat: m * M }));
const inMetres = (dashes: readonly (readonly { readonly lat: number }[])[]) => dashes.map((dash) => dash.map((p) => Math.round(p.lat / M)));

describe("a dashed way", () => {
  it("dashes and gaps of one length, the last one cut", () => assert.deepEqual(inMetres(dashPath(line(0, 50), 10)), [[0, 10], [20, 30], [40, 50]]));
  it("goes round corners within a dash, and gaps lie over corners", () => assert.deepEqual(inMetres(dashPath(line(0, 5, 15, 24), 10)), [[0, 5, 10], [20, 24]]));
  it("is bounded however long the way, and nothing of nothing", () => {
    assert.ok(dashPath(line(0, 1_000_000), 1).length <= 401);
    assert.deepEqual(dashPath([], 10), []);
    assert.deepEqual(dashPath(line(3), 10), []);
    assert.deepEqual(dashPath(line(3, 3), 0), []);
  });
});
