// Commands to dispatch. Each gets an id here; when the answer does not come, the same id is sent again until there is an outcome, so a
// command is never lost and never done twice (dispatch invariant 2). The pending ones are shown in the status bar, and are kept in the tab's own
// storage by account, so that a reload of the page sends them again too (resumeCommands). When the live link is back nothing waits on; what was given
// long ago by then was meant for another moment, and is not sent unseen. What is said of one incident goes in the order in which it was given: of two answers that waited for the link the later one counts.
import { create } from "zustand";
import type { z } from "zod";
import type { Command as CommandSchema, Outcome } from "../../../src/contract/dispatch.ts";
import { api } from "./client.ts";
import { useLive } from "./live-link.ts";
import { ApiProblem } from "./problem.ts";

export type CommandInput = z.input<typeof CommandSchema>;
export interface PendingCommand {
  readonly accountId: number | null;
  readonly commandId: string;
  readonly command: CommandInput;
  readonly expectedSequence: number | null;
  readonly since: number;
  readonly tries: number;
}

export const usePendingCommands = create<{ readonly pending: readonly PendingCommand[] }>(() => ({ pending: [] }));
/** A renewal is given again by itself while the call is in hand. */
export const isKept = ({ command }: Pick<PendingCommand, "command">): boolean => command.type !== "contact.renew";
const KEY = "citywatch.commands";
function readKept(): PendingCommand[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as PendingCommand[];
  } catch {
    return [];
  }
}
function writeKept(change: (kept: PendingCommand[]) => PendingCommand[]): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(change(readKept())));
  } catch {
    // storage off: a command lives as long as the page
  }
}
function put(entry: PendingCommand): void {
  usePendingCommands.setState(({ pending }) => ({ pending: [...pending.filter((p) => p.commandId !== entry.commandId), entry] }));
  if (isKept(entry) && entry.tries === 1) writeKept((kept) => [...kept.filter((p) => p.commandId !== entry.commandId), entry]);
}
function drop(id: string): void {
  usePendingCommands.setState(({ pending }) => ({ pending: pending.filter((p) => p.commandId !== id) }));
  writeKept((kept) => kept.filter((p) => p.commandId !== id));
}

let accountId: number | null = null;
let turn = 0; // rises with each change of who is logged in
/** Whose commands they are from now on; null: nobody is logged in. What waits for an answer is set aside until its own account is back. */
export function setCommandAccount(id: number | null): void {
  if (id === accountId) return;
  accountId = id;
  turn++;
  usePendingCommands.setState({ pending: [] });
}
/** Whoever gave the command is no longer logged in. It is kept for them: resumeCommands goes on with it. Nobody else is to be told. */
export class CommandSetAside extends Error {
  override readonly name = "CommandSetAside";
}

/** 0.5 s, doubling to 8 s. */
export const retryDelayMs = (tries: number): number => Math.min(8_000, 500 * 2 ** Math.max(0, tries - 1));

