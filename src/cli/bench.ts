// `npm run bench -- NAME` runs tests/bench/NAME.bench.ts, which prints what it measured and on what. Figures in the documents come from here.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ToldError } from "../base/told-error.ts";
import { ROOT, runNode } from "./tools.ts";

const DIR = join(ROOT, "tests", "bench");
const ENDING = ".bench.ts";

export async function run(args: readonly string[]): Promise<number> {
  const names = existsSync(DIR) ? readdirSync(DIR).filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length)).sort() : [];
  const [name, ...rest] = args;
  if (name === undefined || name === "--help") {
    console.log(`Usage: citywatch bench NAME\n\n${names.map((known) => `  ${known}`).join("\n")}`);
    return name === undefined ? 2 : 0;
  }
  if (!names.includes(name)) throw new ToldError(`there is no bench ${JSON.stringify(name)}; there are ${names.join(", ") || "none"}`);
  return runNode(["--disable-warning=ExperimentalWarning", join(DIR, `${name}${ENDING}`), ...rest]);
}
