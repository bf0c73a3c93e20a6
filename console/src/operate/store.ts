// What this dispatcher is doing: the selection, the call in hand with what was typed so far, what the map should look at. The call in hand and what
// was typed survive a reload of the page in the tab's own storage; draft-keeper.ts keeps what was typed for a call on the server as well.
import { create } from "zustand";
import type { ChangedDraft, KeptDraft } from "../../../src/contract/dispatch.ts";
import { findAccountId, useSession } from "../shell/session.ts";
import { EMPTY_DRAFT, EMPTY_HELD, pickFields, stillUnsaved, takeKept, type Draft, type DraftField, type HeldDraft, type PlaceView } from "./draft.ts";

export type RightTab = "calls" | "map" | "incident";

interface OperateState {
  readonly incidentId: number | null;
  /** The incident on which the selection rests: cameras, proposal and history are asked for this one. Whoever goes down the list by arrows only passes the others, and a look that nobody took is not recorded. */
  readonly restingId: number | null;
  /** The call in hand; -1 for an incident without a call. */
  readonly intakeId: number | null;
  readonly unitId: number | null;
  /** The job of the chosen unit for whose recall words are asked in its card. */
  readonly recallingId: number | null;
  readonly cameraId: number | null;
  readonly held: Readonly<Record<number, HeldDraft>>;
  /** The call that was ended last: what was typed for it stays in this page until another is ended, since it may have been a slip. */
  readonly endedId: number | null;
  /** What is typed as a note, by incident, until it is written down: another incident or a call that is taken meanwhile loses no word. */
  readonly notes: Readonly<Record<number, string>>;
  /** Units ticked to be sent to the selected incident; null: those that are suggested. */
  readonly ticked: readonly number[] | null;
  /** Units that the send panel shows as ticked now, by hand or by the plan: the map draws their ways. */
  readonly proposed: readonly number[];
  /** Road paths to draw, by unit. */
  readonly paths: ReadonlyMap<number, readonly { readonly lon: number; readonly lat: number }[]>;
  /** Road times to an incident from the last proposal, seconds by unit, and when they were worked out. */
  readonly roads: { readonly incidentId: number; readonly at: number; readonly seconds: ReadonlyMap<number, number> } | null;
  readonly look: { readonly lon: number; readonly lat: number; readonly zoom: number; readonly turn: number; readonly exactly: boolean } | null;
  /** The incident whose send button should get the focus once it can be pressed. */
  readonly sendFocus: number | null;
  /** A place found by the command line. */
  readonly found: PlaceView | null;
  /** The strip shows the past, with its time bar. */
  readonly past: boolean;
  readonly closing: boolean;
  readonly boardShown: boolean;
  /** Over the map: the calls that were ended without an incident, or the incidents that have ended. */
  readonly endedShown: "calls" | "incidents" | null;
  readonly tab: RightTab;
  /** The unit whose reach by road is on the map. */
  readonly reachUnitId: number | null;
  /** The major incident whose room this is: the lists and the map show its parts and their units only; null: the whole city. */
  readonly roomId: number | null;
}
type Stored = Pick<OperateState, "intakeId" | "held" | "notes">;
const keyOf = (accountId: number | null): string => `citywatch.operate.drafts.${accountId ?? "nobody"}`;
/** By account: at a tab that another person takes over, nobody sees or sends what the one before had typed. */
function readStored(accountId: number | null): Stored {
  const nothing: Stored = { intakeId: null, held: {}, notes: {} };
  try {
    const { intakeId = null, held = {}, notes = {} } = JSON.parse(sessionStorage.getItem(keyOf(accountId)) ?? "{}") as Partial<Stored>;
    // a field that is newer than what was stored is empty
    return { intakeId, notes, held: Object.fromEntries(Object.entries(held).map(([id, one]) => [id, { ...one, draft: { ...EMPTY_DRAFT, ...one.draft } }])) };
  } catch {
    return nothing;
  }
}
export const WITHOUT_CALL = -1;