/** Version 4 (RFC 9562, 5.4). `crypto.randomUUID` exists only in secure contexts, and a control room may run plain HTTP inside its network. */
export function createCommandId(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (b) => crypto.getRandomValues(b)): string {
  const b = random(new Uint8Array(16));
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Sends until there is an outcome. `expectedSequence` is the entity's sequence as last seen, or null where any state will do. Throws ApiProblem
 * only where sending again cannot help (forbidden, malformed), CommandSetAside where whoever gave it is logged out meanwhile.
 */
export const sendCommand = (command: CommandInput, expectedSequence: number | null = null): Promise<Outcome> =>
  deliver({ accountId, commandId: createCommandId(), command, expectedSequence, since: Date.now(), tries: 1 });

const deliver = (entry: PendingCommand): Promise<Outcome> => {
  const { commandId, expectedSequence, command } = entry;
  return untilAnswered(entry, async () => {
    if (!isOld(entry, Date.now())) return api.call("sendCommand", { body: { commandId, expectedSequence, command } }, { timeoutMs: 10_000 });
    const { outcome } = await api.call("findCommandOutcome", { params: { id: commandId } }, { timeoutMs: 10_000 });
    if (outcome === null) throw new ApiProblem(410, { rule: "given-too-long-ago", message: "it never reached the centre, and was given too long ago to be sent now" });
    return outcome;
  });
};
const findOutcome = (entry: PendingCommand): Promise<Outcome | null> =>
  untilAnswered(entry, async () => (await api.call("findCommandOutcome", { params: { id: entry.commandId } }, { timeoutMs: 10_000 })).outcome);

const pauses = new Set<() => void>();
/** Ends early when the live link is back. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      pauses.delete(end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    pauses.add(end);
  });
useLive.subscribe((now, before) => {
  if (now.link === "open" && before.link !== "open") for (const end of [...pauses]) end();
});

/** By incident, the command that was given last and has no outcome yet. */
const lastOf = new Map<number, Promise<unknown>>();
/** Under the session that it began with only: the log would name the next person who logs in here. */
function untilAnswered<T>(entry: PendingCommand, ask: () => Promise<T>): Promise<T> {
  const incidentId = "incidentId" in entry.command && typeof entry.command.incidentId === "number" ? entry.command.incidentId : null;
  if (incidentId === null) return trying(entry, undefined, ask);
  const mine = trying(entry, lastOf.get(incidentId), ask);
  const settled: Promise<void> = mine.then(() => undefined, () => undefined).then(() => {
    if (lastOf.get(incidentId) === settled) lastOf.delete(incidentId);
  });
  lastOf.set(incidentId, settled);
  return mine;
}
async function trying<T>(entry: PendingCommand, before: Promise<unknown> | undefined, ask: () => Promise<T>): Promise<T> {
  const mine = turn;
  const checkTurn = (): void => {
    if (turn !== mine) throw new CommandSetAside();
  };
  if (before !== undefined) {
    put({ ...entry, tries: 1 });
    await before;
    checkTurn();
  }
  for (let tries = 1; ; tries++) {
    put({ ...entry, tries });
    try {
      const answer = await ask();
      checkTurn(); // its sender is told on coming back
      drop(entry.commandId);
      return answer;
    } catch (error) {
      checkTurn();
      if (error instanceof ApiProblem && error.status === 401) {
        usePendingCommands.setState(({ pending }) => ({ pending: pending.filter((p) => p.commandId !== entry.commandId) }));
        throw new CommandSetAside();
      }
      if (!(error instanceof ApiProblem) || !error.transient) {
        drop(entry.commandId);
        throw error;
      }
      await pause(retryDelayMs(tries));
      checkTurn();
    }
  }
}

/** What was given longer ago than this was meant for another moment: it is not sent, and the centre is asked what became of it. */
export const RESUME_WITHIN_MS = 5 * 60_000;
const isOld = ({ since }: PendingCommand, now: number): boolean => now - since > RESUME_WITHIN_MS;
export interface ResumedCommands {
  readonly sent: readonly { readonly command: CommandInput; readonly outcome: Promise<Outcome> }[];
  /** `outcome` null: the centre never had it. */
  readonly asked: readonly { readonly command: CommandInput; readonly since: number; readonly outcome: Promise<Outcome | null> }[];
}
/** After a reload, or when its account is back: goes on with this account's commands that have no outcome yet, with the ids that they had. Each is given out once. */
export function resumeCommands(now: number): ResumedCommands {
  const waiting = new Set(usePendingCommands.getState().pending.map((p) => p.commandId));
  const mine = readKept().filter((p) => p.accountId === accountId && !waiting.has(p.commandId));
  return {
    sent: mine.filter((p) => !isOld(p, now)).map((entry) => ({ command: entry.command, outcome: deliver(entry) })),
    asked: mine.filter((p) => isOld(p, now)).map((entry) => ({ command: entry.command, since: entry.since, outcome: findOutcome(entry) })),
  };
}

/** The incident that a resumed command made: the room that asked for it is gone, and the next one shows it. */
export const useMadeIncident = create<{ readonly made: { readonly contactId: number | null; readonly incidentId: number } | null }>(() => ({ made: null }));
