// How each camera is just now: last values in memory, as the recorders tell them. Nothing of it is kept: after a restart a recorder tells it again. What
// a recorder that is away said last is not passed on as if it were true.
import { CAMERA_STATES, type CameraHealth } from "../../contract/cameras.ts";
import type { CameraIndex } from "./camera-index.ts";

export type CameraState = CameraHealth["state"];
const unknown = { since: null, problem: null, lastFrameAt: null, codec: null, width: null, height: null, bitsPerSecond: null, framesPerSecond: null, reconnects: 0, recorded: null } as const;

export interface CameraHealthTable {
  find(cameraId: number): CameraHealth;
  stateOf(cameraId: number): CameraState;
  /** Takes what a recorder told; cameras that are not its own are passed over. Returns how many were taken. */
  report(recorderId: number, cameras: readonly { readonly cameraId: number; readonly health: CameraHealth }[]): number;
  setLinked(recorderId: number, linked: boolean): void;
  isLinked(recorderId: number): boolean;
  forget(cameraId: number, recorderId: number): void;
  /** What changed its state since the last call, at most `most`; the rest is dropped and `more` says so. */
  takeChanges(most: number): { readonly states: [number, CameraState][]; readonly more: boolean };
  counts(recorderId: number): { readonly connected: number; readonly wanted: number };
  /** Cameras by state, in one pass over all. */
  countStates(): Record<CameraState, number>;
}

export function createCameraHealthTable(index: CameraIndex): CameraHealthTable {
  const told = new Map<number, CameraHealth>();
  const linked = new Set<number>();
  const changed = new Set<number>();
  const connectedOf = new Map<number, number>(); // by recorder, kept as they change: consoles are told every few seconds
  let wantedOf = new Map<number, number>();
  let wantedVersion = -1;

  const countConnected = (recorderId: number, state: CameraState | undefined, by: 1 | -1): void => {
    if (state === "connected") connectedOf.set(recorderId, (connectedOf.get(recorderId) ?? 0) + by);
  };
  const put = (cameraId: number, recorderId: number, health: CameraHealth | null): void => {
    countConnected(recorderId, told.get(cameraId)?.state, -1);
    countConnected(recorderId, health?.state, 1);
    if (health === null) told.delete(cameraId);
    else told.set(cameraId, health);
  };
  const countWanted = (): Map<number, number> => {
    if (wantedVersion === index.version) return wantedOf;
    wantedOf = new Map();
    wantedVersion = index.version;
    index.forEachId((id) => {
      const recorderId = index.recorderOf(id)!;
      if (index.hasStream(id) && index.isContinuous(id)) wantedOf.set(recorderId, (wantedOf.get(recorderId) ?? 0) + 1);
    });
    return wantedOf;
  };

  const isHeard = (cameraId: number): boolean => index.hasStream(cameraId) && linked.has(index.recorderOf(cameraId)!);
  const stateOf = (cameraId: number): CameraState => {
    if (!index.hasStream(cameraId)) return "no-address";
    if (!isHeard(cameraId)) return "connecting";
    return told.get(cameraId)?.state ?? (index.isContinuous(cameraId) ? "connecting" : "idle");
  };
  const find = (cameraId: number): CameraHealth => {
    const last = isHeard(cameraId) ? told.get(cameraId) : undefined;
    if (last !== undefined) return last;
    const away = index.hasStream(cameraId) && !isHeard(cameraId);
    return { ...unknown, state: stateOf(cameraId), problem: away ? { code: "recorder-away", params: { recorderId: index.recorderOf(cameraId)! } } : null };
  };

  return {
    find,
    stateOf,
    report: (recorderId, cameras) => {
      let taken = 0;
      for (const { cameraId, health } of cameras) {
        if (index.recorderOf(cameraId) !== recorderId) continue;
        if (stateOf(cameraId) !== health.state) changed.add(cameraId);
        put(cameraId, recorderId, health);
        taken++;
      }
      return taken;
    },
    setLinked: (recorderId, isLinked) => {
      if (isLinked === linked.has(recorderId)) return;
      if (isLinked) linked.add(recorderId);
      else {
        linked.delete(recorderId);
        // What it said goes with it: when it is back, it says all of it again.
        for (const id of told.keys())
          if (index.recorderOf(id) === recorderId) {
            put(id, recorderId, null);
            changed.add(id);
          }
      }
    },
    isLinked: (recorderId) => linked.has(recorderId),
    forget: (cameraId, recorderId) => put(cameraId, recorderId, null),
    takeChanges: (most) => {
      const states: [number, CameraState][] = [];
      for (const id of changed) {
        if (states.length >= most) break;
        if (index.has(id)) states.push([id, stateOf(id)]);
      }
      const more = changed.size > states.length && states.length >= most;
      changed.clear();
      return { states, more };
    },
    counts: (recorderId) => ({ connected: connectedOf.get(recorderId) ?? 0, wanted: countWanted().get(recorderId) ?? 0 }),
    countStates: () => {
      const counts = Object.fromEntries(CAMERA_STATES.map((state) => [state, 0])) as Record<CameraState, number>;
      index.forEachId((id) => counts[stateOf(id)]++);
      return counts;
    },
  };
}