let accountId = findAccountId();
function startOf(account: number | null): OperateState {
  const stored = readStored(account);
  return {
    incidentId: null, restingId: null, unitId: null, recallingId: null, cameraId: null, endedId: null, ...stored, ticked: null, proposed: [], paths: new Map(), roads: null, look: null, sendFocus: null, found: null, past: false, closing: false, boardShown: false, endedShown: null, roomId: null, reachUnitId: null, tab: stored.intakeId === null ? "calls" : "incident",
  };
}
export const useOperate = create<OperateState>(() => startOf(accountId));
const set = useOperate.setState;
let turn = 0;

/** Comes as near as `zoom`, and stays where it is nearer already, unless `exactly`. */
export function lookAt(point: { readonly lon: number; readonly lat: number }, zoom = 16, exactly = false): void {
  set({ look: { lon: point.lon, lat: point.lat, zoom, turn: ++turn, exactly } });
}
/** So near that the place and its uncertainty fill a good part of the map. */
export const zoomFor = (uncertaintyM: number): number => (uncertaintyM > 400 ? 14.5 : uncertaintyM > 120 ? 15.5 : 16.7);
const PASSING_MS = 350; // selections that follow each other faster pass an incident by
let selectedAt = Number.NEGATIVE_INFINITY;
let resting: ReturnType<typeof setTimeout> | undefined;
export function selectIncident(incidentId: number | null, point?: { readonly lon: number; readonly lat: number }): void {
  const another = incidentId !== useOperate.getState().incidentId;
  const passing = another && Date.now() - selectedAt < PASSING_MS;
  if (another) {
    selectedAt = Date.now();
    set({ ticked: null, closing: false, cameraId: null });
  }
  set({ incidentId, intakeId: null, tab: "incident", boardShown: false, endedShown: null }); // the figures must not cover the place
  const rest = (): void => {
    if (useOperate.getState().incidentId !== incidentId) return; // a call was taken meanwhile
    set({ restingId: incidentId });
    if (point !== undefined) lookAt(point);
  };
  clearTimeout(resting);
  if (passing) resting = setTimeout(rest, PASSING_MS);
  else rest();
}
/** Whether the selection rests on what is shown: else what must be asked for waits. */
export const useRests = (): boolean => useOperate(({ incidentId, restingId }) => incidentId === restingId);
export const enterRoom = (roomId: number | null): void => set({ roomId });
export const openIntake = (intakeId: number): void => set(({ endedId }) => ({ intakeId, endedId: endedId === intakeId ? null : endedId, incidentId: null, restingId: null, tab: "incident", boardShown: false, endedShown: null }));
export function closeIntake(intakeId: number): void {
  forgetDraft(intakeId);
  if (useOperate.getState().intakeId === intakeId) set({ intakeId: null });
}
export function endIntake(intakeId: number): void {
  const { endedId } = useOperate.getState();
  if (endedId !== null && endedId !== intakeId) forgetDraft(endedId);
  set({ endedId: intakeId });
  if (useOperate.getState().intakeId === intakeId) set({ intakeId: null });
}
/** The same unit again: no more. */
export const toggleReach = (unitId: number): void => set(({ reachUnitId }) => ({ reachUnitId: reachUnitId === unitId ? null : unitId }));
export const selectUnit = (unitId: number | null): void => set({ unitId, recallingId: null });
/** Nothing is recalled by this: the unit's card asks why. */
export const askRecall = ({ id, unitId }: { readonly id: number; readonly unitId: number }): void => set({ unitId, recallingId: id });
export const endRecall = (): void => set({ recallingId: null });
export const selectCamera = (cameraId: number | null): void => set({ cameraId });
export const setTab = (tab: RightTab): void => set({ tab });
export const focusSend = (sendFocus: number | null): void => set({ sendFocus });
export const setPast = (past: boolean): void => set({ past });
export const setFound = (found: PlaceView | null): void => set({ found });
export const setClosing = (closing: boolean): void => set({ closing });
// Both stand over the map, which is a tab of its own where the screen is narrow.
export const toggleBoard = (): void => set(({ boardShown, tab }) => ({ boardShown: !boardShown, endedShown: null, tab: boardShown ? tab : "map" }));
export const toggleEnded = (what: "calls" | "incidents"): void => set(({ endedShown }) => (endedShown === what ? { endedShown: null } : { endedShown: what, boardShown: false, tab: "map" }));

