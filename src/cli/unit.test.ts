import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readUnitRows } from "./unit.ts";

test("a list of units: skills, crew with badges and phone are read, bad rows are told with their line and the rest stays", () => {
  const { units, rejected } = readUnitRows([
    "call_sign,kind,lat,lon,skills,crew,phone", 'H1,patrol,60.17,24.94,first-aid;boat,"Ana Silva 1043; Rui Costa",+358 40 1', "H2,ambulance,60.171,24.945", "H3,tank,60.1,24.9", "H4,patrol,91,24.9", "H5,patrol,here,24.9", ",patrol,60.1,24.9", "H1,patrol,60.1,24.9",
  ].join("\r\n"));
  assert.deepEqual(units, [
    { callSign: "H1", kind: "patrol", home: { lat: 60.17, lon: 24.94 }, skills: ["first-aid", "boat"], crew: [{ name: "Ana Silva", badge: "1043" }, { name: "Rui Costa", badge: "" }], phone: "+358 40 1" },
    { callSign: "H2", kind: "ambulance", home: { lat: 60.171, lon: 24.945 }, skills: [], crew: [], phone: null },
  ]);
  assert.deepEqual(rejected.map(({ line, field, value }) => [line, field, value]), [[4, "kind", "tank"], [5, "lat", "91"], [6, "lat", "here"], [7, "call_sign", ""], [8, "call_sign", "H1"]]);
  assert.match(rejected[0]!.expected, /one of "patrol"/);
});

test("what is no list is told, whatever it is", () => {
  assert.throws(() => readUnitRows("name,kind\nx,y\n"), { name: "ToldError", message: /no column call_sign, lat, lon/ });
  assert.throws(() => readUnitRows(""), { name: "ToldError" });
  fc.assert(fc.property(fc.string(), (text) => {
    try {
      readUnitRows(text);
    } catch (error) {
      assert.equal((error as Error).name, "ToldError");
    }
  }));
});
