import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { EXPECTATIONS, fillIn, isExpectation } from "../base/expectations.ts";
import { NewCamera } from "./cameras.ts";
import { faultsOf } from "./faults.ts";

const faultOf = (schema: z.ZodType, input: unknown): string => {
  const read = schema.safeParse(input);
  assert.ok(!read.success);
  const [fault] = faultsOf("body", input, read.error);
  assert.equal(fault!.expected, fillIn(EXPECTATIONS[fault!.code], fault!.params), "the English is the code's own");
  return `${fault!.field} ${fault!.value} ${fault!.code} ${fault!.expected}`;
};

test("each kind of fault has a code, its parameters and its English", () => {
  const one = (schema: z.ZodType) => z.object({ a: schema });
  assert.equal(faultOf(one(z.number()), { a: "x" }), "a x number a number");
  assert.equal(faultOf(one(z.int().min(3)), { a: 1 }), "a 1 at-least at least 3");
  assert.equal(faultOf(one(z.number().lt(360)), { a: 400 }), "a 400 less-than less than 360");
  assert.equal(faultOf(one(z.string().min(1)), { a: "" }), "a  not-empty something written");
  assert.equal(faultOf(one(z.string().max(2)), { a: "abc" }), "a abc most-characters at most 2 characters");
  assert.equal(faultOf(one(z.enum(["x", "y"])), { a: "z" }), "a z one-of one of x, y");
  assert.equal(faultOf(one(z.array(z.int()).min(2)), { a: [1] }), "a [1] least-items at least 2 items");
  assert.equal(faultOf(z.strictObject({}), { b: 1 }), "body an object no-field no field b");
  assert.equal(faultOf(one(NewCamera.shape.address), { a: "http://x/" }), "a http://x/ rtsp-scheme an address that begins with rtsp:// or rtsps://");
});

test("what a schema of the contract says by itself is one of the codes, so that it can be said in each language", () => {
  const files = globSync("*.ts", { cwd: import.meta.dirname }).filter((file) => !file.endsWith(".test.ts"));
  assert.ok(files.length >= 10, files.join());
  let seen = 0;
  for (const file of files)
    for (const [, message] of readFileSync(`${import.meta.dirname}/${file}`, "utf8").matchAll(/\.(?:regex|refine)\(\/?.*?\/?, ("[^"]*"|EXPECTATIONS[.[]["\w-]+)/g)) {
      seen++;
      assert.match(message!, /^EXPECTATIONS/, `${file}: ${message}`);
    }
  assert.ok(seen >= 4, `${seen}`);
});

test("whatever is sent as a camera, each fault has a known code, and no secret is repeated", () => {
  fc.assert(fc.property(fc.record({ name: fc.anything(), pose: fc.anything(), code: fc.anything(), address: fc.constant("http://u:hush@h/"), password: fc.constant(["hush"]) }), (input) => {
    const read = NewCamera.safeParse(input);
    assert.ok(!read.success);
    const faults = faultsOf("body", input, read.error);
    for (const fault of faults) assert.ok(isExpectation(fault.code), fault.code);
    assert.ok(!JSON.stringify(faults).includes("hush"));
  }));
});
