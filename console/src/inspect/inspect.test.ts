import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { MOST_BARS, barsOf } from "./bars.ts";
import { readChange, type ChangeWords } from "./change-text.ts";
import { PERMISSIONS_OF } from "../../../src/contract/access.ts";
import { isAllSent, lastVisible, sentFactOf } from "./sent.ts";
import { listInspectTabs } from "./inspect-tabs.ts";
import { en } from "./words.en.ts";
import { zh } from "./words.zh.ts";

const HOUR = 3_600_000;

describe("what went out of a look at the past", () => {
  const at = 1_790_000_000_000;
  const look = { served: null, endedAt: null, openUntil: at + 300_000 };
  test("[VIEW12] from the first moment that was sent to the last, with its pieces; the opened range is another thing", () => {
    const served = [{ from: at, to: at + 20_000 }, { from: at + 60_000, to: at + 70_000 }];
    assert.deepEqual(sentFactOf({ ...look, served }, at), { kind: "sent", from: at, to: at + 70_000, ms: 30_000, parts: served });
    assert.equal(isAllSent(sentFactOf({ ...look, served }, at), at, at + 70_000), false, "a piece is missing");
    const whole = sentFactOf({ ...look, served: [{ from: at - 800, to: at + 70_900 }] }, at);
    assert.deepEqual([isAllSent(whole, at, at + 70_000), isAllSent(whole, at, at + 3_600_000), isAllSent(whole, null, null)], [true, false, false]);
  });
  test("[VIEW12] while its recorder may still tell, nothing is said of what it sent; afterwards that it told of nothing", () => {
    assert.deepEqual([at, at + 300_000, at + 421_000].map((now) => sentFactOf(look, now).kind), ["untold", "untold", "nothing"]);
    assert.deepEqual([at + 11_000, at + 131_000].map((now) => sentFactOf({ ...look, endedAt: at + 10_000 }, now).kind), ["untold", "nothing"]);
    assert.equal(sentFactOf({ ...look, served: [], endedAt: at }, at + 121_000).kind, "nothing");
  });
  test("[VIEW12] a range that was opened beyond now is told as far as it could be seen: to now, to the look's end, to the end of its permission, never beyond the range", () => {
    const opened = { ...look, to: at + 900_000 };
    assert.deepEqual([at + 60_000, at + 300_000, at + 900_000].map((now) => lastVisible(opened, now)), [at + 60_000, at + 300_000, at + 300_000]);
    assert.equal(lastVisible({ ...opened, endedAt: at + 42_000 }, at + 900_000), at + 42_000);
    assert.deepEqual([lastVisible({ ...opened, to: at - 5 }, at + 1), lastVisible({ ...opened, to: null }, at + 1)], [at - 5, null]);
  });
});

describe("looks as bars", () => {
  test("no look is lost, bars touch, and there are never more than fit", () => {
    const day = fc.record({ at: fc.integer({ min: 0, max: 4_000 }), n: fc.integer({ min: 1, max: 9 }), purpose: fc.constantFrom("patrol", "incident") });
    fc.assert(fc.property(fc.array(day, { minLength: 1, maxLength: 50 }), (days) => {
      const buckets = days.map(({ at, ...rest }) => ({ ...rest, at: at * 24 * HOUR })).sort((a, b) => a.at - b.at);
      const bars = barsOf({ bucket: "day", buckets });
      assert.equal(bars.reduce((sum, { n }) => sum + n, 0), days.reduce((sum, { n }) => sum + n, 0));
      assert.ok(bars.length <= MOST_BARS && bars[0]!.from === buckets[0]!.at && bars.at(-1)!.n > 0);
      for (const [i, bar] of bars.entries()) if (i > 0) assert.equal(bar.from, bars[i - 1]!.to);
    }));
  });
  test("hours without a look have an empty bar; a day of 23 hours does not shift the next", () => {
    assert.deepEqual(barsOf({ bucket: "hour", buckets: [{ at: 0, purpose: "patrol", n: 2 }, { at: 3 * HOUR, purpose: "patrol", n: 1 }] }).map(({ n }) => n), [2, 0, 0, 1]);
    assert.deepEqual(barsOf({ bucket: "day", buckets: [{ at: 0, purpose: "patrol", n: 1 }, { at: 23 * HOUR, purpose: "patrol", n: 1 }, { at: 47 * HOUR, purpose: "patrol", n: 1 }] }).map(({ n }) => n), [1, 1, 1]);
    assert.deepEqual(barsOf({ bucket: "day", buckets: [] }), []);
  });
});

