// View tokens: JWTs of the centre (EdDSA, Ed25519), bound to account, camera, mode and range. The public key comes with the centre's welcome and is kept on
// disk, so that tokens given before the centre went away still open pictures. Denied unless everything holds.
import { type CryptoKey, errors, importSPKI, jwtVerify } from "jose";
import { ViewClaims } from "../../contract/media.ts";
import { VIEW_TOKEN_AUDIENCE, VIEW_TOKEN_ISSUER } from "../crypto/view-tokens.ts";
import type { Clock, MonotonicMs } from "../../base/time.ts";
import { type Err, type Ok, err, ok } from "../../base/result.ts";

export interface VerifiedView {
  readonly claims: ViewClaims;
  /** Wall time in ms. */
  readonly expiresAt: number;
}
export type ViewRefusal = "no-key-yet" | "token-missing" | "token-invalid" | "token-expired" | "other-camera" | "other-mode" | "view-ended";

/** No token of a look outlives its end by more: 5 min [VIEW6] and the tolerance of clocks. */
const LONGEST_TOKEN_MS = 6 * 60_000;

export class ViewVerifier {
  #pem = "";
  #key: Promise<CryptoKey> | undefined;
  readonly #clock: Pick<Clock, "monotonicMs">;
  /** Looks whose end was told -> until when a token of theirs may still be around, whatever the wall clock does meanwhile. The oldest first. */
  readonly #ended = new Map<number, MonotonicMs>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** SPKI PEM. A text that is no Ed25519 key makes every token invalid. */
  setPublicKey(pem: string): void {
    if (pem === this.#pem) return;
    this.#pem = pem;
    this.#key = importSPKI(pem, "EdDSA");
    this.#key.catch(() => undefined);
  }

  /** A look whose end was told is over: whoever comes again with its token has to ask the centre, which records another [VIEW8]. */
  endView(viewId: number): void {
    const now = this.#clock.monotonicMs();
    for (const [id, until] of this.#ended) {
      if (until > now) break;
      this.#ended.delete(id);
    }
    this.#ended.delete(viewId);
    this.#ended.set(viewId, now + LONGEST_TOKEN_MS);
  }

  isEnded(viewId: number): boolean {
    return this.#ended.has(viewId);
  }

  async verify(token: string, cameraId: number, modes: readonly ViewClaims["mode"][], nowMs: number): Promise<Ok<VerifiedView> | Err<ViewRefusal>> {
    if (this.#key === undefined) return err("no-key-yet");
    if (token === "" || token.length > 4_096) return err("token-missing");
    try {
      const { payload } = await jwtVerify(token, await this.#key, {
        algorithms: ["EdDSA"], issuer: VIEW_TOKEN_ISSUER, audience: VIEW_TOKEN_AUDIENCE, requiredClaims: ["exp"], currentDate: new Date(nowMs), clockTolerance: 5,
      });
      const claims = ViewClaims.safeParse(payload);
      if (!claims.success) return err("token-invalid");
      if (claims.data.cameraId !== cameraId) return err("other-camera");
      if (!modes.includes(claims.data.mode)) return err("other-mode");
      if (this.#ended.has(claims.data.viewId)) return err("view-ended");
      return ok({ claims: claims.data, expiresAt: payload.exp! * 1000 });
    } catch (error) {
      return err(error instanceof errors.JWTExpired ? "token-expired" : "token-invalid");
    }
  }
}

export function bearerToken(header: string | undefined): string {
  const match = /^Bearer ([A-Za-z0-9._-]{1,4096})$/i.exec(header ?? "");
  return match === null ? "" : match[1]!;
}
