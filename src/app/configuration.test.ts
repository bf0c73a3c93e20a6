import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { defaultConfiguration, formatOptions, OPTION_NAMES, OPTIONS, readConfiguration } from "./configuration.ts";

test("without anything given the defaults hold, folders made absolute", () => {
  assert.deepEqual(readConfiguration([], {}, "/somewhere"), { ...defaultConfiguration(), dataDir: "/somewhere/data" });
});

test("a flag beats the environment, the environment beats the file, the file beats the default", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-config-"));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "c.json"), JSON.stringify({ port: 1, recorderPort: 2, cameraPort: 3, dataDir: "d" }));
  const read = readConfiguration(["--config", "c.json", "--port", "11"], { CITYWATCH_PORT: "21", CITYWATCH_RECORDER_PORT: "22" }, dir);
  assert.deepEqual([read.port, read.recorderPort, read.cameraPort, read.seed, read.dataDir], [11, 22, 3, 1, join(dir, "d")]);
});

test("a wrong value is told with its option, the value and what was expected; a database URL is not repeated", () => {
  for (const [args, env, message] of [
    [["--port", "70000"], {}, /^--port: "70000": expected a port from 0 to 65535$/],
    [["--port", "7e3"], {}, /^--port: "7e3": expected a port/],
    [["--seed", "1.5"], {}, /^--seed: "1.5": expected a whole number/],
    [[], { CITYWATCH_CALLS_PER_HOUR: "-1" }, /^CITYWATCH_CALLS_PER_HOUR: "-1": expected a number of 0 or more$/],
    [["--host", "a b"], {}, /^--host: "a b": expected a host name/],
    [["--recorders", "0"], {}, /^--recorders: "0": expected a whole number from 1 to 64$/],
    [["--recordings", "/a", "--recordings", "/b"], {}, /^--recordings: 2 folders for 1 recorder: expected one for each at most/],
    [["--recorders", "2", "--recordings", "/a", "--recordings", "/a"], {}, /^--recordings: the same folder twice/],
    [["--recorders", "2", "--media-origin", "https://a.example"], {}, /^--media-origin: .*expected one origin for each of 2 recorders/],
    [["--media-origin", "https://a.example/x"], {}, /^--media-origin: .*expected origins like/],
    [["--public-origin", "https://a.example/x"], {}, /^--public-origin: .*without a path$/],
    [["--camera-networks", "10.0.0.0/8,10.0.0.5/16"], {}, /^--camera-networks: "10\.0\.0\.5\/16": expected the first address of the network: 10\.0\.0\.0\/16$/],
    [[], { DATABASE_URL: "mysql://u:secret@h/d" }, /^DATABASE_URL: \(not shown/],
  ] as const) {
    assert.throws(() => readConfiguration(args, env, "/"), (error: Error) => message.test(error.message) && !error.message.includes("secret"));
  }
  assert.throws(() => readConfiguration(["--prot", "1"], {}, "/"), { code: "ERR_PARSE_ARGS_UNKNOWN_OPTION" });
});

test("each recorder has a folder of its own: by the option once for each, by the variable as a path, by the file as a list or a single one", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-config-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const folders = (args: readonly string[], env: Record<string, string>, file: unknown = {}): readonly string[] => {
    writeFileSync(join(dir, "c.json"), JSON.stringify(file));
    return readConfiguration(["--config", "c.json", "--recorders", "2", ...args], env, dir).recordingsDir;
  };
  assert.deepEqual(folders(["--recordings", "/disk1", "--recordings", "two"], { CITYWATCH_RECORDINGS: "/no" }), ["/disk1", join(dir, "two")]);
  assert.deepEqual(folders([], { CITYWATCH_RECORDINGS: ["/disk1", "/disk2"].join(delimiter) }), ["/disk1", "/disk2"]);
  assert.deepEqual(folders([], {}, { recordingsDir: ["/disk1", "/disk2"] }), ["/disk1", "/disk2"]);
  assert.deepEqual([folders([], {}, { recordingsDir: "/disk1" }), folders([], {}, { recordingsDir: "" })], [["/disk1"], []]);
  assert.throws(() => folders([], {}, { recordingsDir: [1] }), /c\.json: recordingsDir: \[1\]: expected a folder, or a list of them/);
});

test("a file that is absent, not JSON or names an unknown option is told", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-config-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const read = (text: string): unknown => {
    writeFileSync(join(dir, "c.json"), text);
    return readConfiguration(["--config", "c.json"], {}, dir);
  };
  assert.throws(() => readConfiguration(["--config", "none.json"], {}, dir), /cannot be read \(ENOENT\)/);
  assert.throws(() => read("{"), /is not JSON/);
  assert.throws(() => read("[]"), /expected an object/);
  assert.throws(() => read('{"prot":1}'), /there is no option prot; there are dataDir/);
  assert.throws(() => read('{"port":"x"}'), /c\.json: port: "x": expected a port/);
});

test("help tells every option with its environment variable, and no two share a name", () => {
  const help = formatOptions();
  for (const name of OPTION_NAMES) assert.ok(help.includes(`--${OPTIONS[name].flag} `) && help.includes(OPTIONS[name].env), name);
  for (const key of ["flag", "env"] as const) assert.equal(new Set(OPTION_NAMES.map((name) => OPTIONS[name][key])).size, OPTION_NAMES.length);
});
