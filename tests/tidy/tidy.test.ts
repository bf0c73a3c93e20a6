// The house rules that the compiler cannot see, held on the real tree; and for each rule a small tree that breaks it, which must be caught. A check that looked
// at nothing fails: each states the least it must have seen.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { checkCatalogues, checkLinks, checkRules } from "./documents.ts";
import { checkCycles, checkResolved, checkShippedApart, scanImports } from "./imports.ts";
import { checkLayers } from "./layers.ts";
import { checkReferences } from "./references.ts";
import { checkClocks, checkFileSize, checkNoIdentity, checkNoMachinePaths } from "./text-rules.ts";
import { plantTree, readTree, type Finding, type Tree } from "./tree.ts";

const real = readTree(join(import.meta.dirname, "..", ".."));

interface Rule {
  readonly name: string;
  readonly check: (tree: Tree) => Finding | Promise<Finding>;
  readonly least: number; // what it must see in the real tree, to be known to look
  readonly planted: readonly { readonly files: Readonly<Record<string, string>>; readonly expect: readonly RegExp[] }[];
  readonly allowed?: Readonly<Record<string, string>>; // a tree near the border, without a violation
}

const table = (...rows: string[]): string => `| folder | holds | may import |\n|---|---|---|\n${rows.join("\n")}\n`;
const references = (...folders: string[]): string => JSON.stringify({ references: folders.map((folder) => ({ path: `../${folder}` })) });

