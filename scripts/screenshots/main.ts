// `npm run screenshots`: the demo city, a browser, the tour (tour.ts), the pictures. What was started is stopped however it ends.

import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createTerminalWatcher } from "../../src/cli/terminal.ts";
import { launchBrowser } from "../../tests/support/browser.ts";
import { createTaker } from "./camera.ts";
import { openStage } from "./stage.ts";
import { walk } from "./tour.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");
const PICTURES = join(ROOT, "docs", "pictures");
const MOST_COMMITTED_BYTES = 3_000_000;

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(2);
};

function readOptions(): { all: boolean; into: string } {
  try {
    const { values } = parseArgs({ args: process.argv.slice(2), options: { all: { type: "boolean", default: false }, into: { type: "string" } } });
    if (values.all && values.into === undefined) return fail("--all makes dozens of pictures: say where with --into FOLDER");
    return { all: values.all, into: values.into === undefined ? PICTURES : resolve(values.into) };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { all, into } = readOptions();
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
const abort = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => abort.abort());

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const stage = await openStage(createTerminalWatcher(process.stderr), version, abort.signal);
const browser = await launchBrowser();
abort.signal.addEventListener("abort", () => void browser.close());
try {
  const taker = createTaker(into, all, say);
  await walk(stage, browser, taker);
  const bytes = taker.taken.reduce((sum, file) => sum + readFileSync(join(into, file)).length, 0);
  say(`  ${taker.taken.length} pictures, ${(bytes / 1e6).toFixed(1)} MB, in ${into}`);
  if (!all && bytes > MOST_COMMITTED_BYTES) {
    say(`  that is more than the ${MOST_COMMITTED_BYTES / 1e6} MB that the repository should carry`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!abort.signal.aborted) {
    for (const [i, page] of browser.contexts().flatMap((context) => context.pages()).entries()) await page.screenshot({ path: join(tmpdir(), `citywatch-screenshots-failed-${i + 1}.png`) });
    say(`  what the pages showed is in ${join(tmpdir(), "citywatch-screenshots-failed-*.png")}`);
    throw error;
  }
  process.exitCode = 130;
} finally {
  await browser.close();
  await stage.end();
}
