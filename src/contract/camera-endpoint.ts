// Which box an address leads to. A stored password was given for one box; it must not follow an address to another, where whoever listens would be
// given it. The server drops it then, and the console's form says so beforehand: both by this one function. The path is left out on purpose:
// another stream of the same camera keeps the password.

const DEFAULT_PORT: Readonly<Record<string, string>> = { rtsp: "554", rtsps: "322" }; // RFC 7826, 4.2

/** `rtsp://host:port`, lower case and with its port, of an RTSP address with or without credentials; null where it is none. */
export function endpointOf(address: string | null): string | null {
  const match = /^(rtsps?):\/\/(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#[\]]+)(?::(\d*))?(?:[/?#]|$)/i.exec(address?.trim() ?? "");
  if (match === null) return null;
  const scheme = match[1]!.toLowerCase();
  return `${scheme}://${match[2]!.toLowerCase()}:${match[3] === undefined || match[3] === "" ? DEFAULT_PORT[scheme] : Number(match[3])}`;
}

/** True unless both lead to the same host, port and scheme: where one cannot be read, or there was none, nothing is known to be the same. */
export function leadsElsewhere(before: string | null, after: string): boolean {
  const endpoint = endpointOf(after);
  return endpoint === null || endpoint !== endpointOf(before);
}
