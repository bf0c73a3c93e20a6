// One live look that is open on several connections. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { WebSocket } from "ws";
import { ok } from "../../base/result.ts";
import { GopBudget, LiveStream } from "../../video/live/live-stream.ts";
import type { LiveSource } from "./live-source.ts";
import { MediaServer, type MediaServerOptions } from "./media-server.ts";

const ORIGIN = "http://127.0.0.1:7300";
const clock = { wallMs: () => 1_790_000_000_000, monotonicMs: () => 0 };
let server: MediaServer;
let stream: LiveStream;
let port = 0;
/** What was told of looks, in order. */
let ended: number[];
let refused: number[];
let browsers: { readonly ws: WebSocket; readonly heard: string[] }[];

const until = async (what: string, check: () => boolean): Promise<void> => {
  for (let tries = 0; !check(); tries++) {
    assert.ok(tries < 3_000, `waited a minute in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
/** Another connection on which the look is open. */
async function open(): Promise<(typeof browsers)[number]> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/live`, { origin: ORIGIN });
  const heard: string[] = [];
  ws.on("message", (data, binary) => {
    if (binary) return;
    const message = JSON.parse(String(data)) as { type: string; reason?: { code: string } };
    heard.push(`${message.type} ${message.reason?.code ?? ""}`.trim());
  });
  await new Promise((resolve) => ws.once("open", resolve));
  const before = server.liveChannels;
  ws.send(JSON.stringify({ type: "open", channel: 1, cameraId: 1, token: "t" }));
  await until("the channel", () => server.liveChannels > before);
  const browser = { ws, heard };
  browsers.push(browser);
  return browser;
}
const close = async ({ ws }: (typeof browsers)[number]): Promise<void> => {
  const before = server.liveChannels;
  ws.close();
  await until("its channel to go", () => server.liveChannels < before);
};

beforeEach(async () => {
  [ended, refused, browsers] = [[], [], []];
  stream = new LiveStream(new GopBudget(1e8));
  const source: LiveSource = { stream: "main", live: stream, addViewer: (viewer) => stream.add(viewer), removeViewer: (viewer) => stream.remove(viewer), health: () => ({ state: "connected", problem: null }) };
  const options = {
    host: "127.0.0.1", port: 0, clock, consoleOrigins: () => new Set([ORIGIN]), centreAwayMs: () => 0, addRoutes: () => undefined, renderMetrics: () => assert.fail("not asked"), findUnreadiness: () => undefined,
    live: { clock, pool: { find: () => ({ findSource: () => source }) }, onViewEnded: (viewId: number) => ended.push(viewId), verifier: { verify: async () => ok({ claims: { viewId: 7, sound: false }, expiresAt: Infinity }), isEnded: () => false, endView: (viewId: number) => refused.push(viewId) } },
    playback: { clock, onDownloadOver: () => undefined },
  };
  server = new MediaServer(options as unknown as MediaServerOptions);
  port = await server.start();
});
afterEach(async () => {
  for (const { ws } of browsers) ws.terminate();
  await server.stop();
});

test("[LIV11] a look that is open on two connections ends with the second, whichever goes first: until then nothing is told and its tokens hold", async () => {
  const [first, second] = [await open(), await open()];
  await close(first);
  assert.deepEqual([ended, refused], [[], []]);
  const third = await open();
  await close(second);
  assert.deepEqual([ended, refused], [[], []]);
  await close(third);
  assert.deepEqual([ended, refused], [[7], [7]]);
});

test("[LIV11] by the centre's word a look ends on all its connections, and is told once", async () => {
  const both = [await open(), await open()];
  assert.equal(server.endView(7), true);
  assert.deepEqual([server.liveChannels, ended], [0, [7]]);
  for (const { heard } of both) await until("the word to its page", () => heard.includes("refused view-ended"));
  assert.equal(server.endView(7), false, "nothing of it is left");
});
