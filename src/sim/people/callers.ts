// The telephone: calls come in by a Poisson process, and every few minutes a story happens somewhere that cameras see, whose witness calls seconds
// later. The switch learns from the centre what became of each call, so that a city that nobody watches does not fill up: while a handful rings
// nobody new calls, while too many have hung up those who ring stay on the line, and one always stays for whoever comes next.
import type { Random } from "../../base/random.ts";
import type { Clock } from "../../base/time.ts";
import type { Point } from "../../geo/point.ts";
import type { StorySite } from "../demo-city/types.ts";
import type { AddressBook } from "./address-book.ts";
import { measurePhone } from "./address-book.ts";
import { callerOf, pickCallKind, writeCall } from "./call-scripts.ts";
import type { TelephoneSwitch } from "./telephone-switch.ts";

export interface CallersOptions {
  readonly telephone: TelephoneSwitch;
  readonly clock: Clock;
  readonly random: Random;
  readonly addresses: AddressBook;
  readonly stories: readonly StorySite[];
  /** Lets a camera show an event for a while. */
  readonly stage: (cameraCode: string, event: StorySite["kind"], durationMs: number) => void;
  /** 0: nobody calls. */
  readonly callsPerHour: number;
  /** Names this run, so that calls of an earlier one are never mixed up with its own. */
  readonly runName: string;
  readonly signal: AbortSignal;
  /** Whether there is an account yet, so that somebody could answer: nobody calls before. */
  readonly mayAnswer: () => Promise<boolean>;
  /** Resolves after so long, or at once when the signal aborts. */
  readonly pause: (ms: number) => Promise<void>;
}

export interface Callers {
  /** Ends when the signal aborts and every call of the switch has let go. */
  readonly ended: Promise<void>;
  counts(): { readonly ringing: number; readonly abandoned: number; readonly placed: number };
}

const FIRST_CALL_MS = 4_000; // after somebody could answer
const ASK_ACCOUNT_MS = 1_000;
const STORY_MEAN_MS = 300_000;
const STORY_LEAST_MS = 120_000;
const MOST_RINGING = 4;
const MOST_ABANDONED = 6;
/** The scene is there before the witness calls, and while somebody comes. */
const BEFORE_CALL_MS = [3_000, 9_000] as const;
const SCENE_MS = 240_000;
/** Who is this short of patience rings and hangs up, whatever else rings. */
const SHORT_PATIENCE_MS = 15_000;
/** Some numbers ring at two centres at once. */
const ELSEWHERE_SHARE = 0.03;
const ELSEWHERE_AFTER_MS = 12_000;
const ASK_FIRST_MS = 5_000;
const ASK_LONGEST_MS = 60_000;
const ASK_ABANDONED_MS = 300_000;

interface Line {
  readonly externalId: string;
  readonly words: string | null;
  readonly number: string;
  readonly at: { readonly point: Point; readonly uncertaintyM: number } | null;
  readonly patienceMs: number;
  /** After so long of ringing somebody of another centre takes it; null: nobody does. */
  readonly elsewhereAfterMs: number | null;
  readonly talkMs: number;
  readonly whileWaiting: () => void;
}

