// The register of cameras over HTTP: entering, changing, lists in CSV, passwords, search, the map.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PbfReader } from "pbf";
import { VectorTile } from "@mapbox/vector-tile";
import { pointAt } from "../../geo/testing/features.ts";
import { createSealer } from "../../io/crypto/seal.ts";
import { createCameraStore } from "../../io/postgres/camera-store.ts";
import { cameraBody, startTestApi, type TestApi } from "../../../tests/support/api.ts";
import type { CityClient } from "../../../tests/support/city-client.ts";

const SECRET = "s3cret%40pass";

describe("the register of cameras", () => {
  let api: TestApi;
  let engineer: CityClient;
  before(async () => {
    api = await startTestApi();
    await api.first();
    engineer = await api.person("engineer", ["engineer"]);
  });
  after(() => api.close());

  const add = (more: Record<string, unknown> = {}) => engineer.call("createCamera", { body: cameraBody(more) });

  test("a name and password in the address are split off, sealed, and nowhere to be seen again", async () => {
    const camera = await add({ address: `rtsp://admin:${SECRET}@10.0.0.2:8554/ch1?x=1`, code: "SEALED" });
    assert.equal(camera.address, "rtsp://10.0.0.2:8554/ch1?x=1");
    const everything = JSON.stringify([camera, await engineer.call("listCameras"), (await (await api.first()).call("listAuditEntries")).entries, await api.database`select * from camera`, api.logged]);
    for (const form of [SECRET, "s3cret@pass"]) assert.ok(!everything.includes(form));
    const [row] = await api.database`select sealed from camera_credential where camera_id = ${camera.id}`;
    assert.ok(!Buffer.from(row!["sealed"]).toString("latin1").includes("s3cret"));
  });

  test("the address in the network is told to those who change cameras, and to nobody else", async () => {
    const { id } = await add({ address: "rtsp://10.0.0.2:8554/private-path", code: "UNTOLD" });
    assert.equal((await engineer.call("getCamera", { params: { id } })).address, "rtsp://10.0.0.2:8554/private-path");
    for (const role of ["call-taker", "video-operator", "planner", "inspector", "administrator"] as const) {
      const reader = await api.person(`untold-${role}`, [role]);
      const answers = [await reader.call("getCamera", { params: { id } }), ...(await reader.call("listCameras", { query: { q: "UNTOLD" } })).cameras, ...(await reader.call("listCameras", { query: { near: "0,0" } })).cameras];
      assert.ok(answers.length > 2 && !JSON.stringify(answers).includes("rtsp:"), role);
      assert.notEqual(answers[0]!.health.state, "no-address", `${role}: that there is one is told`);
    }
  });

  test("what is wrong with an address is told without repeating it", async () => {
    const cases = ["http://a/b", "rtsp://", "rtsp://u:hush-hush@/x", "rtsp://h:0/x", "rtsp://h:99999/x", "rtsp://u:hush#hush@h/x", "rtsp://h/a b", "rtsp://0.0.0.0/x", "rtsp://169.254.169.254/x", "rtsp://[::ffff:169.254.169.254]/x", "rtsp://[fe80::1]/x", "rtsp://239.1.2.3/x", "rtsp://u:%zz@h/x", "file:///etc/passwd", "rtsp://h/\u0000"];
    for (const address of cases) {
      const { status, problem } = await engineer.try("createCamera", { body: cameraBody({ address }) });
      assert.equal(status, 400, address);
      assert.equal(problem!.faults![0]!.field, "address", address);
      assert.ok(!JSON.stringify(problem).includes("hush"), address);
    }
  });

  test("[CAM8] an address outside the networks for cameras is refused in each way that one comes in: new, changed, tried, from a list", async () => {
    const { id } = await add({ code: "INSIDE" });
    for (const host of ["8.8.8.8", "127.0.0.1", "localhost", "[::1]", "[2001:db8::1]", "[::ffff:127.0.0.1]", "2130706433"]) {
      const address = `rtsp://u:hush@${host}/x`;
      for (const { problem } of [await engineer.try("createCamera", { body: cameraBody({ address }) }), await engineer.try("changeCamera", { params: { id }, body: { address } })]) {
        assert.equal(problem?.faults?.[0]?.field, "address", host);
        assert.match(problem.faults[0].expected, host === "2130706433" ? /is not an address/ : /networks that cameras may be in here: 10\.0\.0\.0\/8, .*--camera-networks/);
        assert.ok(!JSON.stringify(problem).includes("hush"));
      }
      const tried = await engineer.call("probeCamera", { body: { address, userName: null, password: null } });
      assert.ok(!tried.ok && tried.problem === "bad-address", host);
    }
    const listed = await engineer.call("importCameras", { body: { csv: `name,lat,lon,bearing,purpose,address\nOutside,${pointAt(1, 1).lat},${pointAt(1, 1).lon},0,Traffic safety,rtsp://8.8.8.8/x\nInside,${pointAt(1, 1).lat},${pointAt(1, 1).lon},0,Traffic safety,rtsp://10.3.3.3/x\n` } });
    assert.deepEqual([listed.added, listed.rejected.map((row) => [row.line, row.field])], [1, [[2, "address"]]]);
    assert.equal((await engineer.call("getCamera", { params: { id } })).address, cameraBody({}).address);
  });

  test("a change touches what it names; a new password keeps the name; removing keeps the row but not the password", async () => {
    const { id } = await add({ userName: "viewer", password: "one", code: "CHANGE" });
    const changed = await engineer.call("changeCamera", { params: { id }, body: { name: "Renamed", password: "two" } });
    assert.deepEqual([changed.name, changed.purpose, changed.recording, changed.retentionDays], ["Renamed", "Traffic safety", "continuous", 30]);
    const link = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    link.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7310", revision: 0 });
    const told = (await link.next("cameras")).cameras.find((camera: { cameraId: number }) => camera.cameraId === id);
    assert.deepEqual([told.userName, told.password], ["viewer", "two"]);
    link.close();
    await engineer.call("removeCamera", { params: { id } });
    assert.equal((await engineer.try("getCamera", { params: { id } })).status, 404);
    assert.equal((await engineer.try("removeCamera", { params: { id } })).status, 404);
    assert.equal((await api.database`select from camera where id = ${id} and removed_at is not null`).count, 1);
    assert.equal((await api.database`select from camera_credential where camera_id = ${id}`).count, 0);
    await add({ code: "CHANGE" }); // the code is free again
    assert.equal((await engineer.try("createCamera", { body: cameraBody({ code: "CHANGE" }) })).problem?.rule, "code-taken");
  });

  test("[CRD1] a stored password does not follow an address to another host or port, and the answer says so", async () => {
    const store = createCameraStore(api.database, createSealer(api.sealKey));
    const credentialAfter = async (before: Record<string, unknown>, change: Record<string, unknown>) => {
      const { id } = await add({ address: "rtsp://10.0.0.7/a", userName: "viewer", password: "stored", ...before });
      const { credentialDropped } = await engineer.call("changeCamera", { params: { id }, body: change });
      const told = await store.findForRecorder(id);
      return [told?.userName, told?.password, credentialDropped];
    };
    assert.deepEqual(await credentialAfter({}, { address: "rtsp://10.0.0.7:554/other?x=1" }), ["viewer", "stored", false], "the same box");
    assert.deepEqual(await credentialAfter({}, { address: "rtsp://10.9.9.9/a" }), [null, null, true], "another host");
    assert.deepEqual(await credentialAfter({}, { address: "rtsp://10.0.0.7:8554/a" }), [null, null, true], "another port");
    assert.deepEqual(await credentialAfter({}, { address: "rtsp://10.9.9.9/a", userName: "mine" }), ["mine", null, true], "half a credential takes nothing of the old one along");
    assert.deepEqual(await credentialAfter({}, { address: "rtsp://mine@10.9.9.9/a" }), ["mine", "", true]);
    assert.deepEqual(await credentialAfter({}, { address: "rtsp://10.9.9.9/a", userName: "new", password: "given" }), ["new", "given", false], "a new one comes with it");
    assert.deepEqual(await credentialAfter({ address: null }, { address: "rtsp://10.9.9.9/a" }), [null, null, true], "one that was entered for no address");
    assert.deepEqual(await credentialAfter({ userName: null, password: null }, { address: "rtsp://10.9.9.9/a" }), [null, null, false], "none was stored");
    assert.deepEqual(await credentialAfter({}, { address: null }), [undefined, undefined, true]);
    assert.deepEqual(await credentialAfter({}, { name: "Renamed" }), ["viewer", "stored", false]);
  });

  test("how a camera is joined and what of it is kept goes to its recorder; a second stream and a pinned certificate stay with their box", async () => {
    const pin = "0f".repeat(32);
    const particulars = {
      subAddress: "rtsps://10.0.0.7/small", transport: "tcp", certificateSha256: pin, soundPurpose: "Calls for help at the gate", metadataPurpose: "The tamper sensor", recording: "scheduled", schedule: "mon-fri 07:00-19:00", preRollS: 5, postRollS: 90,
      keyFrameIntervalS: 2, retentionDays: 20, leastDays: 2.5, mostGigabytes: 12.5, nightView: "infrared",
    } as const;
    const { id, ...added } = await add({ address: "rtsps://10.0.0.7/a", userName: "viewer", password: "stored", ...particulars, subAddress: "rtsps://viewer:hush@10.0.0.7/small" });
    const kept = (camera: Record<string, unknown>) => Object.fromEntries(Object.keys(particulars).map((key) => [key, camera[key]]));
    assert.deepEqual([kept(added), added.streams], [particulars, ["main", "sub"]]);
    assert.deepEqual(kept(await engineer.call("getCamera", { params: { id } })), particulars);
    const told = await createCameraStore(api.database, createSealer(api.sealKey)).findForRecorder(id);
    assert.deepEqual(kept({ ...told }), particulars);
    const fault = async (body: Record<string, unknown>) => (await engineer.try("changeCamera", { params: { id }, body })).problem?.faults?.map(({ field, code }) => `${field} ${code}`);
    assert.deepEqual(await fault({ schedule: "mon 7-19" }), ["schedule weekly-times"]);
    assert.deepEqual(await fault({ schedule: null }), ["schedule schedule-needed"]);
    assert.deepEqual(await fault({ transport: "udp" }), ["transport tls-by-tcp"]);
    assert.deepEqual(await fault({ subAddress: "rtsps://10.0.0.9/small" }), ["subAddress same-endpoint"]);
    assert.deepEqual(await fault({ subAddress: "rtsps://8.8.8.8/small" }), ["subAddress host-outside"]);
    assert.deepEqual(await fault({ leastDays: 21 }), ["leastDays not-more-than"]);
    const elsewhere = await engineer.call("changeCamera", { params: { id }, body: { address: "rtsps://10.0.0.9/a" } });
    assert.deepEqual([elsewhere.subAddress, elsewhere.certificateSha256, elsewhere.streams, elsewhere.recording], [null, null, ["main"], "scheduled"]);
    const viewer = await api.person("watcher", ["video-operator"]);
    await engineer.call("changeCamera", { params: { id }, body: { subAddress: "rtsps://10.0.0.9/small" } });
    const seen = await viewer.call("getCamera", { params: { id } });
    assert.deepEqual([seen.subAddress, seen.streams], [null, ["main", "sub"]], "that there is one is told, not where");
  });

  test("the particulars come from a list too", async () => {
    const at = pointAt(210, 0);
    const csv = [
      "code,name,lat,lon,bearing,purpose,address,sub_address,transport,recording,schedule,pre_roll_s,key_frame_interval_s,least_days,most_gigabytes,sound_purpose,metadata_purpose,night_view",
      `P1,Good,${at.lat},${at.lon},0,traffic,rtsp://10.2.0.1/a,rtsp://10.2.0.1/b,udp,scheduled,mon-fri 07:00-19:00; sat 09:00-13:00,4,2,1,0.5,Calls for help,Tamper sensor,low-light`,
      `P2,No hours,${at.lat},${at.lon},0,traffic,rtsp://10.2.0.2/a,,,scheduled,,,,,,,,`,
      `P3,Other box,${at.lat},${at.lon},0,traffic,rtsp://10.2.0.2/a,rtsp://10.2.0.3/b,,,,,,,,,,`,
      `P4,Bad,${at.lat},${at.lon},0,traffic,rtsp://10.2.0.2/a,,carrier pigeon,,,99,,,,,,owls`,
    ].join("\n");
    const result = await engineer.call("importCameras", { body: { csv } });
    assert.deepEqual([result.added, result.rejected.map(({ line, field, code }) => [line, field, code])], [1, [[3, "schedule", "schedule-needed"], [4, "sub_address", "same-endpoint"], [5, "night_view", "one-of"], [5, "transport", "one-of"], [5, "pre_roll_s", "at-most"]]]);
    const [camera] = (await engineer.call("listCameras", { query: { q: "p1" } })).cameras.filter(({ code }) => code === "P1");
    assert.deepEqual([camera?.schedule, camera?.transport, camera?.preRollS, camera?.postRollS, camera?.mostGigabytes, camera?.soundPurpose, camera?.metadataPurpose, camera?.nightView], ["mon-fri 07:00-19:00; sat 09:00-13:00", "udp", 4, 60, 0.5, "Calls for help", "Tamper sensor", "low-light"]);
  });

  test("[AUD1] each change is in the audit entries with its author", async () => {
    const inspector = await api.person("inspector", ["inspector"]);
    const { id } = await add({ code: "AUDITED" });
    await engineer.call("changeCamera", { params: { id }, body: { owner: "Port" } });
    await engineer.call("removeCamera", { params: { id } });
    const { entries } = await inspector.call("listAuditEntries", { query: { kind: "changes", limit: 3 } });
    assert.deepEqual(entries.map((entry) => [entry.action, entry.by.name, entry.subjectId]), [["camera.remove", "engineer", id], ["camera.change", "engineer", id], ["camera.add", "engineer", id]]);
    assert.deepEqual(entries[1]!.body, { owner: { from: "City", to: "Port" } });
  });

  test("a list in CSV: bad rows are told with line, field, value and what was expected; the rest goes in", async () => {
    const at = pointAt(200, 0);
    const csv = [
      "\ufeffcode,Name,lat,lon,bearing,purpose,address,user,password,hfov,favourite colour",
      `L1,"Rivera, north side",${at.lat},${at.lon},90,traffic,rtsp://10.1.0.1/a,cam,pw1,80,blue`,
      `L2,No latitude,,${at.lon},90,traffic,,,,,`,
      `L3,Bad bearing,${at.lat},${at.lon},400,traffic,,,,,`,
      `L4,Words for a number,${at.lat},${at.lon},north,traffic,,,,,`,
      `L5,Not rtsp,${at.lat},${at.lon},0,traffic,http://10.0.0.1/x,,hush-hush,,`,
      `L1,Code twice,${at.lat},${at.lon},0,traffic,,,,,`,
      `bad code!,Bad code,${at.lat},${at.lon},0,traffic,,,,,`,
      `L8,"Two\nlines",${at.lat},${at.lon},0,traffic,,,,,`,
      `L9,No purpose,${at.lat},${at.lon},0,,,,,,`,
      "",
      `L10,安全路口,${at.lat},${at.lon},0,安全,,,,,`,
    ].join("\r\n");
    const result = await engineer.call("importCameras", { query: {}, body: { csv } });
    assert.equal(result.added, 3);
    assert.equal(result.rejectedTotal, 7);
    assert.deepEqual(result.notices.map(({ field, code }) => [field, code]), [["favourite colour", "one-of"]]);
    assert.deepEqual(result.rejected.map(({ line, field, value }) => [line, field, value]).toSorted((a, b) => Number(a[0]) - Number(b[0])), [
      [3, "lat", "absent"], [4, "bearing", "400"], [5, "bearing", "north"], [6, "address", "(not shown)"], [7, "code", "L1"], [8, "code", "bad code!"], [11, "purpose", ""],
    ]);
    assert.ok(result.rejected.every((one) => one.expected.length > 3));
    assert.ok(!JSON.stringify(result).includes("hush"));
    const { cameras } = await engineer.call("listCameras", { query: { q: "rivera, NORTH" } });
    assert.deepEqual(cameras.map((camera) => [camera.code, camera.pose.horizontalFovDeg, camera.place]), [["L1", 80, "Rivera"]]);
    assert.equal((await engineer.call("listCameras", { query: { q: "路口" } })).total, 1);
    assert.equal((await engineer.call("listCameras", { query: { q: "%" } })).total, 0, "no wildcard of the database");
  });

  test("a list is checked before: every fault of every row is told, as the import would tell it, and nothing goes in", async () => {
    const at = pointAt(200, 0);
    await add({ code: "THERE" });
    const csv = ["code,name,lat,lon,bearing,purpose,address", `N1,Good,${at.lat},${at.lon},90,traffic,`, `N2,,abc,${at.lon},400,traffic,`, `THERE,Taken,${at.lat},${at.lon},0,traffic,`, `N1,Twice,${at.lat},${at.lon},0,traffic,`, `N5,Nigeria,9.1,7.4,0,traffic,rtsp://10.0.0.1:99999/`].join("\n");
    const before = (await engineer.call("listCameras", { query: { limit: 1 } })).total;
    const check = await engineer.call("importCameras", { query: { check: "true" }, body: { csv } });
    assert.deepEqual([check.added, check.rejectedTotal], [1, 4]);
    assert.deepEqual(check.rejected.map(({ line, field, code }) => [line, field, code]), [
      [3, "name", "not-empty"], [3, "lat", "number"], [3, "bearing", "less-than"], [4, "code", "code-free"], [5, "code", "code-free"], [6, "lat", "city-latitude"], [6, "lon", "city-longitude"], [6, "address", "port"],
    ]);
    assert.equal((await engineer.call("listCameras", { query: { limit: 1 } })).total, before, "a check adds nothing");
    const done = await engineer.call("importCameras", { query: {}, body: { csv } });
    assert.deepEqual([done.added, done.rejected], [1, check.rejected]);
  });

  test("of a list with more faults than are told, every faulty row is still named by its line", async () => {
    const at = pointAt(200, 0);
    const rows = Array.from({ length: 4_000 }, (_, i) => (i % 4 === 3 ? `Good ${i},${at.lat},${at.lon},90,traffic` : ",x,x,x,")); // 5 faults a row
    const check = await engineer.call("importCameras", { query: { check: "true" }, body: { csv: ["name,lat,lon,bearing,purpose", ...rows].join("\n") } });
    assert.deepEqual([check.added, check.rejectedTotal, check.rejected.length], [1_000, 3_000, 10_000]);
    assert.deepEqual(check.rejectedLines, rows.flatMap((row, i) => (row.startsWith("Good") ? [] : [i + 2])));
  });

  test("a code that is made looks like the others, and steps aside for one that was given by hand", async () => {
    const { id, code } = await add({ code: undefined });
    assert.equal(code, `C-${String(id).padStart(4, "0")}`);
    await add({ code: `C-${String(id + 2).padStart(4, "0")}` });
    assert.equal((await add({ code: undefined })).code, `C-${String(id + 2).padStart(4, "0")}-2`);
  });

  test("a row that lacks something has its point and its address judged all the same: each fault is told at once", async () => {
    const at = pointAt(200, 0);
    const csv = ["name,lat,lon,bearing,purpose,address,schedule", `Both,${at.lat},${at.lon},90,,rtsp://8.8.8.8/x`, "Three,9.1,7.4,400,traffic,rtsp://10.0.0.1:99999/", `Odd,abc,${at.lon},90,,ftp://10.0.0.1/x`, `Hours,${at.lat},${at.lon},400,traffic,,funday 9-10`, "Far,9.1,7.4,0,traffic,,funday 9-10"].join("\n");
    const check = await engineer.call("importCameras", { query: { check: "true" }, body: { csv } });
    assert.deepEqual(check.rejected.map(({ line, field, code }) => [line, field, code]), [
      [2, "purpose", "not-empty"], [2, "address", "host-outside"], [3, "bearing", "less-than"], [3, "lat", "city-latitude"], [3, "lon", "city-longitude"], [3, "address", "port"],
      [4, "lat", "number"], [4, "purpose", "not-empty"], [4, "address", "rtsp-scheme"], [5, "bearing", "less-than"], [5, "schedule", "weekly-days"], [6, "lat", "city-latitude"], [6, "lon", "city-longitude"], [6, "schedule", "weekly-days"],
    ]);
    assert.equal(check.rejectedTotal, 5);
  });

  test("a list whose cells are parted by ; or by tabs, as spreadsheets write it, is read as well, with decimal commas", async () => {
    const at = pointAt(200, 0);
    for (const [name, separator] of [["SEMI", ";"], ["TAB", "\t"]] as const) {
      const cells = [["\ufeffcode", "Name", "lat", "lon", "bearing", "purpose"], [`${name}-1`, '"Gate, north"', String(at.lat).replace(".", ","), String(at.lon).replace(".", ","), "90", "traffic, gates"], [`${name}-2`, "x", "1,2,3", String(at.lon), "90", "traffic"]];
      const csv = cells.map((row) => row.join(separator)).join("\r\n");
      const result = await engineer.call("importCameras", { query: {}, body: { csv } });
      assert.deepEqual([result.added, result.rejected.map(({ line, field, value }) => [line, field, value])], [1, [[3, "lat", "1,2,3"]]], name);
      const { cameras } = await engineer.call("listCameras", { query: { q: `${name}-1` } });
      assert.deepEqual(cameras.map((camera) => [camera.name, camera.purpose, camera.pose.point.lat]), [["Gate, north", "traffic, gates", at.lat]]);
    }
    const plain = await engineer.call("importCameras", { query: { check: "true" }, body: { csv: `name,lat,lon,bearing,purpose\nx,"-34,9",${at.lon},90,a;b;c;d` } });
    assert.deepEqual(plain.rejected.map(({ field }) => field), ["lat"], "where the comma parts cells it is no decimal point");
  });

  test("a camera that was removed is listed for those who may look, newest first, and found by its words", async () => {
    const operator = await api.person("operator-of-the-past", ["video-operator"]);
    const gone = [await add({ code: "GONE-1", name: "Old gate" }), await add({ code: "GONE-2", name: "Old bridge" })];
    for (const { id } of gone) await engineer.call("removeCamera", { params: { id } });
    const page = await operator.call("listRemovedCameras", { query: { q: "gone-" } });
    assert.deepEqual([page.total, page.cameras.map(({ code, name }) => [code, name])], [2, [["GONE-2", "Old bridge"], ["GONE-1", "Old gate"]]]);
    assert.ok(page.cameras[0]!.removedAt >= page.cameras[1]!.removedAt);
    const planner = await api.person("planner-of-the-past", ["planner"]);
    assert.equal((await planner.try("listRemovedCameras", {})).status, 403, "the register is not the pictures");
  });

  test("[AUD1] a camera that was removed is taken back as the same one: its id, what was entered, not its password; the recorder is told", async () => {
    const inspector = await api.person("inspector-of-returns", ["inspector"]);
    const before = await add({ code: "BACK-1", name: "Mended gate", address: "rtsp://10.0.0.77/a", userName: "viewer", password: "secret" });
    const { id } = before;
    assert.equal((await engineer.try("returnCamera", { params: { id } })).status, 404, "it was not removed");
    await engineer.call("removeCamera", { params: { id } });
    assert.deepEqual((await engineer.call("listRemovedCameras", { query: { q: "back-1" } })).cameras.map((one) => one.id), [id]);
    const link = await api.connect("/api/v1/recorder-link", api.client("recorder").headers());
    link.send({ type: "hello", recorderId: 1, mediaUrl: "http://127.0.0.1:7310", revision: 0 });
    await link.next("cameras");
    const { health: _then, ...entered } = before;
    const { health: _now, ...returned } = await engineer.call("returnCamera", { params: { id } });
    assert.deepEqual(returned, entered);
    const { camera: told } = await link.next("camera-changed");
    assert.deepEqual([told.cameraId, told.address, told.userName, told.password], [id, "rtsp://10.0.0.77/a", null, null]);
    link.close();
    assert.equal((await engineer.call("listRemovedCameras", { query: { q: "back-1" } })).total, 0);
    assert.equal((await engineer.call("listCameras", { query: { q: "back-1" } })).total, 1);
    const { entries } = await inspector.call("listAuditEntries", { query: { kind: "changes", limit: 2 } });
    assert.deepEqual(entries.map((entry) => [entry.action, entry.subjectId]), [["camera.return", id], ["camera.remove", id]]);
    await engineer.call("removeCamera", { params: { id } });
    const other = await add({ code: "BACK-1" });
    assert.equal((await engineer.try("returnCamera", { params: { id } })).problem?.rule, "code-taken", "somebody else has its code");
    await engineer.call("removeCamera", { params: { id: other.id } });
    await engineer.call("returnCamera", { params: { id } });
  });

  test("a camera far from the city is refused with field, value and what was expected; a change that moves it there too", async () => {
    const { bounds } = await engineer.call("getCity");
    const point = { lon: bounds.east + 1, lat: bounds.north };
    const { status, problem } = await engineer.try("createCamera", { body: cameraBody({ pose: { ...(cameraBody()["pose"] as object), point } }) });
    assert.equal(status, 400);
    assert.deepEqual(problem!.faults!.map(({ field, value, code }) => [field, value, code]), [["pose.point.lon", String(point.lon), "city-longitude"]]);
    const there = await add({ code: "STAYS" });
    assert.equal((await engineer.try("changeCamera", { params: { id: there.id }, body: { pose: { ...there.pose, point } } })).status, 400);
    assert.equal((await engineer.try("changeCamera", { params: { id: there.id }, body: { pose: { ...there.pose, bearingDeg: 7 } } })).status, 200);
  });

  test("what is no list at all is refused whole", async () => {
    for (const csv of ["", "\n\n", "name,lat\nx,1", "\u0000\u0001", `name,lat,lon,bearing,purpose\n"${"x".repeat(30_000)}`]) {
      const { status, answer, problem } = await engineer.try("importCameras", { query: {}, body: { csv } });
      if (status === 200) assert.equal(answer!.added, 0, csv.slice(0, 20));
      else assert.equal(problem!.rule, "bad-csv", csv.slice(0, 20));
    }
  });

  test("a long list comes as a stream; broken text in it is told", async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `S${i},Stream ${i},${pointAt(i % 100, Math.floor(i / 100)).lat},${pointAt(i % 100, 0).lon},${i % 360},traffic,,`);
    const bytes = Buffer.concat([Buffer.from(`code,name,lat,lon,bearing,purpose,address,password\n${rows.join("\n")}\nBROKEN,`), Buffer.from([0xc4, 0xfa, 0xba]), Buffer.from(`,${pointAt(0, 0).lat},${pointAt(0, 0).lon},0,traffic,,\n`)]);
    const response = await fetch(`${api.origin}/api/v1/cameras/import`, { method: "POST", headers: { ...api.client("operator").headers(), "content-type": "text/csv; charset=utf-8" }, body: bytes });
    const result = (await response.json()) as { added: number; rejectedTotal: number; rejected: { field: string; expected: string }[] };
    assert.deepEqual([result.added, result.rejectedTotal], [5_000, 1]);
    assert.deepEqual([result.rejected[0]!.field, result.rejected[0]!.expected], ["name", "text in UTF-8"]);
    const { entries } = await (await api.first()).call("listAuditEntries", { query: { kind: "changes", limit: 1 } });
    assert.deepEqual([entries[0]!.action, entries[0]!.by.kind, entries[0]!.by.name], ["camera.add-many", "service", "command line"]);
    const wrong = await fetch(`${api.origin}/api/v1/commands`, { method: "POST", headers: { ...api.client("fleet").headers(), "content-type": "text/csv" }, body: "a,b" });
    assert.equal(wrong.status, 415, "a stream goes only where one is expected");
  });

  test("the register in pages, by nearness and by state", async () => {
    const ids: number[] = [];
    for (let next: number | null = 0; next !== null; ) {
      const page: { cameras: { id: number }[]; next: number | null; total: number } = await engineer.call("listCameras", { query: { after: next, limit: 500 } });
      ids.push(...page.cameras.map((camera) => camera.id));
      next = page.next;
    }
    assert.equal(ids.length, api.registry.index.size);
    assert.deepEqual(ids, ids.toSorted((a, b) => a - b));
    const here = pointAt(50, 20);
    const near = await engineer.call("listCameras", { query: { near: `${here.lon},${here.lat}`, limit: 3 } });
    const away = near.cameras.map(({ pose }) => Math.hypot(pose.point.lon - here.lon, pose.point.lat - here.lat));
    assert.equal(near.cameras.length, 3);
    assert.ok(away.every((d, i) => i === 0 || d >= away[i - 1]! - 1e-9));
    assert.equal((await engineer.call("listCameras", { query: { state: "no-address", limit: 1 } })).total, api.registry.index.countWhere((id) => !api.registry.index.hasStream(id)));
    assert.equal((await engineer.call("listCameras", { query: { state: "no-address", q: "stream 49", limit: 5 } })).cameras.length, 5);
  });

  test("the map: each camera a point where there is room, else one point for many, with their number; unchanged tiles are not sent again", async () => {
    const { lon, lat } = pointAt(50, 20);
    const tileAt = (z: number) => {
      const sin = Math.sin((lat * Math.PI) / 180);
      return `/tiles/cameras/${z}/${Math.floor(((lon + 180) / 360) * 2 ** z)}/${Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * 2 ** z)}.mvt`;
    };
    const read = async (z: number) => {
      const response = await fetch(`${api.origin}${tileAt(z)}`, { headers: engineer.headers() });
      const layer = new VectorTile(new PbfReader(new Uint8Array(await response.arrayBuffer()))).layers["cameras"]!;
      return { response, features: Array.from({ length: layer.length }, (_, i) => layer.feature(i).properties) };
    };
    const far = await read(10);
    assert.ok(far.features.length < 20);
    assert.equal(far.features.reduce((sum, one) => sum + Number(one["count"] ?? 1), 0), api.registry.index.size);
    const close = await read(17);
    assert.ok(close.features.length > 100 && close.features.every((one) => one["count"] === undefined));
    assert.deepEqual(Object.keys(close.features[0]!).toSorted(), ["bearing", "code", "id", "kind", "state"]);
    const again = await fetch(`${api.origin}${tileAt(10)}`, { headers: { ...engineer.headers(), "if-none-match": far.response.headers.get("etag")! } });
    assert.equal(again.status, 304);
    for (const path of ["/tiles/cameras/3/9/1.mvt", "/tiles/cameras/23/0/0.mvt", "/tiles/cameras/-1/0/0.mvt", "/tiles/cameras/1/0/0.png", "/tiles/base/1/1.5/0.mvt"])
      assert.equal((await fetch(`${api.origin}${path}`, { headers: engineer.headers() })).status, 404, path);
  });

  test("the index in memory is what the database holds, after all of the above", async () => {
    const { createCameraIndex } = await import("./camera-index.ts");
    const fresh = createCameraIndex();
    await createCameraStore(api.database, createSealer(Buffer.alloc(32).toString("base64"))).readAll((cameras) => cameras.forEach(fresh.put));
    const sorted = (index: typeof fresh) => index.list().toSorted((a, b) => a.id - b.id);
    assert.deepEqual(sorted(api.registry.index), sorted(fresh));
  });
});
