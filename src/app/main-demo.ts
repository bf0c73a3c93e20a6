// Prepares the demo city in a process of its own: the import needs hundreds of megabytes for seconds, which the supervisor, alive for months, should not hold.

import { prepareDemoCity } from "./demo.ts";
import type { FromRole } from "./roles.ts";

const [cityDir] = process.argv.slice(2);
process.on("SIGINT", () => undefined); // the supervisor decides
process.on("disconnect", () => process.exit(1));

const tell = (message: FromRole): Promise<void> => new Promise((resolve) => void process.send?.(message, () => resolve()));

try {
  if (!cityDir) throw new Error("main-demo needs the city's folder");
  await prepareDemoCity({ cityDir, progress: (step, done, of) => void tell({ type: "progress", step, done, of }) });
  await tell({ type: "ready" });
  process.exit(0);
} catch (error) {
  await tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
