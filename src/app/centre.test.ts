// The centre as the supervisor starts it: a city from its folder, the demo loaded once, and PostgreSQL going away and coming back underneath.
import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { LOOPBACK_NETWORKS } from "../video/camera/camera-networks.ts";
import { startCentre, type RunningCentre } from "./centre.ts";
import type { CentreConfig } from "./roles.ts";
import { importDemoCity } from "../io/city/import-city.ts";
import { parseDatabaseUrl } from "../io/postgres/database.ts";
import { CityClient } from "../../tests/support/city-client.ts";
import { freePort } from "../../tests/support/free-port.ts";
import { createTestDatabase, type TestDatabase } from "../../tests/support/database.ts";
import { waitUntil } from "../../tests/support/wait.ts";

const FIRST_TOKEN = "ABCDE-FGHJK-LMNPQ-RSTUV";
const PASSWORD = "a-long-enough-password-7";

describe("the centre", () => {
  let testDatabase: TestDatabase;
  let config: CentreConfig;
  const folder = mkdtempSync(join(tmpdir(), "citywatch-centre-"));
  const logged: string[] = [];
  const write = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { info: write, warn: write, error: write };
  const start = async (more: Partial<CentreConfig> = {}): Promise<RunningCentre> => {
    const port = more.port ?? (await freePort());
    const centre = await startCentre({ ...config, port, publicOrigin: `http://127.0.0.1:${port}`, ...more }, log, { checkAnswers: true });
    started.push(centre);
    return centre;
  };
  const started: RunningCentre[] = [];
  const clientOf = (centre: RunningCentre) => new CityClient(`http://127.0.0.1:${centre.port}`);

  before(async () => {
    testDatabase = await createTestDatabase();
    await importDemoCity({ dir: join(folder, "city"), progress: () => undefined, now: 0 });
    config = {
      role: "centre", version: "0.0.0-test", databaseUrl: testDatabase.url, cityDir: join(folder, "city"), consoleDir: join(folder, "console"), host: "127.0.0.1", port: 0,
      publicOrigin: "http://127.0.0.1:7300", recorderOrigins: ["http://127.0.0.1:7310"], cameraNetworks: LOOPBACK_NETWORKS, webhookNetworks: "", demo: true, training: false,
      demoCity: { seed: 1, cameraHost: "127.0.0.1", cameraPort: 7554, cameraUserName: "citywatch", cameraPassword: "demo-password-one" },
      secrets: {
        viewSigningKeyPem: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string, evidenceSigningKeyPem: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string, sealKey: randomBytes(32).toString("base64"),
        serviceTokens: { recorder: "r".repeat(43), telephony: "t".repeat(43), fleet: "f".repeat(43) },
      },
      firstAccountToken: FIRST_TOKEN,
    };
  });
  after(async () => {
    for (const centre of started) await centre.stop(); // those of a test that failed midway
    rmSync(folder, { recursive: true, force: true });
    await testDatabase.drop();
  });

  const logIn = async (client: CityClient): Promise<void> => void (await client.logIn("first.person", PASSWORD));

  test("the demo is loaded once; what was removed stays removed; a simulator on another port is followed", async () => {
    const one = await start();
    const { port } = one;
    const client = clientOf(one);
    await client.createFirstAccount(FIRST_TOKEN, "first.person", PASSWORD);
    const city = await client.call("getCity");
    assert.deepEqual([city.name, city.counts.cameras, city.counts.platforms], ["Montevideo", 2_000, 40]);
    assert.ok(city.counts.campuses > 100 && city.notice !== null);
    assert.equal((await client.call("searchPlaces", { query: { q: "18 de julio 1360" } })).places[0]!.kind, "address");
    assert.equal((await client.call("searchPlaces", { query: { q: "C-0012" } })).places[0]!.cameraId !== null, true);
    const { cameras } = await client.call("listCameras", { query: { limit: 2 } });
    await client.call("removeCamera", { params: { id: cameras[0]!.id } });
    assert.ok((await client.call("listFieldWork").catch(() => null)) === null, "people are not fleet gateways");
    await one.stop();
    await one.stop(); // twice is harmless

    const two = await start({ port, demoCity: { ...config.demoCity!, cameraPort: 9_554, cameraPassword: "demo-password-two" } });
    await logIn(client);
    const page = await client.call("listCameras", { query: { limit: 1 } });
    assert.deepEqual([page.total, page.cameras[0]!.code, page.cameras[0]!.address], [1_999, cameras[1]!.code, `rtsp://127.0.0.1:9554/cameras/${cameras[1]!.code}`]);
    await two.stop();
    assert.equal(logged.filter((line) => line.startsWith("demo city loaded")).length, 1);
    assert.ok(!logged.join().includes("demo-password"));
  });

  test("while PostgreSQL is away requests are told so; when it is back the same centre goes on", async () => {
    const link = await openCutLink(testDatabase.url);
    const centre = await start({ databaseUrl: link.url });
    const client = clientOf(centre);
    const tryLogIn = () => client.try("logIn", { body: { login: "first.person", password: PASSWORD } });
    try {
      assert.equal((await fetch(`${client.origin}/readyz`)).status, 200);
      await link.cut();
      const ready = await fetch(`${client.origin}/readyz`);
      assert.deepEqual([ready.status, await ready.json()], [503, { ready: false, obstacles: ["database"] }]);
      const refused = await tryLogIn();
      assert.deepEqual([refused.status, refused.problem?.rule], [503, "database-away"]);
      const rung = await client.try("sendCommand", { body: {} });
      assert.equal(rung.status, 401, "who has no session is told so without the database");
      const call = () => new CityClient(client.origin, config.secrets.serviceTokens.telephony).try("sendCommand", { body: { commandId: "0b8b4b6e-6b5c-4e0e-9b60-5d8a9d0f8a11", command: { type: "contact.receive", source: "telephone", externalId: "during" } } });
      const lost = await call();
      assert.deepEqual([lost.status, lost.problem?.rule], [503, "dispatch-unavailable"]);
      assert.equal((await fetch(`${client.origin}/healthz`)).status, 200, "alive all the while");
      await link.mend();
      await waitUntil(async () => (await tryLogIn()).status === 200);
      await waitUntil(async () => (await fetch(`${client.origin}/readyz`)).status === 200);
      await waitUntil(async () => (await call()).status === 200); // the same command again: done once
    } finally {
      await centre.stop();
      await link.cut();
    }
  });

  test("a taken port, a city that is none and a database that is not there have a plain message", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    await assert.rejects(start({ port: (holder.address() as { port: number }).port }), /^ToldError: Port \d+, for the console and the API, is taken/);
    holder.close();
    await assert.rejects(start({ cityDir: folder }), /there is no city in/);
    await assert.rejects(start({ databaseUrl: "postgres://nobody@127.0.0.1:1/none" }));
  });
});

/** A way to the database that can be cut and mended, as when PostgreSQL is restarted. */
async function openCutLink(url: string): Promise<{ url: string; cut(): Promise<void>; mend(): Promise<void> }> {
  const { path, host, port } = parseDatabaseUrl(url);
  const open = new Set<Socket>();
  const forward = (near: Socket): void => {
    const far = path === undefined ? connect(port, host) : connect(path);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy()).on("close", () => (open.delete(one), other.destroy()));
    }
  };
  const own = await freePort();
  let server: Server | undefined;
  const mend = async (): Promise<void> => {
    server = createServer(forward).listen(own, "127.0.0.1");
    await once(server, "listening");
  };
  await mend();
  const here = new URL(url);
  here.searchParams.delete("host");
  here.hostname = "127.0.0.1";
  here.port = String(own);
  return {
    url: here.href, mend,
    cut: async () => {
      server?.close();
      for (const socket of open) socket.destroy();
      server = undefined;
    },
  };
}
