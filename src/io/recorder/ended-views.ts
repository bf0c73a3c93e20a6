// The ends of looks that the centre has not yet said to have kept [VIEW8]. They say who stopped watching when, so they are on disk before they are told and
// until they are acknowledged: a link that is half dead, a database that is away and a killed recorder lose none. Where the disk fails they are kept in
// memory: a full disk must not end a view otherwise than the viewer did.
import type { WallMs } from "../../base/time.ts";
import type { IndexStore } from "./index-store.ts";

export interface EndedView {
  readonly viewId: number;
  readonly at: WallMs;
}

/** Looks need tokens of the centre, so that few can end while it is away; this is for a centre that never acknowledges. */
const MOST_KEPT = 10_000;

export class EndedViews {
  readonly #index: IndexStore;
  readonly #onFailure: (message: string) => void;
  readonly #waiting = new Map<number, WallMs>();

  /** Takes up what an earlier run of this recorder could not get acknowledged. */
  constructor(index: IndexStore, onFailure: (message: string) => void) {
    this.#index = index;
    this.#onFailure = onFailure;
    const rows = index.database.prepare("SELECT view_id, at_ms FROM ended_view ORDER BY at_ms LIMIT ?").all(MOST_KEPT) as { view_id: number; at_ms: number }[];
    for (const row of rows) this.#waiting.set(row.view_id, row.at_ms);
  }

  /** The first end of a look counts. */
  add(viewId: number, at: WallMs): void {
    if (this.#waiting.has(viewId)) return;
    if (this.#waiting.size >= MOST_KEPT) {
      this.#onFailure(`${MOST_KEPT} ends of views wait for the centre; that of view ${viewId} is not kept`);
      return;
    }
    this.#waiting.set(viewId, Math.round(at));
    this.#write("INSERT OR IGNORE INTO ended_view (view_id, at_ms) VALUES (?, ?)", viewId, Math.round(at));
  }

  /** The centre has committed it. A row that the disk will not give up is told once more after the next start, which does no harm. */
  drop(viewId: number): void {
    if (this.#waiting.delete(viewId)) this.#write("DELETE FROM ended_view WHERE view_id = ?", viewId);
  }

  list(): EndedView[] {
    return Array.from(this.#waiting, ([viewId, at]) => ({ viewId, at }));
  }

  #write(sql: string, ...values: number[]): void {
    try {
      this.#index.database.prepare(sql).run(...values);
    } catch (error) {
      this.#onFailure(`the end of view ${values[0]} could not be kept on disk: ${(error as Error).message}`);
    }
  }
}
