// Answers about the past that are under way: counted, so that each kind has its bound, and known by view, so that they end with it.
import type { Readable } from "node:stream";
import type { ViewClaims } from "../../contract/media.ts";

const MOST_OF_KIND = { recording: 100, "key-frames": 400, segment: 1_000 } as const;
type Kind = keyof typeof MOST_OF_KIND;

export class RunningBodies {
  readonly #running = new Map<Readable, { readonly viewId: number; readonly kind: Kind }>();

  get size(): number {
    return this.#running.size;
  }

  isFull(kind: Kind): boolean {
    let count = 0;
    for (const each of this.#running.values()) if (each.kind === kind) count++;
    return count >= MOST_OF_KIND[kind];
  }

  add(kind: Kind, claims: ViewClaims, body: Readable): void {
    this.#running.set(body, { viewId: claims.viewId, kind });
    body.once("close", () => this.#running.delete(body));
  }

  end(viewId: number): void {
    for (const [body, each] of this.#running) if (each.viewId === viewId) body.destroy();
  }
}
