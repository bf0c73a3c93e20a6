// What a phone keeps so that it comes up without a link: the files of its page, in the browser's store for them (field/shell-worker.ts), and of duty no more than which unit it is, the number of
// its job and that job's step. No place, no words, no name of a caller: they are read anew with the link. Signing out, or the end of the session, forgets all of it.
import { z } from "zod";
import { AssignmentState } from "../../../src/contract/dispatch.ts";

const KeptPhone = z.object({
  accountId: z.int(), unitId: z.int(), callSign: z.string(), training: z.boolean(), at: z.number(),
  job: z.object({ id: z.int(), state: AssignmentState }).nullable(),
});
export type KeptPhone = z.infer<typeof KeptPhone>;

const KEY = "citywatch.phone";
const SCOPE = "/field";
const WORKER = "/field-worker.js";
const STORES = "citywatch-field-"; // as field/kept-shell.ts names them

/** Null where nothing was kept, or not as it is written today. */
export function parsePhone(text: string | null): KeptPhone | null {
  try {
    return KeptPhone.safeParse(JSON.parse(text ?? "null")).data ?? null;
  } catch {
    return null;
  }
}
export function findKeptPhone(): KeptPhone | null {
  try {
    return parsePhone(localStorage.getItem(KEY));
  } catch {
    return null; // storage off
  }
}
export function keepPhone(phone: KeptPhone): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(phone));
  } catch {
    // storage off: without a link it does not come up
  }
}
/** A new version of the page is looked for at each start with a link. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: "none" }).catch(() => undefined);
}
export function forgetPhone(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // storage off: nothing was kept
  }
  if ("serviceWorker" in navigator) void forgetShell().catch(() => undefined);
}
async function forgetShell(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  await registration?.unregister();
  for (const name of await caches.keys()) if (name.startsWith(STORES)) await caches.delete(name);
}
