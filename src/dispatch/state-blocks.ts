// The state in blocks of 64 numbers each, as it is written beside the log so that a start need not fold all of it (SPEC.md, [CMD8]). A block is read back when one of its rows is asked for:
// what ended months ago stays bytes. A start makes entities of what is open only; the bytes of all the rest it reads and hashes, some 200 for each call that ever was, and the ids of all calls it takes in: a start still grows with the
// years, by far less than a fold does. Which blocks changed since the last writing is told by the tables themselves, and only these
// are written anew. A writing takes many turns of the loop while commands go on: a block that is about to change before its turn is taken down first, so that all of it
// is of one moment. Rejected: the whole state as one text (a second of silence for each million events, and the same again at each start), a copy of the state to write from.
import type { WallMs } from "../base/time.ts";
import type { EntityKind, State, Touch } from "./state.ts";
import { touchKey } from "./state.ts";
import type { Table } from "./table.ts";

const ROWS = 64;
/** So many callers' ids are one block; they are never changed, only added. */
const IDS = 1_024;
const KINDS = ["contact", "incident", "unit", "assignment", "closure", "hand-over"] as const satisfies readonly EntityKind[];
/** Those that grow with the years stay out until they are asked for. */
const WAITING: readonly BlockKind[] = ["contact", "incident", "assignment"];

export type BlockKind = EntityKind | "external-id";
export interface BlockName {
  readonly kind: BlockKind;
  readonly number: number;
}
/** As it was stored: `read` gives its text. */
export interface StoredBlock extends BlockName {
  readonly read: () => string;
}
/** What is to be stored: the state after event `sequence`. */
export interface FrozenState {
  readonly sequence: number;
  /** Everything that stands in no block. */
  readonly head: string;
  /** Blocks that are not as they were stored last, each to be asked for once. */
  readonly changed: readonly BlockName[];
  readonly textOf: (name: BlockName) => string;
  /** It was stored, or it was not: then its blocks are among the next ones. */
  readonly end: (stored: boolean) => void;
}
export interface StateBlocks {
  /** One at a time: not before the one before has ended. `endedIds`: incidents that ended a moment ago. */
  freeze(endedIds?: readonly number[]): FrozenState;
  /** Incidents that may have ended a moment ago: those that the freeze was told of, and those that may have changed since. */
  lately(): number[];
}

type Row = readonly [id: number, entity: unknown, touch: Touch | null, book: unknown];
interface Head {
  readonly sequence: number;
  readonly at: WallMs;
  readonly last: readonly [contact: number, incident: number, unit: number, assignment: number, closure: number, handOver: number];
  readonly open: readonly (readonly number[])[];
  readonly endedIds: readonly number[];
}

const keyOf = ({ kind, number }: BlockName): string => `${kind} ${number}`;
const blockOf = (id: number): number => Math.floor(id / ROWS);
const openTables = (state: State): Table<number, true>[] => [state.openContacts, state.openIncidents, state.liveAssignments, state.standingClosures, state.openHandOvers];
const entityTables = (state: State) =>
  ({ contact: state.contacts, incident: state.incidents, unit: state.units, assignment: state.assignments, closure: state.closures, "hand-over": state.handOvers }) as unknown as Record<EntityKind, Table<number, unknown>>;
/** What is kept of a thing besides itself: an incident's book, and which job of a unit ended last. */
const bookTables = (state: State): Partial<Record<EntityKind, Table<number, unknown>>> =>
  ({ incident: state.books as Table<number, unknown>, unit: state.lastEndedJobs as Table<number, unknown> });

/** When the last event was that is in it. */
export const timeOfHead = (head: string): WallMs => (JSON.parse(head) as Head).at;

