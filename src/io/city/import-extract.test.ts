// Extracts of other cities, and files that are none. The real extracts are beside the project, if at all.
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { VectorTile } from "@mapbox/vector-tile";
import fc from "fast-check";
import { PbfReader } from "pbf";
import { listMappedCameras } from "../../geo/city/mapped-cameras.ts";
import { roadTimesTo } from "../../geo/routing.ts";
import { CityError, type CityErrorCode } from "./city-error.ts";
import { CITY_FORMAT_VERSION, type LoadedCity, loadCity } from "./city-folder.ts";
import { importExtract } from "./import-city.ts";
import { readPbfExtract } from "./pbf-extract.ts";

const osm = resolve(import.meta.dirname, "../../../../shared/data/osm");
const has = await readdir(osm).then((names) => names.includes("helsinki-centre.osm.pbf"), () => false);
const skip = has ? false : "the extracts of ../shared/data/osm are not here";
const silent = (): void => undefined;
const failsWith = (code: CityErrorCode, words: RegExp) => (error: unknown): boolean => error instanceof CityError && error.code === code && words.test(error.message);

let dir = "";
before(async () => {
  dir = await mkdtemp(join(tmpdir(), "citywatch-extract-"));
});
after(() => rm(dir, { recursive: true, force: true }));

describe("a file that is no extract", () => {
  const importOf = async (name: string, bytes: Uint8Array): Promise<unknown> => {
    await writeFile(join(dir, name), bytes);
    return importExtract({ file: join(dir, name), dir: join(dir, `${name}.city`), progress: silent, now: 0 });
  };
  it("that is not there is named", () => assert.rejects(importExtract({ file: join(dir, "nowhere.osm.pbf"), dir: join(dir, "x"), progress: silent, now: 0 }), failsWith("not-found", /^there is no file .*nowhere\.osm\.pbf$/)));
  it("empty", () => assert.rejects(importOf("empty.osm.pbf", new Uint8Array(0)), failsWith("bad-extract", /at byte 0/)));
  it("a text", () => assert.rejects(importOf("text.osm.pbf", new TextEncoder().encode("<osm version='0.6'></osm>")), failsWith("bad-extract", /header length/)));
  it("leaves no folder behind", async () => assert.equal((await readdir(dir)).some((name) => name.includes(".city")), false));
  it("of random bytes, never anything but a CityError", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await writeFile(join(dir, "noise.osm.pbf"), bytes);
      await readPbfExtract(join(dir, "noise.osm.pbf"), { add: silent, addRestriction: silent, leaveOutTurn: silent }, silent).catch((error: unknown) => assert.ok(error instanceof CityError, String(error)));
    }), { numRuns: 100 });
  });
});

describe("a real extract, damaged", { skip }, () => {
  it("cut short says at which byte", async () => {
    await cp(join(osm, "helsinki-centre.osm.pbf"), join(dir, "short.osm.pbf"));
    await truncate(join(dir, "short.osm.pbf"), 300_000);
    await assert.rejects(importExtract({ file: join(dir, "short.osm.pbf"), dir: join(dir, "short"), progress: silent, now: 0 }), failsWith("bad-extract", /at byte \d+ expected \d+ bytes of data, but the file ends at 300000/));
  });
  it("with bytes changed anywhere gives a city or a CityError", async () => {
    const whole = await readFile(join(osm, "helsinki-centre.osm.pbf"));
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
      const damaged = Buffer.from(whole);
      for (const [at, value] of changes) damaged[at] = value;
      await writeFile(join(dir, "damaged.osm.pbf"), damaged);
      await readPbfExtract(join(dir, "damaged.osm.pbf"), { add: silent, addRestriction: silent, leaveOutTurn: silent }, silent).catch((error: unknown) => assert.ok(error instanceof CityError, String(error)));
    }), { numRuns: 6 });
  });
});

