import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeFingerprint, parseFingerprint } from "./fingerprint.ts";
import type { Finding, Grade, Verdict } from "./verify.ts";

const OWN = "ab".repeat(32);
const OTHER = "cd".repeat(32);
const remark: Finding = { level: "remark", code: "clock-off", subject: "C1", detail: "" };
const verdictOf = (grade: Grade, fingerprint: string | undefined = OWN): Verdict => ({ grade, findings: [remark], manifest: undefined, fingerprint, bytes: 1, frames: 1, sounds: 0, metadata: 0 });

test("[EXP9] a fingerprint is read as people type it", () => {
  assert.equal(parseFingerprint(OWN.toUpperCase().replace(/(..)(?=.)/g, "$1: ")), OWN);
  for (const text of ["", OWN.slice(1), `${OWN}a`, OWN.replace("a", "g")]) assert.equal(parseFingerprint(text), undefined, text);
});

test("[EXP9] the key's own fingerprint makes a whole package one under the known key, and no other grade better", () => {
  assert.deepEqual(judgeFingerprint(verdictOf("whole-unknown-key"), OWN), verdictOf("whole-known-key"));
  for (const grade of ["altered", "unverifiable", "whole-known-key"] as const) assert.deepEqual(judgeFingerprint(verdictOf(grade), OWN), verdictOf(grade));
});

test("[EXP9] another key's makes it altered, with both fingerprints told before the other findings", () => {
  for (const grade of ["altered", "unverifiable", "whole-unknown-key"] as const) {
    const { grade: judged, findings } = judgeFingerprint(verdictOf(grade), OTHER);
    assert.equal(judged, "altered");
    assert.deepEqual(findings, [{ level: "broken", code: "key-other", subject: "manifest.json", detail: `signed with ${OWN}, expected ${OTHER}` }, remark]);
  }
});

test("[EXP9] without a fingerprint, or of a package without a manifest, the verdict stays as it is", () => {
  assert.deepEqual(judgeFingerprint(verdictOf("whole-unknown-key"), null), verdictOf("whole-unknown-key"));
  const without: Verdict = { ...verdictOf("altered"), fingerprint: undefined };
  assert.equal(judgeFingerprint(without, OTHER), without);
});
