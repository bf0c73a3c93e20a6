// A hundred viewers of one camera that changes its picture's size and is lost and found again: each gets every picture, in order, with the initialisation it needs, however their writes are grouped.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import { LIVE_FRAME_KINDS } from "../../src/contract/media.ts";
import { findBoxHeader, parseMoof } from "../../src/media/fmp4/reading.ts";
import { Browser, configOf, silentLog } from "./live-browser.ts";
import { TestCamera } from "./test-camera.ts";
import { TestCentre, camera, until } from "./test-centre.ts";

const VIEWERS = 100;

describe("many viewers of one camera", () => {
  const centre = new TestCentre();
  const source = new TestCamera({ behaviour: "plays", gop: 25, sliceBytes: 1_000, count: 0 });
  const viewers: Browser[] = [];
  let folder = "";
  let recorder: Awaited<ReturnType<typeof startRecorder>>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "citywatch-many-"));
    await Promise.all([centre.start(), source.start()]);
    centre.cameras = [camera(1, source.address)];
    recorder = await startRecorder(configOf(centre, folder), silentLog);
    await until("camera 1", () => centre.health.get(1)?.state === "connected");
  });
  after(async () => {
    for (const viewer of viewers) viewer.ws.terminate();
    await recorder?.stop();
    await source.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("[LIV1] [LIV5] [LIV6] [LIV10] all get the same pictures, over a loss and another size, and times never run back", { timeout: 600_000 }, async () => {
    for (let i = 0; i < VIEWERS; i++) {
      const viewer = new Browser(recorder.port);
      viewers.push(viewer);
      await viewer.open(i % 3, 1, await centre.sign({}));
    }
    await until("pictures for all", () => viewers.every(({ media }) => media.length > 30));
    source.behaviour = "changes-size"; // from the next session on: `count` is 0
    source.hangUp();
    await until("the other size for all", () => viewers.every(({ texts }) => texts.some((text) => text.type === "opened" && text.width === 1_920)));
    const from = viewers.map(({ media }) => media.length);
    await until("pictures of it for all", () => viewers.every(({ media }, i) => media.length > from[i]! + 30));

    const told = (viewer: Browser): { wallMs: number; start90k: number }[] => viewer.media.filter(({ kind }) => kind !== LIVE_FRAME_KINDS.init).map(({ wallMs, bytes }) => {
      const moof = parseMoof(bytes.subarray(0, findBoxHeader(bytes, 0)!.size));
      assert.ok(moof.ok);
      return { wallMs, start90k: moof.value.start90k };
    });
    const longest = told(viewers[0]!);
    assert.ok(longest.every(({ start90k }, i) => i === 0 || start90k > longest[i - 1]!.start90k));
    const known = new Map(longest.map(({ start90k }, i) => [start90k, i]));
    for (const [i, viewer] of viewers.entries()) {
      assert.deepEqual(viewer.media.map(({ channel }) => channel).filter((channel) => channel !== i % 3), []);
      assert.equal(viewer.media[0]!.kind, LIVE_FRAME_KINDS.init);
      assert.equal(viewer.media[1]!.kind, LIVE_FRAME_KINDS.key);
      assert.ok(viewer.texts.every(({ type }) => type !== "dropped"));
      const places = told(viewer).map(({ start90k }) => known.get(start90k)).filter((place) => place !== undefined);
      assert.ok(places.length > 60);
      assert.deepEqual(places, places.map((_, at) => places[0]! + at), `viewer ${i} has every picture that the first has, once`);
    }
  });
});
