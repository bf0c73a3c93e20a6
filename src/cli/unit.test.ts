import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import { readUnitRows, type UnitRows } from "./unit.ts";

const read = (text: string | Buffer): Promise<UnitRows> => readUnitRows(Readable.from([text], { objectMode: false }));
const tell = ({ rejected }: UnitRows): string[] => rejected.map(({ line, field, value, expected }) => `${line} ${field} ${value}: ${expected}`);

test("a list of units: skills, crew with badges and phone are read, bad rows are told with their line and the rest stays", async () => {
  const list = await read([
    "call_sign,kind,lat,lon,skills,crew,phone", 'H1,patrol,60.17,24.94,first-aid;boat,"Ana Silva 1043; Rui Costa",+358 40 1', "H2,ambulance,60.171,24.945,,,", "H3,tank,60.1,24.9", "H4,patrol,91,24.9", "H5,patrol,here,24.9", ",patrol,60.1,24.9", "H1,patrol,60.1,24.9",
    ",car,95,x",
  ].join("\r\n"));
  assert.deepEqual(list.items, [
    { callSign: "H1", kind: "patrol", home: { lat: 60.17, lon: 24.94 }, skills: ["first-aid", "boat"], crew: [{ name: "Ana Silva", badge: "1043" }, { name: "Rui Costa", badge: "" }], phone: "+358 40 1" },
    { callSign: "H2", kind: "ambulance", home: { lat: 60.171, lon: 24.945 }, skills: [], crew: [], phone: null },
  ]);
  assert.deepEqual(list.rejected.map(({ line, field, value }) => [line, field, value]), [
    [4, "kind", "tank"], [5, "lat", "91"], [6, "lat", "here"], [7, "call_sign", ""], [8, "call_sign", "H1"], [9, "call_sign", ""], [9, "kind", "car"], [9, "lon", "x"], [9, "lat", "95"],
  ]);
  assert.equal(list.rejectedTotal, 6, "rows, however many faults each has");
  assert.match(list.rejected[0]!.expected, /one of patrol, /);
  assert.equal(list.rejected[3]!.expected, "something written");
});

test("a column that is not there, and a row that ends before it, say nothing of it", async () => {
  const home = { lat: 60.17, lon: 24.94 };
  assert.deepEqual((await read("Call-Sign,KIND,lat,lon\nE1,patrol,60.17,24.94\n")).items, [{ callSign: "E1", kind: "patrol", home }]);
  assert.deepEqual((await read("call_sign,kind,lat,lon,phone,skills\nE1,patrol,60.17,24.94,\n")).items, [{ callSign: "E1", kind: "patrol", home, phone: null }]);
});

test("a platform by its code, and the end of the shift with its zone; an hour without one is told", async () => {
  const list = await read("call_sign,kind,lat,lon,platform,shift_ends\nE1,patrol,60.17,24.94,P-1,2026-03-23T22:00:00-03:00\nE2,patrol,60.17,24.94,,\nE3,patrol,60.17,24.94,P-1,22:00\n");
  assert.deepEqual(list.items.map(({ callSign, platformCode, shiftEndsAt }) => [callSign, platformCode, shiftEndsAt]), [["E1", "P-1", Date.UTC(2026, 2, 24, 1)], ["E2", null, null]]);
  assert.deepEqual(list.rejected.map(({ line, field, value }) => [line, field, value]), [[4, "shift_ends", "22:00"]]);
});

test("a stray quote costs its row, a quote that is never closed what follows it", async () => {
  const stray = await read('call_sign,kind,lat,lon\nE1,patrol,60.17,24.94\nE"2",patrol,60.17,24.94\nE3,patrol,60.17,24.94\n');
  assert.deepEqual([stray.items.map((unit) => unit.callSign), stray.rejected.map(({ line, field }) => [line, field])], [["E1", "E3"], [[3, "row"]]]);
  const open = await read('call_sign,kind,lat,lon\nE1,patrol,60.17,24.94\nE2,patrol,"60.17,24.94\nE3,patrol,60.17,24.94\n');
  assert.deepEqual([open.items.map((unit) => unit.callSign), tell(open)], [["E1"], ["3 row (not readable): each quote closed; nothing after this line was read"]]);
});

test("another encoding is told and not entered; a column that stands there twice, or is unknown, is told and passed over", async () => {
  assert.deepEqual(tell(await read(Buffer.from("call_sign,kind,lat,lon,crew\nE1,patrol,60.17,24.94,Jos\xe9 1043\n", "latin1"))), ["2 crew Jos\ufffd 1043: text in UTF-8"]);
  const twice = await read("call_sign,kind,lat,lon,lat,colour\nE1,patrol,60.17,24.94,60.29,red\n");
  assert.deepEqual([twice.items[0]!.home.lat, twice.notices.map((notice) => notice.field)], [60.17, ["lat", "colour"]]);
});

test("what is no list is told, whatever it is; one without rows is a list", async () => {
  await assert.rejects(read("name,kind\nx,y\n"), { name: "ToldError", message: /missing: call_sign, lat, lon/ });
  await assert.rejects(read(""), { name: "ToldError", message: /empty/ });
  assert.deepEqual(await read("call_sign,kind,lat,lon\n"), { items: [], lines: new Map(), rejected: [], rejectedTotal: 0, notices: [] });
  await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.string().map((text) => `call_sign,kind,lat,lon\n${text}`)), async (text) => {
    await read(text).catch((error: Error) => assert.equal(error.name, "ToldError"));
  }));
});