/** Watches over a state from here on: what was not restored from blocks counts as changed. `state` is no layer, and holds nothing yet. */
export function keepBlocks(state: State, stored: { readonly head: string; readonly blocks: readonly StoredBlock[] } | null): StateBlocks {
  const entities = entityTables(state);
  const books = bookTables(state);
  /** By kind and number: who asks for all units does not go through the calls of years. */
  const waiting = new Map<BlockKind, Map<number, StoredBlock>>(WAITING.map((kind) => [kind, new Map()]));
  let changed = new Map<string, BlockName>();
  /** Of the freeze under way: blocks whose turn has not come, and rows of those that changed before it. */
  let pending: Map<string, BlockName> | null = null;
  const takenDown = new Map<string, readonly unknown[]>();
  const externalIds: (readonly [string, number])[] = [];
  let endedBefore: readonly number[] = [];

  const restoreRows = (kind: EntityKind, rows: readonly Row[]): void => {
    for (const [id, entity, touch, book] of rows) {
      if (entity !== null) entities[kind].restore(id, entity);
      if (touch !== null) state.touches.restore(touchKey(kind, id), touch);
      if (book !== null) books[kind]!.restore(id, book);
    }
  };
  const fetch = (kind: EntityKind, id: number): boolean => {
    const blocks = waiting.get(kind);
    const block = blocks?.get(blockOf(id));
    if (blocks === undefined || block === undefined) return false;
    blocks.delete(block.number);
    restoreRows(kind, JSON.parse(block.read()) as Row[]);
    return true;
  };
  const fetchAll = (kinds: readonly EntityKind[]): void => {
    for (const kind of kinds) for (const number of [...(waiting.get(kind)?.keys() ?? [])]) fetch(kind, number * ROWS);
  };
  /** The rows as they are now; entities are replaced, never changed, so these stay as they are. */
  const rowsOf = ({ kind, number }: BlockName): readonly unknown[] => {
    if (kind === "external-id") return externalIds.slice(number * IDS, (number + 1) * IDS);
    const rows: Row[] = [];
    for (let id = number * ROWS; id < (number + 1) * ROWS; id++) {
      const row: Row = [id, entities[kind].find(id) ?? null, state.touches.find(touchKey(kind, id)) ?? null, books[kind]?.find(id) ?? null];
      if (row[1] !== null || row[2] !== null || row[3] !== null) rows.push(row);
    }
    return rows;
  };
  const beforeWrite = (kind: BlockKind, number: number): void => {
    const name = { kind, number };
    const key = keyOf(name);
    if (kind !== "external-id") fetch(kind, number * ROWS);
    if (pending?.delete(key) === true) takenDown.set(key, rowsOf(name));
    if (!changed.has(key)) changed.set(key, name);
  };

  if (stored !== null) {
    const head = JSON.parse(stored.head) as Head;
    [state.sequence, state.at] = [head.sequence, head.at];
    endedBefore = head.endedIds;
    [state.lastContactId, state.lastIncidentId, state.lastUnitId, state.lastAssignmentId, state.lastClosureId, state.lastHandOverId] = head.last;
    openTables(state).forEach((table, i) => head.open[i]!.forEach((id) => table.restore(id, true)));
    for (const block of stored.blocks.toSorted((a, b) => a.number - b.number)) {
      if (block.kind === "external-id") externalIds.push(...(JSON.parse(block.read()) as [string, number][]));
      else if (waiting.has(block.kind)) waiting.get(block.kind)!.set(block.number, block);
      else restoreRows(block.kind, JSON.parse(block.read()) as Row[]);
    }
    for (const [externalId, id] of externalIds) state.contactByExternalId.restore(externalId, id);
    for (const unit of state.units.values()) state.unitByCallSign.restore(unit.callSign, unit.id);
  }

  for (const kind of KINDS) {
    const keeper = { fetch: (id: number) => fetch(kind, id), fetchAll: () => fetchAll([kind]), beforeWrite: (id: number) => beforeWrite(kind, blockOf(id)) };
    entities[kind].keepBy(keeper);
    books[kind]?.keepBy(keeper);
  }
  const ofTouch = (key: string): readonly [EntityKind, number] => {
    const space = key.indexOf(" ");
    return [key.slice(0, space) as EntityKind, Number(key.slice(space + 1))];
  };
  state.touches.keepBy({
    fetch: (key) => fetch(...ofTouch(key)), fetchAll: () => fetchAll(KINDS),
    beforeWrite: (key) => {
      const [kind, id] = ofTouch(key);
      beforeWrite(kind, blockOf(id));
    },
  });
  // Ids are written down in the order in which they came: a later one for the same key counts when they are read back.
  state.contactByExternalId.keepBy({
    fetch: () => false, fetchAll: () => undefined,
    beforeWrite: (externalId, id) => {
      if (id === undefined) return; // none is ever taken back
      beforeWrite("external-id", Math.floor(externalIds.length / IDS));
      externalIds.push([externalId, id]);
    },
  });

  return {
    lately: () => {
      const inBlocks = [...changed.values()].filter(({ kind }) => kind === "incident").flatMap(({ number }) => Array.from({ length: ROWS }, (_, i) => number * ROWS + i));
      return [...new Set([...endedBefore, ...inBlocks])];
    },
    freeze: (endedIds = []) => {
      if (pending !== null) throw new Error("the state is being written already");
      const names = [...changed.values()];
      const before = changed;
      changed = new Map();
      pending = new Map(before);
      const head: Head = {
        sequence: state.sequence, at: state.at,
        last: [state.lastContactId, state.lastIncidentId, state.lastUnitId, state.lastAssignmentId, state.lastClosureId, state.lastHandOverId],
        open: openTables(state).map((table) => [...table.keys()]), endedIds,
      };
      return {
        sequence: state.sequence, head: JSON.stringify(head), changed: names,
        textOf: (name) => {
          const key = keyOf(name);
          const rows = takenDown.get(key) ?? rowsOf(name);
          takenDown.delete(key);
          pending?.delete(key);
          return JSON.stringify(rows);
        },
        end: (stored) => {
          pending = null;
          takenDown.clear();
          if (!stored) for (const [key, name] of before) changed.set(key, name);
        },
      };
    },
  };
}
