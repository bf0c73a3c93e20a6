// Where a redirection may lead (RFC 2326 section 11.3): a few times, to an absolute address, never from TLS to plain, and never with the password to another host or port: whoever
// can answer in a camera's place must not be able to have it sent elsewhere. Whether the network is one for cameras is judged after resolving, as for any address.
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import { parseRtspUrl } from "./url.ts";

export const MOST_REDIRECTS = 3;
/** Moved for good or for now, see another, and by a proxy; 300 and 304 name no place to go. */
const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 305, 307]);

/** Where a connection goes and what it asks for; these differ behind a proxy. */
export interface RtspEndpoint {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly requestUri: string;
}
export interface Redirection {
  readonly endpoint: RtspEndpoint;
  readonly keepsCredentials: boolean;
}

export function isRedirect(status: number): boolean {
  return STATUSES.has(status);
}

/** `done`: redirections that were followed before. The error is for whoever looks after the camera. */
export function decideRedirect(from: RtspEndpoint, status: number, location: string | undefined, done: number): Ok<Redirection> | Err<string> {
  if (location === undefined) return err(`the camera answered ${status} without a Location`);
  if (done >= MOST_REDIRECTS) return err(`more than ${MOST_REDIRECTS} redirections, one after another`);
  const url = parseRtspUrl(location.trim());
  if (!url.ok) return err(`the camera redirects to ${JSON.stringify(url.error.value)}, expected ${url.error.expected}`);
  const { tls, host, port, requestUri } = url.value;
  if (from.tls && !tls) return err(`the camera redirects from TLS to a plain connection (${host}:${port})`);
  const keepsCredentials = tls === from.tls && port === from.port && host.toLowerCase() === from.host.toLowerCase();
  // 305 names a proxy for what was asked for (section 11.3.6), the others another place of it.
  return ok({ endpoint: { tls, host, port, requestUri: status === 305 ? from.requestUri : requestUri }, keepsCredentials });
}
