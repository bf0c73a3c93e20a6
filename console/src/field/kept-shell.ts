// What the phone's store answers, as decisions: its own page and its own files, of this origin, and nothing else. No answer of the API is ever kept or given.
export interface AskedFor {
  readonly method: string;
  /** "navigate" where a page is opened or loaded again. */
  readonly mode: string;
  readonly url: string;
}
export type AnsweredBy = "page" | "file" | "network";

const STORES = "citywatch-field-";
export const storeOf = (version: string): string => `${STORES}${version}`;
export const isOfOldVersion = (store: string, version: string): boolean => store.startsWith(STORES) && store !== storeOf(version);

/** `page`: the network where it answers in time, else what is kept. `file`: what is kept, whose name changes with its content. */
export function answeredBy({ method, mode, url }: AskedFor, origin: string, files: ReadonlySet<string>): AnsweredBy {
  const asked = new URL(url);
  if (method !== "GET" || asked.origin !== origin) return "network";
  if (mode === "navigate") return asked.pathname === "/field" || asked.pathname.startsWith("/field/") ? "page" : "network";
  return files.has(asked.pathname) ? "file" : "network";
}
/** A centre that fails, or a proxy before one that is away, is no page either. */
export const isPage = (status: number): boolean => status < 500;
