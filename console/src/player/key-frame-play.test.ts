// What is fetched for play by key frames, and what is kept of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { encodeKeyFrameFormat, encodeKeyFrameHead } from "../../../src/contract/key-frames.ts";
import { KeyFramePainter } from "./key-frame-painter.ts";
import { KeyFramePlay, nextChunk } from "./key-frame-play.ts";
import { KeyFrameShelf, type HeldKeyFrame } from "./key-frame-shelf.ts";
import type { PastView } from "./past-views.ts";

const format = { kind: "format", codec: "avc1.42c01f", width: 768, height: 432, description: new Uint8Array(3) } as const;
const frame = (start: number, bytes = 100): HeldKeyFrame => ({ start, until: start + 2_000, bytes: new Uint8Array(bytes), format });
const DAY = { from: 0, to: 86_400_000 };

test("the shelf answers with the newest at a moment, however the frames came, and each once", () => {
  const shelf = new KeyFrameShelf(1e6);
  for (const start of [6_000, 2_000, 4_000, 4_000]) shelf.add(frame(start));
  assert.equal(shelf.size, 3);
  assert.deepEqual([1_999, 2_000, 5_999, 9_000].map((at) => shelf.findAt(at)?.start), [undefined, 2_000, 4_000, 6_000]);
  assert.equal(shelf.findNear(20_000, 1_000), undefined, "a picture that was not shown then is not given out for it");
  assert.equal(shelf.findNear(8_500, 3_000)?.start, 6_000);
  assert.equal(shelf.findNear(1_500, 1_000)?.start, 2_000);
});

test("a full shelf lets go what is furthest from the newest arrival, and never grows", () => {
  const shelf = new KeyFrameShelf(1_000);
  for (let i = 0; i < 30; i++) shelf.add(frame(i * 1_000));
  assert.equal(shelf.size, 10);
  assert.equal(shelf.findAt(20_500)?.start, 20_000);
  assert.equal(shelf.findAt(19_500), undefined);
  assert.deepEqual(shelf.add(frame(30_000)), { from: 21_000, to: Infinity }, "it tells what of the time is left");
  assert.deepEqual(shelf.add(frame(20_800)), { from: -Infinity, to: 30_000 });
  for (let i = 20; i >= 0; i--) shelf.add(frame(i * 1_000 - 500_000));
  assert.deepEqual([shelf.size, shelf.bytes], [10, 1_000]);
});

test("backwards the piece before the clock is fetched, ahead the one after it, with no more pictures than the eye follows", () => {
  assert.deepEqual(nextChunk(500_000, -1, null, DAY), { from: 492_001, to: 500_001, count: 64 });
  assert.deepEqual(nextChunk(500_000, 16, null, DAY), { from: 500_000, to: 564_000, count: 32 });
  assert.equal(nextChunk(500_000, -1, { from: 492_001, to: 500_001 }, DAY), null, "enough is there");
  assert.deepEqual(nextChunk(495_000, -1, { from: 492_001, to: 500_001 }, DAY)?.to, 492_001, "the next one joins it");
  assert.equal(nextChunk(500, -1, { from: 0, to: 900 }, DAY), null, "nothing lies before the range");
});

test("whatever the clock does, chunks stay inside the range and join what is there", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_400_000 }), fc.constantFrom(-16, -8, -4, -2, -1, 4, 8, 16), (start, speed) => {
      let filled: { from: number; to: number } | null = null;
      let wallMs = start;
      for (let tick = 0; tick < 60; tick++) {
        const chunk = nextChunk(wallMs, speed, filled, DAY);
        if (chunk !== null) {
          assert.ok(chunk.from >= DAY.from && chunk.to <= DAY.to && chunk.count >= 2 && chunk.count <= 70);
          if (filled !== null) assert.ok(speed < 0 ? chunk.to === filled.from : chunk.from === filled.to);
          filled = filled === null ? { from: chunk.from, to: chunk.to } : { from: Math.min(filled.from, chunk.from), to: Math.max(filled.to, chunk.to) };
        }
        if (filled !== null && wallMs > DAY.from && wallMs < DAY.to) assert.ok(wallMs >= filled.from - 1 && wallMs <= filled.to + 1, "the clock never runs out of pictures");
        wallMs = Math.min(DAY.to, Math.max(DAY.from, wallMs + speed * 1_000));
      }
    }),
  );
});

