import assert from "node:assert/strict";
import { test } from "node:test";
import type { Contact } from "../../../src/contract/dispatch.ts";
import { listOwnCameras } from "./own-cameras.ts";

test("an alarm's cameras are those of all its contacts, each once, in order; a call without a signal brings none", () => {
  const signal = (...cameraIds: number[]) => ({ signal: { kind: "panic", priorityHint: 1, code: null, site: null, door: null, cameraIds } });
  const contacts = new Map<number, { signal: Contact["signal"] }>([[1, signal(9, 4)], [2, { signal: null }], [3, signal(4, 7)]]);
  assert.deepEqual([listOwnCameras([3, 1, 2, 99], contacts), listOwnCameras([2], contacts), listOwnCameras([], contacts)], [[4, 7, 9], [], []]);
});
