import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { createSettling, SETTLE_MS } from "./settling.ts";

describe("no press counts while the room moves under the pointer", () => {
  const told: boolean[] = [];
  const counts = (): boolean => told.at(-1) !== true;
  beforeEach(() => {
    told.length = 0;
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(() => mock.timers.reset());
  const create = () => createSettling((settling) => void told.push(settling));

  it("from the moment that a banner comes or goes until it has stood for a while", () => {
    const settling = create();
    settling.measure(0);
    assert.equal(counts(), true, "nothing has moved yet");
    for (const height of [38, 0]) {
      settling.measure(height);
      assert.equal(counts(), false);
      mock.timers.tick(SETTLE_MS - 1);
      assert.equal(counts(), false);
      mock.timers.tick(1);
      assert.equal(counts(), true);
    }
  });

  it("a second banner begins the while anew", () => {
    const settling = create();
    settling.measure(0);
    settling.measure(38);
    mock.timers.tick(SETTLE_MS - 1);
    settling.measure(74);
    mock.timers.tick(SETTLE_MS - 1);
    assert.equal(counts(), false);
    mock.timers.tick(1);
    assert.equal(counts(), true);
  });

  it("a banner that only counts on, at the same height, moves nothing", () => {
    const settling = create();
    settling.measure(38);
    settling.measure(38);
    assert.deepEqual(told, []);
  });

  it("presses count at once when the frame goes, and no timer tells of it later", () => {
    const settling = create();
    settling.measure(0);
    settling.measure(38);
    settling.stop();
    assert.equal(counts(), true);
    const before = told.length;
    mock.timers.tick(SETTLE_MS);
    assert.equal(told.length, before);
  });
});
