// Which cameras of the strip begin with the past by themselves.
import assert from "node:assert/strict";
import { it } from "node:test";
import { reachesBack, stripBegin } from "./strip-start.ts";

const RANG_AT = 1_000_000;
const begin = stripBegin(RANG_AT);

it("the strip begins 30 s before the first ring", () => assert.equal(RANG_AT - begin, 30_000));
it("a camera begins with the past only where that moment is recorded", () => {
  assert.equal(reachesBack({ records: true, recordedSince: begin }, begin), true);
  assert.equal(reachesBack({ records: true, recordedSince: begin - 86_400_000 }, begin), true);
  assert.equal(reachesBack({ records: true, recordedSince: begin + 1 }, begin), false, "its recording began after that: it is live");
  assert.equal(reachesBack({ records: true, recordedSince: null }, begin), false, "added, and nothing recorded yet");
  assert.equal(reachesBack({ records: false, recordedSince: 0 }, begin), false, "recorded only while it was watched");
});
