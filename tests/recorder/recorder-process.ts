// Runs the recorder role in a process of its own, so that a test can kill it and a bench measure it. The configuration comes over the channel, as the supervisor sends it.
import { type RecorderPace, startRecorder } from "../../src/app/recorder.ts";
import type { RecorderConfig } from "../../src/app/roles.ts";

// Whoever started it may be killed: it does not go on by itself.
process.once("disconnect", () => process.exit());
process.once("message", (config: RecorderConfig & { readonly pace?: RecorderPace }) => {
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object, message: string) => console.error(message, JSON.stringify(fields)) };
  startRecorder(config, log, config.pace).then(
    (role) => {
      process.send!({ type: "ready", port: role.port });
      process.once("message", () => void role.stop().then(() => process.disconnect()));
    },
    (error: Error) => process.send!({ type: "failed", message: error.message }),
  );
});
