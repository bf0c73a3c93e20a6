// Hears NMEA 0183 by TCP and by UDP on one port number. NMEA has no password: whoever reaches the port can speak for any registered device, so the port is on the
// loopback address unless told otherwise, and belongs into a closed network (the modem provider's APN, a VPN) or behind a gateway. What it holds is bounded:
// connections, the time that a silent one stays, the senders of datagrams that are remembered, and what waits of a line.
import { createSocket, type RemoteInfo } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { keepLatest } from "../../base/keep-latest.ts";
import { createNmeaSession, type NmeaFixOf, type NmeaSession } from "../../protocol/avl/nmea.ts";

export interface NmeaListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly now: () => number;
  readonly onFix: (fix: NmeaFixOf) => void;
  readonly onFault: (reason: string, from: string) => void;
  readonly mostConnections?: number;
  readonly idleMs?: number;
}
export interface NmeaListener {
  readonly port: number;
  stop(): Promise<void>;
}

const MOST_CONNECTIONS = 20_000;
const IDLE_MS = 10 * 60_000;
const MOST_SENDERS = 20_000;

/** Rejects where the port cannot be had. With port 0 both take the same free one. */
export async function startNmeaListener({ host, port, now, onFix, onFault, mostConnections = MOST_CONNECTIONS, idleMs = IDLE_MS }: NmeaListenerOptions): Promise<NmeaListener> {
  const hear = (session: NmeaSession, bytes: Uint8Array, from: string): void => {
    const { fixes, faults } = session.feed(bytes, now());
    for (const fix of fixes) onFix(fix);
    for (const { reason, field } of faults) onFault(field === "" ? reason : `${reason} ${field}`, from);
  };

  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const from = socket.remoteAddress ?? "unknown";
    if (open.size >= mostConnections) {
      onFault("too-many-connections", from);
      socket.destroy();
      return;
    }
    open.add(socket);
    const session = createNmeaSession(from);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on("data", (bytes) => hear(session, bytes, from));
    socket.on("error", () => undefined); // a modem that lost its network; "close" follows
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => void server.once("error", reject).listen(port, host, () => resolve()));
  const { port: taken } = server.address() as { port: number };

  const senders = new Map<string, NmeaSession>(); // in the order of the last word
  const datagrams = createSocket(host.includes(":") ? "udp6" : "udp4");
  datagrams.on("message", (bytes: Buffer, { address, port: fromPort }: RemoteInfo) => {
    const key = `${address} ${fromPort}`;
    const session = senders.get(key) ?? createNmeaSession(address);
    keepLatest(senders, key, session, MOST_SENDERS);
    hear(session, Buffer.concat([bytes, Buffer.from("\n")]), address); // a datagram ends its line, with or without the end of one
  });
  try {
    await new Promise<void>((resolve, reject) => void datagrams.once("error", reject).bind(taken, host, () => resolve()));
  } catch (error) {
    server.close();
    throw error;
  }
  datagrams.on("error", () => undefined); // an unreachable sender is none of ours

  return {
    port: taken,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all([new Promise<void>((done) => void server.close(() => done())), new Promise<void>((done) => void datagrams.close(() => done()))]);
    },
  };
}