describe("Helsinki", { skip }, () => {
  let city: LoadedCity;
  before(async () => {
    await importExtract({ file: join(osm, "helsinki-centre.osm.pbf"), dir: join(dir, "helsinki"), name: "Helsinki", timeZone: "Europe/Helsinki", progress: silent, now: 0 });
    city = await loadCity(join(dir, "helsinki"));
  });
  after(() => city?.close());
  it("has its mapped cameras, schools and turn restrictions", () => {
    assert.equal(city.featuresOf("surveillance").length, 221);
    assert.equal(new Set(listMappedCameras(city).map((c) => c.code)).size, 221);
    assert.ok(city.featuresOf("school").length >= 3);
    assert.ok(city.manifest.counts.bannedTurns > 10);
  });
  it("finds an address and drives to it", () => {
    const [place] = city.gazetteer.search("Aleksanterinkatu 52").places;
    assert.ok(place!.exact);
    const times = roadTimesTo(city.roads, place!.point, [city.centre]);
    assert.ok(times.seconds[0]! > 10 && times.seconds[0]! < 600, String(times.seconds[0]));
  });
  it("draws tiles that a reader of vector tiles understands", () => {
    const zoom = 15;
    const x = Math.floor(((city.centre.lon + 180) / 360) * 2 ** zoom);
    const sine = Math.sin((city.centre.lat * Math.PI) / 180);
    const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** zoom);
    const { layers } = new VectorTile(new PbfReader(gunzipSync(city.findTile(zoom, x, y)!)));
    assert.ok(layers["roads"]!.length > 20 && layers["buildings"]!.length > 5 && layers["addresses"]!.length > 20);
    const names = Array.from({ length: layers["roads"]!.length }, (_, i) => layers["roads"]!.feature(i).properties["name"]);
    assert.ok(names.includes("Mannerheimintie"));
    assert.equal(city.findTile(15, 0, 0), null);
    assert.equal(city.findTile(15, 0.5, -1), null);
  });

  const damaged = async (name: string, change: (folder: string) => Promise<void>): Promise<string> => {
    const folder = join(dir, name);
    await cp(join(dir, "helsinki"), folder, { recursive: true });
    await change(folder);
    return folder;
  };
  it("with a part cut short says which and what to do", async () => assert.rejects(loadCity(await damaged("d1", (f) => truncate(join(f, "graph.bin"), 1000))), failsWith("damaged", /graph\.bin is 1000 bytes, expected \d+: import the city again/)));
  it("with a byte changed says which file", async () => {
    const folder = await damaged("d2", async (f) => {
      const bytes = await readFile(join(f, "gazetteer.bin"));
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(join(f, "gazetteer.bin"), bytes);
    });
    await assert.rejects(loadCity(folder), failsWith("damaged", /gazetteer\.bin is damaged: its checksum/));
  });
  it("without its tiles says so", async () => assert.rejects(loadCity(await damaged("d3", (f) => rm(join(f, "map.mbtiles")))), failsWith("damaged", /map\.mbtiles is missing/)));
  it("of a newer program is left alone", async () => {
    const folder = await damaged("d4", async (f) => {
      const manifest = JSON.parse(await readFile(join(f, "manifest.json"), "utf8")) as { version: number };
      await writeFile(join(f, "manifest.json"), JSON.stringify({ ...manifest, version: CITY_FORMAT_VERSION + 1 }));
    });
    await assert.rejects(loadCity(folder), failsWith("other-format", /made by a newer Citywatch/));
  });
  it("does not take the place of something else", async () => {
    await mkdir(join(dir, "photos"));
    await writeFile(join(dir, "photos", "holiday.jpg"), "x");
    await assert.rejects(importExtract({ file: join(osm, "helsinki-centre.osm.pbf"), dir: join(dir, "photos"), progress: silent, now: 0 }), failsWith("in-the-way", /holds no city/));
    assert.deepEqual(await readdir(join(dir, "photos")), ["holiday.jpg"]);
  });
});

it("no city is told", () => assert.rejects(loadCity(join(tmpdir(), "there-is-no-city-here")), failsWith("not-found", /there is no city in/)));
