// When a part that died is started again. Soon the first time, since most deaths are single; then ever later, so that a part that cannot live does not eat
// the machine; and soon again once it has lived for a while.

export interface RestartState {
  readonly failures: number; // deaths in a row, each after a short life
}

export const RESTART_FIRST_MS = 250;
export const RESTART_LONGEST_MS = 30_000;
export const RESTART_LIVED_MS = 60_000;

export const initialRestartState: RestartState = { failures: 0 };

/** After a death at the age of `livedMs`: how long to wait, and what to remember. */
export function planRestart(state: RestartState, livedMs: number): { readonly delayMs: number; readonly state: RestartState } {
  const failures = livedMs >= RESTART_LIVED_MS ? 1 : state.failures + 1;
  const delayMs = Math.min(RESTART_LONGEST_MS, RESTART_FIRST_MS * 2 ** Math.min(failures - 1, 20));
  return { delayMs, state: { failures } };
}
