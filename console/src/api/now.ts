// One clock for the page: all ages tick together, once a second, on the server's time. One timer for all, so that a list of 300 ages costs one
// wake-up.
import { useSyncExternalStore } from "react";
import { useLive } from "./live-link.ts";

export const serverNow = (): number => Date.now() + useLive.getState().clockOffsetMs;

const listeners = new Set<() => void>();
let current = Date.now();
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  current = serverNow();
  for (const listener of listeners) listener();
  timer = setTimeout(tick, 1_000 - (current % 1_000) + 5);
}
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) tick();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearTimeout(timer);
  };
}

/** The server's wall time, renewed each second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => current);
