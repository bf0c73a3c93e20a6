// Kills a centre with SIGKILL again and again in the middle of a stream of commands over HTTP, under the supervisor that starts it anew, and counts in the database afterwards. The senders do
// what a switch or a console does: they send a command under the same id until an outcome comes. Half of them are notes
// and incidents without a call, which nothing but the command's id keeps from standing there twice.
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CentreConfig } from "../../src/app/roles.ts";
import { LISTENS, type StartParts } from "../../src/app/start-parts.ts";
import { superviseRole } from "../../src/app/supervised-role.ts";
import { createRandom } from "../../src/base/random.ts";
import { openDatabase } from "../../src/io/postgres/database.ts";
import { PLACE } from "../../src/dispatch/testing/world.ts";
import { deriveReplayToken } from "../../src/io/crypto/tokens.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { freePort } from "./free-port.ts";
import { CityClient } from "./city-client.ts";

const ENTRY = join(import.meta.dirname, "..", "..", "src", "app", "main-role.ts");
const SENDERS = 40;
/** Only a centre that does not come back at all takes so long: several starts of the longest that its supervisor waits for. */
const MOST_BACK_MS = 600_000;
/** Of each life, so that every kill falls into work, however slow the machine is. */
const LEAST_OF_LIFE = 20;

export interface KillsWanted {
  readonly kills: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly databaseUrl: string;
  readonly cityDir: string;
  readonly tell?: (text: string) => void;
  /** What the log has before: none of these commands are counted. Default: an empty log. */
  readonly eventsBefore?: number;
  /** Processor time that a process has used. */
  readonly readCpuSeconds?: (pid: number) => number;
}
export interface KillsCounted {
  readonly acknowledged: number;
  /** Acknowledged commands that the log has not. */
  readonly lost: number;
  /** Commands that the log has more than once. */
  readonly twice: number;
  /** Events of commands that nobody sent. */
  readonly foreign: number;
  /** Numbers that the log leaves out. */
  readonly gaps: number;
  readonly events: number;
  /** From each kill, and from the first start, to the first command that was answered by the next process. */
  readonly backMs: readonly number[];
  /** What each start had used of a processor by then, where that is asked for: a busy machine adds nothing to it. */
  readonly backCpuSeconds: readonly number[];
  /** Where the time of each went until it listened. */
  readonly parts: readonly ReturnType<StartParts["list"]>[];
}

