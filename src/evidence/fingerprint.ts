// A key by its fingerprint, the SHA-256 of its 32 bytes: it is short enough to be read out, and stands for the key itself. The manifest's key was held against
// the fingerprint beside it when the package was verified, so comparing the two texts is enough.
import { MEMBERS } from "./manifest.ts";
import type { Verdict } from "./verify.ts";

/** As a person types it: with colons, blanks and capitals. Undefined where it is none. */
export function parseFingerprint(text: string): string | undefined {
  const plain = text.replace(/[:\s]/g, "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(plain) ? plain : undefined;
}

/** The verdict of a check without a key, for who knows the key's fingerprint by another way; null: nobody does. */
export function judgeFingerprint(verdict: Verdict, known: string | null): Verdict {
  if (known === null || verdict.fingerprint === undefined) return verdict;
  if (verdict.fingerprint === known) return verdict.grade === "whole-unknown-key" ? { ...verdict, grade: "whole-known-key" } : verdict;
  const detail = `signed with ${verdict.fingerprint}, expected ${known}`;
  return { ...verdict, grade: "altered", findings: [{ level: "broken", code: "key-other", subject: MEMBERS.manifest, detail }, ...verdict.findings] };
}
