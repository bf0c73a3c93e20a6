// For tests of what stands on a connection whose other end has gone without a word.
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { parseDatabaseUrl } from "../database.ts";

/** A way to the server that can fall silent: what is connected then stays connected and hears nothing more; new connections are served. */
export async function startRelay(url: string): Promise<{ readonly url: string; freeze(): void; stop(): Promise<void> }> {
  const place = parseDatabaseUrl(url);
  const pairs: [Socket, Socket][] = [];
  const server = createServer((client) => {
    const upstream = place.path === undefined ? connect(place.port, place.host) : connect(place.path);
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      from.on("error", () => undefined).on("close", () => to.destroy());
      from.pipe(to);
    }
    pairs.push([client, upstream]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { user, password, database } = place;
  return {
    url: `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${(server.address() as AddressInfo).port}/${database}`,
    freeze: () => {
      for (const [client, upstream] of pairs.splice(0)) {
        client.unpipe(upstream).resume();
        upstream.unpipe(client).resume();
      }
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
