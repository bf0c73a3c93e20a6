// What an alarm means before anybody has looked: how urgent a panel's own kind is held to be, and what of a registered point goes along. A hint only: the person who
// takes the contact decides.
import type { AlarmKind, AlarmPoint, AlarmReport } from "../contract/contact-ways.ts";
import type { Point } from "../geo/point.ts";

/** Somebody may be in danger now: 1. Something may be happening: 2. A device complains: 3, 4. */
export const ALARM_PRIORITIES = {
  panic: 1, duress: 1, fire: 1, gas: 1, medical: 1, smoke: 1, intrusion: 2, glass: 2, camera: 3, water: 3, other: 3, tamper: 3, technical: 4,
} as const satisfies Record<AlarmKind, number>;

/** How far from a camera what it reports may be, where nothing better is known. */
const CAMERA_UNCERTAINTY_M = 60;

export interface ReadAlarm {
  readonly point: Point | null;
  readonly uncertaintyM: number | null;
  readonly signal: { readonly kind: AlarmKind; readonly priorityHint: number; readonly code: string | null; readonly site: string | null; readonly door: string | null; readonly cameraIds: number[] };
}

/**
 * A place in the report is the device's own and goes before the registered one. `registered` null: nobody registered the point; its code is kept, so that somebody
 * can find out where it is.
 */
export function readAlarm(report: Pick<AlarmReport, "kind" | "pointCode" | "cameraCode" | "point" | "uncertaintyM" | "priorityHint">, registered: AlarmPoint | null, camera: { readonly id: number; readonly point: Point } | null): ReadAlarm {
  const cameraIds = [...new Set([...(camera === null ? [] : [camera.id]), ...(registered?.cameraIds ?? [])])];
  const known = registered ?? (camera === null ? null : { point: camera.point, uncertaintyM: CAMERA_UNCERTAINTY_M });
  return {
    point: report.point ?? known?.point ?? null, uncertaintyM: report.point === null ? (known?.uncertaintyM ?? null) : report.uncertaintyM,
    signal: {
      kind: report.kind, priorityHint: report.priorityHint ?? registered?.priorityHint ?? ALARM_PRIORITIES[report.kind], code: report.pointCode ?? report.cameraCode,
      site: registered?.siteName ?? null, door: registered === null || registered.door === "" ? null : registered.door, cameraIds,
    },
  };
}
