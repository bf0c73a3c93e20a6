// Since when the centre hears, and when it heard nobody: a start says when the one before it was last heard to write, and an answer of the store that did not come says when it began to be waited for. Every two seconds it is
// kept that the log can be written, so that the next start knows of an end by `kill -9` as of any other. What one command did is no measure: one that the store refuses is tried again, and the word of the store that it can
// be written ends it. Rejected: an event of the log for each such time, which would be folded for ever for what is of an hour's interest.
import { type Clock, DAY_MS, SECOND_MS, type WallMs } from "../base/time.ts";
import { isAhead } from "../dispatch/set-back.ts";
import { type Span, addSpan } from "../dispatch/unheard.ts";
import type { EventStorePort } from "./event-store.ts";

export interface Listening {
  /** Since when positions are had: what was told of them before was in the memory of another process. */
  readonly since: WallMs;
  /** Since when commands could be stored, as far as is known: as long as they cannot, that is now. */
  writableSince(now: WallMs): WallMs;
  unheard(now: WallMs): readonly Span[];
  /** What was begun then has been answered: so long nobody was heard. Says nothing of whether something can be written. */
  answered(from: WallMs): void;
  /** What was begun then has been stored. */
  worked(from: WallMs): void;
  /** What was begun then came to nothing. */
  failed(from: WallMs): void;
  /** Asks the store whether it can be written. Rejects where it cannot. */
  prove(): Promise<void>;
  /** To be called every second or so. */
  tick(): void;
  /** Keeps until when it was so. */
  stop(): Promise<void>;
}

/** Shorter than that is no time in which somebody was not heard: whoever spoke was answered a little later. */
export const MOMENT_MS = 2 * SECOND_MS;
const PROVE_EVERY_MS = 2 * SECOND_MS;
/** Longer than any wait can be. */
const KEPT_MS = 3 * DAY_MS;

export async function openListening({ store, clock, lastEventAt, onWarning }: {
  readonly store: Pick<EventStorePort, "readListening" | "keepListening">;
  readonly clock: Clock;
  /** 0: there is none. */
  readonly lastEventAt: WallMs;
  readonly onWarning: (fields: object, message: string) => void;
}): Promise<Listening> {
  const since = clock.wallMs();
  let unheard: readonly Span[] = [];
  let last = 0;
  for (const { from, to } of await store.readListening(since - KEPT_MS)) {
    if (last > 0) unheard = addSpan(unheard, { from: last, to: from });
    last = Math.max(last, to);
  }
  last = Math.max(last, lastEventAt);
  if (last > 0) unheard = addSpan(unheard, { from: last, to: since });

  let keptSince = since; // the time that is being kept began then
  let writableSince = since;
  let failingSince: WallMs | null = null;
  let askedAt: WallMs | null = null; // the store was asked whether it can be written, and has not said
  let proving: Promise<void> | null = null;
  let provedAt = since;
  let told = false;
  let latest = since;

  /** What began before the clock was set back began at a time that has not come: it begins anew. */
  const noteSetBack = (now: WallMs): void => {
    if (isAhead(latest, now)) keptSince = writableSince = provedAt = latest = now;
    else latest = Math.max(latest, now);
  };
  const wait = (from: WallMs): void => {
    const now = clock.wallMs();
    if (now - from <= MOMENT_MS) return;
    unheard = addSpan(unheard.filter(({ to }) => to > now - KEPT_MS), { from, to: now });
    keptSince = writableSince = now;
  };
  const worked = (from: WallMs): void => {
    wait(failingSince ?? from);
    failingSince = null;
    if (askedAt !== null) askedAt = clock.wallMs(); // others are answered
  };
  const fail = (from: WallMs): void => void (failingSince ??= from);
  const openSince = (now: WallMs): WallMs | null => {
    const from = Math.min(failingSince ?? Infinity, askedAt ?? Infinity);
    return now - from > MOMENT_MS ? from : null;
  };
  const ask = async (): Promise<void> => {
    const from = clock.wallMs();
    askedAt = from;
    try {
      await store.keepListening({ from: keptSince, to: Math.max(keptSince, from) }, from - KEPT_MS);
      worked(askedAt);
      provedAt = clock.wallMs();
      told = false;
    } catch (error) {
      fail(from);
      throw error;
    } finally {
      askedAt = null;
    }
  };
  const prove = (): Promise<void> => (proving ??= ask().finally(() => void (proving = null)));
  const proveOrTell = (): void => {
    if (proving !== null) return;
    prove().catch((error: unknown) => {
      if (!told) onWarning({ error: String(error) }, "dispatch: the log cannot be written; nobody's silence counts until it can");
      told = true;
    });
  };

  return {
    since,
    writableSince: (now) => {
      noteSetBack(now);
      return openSince(now) === null ? writableSince : now;
    },
    unheard: (now) => {
      const from = openSince(now);
      return from === null ? unheard : addSpan(unheard, { from, to: now });
    },
    answered: wait, worked, prove,
    failed: (from) => {
      fail(from);
      proveOrTell(); // at once: it may have been for what was to be stored
    },
    tick: () => {
      if (failingSince !== null || Math.abs(clock.wallMs() - provedAt) >= PROVE_EVERY_MS) proveOrTell();
    },
    stop: () => prove().catch(() => undefined), // the next start knows the last time that it was kept
  };
}
