// On the roads of the demo city, one-ways and banned turns and all: the hierarchy's times are those of a plain search, and its ways can be driven and take just so long; as the roads are, and with roads closed.
// `npm run bench -- roads` asks for 40,000 pairs, and for those of the largest extract at hand.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createRandom } from "../../src/base/random.ts";
import { closeRoads } from "../../src/geo/roads.ts";
import { plainDijkstra } from "../../src/geo/testing/plain-dijkstra.ts";
import { loadRoads } from "../../src/io/city/city-folder.ts";
import { importDemoCity } from "../../src/io/city/import-city.ts";

const SEED = 17;
const ORIGINS = 20;
const TARGETS_EACH = 25;

test(`${2 * ORIGINS * TARGETS_EACH} pairs of the demo city: times as a plain search has them, by ways that can be driven`, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "citywatch-routes-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await importDemoCity({ dir: join(folder, "city"), progress: () => undefined, now: 0 });
  const { graph, roads } = await loadRoads(join(folder, "city"));
  const random = createRandom(SEED);
  const mayBeDriven = (arc: number, from: number): boolean => graph.outArc.subarray(graph.outFirst[from]!, graph.outFirst[from + 1]!).includes(arc);
  let driven = 0;
  for (const closures of [0, 100]) {
    closeRoads(roads, new Set(Array.from({ length: closures }, () => random.integer(graph.edgeCount))));
    for (let o = 0; o < ORIGINS; o++) {
      const from = random.integer(graph.stateCount);
      const expected = plainDijkstra(graph, roads.metric.edgeMs, from);
      for (let i = 0; i < TARGETS_EACH; i++) {
        const to = random.integer(graph.stateCount);
        const ends = [[{ state: from, ms: 0 }], [{ state: to, ms: 0 }]] as const;
        const way = roads.search.findWay(roads.metric, ...ends);
        assert.equal(roads.search.findMs(roads.metric, ...ends), expected[to], `from ${from} to ${to}, ${closures} roads closed`);
        if (way === undefined) continue;
        assert.deepEqual([way.ms, way.arcs.reduce((sum, arc) => sum + roads.metric.edgeMs[arc >> 1]!, 0)], [expected[to], expected[to]], "the pieces of the way add up");
        let at = from;
        for (const arc of way.arcs) {
          assert.ok(mayBeDriven(arc, at), `arc ${arc} may be driven from ${at}`);
          at = graph.stateAfterArc[arc]!;
        }
        assert.equal(at, to);
        driven++;
      }
    }
  }
  assert.ok(driven > ORIGINS * TARGETS_EACH, `${driven} ways were driven`);
});
