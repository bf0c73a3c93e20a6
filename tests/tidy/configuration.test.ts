// The sample configuration and the page about it are the defaults of the program, word for word.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defaultConfiguration, OPTION_NAMES, OPTIONS } from "../../src/app/configuration.ts";

const docs = join(import.meta.dirname, "..", "..", "docs", "reference");

test("the sample configuration holds every option with its default", () => {
  assert.deepEqual(JSON.parse(readFileSync(join(docs, "configuration.sample.json"), "utf8")), defaultConfiguration());
});

test("the page has one row for each option: name, flag, variable, default, meaning; and no row more", () => {
  const page = readFileSync(join(docs, "configuration.md"), "utf8");
  const rows = page.split("\n").filter((line) => /^\| `\w+` \| `--/.test(line));
  const expected = OPTION_NAMES.map((name) => {
    const { flag, env, fallback, help } = OPTIONS[name];
    return `| \`${name}\` | \`--${flag}\` | \`${env}\` | ${String(fallback) === "" ? "" : `\`${fallback}\``} | ${help} |`;
  });
  assert.deepEqual(rows, expected);
});
