// Dispatches to the file of a subcommand. citywatch.mjs starts it under a Node that is new enough.

import { ToldError } from "../base/told-error.ts";
import { formatHelp, isCommandName, type CommandModule } from "./command.ts";

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.log(formatHelp());
    return name === undefined ? 2 : 0;
  }
  if (!isCommandName(name)) {
    console.error(`citywatch: there is no command ${JSON.stringify(name)}\n\n${formatHelp()}`);
    return 2;
  }
  const module = (await import(`./${name}.ts`)) as CommandModule;
  return module.run(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Wrong options (node:util parseArgs) and told failures speak for themselves; anything else is a bug and shows where it happened.
  const told = error instanceof ToldError || (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
  console.error(`citywatch: ${told ? (error as Error).message : error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
