// Runs the recorder role in a process of its own, so that a test can kill it. The configuration comes over the channel, as the supervisor sends it.
import { startRecorder } from "../../src/app/recorder.ts";
import type { RecorderConfig } from "../../src/app/roles.ts";

process.once("message", (config: RecorderConfig) => {
  const log = { info: () => undefined, warn: () => undefined, error: (fields: object, message: string) => console.error(message, JSON.stringify(fields)) };
  startRecorder(config, log).then(
    (role) => {
      process.send!({ type: "ready", port: role.port });
      process.once("message", () => void role.stop().then(() => process.disconnect()));
    },
    (error: Error) => process.send!({ type: "failed", message: error.message }),
  );
});
