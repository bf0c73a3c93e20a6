// Documents rot where nothing reads them: links, rule ids, the words of both languages, the sample configuration.

import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { listFiles, type Finding, type Tree } from "./tree.ts";

/** A heading's anchor as code hosts make it: lower case, spaces to hyphens, punctuation dropped. */
export function anchorOf(heading: string): string {
  return heading.trim().toLowerCase().replace(/[`*_]|\[|\]\([^)]*\)/g, "").replace(/[^\p{L}\p{N}\s-]/gu, "").replace(/\s/g, "-");
}

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");

/** Links and pictures of the documents that lead to nothing in the repository. Addresses outside are not visited. */
export function checkLinks(tree: Tree): Finding {
  const documents = listFiles(tree, /^(?:docs\/.*|[^/]+|src\/.*|testdata\/.*)\.md$/);
  const violations: string[] = [];
  for (const [path, text] of documents) {
    for (const match of withoutCode(text).matchAll(/!?\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
      const target = match[1]!;
      if (/^[a-z]+:/i.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const to = file === "" ? path : posix.join(posix.dirname(path), decodeURIComponent(file));
      if (!tree.has(to)) violations.push(`${path} links to ${target}, which is not there`);
      else if (anchor !== undefined && to.endsWith(".md")) {
        const anchors = [...(tree.files.get(to) ?? "").matchAll(/^#+\s+(.+)$/gm)].map((heading) => anchorOf(heading[1]!));
        if (!anchors.includes(anchor)) violations.push(`${path} links to ${target}, and ${to} has no such heading`);
      }
    }
  }
  return { saw: documents.length, violations };
}

/**
 * Every rule of a SPEC.md (a list item that begins with its id) is cited by a test, and nothing cites a rule that no SPEC.md has: no test at all, and no source or document one of a group that a SPEC.md knows, so that
 * a word in brackets that only looks like an id is left alone.
 */
export function checkRules(tree: Tree): Finding {
  const defined = new Map<string, string>();
  const violations: string[] = [];
  for (const [path, text] of listFiles(tree, /(^|\/)SPEC\.md$/)) {
    for (const match of text.matchAll(/^- (?:\*\*)?\[([A-Z]{2,5}\d+)\]/gm)) {
      const id = match[1]!;
      if (defined.has(id)) violations.push(`${path}: [${id}] is also in ${defined.get(id)}`);
      defined.set(id, path);
    }
  }
  const cited = new Set<string>();
  for (const [path, text] of listFiles(tree, /\.test\.tsx?$/)) {
    if (path.startsWith("tests/tidy/")) continue; // it plants ids of its own
    for (const match of text.matchAll(/\[([A-Z]{2,5}\d+(?:[ ,]+[A-Z]{2,5}\d+)*)\]/g)) {
      for (const id of match[1]!.split(/[ ,]+/)) {
        cited.add(id);
        if (!defined.has(id)) violations.push(`${path} cites [${id}], which no SPEC.md has`);
      }
    }
  }
  const groups = new Set(Array.from(defined.keys(), groupOf));
  for (const [path, text] of listFiles(tree, /\.(?:tsx?|mjs|sql|css|md)$/)) {
    if (/\.test\.tsx?$/.test(path)) continue;
    for (const [i, line] of text.split("\n").entries()) {
      for (const [, id] of line.matchAll(/\[([A-Z]{2,5}\d+)\]/g)) if (!defined.has(id!) && groups.has(groupOf(id!))) violations.push(`${path}:${i + 1} cites [${id}], which no SPEC.md has`);
    }
  }
  for (const [id, path] of defined) if (!cited.has(id)) violations.push(`${path}: no test cites [${id}]`);
  return { saw: defined.size, violations };
}

const groupOf = (id: string): string => id.replace(/\d+$/, "");

/** Every text of a catalogue as a flat list: dotted key -> text; a function counts by how many arguments it takes. */
function flatten(value: unknown, prefix: string, into: Map<string, string>): void {
  if (typeof value === "string") into.set(prefix, value);
  else if (typeof value === "function") into.set(prefix, `(${value.length})`);
  else if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) flatten(inner, prefix ? `${prefix}.${key}` : key, into);
}

const placeholders = (text: string): string => [...text.matchAll(/\{(\w+)/g)].map((match) => match[1]).sort().join();

/** Both languages have the same keys with the same placeholders, and no text is empty. `saw` counts texts. */
export async function checkCatalogues(tree: Tree): Promise<Finding> {
  const violations: string[] = [];
  let saw = 0;
  for (const [path] of listFiles(tree, /\.(?:en|zh)\.ts$/)) {
    const other = path.endsWith(".en.ts") ? path.replace(/\.en\.ts$/, ".zh.ts") : path.replace(/\.zh\.ts$/, ".en.ts");
    if (!tree.files.has(other)) {
      violations.push(`${path} has no ${other}`);
      continue;
    }
    if (!path.endsWith(".en.ts")) continue;
    const load = async (file: string): Promise<Map<string, string>> => {
      const into = new Map<string, string>();
      const module = (await import(pathToFileURL(join(tree.root, file)).href)) as Record<string, unknown>;
      // An export is named for its language (operateEn, operateZh); the two are compared without that ending.
      for (const [name, value] of Object.entries(module)) flatten(value, name.replace(/(?:_|-)?(?:en|zh)$/i, ""), into);
      return into;
    };
    const [english, chinese] = [await load(path), await load(other)];
    saw += english.size;
    for (const [key, text] of english) {
      const translated = chinese.get(key);
      if (translated === undefined) violations.push(`${other} lacks ${key}`);
      else if (placeholders(translated) !== placeholders(text)) violations.push(`${other}: ${key} has other placeholders than the English`);
      if (text.trim() === "" || translated?.trim() === "") violations.push(`${path}: ${key} is empty`);
    }
    for (const key of chinese.keys()) if (!english.has(key)) violations.push(`${path} lacks ${key}`);
  }
  return { saw, violations };
}
