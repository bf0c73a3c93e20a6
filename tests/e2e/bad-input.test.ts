// What people and machines get wrong, each with its message, in the whole product: what the API answers (rule, field, value, what was expected) and, where
// a person meets it, what the console says, read off a real Chromium. Nothing here may be answered with a 500, and no secret comes back.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page, WebSocketRoute } from "playwright-core";
import { WebSocket } from "ws";
import type { Point, Problem } from "../../src/contract/basics.ts";
import type { CameraProbeResult } from "../../src/contract/cameras.ts";
import type { LiveMediaFromRecorder, ViewClaims } from "../../src/contract/media.ts";
import { createViewTokenSigner } from "../../src/io/crypto/view-tokens.ts";
import { TestCamera, type Behaviour } from "../recorder/test-camera.ts";
import { launchBrowser } from "../support/browser.ts";
import { CityClient } from "../support/city-client.ts";
import { logIn, openPage } from "../support/log-in.ts";
import { eventually, startRunningCity, LOGIN, PASSWORD, type RunningCity } from "../support/running-city.ts";

type CameraProblem = Extract<CameraProbeResult, { ok: false }>["problem"];
const FAR_AWAY = "-34.6037, -58.3816"; // Buenos Aires
const SECRET = "hush-hush-1";
const REASON = { purpose: "training", words: "tokens that do not fit" } as const;
let city: RunningCity;
let browser: Browser;
const cameras = new Map<string, TestCamera>();
const complaints: string[] = [];

async function openRoom(room: string, login = LOGIN, prepare?: (page: Page) => Promise<void>): Promise<Page> {
  const page = await openPage(browser, { complaints, withFailures: true });
  await prepare?.(page);
  await page.goto(`${city.system.address}/${room}`);
  await logIn(page, login);
  return page;
}

async function startCamera(name: string, behaviour: Behaviour, credentials?: { userName: string; password: string }): Promise<void> {
  const camera = new TestCamera({ behaviour, count: 0, ...(credentials === undefined ? {} : { credentials }) });
  await camera.start();
  cameras.set(name, camera);
}
const addressOf = (name: string): string => cameras.get(name)!.address;

async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The bytes of a path as written: `fetch` would tidy it first. */
function getRaw(origin: string, path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const { hostname, port, host } = new URL(origin);
  return new Promise((resolve, reject) => {
    const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
    const socket = connect(Number(port), hostname, () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    let text = "";
    socket.on("data", (bytes) => (text += bytes.toString("latin1")));
    socket.on("end", () => resolve({ status: Number(text.slice(9, 12)), text }));
    socket.on("error", reject);
  });
}

/** Status with which a WebSocket is turned away; 101 where it is let in. */
function tryUpgrade(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, "ws"), { headers });
    socket.on("unexpected-response", (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on("open", () => {
      resolve(101);
      socket.close();
    });
    socket.on("error", (error) => reject(error));
  });
}

const placeAt = (point: Point, label = "test") => ({ words: label, label, kind: "coordinates", district: null, point, uncertaintyM: 5 }) as const;
async function makeIncident(client: CityClient, point: Point, what: string): Promise<number> {
  const outcome = await client.send({ type: "incident.create", contactId: null, incidentType: "theft", what, who: "", place: placeAt(point, what) });
  assert.ok(outcome.outcome === "accepted" && outcome.incidentId !== null);
  return outcome.incidentId;
}

