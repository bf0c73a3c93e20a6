// What the thread of away blocks runs (away-blocks.ts): one connection for questions, one to look through all blocks with, a page and a statement at a time, so that questions
// are answered in between and no statement grows with the log: a cursor's one goes on through all its pages, and PostgreSQL's time for it with it.
import { parentPort, workerData } from "node:worker_threads";
import { zstdDecompressSync } from "node:zlib";
import type { BlockKind } from "../../dispatch/state-blocks.ts";
import type { AwayAnswer, AwayErrand, AwayErrandDone, AwayQuestion, AwayRange, AwayRangeRead, AwayThreadStart } from "./away-blocks.ts";
import { SUM_BITS, sha256, weightOf } from "./block-digests.ts";
import { type Asks, openDatabase } from "./database.ts";

interface BlockRow {
  readonly kind: BlockKind;
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

const { databaseUrl, number, sequence, holds, port, bell, look } = workerData as AwayThreadStart;
const database = openDatabase(databaseUrl, { max: 2, statementTimeoutMs: look.statementMs, applicationName: "citywatch dispatch blocks" });

/** Of one moment, where that is asked for. */
let held: Promise<Asks> | null = null;
const asks = (): Promise<Asks> => (held ??= holds ? hold() : Promise.resolve(database));
async function hold(): Promise<Asks> {
  const connection = await database.reserve();
  await connection`begin isolation level repeatable read read only`;
  const [there] = await connection`select 1 from dispatch_checkpoint where number = ${number} and sequence = ${sequence}`;
  if (there === undefined) throw new Error(`checkpoint ${number} was let go before it was read`);
  return connection;
}

async function answer(question: AwayQuestion): Promise<string | number | null> {
  const sql = await asks();
  if (question.kind === "contact") {
    const [row] = await sql<{ contact_id: number }[]>`
      select (body->>'contactId')::bigint as contact_id from dispatch_event
      where body->>'type' = 'contact.received' and body->>'externalId' = ${question.externalId} and sequence <= ${sequence} order by sequence desc limit 1`;
    return row?.contact_id ?? null;
  }
  const { name } = question;
  const [row] = await sql<BlockRow[]>`
    select kind, number, bytes, digest from dispatch_checkpoint_block where kind = ${name.kind} and number = ${name.number} and since <= ${number} and (until is null or until > ${number})`;
  return row === undefined ? null : textOf(row);
}
function textOf({ kind, number: of, bytes, digest }: BlockRow): string {
  if (sha256(bytes) !== digest) throw new Error(`the stored block ${kind} ${of} is not what was written`);
  return zstdDecompressSync(bytes).toString();
}
async function readRange({ kind, numbers }: AwayRange): Promise<ReadonlyMap<number, string>> {
  const sql = await asks();
  const rows = await sql<BlockRow[]>`
    select kind, number, bytes, digest from dispatch_checkpoint_block where kind = ${kind} and number = any(${numbers as number[]}::bigint[]) and since <= ${number} and (until is null or until > ${number})`;
  return new Map(rows.map((row) => [row.number, textOf(row)]));
}

/** Of the newest checkpoint, which is of the same blocks but for those that have changed since: what only older ones had may have been let go. */
async function check(): Promise<string | null> {
  return database.begin("isolation level repeatable read read only", async (transaction) => {
    const [newest] = await transaction<{ number: number; block_sum: string }[]>`select number, block_sum from dispatch_checkpoint order by number desc limit 1`;
    if (newest === undefined) return null;
    let found = 0n;
    for (let last: { readonly kind: string; readonly number: number } = { kind: "", number: -1 }; ;) {
      const page: BlockRow[] = await transaction<BlockRow[]>`
        select kind, number, bytes, digest from dispatch_checkpoint_block
        where (kind, number) > (${last.kind}, ${last.number}) and since <= ${newest.number} and (until is null or until > ${newest.number}) order by kind, number limit ${look.pageBlocks}`;
      for (const row of page) {
        if (sha256(row.bytes) !== row.digest) return `block ${row.kind} ${row.number} is not what was written`;
        found += weightOf(row, row.digest);
      }
      if (page.length < look.pageBlocks) break;
      last = page.at(-1)!;
      await new Promise((resolve) => setTimeout(resolve, look.pauseMs));
    }
    return (found & SUM_BITS).toString(16) === newest.block_sum ? null : "blocks are missing, or are there that were not written";
  }) as Promise<string | null>;
}

port.on("message", (question: AwayQuestion) => {
  const tell = (said: AwayAnswer): void => {
    // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
    port.postMessage(said);
    Atomics.add(bell, 0, 1);
    Atomics.notify(bell, 0);
  };
  const { call } = question;
  answer(question).then((value) => tell({ call, value }), (error: Error) => tell({ call, error: error.message }));
});
parentPort!.on("message", (errand: AwayErrand | AwayRange) => {
  const tell = (done: AwayErrandDone | AwayRangeRead): void => {
    // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
    parentPort!.postMessage(done);
  };
  if (typeof errand === "object") return void readRange(errand).then((texts) => tell({ range: errand.call, texts }), (error: Error) => tell({ range: errand.call, error: error.message }));
  const work = errand === "check" ? check() : asks().then((sql) => sql`select 1`).then(() => null);
  work.then((fault) => tell({ errand, fault }), (error: Error) => tell({ errand, error: error.message }));
});
