import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMON_TYPES, findTypeOfCode } from "../../../src/contract/dispatch.ts";
import { neighbourType } from "./neighbour-type.ts";

test("[EID2] a neighbour's code proposes our type; a code of none of ours, of trouble of unknown type, or of another kind of sender proposes nothing", () => {
  const of = (kind: string, code: string | null) => neighbourType({ kind, code });
  assert.deepEqual(["FSTRU", "MVAINJY", "TROUBLE", "FBRUSH", ""].map((code) => of("neighbouring-centre", code)), ["fire-building", "traffic-injury", null, null, null]);
  assert.deepEqual([of("intrusion", "ROBBERY"), of("neighbouring-centre", null), neighbourType(null)], [null, null, null], "a point of an alarm may be named like a type");
  for (const [type, code] of Object.entries(COMMON_TYPES)) assert.equal(findTypeOfCode(code), type);
});
