// The network between one browser and the city, as a forward proxy of the test's own: it can be cut as a cable is pulled (nothing passes, and nobody is told), it
// can lose the answers alone (what was sent arrives, and its sender never hears), and it comes back as networks do: what was open is dead, new connections pass.
// A proxy and not the browser's own "offline": that tells the page at once, spares open WebSockets, and never loses an answer.

import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

type LinkState = "whole" | "loses-answers" | "cut";

export interface CuttableLink {
  /** For `browser.newContext`: also what goes to this machine goes through it. */
  readonly proxy: { readonly server: string; readonly bypass: string };
  loseAnswers(): void;
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

export async function createCuttableLink(): Promise<CuttableLink> {
  let state: LinkState = "whole";
  const sockets = new Set<Socket>();
  const listeners = new Set<() => void>();
  const goTo = (next: LinkState): void => {
    state = next;
    for (const listener of listeners) listener();
  };

  const passRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    if (state === "cut") return; // it waits for an answer that never comes
    const { "proxy-connection": _, ...headers } = incoming.headers;
    const upstream = request(new URL(incoming.url!), { method: incoming.method!, headers, agent: false }, (answer) => {
      if (state !== "whole") return void answer.resume();
      outgoing.writeHead(answer.statusCode!, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    upstream.on("error", () => outgoing.destroy());
    outgoing.on("close", () => upstream.destroy());
    incoming.pipe(upstream);
  };
  /** A tunnel, for WebSockets. */
  const passTunnel = ({ url }: IncomingMessage, near: Socket): void => {
    if (state === "cut") return;
    const { hostname, port } = new URL(`http://${url}`);
    const far = connect(Number(port), hostname, () => near.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    const follow = (): void => {
      if (state === "cut") near.pause();
      else near.resume();
      if (state === "whole") far.resume();
      else far.pause();
    };
    near.on("data", (bytes) => far.write(bytes));
    far.on("data", (bytes) => near.write(bytes));
    listeners.add(follow);
    const end = (): void => {
      listeners.delete(follow);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on("error", end).on("close", end);
    follow();
  };

  const server = createServer(passRequest);
  server.on("connect", passTunnel);
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    proxy: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bypass: "<-loopback>" },
    loseAnswers: () => goTo("loses-answers"),
    cut: () => goTo("cut"),
    restore: () => {
      dropAll();
      goTo("whole");
    },
    close: () => {
      dropAll();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
