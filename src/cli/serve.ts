// `citywatch serve --city FOLDER`: the same without the demo city and its simulation.

import { runSystem } from "./run-system.ts";

export const run = (args: readonly string[]): Promise<number> => runSystem(args, false);
