// `npm run screenshots` takes the pictures of docs/pictures anew, from the running demo city. The tour is a development tool (scripts/screenshots) in a
// process of its own: the product ships without it and without a browser.

import { join } from "node:path";
import { ROOT, runNode } from "./tools.ts";

const USAGE = `Usage: citywatch screenshots [OPTIONS]

Starts a demo city of its own on free ports and a temporary data folder, drives a real browser through it, and writes the pictures of the documents.

  --all           every screen in both languages and both themes, not only the pictures that the documents show; needs --into
  --into FOLDER   where the pictures go [docs/pictures]`;

export async function run(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  return runNode(["--disable-warning=ExperimentalWarning", join(ROOT, "scripts", "screenshots", "main.ts"), ...args]);
}