export function startCallers(options: CallersOptions): Callers {
  const { telephone, clock, signal, stories, pause } = options;
  // one source of chance for each loop: they take turns by the clock, and what one draws must not depend on the other
  const callRandom = options.random.fork("calls");
  const storyRandom = options.random.fork("stories");
  const ringing = new Set<string>();
  const abandoned = new Set<string>(); // hung up and not called back
  const lines = new Set<Promise<void>>();
  let placed = 0;

  const hold = async (line: Line): Promise<void> => {
    const { externalId } = line;
    const receive = () => telephone.ring({ callId: externalId, number: line.number, point: line.at?.point ?? null, uncertaintyM: line.at?.uncertaintyM ?? null, words: line.words, at: receivedAt });
    const receivedAt = Math.round(clock.wallMs());
    ringing.add(externalId);
    await receive();
    let askMs = ASK_FIRST_MS;
    let open = true;
    while (!signal.aborted) {
      const patienceLeftMs = receivedAt + line.patienceMs - clock.wallMs();
      await pause(open && patienceLeftMs > 0 ? Math.min(askMs, patienceLeftMs) : askMs);
      if (signal.aborted) break;
      askMs = Math.min(askMs * 1.6, open ? ASK_LONGEST_MS : ASK_ABANDONED_MS);
      const state = await receive(); // the same call: it only says what became of it
      if (state === "claimed" || state === "ended" || state === null) break;
      line.whileWaiting();
      if (open && line.elsewhereAfterMs !== null && clock.wallMs() - receivedAt >= line.elsewhereAfterMs) {
        await telephone.answeredElsewhere(externalId, "fire brigade");
        break;
      }
      const impatient = clock.wallMs() - receivedAt >= line.patienceMs;
      if (open && impatient && abandoned.size < MOST_ABANDONED && (ringing.size > 1 || line.patienceMs < SHORT_PATIENCE_MS)) {
        open = false;
        ringing.delete(externalId);
        abandoned.add(externalId);
        askMs = ASK_FIRST_MS;
        await telephone.hangUp(externalId);
      }
    }
    ringing.delete(externalId);
    abandoned.delete(externalId);
    if (!open || signal.aborted) return;
    await pause(line.talkMs);
    if (!signal.aborted) await telephone.hangUp(externalId);
  };
  const place = (line: Omit<Line, "externalId">): void => {
    const running = hold({ externalId: `${options.runName}-${++placed}`, ...line }).finally(() => lines.delete(running));
    lines.add(running);
  };

  const ordinaryCall = (random: Random): void => {
    const kind = pickCallKind(random);
    const { spoken, point } = options.addresses(random);
    const { words, number, patienceMs, talkMs } = writeCall(kind, spoken, random);
    const elsewhereAfterMs = random.next() < ELSEWHERE_SHARE ? ELSEWHERE_AFTER_MS : null;
    place({ words, number, patienceMs, talkMs, elsewhereAfterMs, at: random.next() < 0.7 ? measurePhone(point, random) : null, whileWaiting: () => undefined });
  };
  const story = async (site: StorySite, beforeCallMs: number): Promise<void> => {
    let stagedUntil = 0;
    const show = (): void => {
      if (clock.wallMs() < stagedUntil - SCENE_MS / 3) return;
      stagedUntil = clock.wallMs() + SCENE_MS;
      for (const code of site.cameraCodes) options.stage(code, site.kind, SCENE_MS);
    };
    show();
    await pause(beforeCallMs);
    if (signal.aborted) return;
    place({ ...callerOf(storyRandom), words: site.callerWords, patienceMs: 150_000, elsewhereAfterMs: null, at: measurePhone(site.point, storyRandom), whileWaiting: show });
  };

  const keepCalling = async (): Promise<void> => {
    for (;;) {
      await pause(callRandom.exponential(3_600_000 / options.callsPerHour));
      if (signal.aborted) return;
      if (ringing.size < MOST_RINGING) ordinaryCall(callRandom);
    }
  };
  const keepStaging = async (): Promise<void> => {
    await pause(FIRST_CALL_MS - BEFORE_CALL_MS[0]);
    if (stories.length === 0 && !signal.aborted) ordinaryCall(storyRandom);
    let beforeCallMs: number = BEFORE_CALL_MS[0]; // whoever has just come waits for no more than that
    for (let next = storyRandom.integer(Math.max(1, stories.length)); stories.length > 0 && !signal.aborted; next++) {
      if (ringing.size < MOST_RINGING) await story(stories[next % stories.length]!, beforeCallMs);
      beforeCallMs = BEFORE_CALL_MS[0] + storyRandom.next() * (BEFORE_CALL_MS[1] - BEFORE_CALL_MS[0]);
      await pause(Math.max(STORY_LEAST_MS, storyRandom.exponential(STORY_MEAN_MS)));
    }
  };

  const call = async (): Promise<void> => {
    while (!signal.aborted && !(await options.mayAnswer())) await pause(ASK_ACCOUNT_MS);
    await Promise.all([keepCalling(), keepStaging()]);
  };
  const working = options.callsPerHour > 0 ? call() : Promise.resolve();
  return {
    ended: working.then(async () => {
      while (lines.size > 0) await Promise.all(lines);
    }),
    counts: () => ({ ringing: ringing.size, abandoned: abandoned.size, placed }),
  };
}
