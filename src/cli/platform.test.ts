import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { readPlatformRows, type PlatformRows } from "./platform.ts";

const read = (text: string): Promise<PlatformRows> => readPlatformRows(Readable.from([text], { objectMode: false }));

test("a list of platforms: bad rows are told with their line and the rest stays; a code stands once", async () => {
  const list = await read(["code,name,lat,lon", "P1,Old harbour,-34.9,-56.2", "P2,,-34.9,-56.2", "P3,Market,95,-56.2", "P1,Twice,-34.9,-56.2", ",No code,-34.9,x"].join("\n"));
  assert.deepEqual(list.items, [{ code: "P1", name: "Old harbour", point: { lat: -34.9, lon: -56.2 } }]);
  assert.deepEqual(list.rejected.map(({ line, field }) => [line, field]), [[3, "name"], [4, "lat"], [5, "code"], [6, "code"], [6, "lon"]]);
  assert.deepEqual([list.rejectedTotal, list.lines.get("P1")], [4, 2]);
});

test("what is no such list is told", async () => {
  await assert.rejects(read("code,lat\nP1,1\n"), { name: "ToldError", message: /missing: name, lon/ });
});
