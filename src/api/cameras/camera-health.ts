// How each camera is just now: last values in memory, as the recorders tell them. Nothing of it is kept: after a restart a recorder tells it again. What
// a recorder that is away said last is not passed on as if it were true.
import type { CameraHealth } from "../../contract/cameras.ts";
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
  forget(cameraId: number): void;
  /** What changed its state since the last call, at most `most`; the rest is dropped and `more` says so. */
  takeChanges(most: number): { readonly states: [number, CameraState][]; readonly more: boolean };
  counts(recorderId: number): { readonly connected: number; readonly wanted: number };
}

export function createCameraHealthTable(index: CameraIndex): CameraHealthTable {
  const told = new Map<number, CameraHealth>();
  const linked = new Set<number>();
  const changed = new Set<number>();

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
        told.set(cameraId, health);
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
        for (const id of [...told.keys()])
          if (index.recorderOf(id) === recorderId) {
            told.delete(id);
            changed.add(id);
          }
      }
    },
    isLinked: (recorderId) => linked.has(recorderId),
    forget: (cameraId) => void told.delete(cameraId),
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
    counts: (recorderId) => {
      let connected = 0;
      for (const [id, health] of told) if (health.state === "connected" && linked.has(recorderId) && index.recorderOf(id) === recorderId) connected++;
      return { connected, wanted: index.countWhere((id) => index.hasStream(id) && index.isContinuous(id) && index.recorderOf(id) === recorderId) };
    },
  };
}
