// The server's side of digest: a nonce counts only if this server issued it, not too long ago, and its count rises (RFC 7616 section 3.3 and 3.4). SIP and
// RTSP servers that accepted any nonce let an attacker replay a captured answer for ever. Issued nonces are kept in a bounded map,
// oldest out first, rather than signed into the nonce, since the count must be remembered anyway.
import type { MonotonicMs } from "../../base/time.ts";
import { type Credentials, type HashAlgorithm, type HashHex, computeDigest, parseAuthParameters, quote } from "./challenge.ts";

export interface DigestGuardOptions {
  readonly realm: string;
  readonly algorithm: HashAlgorithm;
  readonly nonceLifeMs: number;
  readonly mostNonces: number;
}
export type DigestVerdict =
  | { readonly ok: true; readonly userName: string }
  | { readonly ok: false; readonly reason: "missing" | "malformed" | "unknown-nonce" | "stale" | "replayed" | "wrong-uri" | "wrong-credentials" };

export class DigestGuard {
  readonly #options: DigestGuardOptions;
  readonly #hash: HashHex;
  readonly #issued = new Map<string, { at: MonotonicMs; lastCount: number }>();

  constructor(options: DigestGuardOptions, hash: HashHex) {
    this.#options = options;
    this.#hash = hash;
  }

  /** The value of WWW-Authenticate with a nonce of this server. `randomHex` is 16 random bytes or more, in hexadecimal. */
  challenge(randomHex: string, now: MonotonicMs, stale = false): string {
    if (this.#issued.size >= this.#options.mostNonces) {
      const oldest = this.#issued.keys().next().value;
      if (oldest !== undefined) this.#issued.delete(oldest);
    }
    this.#issued.set(randomHex, { at: now, lastCount: 0 });
    return `Digest realm=${quote(this.#options.realm)}, nonce="${randomHex}", qop="auth", algorithm=${this.#options.algorithm}${stale ? ", stale=true" : ""}`;
  }

  /** Judges an Authorization value. `findPassword` answers undefined for an unknown user. The uri in it must be the one asked for. */
  verify(
    authorization: string | undefined, request: { readonly method: string; readonly uri: string }, findPassword: (userName: string) => string | undefined, now: MonotonicMs,
  ): DigestVerdict {
    if (authorization === undefined) return { ok: false, reason: "missing" };
    const parsed = parseAuthParameters(authorization);
    if (parsed === undefined || parsed.scheme !== "digest") return { ok: false, reason: "malformed" };
    const get = (name: string): string | undefined => parsed.parameters.get(name);
    const userName = get("username");
    const nonce = get("nonce");
    const uri = get("uri");
    const response = get("response");
    if (userName === undefined || nonce === undefined || uri === undefined || response === undefined || get("realm") !== this.#options.realm) return { ok: false, reason: "malformed" };
    const algorithm = get("algorithm") ?? "MD5";
    if (algorithm !== this.#options.algorithm) return { ok: false, reason: "malformed" };
    const issued = this.#issued.get(nonce);
    if (issued === undefined) return { ok: false, reason: "unknown-nonce" };
    if (now - issued.at > this.#options.nonceLifeMs) {
      this.#issued.delete(nonce);
      return { ok: false, reason: "stale" };
    }
    if (uri !== request.uri) return { ok: false, reason: "wrong-uri" };
    const nc = get("nc");
    const cnonce = get("cnonce");
    const qop = get("qop");
    if (qop !== undefined && (qop !== "auth" || nc === undefined || cnonce === undefined || !/^[0-9a-fA-F]{8}$/.test(nc))) return { ok: false, reason: "malformed" };
    const credentials: Credentials = { userName, password: findPassword(userName) ?? "" };
    const expected = computeDigest(
      { algorithm: this.#options.algorithm, realm: this.#options.realm, nonce, method: request.method, uri, qop: qop === undefined ? undefined : { nc: nc!, cnonce: cnonce! } },
      credentials, this.#hash,
    );
    if (findPassword(userName) === undefined || !equalInConstantTime(expected, response.toLowerCase())) return { ok: false, reason: "wrong-credentials" };
    if (nc !== undefined) {
      const count = Number.parseInt(nc, 16);
      if (count <= issued.lastCount) return { ok: false, reason: "replayed" };
      issued.lastCount = count;
    }
    return { ok: true, userName };
  }
}

function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ (b.charCodeAt(i) || 0);
  return difference === 0;
}
