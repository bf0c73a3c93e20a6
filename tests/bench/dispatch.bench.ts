// `npm run bench -- dispatch [--events 100000]`: how much dispatch bears, on a real PostgreSQL with fsync on. Commands a second at several numbers of senders at once with the time to the answer,
// beside what the disk's own fsync allows; the time from a command to every one of 400 consoles with 40 calls a second coming in; and how long a centre needs at its start to fold a long log, and from a checkpoint.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { profileOf } from "../../src/dispatch/testing/world.ts";
import { openCheckpointStore } from "../../src/io/postgres/checkpoint-store.ts";
import { openDatabase } from "../../src/io/postgres/database.ts";
import { openEventStore } from "../../src/io/postgres/event-store.ts";
import { migrate } from "../../src/io/postgres/migrate.ts";
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { createCheckpointer } from "../../src/workflow/checkpoint.ts";
import { foldLog } from "../../src/workflow/fold-log.ts";
import { UNITS, handleCall, lengthenLog, registerUnits, startDispatch } from "./dispatch-load.ts";
import { endWithStarter, nextMessage } from "./child.ts";
import { type BenchFigure, printReport, readNumberOption, tellProgress, writeDispatchFigures } from "./report.ts";

const WANTED_EVENTS = readNumberOption("events", 100_000);
const SECONDS = readNumberOption("seconds", 5);
const SENDERS = [1, 10, 50, 100, 400];
const P99_GOAL_MS = 50;
const CONSOLES = readNumberOption("consoles", 400);
const CALLS_PER_SECOND = 40;
const FANOUT_SECONDS = 10;

// The centre with its consoles is a process of its own with nothing on its output: the support of the tests says there that no test was run.
const ROLES = { consoles: () => process.once("message", (job: Job) => void actAsConsoles(job)), fanout: async () => process.send!(await measureFanout(), () => process.exit(0)) };
const role = process.send === undefined ? undefined : process.argv[2];
if (role === "consoles" || role === "fanout") {
  endWithStarter();
  await ROLES[role]();
} else await measure();

