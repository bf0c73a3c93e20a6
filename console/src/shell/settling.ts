// What comes or goes above the room moves the room under the pointer: for a moment no press on it counts, since it was meant for what stood there before. A change
// while it still settles begins the moment anew. Pure but for the timer, so that a test can hold the clock.

export const SETTLE_MS = 400;

export interface Settling {
  /** The height of what stands above the room, each time it is measured; the first measure is where it begins. */
  measure(heightPx: number): void;
  /** Ends the watching; presses count again at once. */
  stop(): void;
}
export function createSettling(setSettling: (settling: boolean) => void): Settling {
  let before: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    measure: (heightPx) => {
      const moved = before !== null && before !== heightPx;
      before = heightPx;
      if (!moved) return;
      setSettling(true);
      clearTimeout(timer);
      timer = setTimeout(() => setSettling(false), SETTLE_MS);
    },
    stop: () => {
      clearTimeout(timer);
      setSettling(false);
    },
  };
}
