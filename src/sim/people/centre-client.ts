// The simulator's side of the HTTP contract. A command is sent with the same id until an outcome comes back: the centre may be restarted in the
// middle, the network may drop the answer, and the caller must neither be lost nor counted twice.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { Command, Outcome } from "../../contract/dispatch.ts";
import { Outcome as OutcomeSchema } from "../../contract/dispatch.ts";
import type { PositionReport } from "../../contract/live.ts";
import { ROUTES } from "../../contract/routes.ts";

export type FieldWork = z.output<typeof ROUTES.listFieldWork.answer>;

/** Posts a report until the centre has answered it; null where it refuses to hear it (told to `onRefused`) or on stop. */
export type Requester = <T>(what: string, path: string, body: unknown, read: (json: unknown) => T | undefined) => Promise<T | null>;

export interface CentreClient {
  readonly post: Requester;
  /** Resolves with the outcome, however long the centre is away; null where it refuses to hear the command at all (told to `onRefused`) or on stop. `commandId`: made here unless given. */
  send(command: Command, commandId?: string): Promise<Outcome | null>;
  /** Null while the centre is away. */
  listFieldWork(): Promise<FieldWork | null>;
  /** Whether anybody has an account there; false while the centre is away. */
  hasAccount(): Promise<boolean>;
  /** Positions are last values: what cannot be sent now is not sent later. */
  reportPositions(fixes: PositionReport["fixes"]): Promise<void>;
}

export interface CentreClientOptions {
  readonly centreUrl: string;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly onRefused: (what: string, status: number, text: string) => void;
}

const REQUEST_MS = 10_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const MOST_FIXES = 2_000;

export function createCentreClient({ centreUrl, token, signal, onRefused }: CentreClientOptions): CentreClient {
  const request = async (method: string, path: string, body?: unknown): Promise<Response | null> => {
    try {
      const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: "application/json" };
      if (body !== undefined) headers["content-type"] = "application/json";
      return await fetch(`${centreUrl}/api/v1${path}`, {
        method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
      });
    } catch {
      return null;
    }
  };
  const isTransient = (status: number): boolean => status >= 500 || status === 429 || status === 408;

  const post: Requester = async (what, path, body, read) => {
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      const response = await request("POST", path, body);
      if (response !== null && !isTransient(response.status)) {
        const text = await response.text().catch(() => null);
        if (text !== null && !response.ok) {
          onRefused(what, response.status, text.slice(0, 300));
          return null;
        }
        const answer = text === null ? undefined : read(parseJson(text));
        if (answer !== undefined) return answer;
      } else await response?.body?.cancel().catch(() => undefined);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
    return null;
  };

  return {
    post,
    send: (command, commandId = randomUUID()) => post(command.type, ROUTES.sendCommand.path, { commandId, expectedSequence: null, command }, (json) => OutcomeSchema.safeParse(json).data),
    listFieldWork: async () => {
      const response = await request("GET", ROUTES.listFieldWork.path);
      if (response === null) return null;
      const text = await response.text().catch(() => "");
      if (!response.ok) {
        if (!isTransient(response.status)) onRefused("field work", response.status, text.slice(0, 300));
        return null;
      }
      return ROUTES.listFieldWork.answer.safeParse(parseJson(text)).data ?? null;
    },
    hasAccount: async () => {
      const response = await request("GET", ROUTES.welcome.path);
      const welcome = ROUTES.welcome.answer.safeParse(parseJson((await response?.text().catch(() => "")) ?? "")).data;
      return welcome !== undefined && !welcome.needsFirstAccount;
    },
    reportPositions: async (fixes) => {
      for (let i = 0; i < fixes.length; i += MOST_FIXES) {
        const response = await request("POST", ROUTES.reportPositions.path, { fixes: fixes.slice(i, i + MOST_FIXES) });
        if (response === null) return;
        const text = await response.text().catch(() => "");
        if (!response.ok && !isTransient(response.status)) onRefused("positions", response.status, text.slice(0, 300));
      }
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
