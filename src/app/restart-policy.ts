// When a part that died is started again. Soon the first time, since most deaths are single; then ever later, so that a part that cannot live does not eat
// the machine; and soon again once it has lived for a while. A part that everybody waits for, and that had come to work, is started at once many times over: whoever kills it, or whatever it dies of, calls come in meanwhile.

export interface RestartState {
  readonly failures: number; // deaths in a row, each after a short life
  readonly atOnce: number; // how many of them were mended at once
}

export const RESTART_AT_ONCE_MS = 50;
export const MOST_AT_ONCE = 100;
export const RESTART_FIRST_MS = 250;
export const RESTART_LONGEST_MS = 30_000;
export const RESTART_LIVED_MS = 60_000;

export const initialRestartState: RestartState = { failures: 0, atOnce: 0 };

/** After a death at the age of `livedMs`: how long to wait, and what to remember. `isUrgent`: it had come to work, and everybody waits for it. */
export function planRestart(state: RestartState, livedMs: number, isUrgent = false): { readonly delayMs: number; readonly state: RestartState } {
  const { failures, atOnce } = livedMs >= RESTART_LIVED_MS ? initialRestartState : state;
  if (isUrgent && atOnce < MOST_AT_ONCE) return { delayMs: RESTART_AT_ONCE_MS, state: { failures: 0, atOnce: atOnce + 1 } };
  const delayMs = Math.min(RESTART_LONGEST_MS, RESTART_FIRST_MS * 2 ** Math.min(failures, 20));
  return { delayMs, state: { failures: failures + 1, atOnce } };
}
