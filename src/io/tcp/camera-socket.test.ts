// What a camera's socket lends: the bytes are the next read's soon, and who slices them keeps them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { openCameraSocket } from "./camera-socket.ts";

test("[SND1] what is sliced out of a read stays as it came when the next read takes its place", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write("second"));
    socket.write("first!");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const kept: Uint8Array[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = openCameraSocket("127.0.0.1", "127.0.0.1", (server.address() as AddressInfo).port, undefined, {
      onReady: () => undefined, onUntrusted: reject, onError: reject, onClosed: () => resolve(),
      onBytes: (buffer, length) => {
        kept.push(buffer.slice(0, length));
        if (kept.length === 1) socket.write("more");
        else socket.destroy();
        return true;
      },
    });
  });
  server.close();
  assert.deepEqual(kept.map((bytes) => Buffer.from(bytes).toString()), ["first!", "second"]);
});
