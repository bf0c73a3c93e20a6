// Checkpoints of dispatch in PostgreSQL. Blocks are kept by the checkpoints that they belong to, from one number to before another, so that writing a checkpoint costs what changed and
// older ones can still be read: a decision of last week is worked out again on them. One transaction writes all of it. A start reads the blocks of what is open and of late, each with its own digest; the others are
// read one by one when they are asked for (away-blocks.ts). What all blocks are is told by the sum of their digests, of which a writing takes out and puts in
// those that changed: no writing goes through all that ever was. Rejected: a file beside the database, which after
// a restore of a backup speaks of another log.
import { promisify } from "node:util";
import { zstdCompress, zstdDecompressSync } from "node:zlib";
import { type BlockKind, blocksAtHand } from "../../dispatch/state-blocks.ts";
import type { AwayBlocks, Checkpoint, CheckpointMark, CheckpointStorePort } from "../../workflow/checkpoint.ts";
import { createAwayBlocks } from "./away-blocks.ts";
import { SUM_BITS, sha256, weightOf } from "./block-digests.ts";
import { openDatabase, type Transaction } from "./database.ts";
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
  readonly block_sum: string;
  readonly digest: string;
}
interface BlockRow {
  readonly kind: BlockKind;
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

export interface CheckpointStoreOptions {
  /** Of the writer of the log, after whom nothing is written; absent: nobody else is about. */
  readonly epoch?: number;
  /** What is found stays readable for whoever found it, however many are written meanwhile: for a reader that stands beside the writer. */
  readonly holds?: boolean;
}

/** `version`: of the code that folds. The database must be migrated. */
export function openCheckpointStore(databaseUrl: string, version: string, { epoch, holds = false }: CheckpointStoreOptions = {}): CheckpointStorePort {
  const database = openRenewedDatabase(() => openDatabase(databaseUrl, { max: 1, applicationName: "citywatch dispatch checkpoints" }));
  const opened = new Set<AwayBlocks>();
  return {
    // Of one moment: whoever writes meanwhile lets go of older ones.
    find: async (upTo, tell) => database.begin("isolation level repeatable read read only", async (transaction): Promise<Checkpoint | null> => {
      const rows = await transaction<CheckpointRow[]>`select number, sequence, version, head, block_sum, digest from dispatch_checkpoint where sequence <= ${upTo} order by number desc`;
      if (rows[0] !== undefined && rows[0].version !== version) tell(`checkpoint ${rows[0].number}, of event ${rows[0].sequence}, was written by another version of the program`);
      for (const row of rows) {
        if (row.version !== version) continue;
        const blocks = await read(transaction, row);
        if (blocks === null) {
          tell(`checkpoint ${row.number}, of event ${row.sequence}, is not what was written`);
          continue;
        }
        const { number, sequence, head, block_sum: sum } = row;
        const away = createAwayBlocks({ databaseUrl, number, sequence, holds });
        opened.add(away);
        return { sequence, head, blocks, away, mark: { number, sum: BigInt(`0x${sum}`) } };
      }
      return null;
    }) as Promise<Checkpoint | null>,
    save: (frozen, before) => database.begin((transaction) => write(transaction, { version, epoch }, frozen, before)) as Promise<CheckpointMark>,
    discard: async () => {
      await database`delete from dispatch_checkpoint`; // the blocks go with the first that is written again: away ones are still asked for
    },
    close: async () => {
      await Promise.all([...opened].map((away) => away.close()));
      await database.end({ timeout: 5 });
    },
  };
}

/** What a start has at hand; null: it, or the checkpoint itself, is not what was written. */
async function read(database: Transaction, { number, sequence, version, head, block_sum: sum, digest }: CheckpointRow): Promise<Checkpoint["blocks"] | null> {
  if (digestOf(version, sequence, head, sum) !== digest) return null;
  const { from, older } = blocksAtHand(head);
  const rows = await database<BlockRow[]>`
    select block.kind, block.number, block.bytes, block.digest from unnest(${from.map((one) => one.kind)}::text[], ${from.map((one) => one.number)}::bigint[]) as late (kind, number)
      join dispatch_checkpoint_block block on block.kind = late.kind and block.number >= late.number where since <= ${number} and (until is null or until > ${number})`;
  if (older.length > 0) {
    rows.push(...(await database<BlockRow[]>`
      select block.kind, block.number, block.bytes, block.digest from unnest(${older.map((one) => one.kind)}::text[], ${older.map((one) => one.number)}::bigint[]) as wanted (kind, number)
        join dispatch_checkpoint_block block on block.kind = wanted.kind and block.number = wanted.number where since <= ${number} and (until is null or until > ${number})`));
  }
  if (rows.some((row) => sha256(row.bytes) !== row.digest)) return null;
  return rows.map(({ kind, number: of, bytes }) => ({ kind, number: of, read: () => zstdDecompressSync(bytes).toString() }));
}

async function write(transaction: Transaction, { version, epoch }: { readonly version: string; readonly epoch: number | undefined }, { sequence, head, changed, textOf }: Parameters<CheckpointStorePort["save"]>[0], before: CheckpointMark | null): Promise<CheckpointMark> {
  await checkEpoch(transaction, epoch);
  const parent = before?.number ?? 0;
  // What was written after the one that this state was made from is of other code, or not whole: it goes, and what it had replaced stands again.
  await transaction`delete from dispatch_checkpoint where number > ${parent}`;
  await transaction`delete from dispatch_checkpoint_block where since > ${parent}`;
  await transaction`update dispatch_checkpoint_block set until = null where until > ${parent}`;
  const number = parent + 1;
  let sum = before?.sum ?? 0n;
  for (let i = 0; i < changed.length; i += PAGE) {
    const rows: (BlockRow & { readonly since: number })[] = [];
    for (const name of changed.slice(i, i + PAGE)) {
      const bytes = await compress(textOf(name)); // one block at a turn: commands go on between them
      const digest = sha256(bytes);
      sum += weightOf(name, digest);
      rows.push({ kind: name.kind, number: name.number, since: number, bytes, digest });
    }
    const replaced = await transaction<Pick<BlockRow, "kind" | "number" | "digest">[]>`
      update dispatch_checkpoint_block set until = ${number} where until is null and (kind, number) in (select * from unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.number)}::bigint[])) returning kind, number, digest`;
    for (const row of replaced) sum -= weightOf(row, row.digest);
    await transaction`insert into dispatch_checkpoint_block ${transaction(rows, "kind", "number", "since", "bytes", "digest")}`;
  }
  sum &= SUM_BITS;
  const written = sum.toString(16);
  await checkEpoch(transaction, epoch);
  await transaction`insert into dispatch_checkpoint (number, sequence, version, head, block_sum, digest) values (${number}, ${sequence}, ${version}, ${head}, ${written}, ${digestOf(version, sequence, head, written)})`;
  await forget(transaction, number);
  return { number, sum };
}

/** Without a lock, which every append would wait for: looked at before the first line and before the last. */
async function checkEpoch(transaction: Transaction, epoch: number | undefined): Promise<void> {
  if (epoch === undefined) return;
  const [writer] = await transaction<{ epoch: number }[]>`select epoch from dispatch_writer`;
  if (writer?.epoch !== epoch) throw new Error("another centre has taken over the dispatch log");
}

/** Of the older ones the first of each so many events stays, for a while; and what blocks only the others had goes with them. */
async function forget(transaction: Transaction, newest: number): Promise<void> {
  await transaction`delete from dispatch_checkpoint c where c.number <= ${newest - NEWEST_KEPT} and (c.written_at < now() - make_interval(days => ${KEPT_DAYS}) or exists (
    select 1 from dispatch_checkpoint o where o.number < c.number and o.sequence / ${SPACING_EVENTS} = c.sequence / ${SPACING_EVENTS}))`;
  await transaction`delete from dispatch_checkpoint_block b where b.until is not null and not exists (select 1 from dispatch_checkpoint c where c.number >= b.since and c.number < b.until)`;
}

const digestOf = (version: string, sequence: number, head: string, sum: string): string => sha256(`${version} ${sequence} ${head.length}\n${head}\n${sum}`);
