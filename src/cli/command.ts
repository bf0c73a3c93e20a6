// What a subcommand's file exports: one file per subcommand, `src/cli/<name>.ts`, with a line in the table below. What the caller can mend is thrown
// as a ToldError (base/told-error.ts): printed without a stack, exit code 1.

/** The shape of every `src/cli/<name>.ts`. `run` gets what follows the name and returns the exit code. */
export interface CommandModule {
  run(args: readonly string[]): Promise<number>;
}

/** Every subcommand and what it is for, in the order of the help text. The key is the file's name. */
export const COMMANDS = {
  start: "prepare and run the demo city with everything in it",
  serve: "run the centre and a recorder on a city of your own (--city FOLDER)",
  camera: "add, list and check cameras",
  unit: "enter the units that can be sent (unit import FILE.csv)",
  platform: "enter the platforms where units stand, and retire one (platform import FILE.csv, platform retire CODE)",
  roster: "enter who is on duty from when to when (roster import FILE.csv)",
  city: "import a city from an OpenStreetMap extract (city import FILE.osm.pbf)",
  hold: "keep recordings from being deleted, as evidence; list, review and release such holds",
  replay: "feed the call log of another centre into training or the demo city (replay FILE --format montgomery)",
  check: "check the recordings, and repair them: bytes against index against hashes (while the recorder is stopped)",
  verify: "verify an evidence package: signature, hashes, pictures, times and gaps (verify PACKAGE.zip)",
  "evidence-key": "show the public key that signs evidence packages, to be published",
  lint: "types, lint and house rules",
  test: "every test; or those of the files named",
  bench: "measure: bench NAME",
  screenshots: "take the pictures of docs/ anew",
} as const satisfies Record<string, string>;

export type CommandName = keyof typeof COMMANDS;

export const isCommandName = (text: string): text is CommandName => Object.hasOwn(COMMANDS, text);

export function formatHelp(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`);
  return ["Usage: citywatch COMMAND [OPTIONS]", "", ...lines, "", "citywatch COMMAND --help tells the options of one."].join("\n");
}
