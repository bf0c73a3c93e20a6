// The state in blocks of 64 numbers each, as it is written beside the log so that a start need not fold all of it (SPEC.md, [CMD8]). A start has at hand what is open and what is of late, and makes
// entities of a block when one of its rows is asked for; all older blocks, and which contact came under which id of a switch, stay where they are stored until somebody asks. So a start costs what is open and not what
// ever was. Reading is of one turn, since the fold and the rules are: who can tell beforehand what it will ask for (the writer, of the ids of switches) has it fetched, and says so by `know`; who goes through a range of old ones, by `load`, which reads them beside the work. Of what was asked for and has not changed since it was stored only so much stays. Which blocks changed since
// the last writing is told by the tables themselves, and only these are written anew. A writing takes many turns of the loop while commands go on: a block that is about to change before its turn is taken down first, so that all of it
// is of one moment. Rejected: the whole state as one text (a second of silence for each million events, and the same again at each start), a copy of the state to write from, ids of switches among the blocks (the log has
// them, and an index), a state whose every question waits for a database.
import type { WallMs } from "../base/time.ts";
import type { EntityKind, State, Touch } from "./state.ts";
import { touchKey } from "./state.ts";
import type { Table } from "./table.ts";

const ROWS = 64;
const KINDS = ["contact", "incident", "unit", "assignment", "closure", "hand-over", "roster"] as const satisfies readonly EntityKind[];
/** Those that grow with the years stay out until they are asked for. */
const WAITING = ["contact", "incident", "assignment"] as const satisfies readonly EntityKind[];
type WaitingKind = (typeof WAITING)[number];
/** Of each of these so many blocks are at hand from the start: more than a day of the busiest city, which the board of figures goes through. */
const LATE_BLOCKS = 512;
/** Ids of switches that are known to be nobody's, for those who ask a moment later. */
const MOST_UNKNOWN = 20_000;
/** Of each of these kinds so many blocks that have not changed stay in memory after somebody has asked for them: some hundred megabytes. */
const MOST_COLD = 1_024;

