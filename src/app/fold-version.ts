// Which code folds the log: a digest of the sources that the state depends on. A state that other code has made may lack what this code keeps, so it is not used. Rejected: a number that
// somebody raises with each change of the fold, and forgets once.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const FOLDERS = ["base", "dispatch"];

export async function readFoldVersion(): Promise<string> {
  const sum = createHash("sha256");
  for (const folder of FOLDERS) {
    const dir = join(import.meta.dirname, "..", folder);
    const names = (await readdir(dir)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort();
    if (names.length === 0) throw new Error(`${folder}: no sources`);
    for (const name of names) sum.update(`${folder}/${name}\n`).update(await readFile(join(dir, name)));
  }
  return sum.digest("hex");
}
