// What each role of the program is given when it starts. The supervisor makes these and hands them over the parent-child channel, never by
// environment or argument, because they carry secrets. A role knows nothing that is not in here.

import type { RecorderTrouble } from "../contract/recorders.ts";

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A started role. `stop` ends it cleanly and resolves when all it held is closed; calling it twice is harmless. */
export interface RunningRole {
  stop(): Promise<void>;
  /** Of the centre: a recorder that was started with it does not run, or does again (null). */
  noteRecorder?(recorderId: number, trouble: RecorderTrouble | null): void;
}

/** Where the simulator serves the demo's cameras, and the seed that both use. */
export interface DemoCityConfig {
  readonly seed: number;
  readonly cameraHost: string;
  readonly cameraPort: number;
  readonly cameraUserName: string;
  readonly cameraPassword: string;
}
/** Digest user name of all simulated cameras. */
export const DEMO_CAMERA_USER = "camera";

export interface CentreConfig {
  readonly role: "centre";
  readonly version: string;
  readonly databaseUrl: string;
  readonly cityDir: string; // an imported city, see io/city
  readonly consoleDir: string; // the built console
  readonly host: string; // loopback unless told otherwise
  readonly port: number;
  readonly publicOrigin: string; // e.g. http://127.0.0.1:7300; what browsers see, and the only WebSocket origin accepted
  readonly recorderOrigins: readonly string[]; // of each recorder here, by its number from 1 on; allowed in the page's connect-src
  readonly cameraNetworks: string; // as the recorder's: judged at registration too, where the person who types it can be told
  readonly webhookNetworks: string; // where webhooks may go besides the internet
  readonly dispatchTimes?: string; // how soon dispatch is told of what waits; absent: as installed
  readonly nmea?: { readonly host: string; readonly port: number }; // where trackers are heard by NMEA; absent: nowhere
  readonly demo: boolean;
  readonly simulatedCalls?: boolean; // people who are not there call by themselves
  readonly training: boolean; // nothing in it has happened; it says so on every screen, and has no way to a real unit
  readonly demoCity?: DemoCityConfig; // loaded once into the register where given
  readonly secrets: {
    readonly viewSigningKeyPem: string; // Ed25519, PKCS #8; signs view tokens
    readonly evidenceSigningKeyPem: string; // Ed25519, PKCS #8; signs evidence packages
    readonly sealKey: string; // 32 bytes base64; seals camera passwords in the database
    readonly serviceTokens: { readonly recorder: string; readonly telephony: string; readonly fleet: string };
  };
  readonly firstAccountToken: string | null; // null once an account exists
}

export interface RecorderConfig {
  readonly role: "recorder";
  readonly version: string;
  readonly recorderId: number;
  readonly centreUrl: string; // ws://127.0.0.1:7300
  readonly token: string; // service token "recorder"
  readonly recordingsDir: string;
  readonly databaseDir?: string; // of a database of our own: where it is on the recordings' volume, room is kept for it
  readonly host: string;
  readonly port: number;
  readonly mediaUrl: string; // what browsers use, e.g. http://127.0.0.1:7310
  readonly cameraNetworks: string; // where cameras may be, e.g. "10.0.0.0/8,fd00::/16"
  readonly evidencePage: string; // the page that goes into evidence packages, built with the console
  readonly mostRecordingBytes: number | null; // beyond it the oldest recordings go; null: no bound but the disk's
  readonly recordersOnVolume?: number; // whose recordings are on the same volume as this one's, it counted; absent: this one alone
  readonly recordersHere?: number; // that share this machine's memory; absent: this one alone
}

/** The simulated city: outside the process border, it speaks RTSP and the HTTP contract only. */
export interface SimConfig {
  readonly role: "sim";
  readonly centreUrl: string; // http://127.0.0.1:7300
  readonly cityDir: string;
  readonly seed: number;
  readonly host: string;
  readonly cameraPort: number; // RTSP
  readonly tokens: { readonly telephony: string; readonly fleet: string };
  readonly cameraPassword: string; // digest password of all simulated cameras, made at first start
  readonly callsPerHour: number;
}

export type RoleConfig = CentreConfig | RecorderConfig | SimConfig;

/** Child to supervisor. `progress` feeds the lines that `npm start` prints. */
export type FromRole =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly step: string; readonly done: number; readonly of: number | null }
  | { readonly type: "failed"; readonly message: string; readonly trouble?: RecorderTrouble };
/** Supervisor to child. */
export type ToRole = { readonly type: "start"; readonly config: RoleConfig } | { readonly type: "stop" } | { readonly type: "recorder"; readonly recorderId: number; readonly trouble: RecorderTrouble | null };
