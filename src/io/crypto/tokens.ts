// Secrets that we make and later recognise: 32 random bytes, of which only a SHA-256 is kept. A plain hash is enough for them: unlike
// passwords they cannot be guessed.
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** 43 characters of base64url. */
export const createToken = (): string => randomBytes(32).toString("base64url");

/** SHA-256, 32 bytes. */
export const hashToken = (token: string): Uint8Array => createHash("sha256").update(token).digest();

/** The CSRF word of a session: made from its token, so that nothing more is stored, and useless for finding the token. */
export const deriveCsrf = (token: string): string => createHmac("sha256", token).update("citywatch csrf 1").digest("base64url");

/** The signature of Standard Webhooks: HMAC-SHA256, base64, under a secret of the form whsec_BASE64. */
export const signDelivery = (secret: string, text: string): string => createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64")).update(text).digest("base64");

/** Compares in a time that does not depend on where they differ, nor on their lengths. */
export const equalSecrets = (a: string, b: string): boolean => timingSafeEqual(hashToken(a), hashToken(b));

/**
 * The token by which the command line on the server's own machine speaks to the centre. Whoever can read the installation's secrets (mode 0600) can
 * make it, and nobody else; it is stored nowhere.
 */
export const deriveOperatorToken = (sealKey: string): string => createHmac("sha256", Buffer.from(sealKey, "base64")).update("citywatch operator token 1").digest("base64url");

/** The token of a replay, made in the same way; only a demo and training know it. */
export const deriveReplayToken = (sealKey: string): string => createHmac("sha256", Buffer.from(sealKey, "base64")).update("citywatch replay token 1").digest("base64url");
