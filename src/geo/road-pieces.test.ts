// Roads told by where they run: the way back from a place in the log to an edge of today's map, and what closing it does.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findEdgesOfPiece, pieceOfEdge } from "./road-pieces.ts";
import { snapToRoad } from "./road-snap.ts";
import { closeRoads } from "./roads.ts";
import { findRoute, roadTimesTo } from "./routing.ts";
import { cityFromAscii } from "./testing/city-from-ascii.ts";

const city = () => cityFromAscii(`
  A----1----B----2----C
  |         |         |
  D----3----E----4----F
`, { streets: { "A-B": "Rivera" } });

describe("a piece of road", () => {
  it("is found again by its ends and its middle, either way round, and not where another road runs", () => {
    const { graph } = city();
    for (let edge = 0; edge < graph.edgeCount; edge++) {
      const piece = pieceOfEdge(graph, edge);
      assert.deepEqual(findEdgesOfPiece(graph, piece), [edge]);
      assert.deepEqual(findEdgesOfPiece(graph, { ...piece, from: piece.to, to: piece.from }), [edge]);
      assert.deepEqual(findEdgesOfPiece(graph, { ...piece, middle: { lon: piece.middle.lon + 0.001, lat: piece.middle.lat } }), []);
      assert.deepEqual(findEdgesOfPiece(graph, { ...piece, to: piece.from }), []);
    }
  });
});

describe("a closed road", () => {
  const edgeAt = (town: ReturnType<typeof city>, name: string): number => snapToRoad(town.graph, town.at(name))!.edge;
  it("is driven round from the next question on, and open again after it", () => {
    const town = city();
    const seconds = () => {
      const route = findRoute(town.roads, town.at("A"), town.at("C"));
      return typeof route === "string" ? route : Math.round(route.seconds);
    };
    const open = seconds();
    closeRoads(town.roads, new Set([edgeAt(town, "2")]));
    assert.ok(Number(seconds()) > Number(open), `${seconds()} s, open ${open} s`);
    assert.equal(Math.round(roadTimesTo(town.roads, town.at("C"), [town.at("A")]).seconds[0]!), seconds());
    closeRoads(town.roads, new Set());
    assert.equal(seconds(), open);
  });
  it("can be left by who stands on it by its nearer end, and a place on it is reached from there", () => {
    const town = city();
    closeRoads(town.roads, new Set([edgeAt(town, "1")]));
    for (const [from, to] of [["1", "F"], ["F", "1"]] as const) assert.equal(typeof findRoute(town.roads, town.at(from), town.at(to)), "object", `${from} to ${to}`);
  });
  it("cuts off what only it leads to", () => {
    const cul = cityFromAscii("A----1----B----2----C");
    closeRoads(cul.roads, new Set([snapToRoad(cul.graph, cul.at("1"))!.edge]));
    assert.equal(findRoute(cul.roads, cul.at("A"), cul.at("C")), "unreachable");
    assert.deepEqual(roadTimesTo(cul.roads, cul.at("C"), [cul.at("A"), cul.at("2")]).verdicts, ["unreachable", "reached"]);
  });
});
