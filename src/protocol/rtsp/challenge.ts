// Digest (RFC 7616, with MD5 as in RFC 2617 and RFC 2069 where no qop is offered) and basic (RFC 7617) authentication, the client's side, and the
// grammar that both sides share. The hash and the client's random number come in as arguments, as pure code has neither.

export const HASH_ALGORITHMS = ["MD5", "SHA-256"] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];
/** Lower-case hexadecimal hash of the UTF-8 bytes of a text. */
export type HashHex = (algorithm: HashAlgorithm, text: string) => string;
/** Weakest first. With `-sess` the secret part is bound to the nonces as well (RFC 7616 section 3.4.2). */
export const DIGEST_ALGORITHMS = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

export type Challenge =
  | { readonly scheme: "digest"; readonly realm: string; readonly nonce: string; readonly opaque: string | undefined; readonly algorithm: DigestAlgorithm; readonly qopAuth: boolean; readonly stale: boolean }
  | { readonly scheme: "basic"; readonly realm: string };

export interface Credentials {
  readonly userName: string;
  readonly password: string;
}

/** Parameters of `Scheme name=value, name="quoted"`; names in lower case. Undefined where the text is not of that form. */
export function parseAuthParameters(value: string): { scheme: string; parameters: ReadonlyMap<string, string> } | undefined {
  const head = /^\s*([A-Za-z0-9-]+)(?:\s+|$)/.exec(value);
  if (head === null) return undefined;
  const parameters = new Map<string, string>();
  const item = /\s*([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)/y;
  item.lastIndex = head[0].length;
  while (item.lastIndex < value.length) {
    const from = item.lastIndex;
    const match = item.exec(value);
    if (match === null) {
      if (/^[\s,]*$/.test(value.slice(from))) break;
      return undefined;
    }
    parameters.set(match[1]!.toLowerCase(), match[2] !== undefined ? match[2].replace(/\\(.)/g, "$1") : match[3]!);
  }
  return { scheme: head[1]!.toLowerCase(), parameters };
}

/** One WWW-Authenticate value; undefined for a scheme or algorithm that is not spoken here. */
export function parseChallenge(value: string): Challenge | undefined {
  const parsed = parseAuthParameters(value);
  if (parsed === undefined) return undefined;
  const get = (name: string): string | undefined => parsed.parameters.get(name);
  if (parsed.scheme === "basic") return { scheme: "basic", realm: get("realm") ?? "" };
  if (parsed.scheme !== "digest") return undefined;
  const nonce = get("nonce");
  const realm = get("realm");
  if (nonce === undefined || realm === undefined) return undefined;
  const named = get("algorithm")?.toUpperCase() ?? "MD5";
  const algorithm = DIGEST_ALGORITHMS.find((known) => known.toUpperCase() === named);
  if (algorithm === undefined) return undefined;
  const qop = get("qop");
  const qopAuth = qop !== undefined && qop.split(",").some((option) => option.trim().toLowerCase() === "auth");
  if (qop !== undefined && qop !== "" && !qopAuth) return undefined; // auth-int alone
  if (isSession(algorithm) && !qopAuth) return undefined; // it needs the client's nonce, which only qop carries
  return { scheme: "digest", realm, nonce, opaque: get("opaque"), algorithm, qopAuth, stale: get("stale")?.toLowerCase() === "true" };
}

/**
 * The strongest that is offered: SHA-256, then MD5. Basic, which hands the password to whoever reads or answers the connection, only where no digest is
 * offered at all: a digest that is not spoken here beside it means that the camera can do better, so nothing is answered [SEC2].
 */
export function chooseChallenge(values: readonly string[]): Challenge | undefined {
  const offersDigest = values.some((value) => /^\s*digest\b/i.test(value));
  const rank = (challenge: Challenge): number => (challenge.scheme === "basic" ? 0 : 1 + DIGEST_ALGORITHMS.indexOf(challenge.algorithm));
  let best: Challenge | undefined;
  for (const value of values) {
    const challenge = parseChallenge(value);
    if (challenge === undefined || (challenge.scheme === "basic" && offersDigest)) continue;
    if (best === undefined || rank(challenge) > rank(best)) best = challenge;
  }
  return best;
}

export interface DigestInputs {
  readonly algorithm: DigestAlgorithm;
  readonly realm: string;
  readonly nonce: string;
  readonly method: string;
  readonly uri: string;
  /** Undefined: no qop, as in RFC 2069. */
  readonly qop: { readonly nc: string; readonly cnonce: string } | undefined;
}

export function computeDigest(inputs: DigestInputs, credentials: Credentials, hash: HashHex): string {
  const algorithm = inputs.algorithm.startsWith("MD5") ? "MD5" : "SHA-256";
  const secret = hash(algorithm, `${credentials.userName}:${inputs.realm}:${credentials.password}`);
  const a1 = isSession(inputs.algorithm) ? hash(algorithm, `${secret}:${inputs.nonce}:${inputs.qop?.cnonce ?? ""}`) : secret;
  const a2 = hash(algorithm, `${inputs.method}:${inputs.uri}`);
  const middle = inputs.qop === undefined ? inputs.nonce : `${inputs.nonce}:${inputs.qop.nc}:${inputs.qop.cnonce}:auth`;
  return hash(algorithm, `${a1}:${middle}:${a2}`);
}

function isSession(algorithm: DigestAlgorithm): boolean {
  return algorithm.endsWith("-sess");
}

/** The nonce that Authentication-Info gives for the next request (RFC 7616 section 3.5); undefined where it gives none. */
export function parseNextNonce(value: string): string | undefined {
  const nonce = parseAuthParameters(`Digest ${value}`)?.parameters.get("nextnonce");
  return nonce === "" ? undefined : nonce;
}

/** The value of the Authorization header. `count` is how often this nonce was used, from 1. */
export function formatAuthorization(
  challenge: Challenge, credentials: Credentials, request: { readonly method: string; readonly uri: string; readonly count: number; readonly cnonce: string }, hash: HashHex,
): string {
  if (challenge.scheme === "basic") return `Basic ${encodeBase64(new TextEncoder().encode(`${credentials.userName}:${credentials.password}`))}`;
  const qop = challenge.qopAuth ? { nc: request.count.toString(16).padStart(8, "0"), cnonce: request.cnonce } : undefined;
  const response = computeDigest({ ...challenge, method: request.method, uri: request.uri, qop }, credentials, hash);
  const parts = [
    `username=${quote(credentials.userName)}`, `realm=${quote(challenge.realm)}`, `nonce=${quote(challenge.nonce)}`, `uri=${quote(request.uri)}`, `response="${response}"`,
  ];
  // Old cameras refuse parameters that they did not offer, so MD5 without qop is written as RFC 2069 has it.
  if (challenge.algorithm !== "MD5" || challenge.qopAuth) parts.push(`algorithm=${challenge.algorithm}`);
  if (challenge.opaque !== undefined) parts.push(`opaque=${quote(challenge.opaque)}`);
  if (qop !== undefined) parts.push("qop=auth", `nc=${qop.nc}`, `cnonce=${quote(qop.cnonce)}`);
  return `Digest ${parts.join(", ")}`;
}

export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    const word = (bytes[i]! << 16) | (b << 8) | c;
    out += BASE64[word >>> 18]! + BASE64[(word >>> 12) & 63]! + (i + 1 < bytes.length ? BASE64[(word >>> 6) & 63]! : "=") + (i + 2 < bytes.length ? BASE64[word & 63]! : "=");
  }
  return out;
}

/** Undefined where the text is not base64. Padding may be missing, as some cameras leave it out. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/=+$/, "");
  if (bare.length % 4 === 1) return undefined;
  const out = new Uint8Array(Math.floor((bare.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < bare.length; i++) {
    const value = BASE64.indexOf(bare[i]!);
    if (value < 0) return undefined;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = word >>> bits;
    }
  }
  return out;
}
