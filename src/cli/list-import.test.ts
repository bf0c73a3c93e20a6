import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { ToldError } from "../base/told-error.ts";
import { enterRows, openList, runImport, type BatchAnswer, type ListRows } from "./list-import.ts";

const ROWS: ListRows<string> = {
  items: ["a", "b", "c", "d", "e"], lines: new Map([["a", 2], ["b", 3], ["c", 5], ["d", 6], ["e", 7]]), rejectedTotal: 1,
  rejected: [{ line: 4, field: "lat", value: "91", expected: "at most 90", code: "at-most", params: { n: 90 } }],
  notices: [{ field: "colour", value: "colour", expected: "no field colour", code: "no-field", params: { names: "colour" } }],
};
const listen = (t: TestContext): { readonly errors: () => string[]; readonly lines: () => string[] } => {
  const [error, log] = [t.mock.method(console, "error", () => undefined), t.mock.method(console, "log", () => undefined)];
  const said = (mocked: typeof error): string[] => mocked.mock.calls.map((call) => String((call.arguments as unknown[])[0]));
  return { errors: () => said(error), lines: () => said(log) };
};
const taken = (items: readonly string[]): BatchAnswer => ({ entered: items.length, rejected: [] });

test("rows go to the centre in batches; what it refuses is told by the line of the file, as what the file itself has wrong", async (t) => {
  const { errors, lines } = listen(t);
  const batches: string[][] = [];
  const code = await enterRows("unit", ROWS, 2, (items) => {
    batches.push([...items]);
    return Promise.resolve(items.includes("c") ? { entered: 1, rejected: [{ key: "c", field: "platform", value: "P9", expected: "the code of a platform" }, { key: "c", field: "lon", value: "200", expected: "at most 180" }] } : taken(items));
  });
  assert.deepEqual(batches, [["a", "b"], ["c", "d"], ["e"]]);
  assert.deepEqual(errors(), ["column colour: passed over: expected no field colour", "line 4: lat: 91: expected at most 90", "line 5: platform: P9: expected the code of a platform", "line 5: lon: 200: expected at most 180"]);
  assert.deepEqual([lines(), code], [["4 units entered, 2 rows not"], 1]);
});

test("where all went in, the exit code is 0", async (t) => {
  const { lines } = listen(t);
  assert.equal(await enterRows("platform", { ...ROWS, rejected: [], rejectedTotal: 0 }, 100, (items) => Promise.resolve(taken(items))), 0);
  assert.deepEqual(lines(), ["5 platforms entered, 0 rows not"]);
});

test("where the centre breaks off, what was entered before that is said", async (t) => {
  listen(t);
  const refused = enterRows("platform", ROWS, 2, (items) => (items.includes("c") ? Promise.reject(new ToldError("No centre answers.")) : Promise.resolve(taken(items))));
  await assert.rejects(refused, { name: "ToldError", message: "No centre answers.\n2 platforms entered before that. The same list may be given again: what is entered already stays as it is." });
  await assert.rejects(enterRows("unit", ROWS, 2, () => Promise.reject(new TypeError("a fault of ours"))), TypeError, "which is not dressed up");
});

test("a file that cannot be read is told by its path, before a centre is asked", async () => {
  assert.throws(() => openList("/no/such/list.csv"), { name: "ToldError", message: "/no/such/list.csv: cannot be read (ENOENT)" });
  const command = { name: "thing", help: "HELP", prepare: (path: string) => Promise.resolve(openList(path)).then(() => () => Promise.resolve(0)) };
  await assert.rejects(runImport(["import", "/no/such/list.csv"], command), /cannot be read \(ENOENT\)/);
  await assert.rejects(runImport(["import", "a.csv", "b.csv"], command), { name: "ToldError", message: /expected "thing import FILE.csv"\n\nHELP/ });
  await assert.rejects(runImport(["remove", "a.csv"], command), /expected "thing import FILE.csv"/);
});

test("flags of a command are told apart from what names the centre", async (t) => {
  const { lines } = listen(t);
  const command = { name: "thing", help: "HELP", flags: ["check"], prepare: (path: string, flags: ReadonlySet<string>) => Promise.reject<never>(new ToldError([path, ...flags].join(" "))) };
  await assert.rejects(runImport(["import", "a.csv", "--check", "--centre", "http://127.0.0.1:1"], command), { message: "a.csv check" });
  await assert.rejects(runImport(["import", "a.csv"], command), { message: "a.csv" });
  assert.equal(await runImport(["--help"], command), 0);
  assert.equal(await runImport([], command), 2);
  assert.deepEqual(lines(), ["HELP", "HELP"]);
});
