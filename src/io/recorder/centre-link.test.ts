// What a recorder must not lose on its way to the centre: the ends of looks. The centre is a WebSocket server of the test that takes them and answers when
// it likes.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, test } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import { createRandom } from "../../base/random.ts";
import { LinkFromRecorder } from "../../contract/recorder-link.ts";
import { CentreLink } from "./centre-link.ts";
import { JOINING_DEFAULTS } from "../../contract/cameras.ts";
import { CameraList } from "./camera-list.ts";
import { EndedViews } from "./ended-views.ts";
import { ServedViews } from "./served-views.ts";
import { IndexStore } from "./index-store.ts";

type Told = { viewId: number; at: number };

describe("the ends of looks", () => {
  let root: string;
  let index: IndexStore;
  let ended: EndedViews;
  let link: CentreLink;
  let server: WebSocketServer;
  let told: Told[];
  let links: number;
  let acknowledges: boolean;
  let socket: WebSocket;
  let monotonicMs: number;
  const failures: string[] = [];
  let served: ServedViews;
  let servedTold: object[];

  const startLink = (): void => {
    served = new ServedViews();
    ended = new EndedViews(index, (message) => failures.push(message));
    link = new CentreLink({
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "t", recorderId: 1, mediaUrl: "http://127.0.0.1:1", random: createRandom(1), endedViews: ended, servedViews: served,
      clock: { wallMs: () => 1_800_000_000_000.4 + monotonicMs, monotonicMs: () => monotonicMs },
      findRevision: () => 0, onWelcome: () => undefined, onTime: () => undefined, onRecordingEvent: () => undefined, onCameras: () => undefined, onCameraChanged: () => undefined, onCameraRemoved: () => undefined, onHolds: () => undefined, onHoldChanged: () => undefined, onHoldReleased: () => undefined, bringToDisk: () => Promise.resolve(true), findDisk: () => undefined, onViewWithdrawn: () => undefined,
      exports: { accept: () => undefined, cancel: () => undefined, takeSignature: () => undefined, endKept: () => undefined }, probe: () => Promise.reject(new Error("not asked")), listHealth: () => [], log: () => undefined,
    });
    link.start();
  };
  const until = async (what: string, check: () => boolean): Promise<void> => {
    for (let tries = 0; !check(); tries++) {
      assert.ok(tries < 3_000, `waited a minute in vain for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const ids = (): number[] => told.map((one) => one.viewId);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "citywatch-link-"));
    index = new IndexStore(join(root, "index.sqlite"));
    [told, links, acknowledges, monotonicMs] = [[], 0, false, 0];
    failures.length = 0;
    servedTold = [];
    server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    server.on("connection", (ws) => {
      socket = ws;
      links++;
      ws.on("message", (data) => {
        const message = LinkFromRecorder.parse(JSON.parse(String(data)));
        if (message.type === "view-served") {
          servedTold.push(message);
          if (acknowledges) ws.send(JSON.stringify({ type: "view-served-kept", viewId: message.viewId, served: message.served }));
        }
        if (message.type !== "view-ended") return;
        told.push({ viewId: message.viewId, at: message.at });
        if (acknowledges) ws.send(JSON.stringify({ type: "view-end-kept", viewId: message.viewId }));
      });
    });
    await new Promise((resolve) => server.once("listening", resolve));
    startLink();
    await until("the link", () => links === 1 && link.connected);
  });
  afterEach(async () => {
    link.stop();
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
    if (index.database.isOpen) index.close();
    await rm(root, { recursive: true, force: true });
  });

  test("[VIEW8] told over a link that dies unheard are told again over the next, with the time they had, until the centre has kept them", async () => {
    monotonicMs = 5;
    link.tellViewEnded(7);
    await until("the end", () => told.length === 1);
    monotonicMs = 500;
    acknowledges = true;
    socket.terminate(); // the centre went down before its commit
    await until("the end again", () => told.length === 2);
    assert.deepEqual(told, [{ viewId: 7, at: 1_800_000_000_005 }, { viewId: 7, at: 1_800_000_000_005 }]);
    await until("the acknowledgement", () => ended.list().length === 0);
    socket.terminate();
    await until("the third link", () => links === 3 && link.connected);
    link.tellViewEnded(8);
    await until("the next end", () => told.length === 3);
    assert.deepEqual(ids(), [7, 7, 8], "what was kept is not told again");
  });

  test("[VIEW12] what they were served is told again until it is kept, and what is left when the recorder stops", async () => {
    served.note(7, 1_000, 5_000, 0);
    const telling = { type: "view-served", viewId: 7, served: [{ from: 1_000, to: 5_000 }] };
    monotonicMs = 31_000;
    await until("the telling", () => servedTold.length === 1);
    acknowledges = true;
    monotonicMs = 42_000;
    await until("the telling again", () => servedTold.length === 2);
    assert.deepEqual(servedTold, [telling, telling]);
    await until("the acknowledgement", () => served.listUntold(42_000, "all").length === 0);
    served.note(8, 1_000, 2_000, 42_000);
    link.stop();
    await until("the last telling", () => servedTold.length === 3);
    assert.deepEqual(servedTold[2], { type: "view-served", viewId: 8, served: [{ from: 1_000, to: 2_000 }] });
  });

  test("[VIEW8] survive a recorder that is killed", async () => {
    link.tellViewEnded(7);
    link.tellViewEnded(7);
    link.tellViewEnded(9);
    await until("the ends", () => told.length >= 2);
    link.stop();
    index.close();
    index = new IndexStore(join(root, "index.sqlite"));
    told = [];
    acknowledges = true;
    startLink();
    await until("the ends after the start", () => told.length === 2);
    assert.deepEqual(ids(), [7, 9]);
    await until("the acknowledgements", () => ended.list().length === 0);
    assert.deepEqual(new EndedViews(index, assert.fail).list(), []);
  });

  test("[VIEW8] that the centre could not keep are told again over the same link", async () => {
    link.tellViewEnded(7);
    await until("the end", () => told.length === 1);
    acknowledges = true;
    monotonicMs = 11_000;
    await until("the end again", () => told.length === 2);
    assert.equal(links, 1);
  });

  test("an index that cannot be written loses none while the recorder runs, and says so", async () => {
    index.close();
    link.tellViewEnded(7);
    await until("the end", () => told.length === 1);
    assert.equal(failures.length, 1);
    assert.match(failures[0]!, /view 7/);
    index = new IndexStore(join(root, "index.sqlite"));
  });
});

test("an index of version 1 gets the table of ended views and keeps what it has", async () => {
  const root = await mkdtemp(join(tmpdir(), "citywatch-index-"));
  try {
    const file = join(root, "index.sqlite");
    new IndexStore(file).close();
    const old = new DatabaseSync(file);
    old.exec(`ALTER TABLE gap DROP COLUMN within_run; DROP INDEX gap_long; DROP TRIGGER camera_kept; DROP TABLE keeping; DROP TABLE sound; DROP TABLE metadata; DROP TRIGGER sender_report_dropped; DROP TABLE sender_report; DROP TABLE ended_view; DROP TABLE hold; DROP TRIGGER segment_stored; DROP TRIGGER segment_dropped; DROP TABLE stored_day; DROP INDEX segment_unsettled;
      DROP INDEX segment_deleting; ALTER TABLE segment DROP COLUMN deleted_as; CREATE INDEX segment_by_end ON segment (end_ms); DROP INDEX segment_long; DROP INDEX segment_by_time; CREATE INDEX segment_by_time ON segment (camera_id, start_ms); ALTER TABLE segment DROP COLUMN sha256; ALTER TABLE segment DROP COLUMN activity; INSERT INTO setting VALUES ('kept', 'yes'); DROP TABLE camera;
      CREATE TABLE camera (camera_id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, user_name TEXT, password_sealed BLOB,
        recording TEXT NOT NULL CHECK (recording IN ('continuous', 'on-demand')), retention_days REAL NOT NULL CHECK (retention_days > 0)) STRICT;
      INSERT INTO camera VALUES (7, 'C7', 'seven', 'rtsp://10.0.0.7/a', NULL, NULL, 'on-demand', 12.5); PRAGMA user_version = 1;`);
    old.close();
    const index = new IndexStore(file);
    new EndedViews(index, assert.fail).add(1, 2);
    assert.deepEqual([index.findSetting("kept"), new EndedViews(index, assert.fail).list()], ["yes", [{ viewId: 1, at: 2 }]]);
    assert.deepEqual(new CameraList(index, "token").list(), [{
      cameraId: 7, code: "C7", name: "seven", address: "rtsp://10.0.0.7/a", userName: null, password: null, sound: false, metadata: false, ...JOINING_DEFAULTS, transport: "tcp", recording: "on-demand", retentionDays: 12.5,
    }].map(({ soundPurpose: _none, metadataPurpose: _neither, ...camera }) => camera));
    index.close();
    const again = new IndexStore(file);
    assert.deepEqual(new EndedViews(again, assert.fail).list(), [{ viewId: 1, at: 2 }]);
    again.close();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