const RULES: readonly Rule[] = [
  {
    name: "imports lead to files",
    check: checkResolved,
    least: 1_000,
    planted: [{ files: { "src/a/x.ts": 'import { y } from "./y.ts";\n' }, expect: [/^src\/a\/x\.ts:1 imports src\/a\/y\.ts/] }],
    allowed: { "src/a/x.ts": 'import { y } from "./y.ts";\nimport fs from "node:fs";\n', "src/a/y.ts": "" },
  },
  {
    name: "no import cycles",
    check: checkCycles,
    least: 300,
    planted: [
      { files: { "src/a/x.ts": 'import { y } from "./y.ts";\n', "src/a/y.ts": 'export type { X } from "../b/z.ts";\n', "src/b/z.ts": 'const x = await import("../a/x.ts");\n' }, expect: [/src\/a\/x\.ts -> src\/a\/y\.ts -> src\/b\/z\.ts -> src\/a\/x\.ts is a cycle/] },
      { files: { "console/src/a.tsx": 'import {\n  a,\n} from "./a.tsx";\n' }, expect: [/console\/src\/a\.tsx -> console\/src\/a\.tsx/] },
    ],
    allowed: { "src/a/x.ts": 'import "./y.ts";\nimport "./z.ts";\n', "src/a/y.ts": 'import "./z.ts";\n// import "./x.ts";\n', "src/a/z.ts": "" },
  },
  {
    name: "what is shipped leans on no test",
    check: checkShippedApart,
    least: 1_000,
    planted: [{ files: { "src/a/x.ts": 'import "../../tests/support/y.ts";\nimport "./z.test.ts";\nimport "../b/testing/w.ts";\n' }, expect: [/x\.ts:1 .*tests\/support/, /x\.ts:2 .*z\.test/, /x\.ts:3 .*testing\/w/] }],
    allowed: { "src/a/x.test.ts": 'import "../../tests/support/y.ts";\n', "src/a/x.ts": 'import "./y.ts";\n' },
  },
  {
    name: "ARCHITECTURE.md and the compiler's references agree",
    check: checkReferences,
    least: 15,
    planted: [
      { files: { "ARCHITECTURE.md": table("| `src/a` | x | nothing |", "| `src/b` | x | a |", "| `src/c` | x | all but b |"), "src/a/tsconfig.json": references(), "src/b/tsconfig.json": references("a", "c"), "src/c/tsconfig.json": references("a"), "src/d/tsconfig.json": references() }, expect: [/^src\/b\/tsconfig\.json: references a, c; ARCHITECTURE\.md says a$/, /no row for d/] },
      { files: { "ARCHITECTURE.md": table("| `src/a` | x | whatever |", "| `src/gone` | x | nothing |"), "src/a/tsconfig.json": references() }, expect: [/row of a names what is no folder/, /gone is not there/] },
    ],
    allowed: { "ARCHITECTURE.md": table("| `src/a` | x | nothing |", "| `src/b`, `src/c` | x | a |", "| `console` | x | a, b |"), "src/a/tsconfig.json": references(), "src/b/tsconfig.json": references("a"), "src/c/tsconfig.json": references("a"), "console/tsconfig.json": references("b", "a") },
  },
  {
    name: "no file over 500 lines without a reason",
    check: checkFileSize,
    least: 300,
    planted: [{ files: { "src/a/long.ts": "\n".repeat(501) }, expect: [/^src\/a\/long\.ts has 501 lines/] }],
    allowed: { "src/a/just.ts": "\n".repeat(500) },
  },
  {
    name: "time and chance come in as arguments",
    check: checkClocks,
    least: 100,
    planted: [{ files: { "src/dispatch/x.ts": "const a = Date.now();\nconst b = new Date();\nconst c = Math.random();\nconst d = performance.now();\n" }, expect: [/x\.ts:1 Date\.now/, /x\.ts:2 new Date/, /x\.ts:3 Math\.random/, /x\.ts:4 performance\.now/] }],
    allowed: { "src/dispatch/x.ts": "// Date.now is not for here\nconst b = new Date(now).toISOString();\n", "src/io/clock/c.ts": "Date.now();\n", "src/dispatch/x.test.ts": "Math.random();\n" },
  },
  {
    name: "no place for who a person is",
    check: checkNoIdentity,
    least: 300,
    planted: [
      { files: { "src/contract/x.ts": "export interface Hit { readonly faceId: string }\nconst plate_number = 1;\n" }, expect: [/x\.ts:1 faceId/, /x\.ts:2 plate_number/] },
      { files: { "src/io/postgres/migrations/099-x.sql": "create table seen (person_id integer);\n", "package-lock.json": '{"packages":{"node_modules/face-api.js":{}}}' }, expect: [/person_id/, /face-api\.js identifies people/] },
    ],
    allowed: { "src/contract/x.ts": "// no faceId here, ever\nexport interface Surface { readonly interface: string; readonly templateId: number }\n" },
  },
  {
    name: "no path of somebody's machine",
    check: checkNoMachinePaths,
    least: 400,
    planted: [{ files: { "README.md": `see ${["", "home", "ann", "city"].join("/")}\nand ${["", "tmp", "x"].join("/")}\n`, "src/a/x.ts": `const dir = "${["", "work", "main"].join("/")}";\n` }, expect: [/README\.md:1/, /README\.md:2/, /x\.ts:1/] }],
    allowed: { "docs/x.md": "Data is in ~/city/data or /var/lib/citywatch; the root/ folder; https://example.org/work/x\n" },
  },
  {
    name: "links of the documents lead somewhere",
    check: checkLinks,
    least: 4,
    planted: [{ files: { "README.md": "# A\n[gone](docs/gone.md) [here](docs/here.md#no-such) ![p](docs/p.png)\n", "docs/here.md": "# Here it is\n" }, expect: [/docs\/gone\.md, which/, /no such heading/, /p\.png, which/] }],
    allowed: { "README.md": "# A title, with `code`\n[a](docs/here.md#here-it-is) [b](#a-title-with-code) [out](https://example.org) `[x](y)`\n", "docs/here.md": "# Here it is\n" },
  },
  {
    name: "every rule is cited by a test, and every citation has its rule",
    check: checkRules,
    least: 60,
    planted: [{ files: { "src/a/SPEC.md": "- **[ABC1]** One.\n- **[ABC2]** Two.\n- **[ABC3]** Three.\n", "src/b/SPEC.md": "- **[ABC1]** Again.\n", "src/a/x.test.ts": 'test("[ABC1 ABC3] [ABC9] works", () => {});\n' }, expect: [/\[ABC9\], which no SPEC/, /no test cites \[ABC2\]/, /\[ABC1\] is also in src\/a/] },
      { files: { "src/a/SPEC.md": "- **[ABC1]** One.\n", "src/a/x.test.ts": 'test("[ABC1] works", () => {});\n', "src/a/x.ts": "// Once.\n// As [ABC1] to [ABC4] say.\n" }, expect: [/src\/a\/x\.ts:2 cites \[ABC4\]/] }],
    allowed: { "src/a/SPEC.md": "- **[ABC1]** One, see [ABC1].\n", "src/a/x.test.ts": 'test("[ABC1] works", () => {});\n', "src/a/x.ts": "/** [ABC1] */ const length = table[SHA256];\n" },
  },
  {
    name: "both languages say the same things",
    check: checkCatalogues,
    least: 300,
    planted: [
      { files: { "console/src/a/words.en.ts": 'export const en = { title: "T {n}", deep: { more: "M", also: "A" } };\n', "console/src/a/words.zh.ts": 'export const zh = { title: "T", deep: { more: "", extra: "E" } };\n', "console/src/b/words.en.ts": "export const en = {};\n" }, expect: [/lacks deep\.also/, /title has other placeholders/, /deep\.more is empty/, /lacks deep\.extra/, /b\/words\.en\.ts has no/] },
    ],
    allowed: { "console/src/a/words.en.ts": 'export const en = { title: "T {n}", f: (n: number) => `${n}` };\n', "console/src/a/words.zh.ts": 'export const zh = { title: "{n} T", f: () => "" };\n' },
  },
];

