// Who is logged in. The cookie is HttpOnly, so the page learns it by asking; the CSRF value that comes with the answer goes back with each change.
import { create } from "zustand";
import type { Permission, SessionView, Welcome } from "../../../src/contract/access.ts";
import { api, onLoggedOut, setCsrf } from "../api/client.ts";
import { setCommandAccount } from "../api/command.ts";
import { startLiveLink, stopLiveLink } from "../api/live-link.ts";
import { ApiProblem } from "../api/problem.ts";
import { loadCity } from "./city.ts";
import { forgetPhone } from "./phone-store.ts";

type SessionState =
  | { readonly state: "asking" }
  | { readonly state: "unreachable"; readonly problem: ApiProblem }
  | { readonly state: "logged-out"; readonly welcome: Welcome; readonly ended: boolean }
  | { readonly state: "logged-in"; readonly session: SessionView };
export const useSession = create<{ readonly now: SessionState; readonly welcome: Welcome | null }>(() => ({ now: { state: "asking" }, welcome: null }));

function enter(session: SessionView): void {
  setCsrf(session.csrf);
  setCommandAccount(session.account.id);
  useSession.setState({ now: { state: "logged-in", session } });
  void loadCity();
  if (session.permissions.includes("operate.read")) startLiveLink();
}

async function leave(ended: boolean): Promise<void> {
  setCsrf(null);
  setCommandAccount(null);
  stopLiveLink();
  forgetPhone();
  try {
    const welcome = await api.call("welcome");
    useSession.setState({ welcome, now: { state: "logged-out", welcome, ended } });
  } catch (error) {
    if (error instanceof ApiProblem) useSession.setState({ now: { state: "unreachable", problem: error } });
  }
}

/** At the start of the page, and again from the "unreachable" screen. */
export async function openSession(): Promise<void> {
  onLoggedOut(() => void leave(true));
  try {
    const welcome = await api.call("welcome");
    useSession.setState({ welcome });
    enter(await api.call("getSession"));
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.status === 401) await leave(false);
    else useSession.setState({ now: { state: "unreachable", problem: error } });
  }
}
/** What the account may and is bound to may have changed; one that is over is told to the page by the answer. A lost link changes nothing. */
export async function renewSession(): Promise<void> {
  try {
    const session = await api.call("getSession");
    setCsrf(session.csrf);
    useSession.setState({ now: { state: "logged-in", session } });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.status === 401) await leave(true);
  }
}
export const logIn = async (login: string, password: string): Promise<void> => enter(await api.call("logIn", { body: { login, password } }));
export const createFirstAccount = async (body: { token: string; name: string; login: string; password: string }): Promise<void> =>
  enter(await api.call("createFirstAccount", { body }));
export async function logOut(): Promise<void> {
  try {
    await api.call("logOut");
  } finally {
    await leave(false);
  }
}

const nobody: readonly Permission[] = [];
export const usePermissions = (): readonly Permission[] => useSession((s) => (s.now.state === "logged-in" ? s.now.session.permissions : nobody));
/** Whether the one who is logged in may do this. */
export const useMay = (permission: Permission): boolean => usePermissions().includes(permission);
export function findAccountId(): number | null {
  const { now } = useSession.getState();
  return now.state === "logged-in" ? now.session.account.id : null;
}
export const useAccount = () => useSession((s) => (s.now.state === "logged-in" ? s.now.session.account : null));
