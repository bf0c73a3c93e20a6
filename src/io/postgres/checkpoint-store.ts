// Checkpoints of dispatch in PostgreSQL. Blocks are kept by the checkpoints that they belong to, from one number to before another, so that writing a checkpoint costs what changed and
// older ones can still be read: a decision of last week is worked out again on them. One transaction writes all of it. What all blocks are is told by the sum of their digests, of which a writing takes out and puts in
// those that changed: no writing goes through all that ever was. Rejected: a file beside the database, which after
// a restore of a backup speaks of another log.
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { zstdCompress, zstdDecompressSync } from "node:zlib";
import type { BlockKind, BlockName } from "../../dispatch/state-blocks.ts";
import type { Checkpoint, CheckpointMark, CheckpointStorePort } from "../../workflow/checkpoint.ts";
import { openDatabase, type Database, type Transaction } from "./database.ts";
import { openRenewedDatabase } from "./renewed-database.ts";

const compress = promisify(zstdCompress);
const PAGE = 500;
/** Of older checkpoints one is kept for each so many events, for decisions to be worked out again. */
const SPACING_EVENTS = 100_000;
const KEPT_DAYS = 90;
/** Whatever happens to the newest, the one before it is there. */
const NEWEST_KEPT = 2;

interface CheckpointRow {
  readonly number: number;
  readonly sequence: number;
  readonly version: string;
  readonly head: string;
  readonly digest: string;
}
interface BlockRow {
  readonly kind: BlockKind;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** `version`: of the code that folds. `epoch`: of the writer of the log, after whom nothing is written; null: nobody else is about. The database must be migrated. */
export function openCheckpointStore(databaseUrl: string, version: string, epoch: number | null = null): CheckpointStorePort {
  const database = openRenewedDatabase(() => openDatabase(databaseUrl, { max: 1, applicationName: "citywatch dispatch checkpoints" }));
  return {
    find: async (upTo, tell) => {
      const rows = await database<CheckpointRow[]>`select number, sequence, version, head, digest from dispatch_checkpoint where sequence <= ${upTo} order by number desc`;
      if (rows[0] !== undefined && rows[0].version !== version) tell(`checkpoint ${rows[0].number}, of event ${rows[0].sequence}, was written by another version of the program`);
      for (const row of rows) {
        if (row.version !== version) continue;
        const found = await read(database, row);
        if (found !== null) return found;
        tell(`checkpoint ${row.number}, of event ${row.sequence}, is not what was written`);
      }
      return null;
    },
    save: async (frozen, before) => {
      const { number, sum, changed } = await database.begin((transaction) => write(transaction, { version, epoch }, frozen, before));
      const digests = (before?.digests ?? new Map()) as Map<string, string>; // its own: a copy for each writing would cost what ever was
      for (const [key, digest] of changed) digests.set(key, digest);
      return { number, digests, sum };
    },
    close: () => database.end({ timeout: 5 }),
  };
}

async function read(database: Database, { number, sequence, version, head, digest }: CheckpointRow): Promise<Checkpoint | null> {
  const blocks: Checkpoint["blocks"][number][] = [];
  const digests = new Map<string, string>();
  let sum = 0n;
  const pages = database<BlockRow[]>`select kind, number, bytes from dispatch_checkpoint_block where since <= ${number} and (until is null or until > ${number})`.cursor(PAGE);
  for await (const page of pages) {
    for (const { kind, number: of, bytes } of page) {
      const [key, blockDigest] = [keyOf({ kind, number: of }), sha256(bytes)];
      digests.set(key, blockDigest);
      sum += weightOf(key, blockDigest);
      blocks.push({ kind, number: of, read: () => zstdDecompressSync(bytes).toString() });
    }
  }
  sum &= WHOLE;
  return digestOf(version, sequence, head, sum) === digest ? { sequence, head, blocks, mark: { number, digests, sum } } : null;
}

interface Written {
  readonly number: number;
  readonly sum: bigint;
  readonly changed: ReadonlyMap<string, string>;
}
async function write(transaction: Transaction, { version, epoch }: { readonly version: string; readonly epoch: number | null }, { sequence, head, changed, textOf }: Parameters<CheckpointStorePort["save"]>[0], before: CheckpointMark | null): Promise<Written> {
  await checkEpoch(transaction, epoch);
  const parent = before?.number ?? 0;
  // What was written after the one that this state was made from is of other code, or not whole: it goes, and what it had replaced stands again.
  await transaction`delete from dispatch_checkpoint where number > ${parent}`;
  await transaction`delete from dispatch_checkpoint_block where since > ${parent}`;
  await transaction`update dispatch_checkpoint_block set until = null where until > ${parent}`;
  const number = parent + 1;
  const digests = new Map<string, string>();
  let sum = before?.sum ?? 0n;
  for (let i = 0; i < changed.length; i += PAGE) {
    const rows: { kind: BlockKind; number: number; since: number; bytes: Uint8Array }[] = [];
    for (const name of changed.slice(i, i + PAGE)) {
      const bytes = await compress(textOf(name)); // one block at a turn: commands go on between them
      const [key, digest] = [keyOf(name), sha256(bytes)];
      const was = before?.digests.get(key);
      sum += weightOf(key, digest) - (was === undefined ? 0n : weightOf(key, was));
      digests.set(key, digest);
      rows.push({ kind: name.kind, number: name.number, since: number, bytes });
    }
    await transaction`update dispatch_checkpoint_block set until = ${number} where until is null and (kind, number) in (select * from unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.number)}::bigint[]))`;
    await transaction`insert into dispatch_checkpoint_block ${transaction(rows, "kind", "number", "since", "bytes")}`;
  }
  sum &= WHOLE;
  await checkEpoch(transaction, epoch);
  await transaction`insert into dispatch_checkpoint (number, sequence, version, head, digest) values (${number}, ${sequence}, ${version}, ${head}, ${digestOf(version, sequence, head, sum)})`;
  await forget(transaction, number);
  return { number, sum, changed: digests };
}

/** Without a lock, which every append would wait for: looked at before the first line and before the last. */
async function checkEpoch(transaction: Transaction, epoch: number | null): Promise<void> {
  if (epoch === null) return;
  const [writer] = await transaction<{ epoch: number }[]>`select epoch from dispatch_writer`;
  if (writer?.epoch !== epoch) throw new Error("another centre has taken over the dispatch log");
}

/** Of the older ones the first of each so many events stays, for a while; and what blocks only the others had goes with them. */
async function forget(transaction: Transaction, newest: number): Promise<void> {
  await transaction`delete from dispatch_checkpoint c where c.number <= ${newest - NEWEST_KEPT} and (c.written_at < now() - make_interval(days => ${KEPT_DAYS}) or exists (
    select 1 from dispatch_checkpoint o where o.number < c.number and o.sequence / ${SPACING_EVENTS} = c.sequence / ${SPACING_EVENTS}))`;
  await transaction`delete from dispatch_checkpoint_block b where b.until is not null and not exists (select 1 from dispatch_checkpoint c where c.number >= b.since and c.number < b.until)`;
}

const keyOf = ({ kind, number }: BlockName): string => `${kind} ${number}`;
const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** Sums are kept to as many bits as a digest has. */
const WHOLE = 2n ** 256n - 1n;
const weightOf = (key: string, digest: string): bigint => BigInt(`0x${sha256(`${key} ${digest}`)}`);
const digestOf = (version: string, sequence: number, head: string, sum: bigint): string => sha256(`${version} ${sequence} ${head.length}\n${head}\n${sum.toString(16)}`);
