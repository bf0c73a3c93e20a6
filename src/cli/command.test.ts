import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, formatHelp, isCommandName } from "./command.ts";

test("every subcommand of the table has its file, which exports run, and a line of help", async () => {
  const help = formatHelp();
  for (const [name, summary] of Object.entries(COMMANDS)) {
    const module = (await import(`./${name}.ts`)) as Record<string, unknown>;
    assert.equal(typeof module["run"], "function", name);
    assert.ok(help.includes(`  ${name} `) && help.includes(summary), name);
  }
});

test("a name from outside never becomes a file unless it stands in the table", () => {
  for (const text of ["", "main", "../app/supervisor", "toString", "__proto__", "start.ts"]) assert.equal(isCommandName(text), false, text);
  assert.equal(isCommandName("start"), true);
});