export async function killCentre({ kills, perSecond, seed, databaseUrl, cityDir, tell = () => undefined, eventsBefore = 0, readCpuSeconds }: KillsWanted): Promise<KillsCounted> {
  const random = createRandom(seed);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const key = (): string => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const telephony = "t".repeat(43);
  const config: CentreConfig = {
    role: "centre", version: "0.0.0-test", databaseUrl, cityDir, consoleDir: cityDir, host: "127.0.0.1", port, publicOrigin: origin, recorderOrigins: ["http://127.0.0.1:7310"],
    cameraNetworks: LOOPBACK_NETWORKS, webhookNetworks: "", demo: true, training: false,
    secrets: { viewSigningKeyPem: key(), evidenceSigningKeyPem: key(), sealKey: randomBytes(32).toString("base64"), serviceTokens: { recorder: "r".repeat(43), telephony, fleet: "f".repeat(43) } },
    firstAccountToken: null,
  };
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  let answeredAt = 0;
  let ended = false;
  const telephone = new CityClient(origin, telephony);
  const console = new CityClient(origin, deriveReplayToken(config.secrets.sealKey));
  let incidentId: number | null = null;
  const sender = async (first: number): Promise<void> => {
    const stepMs = (1_000 * SENDERS) / perSecond;
    for (let next = performance.now() + (first * stepMs) / SENDERS; !ended; next = Math.max(next + stepMs, performance.now())) {
      await sleep(Math.max(0, next - performance.now()));
      const commandId = randomUUID();
      sent.add(commandId);
      const draw = incidentId === null ? 0 : random.next();
      const command =
        draw < 0.5 ? { type: "contact.receive", source: "telephone", externalId: commandId, callerWords: "help" }
        : draw < 0.9 ? { type: "incident.note", incidentId, words: `note ${commandId}`, corrects: null }
        : { type: "incident.create", contactId: null, incidentType: "other", what: "", who: "", place: PLACE };
      const body = { commandId, command };
      while (!ended) {
        const reply = await (draw < 0.5 ? telephone : console).try("sendCommand", { body }).catch(() => null); // nobody listens just now
        if (reply?.answer?.outcome === "accepted") {
          acknowledged.add(commandId);
          answeredAt = performance.now();
          break;
        }
        await sleep(50);
      }
    }
  };

  const backMs: number[] = [];
  const backCpuSeconds: number[] = [];
  const parts: ReturnType<StartParts["list"]>[] = [];
  const logPath = join(cityDir, "..", "centre.log");
  let runs = 0;
  let runsSince = 0;
  const bornAt = performance.now();
  const centre = superviseRole({
    name: "centre", entry: ENTRY, config, logPath, codeCacheDir: join(cityDir, "..", "code-cache"), output: { write: () => undefined, close: () => undefined }, readyWithinMs: 120_000, stopWithinMs: 10_000,
  }, {
    note: (message) => {
      if (!message.endsWith("runs again")) return;
      runs++;
      runsSince = performance.now();
    },
    complain: tell, progress: () => undefined,
  });
  const seeBack = async (from: number, life: number): Promise<void> => {
    const until = performance.now() + MOST_BACK_MS;
    while (runs < life || answeredAt < runsSince) {
      if (performance.now() > until) throw new Error(`the centre did not answer within ${MOST_BACK_MS / 60_000} min of ${life === 0 ? "its first start" : `kill ${life}`}`);
      await sleep(2);
    }
    backMs.push(answeredAt - from);
    if (readCpuSeconds !== undefined) backCpuSeconds.push(readCpuSeconds(centre.pid()!));
    parts.push((JSON.parse(readFileSync(logPath, "utf8").split("\n").findLast((line) => line.includes(LISTENS))!) as { start: ReturnType<StartParts["list"]> }).start);
  };
  try {
    const sending = Array.from({ length: SENDERS }, (_, i) => sender(i));
    await centre.ready;
    runsSince = performance.now();
    await seeBack(bornAt, 0);
    const firstId = randomUUID();
    sent.add(firstId);
    const created = await console.call("sendCommand", { body: { commandId: firstId, command: { type: "incident.create", contactId: null, incidentType: "other", what: "", who: "", place: PLACE } } });
    if (created.outcome !== "accepted") throw new Error(created.message);
    incidentId = created.incidentId;
    for (let kill = 1; kill <= kills; kill++) {
      await sleep(100 + random.next() * 700);
      for (const until = performance.now() + MOST_BACK_MS; acknowledged.size < kill * LEAST_OF_LIFE && performance.now() < until; ) await sleep(5);
      const killedAt = performance.now();
      process.kill(centre.pid()!, "SIGKILL");
      await seeBack(killedAt, kill);
      if (kill % 10 === 0) tell(`${kill} kills, ${acknowledged.size} commands acknowledged, back after ${backMs.at(-1)!.toFixed(0)} ms`);
    }
    ended = true;
    await Promise.all(sending);
  } finally {
    ended = true;
    centre.kill();
    await centre.stop();
  }
  return { ...(await count(databaseUrl, sent, acknowledged, eventsBefore)), acknowledged: acknowledged.size, backMs, backCpuSeconds, parts };
}

async function count(databaseUrl: string, sent: ReadonlySet<string>, acknowledged: ReadonlySet<string>, after: number): Promise<Pick<KillsCounted, "lost" | "twice" | "foreign" | "gaps" | "events">> {
  const database = openDatabase(databaseUrl, { max: 1 });
  try {
    const rows = await database<{ command_id: string; times: number }[]>`
      select command_id, count(*) as times from dispatch_event where sequence > ${after} and body->>'type' in ('contact.received', 'incident.noted', 'incident.created') and command_id is not null group by command_id`;
    const [log] = await database<{ events: number; last: number }[]>`select count(*) as events, coalesce(max(sequence), 0) as last from dispatch_event`;
    const times = new Map(rows.map((row) => [row.command_id, row.times]));
    return {
      lost: [...acknowledged].filter((id) => !times.has(id)).length, twice: rows.filter((row) => row.times > 1).length,
      foreign: rows.filter((row) => !sent.has(row.command_id)).length, gaps: log!.last - log!.events, events: log!.events,
    };
  } finally {
    await database.end();
  }
}
