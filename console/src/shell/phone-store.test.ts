import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePhone } from "./phone-store.ts";

const PHONE = { accountId: 3, unitId: 7, callSign: "P07", training: false, at: 1_000, job: { id: 9, state: "acknowledged" } };

describe("what a phone keeps of duty", () => {
  it("is read as it was written, with a job or without", () => {
    assert.deepEqual(parsePhone(JSON.stringify(PHONE)), PHONE);
    assert.equal(parsePhone(JSON.stringify({ ...PHONE, job: null }))?.job, null);
  });
  it("has no room for more than the unit, the job's number and its step", () => {
    assert.deepEqual(parsePhone(JSON.stringify({ ...PHONE, callerWords: "they are here", job: { ...PHONE.job, place: "Rivera 200" } })), PHONE);
  });
  it("is nothing where it was spoiled", () => {
    for (const text of [null, "", "{", "7", JSON.stringify({ ...PHONE, job: { id: 9, state: "asleep" } })]) assert.equal(parsePhone(text), null);
  });
});
