import assert from "node:assert/strict";
import { test } from "node:test";
import { readTurnRelation, type RelationMember } from "./turn-relation.ts";

const way = (role: string, ref: number): RelationMember => ({ type: "way", role, ref });
const node = (ref: number): RelationMember => ({ type: "node", role: "via", ref });
const placeOf = (ref: number): readonly [number, number] | undefined => (ref === 7 ? [10, 20] : undefined);
const read = (tags: Record<string, string>, ...members: RelationMember[]) => readTurnRelation({ type: "restriction", ...tags }, members, placeOf);
const MEMBERS = [way("from", 1), node(7), way("to", 2)];

test("a turn over a node, and one over ways in between", () => {
  assert.deepEqual(read({ restriction: "no_left_turn" }, ...MEMBERS), [{ kind: "no", fromWay: 1, toWay: 2, viaLonE7: 10, viaLatE7: 20 }]);
  assert.deepEqual(read({ restriction: "only_straight_on" }, way("from", 1), way("via", 3), way("via", 4), way("to", 2)), [{ kind: "only", fromWay: 1, toWay: 2, viaWays: [3, 4] }]);
});

test("several ways in, or out, are each forbidden", () => {
  assert.deepEqual(read({ restriction: "no_entry" }, way("from", 1), way("from", 5), node(7), way("to", 2)), [1, 5].map((fromWay) => ({ kind: "no", fromWay, toWay: 2, viaLonE7: 10, viaLatE7: 20 })));
  assert.deepEqual(read({ restriction: "no_exit" }, way("from", 1), node(7), way("to", 2), way("to", 6)), [2, 6].map((toWay) => ({ kind: "no", fromWay: 1, toWay, viaLonE7: 10, viaLatE7: 20 })));
});

test("what is not kept is told by its reason; what is none, or is not for an emergency vehicle, is not told", () => {
  assert.equal(read({ "restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)" }, ...MEMBERS), "hours");
  assert.equal(read({ "restriction:hgv": "no_left_turn" }, ...MEMBERS), "vehicles");
  assert.equal(readTurnRelation({ type: "restriction:bus", restriction: "no_left_turn" }, MEMBERS, placeOf), "vehicles");
  for (const broken of [[way("from", 1), way("to", 2)], [node(7), way("to", 2)], [way("from", 1), node(7)], [way("from", 1), node(8), way("to", 2)]]) assert.equal(read({ restriction: "no_left_turn" }, ...broken), "incomplete");
  assert.deepEqual([read({ restriction: "perhaps" }, ...MEMBERS), read({}, ...MEMBERS)], ["incomplete", "incomplete"]);
  assert.equal(readTurnRelation({ type: "multipolygon" }, MEMBERS, placeOf), null);
  assert.equal(read({ restriction: "no_left_turn", except: "bus;emergency" }, ...MEMBERS), null);
});
