import assert from "node:assert/strict";
import test from "node:test";
import { findTyped } from "./find-typed.ts";

const UNITS = ["No unit", "PV11", "V1", "V11", "V112"].map((label, id) => ({ id, label }));
const found = (typed: string, exactly?: boolean) => findTyped(UNITS, typed, exactly)?.label;

test("the one so called comes before those that begin with it or have it", () => {
  assert.deepEqual([found("v11"), found(" V1 "), found("v112"), found("11")], ["V11", "V1", "V112", "PV11"]);
  assert.equal(found("V"), "V1");
});
test("nothing typed, or words that match nothing, choose nothing", () => assert.deepEqual([found(""), found("  "), found("E9")], [undefined, undefined, undefined]));
test("exactly: only the one so called", () => assert.deepEqual([found("v11", true), found("v", true)], ["V11", undefined]));
