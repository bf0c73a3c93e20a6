import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIncidentNumber } from "./incident-number.ts";

test("an incident's number is read as people type it", () => {
  for (const text of ["1042", " 1042 ", "#1042", "# 1 042", "1,042", "1.042", "1’042"]) assert.equal(parseIncidentNumber(text), 1_042, text);
  for (const text of ["", "0", "abc", "12a", "-5", "99999999999", "2147483648"]) assert.equal(parseIncidentNumber(text), undefined, text);
});
