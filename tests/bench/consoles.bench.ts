// What it costs the centre when a whole control room connects at once, as after a restart of the centre or of the network: consoles that say hello within
// the same moment, over real WebSockets from a process of their own, in a city with many units and open incidents.
// Run: npm run bench -- consoles [consoles, default 400]
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { WebSocket } from "ws";
import { startThrowawayCluster } from "../../src/io/postgres/throwaway-cluster.ts";
import { createIncident, startTestApi } from "../support/api.ts";
import { endWithStarter, nextMessage } from "./child.ts";
import { pointAt } from "../../src/geo/testing/features.ts";

const CONSOLES = Number(process.argv[2] ?? 400);
const UNITS = 2_000;
const INCIDENTS = 150;

interface Job {
  readonly url: string;
  readonly headers: Record<string, string>;
}
interface Outcome {
  readonly bytes: number;
  readonly slowestMs: number;
}

if (process.send) {
  endWithStarter();
  process.once("message", (job: Job) => void actAsConsoles(job).then((outcome) => process.send!(outcome, () => process.exit(0))));
} else await measure();

/** All connect first; then all say hello, and each waits for its status, which comes last. */
async function actAsConsoles({ url, headers }: Job): Promise<Outcome> {
  const sockets = await Promise.all(Array.from({ length: CONSOLES }, async () => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    await once(socket, "open");
    return socket;
  }));
  let bytes = 0;
  const from = performance.now();
  const took = await Promise.all(sockets.map((socket) => new Promise<number>((resolve) => {
    socket.on("message", (data: Buffer) => {
      bytes += data.length;
      if (data.subarray(0, 16).toString() === '{"type":"status"') resolve(performance.now() - from);
    });
    socket.send('{"type":"hello","after":null}');
  })));
  for (const socket of sockets) socket.terminate();
  return { bytes, slowestMs: Math.max(...took) };
}

async function measure(): Promise<void> {
  const cluster = await startThrowawayCluster();
  process.env["CITYWATCH_TEST_DATABASE_URL"] = cluster.url;
  const api = await startTestApi();
  try {
    const dispatcher = await api.first();
    const units = Array.from({ length: UNITS }, (_, i) => ({ callSign: `B${i}`, kind: "patrol" as const, platformId: null, campusId: null, skills: [], crew: [{ name: "Officer", badge: `${i}` }], phone: null, shiftEndsAt: null, home: pointAt(i % 800, 0) }));
    await api.dispatch.sendSystem({ type: "units.register", units });
    for (let i = 0; i < INCIDENTS; i++) await createIncident(api, dispatcher);
    const fixes = Array.from({ length: UNITS }, (_, i) => ({ unitId: i + 4, ...pointAt(i % 800, 0), headingDeg: 90, speedMps: 5, at: Date.now() }));
    await api.client("fleet").call("reportPositions", { body: { fixes } });
    console.log(`${cpus().length} x ${cpus()[0]?.model}; ${CONSOLES} consoles, ${UNITS} units, ${INCIDENTS} open incidents`);
    for (let round = 1; round <= 3; round++) {
      const child = fork(import.meta.filename, [String(CONSOLES)]);
      const stall = monitorEventLoopDelay({ resolution: 5 });
      stall.enable();
      const cpu = process.cpuUsage();
      const heap = process.memoryUsage().rss;
      child.send({ url: `ws://127.0.0.1:${api.port}/api/v1/live`, headers: { ...dispatcher.headers(), origin: api.origin } } satisfies Job);
      const outcome = await nextMessage<Outcome>(child, "the consoles");
      stall.disable();
      const used = process.cpuUsage(cpu);
      const told = [`${(outcome.bytes / CONSOLES / 1e3).toFixed(0)} KB each`, `the last had its state after ${outcome.slowestMs.toFixed(0)} ms`, `${((used.user + used.system) / 1e3).toFixed(0)} ms of processor`, `longest stall ${(stall.max / 1e6).toFixed(0)} ms`, `${((process.memoryUsage().rss - heap) / 1e6).toFixed(0)} MB more`];
      console.log(`round ${round}: ${told.join(", ")}`);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
  } finally {
    await api.close();
    await cluster.stop();
  }
}
