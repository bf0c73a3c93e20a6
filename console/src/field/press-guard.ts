// A thumb taps twice, and by the second tap another button stands under it: a milestone would be told that never was. So after a press that was taken, and after the page
// itself changed what its buttons mean, no press is taken for a moment. What counts is when the finger went down, on the clock of the events: a tap that a slow phone handles late,
// and one that began on the button of before, do nothing. The emergency button is not under it: it is held, and must never be refused.

/** Longer than a double tap and a start of surprise, shorter than any honest step. */
export const REST_MS = 1_000;

export interface PressGuard {
  /** What the buttons mean, at each drawing; another meaning than before begins a rest. */
  show(meaning: string): void;
  /** A finger or a key went down, on the scale of an event's timeStamp. */
  down(at: number): void;
  /** The click that follows; one that nothing went down for (a screen reader's) is a press of its own. */
  click(at: number): void;
  /** Whether the press under way is meant for what stands there now. */
  isMeant(): boolean;
  /** The press under way is taken, and a rest begins; false: it does nothing. */
  take(): boolean;
  restLeftMs(): number;
}

/** `now` is on the scale of an event's timeStamp. */
export function createPressGuard(now: () => number): PressGuard {
  let meant: string | null = null;
  let readyAt = -Infinity;
  let wentDownAt = -Infinity;
  let isDown = false;
  const rest = (): void => {
    readyAt = now() + REST_MS;
  };
  const isMeant = (): boolean => wentDownAt >= readyAt;
  return {
    show: (meaning) => {
      if (meant !== null && meant !== meaning) rest();
      meant = meaning;
    },
    down: (at) => {
      wentDownAt = at;
      isDown = true;
    },
    click: (at) => {
      if (!isDown) wentDownAt = at;
      isDown = false;
    },
    isMeant,
    take: () => {
      if (!isMeant()) return false;
      rest();
      return true;
    },
    restLeftMs: () => Math.max(0, readyAt - now()),
  };
}
