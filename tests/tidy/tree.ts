// The project as text: every file that a person wrote, read once. Each check is a function of a tree, so that a test can plant a violation in a small
// tree of its own and see it caught.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

export interface Tree {
  readonly root: string;
  readonly files: ReadonlyMap<string, string>; // path with slashes, relative to root -> text
  has(path: string): boolean; // any file or folder, text or not
}

/** What a check saw and what it found wrong, one line each, beginning with the path. */
export interface Finding {
  readonly saw: number;
  readonly violations: readonly string[];
}

const SKIP = new Set(["node_modules", ".tsbuild", "dist", ".git", "data", "test-results", ".cache"]);
const TEXT = /\.(ts|tsx|mjs|json|jsonc|md|sql|css|html|svg|yml|yaml|txt)$|(^|\/)(\.npmrc|\.gitignore|run|LICENSE)$/;
const LARGEST_BYTES = 4 * 1024 * 1024;

export function readTree(root: string): Tree {
  const files = new Map<string, string>();
  const walk = (dir: string, prefix: string): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        if (!SKIP.has(entry.name)) walk(join(dir, entry.name), `${path}/`);
      } else if (entry.isFile() && TEXT.test(path) && statSync(join(dir, entry.name)).size <= LARGEST_BYTES) files.set(path, readFileSync(join(dir, entry.name), "utf8"));
    }
  };
  walk(root, "");
  return { root, files, has: (path) => existsSync(join(root, path)) };
}

/** A tree made of the given files in a temporary folder, removed after the test. */
export function plantTree(t: TestContext, files: Readonly<Record<string, string>>): Tree {
  const root = mkdtempSync(join(tmpdir(), "citywatch-tidy-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return readTree(root);
}

/** The files whose path matches, sorted. */
export function listFiles(tree: Tree, pattern: RegExp): (readonly [path: string, text: string])[] {
  return [...tree.files].filter(([path]) => pattern.test(path)).sort(([a], [b]) => (a < b ? -1 : 1));
}

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.startsWith("tests/") || path.includes("/testing/");
