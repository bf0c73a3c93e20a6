// A keyed table that can be laid over another: writes go to the layer, reads fall through. The writer decides a whole group of commands on a
// layer, merges it after the commit and throws it away when the commit failed, so that what readers see never runs ahead of the log.
// Rejected: copying the state for each group, and folding every event twice into two states.

/** Keeps rows of a table elsewhere until they are asked for, and is told of each write beforehand (state-blocks.ts). */
export interface RowKeeper<K, V> {
  /** A row is asked for that is not here. False: it is not there either. */
  fetch(key: K): boolean;
  /** All rows are asked for. */
  fetchAll(): void;
  /** `value` undefined: the row goes. */
  beforeWrite(key: K, value: V | undefined): void;
}

export class Table<K, V> {
  readonly #own = new Map<K, V>();
  readonly #deleted = new Set<K>();
  readonly #base: Table<K, V> | null;
  #keeper: RowKeeper<K, V> | null = null;

  constructor(base: Table<K, V> | null = null) {
    this.#base = base;
  }

  /** For a table that is no layer. */
  keepBy(keeper: RowKeeper<K, V>): void {
    this.#keeper = keeper;
  }

  /** Puts a row in without telling the keeper, which has it already. */
  restore(key: K, value: V): void {
    this.#own.set(key, value);
  }

  /** Takes a row out that the keeper has as it is here: it comes back when it is asked for. */
  letGo(key: K): void {
    this.#own.delete(key);
  }

  /** Without asking anybody. */
  isHere(key: K): boolean {
    return this.#own.has(key);
  }

  find(key: K): V | undefined {
    const own = this.#own.get(key);
    if (own !== undefined) return own;
    if (this.#base !== null) return this.#deleted.has(key) ? undefined : this.#base.find(key);
    return this.#keeper?.fetch(key) === true ? this.#own.get(key) : undefined;
  }

  /** Throws where the key is missing: for keys that the state itself holds. */
  get(key: K): V {
    const value = this.find(key);
    if (value === undefined) throw new Error(`the state holds no ${String(key)}`);
    return value;
  }

  has(key: K): boolean {
    return this.find(key) !== undefined;
  }

  set(key: K, value: V): void {
    this.#keeper?.beforeWrite(key, value);
    this.#deleted.delete(key);
    this.#own.set(key, value);
  }

  delete(key: K): void {
    this.#keeper?.beforeWrite(key, undefined);
    this.#own.delete(key);
    if (this.#base !== null) this.#deleted.add(key);
  }

  /** Keys of the base in their order of entry, then those that the layer added. */
  *keys(): Generator<K> {
    this.#keeper?.fetchAll();
    if (this.#base !== null) for (const key of this.#base.keys()) if (!this.#deleted.has(key)) yield key;
    for (const key of this.#own.keys()) if (this.#base === null || !this.#base.has(key)) yield key;
  }

  /** Values in the order of their keys. */
  values(): IterableIterator<V> {
    this.#keeper?.fetchAll();
    return this.#base === null ? this.#own.values() : Array.from(this.keys(), (key) => this.get(key)).values();
  }

  /** What was written to this layer. */
  changed(): IterableIterator<[K, V]> {
    return this.#own.entries();
  }

  /** Carries the layer's writes into its base; the layer is empty afterwards. */
  merge(): void {
    if (this.#base === null) throw new Error("only a layer can be merged");
    for (const key of this.#deleted) this.#base.delete(key);
    for (const [key, value] of this.#own) this.#base.set(key, value);
    this.#deleted.clear();
    this.#own.clear();
  }
}

/** In the order of their numbers: what a decision goes through must not depend on how the state came about. An incident that was closed and opened again within one group stands elsewhere in a layer's keys than in those of a state without layers. */
export function listIds(table: Table<number, unknown>): number[] {
  return [...table.keys()].sort((a, b) => a - b);
}
