import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeReplay, type CentreCounts, type SentCounts } from "./replay-verdict.ts";

const SENT: SentCounts = { rows: 12, calls: 10, faults: 1, leftOut: 1, categories: { EMS: 6, Fire: 4 } };
const FOUND: CentreCounts = { incidents: 10, closed: 10, answered: 10, open: 0, ringing: 0, categories: { Fire: 4, EMS: 6 } };

test("[RPL4] a replay is right where the centre has each call once, ended, and each category as often as it was sent", () => {
  assert.deepEqual(judgeReplay(SENT, FOUND), []);
  assert.deepEqual(judgeReplay({ ...SENT, known: { calls: 10, categories: SENT.categories } }, FOUND), []);
});

test("[RPL4] each way in which a call can be lost is told", () => {
  assert.deepEqual(judgeReplay({ ...SENT, rows: 13 }, FOUND), ["calls, left out and not read: 12, not 13"]);
  assert.deepEqual(judgeReplay(SENT, { ...FOUND, incidents: 9 }), ["incidents: 9, not 10"]);
  assert.deepEqual(judgeReplay(SENT, { ...FOUND, closed: 9, open: 1 }), ["closed with a disposition: 9, not 10", "left open: 1, not 0"]);
  assert.deepEqual(judgeReplay(SENT, { ...FOUND, answered: 9, ringing: 1 }), ["calls that became an incident: 9, not 10", "still ringing: 1, not 0"]);
  assert.deepEqual(judgeReplay(SENT, { ...FOUND, categories: { EMS: 5, Fire: 5 } }), ["found of category EMS: 5, not 6", "found of category Fire: 5, not 4"]);
  assert.deepEqual(judgeReplay(SENT, { ...FOUND, categories: {} }), ["found of category EMS: 0, not 6", "found of category Fire: 0, not 4"], "nothing found is no reason not to compare");
  assert.deepEqual(judgeReplay({ ...SENT, known: { calls: 11, categories: { EMS: 7, Fire: 4 } } }, FOUND), ["calls of the whole log: 10, not 11", "sent of category EMS: 6, not 7"]);
  const nothing = { rows: 0, calls: 0, faults: 0, leftOut: 0, categories: {} };
  assert.deepEqual(judgeReplay(nothing, { incidents: 0, closed: 0, answered: 0, open: 0, ringing: 0, categories: {} }), ["no call was sent"]);
});
