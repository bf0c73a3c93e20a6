// Hearing a camera live: what a channel of sound is told, what it gets, and that nothing of it is built while nobody listens. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { LiveMediaFromRecorder } from "../../contract/media.ts";
import { LiveSoundChannel } from "./live-sound.ts";
import { CAMERA, createWorkerWorld, Pictures, play, T0, type WorkerWorld, createWorker } from "./testing/worker-world.ts";

let world: WorkerWorld;
beforeEach(async () => { world = await createWorkerWorld(); });
afterEach(() => world.close());

const packet = (sequence: number, ...payload: number[]): Uint8Array => Uint8Array.of(0x80, 8, 0, sequence, 0, 0, 0, sequence * 2, 0, 0, 0, 1, ...payload);

class HeardSocket {
  readonly told: unknown[] = [];
  readonly heard: (readonly [number, number, number, Uint8Array])[] = [];
  waiting = 0;
  waitingBytes = (): number => this.waiting;
  tell(message: unknown): void {
    this.told.push(LiveMediaFromRecorder.parse(message));
  }
  sendMedia(kind: number, channel: number, wallMs: number, body: Uint8Array): void {
    this.heard.push([kind, channel, Math.round(wallMs - T0), body]); // goes out later
  }
}

test("[SND5] a channel of sound gets the format and then the units with their wall time; a slow link costs units, a lost session is told, and after it is closed nothing comes", async () => {
  const worker = createWorker({ ...CAMERA, sound: true }, world.context);
  const socket = new HeardSocket();
  const channel = new LiveSoundChannel(socket, 7, 1, 9, T0 * 2);
  channel.listenTo(worker.beside);
  const none = { type: "waiting", channel: 7, reason: { code: "no-sound", params: {} } };
  assert.deepEqual(socket.told, [none]);
  play(worker, world.clock);
  new Pictures(world.clock).send(worker, 2);
  const opened = { type: "sound-opened", channel: 7, sound: { codec: "pcma", clockHz: 8_000, channels: 1, config: null, samplesPerFrame: null } };
  assert.deepEqual(socket.told, [none, opened]);
  const send = (sequence: number): void => {
    const bytes = Buffer.from(packet(sequence, sequence, 0xaa)); // what sockets read into
    worker.onTrackRtp(1, bytes, 0, bytes.length);
    bytes.fill(0); // borrowed
  };
  send(1);
  socket.waiting = 300_000;
  send(2);
  socket.waiting = 0;
  send(3);
  assert.deepEqual(socket.heard.map(([kind, number, , body]) => [kind, number, [...body]]), [[3, 7, [1, 0xaa]], [3, 7, [3, 0xaa]]]);
  assert.equal(socket.heard[0]![2], 2_040, "wall time by our clock");
  worker.onEnded("closed", "the camera closed the connection");
  assert.deepEqual(socket.told.slice(2), [none]);
  play(worker, world.clock);
  channel.listenTo(worker.beside);
  assert.deepEqual(socket.told.slice(3), [opened], "once");
  channel.close();
  send(4);
  assert.equal(socket.heard.length, 2);
  await worker.stop("not-wanted");
});

test("[SND5] [SND1] a camera without a purpose for sound lets nobody hear it", async () => {
  const worker = createWorker(CAMERA, world.context);
  const socket = new HeardSocket();
  new LiveSoundChannel(socket, 1, 1, 9, T0 * 2).listenTo(worker.beside);
  play(worker, world.clock);
  new Pictures(world.clock).send(worker, 2);
  const bytes = packet(1, 1);
  worker.onTrackRtp(1, bytes, 0, bytes.length);
  assert.deepEqual([socket.heard, socket.told.length], [[], 1]);
  await worker.stop("not-wanted");
});
