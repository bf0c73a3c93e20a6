// Which live looks are open here, and how often: by channels of any number of sockets, by WebRTC, by HLS. A look ends with the last of them and with nothing before, so that its end in the access record is never earlier than
// its last picture ([LIV11]). Rejected: each connection for itself (a token opened twice showed pictures after its record said ended).
import type { ViewVerifier } from "./view-tokens.ts";

export interface LiveLooksOptions {
  readonly verifier: Pick<ViewVerifier, "endView">;
  readonly onViewEnded: (viewId: number) => void;
}

export class LiveLooks {
  readonly #options: LiveLooksOptions;
  readonly #open = new Map<number, number>();

  constructor(options: LiveLooksOptions) {
    this.#options = options;
  }

  /** Pictures or sound of it go out once more. */
  begin(viewId: number): void {
    this.#open.set(viewId, (this.#open.get(viewId) ?? 0) + 1);
  }

  /** One of them is over. With the last the look is, which is told, and no token of it opens anything any more. */
  leave(viewId: number): void {
    const left = (this.#open.get(viewId) ?? 0) - 1;
    if (left > 0) {
      this.#open.set(viewId, left);
      return;
    }
    this.#open.delete(viewId);
    this.#options.verifier.endView(viewId);
    this.#options.onViewEnded(viewId);
  }
}
