// One RTSP session with a camera that behaves badly, over a true socket. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";
import { test } from "node:test";
import { readCameraNetworks } from "../../src/app/camera-networks.ts";
import { systemClock } from "../../src/io/clock/clock.ts";
import { CameraSession, type CameraSessionEvents, type CameraSessionOptions } from "../../src/io/tcp/camera-session.ts";
import { findDescriptor } from "../../src/io/tcp/camera-socket.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { TestCamera } from "./test-camera.ts";
import { until } from "./test-centre.ts";

const OPTIONS: CameraSessionOptions = { userAgent: "test", connectTimeoutMs: 30_000, requestTimeoutMs: 30_000, addressPolicy: readCameraNetworks(LOOPBACK_NETWORKS), clock: systemClock };

class Notes implements CameraSessionEvents {
  readonly ends: string[] = [];
  packets = 0;
  readonly sequences: number[] = [];
  onPacket: () => void = () => undefined;
  onDescribed(): void { return; }
  onPlaying(): void { return; }
  onRtp(bytes: Uint8Array, start: number): void {
    this.packets++;
    this.sequences.push((bytes[start + 2]! << 8) | bytes[start + 3]!);
    this.onPacket();
  }
  onRtcp(): void { return; }
  onEnded(problem: string, message: string): void { this.ends.push(`${problem}: ${message}`); }
}

test("[CAM5] an error in working through a camera's packets ends its session, once, and not the process", async () => {
  const camera = new TestCamera({ behaviour: "plays" });
  const notes = new Notes();
  notes.onPacket = () => { throw new Error("database or disk is full"); };
  const session = new CameraSession({ address: await camera.start(), userName: null, password: null }, OPTIONS, notes);
  try {
    await until("the end of the session", () => notes.ends.length > 0);
    assert.deepEqual(notes.ends, ["malformed: what the camera sent could not be worked through: database or disk is full"]);
    assert.equal(notes.packets, 1);
  } finally {
    session.close();
    await camera.stop();
  }
});

test("[CAM9] a camera that floods us with requests is left, and gets few answers", async () => {
  const request = Buffer.from("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n".repeat(20_000));
  const sockets: Socket[] = [];
  let answered = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => { answered += data.length; });
    socket.write(request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const notes = new Notes();
  const session = new CameraSession({ address: `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/live`, userName: null, password: null }, OPTIONS, notes);
  try {
    await until("the end of the session", () => notes.ends.length > 0);
    assert.deepEqual(notes.ends, ["malformed: more than 100 messages within a second"]);
    assert.ok(answered < 20_000, `${answered} bytes`);
  } finally {
    session.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("[CAM16] a camera that nobody watches is read from now and then: every packet comes, in order, and so does its end", async () => {
  const camera = new TestCamera({ behaviour: "plays", frameMs: 2, sliceBytes: 40_000 });
  const notes = new Notes();
  const session = new CameraSession({ address: await camera.start(), userName: null, password: null }, OPTIONS, notes);
  const readOn = setInterval(() => session.readMore(), 20);
  try {
    await until("pictures as they come", () => notes.packets > 100);
    session.batched = true;
    await until("pictures now and then", () => notes.packets > 3_000);
    session.batched = false;
    const before = notes.packets;
    await until("pictures as they come again", () => notes.packets > before + 300);
    session.batched = true;
    await until("more of them", () => notes.packets > before + 2_000);
    camera.hangUp();
    await until("the end of the session", () => notes.ends.length > 0);
    assert.equal(notes.ends.length, 1);
    assert.match(notes.ends[0]!, /^closed: /);
    assert.deepEqual(notes.sequences, notes.sequences.map((_, i) => (notes.sequences[0]! + i) & 0xffff));
  } finally {
    clearInterval(readOn);
    session.close();
    await camera.stop();
  }
});

test("[CAM16] Node still tells a socket's descriptor, which reading now and then saves a third of the work with", { skip: process.platform === "win32" ? "Windows has none" : false }, async () => {
  const camera = new TestCamera({ behaviour: "mute" });
  await camera.start();
  const socket = connect(camera.port, "127.0.0.1");
  try {
    await once(socket, "connect");
    assert.ok(findDescriptor(socket)! > 2);
    socket.destroy();
    await once(socket, "close");
    assert.equal(findDescriptor(socket), undefined, "never that of whoever has the number next");
  } finally {
    socket.destroy();
    await camera.stop();
  }
});
