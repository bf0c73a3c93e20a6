// `citywatch camera` as a process of its own against a running centre; the test plays the recorder that tries the addresses.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { waitUntil } from "../../tests/support/wait.ts";
import { dropCentreAddress, keepCentreAddress } from "../app/centre-address.ts";
import { formatEventAnswer } from "./camera.ts";
import { PASSWORD, startTestApi, type TestApi, type TestSocket } from "../../tests/support/api.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const WHERE = ["--name", "Harbour gate", "--lat", "-34.9", "--lon", "-56.19", "--bearing", "45", "--purpose", "Harbour safety"];

describe("citywatch camera", () => {
  let api: TestApi;
  let recorder: TestSocket;
  const folder = mkdtempSync(join(tmpdir(), "citywatch-cli-"));
  before(async () => {
    api = await startTestApi();
    await api.first();
    mkdirSync(join(folder, "secrets"));
    writeFileSync(join(folder, "secrets", "seal-key"), api.sealKey, { mode: 0o600 });
    recorder = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    recorder.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7310", revision: 0 });
    recorder.socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as { type: string; requestId: string; password: string | null };
      if (message.type !== "probe") return;
      const right = message.password === "camera-secret";
      recorder.send({ type: "probed", requestId: message.requestId, result: right ? { ok: true, codec: "avc1.64001f", width: 1280, height: 720, tracks: ["video"], server: null, transport: "tcp", tookMs: 12 } : { ok: false, problem: "unauthorized", message: "the name or password is wrong" } });
    });
    await recorder.next("cameras");
  });
  after(async () => {
    recorder.close();
    rmSync(folder, { recursive: true, force: true });
    await api.close();
  });

  const run = (args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [MAIN, "camera", ...args], { env: { PATH: process.env["PATH"] ?? "", CITYWATCH_CENTRE: api.origin, CITYWATCH_DATA: folder, ...env } }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }));
      child.stdin?.end();
    });

  test("a wrong password is told at once and nothing is added; the right one adds the camera", async () => {
    const wrong = await run(["add", "rtsp://10.0.0.5/a", "--user", "cam", ...WHERE], { CITYWATCH_CAMERA_PASSWORD: "no" });
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /unauthorized.*not added/s);
    assert.equal(api.registry.index.size, 0);
    const right = await run(["add", "rtsp://10.0.0.5/a", "--user", "cam", "--code", "H1", ...WHERE], { CITYWATCH_CAMERA_PASSWORD: "camera-secret" });
    assert.deepEqual([right.code, right.err], [0, ""]);
    assert.match(right.out, /1280 x 720[^]*Added H1: Harbour gate/);
    const inAddress = await run(["add", "rtsp://cam:camera-secret@10.0.0.6/a", "--code", "H2", ...WHERE]);
    assert.equal(inAddress.code, 0);
    assert.doesNotMatch(inAddress.out, /camera-secret/);
  });

  test("how it is joined, when it is recorded and what is kept can be named when it is added, and changed by its code", async () => {
    const first = await api.first();
    const added = await run(["add", "rtsp://10.0.0.8/a", "--no-probe", "--code", "P1", "--sub", "rtsp://10.0.0.8/b", "--transport", "udp", "--recording", "scheduled", "--schedule", "mon-fri 07:00-19:00", "--key-frames", "2", "--least", "2", "--most", "40.5", "--sound-purpose", "Calls for help", "--metadata-purpose", "Tamper sensor", "--night", "infrared", ...WHERE]);
    assert.deepEqual([added.code, added.err], [0, ""]);
    const find = async () => (await first.call("listCameras", { query: { q: "P1" } })).cameras.find(({ code }) => code === "P1")!;
    const camera = await find();
    assert.deepEqual(
      [camera.subAddress, camera.transport, camera.recording, camera.schedule, camera.keyFrameIntervalS, camera.leastDays, camera.mostGigabytes, camera.soundPurpose, camera.metadataPurpose, camera.retentionDays, camera.nightView],
      ["rtsp://10.0.0.8/b", "udp", "scheduled", "mon-fri 07:00-19:00", 2, 2, 40.5, "Calls for help", "Tamper sensor", 30, "infrared"],
    );
    assert.match((await run(["event", "P1", "--words", "Alarm"])).err, /does not record on events/);
    const changed = await run(["change", "p1", "--recording", "on-event", "--pre-roll", "5", "--sub", "none", "--sound-purpose", "none", "--metadata-purpose", "none", "--night", "none", "--name", "Renamed"]);
    assert.match(changed.out, /Changed P1: Renamed/);
    const after = await find();
    assert.deepEqual([after.nightView, after.recording, after.preRollS, after.subAddress, after.soundPurpose, after.metadataPurpose, after.name, after.transport, after.address], ["none", "on-event", 5, null, null, null, "Renamed", "udp", "rtsp://10.0.0.8/a"]);
    const told = await run(["event", "P1", "--words", "Alarm"]);
    assert.match(told.out, /^Told\. Recorded until \d{4}-/, told.err);
    assert.match((await run(["change", "P1"])).err, /Nothing to change was named/);
    assert.match((await run(["change", "P1", "--schedule", "mon 7-9"])).err, /schedule.*hours such as 07:00-19:00/s);
    assert.match((await run(["change", "NONE", "--least", "1"])).err, /No camera has the code NONE/);
    assert.match((await run(["change", "P1", "--least", "long"])).err, /--least: long: expected a number or none/);
    await first.call("removeCamera", { params: { id: after.id } });
  });

  test("a file is imported row by row; what could not be taken is told and the exit code says so", async () => {
    const file = join(folder, "list.csv");
    writeFileSync(file, "code,name,lat,lon,bearing,purpose\nF1,One,-34.9,-56.19,0,x\nF2,Two,-134.9,-56.19,0,x\n");
    const { code, out, err } = await run(["import", file]);
    assert.deepEqual([code, out.trim(), err.trim()], [1, "1 camera added, 1 row not", "line 3: lat: -134.9: expected at least -90"]);
    assert.match((await run(["import", join(folder, "none.csv")])).err, /there is no such file/);
  });

  test("what was typed wrong is told all at once, each by its option, before a password is asked for", async () => {
    const { code, err } = await run(["add", "rtsp://10.0.0.9:99999/a", "--user", "cam", "--name", "Gate", "--lat", "abc", "--bearing", "400", "--purpose", " ", "--recording", "scheduled", "--least", "40", "--key-frames", "often"]);
    assert.equal(code, 1);
    assert.deepEqual(err.trim().split("\n").map((line) => line.replace(/^citywatch: /, "")).toSorted(), [
      "--bearing: 400: expected less than 360", "--key-frames: often: expected a number or none", "--lat: abc: expected a number", "--least: 40: expected not more than 30, for so long it is kept", "--lon is missing: expected a number",
      "--purpose: (empty): expected something written", "--schedule is missing: expected the hours of the week in which it is recorded, such as mon-fri 07:00-19:00", "What there is: citywatch camera --help", "the address: expected a port of 1 to 65535",
    ].toSorted());
    const refused = await run(["add", "rtsp://10.0.0.9/a", "--no-probe", ...WHERE, "--lat", "9.1"]);
    assert.match(refused.err, /^citywatch: --lat: 9\.1: expected a latitude in or near the city/, "so is what the centre refuses");
  });

  test("a centre is found by its data folder, whatever its port", async () => {
    keepCentreAddress(folder, api.origin);
    const there = await run(["probe", "rtsp://x:camera-secret@10.0.0.5/a"], { CITYWATCH_CENTRE: "" });
    assert.deepEqual([there.code, /Joined in 12 ms/.test(there.out)], [0, true], there.err);
    keepCentreAddress(folder, "http://127.0.0.1:1");
    assert.match((await run(["list"], { CITYWATCH_CENTRE: "" })).err, /No centre answers at http:\/\/127\.0\.0\.1:1\./);
    dropCentreAddress(folder);
  });

  test("a camera that has a problem is told of an event, and it is said that nothing can be recorded now", () => {
    const until = Date.UTC(2026, 10, 23, 9, 33, 41);
    assert.equal(formatEventAnswer({ state: "connected", problem: null }, until - 400, "America/Montevideo"), "Told. Recorded until 2026-11-23T06:33:41-03:00", "by the city's clock, whole seconds");
    assert.equal(
      formatEventAnswer({ state: "failing", problem: { code: "unauthorized", params: { message: "the name or password is wrong" } } }, until, "America/Montevideo"),
      "Told, but nothing can be recorded now: the camera is failing (unauthorized: the name or password is wrong). If it is joined before 2026-11-23T06:33:41-03:00, it is recorded until then.",
    );
  });

  test("listing and probing; as a person too, whose name is in the audit entries", async () => {
    assert.match((await run(["list", "harbour"])).out, /H1 .*Harbour gate.*\nH2 [^]*2 of 2/);
    assert.match((await run(["probe", "rtsp://x:camera-secret@10.0.0.5/a"])).out, /Joined in 12 ms: avc1/);
    const person = await run(["add", "rtsp://10.0.0.7/a", "--no-probe", "--login", "first.person", ...WHERE], { CITYWATCH_PASSWORD: PASSWORD });
    assert.equal(person.code, 0, person.err);
    const { entries } = await (await api.first()).call("listAuditEntries", { query: { kind: "changes", limit: 1 } });
    assert.deepEqual([entries[0]!.action, entries[0]!.by.name], ["camera.add", "First Person"]);
  });

  test("a camera that fails is listed with its problem", async () => {
    const { cameras } = await (await api.first()).call("listCameras", { query: { q: "H1" } });
    recorder.send({ type: "health", at: Date.now(), cameras: [{ cameraId: cameras[0]!.id, health: { state: "failing", since: 1, problem: { code: "timeout", params: { message: "no packet for 10 s" } }, lastFrameAt: null, codec: null, width: null, height: null, bitsPerSecond: null, framesPerSecond: null, reconnects: 2, recorded: null } }] });
    await waitUntil(async () => (await (await api.first()).call("listCameras", { query: { state: "failing" } })).total === 1);
    assert.match((await run(["list", "--state", "failing"])).out, /^H1 +failing +Harbour gate +rtsp:\/\/10\.0\.0\.5\/a +timeout: no packet for 10 s\n1 of 1$/m);
  });

  test("what is wrong is said in a line, and never with a password in it", async () => {
    const cases: [string[], Record<string, string>, RegExp][] = [
      [["add", "http://u:hush@h/x", ...WHERE], {}, /begins with rtsp/],
      [["add", "rtsp://10.0.0.5/a"], {}, /--name is missing/],
      [["add", "rtsp://10.0.0.5/a", ...WHERE, "--height", "tall"], {}, /--height: tall: expected a number/],
      [["add", "rtsp://10.0.0.5/a", "--user", "cam", ...WHERE], {}, /CITYWATCH_CAMERA_PASSWORD/],
      [["paint", "x"], {}, /expected add, change, move, event, import, list or probe/],
      [["list", "--state", "odd"], {}, /expected one of connected/],
      [["list"], { CITYWATCH_DATA: join(folder, "nowhere") }, /is no data folder of Citywatch/],
      [["list"], { CITYWATCH_CENTRE: "http://127.0.0.1:1" }, /No centre answers at/],
      [["list", "--login", "first.person"], { CITYWATCH_PASSWORD: "hush-hush-hush" }, /Name or password is wrong/],
      [["list", "--nonsense"], {}, /nonsense/],
    ];
    for (const [args, env, expected] of cases) {
      const { code, err } = await run(args, env);
      assert.equal(code, 1, args.join(" "));
      assert.match(err, expected);
      assert.doesNotMatch(err, /hush|\n\s+at /);
    }
  });
});
