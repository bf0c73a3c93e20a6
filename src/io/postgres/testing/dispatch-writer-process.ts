// A writer in a process of its own, to be killed by a test: sends commands without end and prints the id of each one that was acknowledged.
// Run: node dispatch-writer-process.ts DATABASE_URL
import { createHash, randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { createDispatchService } from "../../../workflow/dispatch-service.ts";
import { systemClock } from "../../clock/clock.ts";
import { openEventStore } from "../event-store.ts";
import { noRoadTimes } from "../../../workflow/testing/no-road-times.ts";

const service = await createDispatchService({
  store: await openEventStore(process.argv[2]!, { waitMs: 30_000 }), clock: systemClock, hash: (text) => createHash("sha256").update(text).digest("hex"), timeZone: "UTC",
  roadTimes: noRoadTimes,
  every: (intervalMs, work) => {
    const timer = setInterval(work, intervalMs);
    return () => clearInterval(timer);
  },
  onFatal: () => process.exit(3),
});
const permissions = ["contact.receive"];
const work = async (): Promise<void> => {
  for (;;) {
    const commandId = randomUUID();
    await service.send({ kind: "service", id: 1, name: "switch", permissions, unitId: null }, {
      commandId, expectedSequence: null,
      command: { type: "contact.receive", source: "telephone", externalId: commandId, callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords: null },
    });
    writeSync(1, `${commandId}\n`); // not buffered: what is printed was acknowledged
  }
};
await Promise.all(Array.from({ length: 8 }, work));
