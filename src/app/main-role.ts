// The file that the supervisor forks for each role: picks the role's entry and serves it. Each entry is loaded only where it is needed, so that the
// recorder does not carry the centre.

import { runRole } from "./role-process.ts";
import type { Logger, RoleConfig, RunningRole } from "./roles.ts";

async function startRole(config: RoleConfig, log: Logger): Promise<RunningRole> {
  switch (config.role) {
    case "centre":
      return (await import("./centre.ts")).startCentre(config, log);
    case "recorder":
      return (await import("./recorder.ts")).startRecorder(config, log);
    case "sim":
      return (await import("./sim.ts")).startSim(config, log);
  }
}

runRole(startRole);
