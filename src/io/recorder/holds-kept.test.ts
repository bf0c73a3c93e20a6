// When the centre hears that a hold is kept: once it is on the disk, and not when it is only written ([HLD3] in video/SPEC.md). The centre is a WebSocket server of the test, the disk answers when the test
// says so.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import { createRandom } from "../../base/random.ts";
import { LinkFromRecorder } from "../../contract/recorder-link.ts";
import { CentreLink } from "./centre-link.ts";
import { EndedViews } from "./ended-views.ts";
import { HoldList } from "./hold-list.ts";
import { IndexStore } from "./index-store.ts";
import { ServedViews } from "./served-views.ts";

describe("the word that holds are kept", () => {
  let root: string;
  let index: IndexStore;
  let holds: HoldList;
  let link: CentreLink;
  let server: WebSocketServer;
  let socket: WebSocket | undefined;
  let monotonicMs: number;
  let told: number[];
  /** Each is one wait for the disk: what was written before it, and its answer. */
  let waits: { readonly held: number[]; readonly answer: (isThere: boolean) => void }[];

  const until = async (what: string, check: () => boolean): Promise<void> => {
    for (let tries = 0; !check(); tries++) {
      assert.ok(tries < 3_000, `waited a minute in vain for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const listHeld = (): number[] => holds.listWithin(1, 0, 1_000).map(({ id }) => id);
  const say = (message: object): void => socket!.send(JSON.stringify(message));
  const hold = (holdId: number): object => ({ holdId, cameraIds: [1], from: 0, to: 100 });
  /** What was said before is answered: whatever the recorder said of it is here. */
  const hearAll = async (): Promise<void> => {
    const ws = socket!;
    await new Promise((resolve) => {
      ws.once("pong", resolve);
      ws.ping();
    });
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "citywatch-kept-"));
    index = new IndexStore(join(root, "index.sqlite"));
    holds = new HoldList(index);
    [told, waits, monotonicMs, socket] = [[], [], 0, undefined];
    server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    server.on("connection", (ws) => {
      ws.on("message", (data) => {
        const message = LinkFromRecorder.parse(JSON.parse(String(data)));
        if (message.type === "hello") socket = ws;
        if (message.type === "holds-kept") told.push(message.revision);
      });
    });
    await new Promise((resolve) => server.once("listening", resolve));
    link = new CentreLink({
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "t", recorderId: 1, mediaUrl: "http://127.0.0.1:1", random: createRandom(1), endedViews: new EndedViews(index, assert.fail), servedViews: new ServedViews(),
      clock: { wallMs: () => 1_800_000_000_000 + monotonicMs, monotonicMs: () => monotonicMs },
      findRevision: () => 0, onWelcome: () => undefined, onTime: () => undefined, onRecordingEvent: () => undefined, onCameras: () => undefined, onCameraChanged: () => undefined, onCameraRemoved: () => undefined, findDisk: () => undefined, onViewWithdrawn: () => undefined,
      onHolds: (list, revision) => holds.replace(list, revision), onHoldChanged: (changed, revision) => holds.save(changed, revision), onHoldReleased: (id, revision) => holds.release(id, revision),
      bringToDisk: () => new Promise((answer) => waits.push({ held: listHeld(), answer })),
      exports: { accept: () => undefined, cancel: () => undefined, takeSignature: () => undefined, endKept: () => undefined }, probe: () => Promise.reject(new Error("not asked")), listHealth: () => [], log: () => undefined,
    });
    link.start();
    await until("the link", () => socket !== undefined);
  });
  afterEach(async () => {
    link.stop();
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
    index.close();
    await rm(root, { recursive: true, force: true });
  });

  test("[HLD3] is said when the disk has them, not when they are written: the list, one that was made, one that was released", async () => {
    const cases = [
      { message: { type: "holds", holds: [hold(5)], revision: 3, more: false }, held: [5], revision: 3 },
      { message: { type: "hold-changed", hold: hold(6), revision: 4 }, held: [5, 6], revision: 4 },
      { message: { type: "hold-released", holdId: 5, revision: 5 }, held: [6], revision: 5 },
    ];
    for (const { message, held, revision } of cases) {
      told = [];
      waits = [];
      say(message);
      await hearAll();
      assert.deepEqual([told, waits.map((wait) => wait.held)], [[], [held]], `${message.type}: written, and the disk is waited for`);
      waits[0]!.answer(true);
      await until("the word", () => told.length > 0);
      assert.deepEqual(told, [revision]);
    }
  });

  test("[HLD3] is not said of what came after the disk began to take it: that waits for its own turn", async () => {
    say({ type: "hold-changed", hold: hold(5), revision: 3 });
    await until("the first wait", () => waits.length === 1);
    say({ type: "hold-changed", hold: hold(6), revision: 4 });
    await hearAll();
    waits[0]!.answer(true);
    await until("the second wait", () => waits.length === 2);
    await hearAll();
    assert.ok(!told.includes(4), "it is not known to be there");
    assert.deepEqual(waits[1]!.held, [5, 6]);
    waits[1]!.answer(true);
    await until("the word", () => told.includes(4));
  });

  test("[HLD3] is not said where the disk failed, and comes once it has taken them", async () => {
    say({ type: "hold-changed", hold: hold(5), revision: 3 });
    await until("the wait", () => waits.length === 1);
    waits[0]!.answer(false);
    await hearAll();
    assert.deepEqual(told, []);
    monotonicMs = 11_000;
    await until("the next try", () => waits.length === 2);
    waits[1]!.answer(true);
    await until("the word", () => told.length === 1);
    assert.deepEqual(told, [3]);
  });

  test("[HLD3] is not said over the next link of what came over the last one: that link brings all holds anew", async () => {
    say({ type: "hold-changed", hold: hold(5), revision: 3 });
    await until("the wait", () => waits.length === 1);
    const before = socket;
    socket!.terminate();
    await until("the next link", () => socket !== before);
    waits[0]!.answer(true);
    await hearAll();
    assert.deepEqual(told, []);
    say({ type: "holds", holds: [hold(5)], revision: 3, more: false });
    await until("the next wait", () => waits.length === 2);
    waits[1]!.answer(true);
    await until("the word", () => told.length === 1);
    assert.deepEqual(told, [3]);
  });
});
