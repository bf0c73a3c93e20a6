// An export from end to end without a browser: the centre's API, the link, a true recorder that is recording just then, the download over HTTP, and the verdict. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startRecorder } from "../../src/app/recorder.ts";
import { parseBase64 } from "../../src/evidence/ed25519.ts";
import { verifyPackage } from "../../src/evidence/verify.ts";
import { nodeTools, openPackage } from "../../src/io/evidence/package-source.ts";
import { SERVICE_TOKENS, cameraBody, startTestApi, type TestApi } from "../support/api.ts";
import { freePort } from "../support/free-port.ts";
import type { CityClient } from "../support/city-client.ts";
import { getTimeline } from "../support/timeline.ts";
import { waitUntil } from "../support/wait.ts";
import { configOf, silentLog } from "./live-browser.ts";
import { TestCamera } from "./test-camera.ts";
import { TestCentre } from "./test-centre.ts";

describe("an export from end to end", () => {
  const camera = new TestCamera({ behaviour: "plays", gop: 10 });
  let api: TestApi;
  let operator: CityClient;
  let inspector: CityClient;
  let recorder: Awaited<ReturnType<typeof startRecorder>>;
  let folder: string;
  let cameraId: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "citywatch-export-"));
    await writeFile(join(folder, "page.html"), "<!doctype html>");
    await camera.start();
    api = await startTestApi();
    const first = await api.first();
    operator = await api.person("vera", ["video-operator"]);
    inspector = await api.person("ines", ["inspector"]);
    cameraId = (await first.call("createCamera", { body: cameraBody({ code: "X1" }) })).id;
    await api.database`update camera set address = ${camera.address} where id = ${cameraId}`; // the register takes no camera of this machine
    const port = await freePort();
    recorder = await startRecorder(configOf(new TestCentre(), join(folder, "recordings"), {
      centreUrl: `ws://127.0.0.1:${api.port}`, token: SERVICE_TOKENS.recorder, port, mediaUrl: `http://127.0.0.1:${port}`, evidencePage: join(folder, "page.html"),
    }), silentLog);
    await waitUntil(() => camera.sent > 150);
  });
  after(async () => {
    await recorder?.stop();
    await camera.stop();
    await api.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("[EXP1] [EXP3] [EXP4] [EXP10] asked, recorded, downloaded, signed, whole, and its end in the register", async () => {
    // Asked as soon as the recorder tells that all but the last moments are on record: what it told has to be in it.
    let toldUntil = 0;
    await waitUntil(async () => {
      const from = Date.now() - 10_000;
      const { views } = await operator.call("openViews", { body: { cameraIds: [cameraId], mode: "playback", from, to: Date.now(), reason: { purpose: "training", words: "how far it is recorded" } } });
      if (views.length === 0) return false; // not linked yet
      const { recorderUrl, token } = views[0]!;
      toldUntil = (await getTimeline({ recorderUrl, token, cameraId, from })).segments.at(-1)?.end ?? 0;
      return toldUntil > Date.now() - 1_500;
    }, 120_000, 500);
    const now = Date.now();
    const { exports, refused } = await operator.call("createExports", { body: { cameraIds: [cameraId], from: now - 3_000, to: now, reason: { purpose: "investigation", words: "case 9" } } });
    assert.deepEqual(refused, []);
    const [{ export: made, url, token } = assert.fail("no export")] = exports;
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams({ token }), headers: { origin: "null" } });
    assert.equal(answer.status, 200, "the recorder has accepted before the browser has the token");
    const bytes = Buffer.from(await answer.arrayBuffer());
    const file = join(folder, "package.zip");
    await writeFile(file, bytes);
    const opened = await openPackage(file);
    assert.ok(opened.ok, JSON.stringify(opened));
    const verdict = await verifyPackage(opened.value, nodeTools, { knownKey: parseBase64(api.evidenceSigner.publicKey)! });
    await opened.value.close();
    assert.equal(verdict.grade, "whole-known-key", JSON.stringify(verdict.findings));
    const askedUntil = Math.min(toldUntil, now);
    assert.ok(verdict.frames >= (askedUntil - (now - 3_000)) / 40 - 1, `${verdict.frames} pictures of three seconds, of which ${now - askedUntil} ms were not on record yet`);
    assert.ok(verdict.manifest!.range.to >= askedUntil - 1, "to the second in which it was asked for");

    await waitUntil(async () => (await operator.call("getExport", { params: { id: made.id } })).state === "complete");
    const told = await inspector.call("getExport", { params: { id: made.id } });
    assert.deepEqual([told.sha256, told.bytes, told.words], [createHash("sha256").update(bytes).digest("hex"), bytes.length, "case 9"]);
    const { records } = await inspector.call("listAccessRecords", { query: { mode: "export" } });
    assert.deepEqual(records.map((record) => [record.id, record.endedAt !== null]), [[verdict.manifest!.cameras[0]!.accessRecordId, true]]);
    assert.equal((await fetch(url, { method: "POST", body: new URLSearchParams({ token }) })).status, 404, "a token is for one download");
  });
});
