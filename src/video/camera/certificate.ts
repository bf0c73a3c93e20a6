// Whose certificate an rtsps camera may show. Cameras mostly make their own, so an authority says nothing about most of them; then the very certificate is pinned by its
// fingerprint, which somebody has read and entered. Taking whatever comes first and keeping to it is not offered: whoever is in between on that day would be kept
// to. Nothing is sent before the certificate is judged.
import { type Result, err, ok } from "../../base/result.ts";

export type CertificatePolicy =
  /** Signed by an authority and made for the camera's name or address. `pem`: those authorities; undefined: the system's. */
  | { readonly kind: "authorities"; readonly pem: string | undefined }
  /** This certificate and no other, whoever signed it and whenever it ends. */
  | { readonly kind: "pinned"; readonly sha256: string };

export const SYSTEM_AUTHORITIES: CertificatePolicy = { kind: "authorities", pem: undefined };

/** The pinned one where there is one, else any of the system's authorities. */
export const certificatePolicyOf = (sha256: string | null): CertificatePolicy => (sha256 === null ? SYSTEM_AUTHORITIES : { kind: "pinned", sha256 });

/** SHA-256 of a certificate, as browsers and openssl show it (`AB:CD:...`) or bare; the value is 64 lower-case digits, the error what was expected. */
export function parseFingerprint(text: string): Result<string, string> {
  const bare = text.trim().replace(/^sha-?256(?: fingerprint)?\s*[=:]\s*/i, "").replace(/[:\s]/g, "").toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(bare)) return err("a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons");
  return ok(bare);
}

/** What the peer showed: `fault` is why it is not trusted by authorities, undefined where it is. */
export interface ShownCertificate {
  readonly sha256: string;
  readonly fault: string | undefined;
}

/** Why the connection must not be used, for whoever looks after the camera; undefined where it may. */
export function findCertificateRefusal(policy: CertificatePolicy, shown: ShownCertificate | undefined): string | undefined {
  if (shown === undefined) return "the camera showed no certificate";
  const fingerprint = formatFingerprint(shown.sha256);
  if (policy.kind === "pinned") return shown.sha256 === policy.sha256 ? undefined : `the camera's certificate is another than the pinned one; its SHA-256 is ${fingerprint}`;
  return shown.fault === undefined ? undefined : `the camera's certificate is not trusted (${shown.fault}); where it is known to be the camera's own, pin its SHA-256: ${fingerprint}`;
}

function formatFingerprint(sha256: string): string {
  return (sha256.toUpperCase().match(/../g) ?? []).join(":");
}