async function measure(): Promise<void> {
  const fsyncPerSecond = await measureFsync();
  const cluster = await startThrowawayCluster({ shared_buffers: "128MB" });
  process.env["CITYWATCH_TEST_DATABASE_URL"] = cluster.url;
  try {
    const database = openDatabase(cluster.url, { max: 1 });
    await migrate(database);
    await database.end();
    let dispatch = await startDispatch(cluster.url);
    await registerUnits(dispatch);
    await Promise.all(Array.from({ length: 50 }, (_, i) => handleCall(dispatch, i + 1, []))); // the first of all are slower
    const rates: { senders: number; perSecond: number; p50Ms: number; p99Ms: number }[] = [];
    for (const senders of SENDERS) {
      tellProgress(`${senders} senders at once`);
      const took: number[] = [];
      const until = performance.now() + SECONDS * 1000;
      await Promise.all(Array.from({ length: senders }, async (_, i) => {
        while (performance.now() < until) await handleCall(dispatch, i + 1, took);
      }));
      rates.push({ senders, perSecond: Math.round(took.length / SECONDS), p50Ms: at(took, 0.5), p99Ms: at(took, 0.99) });
    }
    tellProgress(`a log of ${WANTED_EVENTS} events`);
    await lengthenLog(dispatch, WANTED_EVENTS);
    const events = dispatch.sequence();
    await dispatch.stop();
    const before = performance.now();
    const foldCpu = process.cpuUsage();
    dispatch = await startDispatch(cluster.url);
    const foldSeconds = (performance.now() - before) / 1000;
    const foldCpuSeconds = cpuSeconds(foldCpu);
    const heapMb = process.memoryUsage().heapUsed / 1e6;
    await dispatch.stop();
    await writeCheckpoint(cluster.url);
    const beforeStart = performance.now();
    dispatch = await startDispatch(cluster.url, "bench");
    const checkpointStartSeconds = (performance.now() - beforeStart) / 1000;
    await dispatch.stop();
    tellProgress(`${CONSOLES} consoles, ${CALLS_PER_SECOND} calls a second`);
    const fanout = await nextMessage<Awaited<ReturnType<typeof measureFanout>>>(fork(import.meta.filename, ["fanout", ...process.argv.slice(2)], { stdio: ["ignore", "ignore", "inherit", "ipc"] }), "the centre with its consoles");

    const reached = rates.filter(({ p99Ms }) => p99Ms < P99_GOAL_MS).sort((a, b) => b.perSecond - a.perSecond)[0] ?? null;
    const best = reached ?? rates.toSorted((a, b) => a.p99Ms - b.p99Ms)[0]!; // its p99 is told beside it
    const figures: BenchFigure[] = [
      { what: "fsync of 8 KB, one after the other", value: `${fsyncPerSecond} /s` },
      ...rates.map(({ senders, perSecond, p50Ms, p99Ms }) => ({ what: `${senders} at once: commands, answer p50, p99`, value: `${perSecond} /s, ${p50Ms.toFixed(1)} ms, ${p99Ms.toFixed(1)} ms` })),
      { what: `most with a p99 under ${P99_GOAL_MS} ms`, value: reached === null ? "none" : `${reached.perSecond} /s`, goal: "2,000 /s" },
      { what: `${CALLS_PER_SECOND} calls/s, each of ten commands: done`, value: `${fanout.commandsPerSecond} commands/s` },
      { what: `a change on each of ${CONSOLES} consoles: p50, p99, slowest`, value: `${fanout.p50Ms.toFixed(0)} ms, ${fanout.p99Ms.toFixed(0)} ms, ${fanout.mostMs.toFixed(0)} ms`, goal: "p99 under 300 ms" },
      { what: "changes told to consoles, in so many messages, and processor time of the centre", value: `${fanout.told} in ${fanout.messages} (${fanout.missing} consoles without the last), ${(100 * fanout.centreShare).toFixed(0)} % of a core` },
      { what: `fold of ${events} events, hashes checked`, value: `${foldSeconds.toFixed(2)} s (${foldCpuSeconds.toFixed(2)} s of processor), ${heapMb.toFixed(0)} MB of heap` },
      { what: "the same from a checkpoint", value: `${checkpointStartSeconds.toFixed(2)} s`, goal: "5 s" },
    ];
    writeDispatchFigures("dispatch", figures);
    printReport("dispatch", figures, { commandsPerSecond: best.perSecond, p99Ms: best.p99Ms, fsyncPerSecond, fanoutP99Ms: fanout.p99Ms, foldSeconds, foldedEvents: events, checkpointStartSeconds });
  } finally {
    await cluster.stop();
  }
}

async function writeCheckpoint(url: string): Promise<void> {
  const [store, checkpoints] = [await openEventStore(url), openCheckpointStore(url, "bench")];
  const { state, blocks, from } = await foldLog({ store, hash: (text) => createHash("sha256").update(text).digest("hex"), onWarning: () => undefined });
  const checkpointer = createCheckpointer({ store: checkpoints, state, blocks, from, everyEvents: 1, onWarning: (fields) => { throw new Error(JSON.stringify(fields)); } });
  checkpointer.tick();
  await checkpointer.stop();
  await checkpoints.close();
  await store.close();
}

