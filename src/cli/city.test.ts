// The command as it is typed, with what can be wrong about it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ToldError } from "../base/told-error.ts";
import { run } from "./city.ts";

const refuses = (words: RegExp) => (error: unknown): boolean => error instanceof ToldError && words.test(error.message);

describe("citywatch city", () => {
  it("without a file says what it expected", () => assert.rejects(run(["import"]), refuses(/expected "city import FILE\.osm\.pbf"/)));
  it("with an unknown option names it", () => assert.rejects(run(["import", "x.osm.pbf", "--colour", "red"]), refuses(/--colour/)));
  it("with a file that is not there names the file", () => assert.rejects(run(["import", "/nowhere/lisbon.osm.pbf", "--into", "/nowhere/out"]), refuses(/\/nowhere\/lisbon\.osm\.pbf/)));
  it("with a time zone that does not exist says so", () => assert.rejects(run(["import", "x.osm.pbf", "--time-zone", "Mars/Base"]), refuses(/"Mars\/Base" is no IANA time zone/)));
  it("show of a folder without a city says so", () => assert.rejects(run(["show", "/nowhere"]), refuses(/there is no city in \/nowhere/)));
});
