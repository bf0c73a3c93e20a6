// The recorder as a whole, with cameras and a centre of the tests' own: what is recorded, what is shown, what is told when cameras misbehave, and what is
// left after kill -9. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createFile, MP4BoxBuffer } from "mp4box";
import { startRecorder } from "../../src/app/recorder.ts";
import { LIVE_FRAME_KINDS, type RecordingTimeline } from "../../src/contract/media.ts";
import { getTimeline } from "../support/timeline.ts";
import { Browser, configOf, silentLog } from "./live-browser.ts";
import { TestCamera } from "./test-camera.ts";
import { CONSOLE_ORIGIN, TestCentre, camera, until } from "./test-centre.ts";

function assertCovered(timeline: RecordingTimeline): void {
  const parts = [...timeline.segments, ...timeline.gaps].sort((a, b) => a.start - b.start);
  let at = timeline.from;
  for (const part of parts) {
    assert.equal(part.start, at, "[PLY1] recorded and gaps cover the range without hole or overlap");
    at = part.end;
  }
  assert.equal(at, timeline.to);
}

async function readWithMp4box(bytes: Uint8Array): Promise<{ codec: string; width: number; frames: number }> {
  const file = createFile();
  const ready = new Promise<{ codec: string; width: number; frames: number }>((resolve, reject) => {
    file.onError = (_module: string, message: string) => reject(new Error(message));
    file.onReady = (info) => {
      const track = info.videoTracks[0]!;
      resolve({ codec: track.codec, width: track.video!.width, frames: track.nb_samples });
    };
  });
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
  file.flush();
  return ready;
}