describe("bad input has its message", { timeout: 1_800_000 }, () => {
  let closedPort = 0;
  before(async () => {
    [city, browser, closedPort] = await Promise.all([startRunningCity(), launchBrowser(), findClosedPort()]);
    for (const behaviour of ["http", "not-found", "mjpeg", "no-video", "closes"] as const) await startCamera(behaviour, behaviour);
    await startCamera("guarded", "plays", { userName: "operator", password: SECRET });
    await eventually("the recorder to be linked", async () => (await city.client.call("probeCamera", { body: { address: addressOf("mjpeg") } })).ok === false);
  }, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await city?.end();
    for (const camera of cameras.values()) await camera.stop();
  });

  it("camera addresses: each wrong one is told for what it is, by the API and in the form", async () => {
    const cases: readonly { readonly what: string; readonly address: string; readonly login?: readonly [string, string]; readonly problem: CameraProblem; readonly message: RegExp; readonly shown: string }[] = [
      { what: "no URL", address: "camera 12", problem: "bad-address", message: /expected an address without spaces/, shown: "The address is not right. Expected: an address without spaces and control characters." },
      { what: "another scheme", address: "http://10.0.0.1/video", problem: "bad-address", message: /begins with rtsp:\/\/ or rtsps:\/\//, shown: "Expected: an address that begins with rtsp:// or rtsps://." },
      { what: "the cloud's own metadata", address: "rtsp://169.254.169.254/latest", problem: "bad-address", message: /169\.254\.169\.254 is a link-local address, which no camera may have/, shown: "The address is not right." },
      { what: "an unknown host", address: "rtsp://no-such-camera.invalid/stream", problem: "unresolved", message: /no-such-camera\.invalid could not be resolved/, shown: "The host name is not known. Check the spelling" },
      { what: "a closed port", address: `rtsp://127.0.0.1:${closedPort}/stream`, problem: "refused", message: /ECONNREFUSED/, shown: "Nothing listens at that address. Check the port" },
      { what: "a web server", address: addressOf("http"), problem: "not-rtsp", message: /neither a request line nor a status line of RTSP/, shown: "What answers there does not speak RTSP." },
      { what: "our own web page", address: city.system.address.replace("http:", "rtsp:"), problem: "not-rtsp", message: /RTSP/, shown: "What answers there does not speak RTSP." },
      { what: "a wrong path", address: addressOf("not-found"), problem: "not-found", message: /404 Not Found/, shown: "The camera has no stream of that name. Look up the path" },
      { what: "sound only", address: addressOf("no-video"), problem: "no-video", message: /it offers: audio/, shown: "There is no video in the stream." },
      { what: "Motion JPEG", address: addressOf("mjpeg"), problem: "unsupported-codec", message: /the camera sends JPEG; H264 or H265 is needed/, shown: "The stream is neither H.264 nor H.265. Set the stream to H.264 or H.265" },
      { what: "a camera that hangs up", address: addressOf("closes"), problem: "closed", message: /closed the connection/, shown: "The camera closed the connection." },
      { what: "no password", address: addressOf("guarded"), problem: "credentials-missing", message: /asks for a user name and a password/, shown: "It asks for a user name and a password, and none was given." },
      { what: "a wrong password", address: addressOf("guarded"), login: ["operator", "guess-7"], problem: "unauthorized", message: /refuses this user name and password/, shown: "User name or password is wrong. Try them in the camera's own page." },
    ];
    const page = await openRoom("cameras");
    await page.getByRole("button", { name: "Add a camera" }).first().click();
    const form = page.locator(".camera-form");
    for (const { what, address, login, problem, message, shown } of cases) {
      const [userName, password] = login ?? ["", ""];
      const found = await city.client.call("probeCamera", { body: { address, userName: userName || null, password: password || null } });
      assert.ok(!found.ok, what);
      assert.equal(found.problem, problem, what);
      assert.match(found.message, message, what);
      assert.ok(!found.message.includes("guess-7"), what);
      await form.getByLabel("Address", { exact: true }).fill(address);
      await form.getByLabel("User name").fill(userName);
      await form.getByLabel("Password").fill(password);
      await form.getByRole("button", { name: "Try the address" }).click();
      const told = form.locator(`[data-probe="${problem}"]`);
      await told.waitFor();
      const text = (await told.textContent()) ?? "";
      assert.ok(text.includes(shown), `${what}: ${text}`);
    }
    // Saving with a wrong address names the field, and nothing is added.
    const { total } = await city.client.call("listCameras", { query: { limit: 1 } });
    await form.getByLabel("Address", { exact: true }).fill("camera 12");
    await form.getByLabel("Name", { exact: true }).fill("Gate");
    for (const [label, value] of [["Latitude", "-34.9"], ["Longitude", "-56.18"], ["Purpose", "Test"]] as const) await form.getByRole("textbox", { name: label }).fill(value);
    await form.getByRole("button", { name: "Add a camera" }).click();
    await form.getByText("An address that begins with rtsp:// or rtsps://").waitFor();
    assert.equal((await city.client.call("listCameras", { query: { limit: 1 } })).total, total);
    await page.context().close();
  });

  it("the same on the command line, and in the register for what was added all the same", async () => {
    const where = ["--name", "Yard", "--lat", "-34.9", "--lon", "-56.18", "--bearing", "0", "--purpose", "Test", "--centre", city.system.address, "--data", city.dataDir];
    const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => new Promise((resolve) => {
      execFile(process.execPath, [fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url)), "camera", "add", ...args, ...where], { env: { ...process.env, CITYWATCH_CAMERA_PASSWORD: "guess-7" } }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }));
    });
    const wrong = await run(addressOf("guarded"), "--user", "operator");
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^citywatch: The camera could not be joined \(unauthorized\): the camera refuses this user name and password\nIt was not added\./);
    assert.match((await run("camera-12")).stderr, /the address: expected an address that begins with rtsp:\/\//);

    for (const [name, code] of [["guarded", "unauthorized"], ["mjpeg", "unsupported-codec"]] as const) {
      const added = await run(addressOf(name), "--user", "operator", "--no-probe");
      assert.equal(added.code, 0, added.stderr);
      const cameraCode = /^Added (\S+):/m.exec(added.stdout)![1]!;
      const failing = await eventually(`the register to tell what is wrong with ${name}`, async () => {
        const camera = (await city.client.call("listCameras", { query: { q: cameraCode } })).cameras[0];
        return camera?.health.state === "failing" && camera;
      });
      assert.equal(failing.health.problem?.code, code);
    }
    const page = await openRoom("cameras");
    await page.getByRole("searchbox", { name: "Name, code, place or street" }).fill("Yard");
    for (const words of ["User name or password is wrong.", "The stream is neither H.264 nor H.265."]) await page.getByText(words).first().waitFor();
    await page.context().close();
  });

  it("places: outside the city, unknown, and none at all", async () => {
    const { name } = await city.client.call("getCity");
    const outside = await city.client.call("searchPlaces", { query: { q: FAR_AWAY } });
    assert.deepEqual(outside.places.map((place) => [place.kind, place.point]), [["coordinates", { lat: -34.6037, lon: -58.3816 }]]);
    assert.deepEqual(outside.reason, { code: "outside-city", params: { city: name, lat: -34.6037, lon: -58.3816 } });
    assert.equal((await city.client.call("searchPlaces", { query: { q: "qqxyzzy" } })).reason?.code, "no-such-place");

    const before = (await city.client.call("listIncidents")).incidents.length;
    for (const [place, fault] of [
      [undefined, { field: "command.place", value: "absent", expected: "an object", code: "object", params: {} }],
      [placeAt({ lon: -258, lat: -34.9 }), { field: "command.place.point.lon", value: "-258", expected: "at least -180", code: "at-least", params: { n: -180 } }],
    ] as const) {
      const { status, problem } = await city.client.try("sendCommand", { body: { commandId: randomUUID(), expectedSequence: null, command: { type: "incident.create", contactId: null, incidentType: "theft", what: "", place } } });
      assert.equal(status, 400);
      assert.equal(problem?.rule, "bad-input");
      assert.deepEqual(problem.faults, [fault]);
    }

    const page = await openRoom("operate");
    await page.getByText("No calls waiting", { exact: false }).waitFor();
    await page.keyboard.press("a");
    await page.locator("#intake-where").fill(FAR_AWAY);
    await page.getByText(new RegExp(`outside ${name}, \\d+ km west`)).first().waitFor();
    await page.locator("#intake-where").fill("qqxyzzy");
    await page.getByText("No place matches “qqxyzzy”.").waitFor();
    await page.locator("#intake-where").fill("");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Choose a place from the list.").waitFor();
    assert.ok(await page.locator("#intake-where").evaluate((input) => document.activeElement === input), "the caret is where the place goes");
    assert.equal((await city.client.call("listIncidents")).incidents.length, before, "and no incident was made");
    await page.context().close();
  });

  it("a unit taken a second earlier: the second dispatcher is told by whom and when, over HTTP", async () => {
    await city.client.call("createAccount", { body: { name: "Second Dispatcher", login: "second.dispatcher", password: PASSWORD, roles: ["dispatcher"] } });
    const second = new CityClient(city.system.address);
    await second.logIn("second.dispatcher", PASSWORD);
    const { centre } = await city.client.call("getCity");
    const incidents = [await makeIncident(city.client, centre, "one"), await makeIncident(second, centre, "two")] as const;
    const unitId = (await city.client.call("recommend", { params: { id: incidents[0] } })).candidates[0]!.unitId;
    const sentAt = Date.now();
    const outcomes = await Promise.all([city.client, second].map((client, i) => client.send({ type: "assignment.assign", incidentId: incidents[i]!, unitIds: [unitId] })));
    const lost = outcomes.findIndex((outcome) => outcome.outcome === "conflict");
    const conflict = outcomes[lost];
    assert.equal(outcomes[1 - lost]?.outcome, "accepted", JSON.stringify(outcomes));
    assert.ok(conflict?.outcome === "conflict");
    assert.equal(conflict.rule, "unit-taken");
    assert.equal(conflict.by?.name, lost === 1 ? "First Person" : "Second Dispatcher");
    assert.ok(conflict.at! >= sentAt - 1_000 && conflict.at! <= Date.now());
    assert.match(conflict.message, /^\S+ is on incident \d+$/);

    // One that is taken does not hold back one that is free.
    const free = (await city.client.call("recommend", { params: { id: incidents[0] } })).candidates[0]!.unitId;
    const both = await second.send({ type: "assignment.assign", incidentId: incidents[lost]!, unitIds: [unitId, free] });
    assert.ok(both.outcome === "accepted");
    assert.deepEqual(both.units.map((unit) => [unit.unitId, unit.refused?.rule ?? null]), [[unitId, "unit-taken"], [free, null]]);
    for (const id of incidents) await city.client.send({ type: "incident.cancel", incidentId: id, words: "test" });
  });

  it("and in two windows, the second of which hears of it late", async () => {
    // At the city's edge, where no live camera looks: two windows full of pictures are not what this is about.
    const { bounds } = await city.client.call("getCity");
    const { platforms } = await city.client.call("listPlatforms");
    const edge = platforms.toSorted((a, b) => Math.hypot(a.point.lon - bounds.west, a.point.lat - bounds.north) - Math.hypot(b.point.lon - bounds.west, b.point.lat - bounds.north))[0]!;
    for (const what of ["first window", "second window"]) await makeIncident(city.client, edge.point, what);
    // The live link of the second window is held still from the moment both see the same proposal.
    let isHeld = false;
    const hold = (page: Page): Promise<void> => page.routeWebSocket(/\/api\/v1\/live$/, (route: WebSocketRoute) => {
      route.connectToServer().onMessage((message) => void (isHeld || route.send(message)));
    });
    const [early, late] = [await openRoom("operate"), await openRoom("operate", "second.dispatcher", hold)];
    for (const [page, what] of [[early, "first window"], [late, "second window"]] as const) {
      await page.getByText(what, { exact: false }).first().click();
      await eventually("the proposal", async () => /^Send \S/.test((await page.locator("#send-units").textContent()) ?? ""));
    }
    const button = (page: Page): Promise<string | null> => page.locator("#send-units").textContent();
    await eventually("both to be proposed the same unit", async () => (await button(late)) === (await button(early))); // units move, and one window hears of it before the other
    // Nor does the late window hear by its other questions: a proposal made anew would leave the unit out.
    await late.route(/\/api\/v1\/incidents\/\d+\/recommendation/, () => undefined);
    isHeld = true;
    await early.locator("#send-units").click();
    await early.locator(".notice", { hasText: "sent." }).waitFor();
    await late.locator("#send-units").click();
    const told = await eventually("a notice in the second window", async () => (await late.locator(".notice").allTextContents()).find((text) => text.includes("sent elsewhere")));
    assert.match(told, /^\S+: It was sent elsewhere a moment ago\. First Person was first, [^.]+\.$/);
    await Promise.all([early.context().close(), late.context().close()]);
  });

  it("a list of cameras with bad rows: each is named by line, field, value and what was expected; the good ones are in", async () => {
    const csv = [
      "name,lat,lon,bearing,purpose,address,colour", "Good one,-34.905,-56.18,90,Safety,,red", ",-34.905,-56.18,90,Safety,,", "No number,north,-56.18,90,Safety,,", "Turned too far,-34.905,-56.18,400,Safety,,",
      `Not rtsp,-34.905,-56.18,90,Safety,http://u:${SECRET}@10.0.0.1/,`, "No purpose,-34.905,-56.18,90,,,", "Good two,-34.906,-56.181,180,Safety,,", '"Never closed,-34.905,-56.18,90,Safety,,', "Swallowed,-34.905,-56.18,90,Safety,,",
    ].join("\n");
    const result = await city.client.call("importCameras", { query: {}, body: { csv } });
    assert.equal(result.added, 2);
    assert.deepEqual(result.rejected.map(({ line, field, value }) => [line, field, value]), [
      [3, "name", ""], [4, "lat", "north"], [5, "bearing", "400"], [6, "address", "(not shown)"], [7, "purpose", ""], [9, "row", "(not readable)"],
    ]);
    assert.deepEqual(result.rejected.slice(0, 3).map((row) => row.expected), ["something written", "a number", "less than 360"]);
    assert.ok(!JSON.stringify(result).includes(SECRET));
    for (const [list, message] of [["", /The list is empty/], ["a,b\n1,2", /missing: name, lat, lon, bearing, purpose/]] as const) {
      const { status, problem } = await city.client.try("importCameras", { query: {}, body: { csv: list } });
      assert.equal(status, 400);
      assert.equal(problem?.rule, "bad-csv");
      assert.match(problem.message, message);
    }

    const page = await openRoom("cameras");
    await page.getByRole("button", { name: "Import CSV" }).click();
    await page.getByLabel("Or paste it here").fill(csv);
    await page.getByRole("button", { name: "Check the list" }).click();
    await page.getByText("2 rows are good").waitFor();
    await page.getByText("6 rows are faulty").waitFor();
    const rows = await page.locator(".import-rows tbody tr").allTextContents();
    assert.equal(rows.length, 6);
    assert.equal(rows[2], "5bearing400less than 360");
    await page.getByRole("button", { name: "Import 2 cameras" }).click();
    await page.getByText("2 cameras added, 6 rows not.").waitFor();
    await page.context().close();
  });

  it("view tokens: forged, run out, of another camera, of another kind, or none: no picture", async () => {
    const camera = await eventually("a camera with recordings", async () => (await city.client.call("listCameras", { query: { state: "connected", limit: 50 } })).cameras.find((one) => one.health.recorded !== null));
    const now = Date.now();
    const from = now - 60_000;
    const open = async (mode: "live" | "playback") => (await city.client.call("openViews", { body: { cameraIds: [camera.id], reason: REASON, mode, ...(mode === "live" ? {} : { from, to: now }) } })).views[0]!;
    const [live, past] = [await open("live"), await open("playback")];
    const claims: ViewClaims = { accountId: 1, cameraId: camera.id, viewId: past.viewId, mode: "playback", from: null, to: null, timeline: true, sound: false };
    const ours = createViewTokenSigner(readFileSync(join(city.dataDir, "secrets", "view-signing-key.pem"), "utf8"));
    const theirs = createViewTokenSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    const [head, body, signature] = past.token.split(".") as [string, string, string];
    const widened = Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(body, "base64url").toString()) as object), from: 0 })).toString("base64url");
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`;
    const hls = `${past.recorderUrl}/v1/cameras/${camera.id}/hls.m3u8?from=${from}&to=${now}`;
    for (const [what, token, status, rule] of [
      ["its own", past.token, 200, undefined],
      ["none", "", 401, "token-missing"],
      ["of another key", await theirs.sign(claims, now - 1_000, now + 60_000), 401, "token-invalid"],
      ["with a claim widened", `${head}.${widened}.${signature}`, 401, "token-invalid"],
      ["unsigned", unsigned, 401, "token-invalid"],
      ["run out", await ours.sign(claims, now - 120_000, now - 60_000), 401, "token-expired"],
      ["of another camera", await ours.sign({ ...claims, cameraId: camera.id + 1 }, now - 1_000, now + 60_000), 403, "other-camera"],
      ["for live pictures", live.token, 403, "other-mode"],
    ] as const) {
      const answer = await fetch(hls, { headers: token === "" ? {} : { authorization: `Bearer ${token}` } });
      assert.equal(answer.status, status, what);
      if (rule !== undefined) assert.equal(((await answer.json()) as Problem).rule, rule, what);
    }
    assert.equal((await fetch(`${hls}&token=${past.token}`)).status, 401, "a token in a URL is none");
    const wider = await fetch(hls.replace(String(from), String(from - 60_000)), { headers: { authorization: `Bearer ${past.token}` } });
    assert.deepEqual([wider.status, ((await wider.json()) as Problem).rule], [403, "outside-view"]);

    const socket = new WebSocket(`${past.recorderUrl.replace(/^http/, "ws")}/v1/live`, { headers: { origin: city.system.address } });
    const heard: (typeof LiveMediaFromRecorder._output)[] = [];
    socket.on("message", (data, isBinary) => void (isBinary ? assert.fail("a picture came") : heard.push(JSON.parse(String(data)) as never)));
    await new Promise((resolve) => socket.once("open", resolve));
    const tokens = [["token-missing", ""], ["token-invalid", await theirs.sign({ ...claims, mode: "live" }, now - 1_000, now + 60_000)], ["token-expired", await ours.sign({ ...claims, mode: "live" }, now - 120_000, now - 60_000)], ["other-mode", past.token]] as const;
    for (const [channel, [, token]] of tokens.entries()) socket.send(JSON.stringify({ type: "open", channel, cameraId: camera.id, token }));
    await eventually("four refusals", async () => heard.length >= tokens.length);
    socket.close();
    assert.deepEqual(heard.map((message) => message.type === "refused" && [message.channel, message.reason.code]), tokens.map(([code], channel) => [channel, code]));
  });

  it("foreign pages: no live link, no pictures, no change", async () => {
    const withStream = (await city.client.call("listCameras", { query: { state: "connected", limit: 1 } })).cameras[0]!;
    const { recorderUrl: recorder, token } = (await city.client.call("openViews", { body: { cameraIds: [withStream.id], reason: REASON, mode: "live" } })).views[0]!;
    for (const origin of ["https://evil.example", "null", city.system.address.replace("127.0.0.1", "localhost")]) {
      assert.equal(await tryUpgrade(`${city.system.address}/api/v1/live`, { cookie: city.client.cookie, origin }), 403, `live link from ${origin}`);
      assert.equal(await tryUpgrade(`${recorder}/v1/live`, { origin }), 403, `recorder's socket from ${origin}`);
      const read = await fetch(`${recorder}/v1/cameras/1/timeline?from=1&to=2`, { headers: { origin, authorization: `Bearer ${token}` } });
      assert.deepEqual([read.status, read.headers.get("access-control-allow-origin")], [403, null]);
      const write = await fetch(`${city.system.address}/api/v1/commands`, { method: "POST", headers: { origin, cookie: city.client.cookie, "content-type": "application/json" }, body: "{}" });
      assert.deepEqual([write.status, ((await write.json()) as Problem).rule], [403, "foreign-origin"]);
    }
    assert.equal(await tryUpgrade(`${city.system.address}/api/v1/live`, { cookie: city.client.cookie }), 403, "nor from a page without an origin");
    assert.equal(await tryUpgrade(`${city.system.address}/api/v1/live`, { cookie: city.client.cookie, origin: city.system.address }), 101, "the console's own page is let in");

    // Path tricks: addresses are numbers and names of a table; nothing leads to a file.
    const up = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "%252e%252e%252f", "....//"];
    const files = up.flatMap((step) => [`/tiles/base/${step.repeat(6)}etc/passwd`, `/tiles/base/1/1/${step.repeat(3)}package.json`, `/assets/${step.repeat(3)}package.json`, `/${step.repeat(2)}package.json`]);
    for (const path of [...files, "/tiles/base/99/0/0.mvt", "/tiles/base/0/-1/0.mvt", "/tiles/base/1/5/0.mvt", "/tiles/cameras/1/1/1.mvt%00", "/tiles/base/1/1/1e0.mvt"]) {
      const { status, text } = await getRaw(city.system.address, path, { cookie: city.client.cookie });
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
      assert.doesNotMatch(text, /root:|"workspaces"/, path);
    }
    for (const path of [...up.flatMap((step) => [`/v1/cameras/1/segments/${step.repeat(4)}secrets/seal-key`, `/v1/cameras/${step.repeat(3)}secrets/seal-key`, `/v1/cameras/1/segments/1${step}2.mp4`]), "/v1/cameras/1/segments/1.mp4%00.txt", "/v1/cameras/1e1/segments/01.mp4", "/v1/cameras/-1/segments/1.mp4"]) {
      const { status } = await getRaw(recorder, path, { authorization: `Bearer ${token}` });
      assert.ok(status === 404 || status === 400 || status === 403, `${path}: ${status}`);
    }
    assert.deepEqual(complaints, []);
  });
});
