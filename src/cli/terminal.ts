// What a person sees while Citywatch starts: one line for each step, redrawn on a terminal, written once elsewhere. After the start only notes appear, and
// complaints of the parts: the same once a minute, and few of any kind at once. The logs have the rest.

import type { Progress, StartWatcher } from "../app/supervisor.ts";

const COMPLAINTS_LIMIT = 6;
const COMPLAINTS_WINDOW_MS = 10_000;
const SAME_COMPLAINT_MS = 60_000;
const KINDS_LIMIT = 200;
const BAR = 20;

interface Out {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** A bar of signs, for any unit. */
export function formatBar(done: number, of: number): string {
  const filled = of > 0 ? Math.min(BAR, Math.round((BAR * done) / of)) : 0;
  return `[${"#".repeat(filled)}${"-".repeat(BAR - filled)}]`;
}

/** The line of a running step. */
export function formatStep(title: string, now: { readonly text: string; readonly done: number; readonly of: number | null } | undefined, elapsedMs: number): string {
  const time = `${(elapsedMs / 1000).toFixed(1)} s`;
  if (!now) return `  ..  ${title}  ${time}`;
  const bar = now.of ? `${formatBar(now.done, now.of)} ${now.done}/${now.of}` : String(now.done);
  return `  ..  ${title}: ${now.text}  ${bar}  ${time}`;
}

/** A watcher that draws to `out`. */
export function createTerminalWatcher(out: Out): StartWatcher {
  const live = out.isTTY === true;
  const clear = live ? "\r\x1b[K" : "";
  let shown: { count: number; since: number } = { count: 0, since: performance.now() };
  const toldAt = new Map<string, number>(); // a complaint without its numbers -> when it was shown
  return {
    async step(title, work, outcome) {
      const since = performance.now();
      let now: { text: string; done: number; of: number | null } | undefined;
      const progress: Progress = (text, done, of) => (now = { text, done, of });
      const draw = (): void => void out.write(`${clear}${formatStep(title, now, performance.now() - since)}`);
      const timer = live ? setInterval(draw, 200) : undefined;
      try {
        const value = await work(progress);
        out.write(`${clear}  ok  ${title.padEnd(11)} ${outcome(value)}, ${((performance.now() - since) / 1000).toFixed(1)} s\n`);
        return value;
      } catch (error) {
        out.write(`${clear}  --  ${title.padEnd(11)} failed after ${((performance.now() - since) / 1000).toFixed(1)} s\n`);
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
    note: (message) => void out.write(`${clear}  !   ${message.slice(0, 400)}\n`),
    complain(message) {
      const at = performance.now();
      const kind = message.replace(/\d+(?:\.\d+)?/g, "#");
      if (at - (toldAt.get(kind) ?? -Infinity) < SAME_COMPLAINT_MS) return;
      if (toldAt.size >= KINDS_LIMIT) toldAt.clear();
      toldAt.set(kind, at);
      if (at - shown.since > COMPLAINTS_WINDOW_MS) shown = { count: 0, since: at };
      shown.count++;
      if (shown.count <= COMPLAINTS_LIMIT) out.write(`${clear}  !   ${message.slice(0, 400)}\n`);
      else if (shown.count === COMPLAINTS_LIMIT + 1) out.write(`${clear}  !   more is in the logs folder\n`);
    },
  };
}
