// From map features to a city: what is a road, where ways meet, what two streets of one name are, what the map draws.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findRoute } from "../routing.ts";
import { area, cityOfFeatures, node, pointAt, street } from "../testing/features.ts";
import { createCityBuilder } from "./city-builder.ts";
import { parseHouseNumber } from "./gazetteer-builder.ts";
import { assemblePolygons } from "./multipolygon.ts";

describe("roads", () => {
  it("meet where they share a point, and not where one passes over the other", () => {
    const city = cityOfFeatures([street("A", [[0, 0], [100, 0], [200, 0]]), street("B", [[100, -100], [100, 0], [100, 100]]), street("C", [[150, -300], [150, 300]], { bridge: "yes" })]);
    assert.equal(typeof findRoute(city.roads, pointAt(0, 0), pointAt(100, 100)), "object");
    assert.equal(findRoute(city.roads, pointAt(0, 0), pointAt(150, 300)), "unreachable");
  });
  it("cut at a tile's border join again", () => {
    const whole = street("A", [[0, 0], [50, 0], [100, 0]]);
    const pieces = [{ ...street("A", [[0, 0], [50, 0]]), id: whole.id }, { ...street("A", [[50, 0], [100, 0]]), id: whole.id }];
    const route = findRoute(cityOfFeatures(pieces).roads, pointAt(0, 0), pointAt(100, 0));
    assert.ok(typeof route === "object" && Math.abs(route.metres - 100) < 0.5);
  });
  it("for people on foot, proposed or closed are not driven", () => {
    const city = cityOfFeatures([street("A", [[0, 0], [100, 0]]), ...["footway", "proposed", "construction", "steps"].map((highway) => street("B", [[0, 0], [0, 100]], { highway })), street("B", [[0, 0], [0, 100]], { access: "no" })]);
    assert.equal(city.graph.edgeCount, 1);
  });
  it("against their arrow (oneway=-1) are one-way backwards", () => {
    const city = cityOfFeatures([street("A", [[0, 0], [100, 0]], { oneway: "-1" })]);
    assert.equal(findRoute(city.roads, pointAt(0, 0), pointAt(100, 0)), "unreachable");
    assert.equal(typeof findRoute(city.roads, pointAt(100, 0), pointAt(0, 0)), "object");
  });
  it("none at all is told", () => {
    const built = createCityBuilder().finish(null);
    assert.ok(!built.ok && built.error.code === "no-roads");
  });
});

describe("places", () => {
  it("a school in two tiles is one school, where its larger piece is", () => {
    const left = area({ amenity: "school", name: "Escuela" }, [[0, 0], [10, 0], [10, 50], [0, 50]]);
    const right = { ...area({ amenity: "school", name: "Escuela" }, [[10, 0], [90, 0], [90, 50], [10, 50]]), id: left.id };
    const city = cityOfFeatures([street("A", [[0, -10], [100, -10]]), left, right]);
    assert.equal(city.featuresOf("school").length, 1);
    assert.ok(city.featuresOf("school")[0]!.point.lon > pointAt(40, 0).lon);
  });
  it("a mapped camera keeps its direction", () => {
    const city = cityOfFeatures([street("A", [[0, 0], [100, 0]]), node({ man_made: "surveillance", direction: "SE" }, 50, 5), node({ man_made: "surveillance" }, 60, 5)]);
    assert.deepEqual(city.featuresOf("surveillance").map((f) => f.bearing), [135, null]);
  });
  it("heights come from height, else from storeys, else are unknown", () => {
    const square: [number, number][] = [[0, 0], [10, 0], [10, 10], [0, 10]];
    const city = cityOfFeatures([street("A", [[0, -10], [100, -10]]), area({ building: "yes", height: "12 m" }, square), area({ building: "yes", "building:levels": "3" }, square), area({ building: "yes" }, square)]);
    assert.deepEqual([...city.buildings.parts.heightDm], [120, 96, 0]);
  });
  for (const [text, expected] of [["1360", { number: 1360, suffix: "" }], ["1360 bis", { number: 1360, suffix: "bis" }], ["12A", { number: 12, suffix: "a" }], ["12-14", { number: 12, suffix: "" }], ["12;14", { number: 12, suffix: "" }], ["s/n", null], ["", null]] as const) {
    it(`house number ${JSON.stringify(text)}`, () => assert.deepEqual(parseHouseNumber(text), expected));
  }
});

describe("areas drawn as relations", () => {
  it("join their pieces in any order and direction, and find their holes", () => {
    const polygons = assemblePolygons([[0, 0, 100, 0, 100, 100], [0, 0, 0, 100, 100, 100]], [[20, 20, 40, 20, 40, 40, 20, 40, 20, 20]]);
    assert.equal(polygons.length, 1);
    assert.equal(polygons[0]!.length, 2);
  });
  it("that are cut open are left out", () => assert.deepEqual(assemblePolygons([[0, 0, 100, 0, 100, 100]], []), []));
});
