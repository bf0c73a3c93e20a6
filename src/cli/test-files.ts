// Which test files there are. Node's own glob is not used so that the answer is a list we can count: a run that finds no file must fail.

import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

const ROOTS = ["src", "console", "tests", "scripts"];
const SKIP = new Set(["node_modules", ".tsbuild", "dist"]);

/** Every `*.test.ts` of the tree, relative to `root`, sorted. */
export function listTestFiles(root: string): string[] {
  const found: string[] = [];
  const walk = (dir: string): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      if (entry.isDirectory()) {
        if (!SKIP.has(entry.name)) walk(path);
      } else if (entry.name.endsWith(".test.ts")) found.push(relative(root, path).split(sep).join("/"));
    }
  };
  const present = new Set(readdirSync(root));
  for (const name of ROOTS) if (present.has(name)) walk(join(root, name));
  return found.sort();
}

/** The files that one of the filters is part of; all of them without a filter. */
export function filterTestFiles(files: readonly string[], filters: readonly string[]): string[] {
  if (filters.length === 0) return [...files];
  return files.filter((file) => filters.some((filter) => file.includes(filter.replace(/^\.\//, ""))));
}
