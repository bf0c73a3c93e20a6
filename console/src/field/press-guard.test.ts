import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { createPressGuard, REST_MS, type PressGuard } from "./press-guard.ts";

describe("presses on the phone", () => {
  let nowMs: number;
  let guard: PressGuard;
  const tap = (at = nowMs): boolean => {
    guard.down(at);
    const taken = guard.take();
    guard.click(at);
    return taken;
  };
  beforeEach(() => {
    nowMs = 5_000;
    guard = createPressGuard(() => nowMs);
    guard.show("acknowledge");
  });

  test("the first one is taken at once: a page that has just opened makes nobody wait", () => {
    assert.deepEqual([guard.restLeftMs(), tap()], [0, true]);
  });

  test("of a double tap only the first counts, also where the next step stands under the finger by then", () => {
    assert.ok(tap());
    guard.show("on the way");
    nowMs += 200;
    assert.equal(tap(), false);
    nowMs += REST_MS - 201;
    assert.deepEqual([guard.restLeftMs(), tap()], [1, false]);
    nowMs += 1;
    assert.deepEqual([guard.restLeftMs(), tap()], [0, true]);
  });

  test("a tap that began in the rest and is handled after it, on a slow phone or held long, does nothing", () => {
    assert.ok(tap());
    const second = nowMs + 200;
    nowMs += 3 * REST_MS;
    assert.equal(tap(second), false);
    assert.ok(tap(), "the next one is meant");
  });

  test("where the centre changes what the buttons mean, a finger on its way down does nothing; the same meaning again changes nothing", () => {
    guard.show("acknowledge");
    assert.equal(guard.restLeftMs(), 0);
    guard.down(nowMs);
    guard.show("job withdrawn");
    assert.deepEqual([guard.take(), guard.restLeftMs()], [false, REST_MS]);
    guard.click(nowMs);
    nowMs += REST_MS;
    assert.ok(tap());
  });

  test("a press that no finger and no key went down for, as a screen reader's, counts by the moment of its click", () => {
    guard.click(nowMs);
    assert.ok(guard.take());
    nowMs += REST_MS;
    guard.click(nowMs);
    assert.ok(guard.take());
  });

  test("asking whether a press is meant begins no rest: of a choice any may follow any", () => {
    guard.down(nowMs);
    assert.deepEqual([guard.isMeant(), guard.isMeant(), guard.restLeftMs()], [true, true, 0]);
  });
});
