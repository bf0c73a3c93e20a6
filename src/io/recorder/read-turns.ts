// Turns at reading recordings. The disk and Node's few threads for files belong to recording first; whoever looks at the past waits in a queue here, so that a
// hundred thumbnails or a day's download never hold up a fragment on its way to the disk. First come, first served, one read a turn.
export class ReadTurns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy--;
      else next(); // the turn is handed on
    }
  }
}
