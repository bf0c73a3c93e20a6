// What this dispatcher is doing: the selection, the call in hand with what was typed so far, what the map should look at. Drafts survive a reload
// of the page in the tab's own storage.
import { create } from "zustand";
import type { z } from "zod";
import type { Place } from "../../../src/contract/city.ts";
import type { IncidentType } from "../../../src/contract/dispatch.ts";

export type PlaceView = z.infer<typeof Place>;
export interface Draft {
  /** As typed: what the caller said. */
  readonly where: string;
  readonly place: PlaceView | null;
  readonly what: string;
  readonly who: string;
  readonly type: IncidentType | null;
  readonly priority: number | null;
}
export const EMPTY_DRAFT: Draft = { where: "", place: null, what: "", who: "", type: null, priority: null };
export type RightTab = "calls" | "map" | "incident";

interface OperateState {
  readonly incidentId: number | null;
  /** The call in hand; -1 for an incident without a call. */
  readonly intakeId: number | null;
  readonly unitId: number | null;
  readonly cameraId: number | null;
  readonly drafts: Readonly<Record<number, Draft>>;
  /** Units ticked to be sent to the selected incident; null: those that are suggested. */
  readonly ticked: readonly number[] | null;
  /** Road paths to draw, by unit. */
  readonly paths: ReadonlyMap<number, readonly { readonly lon: number; readonly lat: number }[]>;
  /** Road times to an incident from the last proposal, seconds by unit, and when they were worked out. */
  readonly roads: { readonly incidentId: number; readonly at: number; readonly seconds: ReadonlyMap<number, number> } | null;
  readonly look: { readonly lon: number; readonly lat: number; readonly zoom: number; readonly turn: number } | null;
  /** The incident whose send button should get the focus once it can be pressed. */
  readonly sendFocus: number | null;
  /** A place found by the command line. */
  readonly found: PlaceView | null;
  /** The strip shows the past, with its time bar. */
  readonly past: boolean;
  readonly closing: boolean;
  readonly boardShown: boolean;
  readonly tab: RightTab;
}
const KEY = "citywatch.operate.drafts";
function readDrafts(): Record<number, Draft> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<number, Draft>;
  } catch {
    return {};
  }
}
export const WITHOUT_CALL = -1;

export const useOperate = create<OperateState>(() => ({
  incidentId: null, intakeId: null, unitId: null, cameraId: null, drafts: readDrafts(), ticked: null, paths: new Map(), roads: null, look: null, sendFocus: null, found: null, past: false, closing: false, boardShown: false, tab: "calls",
}));
const set = useOperate.setState;
let turn = 0;

export function lookAt(point: { readonly lon: number; readonly lat: number }, zoom = 16): void {
  set({ look: { lon: point.lon, lat: point.lat, zoom, turn: ++turn } });
}
/** So near that the place and its uncertainty fill a good part of the map. */
export const zoomFor = (uncertaintyM: number): number => (uncertaintyM > 400 ? 14.5 : uncertaintyM > 120 ? 15.5 : 16.7);
export function selectIncident(incidentId: number | null, point?: { readonly lon: number; readonly lat: number }): void {
  if (incidentId !== useOperate.getState().incidentId) set({ ticked: null, closing: false, cameraId: null });
  set({ incidentId, intakeId: null, tab: "incident", boardShown: false }); // the figures must not cover the place
  if (point !== undefined) lookAt(point);
}
export const openIntake = (intakeId: number): void => set({ intakeId, incidentId: null, tab: "incident", boardShown: false });
export function closeIntake(intakeId: number): void {
  forgetDraft(intakeId);
  if (useOperate.getState().intakeId === intakeId) set({ intakeId: null });
}
export const selectUnit = (unitId: number | null): void => set({ unitId });
export const selectCamera = (cameraId: number | null): void => set({ cameraId });
export const setTab = (tab: RightTab): void => set({ tab });
export const focusSend = (sendFocus: number | null): void => set({ sendFocus });
export const setPast = (past: boolean): void => set({ past });
export const setFound = (found: PlaceView | null): void => set({ found });
export const setClosing = (closing: boolean): void => set({ closing });
export const toggleBoard = (): void => set(({ boardShown }) => ({ boardShown: !boardShown }));

/** `start`: the units that are ticked now when nothing was chosen by hand yet. */
export function toggleTicked(unitId: number, start: readonly number[]): void {
  const now = useOperate.getState().ticked ?? start;
  set({ ticked: now.includes(unitId) ? now.filter((id) => id !== unitId) : [...now, unitId] });
}
export const setTicked = (ticked: readonly number[] | null): void => set({ ticked });
export const keepRoads = (incidentId: number, at: number, seconds: ReadonlyMap<number, number>): void => set({ roads: { incidentId, at, seconds } });
export const keepPath = (unitId: number, path: readonly { readonly lon: number; readonly lat: number }[]): void =>
  set(({ paths }) => ({ paths: new Map(paths).set(unitId, path) }));

function storeDrafts(drafts: Readonly<Record<number, Draft>>): void {
  set({ drafts });
  try {
    sessionStorage.setItem(KEY, JSON.stringify(drafts));
  } catch {
    // storage off: the draft lives as long as the page
  }
}
export function changeDraft(intakeId: number, change: Partial<Draft>): void {
  const { drafts } = useOperate.getState();
  storeDrafts({ ...drafts, [intakeId]: { ...(drafts[intakeId] ?? EMPTY_DRAFT), ...change } });
}
function forgetDraft(intakeId: number): void {
  const { [intakeId]: _, ...rest } = useOperate.getState().drafts;
  storeDrafts(rest);
}
