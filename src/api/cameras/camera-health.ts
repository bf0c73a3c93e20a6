// How each camera is just now: last values in memory, as the recorders tell them. Nothing of it is kept: after a restart a recorder tells it again. What
// a recorder that is away said last is not passed on as if it were true.
import { CAMERA_STATES, type CameraHealth } from "../../contract/cameras.ts";
import type { CameraIndex } from "./camera-index.ts";

export type CameraState = CameraHealth["state"];
const unknown = { since: null, problem: null, lastFrameAt: null, codec: null, width: null, height: null, bitsPerSecond: null, framesPerSecond: null, reconnects: 0, recorded: null, figures: null } as const;

/** What is judged of a camera's pictures (camera-problems.ts), the worst first. */
export const PICTURE_FAULTS = ["no-pictures", "frozen", "black", "blurred"] as const;
export type PictureFault = (typeof PICTURE_FAULTS)[number];

export interface CameraHealthTable {
  find(cameraId: number): CameraHealth;
  stateOf(cameraId: number): CameraState;
  /** The worst that is wrong with its pictures, or that its recorder is away; null: nothing that is known. */
  pictureFaultOf(cameraId: number): PictureFault | "recorder-away" | null;
  setPictureFault(cameraId: number, fault: PictureFault, lasts: boolean): void;
  /** Takes what a recorder told; cameras that are not its own are passed over. Returns how many were taken. */
  report(recorderId: number, cameras: readonly { readonly cameraId: number; readonly health: CameraHealth }[]): number;
  setLinked(recorderId: number, linked: boolean): void;
  isLinked(recorderId: number): boolean;
  listLinked(): number[];
  /** Of the cameras of a recorder that told their bit rate: how many, and the sum. */
  toldRateOf(recorderId: number): { readonly cameras: number; readonly bitsPerSecond: number };
  forget(cameraId: number, recorderId: number): void;
  /** What changed its state since the last call, at most `most`; the rest is dropped and `more` says so. */
  takeChanges(most: number): { readonly states: [number, CameraState][]; readonly more: boolean };
  /** Of the cameras that the recorder is always to record. */
  counts(recorderId: number): { readonly connected: number; readonly wanted: number };
  /** Cameras by state, in one pass over all. */
  countStates(): Record<CameraState, number>;
}

export function createCameraHealthTable(index: CameraIndex): CameraHealthTable {
  const told = new Map<number, CameraHealth>();
  const linked = new Set<number>();
  const faults = new Map<number, Set<PictureFault>>();
  const changed = new Set<number>();
  // By recorder, of the cameras that are always recorded (one that is joined only because somebody watches it is not missed when it goes). Kept as they
  // change, since consoles are told every few seconds, and counted anew when the register has changed.
  let connectedOf = new Map<number, number>();
  let wantedOf = new Map<number, number>();
  let countedVersion = -1;

  const rates = new Map<number, { cameras: number; bitsPerSecond: number }>();
  const countRate = (recorderId: number, bitsPerSecond: number | null | undefined, by: 1 | -1): void => {
    if (bitsPerSecond === null || bitsPerSecond === undefined) return;
    const { cameras, bitsPerSecond: sum } = rates.get(recorderId) ?? { cameras: 0, bitsPerSecond: 0 };
    rates.set(recorderId, { cameras: cameras + by, bitsPerSecond: cameras + by === 0 ? 0 : sum + by * bitsPerSecond });
  };

  const isWanted = (cameraId: number): boolean => index.hasStream(cameraId) && index.isJoinedAlways(cameraId);
  const add = (to: Map<number, number>, recorderId: number, by: 1 | -1): void => void to.set(recorderId, (to.get(recorderId) ?? 0) + by);
  const put = (cameraId: number, recorderId: number, health: CameraHealth | null): void => {
    if (countedVersion === index.version && index.has(cameraId) && isWanted(cameraId)) {
      if (told.get(cameraId)?.state === "connected") add(connectedOf, recorderId, -1);
      if (health?.state === "connected") add(connectedOf, recorderId, 1);
    }
    countRate(recorderId, told.get(cameraId)?.bitsPerSecond, -1);
    countRate(recorderId, health?.bitsPerSecond, 1);
    if (health === null) told.delete(cameraId);
    else told.set(cameraId, health);
  };
  const count = (): void => {
    if (countedVersion === index.version) return;
    countedVersion = index.version;
    connectedOf = new Map();
    wantedOf = new Map();
    index.forEachId((id) => {
      if (!isWanted(id)) return;
      add(wantedOf, index.recorderOf(id)!, 1);
      if (told.get(id)?.state === "connected") add(connectedOf, index.recorderOf(id)!, 1);
    });
  };

  const isHeard = (cameraId: number): boolean => index.hasStream(cameraId) && linked.has(index.recorderOf(cameraId)!);
  const stateOf = (cameraId: number): CameraState => {
    if (!index.hasStream(cameraId)) return "no-address";
    if (!isHeard(cameraId)) return "connecting";
    return told.get(cameraId)?.state ?? (index.isJoinedAlways(cameraId) ? "connecting" : "idle");
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
    pictureFaultOf: (cameraId) => {
      if (index.hasStream(cameraId) && !isHeard(cameraId)) return "recorder-away";
      const of = faults.get(cameraId);
      return of === undefined ? null : (PICTURE_FAULTS.find((fault) => of.has(fault)) ?? null);
    },
    setPictureFault: (cameraId, fault, lasts) => {
      const of = faults.get(cameraId) ?? new Set();
      if (lasts) faults.set(cameraId, of.add(fault));
      else if (of.delete(fault) && of.size === 0) faults.delete(cameraId);
    },
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
    listLinked: () => [...linked],
    toldRateOf: (recorderId) => rates.get(recorderId) ?? { cameras: 0, bitsPerSecond: 0 },
    forget: (cameraId, recorderId) => {
      put(cameraId, recorderId, null);
      changed.add(cameraId);
    },
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
      count();
      return { connected: connectedOf.get(recorderId) ?? 0, wanted: wantedOf.get(recorderId) ?? 0 };
    },
    countStates: () => {
      const counts = Object.fromEntries(CAMERA_STATES.map((state) => [state, 0])) as Record<CameraState, number>;
      index.forEachId((id) => counts[stateOf(id)]++);
      return counts;
    },
  };
}
