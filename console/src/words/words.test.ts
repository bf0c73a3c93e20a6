import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { globSync } from "node:fs";
import { CONTACT_DISPOSITIONS, DISPOSITIONS, INCIDENT_TYPES } from "../../../src/contract/dispatch.ts";
import { plural, wordFor } from "./catalogue.ts";
import { createFormat, formatAge, formatSpan } from "./format.ts";
import { en as domain } from "./domain.en.ts";

const root = new URL("../", import.meta.url);
const files = globSync("*/*.en.ts", { cwd: root }).sort();

function leavesOf(table: object, path = ""): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  for (const [key, value] of Object.entries(table)) {
    if (typeof value === "object" && value !== null) for (const [k, v] of leavesOf(value, `${path}${key}.`)) leaves.set(k, v);
    else leaves.set(path + key, value);
  }
  return leaves;
}

describe("catalogues", () => {
  it("are found", () => assert.ok(files.length >= 4, files.join()));
  for (const file of files)
    it(`${file} and its Chinese have the same keys, kinds and parameters`, async () => {
      const { en } = (await import(new URL(file, root).href)) as { en: object };
      const { zh } = (await import(new URL(file.replace(".en.ts", ".zh.ts"), root).href)) as { zh: object };
      const [a, b] = [leavesOf(en), leavesOf(zh)];
      assert.deepEqual([...b.keys()].sort(), [...a.keys()].sort());
      for (const [key, value] of a) {
        const other = b.get(key);
        assert.equal(typeof other, typeof value, key);
        if (typeof value === "string") assert.ok(value.trim() !== "" && (other as string).trim() !== "", `${key} is empty`);
        if (typeof value === "string") assert.deepEqual([...(other as string).matchAll(/\{\w+\}/g)].map(String).sort(), [...value.matchAll(/\{\w+\}/g)].map(String).sort(), key);
      }
    });
  it("say every type and way to close in words", () => {
    assert.deepEqual(Object.keys(domain.incidentTypes), Object.keys(INCIDENT_TYPES));
    assert.deepEqual(Object.keys(domain.dispositions), [...DISPOSITIONS]);
    assert.deepEqual(Object.keys(domain.contactDispositions), [...CONTACT_DISPOSITIONS]);
  });
  it("no word shouts", async () => {
    for (const file of globSync("*/*.{en,zh}.ts", { cwd: root })) {
      const table = Object.values((await import(new URL(file, root).href)) as Record<string, object>)[0]!;
      for (const [key, value] of leavesOf(table)) assert.ok(typeof value !== "string" || !/[!！]/.test(value), `${file}: ${key}`);
    }
  });
  it("a code that is newer than the console is shown readable", () => {
    assert.equal(wordFor(domain.dispositions, "sent-home"), "sent home");
    assert.equal(wordFor(domain.dispositions, "toString"), "toString");
  });
  it("plural picks by language", () => {
    assert.equal(plural("en", 1, { one: "# unit", other: "# units" }), "1 unit");
    assert.equal(plural("en", 1200, { one: "# unit", other: "# units" }), "1,200 units");
    assert.equal(plural("zh", 1, { other: "# 个" }), "1 个");
  });
});

describe("times", () => {
  it("what is entered in days reads in the unit that people would say", () => {
    const [en, zh] = [createFormat("en", "UTC"), createFormat("zh", "UTC")];
    assert.deepEqual([30, 1, 1.5, 2 / 24, 0.0833, 1 / 24, 0.01].map(en.days), ["30 days", "1 day", "1.5 days", "2 hours", "2 hours", "1 hour", "14 minutes"]);
    assert.deepEqual([30, 2 / 24, 0.01].map(zh.days), ["30天", "2小时", "14分钟"]);
  });
  it("spans read as a stop-watch", () => {
    assert.deepEqual([0, 7_000, 41_999, 60_000, 760_000, 3_600_000, 11_109_000, -7_000, -400].map(formatSpan), ["0:00", "0:07", "0:41", "1:00", "12:40", "1:00:00", "3:05:09", "-0:07", "0:00"]);
  });
  it("ages have one unit", () => {
    assert.deepEqual([-5, 4_000, 59_999, 60_000, 7_200_000, 200_000_000].map((ms) => formatAge("en", ms)), ["0 s", "4 s", "59 s", "1 min", "2 h", "2 d"]);
    assert.equal(formatAge("zh", 240_000), "4 分钟");
  });
  it("clock times are the city's, not the machine's", () => {
    const at = Date.UTC(2026, 10, 22, 3, 4, 5);
    assert.equal(createFormat("en", "America/Montevideo").time(at), "00:04:05");
    assert.equal(createFormat("zh", "Asia/Shanghai").time(at), "11:04:05");
    assert.match(createFormat("en", "America/Montevideo").exact(at), /22 Nov 2026/);
    assert.equal(createFormat("en", "America/Montevideo").exactRange(at, at + 20_000).match(/2026/g)?.length, 1, "one day is said once");
    assert.equal(createFormat("en", "America/Montevideo").exactRange(at, at + 86_400_000).match(/2026/g)?.length, 2);
  });
  it("prose says how long ago", () => {
    assert.equal(createFormat("en", "UTC").ago(240_000), "4 minutes ago");
    assert.equal(createFormat("zh", "UTC").ago(240_000), "4分钟前");
    assert.equal(createFormat("en", "UTC").metres(1_234), "1.2 km");
  });
});
