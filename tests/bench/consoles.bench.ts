// What a whole control room costs the centre, over real HTTP and WebSockets, from consoles that are a process of their own, in a city with many units and open incidents: all of them connect within the same moment, as
// after a restart of the centre or of the network; and all of them have an incident open, for which a console asks again and again whom to send, whom to take from another job, what that leaves uncovered and which cameras see it.
// The roads are a few drawn ones: what they cost in a large city is measured by the bench of roads.
// Run: npm run bench -- consoles [--consoles 400] [--seconds 30] [--write]
import { fork } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import type { TestApi } from "../support/api.ts";
import { endWithStarter, nextMessage } from "./child.ts";
import { pointAt } from "../../src/geo/testing/features.ts";
import { type BenchFigure, at, printReport, readNumberOption, tellProgress, writeDispatchFigures } from "./report.ts";

const CONSOLES = readNumberOption("consoles", 400);
const SECONDS = readNumberOption("seconds", 30);
const UNITS = 2_000;
const INCIDENTS = 150;
const ROUNDS = 3;
/** What a console asks of the open incident, and how often (console/src/operate). */
const ASKED: readonly { readonly path: (id: number) => string; readonly everyS: number }[] = [
  { path: (id) => `/incidents/${id}/recommendation`, everyS: 15 },
  { path: (id) => `/incidents/${id}/preemptible`, everyS: 15 },
  { path: (id) => `/incidents/${id}/cover?units=${4 + id}`, everyS: 15 },
  { path: () => `/cameras-seeing?lon=${pointAt(300, 0).lon}&lat=${pointAt(300, 0).lat}`, everyS: 20 },
];

interface Job {
  readonly work: "connect" | "ask";
  readonly origin: string;
  readonly headers: Record<string, string>;
  readonly incidentIds: readonly number[];
}
interface Outcome {
  readonly bytes: number;
  readonly tookMs: readonly number[];
  readonly failed: number;
}

if (process.send) {
  endWithStarter();
  process.once("message", (job: Job) => void (job.work === "connect" ? connectAll(job) : askOn(job)).then((outcome) => process.send!(outcome, () => process.exit(0))));
} else await measure();

/** All connect first; then all say hello, and each waits for its status, which comes last. */
async function connectAll({ origin, headers }: Job): Promise<Outcome> {
  const sockets = await Promise.all(Array.from({ length: CONSOLES }, async () => {
    const socket = new WebSocket(`${origin.replace("http", "ws")}/api/v1/live`, { headers: { ...headers, origin }, perMessageDeflate: false });
    await once(socket, "open");
    return socket;
  }));
  let bytes = 0;
  const from = performance.now();
  const tookMs = await Promise.all(sockets.map((socket) => new Promise<number>((resolve) => {
    socket.on("message", (data: Buffer) => {
      bytes += data.length;
      if (data.subarray(0, 16).toString() === '{"type":"status"') resolve(performance.now() - from);
    });
    socket.send('{"type":"hello","after":null}');
  })));
  for (const socket of sockets) socket.terminate();
  return { bytes, tookMs, failed: 0 };
}

/** Each console asks at moments of its own, spread over the time between two questions. */
async function askOn({ origin, headers, incidentIds }: Job): Promise<Outcome> {
  const tookMs: number[] = [];
  let [bytes, failed] = [0, 0];
  const from = performance.now();
  await Promise.all(Array.from({ length: CONSOLES }, (_, i) => ASKED.map(async ({ path, everyS }, k) => {
    for (let n = 0; n * everyS < SECONDS; n++) {
      const dueMs = from + 1_000 * everyS * (n + ((i * ASKED.length + k) % (CONSOLES * ASKED.length)) / (CONSOLES * ASKED.length));
      if (dueMs - from > SECONDS * 1_000) return;
      await sleep(Math.max(0, dueMs - performance.now()));
      const asked = performance.now();
      const response = await fetch(`${origin}/api/v1${path(incidentIds[i % incidentIds.length]!)}`, { headers });
      bytes += (await response.arrayBuffer()).byteLength;
      tookMs.push(performance.now() - asked);
      if (!response.ok) failed++;
    }
  }).flat()).flat());
  return { bytes, tookMs, failed };
}

