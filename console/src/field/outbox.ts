// The outbox of a phone: what the officer pressed, in order, until the centre has answered. Each entry keeps the id and the device time it was
// pressed with, so that sending it again after a dead spot is harmless and its true time is known. Pure: storage and network are in use-outbox.ts.
import type { z } from "zod";
import type { Point } from "../../../src/contract/basics.ts";
import { Command, type Outcome } from "../../../src/contract/dispatch.ts";

export type FieldCommand = Extract<z.output<typeof Command>, { type: "assignment.advance" | "assignment.confirm" | "assignment.decline" | "unit.availability" | "unit.emergency" | "contact.receive" }>;
export interface OutboxEntry {
  readonly commandId: string;
  readonly command: FieldCommand;
  readonly pressedAt: number; // device time
  readonly tries: number;
  readonly notBefore: number; // device time
}
export interface Outbox {
  readonly entries: readonly OutboxEntry[];
}
/** What the officer must be told about one that was answered with no. */
export interface Refusal {
  readonly commandId: string;
  readonly command: FieldCommand;
  readonly pressedAt: number;
  readonly rule: string;
  readonly message: string;
}
export const EMPTY_OUTBOX: Outbox = { entries: [] };

/** An emergency goes before all else; the rest keeps the order in which it was pressed. `waitMs`: kept at once, and sent no sooner. */
export function enqueue(box: Outbox, commandId: string, command: FieldCommand, pressedAt: number, waitMs = 0): Outbox {
  const entry: OutboxEntry = { commandId, command, pressedAt, tries: 0, notBefore: pressedAt + waitMs };
  if (command.type !== "unit.emergency") return { entries: [...box.entries, entry] };
  const at = box.entries.findIndex((e) => e.command.type !== "unit.emergency");
  return { entries: at < 0 ? [...box.entries, entry] : box.entries.toSpliced(at, 0, entry) };
}

/** Where the phone is, found since a report was kept: it goes with it, and need not wait on. One that may be on its way already stays as it is, since what is sent again must be the same. */
export function addPlace(box: Outbox, commandId: string, point: Point | null, nowMs: number): Outbox {
  const withPlace = (entry: OutboxEntry): OutboxEntry => {
    if (entry.commandId !== commandId || entry.command.type !== "contact.receive" || entry.tries > 0 || entry.notBefore <= nowMs) return entry;
    return { ...entry, notBefore: nowMs, command: point === null ? entry.command : { ...entry.command, callerPoint: point, callerUncertaintyM: FIX_UNCERTAINTY_M } };
  };
  return { entries: box.entries.map(withPlace) };
}
const FIX_UNCERTAINTY_M = 30;

/** What is known of a report: still on this phone, taken by the centre, or answered with no. */
export function reportStateOf(commandId: string, box: Outbox, refusals: readonly Refusal[]): "kept" | "taken" | "refused" {
  if (box.entries.some((entry) => entry.commandId === commandId)) return "kept";
  return refusals.some((refusal) => refusal.commandId === commandId) ? "refused" : "taken";
}

/** The one to send now, or null: only ever the first, since a later step without the earlier one makes no sense. */
export function findDue(box: Outbox, nowMs: number): OutboxEntry | null {
  const first = box.entries[0];
  return first !== undefined && first.notBefore <= nowMs ? first : null;
}

/** No answer came: once more after 1 s, doubling to 15 s. */
export function postpone(box: Outbox, commandId: string, nowMs: number): Outbox {
  return { entries: box.entries.map((e) => (e.commandId === commandId ? { ...e, tries: e.tries + 1, notBefore: nowMs + Math.min(15_000, 1_000 * 2 ** Math.min(e.tries, 5)) } : e)) };
}
/** The link is back: no more waiting. */
export const hurry = (box: Outbox, nowMs: number): Outbox => ({ entries: box.entries.map((e) => (e.notBefore > nowMs ? { ...e, notBefore: nowMs } : e)) });

export function settle(box: Outbox, commandId: string, outcome: Outcome): { readonly box: Outbox; readonly refusal: Refusal | null } {
  const entry = box.entries.find((e) => e.commandId === commandId);
  if (entry === undefined) return { box, refusal: null };
  const rest = { entries: box.entries.filter((e) => e !== entry) };
  if (outcome.outcome === "accepted") return { box: rest, refusal: null };
  return { box: rest, refusal: { commandId, command: entry.command, pressedAt: entry.pressedAt, rule: outcome.rule, message: outcome.message } };
}

export const formatOutbox = (box: Outbox): string => JSON.stringify(box.entries);
/** Entries that do not read as what we wrote are left out; the rest stays. */
export function parseOutbox(text: string | null): Outbox {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "[]");
  } catch {
    return EMPTY_OUTBOX;
  }
  if (!Array.isArray(stored)) return EMPTY_OUTBOX;
  const entries = stored.flatMap((e: Partial<OutboxEntry> | null): OutboxEntry[] => {
    const command = Command.safeParse(e?.command);
    if (!command.success || typeof e?.commandId !== "string" || !Number.isFinite(e.pressedAt) || !isFieldCommand(command.data)) return [];
    return [{ commandId: e.commandId, command: command.data, pressedAt: e.pressedAt!, tries: 0, notBefore: e.pressedAt! }];
  });
  return { entries };
}
function isFieldCommand(command: z.output<typeof Command>): command is FieldCommand {
  return command.type === "assignment.advance" || command.type === "assignment.confirm" || command.type === "assignment.decline" || command.type === "unit.availability" || command.type === "unit.emergency" || command.type === "contact.receive";
}
