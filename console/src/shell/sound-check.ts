// Whether somebody has heard the sounds since they logged on at this desk: a console that is silent by a turned-down loudspeaker looks like one where nothing happens.
// Kept in the tab, so that a reload does not ask again; the next log-on does.
import { create } from "zustand";
import { findAccountId, usePermissions, useSession } from "./session.ts";
import { concerns } from "./waiting.ts";

/** not-heard: they were played, and nobody heard them. */
const RESULTS = ["not-tested", "heard", "not-heard"] as const;
export interface SoundCheck {
  readonly result: (typeof RESULTS)[number];
  /** Put aside: only the status bar says it then. */
  readonly aside: boolean;
}
export const NOT_TESTED: SoundCheck = { result: "not-tested", aside: false };
const KEY = "citywatch.sound-check";

/** What the tab has kept, for this account only. */
export function readSoundCheck(kept: string | null, accountId: number | null): SoundCheck {
  try {
    const { account, result, aside } = JSON.parse(kept ?? "{}") as { account?: unknown; result?: unknown; aside?: unknown };
    const known = RESULTS.find((one) => one === result);
    return account === accountId && accountId !== null && known !== undefined ? { result: known, aside: aside === true } : NOT_TESTED;
  } catch {
    return NOT_TESTED;
  }
}

const read = (account: number | null): SoundCheck => {
  try {
    return readSoundCheck(sessionStorage.getItem(KEY), account);
  } catch {
    return NOT_TESTED; // no storage, or it is off
  }
};
let accountId = findAccountId();
export const useSoundCheck = create<SoundCheck>(() => read(accountId));

/** Whether this account's work begins with a sound. */
export function useMustHear(): boolean {
  const permissions = usePermissions();
  return concerns("calls", permissions) || concerns("incidents", permissions);
}
export function setSoundCheck(check: SoundCheck): void {
  useSoundCheck.setState(check);
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ account: accountId, ...check }));
  } catch {
    // storage off: a reload asks again
  }
}
useSession.subscribe(({ now }) => {
  if (now.state === "logged-out") setSoundCheck(NOT_TESTED);
  const next = findAccountId();
  if (next === accountId) return;
  accountId = next;
  useSoundCheck.setState(read(next));
});
