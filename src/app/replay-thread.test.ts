// A decision worked out again by a thread of its own: the same answer as the program itself gives, from the same database and city; and what becomes of questions that it cannot answer.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { createTestDatabase } from "../../tests/support/database.ts";
import type { Command } from "../dispatch/commands.ts";
import { PLACE, profileOf } from "../dispatch/testing/world.ts";
import { nodePoint } from "../geo/road-snap.ts";
import { importDemoCity } from "../io/city/import-city.ts";
import { loadRoads } from "../io/city/city-folder.ts";
import { openEventStore } from "../io/postgres/event-store.ts";
import { systemClock } from "../io/clock/clock.ts";
import { createDispatchService, type DispatchServiceOptions, type Sender } from "../workflow/dispatch-service.ts";
import { AwayError } from "../workflow/checkpoint.ts";
import { DispatchUnavailableError } from "../workflow/dispatch-writer.ts";
import { ReplayUnderWayError } from "../workflow/replay-decision.ts";
import { roadTimesOf } from "../workflow/ranking.ts";
import { createRoadClosing } from "./centre-city.ts";
import { createReplayThread } from "./replay-thread.ts";

const ANA: Sender = { kind: "user", id: 1, name: "Ana", permissions: ["incident.write", "assignment.write"], unitId: null };
const hash = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
const NOWHERE = { databaseUrl: "postgres://nobody@127.0.0.1:1/none", cityDir: "/nowhere", foldVersion: "v1" };

it("[REC5] a thread of its own gives the answer that the program itself gives", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "citywatch-replay-"));
  const database = await createTestDatabase();
  t.after(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  const cityDir = join(folder, "city");
  await importDemoCity({ dir: cityDir, progress: () => undefined, now: 0 });
  const city = await loadRoads(cityDir);
  const roads = createRoadClosing(city, { warn: () => undefined }, true);
  const options = {
    clock: systemClock, hash, timeZone: city.timeZone, roadTimes: roadTimesOf(city.roads), roads, every: () => () => undefined, onFatal: (error: Error) => { throw error; },
  } satisfies Omit<DispatchServiceOptions, "store">;
  const thread = createReplayThread({ databaseUrl: database.url, cityDir, foldVersion: "v1" });
  t.after(() => thread.close());

  const first = await createDispatchService({ ...options, store: await openEventStore(database.url) });
  const send = async (command: Command): Promise<void> => {
    const outcome = await first.send(ANA, { commandId: randomUUID(), expectedSequence: null, command });
    assert.equal(outcome.outcome, "accepted", JSON.stringify(outcome));
  };
  const at = (share: number) => nodePoint(city.graph, Math.floor(share * (city.graph.nodeCount - 1)));
  await first.sendSystem({ type: "units.register", units: [0.1, 0.4, 0.7, 0.9].map((share, i) => profileOf(`P${i + 1}`, "patrol", at(share))) });
  await send({ type: "incident.create", contactId: null, incidentType: "theft", what: "", who: "", place: { ...PLACE, point: at(0.5) } });
  const { tookMs: _, ...shown } = first.recommend(1, systemClock.wallMs(), ANA)!;
  await send({ type: "assignment.assign", incidentId: 1, unitIds: [shown.candidates[1]!.unitId], stack: false });
  await send({ type: "assignment.recall", assignmentId: 1, words: "" });
  const here = (await first.replayDecision(1))!;
  assert.deepEqual(here.recommendation, shown);
  await first.stop();

  const second = await createDispatchService({ ...options, store: await openEventStore(database.url), replay: thread.replay });
  t.after(() => second.stop());
  for (let twice = 0; twice < 2; twice++) assert.deepEqual(await second.replayDecision(1), here);
  assert.equal(await second.replayDecision(99), null);
});

const programOf = (onMessage: string): URL => new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads"; let n = 0; parentPort.on("message", ({ call, assignmentId }) => { n++; ${onMessage} });`)}`);

it("[REC5] a thread that cannot work is told as such, and the next question has a new one", async (t) => {
  const broken = createReplayThread(NOWHERE);
  t.after(() => broken.close());
  await assert.rejects(broken.replay([1], 1, 0), (error) => /nowhere/.test((error as Error).message) && !(error instanceof AwayError) && !(error instanceof DispatchUnavailableError));
  const dying = createReplayThread(NOWHERE, programOf("process.exit(3);"));
  t.after(() => dying.close());
  for (let twice = 0; twice < 2; twice++) await assert.rejects(dying.replay([1], 1, 0), DispatchUnavailableError);
});

it("[REC5] what failed in the thread is told as it would be by the program itself: a database that is away is away", async (t) => {
  const thread = createReplayThread(NOWHERE, programOf('parentPort.postMessage({ call, error: "connection refused", isAway: assignmentId === 1 });'));
  t.after(() => thread.close());
  await assert.rejects(thread.replay([1], 1, 0), AwayError);
  await assert.rejects(thread.replay([1], 2, 0), (error) => !(error instanceof AwayError) && (error as Error).message === "connection refused");
});

it("[REC5] an answer that takes longer than anybody waits is not given up: who asks is told that it is under way, and has it when it is there, of the same work", async (t) => {
  const bell = new BroadcastChannel(`replay-test-${randomUUID()}`);
  t.after(() => bell.close());
  const thread = createReplayThread(NOWHERE, programOf(`new BroadcastChannel("${bell.name}").onmessage = () => parentPort.postMessage({ call, replay: { assignmentId, n } })`), 50, 600_000);
  t.after(() => thread.close());
  for (let twice = 0; twice < 2; twice++) await assert.rejects(thread.replay([1], 7, 0), ReplayUnderWayError);
  // the thread listens once it was asked; the bell is rung until somebody has the answer
  for (let rung = 0; ; rung++) {
    // oxlint-disable-next-line require-post-message-target-origin -- a channel of Node, not a window
    bell.postMessage("now");
    const answer = await thread.replay([1], 7, 0).catch((error: unknown) => error);
    if (answer instanceof ReplayUnderWayError && rung < 200) continue;
    assert.deepEqual(answer, { assignmentId: 7, n: 1 }, "asked once");
    break;
  }
});
