// The index's thread on a disk that hangs: each checkpoint begins only once the file `<index>.go` is there.
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { workerData } from "node:worker_threads";

while (!existsSync(`${workerData as string}.go`)) await wait(5);
await import("../index-checkpoint-program.ts");
