// Secrets of others (camera passwords) at rest: AES-256-GCM (NIST SP 800-38D) under the installation's key, which is not in the database. The
// context is authenticated with it, so a sealed password moved to another camera's row does not open.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Sealer {
  /** byte 0: version; 12 bytes nonce; 16 bytes tag; cipher text. */
  seal(text: string, context: string): Buffer;
  /** Throws where key, context or bytes are not those of `seal`. */
  open(sealed: Uint8Array, context: string): string;
}

/** `key`: 32 bytes in base64. Throws RangeError on any other length. */
export function createSealer(key: string): Sealer {
  const secret = Buffer.from(key, "base64");
  if (secret.length !== 32) throw new RangeError(`seal key: ${secret.length} bytes: expected 32 in base64`);
  return {
    seal: (text, context) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", secret, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
    },
    open: (sealed, context) => {
      if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw new Error("sealed text of an unknown version");
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv("aes-256-gcm", secret, nonce).setAAD(Buffer.from(context)).setAuthTag(tag);
      return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
    },
  };
}
