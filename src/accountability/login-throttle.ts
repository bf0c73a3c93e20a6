// How long a log-in must wait after failures, per name and per address [LOG1..LOG4]. State is plain data with the time as an argument, so the
// rule is tested without waiting. Rejected: a fixed window per address (a rate limiter of the web framework), which stops a whole control room
// behind one address and does nothing against slow guessing of one name from many addresses.
import { MINUTE_MS, SECOND_MS, type MonotonicMs } from "../base/time.ts";

export interface ThrottlePolicy {
  /** Failures that cost nothing. */
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Without a failure for so long, all is forgotten. */
  readonly forgetAfterMs: number;
}
export const LOGIN_NAME_POLICY: ThrottlePolicy = { free: 5, firstWaitMs: SECOND_MS, longestWaitMs: MINUTE_MS, forgetAfterMs: 15 * MINUTE_MS };
export const ADDRESS_POLICY: ThrottlePolicy = { free: 20, firstWaitMs: SECOND_MS, longestWaitMs: 15 * MINUTE_MS, forgetAfterMs: 60 * MINUTE_MS };

interface Failures {
  count: number;
  lastAt: MonotonicMs;
}

export interface Throttle {
  /** Milliseconds until this key may try; 0: now. */
  waitMs(key: string, now: MonotonicMs): number;
  /** Counts a try as failed. Called before the password is looked at, so that tries at once do not all pass; `succeeded` takes it back. */
  failed(key: string, now: MonotonicMs): void;
  /** Takes back one failure that was counted in advance. */
  pardon(key: string): void;
  /** Forgets the key. */
  succeeded(key: string): void;
  readonly size: number;
}

export function createThrottle(policy: ThrottlePolicy, capacity = 50_000): Throttle {
  const byKey = new Map<string, Failures>();
  const find = (key: string, now: MonotonicMs): Failures | undefined => {
    const found = byKey.get(key);
    if (found !== undefined && now - found.lastAt >= policy.forgetAfterMs) {
      byKey.delete(key);
      return undefined;
    }
    return found;
  };
  return {
    waitMs: (key, now) => {
      const found = find(key, now);
      if (found === undefined || found.count < policy.free) return 0;
      const wait = Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** Math.min(30, found.count - policy.free));
      return Math.max(0, found.lastAt + wait - now);
    },
    failed: (key, now) => {
      const count = (find(key, now)?.count ?? 0) + 1;
      byKey.delete(key); // a Map keeps the order of insertion: the first is the one touched longest ago
      byKey.set(key, { count, lastAt: now });
      if (byKey.size > capacity) byKey.delete(byKey.keys().next().value!);
    },
    pardon: (key) => {
      const found = byKey.get(key);
      if (found === undefined) return;
      if (found.count <= 1) byKey.delete(key);
      else found.count--;
    },
    succeeded: (key) => void byKey.delete(key),
    get size() {
      return byKey.size;
    },
  };
}
