// What the thread of replays runs (replay-thread.ts).
import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { loadRoads } from "../io/city/city-folder.ts";
import { openCheckpointStore } from "../io/postgres/checkpoint-store.ts";
import { openEventReader } from "../io/postgres/event-store.ts";
import { isDatabaseAway } from "../io/postgres/database-status.ts";
import { AwayError } from "../workflow/checkpoint.ts";
import { createFoldProgress } from "../workflow/fold-log.ts";
import { replayIn } from "../workflow/replay-decision.ts";
import { createRoadClosing } from "./centre-city.ts";
import type { ReplayAnswer, ReplayQuestion, ReplayThreadStart } from "./replay-thread.ts";

const { databaseUrl, cityDir, foldVersion } = workerData as ReplayThreadStart;
const store = openEventReader(databaseUrl);
const checkpoints = openCheckpointStore(databaseUrl, foldVersion, { holds: true });
const roads = loadRoads(cityDir).then((city) => createRoadClosing(city, { warn: () => undefined }, true));
roads.catch(() => undefined); // told to whoever asks
const progress = createFoldProgress();
const hash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

parentPort!.on("message", ({ call, incidentIds, assignmentId, now }: ReplayQuestion) => {
  // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
  const tell = (answer: ReplayAnswer): void => parentPort!.postMessage(answer);
  roads.then(({ timesAt, version }) => replayIn({ store, checkpoints, progress, hash, roadTimesAt: timesAt, roads: version, now }, incidentIds, assignmentId))
    .then((replay) => tell({ call, replay }), (error: Error) => tell({ call, error: error.message, isAway: error instanceof AwayError || isDatabaseAway(error) }));
});
