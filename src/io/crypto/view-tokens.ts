// View tokens: JWTs signed with Ed25519 (RFC 8037), by which a recorder knows without asking that the centre has recorded a look. The claims are
// `ViewClaims` of the contract, beside `iss`, `aud`, `iat` and `exp`.
import { createPrivateKey, createPublicKey } from "node:crypto";
import { SignJWT } from "jose";
import type { ViewClaims } from "../../contract/media.ts";

export const VIEW_TOKEN_ISSUER = "citywatch-centre";
export const VIEW_TOKEN_AUDIENCE = "citywatch-recorder";

export interface ViewTokenSigner {
  readonly publicKeyPem: string; // SPKI
  sign(claims: ViewClaims, issuedAtMs: number, expiresAtMs: number): Promise<string>;
}

/** Throws on a key that is not Ed25519 in PKCS #8 PEM. */
export function createViewTokenSigner(privateKeyPem: string): ViewTokenSigner {
  const key = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== "ed25519") throw new TypeError(`view signing key: ${key.asymmetricKeyType}: expected ed25519`);
  return {
    publicKeyPem: createPublicKey(key).export({ type: "spki", format: "pem" }) as string,
    sign: (claims, issuedAtMs, expiresAtMs) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: "EdDSA" })
        .setIssuer(VIEW_TOKEN_ISSUER)
        .setAudience(VIEW_TOKEN_AUDIENCE)
        .setIssuedAt(Math.floor(issuedAtMs / 1000))
        .setExpirationTime(Math.ceil(expiresAtMs / 1000))
        .sign(key),
  };
}
