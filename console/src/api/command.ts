// Commands to dispatch. Each gets an id here; when the answer does not come, the same id is sent again until there is an outcome, so a
// command is never lost and never done twice (dispatch invariant 2). The pending ones are shown in the status bar.
import { create } from "zustand";
import type { z } from "zod";
import type { Command as CommandSchema, Outcome } from "../../../src/contract/dispatch.ts";
import { api } from "./client.ts";
import { ApiProblem } from "./problem.ts";

export type CommandInput = z.input<typeof CommandSchema>;
export interface PendingCommand {
  readonly commandId: string;
  readonly type: CommandInput["type"];
  readonly since: number;
  readonly tries: number;
}

export const usePendingCommands = create<{ readonly pending: readonly PendingCommand[] }>(() => ({ pending: [] }));
const put = (entry: PendingCommand): void =>
  usePendingCommands.setState(({ pending }) => ({ pending: [...pending.filter((p) => p.commandId !== entry.commandId), entry] }));
const drop = (id: string): void => usePendingCommands.setState(({ pending }) => ({ pending: pending.filter((p) => p.commandId !== id) }));

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
 * only where sending again cannot help (forbidden, malformed, logged out).
 */
export async function sendCommand(command: CommandInput, expectedSequence: number | null = null): Promise<Outcome> {
  const commandId = createCommandId();
  const since = Date.now();
  for (let tries = 1; ; tries++) {
    put({ commandId, type: command.type, since, tries });
    try {
      const outcome = await api.call("sendCommand", { body: { commandId, expectedSequence, command } }, { timeoutMs: 10_000 });
      drop(commandId);
      return outcome;
    } catch (error) {
      if (!(error instanceof ApiProblem) || !error.transient) {
        drop(commandId);
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(tries)));
    }
  }
}
