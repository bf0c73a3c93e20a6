import assert from "node:assert/strict";
import { test } from "node:test";
import { keepLatest, keepOnLeaving, type Notice } from "./kept-notices.ts";

const notice = (id: number, stays = false): Notice => ({ id, tone: "decide", text: String(id), action: null, stays });

test("of those that pass by themselves the latest few; one that stays is never pushed out", () => {
  const all = [notice(1, true), ...[2, 3, 4, 5, 6].map((id) => notice(id)), notice(7, true)];
  assert.deepEqual(keepLatest(all, 2).map(({ id }) => id), [1, 5, 6, 7]);
  assert.deepEqual(keepLatest(all.slice(0, 2), 2).map(({ id }) => id), [1, 2]);
});

test("on leaving a room what went well goes; what was refused, and what stays until it is closed, goes along", () => {
  const all: readonly Notice[] = [{ ...notice(1), tone: "free" }, { ...notice(2), tone: "moving" }, { ...notice(3), tone: "off" }, notice(4), { ...notice(5), tone: "danger" }, { ...notice(6, true), tone: "free" }];
  assert.deepEqual(keepOnLeaving(all).map(({ id }) => id), [4, 5, 6]);
});