/** What the disk that the log is on can do by itself: PostgreSQL's pages are of 8 KB. */
async function measureFsync(): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), "citywatch-bench-fsync-"));
  try {
    const file = await open(join(dir, "probe"), "w");
    const page = Buffer.alloc(8_192, 1);
    const from = performance.now();
    let n = 0;
    for (; performance.now() - from < 2_000; n++) {
      await file.write(page, 0, page.length, n * page.length);
      await file.datasync();
    }
    await file.close();
    return Math.round((n * 1_000) / (performance.now() - from));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

interface Job {
  readonly url: string;
  readonly headers: Record<string, string>;
}
interface Fanout {
  /** Changes, counted once for each console. */
  readonly told: number;
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
  /** Consoles that did not get the last change. */
  readonly missing: number;
}

/** When each change was decided, by the last event in it. */
type Decided = readonly (readonly [sequence: number, at: number])[];

/** Real consoles are other machines: here a process of their own, over real WebSockets. The time of a change is when it was decided, so the commit is in, and the wait until changes that come close together are told as one. */
async function measureFanout(): Promise<Fanout & { commandsPerSecond: number; centreShare: number }> {
  const { startTestApi } = await import("../support/api.ts");
  const api = await startTestApi({ checkAnswers: false });
  const child = fork(import.meta.filename, ["consoles", ...process.argv.slice(3)]);
  try {
    const dispatcher = await api.first();
    await api.dispatch.sendSystem({ type: "units.register", units: Array.from({ length: UNITS }, (_, i) => profileOf(`U${i}`, "patrol")) });
    const decided: [number, number][] = [];
    api.dispatch.subscribe(({ sequence, at: decidedAt }) => void decided.push([sequence, decidedAt]));
    child.send({ url: `ws://127.0.0.1:${api.port}/api/v1/live`, headers: { ...dispatcher.headers(), origin: api.origin } } satisfies Job);
    await nextMessage(child, "the consoles"); // all are connected
    decided.length = 0;
    const calls: Promise<number>[] = [];
    const took: number[] = [];
    const from = performance.now();
    const cpu = process.cpuUsage();
    for (let i = 0; i < CALLS_PER_SECOND * FANOUT_SECONDS; i++) {
      const waitMs = from + (i * 1_000) / CALLS_PER_SECOND - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      calls.push(handleCall(api.dispatch, 4 + i, took, false));
    }
    const last = Math.max(...(await Promise.all(calls)));
    const seconds = (performance.now() - from) / 1_000;
    const centreShare = cpuSeconds(cpu) / seconds;
    child.send({ last, decided });
    const fanout = await nextMessage<Fanout>(child, "the consoles");
    return { ...fanout, commandsPerSecond: Math.round(took.length / seconds), centreShare };
  } finally {
    child.kill();
    await api.close();
  }
}

async function actAsConsoles({ url, headers }: Job): Promise<void> {
  const heard: { sequence: number; at: number }[][] = Array.from({ length: CONSOLES }, () => []); // of each console, in order
  await Promise.all(heard.map(async (list) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    await once(socket, "open");
    socket.send('{"type":"hello","after":null}');
    await new Promise<void>((resolve) => {
      socket.on("message", (data: Buffer) => {
        const [, type, sequence] = /^\{"type":"([\w-]+)"(?:,"sequence":(\d+))?/.exec(data.subarray(0, 80).toString("latin1")) ?? [];
        if (type === "status") resolve();
        if (type === "change") list.push({ sequence: Number(sequence), at: Date.now() });
      });
    });
  }));
  for (const list of heard) list.length = 0;
  process.send!("ready");
  const [{ last, decided }] = (await once(process, "message")) as [{ last: number; decided: Decided }];
  const isBehind = (list: (typeof heard)[number]): boolean => (list.at(-1)?.sequence ?? 0) < last;
  for (let i = 0; i < 100 && heard.some(isBehind); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  const ages: number[] = [];
  for (const list of heard) {
    let next = 0; // a message tells every change up to its sequence
    for (const { sequence, at: heardAt } of list) for (; next < decided.length && decided[next]![0] <= sequence; next++) ages.push(heardAt - decided[next]![1]);
  }
  const fanout: Fanout = { told: ages.length, messages: heard.reduce((sum, list) => sum + list.length, 0), p50Ms: at(ages, 0.5), p99Ms: at(ages, 0.99), mostMs: at(ages, 1), missing: heard.filter(isBehind).length };
  process.send!(fanout, () => process.exit(0));
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function at(values: readonly number[], share: number): number {
  return Float64Array.from(values).sort()[Math.floor(share * (values.length - 1))] ?? NaN;
}
