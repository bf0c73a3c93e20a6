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
  it("[RD4] cuts nothing off: what only it leads to, and what stands on it, is reached in its true time, and it is said through how many pieces", () => {
    const cul = cityFromAscii("A----1----B----2----C----3----D");
    const ask = (to: string, from: readonly string[]) => {
      const times = roadTimesTo(cul.roads, cul.at(to), from.map(cul.at));
      return [[...times.verdicts], [...times.seconds].map(Math.round), [...times.closedPieces]];
    };
    const [, open] = ask("D", ["A", "2", "3"]);
    closeRoads(cul.roads, new Set(["1", "2", "3"].map((name) => snapToRoad(cul.graph, cul.at(name))!.edge)));
    const [verdicts, seconds, pieces] = ask("D", ["A", "2", "3"]);
    assert.deepEqual([verdicts, seconds, pieces], [["reached", "reached", "reached"], open, [3, 2, 0]]);
    const way = roadTimesTo(cul.roads, cul.at("D"), [cul.at("A")]).findWay(0);
    assert.equal(Math.round(way!.seconds), open![0]);
    assert.deepEqual(ask("2", ["A", "D"])[0], ["reached", "reached"], "the scene for which it was closed");
  });
  it("[RD4] is driven only where no way round is left, however long that is", () => {
    const town = city();
    closeRoads(town.roads, new Set([edgeAt(town, "2")]));
    assert.deepEqual([...roadTimesTo(town.roads, town.at("4"), [town.at("1"), town.at("3")]).closedPieces], [0, 0]);
  });
});
