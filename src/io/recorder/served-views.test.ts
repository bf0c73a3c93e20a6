import assert from "node:assert/strict";
import { test } from "node:test";
import { ServedViews } from "./served-views.ts";

const SECOND = 1_000;

test("[VIEW12] what was served is told when a look has been quiet for half a minute, or after 5 min of it, and again until it is kept", () => {
  const views = new ServedViews();
  const due = (now: number): object => views.listUntold(now, "due").map(({ viewId, served }) => [viewId, ...served.map(({ from, to }) => `${from}-${to}`)]);
  views.note(1, 0, 5_000, 0);
  assert.deepEqual(due(29 * SECOND), []);
  assert.deepEqual(views.listUntold(0, "all").length, 1, "at the end all is told");
  assert.deepEqual(due(30 * SECOND), [[1, "0-5000"]]);
  assert.deepEqual(due(40 * SECOND), [[1, "0-5000"]], "nobody has kept it");
  views.keep(1, [{ from: 0, to: 5_000 }]);
  assert.deepEqual(due(50 * SECOND), []);
  views.note(1, 2_000, 3_000, 55 * SECOND);
  assert.deepEqual(due(200 * SECOND), [], "what is known already is nothing new");
  for (let at = 200; at < 500; at += 10) {
    views.note(1, at * SECOND, (at + 10) * SECOND, at * SECOND);
    if (at < 490) assert.deepEqual(due(at * SECOND), [], "it goes on");
  }
  assert.deepEqual(due(500 * SECOND), [[1, "0-5000", "200000-500000"]]);
  views.note(1, 500_000, 510_000, 501 * SECOND);
  views.keep(1, [{ from: 0, to: 5_000 }, { from: 200_000, to: 500_000 }]);
  assert.deepEqual(due(531 * SECOND), [[1, "0-5000", "200000-510000"]], "what came while the telling was on its way is told too");
});

test("[VIEW12] a look that is over and told is forgotten; one that is not told stays", () => {
  const views = new ServedViews();
  for (let viewId = 1; viewId <= 10_000; viewId++) views.note(viewId, 0, 1_000, 0);
  assert.deepEqual([views.hasRoom(10_001, 1), views.hasRoom(10_000, 1)], [false, true], "bounded: another is not let in, one that is known goes on");
  views.note(10_002, 0, 1_000, 1);
  assert.equal(views.listUntold(1, "all").length, 10_001, "what went out is never left out");
  views.keep(10_002, [{ from: 0, to: 1_000 }]);
  for (let viewId = 1; viewId < 10_000; viewId++) views.keep(viewId, [{ from: 0, to: 1_000 }]);
  assert.equal(views.hasRoom(10_001, 700 * SECOND), true);
  views.note(10_001, 0, 1_000, 700 * SECOND);
  assert.deepEqual(views.listUntold(700 * SECOND, "all").map(({ viewId }) => viewId), [10_000, 10_001]);
});
