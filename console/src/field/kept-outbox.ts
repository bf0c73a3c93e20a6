// Where a phone's outbox lies: in the browser, by account, so that it outlives the page, with a link and without.
import { formatOutbox, parseOutbox, type Outbox } from "./outbox.ts";

const keyOf = (accountId: number): string => `citywatch.outbox.${accountId}`;

export function readBox(accountId: number): Outbox {
  try {
    return parseOutbox(localStorage.getItem(keyOf(accountId)));
  } catch {
    return parseOutbox(null);
  }
}
export function keepBox(accountId: number, box: Outbox): void {
  try {
    localStorage.setItem(keyOf(accountId), formatOutbox(box));
  } catch {
    // storage off or full: it lives as long as the page
  }
}
