// Which code folds the log: a digest of the sources that the state is made by, which are those that apply an event and write a state down, and whatever these import. A state that other code has made may lack what this code
// keeps, so it is not used, and the first start after such a change folds the whole log: what decides commands, which changes much more often, is not among them. Rejected: a number that somebody raises with
// each change of the fold, and forgets once; all sources of dispatch, by which each update of the program made a start as long as the log.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";

const ROOTS = ["apply.ts", "state.ts", "state-blocks.ts", "timeline.ts"];
const IMPORTED = /^(?:import|export)\b[^;]*?\bfrom "(\.{1,2}\/[^"]+)"/gm;

/** `sources`: the folder of the program's sources. */
export async function readFoldVersion(sources: string = join(import.meta.dirname, "..")): Promise<string> {
  const texts = new Map<string, string>(); // by path
  const take = async (path: string): Promise<void> => {
    if (texts.has(path)) return;
    texts.set(path, "");
    const text = await readFile(path, "utf8");
    texts.set(path, text);
    for (const [, imported] of text.matchAll(IMPORTED)) await take(join(path, "..", imported!));
  };
  for (const root of ROOTS) await take(join(sources, "dispatch", root));
  const sum = createHash("sha256");
  for (const path of [...texts.keys()].sort()) sum.update(`${relative(sources, path)}\n`).update(texts.get(path)!);
  return sum.digest("hex");
}
