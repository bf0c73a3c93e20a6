// Tables of run cards as people and programs write them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DETERMINANTS } from "../../base/triage-grade.ts";
import { INCIDENT_TYPES, UNIT_KINDS, type IncidentType } from "../../contract/dispatch.ts";
import type { RunCardRow } from "../../contract/run-cards.ts";
import { BUILT_IN_RUN_CARDS } from "../../dispatch/run-cards.ts";
import { formatRunCards, readRunCards } from "./run-card-text.ts";

const ROWS = BUILT_IN_RUN_CARDS.rows as readonly RunCardRow[];
const CSV = formatRunCards("csv", ROWS);
const told = async (format: "csv" | "json", text: string): Promise<unknown[]> => (await readRunCards(format, text)).faults.map(({ line, field, code }) => [line, field, code]);
const lines = CSV.trimEnd().split("\r\n");
const withLine = (n: number, line: string): string => [...lines.slice(0, n - 1), line, ...lines.slice(n)].join("\n");

describe("a table as text", () => {
  for (const format of ["csv", "json"] as const) it(`[RUN5] as ${format} is read as the same rows, without a fault`, async () => assert.deepEqual(await readRunCards(format, formatRunCards(format, ROWS)), { rows: ROWS, faults: [] }));
  it("[RUN5] any rows come back as they were, from both", async () => {
    const skill = fc.oneof(fc.constantFrom("first-aid", "search and rescue", "with dogs", "急救", "2 x", "crew"), fc.stringMatching(/^[A-Za-z0-9é急][A-Za-z0-9é急 ."'()/-]{0,20}[A-Za-z0-9é急)]$/));
    const row = fc.record({
      code: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9/._-]{0,20}$/), type: fc.constantFrom(...(Object.keys(INCIDENT_TYPES) as IncidentType[])), determinant: fc.option(fc.constantFrom(...DETERMINANTS)), area: fc.option(fc.constantFrom("Centro", 'La "Unión"', "渝中区", "a, b")),
      hours: fc.option(fc.constantFrom("mon-fri 07:00-19:00; sat 09:00-13:00", "daily 22:00-06:00")), wants: fc.array(fc.record({ kinds: fc.uniqueArray(fc.constantFrom(...UNIT_KINDS), { minLength: 1 }), count: fc.integer({ min: 1, max: 50 }), skills: fc.array(skill, { minLength: 1, maxLength: 3 }) }, { noNullPrototype: true, requiredKeys: ["kinds", "count"] }), { minLength: 1, maxLength: 4 }),
    }, { noNullPrototype: true });
    await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
      for (const format of ["csv", "json"] as const) assert.deepEqual((await readRunCards(format, formatRunCards(format, rows))).rows, rows);
    }), { numRuns: 100 });
  });
  it("[RUN5] [RUN6] skills stand behind the kinds, and crew is a unit of any kind; what is no skill is told", async () => {
    const wantsOf = async (units: string) => (await readRunCards("csv", `code,type,units\nx,theft,"${units}"\n`)).rows[0]?.wants;
    assert.deepEqual(await wantsOf("1 patrol with first-aid"), [{ kinds: ["patrol"], count: 1, skills: ["first-aid"] }]);
    assert.deepEqual(await wantsOf("1 crew: armed-response"), [{ kinds: [...UNIT_KINDS], count: 1, skills: ["armed-response"] }]);
    assert.deepEqual(await wantsOf("2x Patrol | ambulance WITH boat & search and rescue; 1 crew"), [{ kinds: ["patrol", "ambulance"], count: 2, skills: ["boat", "search and rescue"] }, { kinds: [...UNIT_KINDS], count: 1 }]);
    assert.deepEqual(await wantsOf("1 patrol：急救、水上"), [{ kinds: ["patrol"], count: 1, skills: ["急救", "水上"] }]);
    assert.equal(formatRunCards("csv", [{ code: "x", type: "theft", determinant: null, area: null, hours: null, wants: [{ kinds: [...UNIT_KINDS], count: 1, skills: ["boat", "rope"] }, { kinds: ["patrol"], count: 2 }] }]).split("\r\n")[1], "x,theft,,,,1 crew with boat & rope; 2 patrol");
    assert.deepEqual(await told("csv", 'code,type,units\na,theft,1 patrol with\nb,theft,"1 patrol with boat,"\nc,theft,1 patrol with boat|rope\nd,theft,1 with boat\n'), [[2, "units", "run-card-units"], [5, "units", "run-card-units"], [3, "units.0.skills.1", "not-empty"], [4, "units.0.skills.0", "pattern"]]);
  });
  it("[RUN5] all faults of all lines are told, each with its line", async () => {
    const text = ["code;type;determinant;units;colour", "a b;theft;;1 patrol;x", "ok;fire;dreadful;1 patrol;", "u;theft;;patrols;", "k;theft;;1 helicopter;", "n;theft;;0 patrol;", ""].join("\n");
    assert.deepEqual(await told("csv", text), [[1, "colour", "one-of"], [4, "units", "run-card-units"], [2, "code", "pattern"], [3, "type", "one-of"], [3, "determinant", "one-of"], [5, "units.0.kinds.0", "one-of"], [6, "units.0.count", "at-least"]]);
    assert.deepEqual(await told("csv", "code,type\n"), [[1, "units", "csv-column"]]);
    assert.deepEqual(await told("csv", ""), [[1, "row", "csv-row"]]);
    assert.deepEqual(await told("csv", withLine(3, lines[2]!.replace(/^([^,]+),([^,]+),([^,]*),,,/, "$1,$2,$3,,always,"))), [[3, "hours", "weekly-hours"]]);
  });
  it("[RUN5] a fault of JSON is told by the line on which its row begins, a text that is none by where it ends to be one", async () => {
    const text = formatRunCards("json", ROWS).replace('"type":"robbery"', '"type":"burglary"');
    const line = text.split("\n").findIndex((one) => one.includes("burglary")) + 1;
    assert.deepEqual(await told("json", text), [[line, "type", "one-of"]]);
    assert.deepEqual((await told("json", '[\n{"code": "a",\n "type": "theft",,}\n]'))[0], [3, "text", "run-card-json"]);
    assert.deepEqual(await told("json", '{"rows": []}'), [[1, "text", "list"]]);
    assert.deepEqual((await readRunCards("json", '[{"code":"a"},\n\n  7, "x\\"]", [1]]')).faults.map(({ line, field }) => [line, field]), [[1, "type"], [1, "units"], [3, "body"], [3, "body"], [3, "body"]]);
  });
  it("[RUN2] a whole that has a hole tells type, grade and hours; two rows of one case or code tell both lines", async () => {
    const hole = await readRunCards("csv", lines.filter((line) => !line.startsWith("medical,")).join("\n"));
    assert.deepEqual(hole.faults.map(({ line, code, params }) => [line, code, params["type"], params["determinant"], params["from"], params["to"]]), (["routine", "minor", "moderate", "serious"] as const).map((grade) => [null, "run-card-hole", "medical", grade, "mon 00:00", "sun 24:00"]));
    assert.deepEqual(await told("csv", [...lines, "theft,theft,,Centro,,1 patrol"].join("\n")), [[lines.length + 1, "code", "run-card-code-once"]]);
    const twice = await readRunCards("csv", [...lines, "t2,theft,,,,1 patrol"].join("\n"));
    assert.deepEqual(twice.faults.map(({ line, code, params }) => [line, code, params["code"], params["line"]]), [[lines.length + 1, "run-card-case-once", "theft", 2]]);
  });
  it("no text throws", async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom("csv" as const, "json" as const), fc.oneof(fc.string({ maxLength: 200 }), fc.json(), fc.array(fc.constantFrom("code", "type", "units", ",", "\n", '"', "theft", "1 patrol", ";"), { maxLength: 30 }).map((parts) => parts.join(""))), async (format, text) => {
      const { faults, rows } = await readRunCards(format, text);
      assert.ok(faults.length > 0 || rows.length > 0);
    }), { numRuns: 500 });
  });
});
