// `npm test`: types, lint, then every test on one shared PostgreSQL, two files at a time (a test machine may have two cores, and several tests start
// servers and browsers of their own). The runner's summary is the last thing printed.

import { randomInt } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { startThrowawayCluster } from "../io/postgres/throwaway-cluster.ts";
import { ToldError } from "../base/told-error.ts";
import { filterTestFiles, listTestFiles } from "./test-files.ts";
import { checkTypes, lint, ROOT, runNode } from "./tools.ts";

const SEED_PROPERTIES = pathToFileURL(join(ROOT, "tests", "support", "seed-properties.ts")).href;

const HELP = `Usage: citywatch test [OPTIONS] [PART-OF-A-PATH ...]

  --only-tests        leave out types and lint
  --concurrency N     files at a time (2)
  --seed N|random     what property tests draw from (1): the same cases each time, or cases that nobody has seen`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { "only-tests": { type: "boolean" }, concurrency: { type: "string", default: "2" }, seed: { type: "string", default: "1" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const concurrency = Number(values.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1) throw new ToldError(`--concurrency ${values.concurrency}: expected a whole number of 1 or more`);
  const seed = values.seed === "random" ? randomInt(2 ** 20) : Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 20) throw new ToldError(`--seed ${values.seed}: expected "random", or a whole number from 0 to ${2 ** 20 - 1}`);
  const all = listTestFiles(ROOT);
  const files = filterTestFiles(all, positionals);
  if (files.length === 0) throw new ToldError(`no test file of ${all.length} has ${positionals.map((text) => JSON.stringify(text)).join(" or ") || "a name"} in its path`);

  if (!values["only-tests"]) {
    console.log("types (tsc -b)");
    if ((await checkTypes()) !== 0) return 1;
    console.log("lint (oxlint)");
    if ((await lint()) !== 0) return 1;
  }
  // Every temporary folder of the run is made in this one, so that nothing is left however it ends. Others may pass through: PostgreSQL runs as another user.
  const folder = mkdtempSync(join(tmpdir(), "citywatch-test-"));
  chmodSync(folder, 0o711);
  const cluster = await startThrowawayCluster();
  try {
    console.log(`tests (${files.length} files, seed ${seed})`);
    const env: NodeJS.ProcessEnv = { ...process.env, CITYWATCH_TEST_DATABASE_URL: cluster.url, CITYWATCH_TEST_SEED: String(seed), TMPDIR: folder };
    delete env["DATABASE_URL"]; // no test may ever touch a real database
    return await runNode(["--disable-warning=ExperimentalWarning", "--import", SEED_PROPERTIES, "--test", `--test-concurrency=${concurrency}`, "--test-reporter=spec", ...files], env, { thenRemove: folder });
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
