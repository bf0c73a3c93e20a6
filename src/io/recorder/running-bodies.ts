// Answers about the past that are under way: counted, so that each kind has its bound, and known by view, so that they end with it. An answer that has to wait before its
// first byte holds its place from before the wait: else any number would wait beside each other, and one whose view ended meanwhile would go out.
import type { Readable } from "node:stream";
import type { ViewClaims } from "../../contract/media.ts";

const MOST_OF_KIND = { recording: 100, "key-frames": 400, segment: 1_000 } as const;
type Kind = keyof typeof MOST_OF_KIND;

/** Of one answer. Whoever takes it gives it a body or leaves it. */
export interface AnswerPlace {
  /** Its view is over: nothing may go out. */
  readonly isEnded: boolean;
  /** The place is free again when the body closes. A body that comes after its view's end is destroyed. */
  give(body: Readable): void;
  /** There is no body. */
  leave(): void;
}
interface Running {
  readonly viewId: number;
  readonly kind: Kind;
  isEnded: boolean;
  body: Readable | undefined;
}

export class RunningBodies {
  readonly #running = new Set<Running>();

  get size(): number {
    return this.#running.size;
  }

  /** Undefined: there are as many of this kind as are borne. */
  take(kind: Kind, claims: ViewClaims): AnswerPlace | undefined {
    let count = 0;
    for (const each of this.#running) if (each.kind === kind) count++;
    if (count >= MOST_OF_KIND[kind]) return undefined;
    const running: Running = { viewId: claims.viewId, kind, isEnded: false, body: undefined };
    this.#running.add(running);
    const leave = (): void => void this.#running.delete(running);
    const give = (body: Readable): void => {
      running.body = body;
      body.once("close", leave);
      if (running.isEnded) body.destroy();
    };
    return { get isEnded() { return running.isEnded; }, give, leave };
  }

  end(viewId: number): void {
    for (const each of this.#running) {
      if (each.viewId !== viewId) continue;
      each.isEnded = true;
      each.body?.destroy();
    }
  }
}
