// Waiting for something to become true without guessing how long it takes: polled, with a limit so generous that only a real fault reaches it.

import { setTimeout as sleep } from "node:timers/promises";

export async function waitUntil(isTrue: () => boolean | Promise<boolean>, withinMs = 120_000, everyMs = 25): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await isTrue())) {
    if (performance.now() > until) throw new Error(`not within ${withinMs / 1000} s: ${isTrue.toString()}`);
    await sleep(everyMs);
  }
}
