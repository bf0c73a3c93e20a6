import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { after, before, describe, test } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { LIVE_HEADER_BYTES } from "../../contract/media.ts";
import { type LiveOutbox, LiveOutboxes } from "./live-outbox.ts";

describe("what live sockets send", () => {
  const http = createServer();
  const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  let channels = 1;
  const all = new LiveOutboxes(() => channels);
  let ends: { server: WebSocket; outbox: LiveOutbox }[] = [];

  before(async () => {
    http.on("upgrade", (request, socket, head) => wss.handleUpgrade(request, socket, head, (server) => ends.push({ server, outbox: all.create(socket, () => server.readyState === server.OPEN) })));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    for (const client of wss.clients) client.terminate();
    await new Promise((resolve) => http.close(resolve));
  });

  async function join(): Promise<{ client: WebSocket; got: (string | Buffer)[]; server: WebSocket; outbox: LiveOutbox }> {
    ends = [];
    const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const got: (string | Buffer)[] = [];
    client.on("message", (data: Buffer, binary: boolean) => got.push(binary ? data : String(data)));
    await once(client, "open");
    return { client, got, ...ends[0]! };
  }
  async function receive(got: readonly unknown[], count: number, client: WebSocket): Promise<void> {
    while (got.length < count) await once(client, "message");
  }

  test("a client of the WebSocket library reads messages of every length, with texts between them", async () => {
    channels = 1;
    const { client, got, server, outbox } = await join();
    const sizes = [0, 1, 125 - LIVE_HEADER_BYTES, 126 - LIVE_HEADER_BYTES, 65_535 - LIVE_HEADER_BYTES, 65_536 - LIVE_HEADER_BYTES, 300_000];
    for (const [i, size] of sizes.entries()) {
      outbox.send(2, 700 + i, 1_700_000_000_123.5, new Uint8Array(size).fill(i));
      server.send(`text ${i}`);
    }
    await receive(got, sizes.length * 2, client);
    for (const [i, size] of sizes.entries()) {
      const message = got[i * 2] as Buffer;
      assert.equal(message.length, LIVE_HEADER_BYTES + size);
      assert.deepEqual([message[0], message.readUInt16BE(1), message.readDoubleBE(3)], [2, 700 + i, 1_700_000_000_123.5]);
      assert.ok(message.subarray(LIVE_HEADER_BYTES).every((byte) => byte === i));
      assert.equal(got[i * 2 + 1], `text ${i}`);
    }
    client.terminate();
  });

  test("[LIV10] with many viewers several pictures go in one write, the same bytes to all that have them on the same channel, and each is still a message", async () => {
    channels = 100;
    const { client, got, outbox } = await join();
    const written: Buffer[][] = [[], []];
    const others = written.map((list) => {
      const socket = new PassThrough();
      socket.write = ((chunk: Buffer) => list.push(chunk) > 0) as typeof socket.write;
      return all.create(socket, () => true);
    });
    const pictures = [5_000, 70_000, 10].map((size, i) => new Uint8Array(size).fill(i + 1));
    for (const picture of pictures) for (const one of [outbox, ...others]) one.send(1, 3, 5, picture);
    assert.ok(outbox.waitingBytes > 75_000, "what waits here counts as waiting");
    assert.equal(got.length, 0);
    await receive(got, 3, client);
    assert.equal(outbox.waitingBytes, 0);
    assert.deepEqual(got.map((each) => each.length - LIVE_HEADER_BYTES), [5_000, 70_000, 10]);
    assert.deepEqual(written.map((list) => list.length), [1, 1]);
    assert.equal(written[0]![0], written[1]![0], "one piece of memory");
    client.terminate();
  });

  test("[LIV10] viewers with other channel numbers get theirs; what was dropped with its socket is not written", async () => {
    channels = 100;
    const written: Buffer[] = [];
    const make = (): LiveOutbox => {
      const socket = new PassThrough();
      socket.write = ((chunk: Buffer) => written.push(chunk) > 0) as typeof socket.write;
      return all.create(socket, () => true);
    };
    const [one, two, gone] = [make(), make(), make()];
    for (let i = 0; i < 2; i++) {
      const picture = new Uint8Array(50).fill(i);
      one.send(1, 1, 5, picture);
      two.send(1, 2, 5, picture);
      gone.send(1, 1, 5, picture);
    }
    gone.clear();
    while (written.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(written.map((each) => [each.length, each[2 + 2]]), [[126, 1], [126, 2]]);
  });
});
