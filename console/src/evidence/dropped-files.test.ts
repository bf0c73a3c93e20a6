import assert from "node:assert/strict";
import { test } from "node:test";
import { readDropped } from "./dropped-files.ts";
import { openPackageFiles } from "./package-files.ts";

const TREE = { "manifest.json": "m", media: { "C-1.mp4": "1", "C-2.mp4": "22" }, "index.html": "page" };
interface Folder {
  readonly [name: string]: string | Folder;
}

/** As a browser tells it: a folder's entries in portions of two. */
function entryOf(name: string, what: string | Folder, above: string): FileSystemEntry {
  const fullPath = `${above}/${name}`;
  if (typeof what === "string") return { isFile: true, isDirectory: false, name, fullPath, file: (done: (file: File) => void) => done(new File([what], name)) } as unknown as FileSystemEntry;
  const createReader = () => {
    const rest = Object.entries(what).map(([inside, its]) => entryOf(inside, its, fullPath));
    return { readEntries: (done: (some: FileSystemEntry[]) => void) => done(rest.splice(0, 2)) };
  };
  return { isFile: false, isDirectory: true, name, fullPath, createReader } as unknown as FileSystemEntry;
}
const drop = (entries: readonly FileSystemEntry[], files: readonly File[] = []) => readDropped({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files } as unknown as DataTransfer);

const WHOLE = ["index.html", "manifest.json", "media/C-1.mp4", "media/C-2.mp4"];
async function membersOf(dropped: Awaited<ReturnType<typeof drop>>): Promise<string[]> {
  const opened = await openPackageFiles(dropped);
  assert.ok(opened.ok, JSON.stringify(opened));
  return [...opened.value.members.keys()].sort();
}

test("[EXP9] an unpacked package is read whole, whether its folder was dropped or what lies in it", async () => {
  // What `files` shows of a folder is one file of no use.
  assert.deepEqual(await membersOf(await drop([entryOf("package-7", TREE, "")], [new File([], "package-7")])), WHOLE);
  assert.deepEqual(await membersOf(await drop(Object.entries(TREE).map(([name, what]) => entryOf(name, what, "")))), WHOLE);
});

test("[EXP9] a ZIP is one file; a browser that tells no entries gives its files; a folder without end is refused", async () => {
  assert.deepEqual((await drop([entryOf("package.zip", "PK", "")])).map(({ path }) => path), ["package.zip"]);
  assert.deepEqual((await drop([], [Object.assign(new File([], "package.zip"), { webkitRelativePath: "" })])).map(({ path }) => path), ["package.zip"]);
  const endless: Folder = { get again() { return endless; } };
  await assert.rejects(drop([entryOf("x", endless, "")]), /more files than a package has/);
});
