// How benches fork a recorder's process: with the memory that the product gives it.
import type { ForkOptions } from "node:child_process";
import { PROCESS_SETTINGS } from "../../../src/app/process-settings.ts";

const { nodeFlags, env } = PROCESS_SETTINGS.recorder;
export const AS_RECORDER: ForkOptions = { execArgv: ["--disable-warning=ExperimentalWarning", ...nodeFlags], env: { ...env, ...process.env }, stdio: ["ignore", "inherit", "inherit", "ipc"] };
