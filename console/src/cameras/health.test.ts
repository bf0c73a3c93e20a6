import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CAMERA_EVENT_KINDS } from "../../../src/contract/camera-events.ts";
import { LANGUAGES } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { createFormat } from "../words/format.ts";
import { healthWords } from "./health-words.ts";
import { matchesSearch, textOfProblem, titleOfProblem } from "./problem-text.ts";
import { sparkPath } from "./sparkline.ts";

describe("problems in words", () => {
  for (const language of LANGUAGES)
    test(`${language}: each kind is said, also without its figures`, () => {
      for (const kind of CAMERA_EVENT_KINDS) {
        const text = textOfProblem({ kind, reason: { code: kind, params: {} } }, healthWords[language], domainWords[language], createFormat(language, "UTC"));
        assert.ok(text.length > 3 && !/NaN|undefined|null/.test(text), `${kind}: ${text}`);
      }
    });
  test("figures stand in the words", () => {
    const text = (kind: (typeof CAMERA_EVENT_KINDS)[number], params: Record<string, string | number>): string => textOfProblem({ kind, reason: { code: kind, params } }, healthWords.en, domainWords.en, createFormat("en", "UTC"));
    assert.equal(text("offline", { problem: "timeout" }), "The camera does not answer.");
    assert.equal(text("clock", { offsetMs: -4_500 }), "4.5 s behind ours");
    assert.equal(text("key-interval", { valueMs: 4_000, expectedMs: 2_000 }), "a key frame every 4 s, expected 2 s");
    assert.equal(text("sound-dropped", { cause: "disk-slow", sound: 50, metadata: 0 }), "disk too slow: sound 50, metadata 0 in a minute");
    assert.equal(text("loss", { percent: 2.5 }), "2.5 % of packets within a minute");
  });
});

test("a camera that answers and refuses is not headed as one that nobody reaches, and is found by that heading", () => {
  const titled = (problem: string, language: (typeof LANGUAGES)[number] = "en"): string => titleOfProblem({ kind: "offline", reason: { code: "offline", params: { problem } } }, healthWords[language]);
  assert.deepEqual(["timeout", "refused", "connecting", "toString"].map((problem) => titled(problem)), Array(4).fill("Not reachable"));
  assert.deepEqual(["unauthorized", "credentials-missing", "not-found"].map((problem) => titled(problem)), ["Password refused", "Password missing", "No such stream"]);
  assert.notEqual(titled("unauthorized", "zh"), titled("timeout", "zh"));
  assert.equal(titleOfProblem({ kind: "clock", reason: { code: "clock", params: { problem: "unauthorized" } } }, healthWords.en), "Clock is wrong");
  const event = { id: 1, kind: "offline", recorderId: 1, camera: { id: 7, code: "G-12", name: "Gate", place: "Rivera" }, startedAt: 1, endedAt: null, reason: { code: "offline", params: { problem: "unauthorized" } }, acknowledged: null } as const;
  assert.deepEqual(["password", "reachable"].map((typed) => matchesSearch(event, typed, healthWords.en, createFormat("en", "UTC"))), [true, false]);
});

test("the search finds a problem by its own words and by its camera's name, code and place, in any order", () => {
  const event = { id: 1, kind: "clock", recorderId: 1, camera: { id: 7, code: "G-12", name: "School 12, gate", place: "Rivera" }, startedAt: 1, endedAt: null, reason: { code: "clock", params: {} }, acknowledged: null } as const;
  const matches = (typed: string): boolean => matchesSearch(event, typed, healthWords.en, createFormat("en", "UTC"));
  assert.deepEqual(["", "gate school", "g-12", "rivera clock", "black", "school 13"].map(matches), [true, true, true, true, false, false]);
});

describe("lines of figures", () => {
  test("they stand on nothing, reach the top at the greatest, and have holes where nothing is known", () => {
    assert.equal(sparkPath([0, 10, null, 5, 10], 100, 22), "M0.0 21.0L25.0 1.0M75.0 11.0L100.0 1.0");
    assert.equal(sparkPath([3], 100, 22), "");
    assert.equal(sparkPath([0, 0], 100, 22), "");
    assert.equal(sparkPath([null, null], 100, 22), "");
  });
});