/** `start`: the units that are ticked now when nothing was chosen by hand yet. */
export function toggleTicked(unitId: number, start: readonly number[]): void {
  const now = useOperate.getState().ticked ?? start;
  set({ ticked: now.includes(unitId) ? now.filter((id) => id !== unitId) : [...now, unitId] });
}
export const setTicked = (ticked: readonly number[] | null): void => set({ ticked });
export const setProposed = (proposed: readonly number[]): void => set({ proposed });
export const keepRoads = (incidentId: number, at: number, seconds: ReadonlyMap<number, number>): void => set({ roads: { incidentId, at, seconds } });
export const keepPath = (unitId: number, path: readonly { readonly lon: number; readonly lat: number }[]): void =>
  set(({ paths }) => ({ paths: new Map(paths).set(unitId, path) }));

export const getHeld = (intakeId: number): HeldDraft => useOperate.getState().held[intakeId] ?? EMPTY_HELD;
const setHeld = (intakeId: number, now: HeldDraft): void => set(({ held }) => ({ held: { ...held, [intakeId]: now } }));

/** Nothing of a call that is over stays behind. */
function forgetDraft(intakeId: number): void {
  const { [intakeId]: _, ...held } = useOperate.getState().held;
  set({ held });
}
export function keepNote(incidentId: number, words: string): void {
  const { [incidentId]: _, ...others } = useOperate.getState().notes;
  set({ notes: words === "" ? others : { ...others, [incidentId]: words } });
}
export function changeDraft(intakeId: number, change: Partial<Draft>): void {
  const held = getHeld(intakeId);
  const fields = intakeId === WITHOUT_CALL ? [] : (Object.keys(change) as DraftField[]);
  setHeld(intakeId, { ...held, draft: { ...held.draft, ...change }, unsaved: [...new Set([...held.unsaved, ...fields])] });
}
/** What the server kept of a call's draft, joined with what was typed here. */
export const takeKeptDraft = (intakeId: number, kept: KeptDraft, writer: string): void => setHeld(intakeId, takeKept(getHeld(intakeId), kept, writer));
/** The fields of a call's draft that the server does not have, with their values; null where it has all. */
export function findUnsaved(intakeId: number): Partial<Draft> | null {
  const { draft, unsaved } = getHeld(intakeId);
  return unsaved.length === 0 ? null : pickFields(draft, unsaved);
}
/** What became of `sent`. Of a call that was forgotten meanwhile nothing is taken up again. */
export function takeChanged(intakeId: number, sent: Partial<Draft>, answer: ChangedDraft, writer: string): void {
  const held = useOperate.getState().held[intakeId];
  if (held === undefined) return;
  const taken = pickFields(sent, (Object.keys(sent) as DraftField[]).filter((field) => !answer.notTaken.includes(field)));
  setHeld(intakeId, takeKept({ ...held, unsaved: stillUnsaved(held.draft, held.unsaved, taken) }, answer, writer));
}
/** What gave way to somebody else's words is used after all, or dropped. */
export function settleAside(intakeId: number, use: Partial<Draft>): void {
  setHeld(intakeId, { ...getHeld(intakeId), setAside: {} });
  if (Object.keys(use).length > 0) changeDraft(intakeId, use);
}

useOperate.subscribe(({ intakeId, held, notes, endedId }, before) => {
  if (intakeId === before.intakeId && held === before.held && notes === before.notes) return;
  try {
    const { [endedId ?? Number.NaN]: _, ...kept } = held;
    sessionStorage.setItem(keyOf(accountId), JSON.stringify({ intakeId, held: kept, notes } satisfies Stored));
  } catch {
    // storage off: what the server does not keep lives as long as the page
  }
});
useSession.subscribe(() => {
  const now = findAccountId();
  if (now === accountId) return;
  accountId = now;
  set(startOf(now));
});
