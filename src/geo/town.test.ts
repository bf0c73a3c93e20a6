import assert from "node:assert/strict";
import { test } from "node:test";
import { areaAt } from "./town.ts";
import { cityFromAscii } from "./testing/city-from-ascii.ts";

// one character is 25 m: a grid of streets 100 m apart with just twenty junctions, and one long road out of it with two turnings
const city = cityFromAscii(`
A---B---C---D---E---F
|   |   |   |   |   |
G---H---I---J---K---L
|   |   | 1 |   |   |
M---N---O---P---Q---R-------------------------------S-------------------T---------2
|   |   |   |   |   |                               |                   |
U---V---W---X---Y---Z                               |                   |
`, { metres: 25 });
const bounds = { west: city.at("U").lon - 0.01, south: city.at("U").lat - 0.01, east: city.at("2").lon + 0.01, north: city.at("A").lat + 0.01 };

test("a place with junctions close around it is in town, one beside a long road is not, and of one beyond the map nothing is known", () => {
  assert.equal(areaAt(city.graph, bounds, city.at("1")), "town");
  assert.equal(areaAt(city.graph, bounds, city.at("T")), "outside");
  assert.equal(areaAt(city.graph, bounds, city.at("2")), "outside");
  assert.equal(areaAt(city.graph, bounds, { lon: bounds.east + 1, lat: bounds.north }), null);
});
