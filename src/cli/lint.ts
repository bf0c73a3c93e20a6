// `npm run lint`: what is quick and needs no database: types, lint, house rules.

import { filterTestFiles, listTestFiles } from "./test-files.ts";
import { checkTypes, lint, ROOT, runNode } from "./tools.ts";

export async function run(): Promise<number> {
  if ((await checkTypes()) !== 0) return 1;
  if ((await lint()) !== 0) return 1;
  return runNode(["--disable-warning=ExperimentalWarning", "--test", "--test-reporter=spec", ...filterTestFiles(listTestFiles(ROOT), ["tests/tidy/"])]);
}
