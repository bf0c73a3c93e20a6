// Streams and recording modes of a whole recorder, over sockets: the sub stream, and what the centre tells of events. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import type { RecordingTimeline } from "../../src/contract/media.ts";
import { getTimeline } from "../support/timeline.ts";
import { Browser, configOf, silentLog } from "./live-browser.ts";
import { TestCamera } from "./test-camera.ts";
import { TestCentre, camera, until } from "./test-centre.ts";

describe("streams and modes", () => {
  const centre = new TestCentre();
  const cameras = {
    both: new TestCamera({ behaviour: "changes-size", count: 0 }),
    watched: new TestCamera({ behaviour: "changes-size", count: 0 }),
    single: new TestCamera({ behaviour: "changes-size", count: 0 }),
    events: new TestCamera({ behaviour: "plays" }),
  };
  let folder = "";
  let recorder: Awaited<ReturnType<typeof startRecorder>>;
  let startedAt = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "citywatch-streams-"));
    await centre.start();
    for (const each of Object.values(cameras)) await each.start();
    centre.cameras = [
      camera(1, cameras.both.address, { subAddress: cameras.both.subAddress }),
      camera(2, cameras.watched.address, { subAddress: cameras.watched.subAddress, recording: "on-demand" }),
      camera(3, cameras.single.address),
      camera(4, cameras.single.address, { subAddress: cameras.single.address.replace("/live", "/missing") }),
      camera(5, cameras.events.address, { recording: "on-event", preRollS: 3, postRollS: 2 }),
    ];
    startedAt = Date.now();
    recorder = await startRecorder(configOf(centre, folder), silentLog);
  });
  after(async () => {
    await recorder?.stop();
    for (const each of Object.values(cameras)) await each.stop();
    await centre.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const opened = (browser: Browser, channel: number) => until(`pictures on channel ${channel}`, () => {
    const last = browser.saidOf(channel).findLast((text) => text.type === "opened");
    return last !== undefined && browser.media.some((each) => each.channel === channel && each.kind === 1) && last;
  });
  const timeline = async (cameraId: number): Promise<RecordingTimeline> => getTimeline({ recorderUrl: `http://127.0.0.1:${recorder.port}`, token: await centre.sign({ cameraId }), cameraId, from: startedAt });

  test("[LIV11] the sub stream is joined for who asks for it, said to be it, and left some seconds after the last", async () => {
    await until("camera 1 connected", () => centre.health.get(1)?.width === 1920);
    assert.equal(cameras.both.subSessions, 0, "nobody watches it yet");
    const browser = new Browser(recorder.port);
    await browser.open(7, 1, await centre.sign({ cameraId: 1 }), "sub");
    const sub = await opened(browser, 7);
    assert.deepEqual([sub.stream, sub.width], ["sub", 240]);
    await browser.open(8, 1, await centre.sign({ cameraId: 1 }));
    const main = await opened(browser, 8);
    assert.deepEqual([main.stream, main.width, cameras.both.subSessions, cameras.both.sessions], ["main", 1920, 1, 1], "one session for each stream, whoever watches");
    browser.ws.close();
    await until("the sub stream is left", () => cameras.both.subSessions === 0);
    assert.equal(centre.health.get(1)?.state, "connected", "and the recording goes on");
  });

  test("[LIV11] whoever goes over to another stream has both for a moment, in one look that ends with the last", async () => {
    const browser = new Browser(recorder.port);
    const token = await centre.sign({ cameraId: 1, viewId: 71 });
    await browser.open(1, 1, token, "sub");
    await opened(browser, 1);
    await browser.open(2, 1, token, "main");
    await opened(browser, 2);
    browser.ws.send(JSON.stringify({ type: "close", channel: 1 }));
    const seen = browser.media.length;
    await until("more of main", () => browser.media.slice(seen).filter((each) => each.channel === 2).length > 5);
    assert.ok(!centre.endedViews.includes(71));
    await browser.open(2, 1, token, "sub");
    await until("the same channel shows sub", () => browser.saidOf(2).findLast((text) => text.type === "opened")?.stream === "sub");
    assert.ok(!centre.endedViews.includes(71));
    browser.ws.close();
    await until("the end of the look", () => centre.endedViews.includes(71));
    assert.equal(centre.endedViews.filter((id) => id === 71).length, 1);
  });

  test("[LIV11] where there is no sub stream, or it cannot be joined, main is shown, and said", async () => {
    const browser = new Browser(recorder.port);
    for (const cameraId of [3, 4]) {
      await browser.open(cameraId, cameraId, await centre.sign({ cameraId }), "sub");
      const { stream, width } = await opened(browser, cameraId);
      assert.deepEqual([stream, width], ["main", 1920], `camera ${cameraId}`);
    }
    browser.ws.close();
  });

  test("[LIV11] a sub stream that is taken away while it is watched becomes main on the same channel", async () => {
    const browser = new Browser(recorder.port);
    await browser.open(1, 1, await centre.sign({ cameraId: 1 }), "sub");
    assert.equal((await opened(browser, 1)).stream, "sub");
    centre.tell(centre.cameras.map((each) => (each.cameraId === 1 ? { ...each, subAddress: null } : each)));
    await until("main", () => browser.saidOf(1).findLast((text) => text.type === "opened")?.stream === "main");
    assert.ok(browser.saidOf(1).every((text) => text.type !== "refused"));
    browser.ws.close();
  });

  test("[CAM1] [LIV11] a camera that is recorded while watched is so by its main stream, whichever is watched", async () => {
    const browser = new Browser(recorder.port);
    await browser.open(1, 2, await centre.sign({ cameraId: 2 }), "sub");
    assert.equal((await opened(browser, 1)).width, 240);
    const segment = await until("a recording of camera 2", async () => (await timeline(2)).segments[0]);
    assert.ok(segment.frames > 0);
    assert.equal(cameras.watched.sessions, 1);
    browser.ws.close();
  });

  test("[CAM15] an event that the centre tells brings what was before it, where the centre's clock is a minute behind too", async () => {
    await until("camera 5 connected for 5 s", () => centre.health.get(5)?.state === "connected" && cameras.events.sent > 130);
    assert.deepEqual((await timeline(5)).segments, []);
    const at = Date.now();
    centre.tellEvent([5, 1, 99], at - 60_000);
    const { segments } = await until("the recording is over", async () => {
      const found = await timeline(5);
      const gap = found.gaps.at(-1);
      return gap !== undefined && gap.cause === "no-event" && gap.start > at && found.segments.every((segment) => !segment.open) && found;
    });
    const [start, end] = [segments[0]!.start, segments.at(-1)!.end];
    // It goes by when the recorder heard of it, which on a busy machine is later: three seconds before that, two after.
    assert.ok(start >= at - 5_000, `begins ${at - start} ms before`);
    assert.ok(end >= at + 1_900 && end - start >= 4_800, `ends ${end - at} ms after, ${end - start} ms after it began`);
    assert.equal(segments.reduce((sum, segment) => sum + segment.frames, 0), Math.round((end - start) / 40), "every picture of that time");
  });
});