describe("with a browser's decoder", () => {
  const decoders: FakeDecoder[] = [];
  const pictures: { closed: boolean; close(): void }[] = [];
  let flush: () => Promise<void> = () => Promise.resolve();
  let supported: () => Promise<{ supported: boolean }> = () => Promise.resolve({ supported: true });
  class FakeDecoder {
    static isConfigSupported = (): Promise<{ supported: boolean }> => supported();
    state = "unconfigured";
    readonly #output: (picture: unknown) => void;
    constructor({ output }: { readonly output: (picture: unknown) => void }) {
      this.#output = output;
      decoders.push(this);
    }
    configure(): void {
      this.state = "configured";
    }
    decode(): void {
      const picture = { closed: false, displayWidth: 768, displayHeight: 432, close: () => void (picture.closed = true) };
      pictures.push(picture);
      this.#output(picture);
    }
    flush = (): Promise<void> => flush();
    close(): void {
      this.state = "closed";
    }
  }
  const isLeft = (): boolean => decoders.some(({ state }) => state !== "closed") || pictures.some(({ closed }) => !closed);
  const canvas = { width: 0, height: 0, getContext: () => ({ drawImage: () => {} }), classList: { toggle: () => {} } } as unknown as HTMLCanvasElement;
  const real = globalThis.fetch;
  before(() => Object.assign(globalThis, { VideoDecoder: FakeDecoder, EncodedVideoChunk: class { readonly type = "key"; } }));
  after(() => {
    globalThis.fetch = real;
    for (const name of ["VideoDecoder", "EncodedVideoChunk"]) Reflect.deleteProperty(globalThis, name);
  });

  /** A recorder with a picture every two seconds, thinned to what is wanted; newest first where it goes backwards. */
  const recorderOf = (bytes: number) => {
    const asked: { from: number; to: number; count: number }[] = [];
    globalThis.fetch = (input) => {
      const query = new URL(String(input)).searchParams;
      const [from, to, count] = ["from", "to", "count"].map((name) => Number(query.get(name))) as [number, number, number];
      asked.push({ from, to, count });
      const stepMs = Math.max(2_000, Math.ceil((to - from) / count / 2_000) * 2_000);
      const starts: number[] = [];
      for (let start = Math.floor(from / stepMs) * stepMs; start < to; start += stepMs) starts.push(start);
      if (query.get("backward") === "true") starts.reverse();
      const body = [encodeKeyFrameFormat(format), ...starts.flatMap((start) => [encodeKeyFrameHead(start, start + 2_000, bytes), new Uint8Array(bytes)])];
      return Promise.resolve(new Response(new Blob(body as BlobPart[])));
    };
    const view = {
      from: DAY.from, to: DAY.to, token: "t",
      keyFramesUrl: ({ from, to, count }: { from: number; to: number; count: number }, backward: boolean) => new URL(`http://recorder/k?from=${from}&to=${to}&count=${count}&backward=${backward}`),
    } as unknown as PastView;
    return { asked, view };
  };
  /** Until nothing more is fetched or drawn for this moment. */
  const settle = async (play: KeyFramePlay, wallMs: number, speed: number, view: PastView): Promise<void> => {
    for (let i = 0; i < 200; i++) {
      play.tick(wallMs, speed, view, DAY.to);
      await setImmediate();
    }
  };
  const playOn = async (play: KeyFramePlay, from: number, speed: number, seconds: number, view: PastView): Promise<number> => {
    let wallMs = from;
    for (let i = 0; i < seconds; i++) {
      await settle(play, wallMs, speed, view);
      const shown = play.shownMs;
      assert.ok(shown !== null && shown <= wallMs && wallMs - shown <= 8_000, `at ${wallMs} the picture of ${shown} is shown`);
      wallMs += speed * 1_000;
    }
    return wallMs;
  };

  test("[PLY15] what the full shelf let go is fetched again after a jump back to it, and no other picture is told as shown", async () => {
    const { asked, view } = recorderOf(400_000);
    const play = new KeyFramePlay(canvas);
    const start = 40_000_000;
    await playOn(play, start, -16, 20, view);
    const before = asked.length;
    play.tick(start, -16, view, DAY.to);
    assert.equal(play.shownMs, null, "the picture from before the jump stands, and is not told as this moment's");
    await playOn(play, start, -16, 3, view);
    assert.ok(asked.length > before);
    play.close();
  });

  test("[PLY15] pictures so large that a chunk does not fit the shelf come thinner, and play goes on", async () => {
    const { asked, view } = recorderOf(1_500_000);
    const play = new KeyFramePlay(canvas);
    await settle(play, 40_000_000, -16, view);
    const first = asked.length;
    await playOn(play, 40_000_000, -16, 8, view);
    assert.ok(asked.length - first <= 4, `${asked.length} requests: nothing is fetched over and over`);
    play.close();
  });

  test("[PLY15] pictures of a decoder that failed are closed, and so is what was being made when the tile went", async () => {
    const painter = new KeyFramePainter(canvas, null);
    flush = () => Promise.reject(new Error("the decoder was reset"));
    painter.want(frame(2_000));
    await setImmediate();
    flush = () => Promise.resolve();
    painter.want(frame(4_000));
    await setImmediate();
    assert.equal(painter.drawn?.start, 4_000);
    painter.close();
    assert.equal(isLeft(), false);

    const late = Promise.withResolvers<{ supported: boolean }>();
    supported = () => late.promise;
    const other = new KeyFramePainter(canvas, null);
    other.want(frame(2_000));
    other.close();
    late.resolve({ supported: true });
    await setImmediate();
    assert.equal(isLeft(), false);
  });
});
