import assert from "node:assert/strict";
import { test } from "node:test";
import { SYSTEM_AUTHORITIES, findCertificateRefusal, parseFingerprint } from "./certificate.ts";

const A = "ab".repeat(32);
const COLONS = Array.from({ length: 32 }, () => "AB").join(":");

test("[CAM11] a fingerprint in every form in which it is shown", () => {
  for (const text of [A, COLONS, ` ${COLONS}\n`, `sha256 Fingerprint=${COLONS}`, `SHA-256: ${COLONS}`]) assert.deepEqual(parseFingerprint(text), { ok: true, value: A }, text);
  for (const text of ["", "ab", `${A}a`, A.replace("a", "g"), "ab".repeat(20)]) assert.equal(parseFingerprint(text).ok, false, text);
});

test("[CAM11] pinned: that certificate alone counts, whoever signed it; by authority: what the check of the chain and the name says", () => {
  const pinned = { kind: "pinned", sha256: A } as const;
  assert.equal(findCertificateRefusal(pinned, { sha256: A, fault: "SELF_SIGNED" }), undefined);
  assert.match(findCertificateRefusal(pinned, { sha256: "cd".repeat(32), fault: undefined })!, /another than the pinned one.*CD:CD/);
  assert.equal(findCertificateRefusal(SYSTEM_AUTHORITIES, { sha256: A, fault: undefined }), undefined);
  assert.match(findCertificateRefusal(SYSTEM_AUTHORITIES, { sha256: A, fault: "SELF_SIGNED" })!, /not trusted \(SELF_SIGNED\).*AB:AB/);
  for (const policy of [pinned, SYSTEM_AUTHORITIES]) assert.match(findCertificateRefusal(policy, undefined)!, /no certificate/);
});