export type BlockKind = EntityKind;
export interface BlockName {
  readonly kind: BlockKind;
  readonly number: number;
}
/** As it was stored: `read` gives its text. */
export interface StoredBlock extends BlockName {
  readonly read: () => string;
}
/** What stays where it is stored until somebody asks. The questions that are no promises are answered within the turn, and throw where they cannot be read or are not what was written. */
export interface AwayRows {
  /** null: nothing was ever stored under it. */
  readBlock(name: BlockName): string | null;
  /** Those of them that were stored, by number: in one statement, beside the work. Rejects where they cannot be read or are not what was written. */
  readBlocks(kind: BlockKind, numbers: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** The contact that came last under the id, up to the event that the state is of. */
  findContactId(externalId: string): number | null;
}
export interface StoredState {
  readonly head: string;
  /** At the least those that `blocksAtHand` names. */
  readonly blocks: readonly StoredBlock[];
  readonly away: AwayRows;
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
  /** Whether it would have to be asked for which contact came under the id. */
  mustAsk(externalId: string): boolean;
  /** What the log says of an id, up to the event that the state was stored after; null: no contact came under it. */
  know(externalId: string, contactId: number | null): void;
  /** Has what is stored of these ids at hand, so that asking for them costs no turn of the loop: of an old range a few blocks at a time. */
  load(kind: EntityKind, ids: Iterable<number>): Promise<void>;
  /** Takes out of memory what was asked for longest ago, beyond so many blocks of a kind that have not changed. To be called now and then, between turns. */
  letGo(most?: number): void;
  /** Incidents that may have ended a moment ago: those that the freeze was told of, and those that may have changed since. */
  lately(): number[];
}

type Row = readonly [id: number, entity: unknown, touch: Touch | null, book: unknown];
interface Head {
  readonly sequence: number;
  readonly at: WallMs;
  readonly last: readonly [contact: number, incident: number, unit: number, assignment: number, closure: number, handOver: number, rosterVersion: number];
  readonly open: readonly (readonly number[])[];
  readonly endedIds: readonly number[];
}

const keyOf = ({ kind, number }: BlockName): string => `${kind} ${number}`;
const blockOf = (id: number): number => Math.floor(id / ROWS);
const openTables = (state: State): Table<number, true>[] => [state.openContacts, state.openIncidents, state.liveAssignments, state.standingClosures, state.openHandOvers];
const entityTables = (state: State) =>
  ({ contact: state.contacts, incident: state.incidents, unit: state.units, assignment: state.assignments, closure: state.closures, "hand-over": state.handOvers, roster: state.rosters }) as unknown as Record<EntityKind, Table<number, unknown>>;
/** What is kept of a thing besides itself: an incident's book, and which job of a unit ended last. */
const bookTables = (state: State): Partial<Record<EntityKind, Table<number, unknown>>> =>
  ({ incident: state.books as Table<number, unknown>, unit: state.lastEndedJobs as Table<number, unknown> });

const isWaiting = (kind: EntityKind): kind is WaitingKind => !isReadAtStart(kind);

/** When the last event was that is in it. */
export const timeOfHead = (head: string): WallMs => (JSON.parse(head) as Head).at;

/** What a start is to have at hand: of each kind the blocks from a number on, and some that are older. */
export function blocksAtHand(headText: string): { readonly from: readonly BlockName[]; readonly older: readonly BlockName[] } {
  const { last, open, endedIds } = JSON.parse(headText) as Head;
  const late = (id: number): number => blockOf(id) - LATE_BLOCKS + 1;
  const from: Readonly<Record<EntityKind, number>> = { contact: late(last[0]), incident: late(last[1]), unit: 0, assignment: late(last[3]), closure: 0, "hand-over": 0, roster: 0 };
  const named: readonly (readonly [WaitingKind, readonly number[]])[] = [["contact", open[0]!], ["incident", open[1]!], ["incident", endedIds], ["assignment", open[2]!]];
  const older = new Map(named.flatMap(([kind, ids]) => ids.map((id): BlockName => ({ kind, number: blockOf(id) }))).filter(({ kind, number }) => number < from[kind]).map((name) => [keyOf(name), name]));
  return { from: KINDS.map((kind) => ({ kind, number: from[kind] })), older: [...older.values()] };
}
/** Whether a start makes entities of such a block at once. */
export const isReadAtStart = (kind: BlockKind): boolean => !(WAITING as readonly EntityKind[]).includes(kind);

/** Watches over a state from here on: what was not restored from blocks counts as changed. `state` is no layer, and holds nothing yet. */
export function keepBlocks(state: State, stored: StoredState | null): StateBlocks {
  const entities = entityTables(state);
  const books = bookTables(state);
  /** Blocks at hand that nobody has asked for, and the numbers of those that somebody has. */
  const atHand = new Map(WAITING.map((kind) => [kind, new Map<number, StoredBlock>()]));
  const taken = new Map(WAITING.map((kind) => [kind, new Set<number>()]));
  /** Of those at hand: read for somebody who was about to ask. */
  const loaded = new Map(WAITING.map((kind) => [kind, new Set<number>()]));
  /** Stored are the blocks from the first number to the last. */
  const storedFrom: Readonly<Record<WaitingKind, number>> = { contact: blockOf(state.lastContactId), incident: blockOf(state.lastIncidentId), assignment: blockOf(state.lastAssignmentId) };
  const storedTo: Record<WaitingKind, number> = { contact: -1, incident: -1, assignment: -1 };
  const unknownIds = new Set<string>();
  let changed = new Map<string, BlockName>();
  /** Changed since the start: what is stored elsewhere of them is of before. */
  const everChanged = new Set<string>();
  /** Of the freeze under way: blocks whose turn has not come, and rows of those that changed before it. */
  let pending: Map<string, BlockName> | null = null;
  const takenDown = new Map<string, readonly unknown[]>();
  let endedBefore: readonly number[] = [];

  const restoreRows = (kind: EntityKind, rows: readonly Row[]): void => {
    for (const [id, entity, touch, book] of rows) {
      if (entity !== null) entities[kind].restore(id, entity);
      if (touch !== null) state.touches.restore(touchKey(kind, id), touch);
      if (book !== null) books[kind]!.restore(id, book);
    }
  };
  const fetch = (kind: EntityKind, id: number): boolean => {
    const number = blockOf(id);
    if (stored === null || !isWaiting(kind) || number < storedFrom[kind] || number > storedTo[kind] || taken.get(kind)!.has(number)) return false;
    const text = (atHand.get(kind)!.get(number)?.read ?? (() => stored.away.readBlock({ kind, number })))();
    atHand.get(kind)!.delete(number);
    loaded.get(kind)!.delete(number);
    taken.get(kind)!.add(number); // not before: what could not be read is asked for again
    if (text !== null) restoreRows(kind, JSON.parse(text) as Row[]);
    return text !== null;
  };
  const fetchAll = (kinds: readonly EntityKind[]): void => {
    for (const kind of kinds) if (isWaiting(kind)) for (let number = storedFrom[kind]; number <= storedTo[kind]; number++) fetch(kind, number * ROWS);
  };
  const know = (externalId: string, id: number | null): boolean => {
    if (id !== null && state.contacts.has(id)) { // of an event that was kept out there is no contact
      state.contactByExternalId.restore(externalId, id);
      return true;
    }
    unknownIds.add(externalId);
    if (unknownIds.size > MOST_UNKNOWN) unknownIds.delete(unknownIds.values().next().value!);
    return false;
  };
  /** The rows as they are now; entities are replaced, never changed, so these stay as they are. */
  const rowsOf = ({ kind, number }: BlockName): readonly unknown[] => {
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
    fetch(kind, number * ROWS);
    if (pending?.delete(key) === true) takenDown.set(key, rowsOf(name));
    if (!changed.has(key)) changed.set(key, name);
    everChanged.add(key);
  };
  const takeOut = (kind: WaitingKind, number: number): void => {
    taken.get(kind)!.delete(number);
    for (let id = number * ROWS; id < (number + 1) * ROWS; id++) {
      entities[kind].letGo(id);
      books[kind]?.letGo(id);
      state.touches.letGo(touchKey(kind, id));
    }
  };

  if (stored !== null) {
    const head = JSON.parse(stored.head) as Head;
    [state.sequence, state.at] = [head.sequence, head.at];
    endedBefore = head.endedIds;
    [state.lastContactId, state.lastIncidentId, state.lastUnitId, state.lastAssignmentId, state.lastClosureId, state.lastHandOverId, state.lastRosterVersion] = head.last;
    openTables(state).forEach((table, i) => head.open[i]!.forEach((id) => table.restore(id, true)));
    for (const kind of WAITING) storedTo[kind] = blockOf({ contact: state.lastContactId, incident: state.lastIncidentId, assignment: state.lastAssignmentId }[kind]);
    for (const block of stored.blocks.toSorted((a, b) => a.number - b.number)) {
      if (isWaiting(block.kind)) atHand.get(block.kind)!.set(block.number, block);
      else restoreRows(block.kind, JSON.parse(block.read()) as Row[]);
    }
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
  const mustAsk = (externalId: string): boolean => stored !== null && !unknownIds.has(externalId) && !state.contactByExternalId.isHere(externalId);
  state.contactByExternalId.keepBy({
    fetch: (externalId) => stored !== null && mustAsk(externalId) && know(externalId, stored.away.findContactId(externalId)),
    fetchAll: () => undefined, // nobody goes through the ids of years
    beforeWrite: (externalId) => void unknownIds.delete(externalId),
  });

  return {
    mustAsk,
    load: async (kind, ids) => {
      if (stored === null || !isWaiting(kind)) return;
      const isMissing = (number: number): boolean => number >= storedFrom[kind] && number <= storedTo[kind] && !taken.get(kind)!.has(number) && !atHand.get(kind)!.has(number);
      const numbers = [...new Set(Array.from(ids, blockOf))].filter(isMissing);
      if (numbers.length === 0) return;
      const texts = await stored.away.readBlocks(kind, numbers);
      for (const number of numbers) {
        const text = texts.get(number);
        if (text !== undefined && isMissing(number)) atHand.get(kind)!.set(number, { kind, number, read: () => text }); // one that was never stored is asked for as others are
        if (text !== undefined) loaded.get(kind)!.add(number);
      }
    },
    letGo: (most = MOST_COLD) => {
      for (const kind of WAITING) {
        const unasked = loaded.get(kind)!;
        for (const number of unasked) {
          if (unasked.size <= most) break;
          unasked.delete(number);
          atHand.get(kind)!.delete(number);
        }
        const cold = taken.get(kind)!;
        if (cold.size <= most) continue;
        const unchanged = [...cold].filter((number) => !everChanged.has(keyOf({ kind, number }))); // a set has them in the order in which they were asked for
        for (const number of unchanged.slice(0, Math.max(0, unchanged.length - most))) takeOut(kind, number);
      }
    },
    know: (externalId, contactId) => void (mustAsk(externalId) && know(externalId, contactId)),
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
        last: [state.lastContactId, state.lastIncidentId, state.lastUnitId, state.lastAssignmentId, state.lastClosureId, state.lastHandOverId, state.lastRosterVersion],
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