describe("one recorder, many cameras", () => {
  const centre = new TestCentre();
  const cameras = {
    plays: new TestCamera({ behaviour: "plays", credentials: { userName: "admin", password: "pass word" } }),
    changes: new TestCamera({ behaviour: "changes-size", count: 50 }),
    closes: new TestCamera({ behaviour: "closes", count: 60 }),
    bye: new TestCamera({ behaviour: "says-bye", count: 30 }),
    onDemand: new TestCamera({ behaviour: "plays" }),
    wrongPassword: new TestCamera({ behaviour: "plays", credentials: { userName: "admin", password: "other" } }),
    notFound: new TestCamera({ behaviour: "not-found" }),
    mjpeg: new TestCamera({ behaviour: "mjpeg" }),
    noVideo: new TestCamera({ behaviour: "no-video" }),
    http: new TestCamera({ behaviour: "http" }),
    silent: new TestCamera({ behaviour: "goes-silent", count: 30 }),
    mute: new TestCamera({ behaviour: "mute" }),
    large: new TestCamera({ behaviour: "plays", sliceBytes: 150_000, gop: 10 }),
  };
  let folder = "";
  let recorder: Awaited<ReturnType<typeof startRecorder>>;
  let startedAt = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "citywatch-recorder-"));
    await centre.start();
    for (const each of Object.values(cameras)) await each.start();
    centre.cameras = [
      camera(1, cameras.plays.address, { userName: "admin", password: "pass word" }),
      camera(2, cameras.changes.address),
      camera(3, cameras.closes.address),
      camera(4, cameras.bye.address),
      camera(5, cameras.onDemand.address, { recording: "on-demand" }),
      camera(6, cameras.wrongPassword.address, { userName: "admin", password: "guess" }),
      camera(7, cameras.mjpeg.address),
      camera(8, cameras.silent.address),
      camera(9, cameras.large.address, { recording: "on-demand" }),
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

  test("[CAM4] a camera with digest authentication is joined, and its health told to the centre", async () => {
    const health = await until("camera 1 connected with figures", () => {
      const known = centre.health.get(1);
      return known?.state === "connected" && known.codec !== null && known;
    });
    assert.equal(health.codec, "avc1.42c01e");
    assert.equal(health.width, 240);
  });

  test("[CAM5] problems are told in the contract's words, and one bad camera does not hold up another", async () => {
    const codes = await until("problems of 6 and 7", () => {
      const six = centre.health.get(6)?.problem?.code;
      const seven = centre.health.get(7)?.problem?.code;
      return six !== undefined && seven !== undefined && [six, seven];
    });
    assert.deepEqual(codes, ["unauthorized", "unsupported-codec"]);
    assert.equal(centre.health.get(1)?.state, "connected");
  });

  test("[CAM6] a trial says what it found or what was wrong", async () => {
    const good = await centre.probe(cameras.plays.address, "admin", "pass word");
    assert.equal(good.ok && good.codec, "avc1.42c01e");
    assert.equal(good.ok && good.width, 240);
    const expected: [string, string | null, string][] = [
      [cameras.plays.address, "guess", "unauthorized"], [cameras.plays.address, null, "credentials-missing"], [cameras.notFound.address, null, "not-found"], [cameras.mjpeg.address, null, "unsupported-codec"],
      [cameras.noVideo.address, null, "no-video"], [cameras.http.address, null, "not-rtsp"], ["rtsp://127.0.0.1:1/x", null, "refused"], ["http://127.0.0.1/x", null, "bad-address"],
      ["rtsp://169.254.169.254/latest/meta-data", null, "bad-address"], ["rtsp://[::ffff:169.254.169.254]/x", null, "bad-address"], ["rtsp://camera.invalid/x", null, "unresolved"],
    ];
    for (const [address, password, problem] of expected) {
      const result = await centre.probe(address, password === null ? null : "admin", password);
      assert.equal(result.ok, false, address);
      assert.equal(!result.ok && result.problem, problem, `${address}: ${result.ok ? "" : result.message}`);
      assert.ok(result.ok || !result.message.includes("guess"), "no password in a message");
    }
  });

  test("[LIV1] a viewer gets an initialisation, then a key frame, then the pictures that follow, with wall times", async () => {
    const browser = new Browser(recorder.port);
    await browser.open(3_000, 1, await centre.sign({ cameraId: 1, viewId: 41 }));
    await until("thirty live fragments", () => browser.media.length > 30);
    const opened = browser.texts.find((text) => text.type === "opened");
    assert.deepEqual(opened, { type: "opened", channel: 3_000, mimeType: 'video/mp4; codecs="avc1.42c01e"', width: 240, height: 160, stream: "main" });
    assert.equal(browser.media[0]!.kind, LIVE_FRAME_KINDS.init);
    assert.equal(browser.media[1]!.kind, LIVE_FRAME_KINDS.key);
    assert.ok(browser.media.every((each) => each.channel === 3_000));
    assert.ok(Math.abs(browser.media.at(-1)!.wallMs - Date.now()) < 20_000);
    const whole = Buffer.concat(browser.media.map((each) => each.bytes));
    const read = await readWithMp4box(whole);
    assert.equal(read.codec, "avc1.42c01e");
    assert.equal(read.frames, browser.media.length - 1);
    browser.ws.close();
    await until("[LIV8] the centre learns that the view ended", () => centre.endedViews.includes(41));
    const again = new Browser(recorder.port);
    await again.open(1, 1, await centre.sign({ cameraId: 1, viewId: 41 }));
    const refused = await until("[VIEW8] a token of the look that ended is refused", () => again.texts.find((text) => text.type === "refused"));
    assert.equal(refused.type === "refused" && refused.reason.code, "view-ended");
    assert.equal(again.media.length, 0);
    again.ws.close();
  });

  test("[VIEW8] a look that the centre takes back is served no more, and its end is told, whether it was served or not", async () => {
    const browser = new Browser(recorder.port);
    const token = await centre.sign({ cameraId: 1, viewId: 171 });
    await browser.open(1, 1, token);
    await until("live fragments", () => browser.media.length > 3);
    centre.endView(171);
    const refused = await until("the picture ends", () => browser.texts.find((text) => text.type === "refused"));
    assert.equal(refused.type === "refused" && refused.reason.code, "view-ended");
    await until("the centre learns it", () => centre.endedViews.includes(171));
    const unserved = await centre.sign({ cameraId: 1, viewId: 172 });
    centre.endView(172);
    await until("the end of a look that nobody served", () => centre.endedViews.includes(172));
    await browser.open(2, 1, unserved);
    await until("its token opens nothing", () => browser.texts.some((text) => text.type === "refused" && text.channel === 2 && text.reason.code === "view-ended"));
    centre.endView(172);
    centre.endView(171);
    browser.ws.close();
    assert.deepEqual([171, 172].map((id) => centre.endedViews.filter((one) => one === id).length), [1, 1]);
  });

  test("[VIEW8] a download that the centre takes back opens nothing more, and its end is told once", async () => {
    const from = Date.now() - 20_000;
    const token = await centre.sign({ cameraId: 1, viewId: 173, mode: "download" });
    const ask = async (): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${recorder.port}/v1/cameras/1/recording.mp4?from=${from}&to=${Date.now()}`, { headers: { authorization: `Bearer ${token}` } });
      await answer.arrayBuffer();
      return answer.status;
    };
    assert.equal(await ask(), 200);
    centre.endView(173);
    await until("its end", () => centre.endedViews.includes(173));
    assert.equal(await ask(), 401);
    centre.endView(173);
    centre.endView(174);
    await until("one that nobody asked for", () => centre.endedViews.includes(174));
    assert.equal(centre.endedViews.filter((id) => id === 173).length, 1);
  });

  test("[LIV7] a view is refused without a token, for another camera, for another mode, after its time; a socket from another origin is refused", async () => {
    const browser = new Browser(recorder.port);
    await browser.open(1, 1, "not.a.token");
    await browser.open(2, 1, await centre.sign({ cameraId: 2 }));
    await browser.open(3, 1, await centre.sign({ cameraId: 1, mode: "playback" }));
    await browser.open(4, 1, await centre.sign({ cameraId: 1 }, -30_000));
    await browser.open(5, 99, await centre.sign({ cameraId: 99 }));
    await browser.open(6, 7, await centre.sign({ cameraId: 7 }));
    await until("six refusals", () => browser.texts.filter((text) => text.type === "refused").length === 6);
    const codes = browser.texts.flatMap((text) => (text.type === "refused" ? [[text.channel, text.reason.code]] : []));
    assert.deepEqual(codes.sort(), [[1, "token-invalid"], [2, "other-camera"], [3, "other-mode"], [4, "token-expired"], [5, "camera-unknown"], [6, "unsupported-codec"]]);
    browser.ws.close();
    const foreign = new Browser(recorder.port, "http://elsewhere.example");
    await until("the foreign socket closed", () => foreign.closed);
    assert.equal(foreign.texts.length, 0);
  });

  test("[LIV7] a view whose token runs out ends unless it is renewed", async () => {
    const browser = new Browser(recorder.port);
    await browser.open(1, 1, await centre.sign({ viewId: 51 }, 1_000));
    await until("the view's end", () => browser.texts.some((text) => text.type === "refused" && text.reason.code === "view-expired"));
    browser.ws.close();
  });

  test("[CAM1] an on-demand camera is joined for its first viewer", async () => {
    assert.equal(cameras.onDemand.sessions, 0);
    const browser = new Browser(recorder.port);
    await browser.open(9, 5, await centre.sign({ cameraId: 5, viewId: 61 }));
    assert.equal((await until("the first text", () => browser.texts[0])).type, "waiting");
    await until("pictures", () => browser.media.some((each) => each.kind === LIVE_FRAME_KINDS.delta));
    assert.equal(cameras.onDemand.sessions, 1);
    browser.ws.close();
  });

  test("[PLY1] recorded time and gaps cover what was asked; a camera that closed is joined again", async () => {
    await until("second sessions of cameras 3 and 4", () => cameras.closes.sessions >= 2 && cameras.bye.sessions >= 2);
    await until("their pictures", () => cameras.closes.sent > 90 && cameras.bye.sent > 45);
    for (const cameraId of [1, 2, 3, 4, 5, 6, 7]) {
      const token = await centre.sign({ cameraId, mode: "playback" });
      const timeline = await until(`recordings of ${cameraId}`, async () => {
        const known = await getTimeline({ recorderUrl: `http://127.0.0.1:${recorder.port}`, token, cameraId, from: startedAt - 10_000 });
        return (cameraId >= 6 || known.segments.length >= (cameraId === 3 || cameraId === 4 ? 2 : 1)) && known;
      });
      assertCovered(timeline);
      const causes = new Set(timeline.gaps.map((gap) => gap.cause));
      if (cameraId === 3 || cameraId === 4) assert.ok(causes.has("camera-closed"), `[RCD7] camera ${cameraId}: ${[...causes].join()}`);
      if (cameraId === 6) assert.ok(causes.has("camera-refused"));
    }
  });

  test("[RCD4] a change of parameter sets begins a new segment with its own initialisation", async () => {
    const token = await centre.sign({ cameraId: 2, mode: "playback" });
    const timeline = await until("two segments of camera 2", async () => {
      const known = await getTimeline({ recorderUrl: `http://127.0.0.1:${recorder.port}`, token, cameraId: 2, from: startedAt });
      return known.segments.length >= 2 && known.segments.at(-1)!.frames >= 10 && known;
    });
    const widths: number[] = [];
    for (const segment of timeline.segments) {
      const answer = await fetch(`http://127.0.0.1:${recorder.port}/v1/cameras/2/segments/${segment.id}.mp4`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 200);
      widths.push((await readWithMp4box(new Uint8Array(await answer.arrayBuffer()))).width);
    }
    assert.deepEqual(widths.filter((width, i) => width !== widths[i - 1]), [240, 1920], "a minute may end meanwhile, which begins a segment too");
    const playlist = await (await fetch(`http://127.0.0.1:${recorder.port}/v1/cameras/2/hls.m3u8?from=${startedAt}&to=${Date.now()}`, { headers: { authorization: `Bearer ${token}` } })).text();
    assert.equal(playlist.match(/#EXT-X-MAP/g)?.length, 2);
    assert.equal(playlist.match(/#EXT-X-DISCONTINUITY/g)?.length, 1);
  });

  test("[PLY3] the playlist's parts are whole fragments that begin with key frames", async () => {
    const token = await centre.sign({ cameraId: 1, mode: "playback" });
    const head = { authorization: `Bearer ${token}`, origin: CONSOLE_ORIGIN };
    const answer = await fetch(`http://127.0.0.1:${recorder.port}/v1/cameras/1/hls.m3u8?from=${startedAt}&to=${Date.now()}`, { headers: head });
    assert.equal(answer.headers.get("access-control-allow-origin"), CONSOLE_ORIGIN);
    const lines = (await answer.text()).split("\n");
    const map = /URI="([^"]+)",BYTERANGE="(\d+)@0"/.exec(lines.find((line) => line.startsWith("#EXT-X-MAP"))!)!;
    const fetchRange = async (uri: string, start: number, bytes: number): Promise<Uint8Array> => {
      const part = await fetch(`http://127.0.0.1:${recorder.port}/v1/cameras/1/${uri}`, { headers: { ...head, range: `bytes=${start}-${start + bytes - 1}` } });
      assert.equal(part.status, 206);
      assert.match(part.headers.get("content-range") ?? "", new RegExp(`^bytes ${start}-${start + bytes - 1}/`));
      return new Uint8Array(await part.arrayBuffer());
    };
    const init = await fetchRange(map[1]!, 0, Number(map[2]));
    const ranges = lines.flatMap((line, i) => (line.startsWith("#EXT-X-BYTERANGE:") ? [{ range: line.slice(17).split("@").map(Number), uri: lines[i + 1]! }] : []));
    assert.ok(ranges.length >= 1);
    for (const { range, uri } of ranges) {
      const part = await fetchRange(uri, range[1]!, range[0]!);
      assert.equal(String.fromCharCode(...part.subarray(4, 8)), "prft");
      assert.ok((await readWithMp4box(Buffer.concat([init, part]))).frames >= 1);
    }
  });

  test("[PLY7] the past is refused without a view, beyond the view's range, and to other origins; paths lead nowhere", async () => {
    const url = `http://127.0.0.1:${recorder.port}/v1/cameras/1`;
    const now = Date.now();
    const narrow = { authorization: `Bearer ${await centre.sign({ mode: "playback", from: now - 2_000, to: now })}` };
    const status = async (path: string, headers: Record<string, string> = {}): Promise<number> => (await fetch(url + path, { headers })).status;
    assert.equal(await status(`/timeline?from=${now - 1_000}&to=${now}`), 401);
    assert.equal(await status(`/timeline?from=${now - 1_000}&to=${now}&token=${await centre.sign({ mode: "playback" })}`), 401, "a token in a URL is no token");
    assert.equal(await status(`/timeline?from=${now - 9_000}&to=${now}`, narrow), 200, "the timeline shows no picture");
    assert.equal(await status(`/hls.m3u8?from=${now - 9_000}&to=${now}`, narrow), 403);
    assert.equal(await status(`/timeline?from=${now - 1_000}&to=${now}`, narrow), 200);
    assert.equal(await status(`/timeline?from=x&to=1`, narrow), 400);
    const live = { authorization: `Bearer ${await centre.sign({ mode: "live", from: null, to: null })}` };
    assert.equal(await status(`/timeline?from=${now - 9_000}&to=${now}`, live), 200, "a live view may know when there are pictures");
    assert.equal(await status(`/hls.m3u8?from=${now - 9_000}&to=${now}`, live), 403, "and see none of the past");
    for (const claims of [{ mode: "live", timeline: false }, { mode: "playback", timeline: false }, { mode: "download" }] as const) {
      const without = { authorization: `Bearer ${await centre.sign(claims)}` };
      assert.deepEqual([await status(`/timeline?from=${now - 9_000}&to=${now}`, without), await status(`/activity?from=${now - 9_000}&to=${now}`, without)], [403, 403], "the view of a crew, or a download, reads none of it");
    }
    assert.equal(await status(`/timeline?from=${now - 1_000}&to=${now}`, { ...narrow, origin: "http://elsewhere.example" }), 403);
    assert.equal(await status("/segments/..%2f..%2findex.sqlite", narrow), 404);
    assert.equal(await status("/segments/999999.mp4", narrow), 404);
    const wide = await centre.sign({ cameraId: 1, mode: "playback" });
    const other = await centre.sign({ cameraId: 2, mode: "playback" });
    const [segment] = (await getTimeline({ recorderUrl: `http://127.0.0.1:${recorder.port}`, token: wide, cameraId: 1, from: startedAt, to: now })).segments;
    assert.equal((await fetch(`http://127.0.0.1:${recorder.port}/v1/cameras/2/segments/${segment!.id}.mp4`, { headers: { authorization: `Bearer ${other}` } })).status, 404, "a segment of another camera");
    const early = { authorization: `Bearer ${await centre.sign({ mode: "playback", from: 0, to: segment!.start - 1 })}` };
    assert.equal(await status(`/segments/${segment!.id}.mp4`, early), 403, "outside the view's range");
  });

  test("[LIV2] [LIV3] a viewer that does not read falls to key frames, is told, and gets everything again by itself; another viewer of the same camera misses nothing", async () => {
    const slow = new Browser(recorder.port);
    const fast = new Browser(recorder.port);
    await slow.open(1, 9, await centre.sign({ cameraId: 9, viewId: 71 }));
    await fast.open(1, 9, await centre.sign({ cameraId: 9, viewId: 72 }));
    await until("pictures at both", () => slow.media.length > 5 && fast.media.length > 5);
    slow.ws.pause();
    const from = fast.media.length;
    await until("more pictures than sockets hold", () => fast.media.length > from + 120);
    slow.ws.resume();
    const dropped = await until("word of what was dropped", () => slow.texts.find((text) => text.type === "dropped"));
    assert.ok(dropped.type === "dropped" && dropped.frames > 0);
    await until("a key frame after a hole", () => slow.media.some((each, i) => i > 1 && each.wallMs - slow.media[i - 1]!.wallMs > 80 && each.kind === LIVE_FRAME_KINDS.key));
    await until("pictures of now again", () => slow.media.at(-1)!.wallMs > Date.now() - 2_000);
    await until("word that key frames alone come, and then that all does again", () => {
      const paces = slow.texts.flatMap((text) => (text.type === "pace" ? [text.pace] : []));
      return paces[0] === "key-frames" && paces.at(-1) === "all";
    });
    const resumed = slow.media.length;
    await until("all pictures again", () => slow.media.slice(resumed).filter(({ kind }) => kind === LIVE_FRAME_KINDS.delta).length > 20);
    assert.equal(fast.texts.some((text) => text.type === "dropped" || text.type === "pace"), false);
    slow.ws.close();
    fast.ws.close();
  });

  test("[CAM7] a silent camera is left and tried again, and the gap says no-data; a mute one is a timeout", async () => {
    const mute = centre.probe(cameras.mute.address);
    await until("a second session of camera 8", () => cameras.silent.sessions >= 2);
    const timeline = await getTimeline({ recorderUrl: `http://127.0.0.1:${recorder.port}`, token: await centre.sign({ cameraId: 8, mode: "playback" }), cameraId: 8, from: startedAt });
    assert.ok(timeline.gaps.some((gap) => gap.cause === "no-data"));
    assertCovered(timeline);
    const result = await mute;
    assert.equal(!result.ok && result.problem, "timeout");
  });

  test("[LIV9] a camera that is removed refuses its viewers; when it is back, the same channel opens again", async () => {
    const before = centre.cameras;
    const browser = new Browser(recorder.port);
    centre.tell([...before, camera(10, cameras.onDemand.address, { recording: "on-demand" })]);
    await until("the camera known", async () => {
      if (browser.media.length > 0) return true;
      await browser.open(4, 10, await centre.sign({ cameraId: 10 }));
      await new Promise((resolve) => setTimeout(resolve, 200));
      return false;
    });
    browser.texts.length = 0;
    centre.tell(before);
    const refused = await until("the refusal", () => browser.texts.find((text) => text.type === "refused"));
    assert.equal(refused.type === "refused" && refused.reason.code, "camera-unknown");
    centre.tell([...before, camera(10, cameras.onDemand.address, { recording: "on-demand" })]);
    const seen = browser.media.length;
    await until("pictures again on the channel", async () => {
      if (browser.media.length > seen) return true;
      await browser.open(4, 10, await centre.sign({ cameraId: 10 }));
      await new Promise((resolve) => setTimeout(resolve, 200));
      return false;
    });
    browser.ws.close();
    centre.tell(before);
  });

  test("health, readiness and metrics answer", async () => {
    for (const path of ["/health", "/ready"]) assert.equal((await fetch(`http://127.0.0.1:${recorder.port}${path}`)).status, 200);
    const metrics = await (await fetch(`http://127.0.0.1:${recorder.port}/metrics`)).text();
    assert.match(metrics, /citywatch_recorder_cameras\{state="connected"\} [1-9]/);
    assert.match(metrics, /citywatch_recorder_bytes_written [1-9]/);
  });

  test("[RCD8] a clean stop writes everything: every picture sent while joined is in the files", async () => {
    const sentBefore = cameras.plays.sent;
    await recorder.stop();
    const sentAtMost = cameras.plays.sent; // it sends on until it is left
    const again = await startRecorder(configOf(centre, folder), silentLog);
    try {
      const timeline = await getTimeline({ recorderUrl: `http://127.0.0.1:${again.port}`, token: await centre.sign({ cameraId: 1, mode: "playback" }), cameraId: 1, from: startedAt });
      const closed = timeline.segments.filter((segment) => !segment.open);
      const frames = closed.reduce((sum, segment) => sum + segment.frames, 0);
      assert.ok(timeline.gaps.some((gap) => gap.cause === "recorder-stopped"));
      // A trial joined too, so what was sent is an upper bound; the two sessions that only tried took at most some pictures each.
      assert.ok(frames > sentBefore * 0.8 && frames <= sentAtMost, `${frames} of ${sentBefore} to ${sentAtMost}`);
    } finally {
      await again.stop();
    }
  });
});

