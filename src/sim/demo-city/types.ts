// What stands in the demo city besides its real streets: cameras, platforms, units, campuses, and the places where the demo stages events.
// Everything here is invented and is a function of (city, seed): the centre loads it into its database and the simulator recomputes it, so the
// two never need to pass it between them. Codes join the parts, because ids are the database's to give.
import type { z } from "zod";
import type { CAMERA_KINDS, Pose, RECORDING_MODES } from "../../contract/cameras.ts";
import type { NewCamera } from "../../contract/cameras.ts";
import type { UNIT_KINDS } from "../../contract/dispatch.ts";
import type { Point } from "../../geo/point.ts";
import type { SoundKind } from "../cameras/camera-sound.ts";

/** What a camera's picture should look like; the camera simulator chooses its clip by it. */
export const SCENES = ["junction", "signal", "school", "square", "avenue", "coast"] as const;
export type Scene = (typeof SCENES)[number];

export interface DemoCamera {
  readonly code: string; // "C-0001": also its RTSP path, "/C-0001"
  readonly name: string; // "Avenida Italia y Bulevar Artigas, norte"
  readonly place: string;
  readonly district: string | null;
  readonly kind: (typeof CAMERA_KINDS)[number];
  readonly pose: Pose;
  readonly imageWidthPx: number;
  readonly scene: Scene;
  readonly purpose: string;
  readonly owner: string;
  readonly recording: (typeof RECORDING_MODES)[number];
  readonly retentionDays: number;
  /** What it sends beside the pictures. */
  readonly sound: SoundKind | null;
  /** Why that is asked for and recorded; null: it is not. */
  readonly soundPurpose: string | null;
}

export interface DemoPlatform {
  readonly code: string; // "P01".."P40"
  readonly name: string;
  readonly point: Point;
  readonly district: string | null;
}

export interface DemoUnit {
  readonly callSign: string; // "P07-1", "M12", "B3", "A5", "K02"
  readonly kind: (typeof UNIT_KINDS)[number];
  readonly platformCode: string | null;
  readonly campusCode: string | null;
  readonly skills: readonly string[]; // "foot", "car", "motorbike", "first-aid", "fire", "medical", "school"
  readonly crew: readonly { readonly name: string; readonly badge: string }[];
  readonly phone: string;
  readonly home: Point; // on or beside a road that vehicles can leave by
}

export interface DemoCampus {
  readonly code: string; // "K-001"
  readonly name: string;
  readonly point: Point;
  readonly district: string | null;
  readonly guards: readonly { readonly name: string; readonly post: string; readonly phone: string }[];
}

/** Where the demo can stage an event, and which recorded cameras have it in their picture (2 to 4 codes, `seesPlace` holds for each). */
export interface StorySite {
  readonly id: string; // "theft-1"
  readonly kind: "theft" | "smoke" | "collision";
  readonly label: string; // the place as the gazetteer would say it
  readonly point: Point;
  readonly callerWords: string; // what the caller says
  readonly spokenPlace: string; // what a call taker would type; the gazetteer finds it
  readonly district: string | null;
  readonly campusCode: string | null;
  readonly cameraCodes: readonly string[];
}

export interface DemoCity {
  readonly cityName: string;
  readonly seed: number;
  readonly cameras: readonly DemoCamera[];
  readonly platforms: readonly DemoPlatform[];
  readonly units: readonly DemoUnit[];
  readonly campuses: readonly DemoCampus[];
  readonly storySites: readonly StorySite[];
}

/** The address of a demo camera at the simulator that serves it. */
export const demoCameraAddress = (code: string, host: string, port: number): string => `rtsp://${host}:${port}/cameras/${code}`;

/** Its small stream. */
const demoSubAddress = (code: string, host: string, port: number): string => `${demoCameraAddress(code, host, port)}/sub`;

/** The camera as the register takes it, joined to the simulator at host:port. */
export function newCameraOf(camera: DemoCamera, at: { readonly host: string; readonly port: number; readonly userName: string; readonly password: string }): z.input<typeof NewCamera> {
  return {
    code: camera.code, name: camera.name, kind: camera.kind, place: camera.place, pose: camera.pose, imageWidthPx: camera.imageWidthPx, nightView: camera.kind === "dome" ? "low-light" : "infrared",
    purpose: camera.purpose, owner: camera.owner, address: demoCameraAddress(camera.code, at.host, at.port), userName: at.userName, password: at.password,
    subAddress: demoSubAddress(camera.code, at.host, at.port), recording: camera.recording, retentionDays: camera.retentionDays, soundPurpose: camera.soundPurpose,
  };
}