test("[HLD7] whoever releases holds reaches them; whoever exports or inspects sees the packages", () => {
  assert.deepEqual(listInspectTabs(PERMISSIONS_OF.administrator), ["changes", "readings", "evidence"]);
  assert.deepEqual(listInspectTabs(PERMISSIONS_OF.inspector), ["looks", "changes", "readings", "evidence"]);
  assert.deepEqual(listInspectTabs(PERMISSIONS_OF["video-operator"]), ["evidence"]);
  assert.deepEqual(listInspectTabs(PERMISSIONS_OF.planner), []);
});

describe("a change in words", () => {
  const words: ChangeWords = {
    field: (code) => code.toUpperCase(), role: (code) => `role ${code}`, recording: (code) => `rec ${code}`, cameraKind: (code) => `kind ${code}`, purpose: (code) => `for ${code}`, mode: (code) => code,
    unit: (id) => `V${id}`, number: String, list: (items) => items.join(" + "), time: (at) => `t${at}`, kept: (days) => `${days} d`, none: "none", yes: "yes", no: "no", changed: "(changed)",
  };
  const said = (body: Record<string, unknown>) => readChange({ body }, words).map(({ field, from, to }) => (from === null ? `${field}: ${to}` : `${field}: ${from} > ${to}`));

  test("before and after, with names and not codes or ids", () => {
    assert.deepEqual(said({ roles: { from: ["officer"], to: ["officer", "guard"] }, unitId: { from: null, to: 57 }, disabled: { from: false, to: true }, password: "changed" }),
      ["ROLES: role officer > role officer + role guard", "UNITID: none > V57", "DISABLED: no > yes", "PASSWORD: (changed)"]);
  });
  test("of a pose only what was turned", () => {
    const pose = { point: { lon: -56.1, lat: -34.9 }, bearingDeg: 90, rangeM: 100 };
    assert.deepEqual(said({ pose: { from: pose, to: { ...pose, point: { lon: -56.2, lat: -34.9 }, bearingDeg: 135.5 } } }), ["LON: -56.1 > -56.2", "BEARINGDEG: 90° > 135.5°"]);
  });
  test("what was added, what was imported, what was read, and what an older entry says", () => {
    assert.deepEqual(said({ id: 4, revision: 9, recorderId: 1, name: "Corner", recording: "continuous", retentionDays: 30 }), ["NAME: Corner", "RECORDING: rec continuous", "RETENTIONDAYS: 30 d"]);
    assert.deepEqual(said({ count: 2, cameras: [[7, "K7"], [8, "K8"]] }), ["COUNT: 2", "CAMERAS: K7 + K8"]);
    assert.deepEqual(said({ filter: { purpose: "patrol", cameraId: 7, from: 5 }, rows: 12 }), ["FILTER.PURPOSE: for patrol", "FILTER.CAMERAID: 7", "FILTER.FROM: t5", "ROWS: 12"]);
    assert.deepEqual(said({ filter: { from: 1, to: 2 } }), ["FILTER.FROM: t1", "FILTER.TO: t2"]);
    assert.deepEqual(said({ unitId: 57 }), ["UNITID: V57"]);
  });
  test("nothing that was written down is left out, whatever it is", () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean(), fc.constant(null))), (body) => {
      assert.equal(said(body).length, Object.keys(body).length);
    }));
  });
});

test("what was opened of the past, and what was sent of it, are worded apart", () => {
  assert.equal(en.looks.opened("21:00–22:00"), "opened 21:00–22:00");
  assert.ok(zh.looks.opened("21:00–22:00").includes("打开") && /gave out/.test(en.looks.sentWhat) && zh.looks.sentWhat.includes("发出"));
});
