import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chooseSendDelayMs } from "./pacing.ts";

test("[LIV10] few viewers wait for nothing, many for a group; more viewers never wait less, and none longer than a player's reserve", () => {
  assert.equal(chooseSendDelayMs(0), 0);
  assert.equal(chooseSendDelayMs(9), 0, "a wall of nine tiles");
  assert.ok(chooseSendDelayMs(100) > 0);
  fc.assert(fc.property(fc.nat(1_000), fc.nat(1_000), (few, more) => {
    assert.ok(chooseSendDelayMs(few) <= chooseSendDelayMs(few + more));
    assert.ok(chooseSendDelayMs(few) < 150);
  }));
});
