// How the command line speaks to the running centre: over its HTTP API like everybody else, as one of two. On the server's own machine it is the "command
// line" account, whose token is worked out from the installation's seal key: whoever can read that file (mode 0600) may use it, and nothing has to
// be typed or stored. From elsewhere, or to be named in the audit entries, `--login NAME` logs in as a person; the password is asked for.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CSRF_HEADER, type SessionView } from "../contract/access.ts";
import type { Problem } from "../contract/basics.ts";
import { ROUTES, type Route, type RouteName, type Routes } from "../contract/routes.ts";
import { findCentreAddress } from "../app/centre-address.ts";
import { formatFault } from "../base/expectations.ts";
import { ToldError } from "../base/told-error.ts";
import { askPassword } from "./ask-password.ts";
import { deriveOperatorToken } from "../io/crypto/tokens.ts";
import type { z } from "zod";

type Answer<N extends RouteName> = z.output<Routes[N]["answer"]>;

export interface CentreClient {
  /** Throws a ToldError with the centre's words where it refuses. */
  call<N extends RouteName>(name: N, input?: { readonly params?: Record<string, number>; readonly query?: Record<string, string | number>; readonly body?: unknown; readonly stream?: ReadableStream }): Promise<Answer<N>>;
  close(): Promise<void>;
}

export function readOperatorToken(dataDir: string): string {
  const path = join(dataDir, "secrets", "seal-key");
  try {
    return deriveOperatorToken(readFileSync(path, "utf8").trim());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw new ToldError(`${dataDir} is no data folder of Citywatch. Name it with --data FOLDER, or log in with --login NAME.`, { cause: error });
    if (code === "EACCES" || code === "EPERM") throw new ToldError(`This user may not read ${path}. Run as the user that runs Citywatch, or log in with --login NAME.`, { cause: error });
    throw error;
  }
}

/** A field of the API by the name that somebody at a terminal typed it by. */
export type NameField = (field: string) => string;

/** A refusal as lines for a terminal. A message that only repeats the first fault is left out. */
export function formatProblem(problem: Problem, nameField: NameField): string {
  const { message, faults = [] } = problem;
  const told = faults.map((fault) => formatFault(fault, nameField(fault.field)));
  return faults[0] !== undefined && message === formatFault(faults[0]) ? told.join("\n") : [message, ...told.map((line) => `  ${line}`)].join("\n");
}

export type Credentials = { readonly operatorToken: string } | { readonly login: string; readonly password: string };

export async function openCentre(origin: string, credentials: Credentials, nameField: NameField = (field) => field): Promise<CentreClient> {
  const headers: Record<string, string> = { accept: "application/json" };

  const request = async (route: Route, input: { params?: Record<string, number>; query?: Record<string, string | number>; body?: unknown; stream?: ReadableStream } = {}): Promise<{ json: unknown; response: Response }> => {
    const url = new URL(`/api/v1${route.path.replace(/\{(\w+)\}/g, (_, name: string) => String(input.params![name]))}`, origin);
    for (const [key, value] of Object.entries(input.query ?? {})) url.searchParams.set(key, String(value));
    const body = input.stream !== undefined ? { body: input.stream, duplex: "half" } : input.body !== undefined ? { body: JSON.stringify(input.body) } : {};
    const type = input.stream !== undefined ? { "content-type": route.stream! } : input.body !== undefined ? { "content-type": "application/json" } : {};
    let response: Response;
    try {
      response = await fetch(url, { method: route.method, headers: { ...headers, ...type }, redirect: "error", ...body } as RequestInit);
    } catch (error) {
      throw new ToldError(`No centre answers at ${origin}. Is Citywatch running? Another address: --centre URL.`, { cause: error });
    }
    const json: unknown = await response.json().catch(() => null);
    if (response.ok) return { json, response };
    if (response.status === 401 && "operatorToken" in credentials) throw new ToldError(`The centre at ${origin} does not know this data folder: name the one it runs on with --data FOLDER, or log in with --login NAME.`);
    throw new ToldError(json === null ? `The centre answered ${response.status}.` : formatProblem(json as Problem, nameField));
  };

  if ("operatorToken" in credentials) headers["authorization"] = `Bearer ${credentials.operatorToken}`;
  else {
    const { json, response } = await request(ROUTES.logIn, { body: credentials });
    headers["cookie"] = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
    headers[CSRF_HEADER] = (json as SessionView).csrf;
  }
  return {
    call: async (name, input) => (await request(ROUTES[name], input)).json as never,
    close: async () => {
      if (!("operatorToken" in credentials)) await request(ROUTES.logOut);
    },
  };
}

export const CENTRE_HELP = `all:
  --centre URL           the running centre (CITYWATCH_CENTRE) [the one that runs on the data folder, else http://127.0.0.1:7300]
  --data FOLDER          its data folder: on the server's own machine that is enough to be let in (CITYWATCH_DATA) [data]
  --login NAME           log in as a person instead; the password is asked for, or taken from CITYWATCH_PASSWORD`;

/** Its address: as it was named, else that of the one which runs on the data folder, else the usual one. */
export function findCentreOrigin(named: string | undefined, dataDir: string): string {
  const origin = (named ?? process.env["CITYWATCH_CENTRE"]) || (findCentreAddress(dataDir) ?? "http://127.0.0.1:7300");
  if (!URL.canParse(origin) || !/^https?:$/.test(new URL(origin).protocol)) throw new ToldError(`--centre: ${origin}: expected an address like http://127.0.0.1:7300`);
  return origin;
}

/** The centre that the options of `CENTRE_HELP` name. */
export async function openNamedCentre(values: { readonly centre?: string; readonly data?: string; readonly login?: string }, nameField?: NameField): Promise<CentreClient> {
  const dataDir = resolve(values.data ?? process.env["CITYWATCH_DATA"] ?? "data");
  const origin = findCentreOrigin(values.centre, dataDir);
  if (values.login !== undefined) return openCentre(origin, { login: values.login, password: await askPassword(`Password of ${values.login}`, "CITYWATCH_PASSWORD") }, nameField);
  return openCentre(origin, { operatorToken: readOperatorToken(dataDir) }, nameField);
}
