// What the live link has told us, as a pure fold: message in, state out. The socket is in live-link.ts. Entities are kept whole by id;
// a change replaces them, and one that is older than what we hold (a late repeat after a reconnect) is dropped.
import type { z } from "zod";
import type { Assignment, Board, Closure, Contact, HandOver, Incident, TimelineEntry, Unit } from "../../../src/contract/dispatch.ts";
import type { LiveFromServer, PositionRow, ServerStatus } from "../../../src/contract/live.ts";

export type LiveMessage = z.infer<typeof LiveFromServer>;
export type BoardFigures = z.infer<typeof Board>;
export type Status = z.infer<typeof ServerStatus>;
export type LinkState = "idle" | "connecting" | "open" | "broken";

export interface UnitPosition {
  readonly unitId: number;
  readonly lon: number;
  readonly lat: number;
  readonly headingDeg: number | null;
  readonly speedMps: number;
  /** Server's wall time at which the device fixed it. */
  readonly fixedAt: number;
}

export interface LiveState {
  readonly link: LinkState;
  /** Local time of the last change of `link`. */
  readonly linkSince: number;
  readonly rttMs: number | null;
  /** Server's clock less ours, from the fastest recent pong. */
  readonly clockOffsetMs: number;
  /** Null until the first snapshot: screens show skeletons. */
  readonly sequence: number | null;
  /** How many snapshots came: after another one what was read apart from the link may lack what happened meanwhile. */
  readonly snapshots: number;
  readonly contacts: ReadonlyMap<number, Contact>;
  readonly incidents: ReadonlyMap<number, Incident>;
  readonly units: ReadonlyMap<number, Unit>;
  readonly assignments: ReadonlyMap<number, Assignment>;
  /** Those that stand. */
  readonly closures: ReadonlyMap<number, Closure>;
  /** Those that wait for somebody, and those that ended while this page looked on. */
  readonly handOvers: ReadonlyMap<number, HandOver>;
  /** New entries since the link opened, by incident; a screen that fetched the history appends these. */
  readonly timeline: ReadonlyMap<number, readonly TimelineEntry[]>;
  readonly positions: ReadonlyMap<number, UnitPosition>;
  readonly positionsAt: number | null;
  readonly board: BoardFigures | null;
  readonly status: Status | null;
  /** How many problems of cameras and recorders last, and when that was last told; null before, and for those who may not know of cameras. */
  readonly cameraProblems: { readonly open: number; readonly unacknowledged: number; readonly at: number } | null;
}

export const emptyLiveState: LiveState = {
  link: "idle", linkSince: 0, rttMs: null, clockOffsetMs: 0, sequence: null, snapshots: 0, contacts: new Map(), incidents: new Map(), units: new Map(),
  assignments: new Map(), closures: new Map(), handOvers: new Map(), timeline: new Map(), positions: new Map(), positionsAt: null, board: null, status: null, cameraProblems: null,
};

const byId = <T extends { readonly id: number }>(items: readonly T[]): Map<number, T> => new Map(items.map((item) => [item.id, item]));

function merge<T extends { readonly id: number; readonly sequence: number }>(held: ReadonlyMap<number, T>, came: readonly T[]): ReadonlyMap<number, T> {
  if (came.length === 0) return held;
  const next = new Map(held);
  for (const item of came) {
    const before = next.get(item.id);
    if (before === undefined || before.sequence <= item.sequence) next.set(item.id, item);
  }
  return next;
}

function mergeClosures(held: ReadonlyMap<number, Closure>, came: readonly Closure[]): ReadonlyMap<number, Closure> {
  const next = merge(held, came);
  return came.some((one) => one.liftedAt !== null) ? new Map([...next].filter(([, one]) => one.liftedAt === null)) : next;
}

function mergeTimeline(held: ReadonlyMap<number, readonly TimelineEntry[]>, came: readonly TimelineEntry[]): ReadonlyMap<number, readonly TimelineEntry[]> {
  if (came.length === 0) return held;
  const next = new Map(held);
  for (const entry of came) next.set(entry.incidentId, mergeEntries(next.get(entry.incidentId) ?? [], [entry]));
  return next;
}

/** Both lists in the order of their numbers, each number once. */
export function mergeEntries(a: readonly TimelineEntry[], b: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const all = new Map([...a, ...b].map((entry) => [entry.number, entry]));
  return [...all.values()].sort((x, y) => x.number - y.number);
}

const positionOf = (row: z.infer<typeof PositionRow>, at: number): UnitPosition => ({
  unitId: row[0], lon: row[1], lat: row[2], headingDeg: row[3] < 0 ? null : row[3], speedMps: row[4], fixedAt: at - row[5],
});

/** `localNow` is this machine's wall time when the message came. */
export function applyLive(state: LiveState, message: LiveMessage, localNow: number): LiveState {
  switch (message.type) {
    case "snapshot":
      return {
        ...state, sequence: message.sequence, snapshots: state.snapshots + 1, contacts: byId(message.contacts), incidents: byId(message.incidents), units: byId(message.units),
        assignments: byId(message.assignments), closures: byId(message.closures), handOvers: byId(message.handOvers), timeline: new Map(),
      };
    case "change":
      // What we already have is told again after a reconnect: the merge drops it entity by entity.
      return {
        ...state, sequence: Math.max(state.sequence ?? 0, message.sequence), contacts: merge(state.contacts, message.contacts),
        incidents: merge(state.incidents, message.incidents), units: merge(state.units, message.units),
        assignments: merge(state.assignments, message.assignments), closures: mergeClosures(state.closures, message.closures), handOvers: merge(state.handOvers, message.handOvers), timeline: mergeTimeline(state.timeline, message.timeline),
      };
    case "positions": {
      const positions = new Map(state.positions);
      for (const row of message.rows) positions.set(row[0], positionOf(row, message.at));
      return { ...state, positions, positionsAt: message.at };
    }
    case "board":
      return { ...state, board: message.board };
    case "status":
      return { ...state, status: message.status };
    case "camera-events":
      return { ...state, cameraProblems: { open: message.open, unacknowledged: message.unacknowledged, at: message.at } };
    case "pong": {
      const rttMs = Math.max(0, localNow - message.sentAt);
      const offset = message.at - (message.sentAt + rttMs / 2);
      // A slow answer says little about the clock, so the offset is taken only from one that is not much slower than the last.
      const trust = state.rttMs === null || rttMs <= state.rttMs * 1.5 + 20;
      return { ...state, rttMs, clockOffsetMs: trust ? offset : state.clockOffsetMs };
    }
    default:
      return state; // a newer server may say more than this console understands
  }
}
