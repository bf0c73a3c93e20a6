// A city with two recorders, all of it as the product runs it: the cameras are shared between them, one that is killed takes nothing from the other, and a camera that is moved keeps its past. Rule ids are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Camera, View } from "../../src/contract/cameras.ts";
import { readWithMp4box } from "../recorder/read-movie.ts";
import { eventually, startRunningCity, type RunningCity } from "../support/running-city.ts";
import { getTimeline } from "../support/timeline.ts";

let city: RunningCity;
const MAIN = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
const reason = { purpose: "camera-maintenance", words: "test of two recorders" } as const;
const getCamera = (id: number): Promise<Camera> => city.client.call("getCamera", { params: { id } });
const openPast = async (cameraId: number, mode: "playback" | "download", from: number, to: number): Promise<View[]> => {
  const { views, refused } = await city.client.call("openViews", { body: { cameraIds: [cameraId], reason, mode, from, to } });
  assert.deepEqual(refused, []);
  return views;
};
/** Recorded without a break since before that time, for some seconds. */
const recordedSince = (id: number, at: number): Promise<Camera> =>
  eventually(`camera ${id} to be recorded`, async () => {
    const camera = await getCamera(id);
    const { recorded, state, lastFrameAt } = camera.health;
    return state === "connected" && recorded !== null && lastFrameAt !== null && lastFrameAt > at + 8_000 && camera;
  }, 120_000);

describe("two recorders in one city", { timeout: 900_000 }, () => {
  const ofRecorder: Camera[] = [];
  before(async () => {
    city = await startRunningCity({ console: false, recorders: 2 });
    const { cameras } = await city.client.call("listCameras", { query: { limit: 500 } });
    for (const id of [1, 2]) ofRecorder.push(cameras.find(({ recorderId, recording, address }) => recorderId === id && recording === "continuous" && address !== null) ?? assert.fail(`no camera of recorder ${id}`));
    const counts = [1, 2].map((id) => cameras.filter(({ recorderId, address }) => recorderId === id && address !== null).length);
    assert.ok(Math.abs(counts[0]! - counts[1]!) <= 1, `the demo's cameras are shared: ${counts.join(" and ")}`);
  }, { timeout: 300_000 });
  after(() => city?.end());

  it("[RDR1] kill -9 of one: the other's pictures have no break, and the killed one comes back by itself and goes on", async () => {
    const [kept, killed] = ofRecorder as [Camera, Camera];
    const from = Date.now();
    await Promise.all([recordedSince(kept.id, from), recordedSince(killed.id, from)]);
    const pids = city.system.pids();
    const killedAt = Date.now();
    process.kill(pids["recorder-2"]!, "SIGKILL");
    await eventually("the killed recorder to be back", async () => ![undefined, pids["recorder-2"]].includes(city.system.pids()["recorder-2"]));
    await recordedSince(killed.id, Date.now());
    await recordedSince(kept.id, Date.now());
    const to = Date.now() - 3_000;
    assert.equal(city.system.pids()["recorder"], pids["recorder"]);
    for (const id of [1, 2]) assert.ok(existsSync(join(city.dataDir, id === 1 ? "recordings" : "recordings-2", "index.sqlite")));

    const [view] = await openPast(kept.id, "playback", killedAt - 4_000, to);
    const timeline = await getTimeline({ ...view!, cameraId: kept.id, from: killedAt - 4_000, to });
    assert.deepEqual(timeline.gaps, []);
    const [file] = await openPast(kept.id, "download", killedAt - 4_000, to);
    const answer = await fetch(`${file!.recorderUrl}/v1/cameras/${kept.id}/recording.mp4?from=${killedAt - 4_000}&to=${to}`, { headers: { authorization: `Bearer ${file!.token}` } });
    const { samples } = readWithMp4box(new Uint8Array(await answer.arrayBuffer()));
    const steps = samples.slice(1).map(({ dts }, i) => dts - samples[i]!.dts);
    const step = steps.toSorted((a, b) => a - b)[steps.length >> 1]!;
    assert.ok(samples.length > 50);
    assert.deepEqual(steps.filter((one) => one > step * 1.5), [], "no picture of the other's camera is missing");

    const [late] = await openPast(killed.id, "playback", from, to);
    const theirs = await getTimeline({ ...late!, cameraId: killed.id, from, to });
    assert.equal(theirs.gaps.find(({ start, end }) => start < killedAt + 1_000 && end > killedAt)?.cause, "recorder-crashed");
  });

  it("[RDR2] [RDR3] a camera that is moved is recorded by the other from then on, and what it was before is played as before", async () => {
    const [camera] = ofRecorder as [Camera];
    const from = Date.now() - 10_000;
    const cli = await promisify(execFile)(process.execPath, [MAIN, "camera", "move", camera.code, "--recorder", "2", "--words", "its disk is old", "--centre", city.system.address, "--data", city.dataDir]);
    assert.match(cli.stdout, new RegExp(`Moved ${camera.code} from recorder 1 to recorder 2`));
    const movedAt = Date.now();
    await recordedSince(camera.id, movedAt);
    assert.equal((await getCamera(camera.id)).recorderId, 2);
    const to = Date.now() - 2_000;
    const views = await openPast(camera.id, "playback", from, to);
    assert.equal(new Set(views.map(({ recorderUrl }) => recorderUrl)).size, 2);
    for (const view of views) {
      const [start, end] = [view.from!, view.to!];
      const timeline = await getTimeline({ ...view, cameraId: camera.id, from: start, to: end });
      assert.ok(timeline.coverage.length > 0, `each recorder has its part: ${JSON.stringify(timeline.gaps)}`);
      const playlist = await fetch(`${view.recorderUrl}/v1/cameras/${camera.id}/hls.m3u8?from=${start}&to=${end}`, { headers: { authorization: `Bearer ${view.token}` } });
      assert.deepEqual([playlist.status, /#EXTINF/.test(await playlist.text())], [200, true]);
      const beyond = await fetch(`${view.recorderUrl}/v1/cameras/${camera.id}/hls.m3u8?from=${from}&to=${to}`, { headers: { authorization: `Bearer ${view.token}` } });
      assert.equal(beyond.status, 403, "a look opens its own part alone");
    }
    // The time bar asks every recorder with one token.
    const timelines = await Promise.all(views[1]!.recorders.map((part) => getTimeline({ recorderUrl: part.recorderUrl!, token: views[1]!.token, cameraId: camera.id, from: Math.max(from, part.from), to: Math.min(to, part.to ?? to) })));
    const covered = timelines.flatMap(({ coverage }) => coverage);
    const missing = covered.slice(1).reduce((sum, { start }, i) => sum + start - covered[i]!.end, 0);
    assert.ok(covered[0]!.start <= from + 1_000 && missing < 30_000, `the move takes as long as joining a camera: ${missing} ms`);

    const { audits } = { audits: await city.client.call("listAuditEntries", { query: { subjectKind: "camera", subjectId: camera.id } }) };
    assert.ok(audits.entries.some(({ action, body }) => action === "camera.move-recorder" && (body as { words?: string }).words === "its disk is old"));
  });

  it("`citywatch check` looks at the folder of each", async () => {
    const answer = await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN, "check", "--data", city.dataDir, "--json"]);
    const reports = answer.stdout.trim().split("\n").map((line) => JSON.parse(line) as { recorder: number; folder: string; findings: unknown[] });
    assert.deepEqual(reports.map(({ recorder, folder, findings }) => [recorder, folder, findings]), [[1, join(city.dataDir, "recordings"), []], [2, join(city.dataDir, "recordings-2"), []]]);
  });
});
