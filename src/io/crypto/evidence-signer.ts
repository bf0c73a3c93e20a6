// The installation's signature under evidence packages: Ed25519 over the manifest's text as it stands. A key apart from the one of view tokens: this one is published,
// kept for years, and what it signs leaves the house.
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";

export interface EvidenceSigner {
  readonly publicKeyPem: string;
  /** The 32 bytes, base64. */
  readonly publicKey: string;
  /** SHA-256 of the 32 bytes, hex. */
  readonly fingerprint: string;
  /** Base64 of 64 bytes. */
  sign(text: string): string;
}

/** Throws on a key that is not Ed25519 in PKCS #8 PEM. */
export function createEvidenceSigner(privateKeyPem: string): EvidenceSigner {
  const key = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== "ed25519") throw new TypeError(`evidence signing key: ${key.asymmetricKeyType}: expected ed25519`);
  const own = createPublicKey(key);
  const raw = own.export({ type: "spki", format: "der" }).subarray(-32);
  return {
    publicKeyPem: own.export({ type: "spki", format: "pem" }) as string,
    publicKey: raw.toString("base64"),
    fingerprint: createHash("sha256").update(raw).digest("hex"),
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64"),
  };
}