interface Measured extends Outcome {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly stallMs: number;
  readonly grewMb: number;
}
async function runRound(job: Job): Promise<Measured> {
  const child = fork(import.meta.filename, process.argv.slice(2));
  const stall = monitorEventLoopDelay({ resolution: 5 });
  stall.enable();
  const [cpu, heap, from] = [process.cpuUsage(), process.memoryUsage().rss, performance.now()];
  child.send(job);
  const outcome = await nextMessage<Outcome>(child, "the consoles");
  stall.disable();
  const { user, system } = process.cpuUsage(cpu);
  return { ...outcome, seconds: (performance.now() - from) / 1_000, cpuSeconds: (user + system) / 1e6, stallMs: stall.max / 1e6, grewMb: (process.memoryUsage().rss - heap) / 1e6 };
}

/** Units all over the roads, and incidents that are short of one, as a dispatcher looks at them. */
async function fill(api: TestApi): Promise<Job> {
  const { createIncident } = await import("../support/api.ts");
  const dispatcher = await api.first();
  const units = Array.from({ length: UNITS }, (_, i) => ({ callSign: `B${i}`, kind: "patrol" as const, platformId: null, campusId: null, skills: [], crew: [{ name: "Officer", badge: `${i}` }], phone: null, shiftEndsAt: null, home: pointAt(i % 800, 0) }));
  await api.dispatch.sendSystem({ type: "units.register", units });
  const incidentIds: number[] = [];
  for (let i = 0; i < INCIDENTS; i++) incidentIds.push(await createIncident(api, dispatcher));
  const fixes = Array.from({ length: UNITS }, (_, i) => ({ unitId: i + 4, ...pointAt(i % 800, 0), headingDeg: 90, speedMps: 5, at: Date.now() }));
  await api.client("fleet").call("reportPositions", { body: { fixes } });
  return { work: "connect", origin: api.origin, headers: dispatcher.headers(), incidentIds };
}

async function measure(): Promise<void> {
  const cluster = await startThrowawayCluster();
  process.env["CITYWATCH_TEST_DATABASE_URL"] = cluster.url;
  const { startTestApi } = await import("../support/api.ts"); // once it is known which cluster
  const api = await startTestApi({ checkAnswers: false, floodLimits: { perSession: 1e9, perStranger: 1e9, perMachine: 1e9 } });
  try {
    const job = await fill(api);
    const rounds: Measured[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      tellProgress(`${CONSOLES} consoles connect, round ${round}`);
      rounds.push(await runRound(job));
      await sleep(1_500);
    }
    tellProgress(`${CONSOLES} consoles ask for ${SECONDS} s`);
    const asking = await runRound({ ...job, work: "ask" });
    const cpuShare = asking.cpuSeconds / asking.seconds;
    const all = (pick: (one: Measured) => number): string => rounds.map((one) => pick(one).toFixed(0)).join(", ");
    const ms = (value: number): string => `${value.toFixed(0)} ms`;
    const figures: BenchFigure[] = [
      { what: "consoles, units, open incidents", value: `${CONSOLES}, ${UNITS}, ${INCIDENTS}` },
      { what: "all connect at once: each gets", value: `${(rounds[0]!.bytes / CONSOLES / 1e3).toFixed(0)} KB` },
      { what: `the last has its state after, round by round`, value: `${all(({ tookMs }) => at(tookMs, 1))} ms` },
      { what: "processor time of the centre; its longest stall", value: `${all(({ cpuSeconds }) => cpuSeconds * 1_000)} ms; ${all(({ stallMs }) => stallMs)} ms` },
      { what: `questions of ${CONSOLES} consoles with an open incident, and how many failed`, value: `${(asking.tookMs.length / SECONDS).toFixed(0)} /s, ${asking.failed}` },
      { what: "their answers: p50, p99, slowest", value: `${ms(at(asking.tookMs, 0.5))}, ${ms(at(asking.tookMs, 0.99))}, ${ms(at(asking.tookMs, 1))}` },
      { what: "processor time of the centre for them; its longest stall", value: `${(100 * cpuShare).toFixed(0)} % of a core; ${ms(asking.stallMs)}` },
    ];
    writeDispatchFigures("consoles", figures);
    printReport("consoles", figures, { consoles: CONSOLES, lastReadyMs: rounds.map(({ tookMs }) => at(tookMs, 1)), questionsPerSecond: asking.tookMs.length / SECONDS, failed: asking.failed, questionP99Ms: at(asking.tookMs, 0.99), coreShare: cpuShare });
    if (asking.failed > 0) process.exitCode = 1;
  } finally {
    await api.close();
    await cluster.stop();
  }
}
