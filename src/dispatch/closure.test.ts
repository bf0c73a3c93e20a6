// Closures of roads. Rules of "Closures" in SPEC.md.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { ANA, BEN, PLACE, createWorld } from "./testing/world.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const piece = { from: PLACE.point, to: { lon: -56.17, lat: -34.9 }, middle: { lon: -56.175, lat: -34.9 } };
const set = (until: number | null = null) => ({ type: "closure.set" as const, pieces: [piece], words: "market", until });

describe("a closure", () => {
  it("[RD1] stands with who set it, when and why, under the map's name of the road, until somebody lifts it", () => {
    const w = createWorld(hash);
    w.ok(ANA, set());
    const closure = w.state.closures.get(1);
    assert.deepEqual([closure.pieces, closure.words, closure.setBy, closure.setAt, closure.until, closure.liftedAt], [[{ ...piece, name: "Rivera", path: [PLACE.point] }], "market", ANA, w.now, null, null]);
    assert.deepEqual([...w.state.standingClosures.keys()], [1]);
    w.wait(3_600_000);
    w.ok(BEN, { type: "closure.lift", closureId: 1, words: "over" });
    assert.deepEqual([w.state.closures.get(1).liftedBy, w.state.closures.get(1).liftedAt, w.state.standingClosures.has(1)], [BEN, w.now, false]);
  });
  it("[RD1] of a road that the map does not have is refused, and of several none is taken", () => {
    const w = createWorld(hash);
    const refused = w.send(ANA, { type: "closure.set", pieces: [piece, { ...piece, middle: { lon: 0, lat: 1 } }], words: "x", until: null });
    assert.ok(refused.kind === "refused" && refused.rule === "no-such-road");
    assert.equal(w.state.closures.find(1), undefined);
  });
  it("[RD2] lifts itself at its end, once, and one that would end before it begins is refused", () => {
    const w = createWorld(hash);
    w.ok(ANA, set(w.now + 60_000));
    w.wait(59_000);
    assert.equal(w.state.closures.get(1).liftedAt, null);
    w.wait(2_000);
    w.wait(60_000);
    assert.deepEqual(w.log.filter(({ body }) => body.type === "closure.lifted").map(({ body, by }) => [body.type === "closure.lifted" && body.cause, by.kind]), [["due", "system"]]);
    const late = w.send(ANA, set(w.now));
    assert.ok(late.kind === "refused" && late.rule === "closure-over");
  });
  it("[RD3] lifted twice: the second is told who was first; one that does not exist is refused", () => {
    const w = createWorld(hash);
    w.ok(ANA, set());
    w.ok(BEN, { type: "closure.lift", closureId: 1, words: "" });
    const second = w.send(ANA, { type: "closure.lift", closureId: 1, words: "" });
    assert.ok(second.kind === "conflict" && second.rule === "closure-lifted" && second.by?.name === "Ben");
    const none = w.send(ANA, { type: "closure.lift", closureId: 9, words: "" });
    assert.ok(none.kind === "refused" && none.rule === "no-such-closure");
  });
});
