// A name outside to its addresses, without a thread of the process waiting for it. The system's own way (getaddrinfo) holds one of the few threads on which names are looked up until the last name server
// has been given up, and cannot be ended: two names whose server is silent would hold up every other name of the process for tens of seconds. So the hosts file comes first, then the name servers over
// sockets of ours, with an end; the system is asked only where a server said that there is no such name (search domains, names of the local network), for then it answers at once.
// Rejected: more threads (some names more are silent), a table of names that failed (the first ones hold up the others all the same).
import { lookup, Resolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

export interface ResolveOptions {
  /** ADDRESS or ADDRESS:PORT. Default: the system's. */
  readonly servers?: readonly string[];
  readonly hostsFile?: string;
  /** How long the first try of a server waits. Default 1.5 s. */
  readonly tryMs?: number;
}

const HOSTS_FILE = "/etc/hosts";
const TRY_MS = 1_500; // c-ares doubles it for the next
const TRIES = 2;
/** What a server that answers says of a name that it does not know. Refused: no server is there, and the system is told that as quickly. */
const ANSWERED_NO: readonly string[] = ["ENOTFOUND", "ENODATA", "ECONNREFUSED"];

/** Rejects with an error that has a `code` where there is none. */
export async function resolveName(host: string, { servers, hostsFile = HOSTS_FILE, tryMs = TRY_MS }: ResolveOptions = {}): Promise<readonly ResolvedAddress[]> {
  if (isIP(host) !== 0) return [{ address: host, family: isIP(host) }];
  const written = findInHosts(await readFile(hostsFile, "utf8").catch(() => ""), host);
  if (written.length > 0) return written;
  const resolver = new Resolver({ timeout: tryMs, tries: TRIES }); // a new one each time: name servers change as networks do
  if (servers !== undefined) resolver.setServers([...servers]);
  const asked = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = asked.flatMap((one, i) => (one.status === "fulfilled" ? one.value.map((address) => ({ address, family: i === 0 ? 4 : 6 })) : []));
  if (found.length > 0) return found;
  const failed = asked.flatMap((one) => (one.status === "rejected" ? [one.reason as NodeJS.ErrnoException] : []));
  const silent = failed.find(({ code }) => !ANSWERED_NO.includes(code ?? ""));
  if (silent !== undefined) throw silent;
  return lookup(host, { all: true, verbatim: true });
}

/** The addresses that a hosts file gives a name: ADDRESS NAME [ALIAS ...], to the end of the line or `#`. */
export function findInHosts(text: string, host: string): ResolvedAddress[] {
  const wanted = host.toLowerCase().replace(/\.$/, "");
  return text.split("\n").flatMap((line) => {
    const [address = "", ...names] = line.split("#")[0]!.trim().split(/\s+/);
    return isIP(address) !== 0 && names.some((name) => name.toLowerCase() === wanted) ? [{ address, family: isIP(address) }] : [];
  });
}
