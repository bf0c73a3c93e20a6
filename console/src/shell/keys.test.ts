// Two keys, one after the other: the second is soon forgotten, but for those whose letters would do something else by themselves.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { stepKeys, type Chord } from "./keys.ts";

const DECLARED = [
  { keys: "s" }, { keys: "n" }, { keys: "t" }, { keys: "1" }, { keys: "b" }, { keys: "g m" }, { keys: "Ctrl+k", whileTyping: true }, { keys: "Escape", whileTyping: true },
  { keys: "j s", holds: "done" }, { keys: "j n", holds: "done" }, { keys: "j u", holds: "done" }, { keys: "j j", holds: "on" },
] as const;
/** What runs of keys pressed so many ms apart. */
function press(keys: readonly string[], apartMs: number, typing = false): string[] {
  const ran: string[] = [];
  let chord: Chord | null = null;
  keys.forEach((key, i) => {
    const step = stepKeys(chord, key, i * apartMs, DECLARED, typing);
    if (step.action !== null) ran.push(step.action.keys);
    chord = step.chord;
  });
  return ran;
}
const AN_HOUR = 3_600_000;

describe("two keys", () => {
  it("belong together when the second comes soon; later it is a key by itself", () => {
    assert.deepEqual([press(["g", "m"], 1_000), press(["g", "s"], 1_000), press(["g", "s"], 2_000)], [["g m"], ["s"], ["s"]]);
  });
  it("after j, s is a verdict however long somebody looks at the picture first, and sends nobody", () => assert.deepEqual(press(["j", "s"], AN_HOUR), ["j s"]));
  it("after j no other letter and no digit does anything until the verdict, which ends it", () => {
    assert.deepEqual(press(["j", "t", "1", "b", "x", "s", "s"], AN_HOUR), ["j s", "s"]);
  });
  it("after j j it goes on with the next camera", () => assert.deepEqual(press(["j", "j", "s", "t"], AN_HOUR), ["j j", "j s", "t"]));
  it("Escape ends it and does nothing else; so does another key that is no letter, which does what it does", () => {
    assert.deepEqual([press(["j", "Escape", "s"], 10), press(["j", "Tab", "s"], 10), press(["j", "Ctrl+k", "s"], 10), press(["j", "Shift+Shift", "s"], 10)], [["s"], ["s"], ["Ctrl+k", "s"], ["j s"]]);
  });
  it("nothing waits where nothing can follow any more: the cameras are gone", () => {
    const begun: Chord = { key: "j", at: 0, held: true };
    assert.equal(stepKeys(begun, "s", 5, [{ keys: "s" }], false).action?.keys, "s");
  });
  it("in a field letters are words", () => assert.deepEqual(press(["j", "s", "Ctrl+k"], 10, true), ["Ctrl+k"]));
  it("whatever is pressed between, no s after a j sends before a verdict, an Escape or another key that is no letter", () => {
    const letter = fc.constantFrom("j", "t", "1", "b", "x", "g", "m", "?");
    fc.assert(fc.property(fc.array(letter, { maxLength: 8 }), fc.nat(10_000), (between, apartMs) => assert.equal(press(["j", ...between, "s"], apartMs).at(-1), "j s")));
  });
});
