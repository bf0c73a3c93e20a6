// Checkpoints of dispatch in PostgreSQL. Blocks are kept by the checkpoints that they belong to, from one number to before another, so that writing a checkpoint costs what changed and
// older ones can still be read: a decision of last week is worked out again on them. One transaction writes all of it. Rejected: a file beside the database, which after
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

/** `version`: of the code that folds. The database must be migrated. */
export function openCheckpointStore(databaseUrl: string, version: string): CheckpointStorePort {
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
    save: (frozen, before) => database.begin((transaction) => write(transaction, version, frozen, before)),
    close: () => database.end({ timeout: 5 }),
  };
}

async function read(database: Database, { number, sequence, version, head, digest }: CheckpointRow): Promise<Checkpoint | null> {
  const blocks: Checkpoint["blocks"][number][] = [];
  const digests = new Map<string, string>();
  const pages = database<BlockRow[]>`select kind, number, bytes from dispatch_checkpoint_block where since <= ${number} and (until is null or until > ${number})`.cursor(PAGE);
  for await (const page of pages) {
    for (const { kind, number: of, bytes } of page) {
      digests.set(keyOf({ kind, number: of }), sha256(bytes));
      blocks.push({ kind, number: of, read: () => zstdDecompressSync(bytes).toString() });
    }
  }
  return digestOf(version, sequence, head, digests) === digest ? { sequence, head, blocks, mark: { number, digests } } : null;
}

async function write(transaction: Transaction, version: string, { sequence, head, changed, textOf }: Parameters<CheckpointStorePort["save"]>[0], before: CheckpointMark | null): Promise<CheckpointMark> {
  const parent = before?.number ?? 0;
  // What was written after the one that this state was made from is of other code, or not whole: it goes, and what it had replaced stands again.
  await transaction`delete from dispatch_checkpoint where number > ${parent}`;
  await transaction`delete from dispatch_checkpoint_block where since > ${parent}`;
  await transaction`update dispatch_checkpoint_block set until = null where until > ${parent}`;
  const number = parent + 1;
  const digests = new Map(before?.digests);
  for (let i = 0; i < changed.length; i += PAGE) {
    const rows: { kind: BlockKind; number: number; since: number; bytes: Uint8Array }[] = [];
    for (const name of changed.slice(i, i + PAGE)) {
      const bytes = await compress(textOf(name)); // one block at a turn: commands go on between them
      digests.set(keyOf(name), sha256(bytes));
      rows.push({ kind: name.kind, number: name.number, since: number, bytes });
    }
    await transaction`update dispatch_checkpoint_block set until = ${number} where until is null and (kind, number) in (select * from unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.number)}::bigint[]))`;
    await transaction`insert into dispatch_checkpoint_block ${transaction(rows, "kind", "number", "since", "bytes")}`;
  }
  await transaction`insert into dispatch_checkpoint (number, sequence, version, head, digest) values (${number}, ${sequence}, ${version}, ${head}, ${digestOf(version, sequence, head, digests)})`;
  await forget(transaction, number);
  return { number, digests };
}

/** Of the older ones the first of each so many events stays, for a while; and what blocks only the others had goes with them. */
async function forget(transaction: Transaction, newest: number): Promise<void> {
  await transaction`delete from dispatch_checkpoint c where c.number <= ${newest - NEWEST_KEPT} and (c.written_at < now() - make_interval(days => ${KEPT_DAYS}) or exists (
    select 1 from dispatch_checkpoint o where o.number < c.number and o.sequence / ${SPACING_EVENTS} = c.sequence / ${SPACING_EVENTS}))`;
  await transaction`delete from dispatch_checkpoint_block b where b.until is not null and not exists (select 1 from dispatch_checkpoint c where c.number >= b.since and c.number < b.until)`;
}

const keyOf = ({ kind, number }: BlockName): string => `${kind} ${number}`;
const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

function digestOf(version: string, sequence: number, head: string, digests: ReadonlyMap<string, string>): string {
  const sum = createHash("sha256").update(`${version} ${sequence} ${head.length}\n${head}`);
  for (const key of [...digests.keys()].sort()) sum.update(`${key} ${digests.get(key)}\n`);
  return sum.digest("hex");
}
