// Which file imports which. Our own scanner, because the known tool reads no module at all under TypeScript 7 and passes. It relies on how this project
// writes imports, which the linter holds: at the start of a line, with a literal and its ending.

import { posix } from "node:path";
import { isTest, listFiles, type Finding, type Tree } from "./tree.ts";

export interface Import {
  readonly from: string; // path of the importing file
  readonly to: string; // path of the imported file, or the name of a package
  readonly line: number;
}

const STATEMENT = /^[ \t]*(?:import|export)\b(?:[^"'`;]*?\bfrom)?\s*["']([^"'\n]+)["']/gm;
const CALL = /\bimport\(\s*["']([^"'\n]+)["']\s*\)/g;

/** The specifiers that a source imports, in order, with the offset of each; lines that are comments are not read. */
export function scanImports(text: string): { readonly specifier: string; readonly offset: number }[] {
  const source = text.replace(/^[ \t]*(?:\/\/|\*|\/\*).*$/gm, (line) => " ".repeat(line.length));
  return [...source.matchAll(STATEMENT), ...source.matchAll(CALL)].map((match) => ({ specifier: match[1]!, offset: match.index })).sort((a, b) => a.offset - b.offset);
}

/** Every import of the TypeScript files that match; relative ones resolved. */
export function listImports(tree: Tree, pattern: RegExp = /^(src|console\/src|tests|scripts)\/.*\.tsx?$/): Import[] {
  // The tests of these very checks hold imports as text.
  return listFiles(tree, pattern).filter(([from]) => !/^tests\/tidy\/.*\.test\.ts$/.test(from)).flatMap(([from, text]) =>
    scanImports(text).map(({ specifier, offset }) => {
      const clean = specifier.replace(/\?.*$/, "");
      const to = clean.startsWith(".") ? posix.join(posix.dirname(from), clean) : specifier;
      return { from, to, line: text.slice(0, offset).split("\n").length };
    }),
  );
}

/** Every relative import must hit a file: a scanner that resolves wrongly would see no cycle. */
export function checkResolved(tree: Tree): Finding {
  const relative = listImports(tree).filter(({ to }) => /^(src|console|tests|scripts)\//.test(to));
  return { saw: relative.length, violations: relative.filter(({ to }) => !tree.has(to) && !tree.has(to.replace(/\.js$/, ".ts"))).map(({ from, to, line }) => `${from}:${line} imports ${to}, which is not there`) };
}

/** Import cycles, each told once as the path around (Tarjan's strongly connected components, iterative). */
export function checkCycles(tree: Tree): Finding {
  const next = new Map<string, string[]>();
  for (const [path] of listFiles(tree, /^(src|console\/src)\/.*\.tsx?$/)) next.set(path, []);
  for (const { from, to } of listImports(tree)) if (next.has(from) && next.has(to)) next.get(from)!.push(to);

  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const groups: string[][] = [];
  for (const start of next.keys()) {
    if (order.has(start)) continue;
    const work: { node: string; at: number }[] = [{ node: start, at: 0 }];
    while (work.length > 0) {
      const top = work.at(-1)!;
      const { node } = top;
      if (top.at === 0) {
        order.set(node, order.size);
        low.set(node, order.get(node)!);
        stack.push(node);
        onStack.add(node);
      }
      const to = next.get(node)![top.at++];
      if (to !== undefined) {
        if (!order.has(to)) work.push({ node: to, at: 0 });
        else if (onStack.has(to)) low.set(node, Math.min(low.get(node)!, order.get(to)!));
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) low.set(parent.node, Math.min(low.get(parent.node)!, low.get(node)!));
      if (low.get(node) !== order.get(node)) continue;
      const group: string[] = [];
      for (;;) {
        const member = stack.pop()!;
        onStack.delete(member);
        group.push(member);
        if (member === node) break;
      }
      if (group.length > 1 || next.get(node)!.includes(node)) groups.push(group.reverse());
    }
  }
  return { saw: next.size, violations: groups.map((group) => `${[...group, group[0]].join(" -> ")} is a cycle`) };
}

/** Nothing that is shipped may lean on tests, scripts or a folder's `testing/`. */
export function checkShippedApart(tree: Tree): Finding {
  const shipped = listImports(tree, /^(src|console\/src)\/.*\.tsx?$/).filter(({ from }) => !isTest(from));
  return { saw: shipped.length, violations: shipped.filter(({ to }) => /^(tests|scripts)\//.test(to) || isTest(to)).map(({ from, to, line }) => `${from}:${line} is shipped and imports ${to}`) };
}
