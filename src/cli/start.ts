// `npm start`: the demo city with everything in it.

import { runSystem } from "./run-system.ts";

export const run = (args: readonly string[]): Promise<number> => runSystem(args, true);
