// The table of ARCHITECTURE.md and the `references` of each tsconfig.json say the same: the page tells a person, the compiler holds it.

import { posix } from "node:path";
import { listFiles, type Finding, type Tree } from "./tree.ts";

/** Reads the table: folder -> folders it may import. Understands "nothing", "everything" and "all but a, b". Undefined where a word is no folder. */
export function parseFolderTable(text: string): Map<string, string[] | undefined> {
  const rows = [...text.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|[^|]*\| ([^|]+) \|$/gm)];
  const names = rows.flatMap((row) => [...row[1]!.matchAll(/`(?:src\/)?([^`]+)`/g)].map((match) => match[1]!));
  const inSource = names.filter((name) => name !== "console");
  const table = new Map<string, string[] | undefined>();
  for (const row of rows) {
    const words = row[2]!.trim();
    const excluded = /^all but (.+)$/.exec(words);
    for (const match of row[1]!.matchAll(/`(?:src\/)?([^`]+)`/g)) {
      const self = match[1]!;
      const others = inSource.filter((name) => name !== self);
      if (words === "nothing") table.set(self, []);
      else if (words === "everything") table.set(self, others);
      else {
        const listed = (excluded ? excluded[1]! : words).split(/,\s*/);
        const known = listed.every((name) => inSource.includes(name));
        table.set(self, known ? (excluded ? others.filter((name) => !listed.includes(name)) : listed) : undefined);
      }
    }
  }
  return table;
}

export function checkReferences(tree: Tree): Finding {
  const table = parseFolderTable(tree.files.get("ARCHITECTURE.md") ?? "");
  const violations: string[] = [];
  let saw = 0;
  for (const [path, text] of listFiles(tree, /^(src\/[^/]+|console)\/tsconfig\.json$/)) {
    saw++;
    const folder = posix.basename(posix.dirname(path));
    const { references = [] } = JSON.parse(text) as { references?: { path: string }[] };
    const actual = references.map((reference) => posix.basename(reference.path)).sort();
    if (!table.has(folder)) violations.push(`${path}: ARCHITECTURE.md has no row for ${folder}`);
    const told = table.get(folder)?.toSorted();
    if (table.has(folder) && !told) violations.push(`ARCHITECTURE.md: the row of ${folder} names what is no folder`);
    if (told && told.join() !== actual.join()) violations.push(`${path}: references ${actual.join(", ") || "nothing"}; ARCHITECTURE.md says ${told.join(", ") || "nothing"}`);
  }
  for (const folder of table.keys()) {
    if (!tree.has(folder === "console" ? "console/tsconfig.json" : `src/${folder}/tsconfig.json`)) violations.push(`ARCHITECTURE.md: ${folder} is not there`);
  }
  return { saw, violations };
}
