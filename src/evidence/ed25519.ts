// Ed25519 public keys in and out of their texts (RFC 8410), and the keys that must not be taken: points of small order, under which one signature fits many
// texts. Verifiers commonly accept them (node:crypto does), so a package that names one as its key is refused here.
import { type Result, err, ok } from "../base/result.ts";

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
const SPKI_HEAD = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/** The y coordinates of the points of order 1, 2, 4 and 8, and their forms that are not reduced; the sign bit is left out. Little endian, in hex. */
const SMALL_ORDER = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

export function isSmallOrder(key: Uint8Array): boolean {
  const y = Uint8Array.from(key);
  y[31]! &= 0x7f;
  return SMALL_ORDER.has(formatHex(y));
}

export const formatHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
export function formatBase64(bytes: Uint8Array): string {
  const out: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    out.push(BASE64[word >>> 18]! + BASE64[(word >>> 12) & 63]! + (left > 1 ? BASE64[(word >>> 6) & 63]! : "=") + (left > 2 ? BASE64[word & 63]! : "="));
  }
  return out.join("");
}
/** Undefined where it is not the one form that `formatBase64` writes. */
export function parseBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    let word = 0;
    for (let j = 0; j < 4; j++) {
      const isPad = i + j >= text.length - padding;
      const value = isPad ? 0 : BASE64.indexOf(text[i + j]!);
      if (value < 0) return undefined;
      word = (word << 6) | value;
    }
    for (let shift = 16; shift >= 0 && at < out.length; shift -= 8) out[at++] = (word >>> shift) & 255;
  }
  return formatBase64(out) === text ? out : undefined;
}

export const formatPublicKeyPem = (key: Uint8Array): string => `-----BEGIN PUBLIC KEY-----\n${formatBase64(Uint8Array.from([...SPKI_HEAD, ...key]))}\n-----END PUBLIC KEY-----\n`;

/** The 32 bytes of the key. Refuses other kinds of keys and those of small order. */
export function parsePublicKeyPem(text: string): Result<Uint8Array, string> {
  const body = /^\s*-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]{1,400}?)\s*-----END PUBLIC KEY-----\s*$/.exec(text)?.[1];
  const bytes = body === undefined ? undefined : parseBase64(body.replace(/\s/g, ""));
  if (bytes === undefined) return err("expected a public key in PEM");
  if (bytes.length !== SPKI_HEAD.length + PUBLIC_KEY_BYTES || SPKI_HEAD.some((byte, i) => bytes[i] !== byte)) return err("expected an Ed25519 public key");
  const key = bytes.subarray(SPKI_HEAD.length);
  return isSmallOrder(key) ? err("a key of small order, under which anything can be signed") : ok(key);
}