for (const { name, check, least, planted, allowed } of RULES) {
  describe(name, () => {
    test("holds", async () => {
      const { saw, violations } = await check(real);
      assert.deepEqual(violations, []);
      assert.ok(saw >= least, `saw ${saw}, expected ${least} or more: it does not look`);
    });
    for (const [i, { files, expect }] of planted.entries()) {
      test(`catches what was planted (${i + 1})`, async (t) => {
        const { violations } = await check(plantTree(t, files));
        for (const pattern of expect) assert.ok(violations.some((violation) => pattern.test(violation)), `${pattern} in\n${violations.join("\n")}`);
        assert.equal(violations.length, expect.length, violations.join("\n"));
      });
    }
    if (allowed) {
      test("lets pass what is allowed", async (t) => {
        const { saw, violations } = await check(plantTree(t, allowed));
        assert.deepEqual(violations, []);
        assert.ok(saw > 0);
      });
    }
    test("sees nothing in an empty tree, and says so", async (t) => {
      assert.equal((await check(plantTree(t, {}))).saw, 0);
    });
  });
}

describe("subfolders have an order, rooms are apart", () => {
  test("holds", () => {
    const { saw, violations } = checkLayers(real);
    assert.deepEqual(violations, []);
    assert.ok(saw >= 1_000, `saw ${saw}`);
  });
  const order = { media: ["low", "high"] };
  test("catches an import upwards, a subfolder without a place, a place without a subfolder, and a room in a room", (t) => {
    const tree = plantTree(t, {
      "src/media/low/x.ts": 'import "../high/y.ts";\n',
      "src/media/other/z.ts": "",
      "console/src/operate/a.ts": 'import "../watch/b.ts";\n',
    });
    const { violations } = checkLayers(tree, order);
    assert.equal(violations.length, 4, violations.join("\n"));
    for (const pattern of [/low stands before high/, /src\/media\/other: has no place/, /src\/media\/high: stands in the order/, /rooms do not import/]) assert.ok(violations.some((text) => pattern.test(text)), String(pattern));
  });
  test("lets pass an import downwards", (t) => {
    assert.deepEqual(checkLayers(plantTree(t, { "src/media/high/x.ts": 'import "../low/y.ts";\nimport "../top.ts";\n', "src/media/low/y.ts": "" }), order).violations, []);
  });
});

test("an exemption from the size limit that is not needed, or whose file is gone, is told", (t) => {
  const { violations } = checkFileSize(plantTree(t, { "src/a.ts": "\n" }), { "src/a.ts": "was long", "src/b.ts": "gone" });
  assert.deepEqual(violations, ["src/a.ts is exempt from the limit and does not need it", "src/b.ts is exempt from the limit and is not there"]);
});

test("the scanner reads every form of import that this project writes, and no comment", () => {
  const text = [
    'import a from "./a.ts";',
    'import { b,\n  c } from "./b.ts";',
    'import type { D } from "./d.ts";',
    'import "./e.css";',
    'export * from "./f.ts";',
    'export type { G } from "./g.ts";',
    'const h = await import("./h.ts");',
    '// import "./no1.ts";',
    ' * import "./no2.ts"',
    'const text = "from ./no3.ts";',
    "export const value = 1;",
  ].join("\n");
  assert.deepEqual(scanImports(text).map(({ specifier }) => specifier), ["./a.ts", "./b.ts", "./d.ts", "./e.css", "./f.ts", "./g.ts", "./h.ts"]);
});
