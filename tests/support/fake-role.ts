// A role that does nothing, for tests of the supervisor: it is forked in place of the real ones and says what it was asked in its standard output.

import { runRole } from "../../src/app/role-process.ts";

runRole(async (config) => {
  if (config.role === "sim") console.log(`seed ${config.seed}`);
  if (config.role === "recorder") console.log(`recorder ${config.recorderId} port ${config.port} in ${config.recordingsDir}`);
  if (config.role === "recorder") console.log(`${config.recordersOnVolume} on its volume`);
  if (config.role === "centre") console.log(`seed ${config.demoCity?.seed}`);
  console.log(`started ${config.role}`);
  console.log(`flags ${process.execArgv.filter((flag) => flag.startsWith("--max-semi")).join(" ")}, arenas ${process.env["MALLOC_ARENA_MAX"] ?? "as they come"}`);
  const hold = setInterval(() => undefined, 60_000);
  return {
    noteRecorder: (recorderId, trouble) => console.log(`recorder ${recorderId}: ${trouble === null ? "runs" : `${trouble.code} ${trouble.folder}`}`),
    stop: async () => {
      clearInterval(hold);
      console.log(`stopped ${config.role}`);
    },
  };
});