describe("kill -9", () => {
  test("[RCD9] [RCD12] what was written is whole after a kill, the gap has its cause, and recording goes on without the centre", async () => {
    const centre = new TestCentre();
    const source = new TestCamera({ behaviour: "plays", gop: 10, credentials: { userName: "u", password: "secret-of-the-camera" } });
    const folder = await mkdtemp(join(tmpdir(), "citywatch-kill-"));
    await centre.start();
    await source.start();
    centre.cameras = [camera(1, source.address, { userName: "u", password: "secret-of-the-camera" })];
    const children: ChildProcess[] = [];
    const startChild = async (): Promise<{ child: ChildProcess; port: number }> => {
      const child = fork(new URL("./recorder-process.ts", import.meta.url), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
      children.push(child);
      child.send(configOf(centre, folder));
      const [message] = (await once(child, "message")) as [{ type: string; port: number; message?: string }];
      assert.equal(message.type, "ready", message.message);
      return { child, port: message.port };
    };
    try {
      const startedAt = Date.now();
      const first = await startChild();
      await until("three seconds of pictures", () => source.sent >= 75);
      // Killed as soon as it has told that all but the last moments are on record: what it told has to be there afterwards.
      const toldUntil = await until("all but the last moments to be on record", async () => {
        const { segments } = await getTimeline({ recorderUrl: `http://127.0.0.1:${first.port}`, token: await centre.sign({ cameraId: 1, mode: "playback" }), cameraId: 1, from: startedAt });
        const end = segments.at(-1)?.end ?? 0;
        return end > Date.now() - 5_000 && end;
      });
      first.child.kill("SIGKILL");
      await once(first.child, "exit");
      const files = await readdir(join(folder, "segments", "1"));

      await centre.stop(); // the second life has only what is on disk
      const before = source.sent;
      const second = await startChild();
      await until("pictures again", () => source.sent > before + 30);
      const token = await centre.sign({ cameraId: 1, mode: "playback" });
      const timeline = await until("two segments", async () => {
        const known = await getTimeline({ recorderUrl: `http://127.0.0.1:${second.port}`, token, cameraId: 1, from: startedAt });
        return known.segments.length >= 2 && known;
      });
      assertCovered(timeline);
      const gap = timeline.gaps.find((each) => each.cause === "recorder-crashed");
      assert.ok(gap !== undefined, JSON.stringify(timeline.gaps));
      const whole = timeline.segments.filter((segment) => segment.end <= gap.start);
      // One, and one more where its minute ended meanwhile. The kill may fall on the moment at which a file was made and nothing whole stood in it: that one is on no record and not left behind.
      const onRecord = whole.map(({ id }) => `${id}.mp4`);
      const begun = files.filter((name) => !onRecord.includes(name));
      assert.ok(onRecord.length > 0 && onRecord.every((name) => files.includes(name)), `${onRecord.join()} of ${files.join()}`);
      assert.ok(begun.length <= 1 && begun.every((name) => Number.parseInt(name) > whole.at(-1)!.id), `${begun.join()} beside ${onRecord.join()}`);
      const known = timeline.segments.map(({ id }) => `${id}.mp4`);
      for (const name of await readdir(join(folder, "segments", "1"))) assert.ok(!begun.includes(name) || known.includes(name), `${name} was left behind`);
      assert.equal(gap.start, whole.at(-1)!.end);
      assert.ok(whole.at(-1)!.end >= toldUntil - 1, `${toldUntil - whole.at(-1)!.end} ms that were on record are missing`);
      for (const { id, bytes, frames } of whole) {
        const file = join(folder, "segments", "1", `${id}.mp4`);
        assert.equal((await stat(file)).size, bytes);
        assert.equal((await readWithMp4box(await readFile(file))).frames, frames);
      }
      const index = await readFile(join(folder, "index.sqlite"));
      assert.equal(index.includes("secret-of-the-camera"), false, "[SEC1] no password in clear on the disk");
      second.child.send("stop");
      await once(second.child, "exit");
    } finally {
      for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await source.stop();
      await centre.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
