// What the API needs of the world: stores, secrets, timers. The adapters in `io` fit these shapes without knowing them; the compiler compares the two
// where `app` wires them.
import type { CountedFigures, DoubtfulQuery, DoubtfulSpan, ExportedSpan, FigureFilter } from "../contract/figures.ts";
import type { Account, AuditEntry, Role } from "../contract/access.ts";
import type { Actor } from "../contract/basics.ts";
import type { AlarmPoint, NewAlarmPoint } from "../contract/contact-ways.ts";
import type { Delivery, DueDelivery, IncidentEvent, NewWebhook, Webhook, WebhookTarget } from "../contract/webhooks.ts";
import type { AfterAttempt, Attempt } from "../interfaces/webhook.ts";
import type { Agency, Sharing } from "../contract/sharings.ts";
import type { StoredRunCards } from "../contract/register.ts";
import type { RunCardRow } from "../contract/run-cards.ts";
import type { Warning, WarningContent } from "../contract/warnings.ts";
import type { StoredTracker } from "../contract/trackers.ts";
import type { InterfaceName, MachineAccount } from "../contract/interfaces.ts";
import type { CameraEvent, CameraEventQuery } from "../contract/camera-events.ts";
import type { RemovedCamera, SeeingAnswer, ServedRanges } from "../contract/cameras.ts";
import type { HoldCounts, HoldQuery, NewHold } from "../contract/holds.ts";
import type { ExportEnd, ExportOrder } from "../contract/evidence.ts";
import type { AccessSummary, AuditFilter, ReadingAction } from "../contract/inspect.ts";
import type { City, Places } from "../contract/city.ts";
import type { ChangedDraft, DraftChange, KeptDraft, NearRoad } from "../contract/dispatch.ts";
import type {
  AccountChange, AccountFault, AccountToCreate, CameraChange, CameraEventChange, CameraRegistration, CameraToKeep, CameraToJoin, HoldForRecorders,
  LastingCameraEvent, NewAccessRecords, OpenSince, PlatformToAdd, StoredAccessFilter, StoredAccessRecord, StoredExport, StoredHold, StoredPlatform, StoredUsualFigures, WallFault,
} from "../contract/register.ts";
import type { CameraTour, NewCameraTour, NewWallLayout, SavedWalls, WallLayout } from "../contract/walls.ts";
import type { z } from "zod";
import type { PresentView } from "../geo/camera-index.ts";
import type { Point } from "../geo/point.ts";
import type { ViewClaims } from "../contract/media.ts";
import type { Result } from "../base/result.ts";

export interface LogPort {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Each answers with the function that ends it. */
export interface TimerPort {
  every(intervalMs: number, work: () => void): () => void;
  after(delayMs: number, work: () => void): () => void;
}

export interface SecretPort {
  hashPassword(password: string): Promise<string>;
  /** False for a null hash, after the same work. */
  verifyPassword(passwordHash: string | null, password: string): Promise<boolean>;
  createToken(): string;
  hashToken(token: string): Uint8Array;
  deriveCsrf(token: string): string;
  /** In a time that does not depend on the content. */
  equalSecrets(a: string, b: string): boolean;
  createId(): string;
  /** HMAC-SHA256 of the text, base64, under a webhook's secret as it was given out. */
  signDelivery(secret: string, text: string): string;
  /** In [0, 1). */
  chance(): number;
}

export interface ViewSignerPort {
  readonly publicKeyPem: string;
  sign(claims: ViewClaims, issuedAtMs: number, expiresAtMs: number): Promise<string>;
}

export interface AccountStorePort {
  isEmpty(): Promise<boolean>;
  createFirst(account: AccountToCreate, now: number): Promise<Result<Account, AccountFault>>;
  create(account: AccountToCreate, by: Actor, now: number): Promise<Result<Account, AccountFault>>;
  change(id: number, change: AccountChange, by: Actor, now: number, keep?: Uint8Array | null): Promise<Result<Account, AccountFault>>;
  list(): Promise<Account[]>;
  findForLogin(login: string): Promise<{ account: Account; passwordHash: string } | null>;
}

export interface StoredSession {
  readonly account: Account;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}
export interface SessionStorePort {
  create(tokenHash: Uint8Array, accountId: number, address: string, now: number): Promise<void>;
  find(tokenHash: Uint8Array): Promise<StoredSession | null>;
  touch(tokenHash: Uint8Array, now: number): Promise<void>;
  end(tokenHash: Uint8Array): Promise<void>;
  listOfAccount(accountId: number, now: number): Promise<{ readonly tokenHash: Uint8Array; readonly createdAt: number; readonly lastUsedAt: number; readonly address: string }[]>;
  /** All but `keep`; resolves after the commit with how many. */
  endOfAccount(accountId: number, keep: Uint8Array | null, by: Actor, now: number): Promise<number>;
  listLedUnits(now: number): Promise<number[]>;
  sweep(now: number): Promise<number>;
}

export interface AuditStorePort {
  list(filter: AuditFilter, before: number | null, limit: number): Promise<AuditEntry[]>;
  /** The newest, in pieces and in the order of `list`. */
  readInPieces(filter: AuditFilter, limit: number, take: (entries: AuditEntry[]) => void): Promise<void>;
  /** Resolves after the commit. */
  recordReading(action: ReadingAction, body: Record<string, unknown>, by: Actor, now: number): Promise<void>;
}

export interface AccessRecordStorePort {
  /** Resolves after the commit with the ids, beside the cameras. */
  insert(look: NewAccessRecords, now: number): Promise<number[]>;
  /** The first end counts; false for an unknown record and for one that has an end. */
  end(recordId: number, at: number): Promise<boolean>;
  /** All that the look was served so far; false for an unknown record. Resolves after the commit. */
  noteServed(recordId: number, served: ServedRanges, at: number): Promise<boolean>;
  /** Looks without an end whose last token was given after `since`. */
  listOpen(accountId: number, since: OpenSince): Promise<{ readonly id: number; readonly cameraId: number }[]>;
  /** The same of all accounts, of looks that hear one of these cameras. */
  listOpenHeard(cameraIds: readonly number[], since: OpenSince): Promise<{ readonly id: number; readonly cameraId: number }[]>;
  /** The same of all accounts that are bound to the unit, with what those may do. */
  listOpenOfUnit(unitId: number, since: OpenSince): Promise<{ readonly id: number; readonly cameraId: number; readonly incidentId: number | null; readonly roles: readonly Role[] }[]>;
  find(recordId: number): Promise<StoredAccessRecord | null>;
  /** Resolves after the commit. `refuse` judges the record as it is then, with ends held off; what it says is given back and nothing is written. */
  renew<R>(recordId: number, at: number, refuse: (record: StoredAccessRecord) => R | null): Promise<R | null>;
  list(filter: StoredAccessFilter, before: number | null, limit: number): Promise<StoredAccessRecord[]>;
  /** The newest, in pieces and in the order of `list`. */
  readInPieces(filter: StoredAccessFilter, limit: number, take: (records: StoredAccessRecord[]) => void): Promise<void>;
  /** `timeZone`: IANA name, for whose hours and days they are. */
  summarise(filter: StoredAccessFilter, timeZone: string): Promise<AccessSummary>;
  count(): Promise<number>;
}

export interface ExportStorePort {
  /** The export and an access record for each camera, together; resolves after the commit. */
  insert(look: NewAccessRecords & { readonly from: number; readonly to: number }, recorderId: number, now: number): Promise<{ readonly id: number; readonly accessRecordIds: readonly number[] }>;
  /** Resolves after the commit. */
  recordSignature(exportId: number, manifestSha256: string, keyFingerprint: string, now: number): Promise<void>;
  /** The first end counts; false where there was one. The access records end with it. */
  end(exportId: number, end: ExportEnd, at: number): Promise<boolean>;
  find(id: number): Promise<StoredExport | null>;
  /** Newest first; `accountId` null: of all. */
  list(accountId: number | null, before: number | null, limit: number): Promise<StoredExport[]>;
}

export interface EvidenceSignerPort {
  readonly publicKeyPem: string;
  /** The 32 bytes, base64. */
  readonly publicKey: string;
  readonly fingerprint: string;
  /** Takes a manifest in hand: it must be dropped. */
  receive(): ManifestInHand;
}
/** A manifest that comes in pieces; reading and signing it holds up nobody. */
export interface ManifestInHand {
  add(piece: string): void;
  /** The SHA-256 of its text, or why it is not what was ordered. */
  judge(order: ExportOrder, recorderId: number): Promise<Result<string, string>>;
  /** Base64 of the signature over the text. */
  sign(): Promise<string>;
  drop(): void;
}

export interface CameraStorePort {
  readAll(take: (cameras: CameraRegistration[]) => void): Promise<void>;
  page(query: { q?: string | undefined; after: number; limit: number }): Promise<{ cameras: CameraRegistration[]; total: number }>;
  listByIds(ids: readonly number[]): Promise<CameraRegistration[]>;
  /** Those among `codes` that a camera of the register has. */
  filterCodes(codes: readonly string[]): Promise<string[]>;
  /** Of a camera of the register. */
  findPlaceByCode(code: string): Promise<{ readonly id: number; readonly point: Point } | null>;
  filterIds(ids: readonly number[], q: string): Promise<number[]>;
  readForRecorder(recorderId: number, pageSize: number, take: (cameras: CameraToJoin[]) => Promise<void>): Promise<void>;
  findForRecorder(id: number): Promise<CameraToJoin | null>;
  /** Removed ones too. Their codes may be in use again: a recording is found by the id. */
  findEverRegistered(id: number): Promise<CameraRegistration | null>;
  /** Newest first, with the number of all that match. */
  listRemoved(q: string | undefined, limit: number): Promise<{ cameras: RemovedCamera[]; total: number }>;
  findCredential(id: number): Promise<{ userName: string | null; password: string | null } | null>;
  add(cameras: readonly CameraToKeep[], by: Actor, now: number): Promise<(CameraRegistration | null)[]>;
  change(id: number, change: CameraChange, by: Actor, now: number): Promise<Result<CameraRegistration, "not-found">>;
  moveToRecorder(id: number, recorderId: number, words: string, by: Actor, now: number): Promise<Result<{ readonly camera: CameraRegistration; readonly since: number }, "not-found" | "same-recorder">>;
  /** Of cameras that were moved, removed ones too; of each in order of time. */
  listRecorderStays(): Promise<{ readonly cameraId: number; readonly recorderId: number; readonly since: number }[]>;
  /** Where it was told to look, or null: as entered. `entered`: what the register says of that now. */
  saveTurn(id: number, present: PresentView | null, entered: Omit<PresentView, "toldAt">, by: Actor): Promise<void>;
  /** What was saved last of each camera. */
  listTurns(): Promise<{ readonly cameraId: number; readonly present: PresentView; readonly entered: Omit<PresentView, "toldAt"> }[]>;
  /** An audit entry of an event that somebody told it; resolves after the commit. */
  recordEvent(id: number, words: string, until: number, by: Actor, now: number): Promise<void>;
  remove(id: number, by: Actor, now: number): Promise<boolean>;
  /** `code-taken`: another camera has its code now. */
  returnToRegister(id: number, by: Actor, now: number): Promise<Result<CameraRegistration, "not-found" | "code-taken">>;
}

export interface HoldStorePort {
  find(id: number): Promise<StoredHold | null>;
  /** Resolve after the commit. */
  make(hold: NewHold, by: Actor, now: number): Promise<StoredHold>;
  review(id: number, words: string, reviewAt: number, by: Actor, now: number): Promise<Result<StoredHold, "not-found" | "hold-released">>;
  release(id: number, words: string, by: Actor, now: number): Promise<Result<StoredHold, "not-found" | "hold-released" | "own-hold">>;
  list(query: HoldQuery, now: number): Promise<StoredHold[]>;
  count(query: HoldQuery, now: number): Promise<HoldCounts>;
  /** All that hold, in pieces; answers with the revision of which at least they are. */
  readForRecorders(take: (holds: HoldForRecorders[]) => void): Promise<number>;
}

export interface CameraEventStorePort {
  listLasting(): Promise<LastingCameraEvent[]>;
  countLasting(): Promise<{ open: number; unacknowledged: number }>;
  /** In their order; resolves after the commit with the events as they are then. What is there already is not done twice. */
  apply(changes: readonly CameraEventChange[]): Promise<CameraEvent[]>;
  list(query: CameraEventQuery): Promise<{ events: CameraEvent[]; next: number | null; open: number; unacknowledged: number }>;
  /** Null: no such event. `taken` false: somebody had acknowledged it before. */
  acknowledge(id: number, words: string, by: Actor, now: number): Promise<{ event: CameraEvent; taken: boolean } | null>;
  sweep(before: number): Promise<number>;
  listUsual(): Promise<StoredUsualFigures[]>;
  saveUsual(figures: readonly StoredUsualFigures[]): Promise<void>;
}

export interface CallDraftStorePort {
  find(contactId: number): Promise<KeptDraft | null>;
  /** Lays the named fields over those that are kept, as [CON10] allows; resolves after the commit. */
  change(contactId: number, change: DraftChange, by: Actor, now: number): Promise<ChangedDraft>;
  /** Removes old ones of other contacts than these. */
  sweep(before: number, openContactIds: readonly number[]): Promise<number>;
}

/** What is refused is judged in the transaction that would write. Answers resolve after the commit. */
export interface WallStorePort {
  list(accountId: number): Promise<SavedWalls>;
  createLayout(layout: NewWallLayout, accountId: number, now: number): Promise<Result<WallLayout, WallFault>>;
  changeLayout(id: number, layout: NewWallLayout, accountId: number, now: number): Promise<Result<WallLayout, WallFault>>;
  removeLayout(id: number, accountId: number): Promise<Result<true, WallFault>>;
  createTour(tour: NewCameraTour, accountId: number, now: number): Promise<Result<CameraTour, WallFault>>;
  changeTour(id: number, tour: NewCameraTour, accountId: number, now: number): Promise<Result<CameraTour, WallFault>>;
  removeTour(id: number, accountId: number): Promise<Result<true, WallFault>>;
}

export interface TrackerStorePort {
  list(): Promise<StoredTracker[]>;
  add(deviceId: string, unitId: number, by: Actor, now: number): Promise<Result<StoredTracker, "device-taken" | "unit-has-tracker">>;
  remove(id: number, by: Actor, now: number): Promise<boolean>;
}

export interface PlatformStorePort {
  /** Those that stand. */
  listPlatforms(): Promise<StoredPlatform[]>;
  /** By code, beside the input; what is the same already stays untouched. */
  enterPlatforms(platforms: readonly PlatformToAdd[], by: Actor, now: number): Promise<StoredPlatform[]>;
  retirePlatform(id: number, by: Actor, now: number): Promise<boolean>;
}

export interface AlarmPointStorePort {
  list(): Promise<AlarmPoint[]>;
  add(point: NewAlarmPoint, by: Actor, now: number): Promise<Result<AlarmPoint, "code-taken">>;
  /** Null: there is none. */
  change(id: number, point: NewAlarmPoint, by: Actor, now: number): Promise<Result<AlarmPoint | null, "code-taken">>;
  remove(id: number, by: Actor, now: number): Promise<boolean>;
}

export interface WebhookStorePort {
  list(): Promise<Webhook[]>;
  /** Those that have something to be sent now. */
  listTargets(now: number): Promise<WebhookTarget[]>;
  findSecret(id: number): Promise<string | null>;
  add(made: NewWebhook, secret: string, by: Actor, now: number): Promise<Webhook>;
  setEnabled(id: number, enabled: boolean, by: Actor, now: number): Promise<Webhook | null>;
  remove(id: number, by: Actor, now: number): Promise<boolean>;
  /** Makes deliveries of what was committed since the last time; answers with how many events were read. */
  makeDeliveries(now: number): Promise<number>;
  listDue(webhookId: number, now: number, limit: number): Promise<DueDelivery[]>;
  settle(id: number, tries: number, after: AfterAttempt, now: number): Promise<void>;
  listDeliveries(state: Delivery["state"], before: number | null, limit: number): Promise<Delivery[]>;
  resend(ids: readonly number[], by: Actor, now: number): Promise<number>;
  sweep(before: number, most: number, now: number): Promise<number>;
  listEvents(after: number, limit: number): Promise<{ readonly events: Omit<IncidentEvent, "number">[]; readonly next: number }>;
}
export interface SharingStorePort {
  /** Of one incident, newest first. */
  list(incidentId: number): Promise<Sharing[]>;
  add(made: { readonly incidentId: number; readonly agency: Agency; readonly purpose: string; readonly until: number }, by: Actor, now: number): Promise<Sharing>;
  /** Null: there is none. */
  end(id: number, by: Actor, now: number): Promise<Sharing | null>;
  /** Whether a sharing is in force; that the agency is given the incident by it is written down by then, of a delivery once. */
  recordRead(incidentId: number, agency: Pick<Agency, "kind" | "id">, by: Actor, now: number, deliveryId?: number): Promise<boolean>;
}

export interface RunCardStorePort {
  /** null: the program's own are. */
  findInForce(): Promise<StoredRunCards | null>;
  findVersion(version: number): Promise<StoredRunCards | null>;
  findProposed(): Promise<StoredRunCards | null>;
  /** Those that are or were in force, newest first; without their rows. */
  listVersions(limit: number): Promise<(Omit<StoredRunCards, "rows"> & { readonly rowCount: number })[]>;
  propose(made: { readonly basedOn: number; readonly rows: readonly RunCardRow[]; readonly words: string }, by: Actor, now: number): Promise<Result<StoredRunCards, "proposal-open">>;
  /**
   * `refuse` judges the proposal as it is then, beside the table that is in force; `rightTaken`: somebody of those `roles` was disabled or lost the role since a day before it was proposed. `least`: the
   * first version that a table of a city may have. Resolves after the commit.
   */
  settle<R extends string>(id: number, state: "approved" | "discarded", by: Actor, now: number, terms: { readonly least: number; readonly roles: readonly string[] }, refuse: (proposal: StoredRunCards, inForce: StoredRunCards | null, rightTaken: boolean) => R | null): Promise<Result<StoredRunCards, R | "not-found">>;
}

export interface WarningStorePort {
  find(id: number): Promise<Warning | null>;
  /** A warning that was sent and what it follows, newest first, at most so many; empty where it was not sent. */
  listChain(id: number, most: number): Promise<Warning[]>;
  /** Newest first. */
  list(limit: number): Promise<Warning[]>;
  /** Sent since, and those that have not run out; newest first. */
  listPublic(since: number, now: number, limit: number): Promise<Warning[]>;
  draft(made: { readonly kind: Warning["kind"]; readonly follows: number | null; readonly content: WarningContent; readonly incidentId: number | null }, by: Actor, now: number): Promise<Warning>;
  /** `change` says the new words of the draft as it is then, or why there are none. Resolves after the commit. */
  reword<R extends string>(id: number, by: Actor, now: number, change: (warning: Warning) => Result<WarningContent, R>): Promise<Result<Warning, R | "not-found">>;
  /** `refuse` judges the warning as it is then, and what it follows. What is sent is put up for delivery by the same commit. */
  settle<R extends string>(id: number, state: "sent" | "discarded", by: Actor, now: number, refuse: (warning: Warning, follows: Warning | null) => R | null): Promise<Result<Warning, R | "not-found">>;
}
export interface TargetPort {
  /** Why a target may not be registered; undefined where it may. */
  judgeUrl(url: string): string | undefined;
}
export interface PosterPort {
  /** Never rejects. Ends at the latest after `timeoutMs`. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string, timeoutMs: number): Promise<Attempt>;
}

export interface MachineAccountStorePort {
  /** All, newest first, each with the SHA-256 of its key. */
  list(): Promise<{ readonly account: MachineAccount; readonly keyHash: Uint8Array }[]>;
  create(made: { readonly name: string; readonly interface: InterfaceName; readonly keyHash: Uint8Array; readonly keyStart: string }, by: Actor, now: number): Promise<Result<MachineAccount, "name-taken">>;
  /** Null: there is none. Revoking again changes nothing. */
  revoke(id: number, by: Actor, now: number): Promise<MachineAccount | null>;
  noteUse(id: number, at: number, from: string): Promise<void>;
}

export interface DatabaseStatusPort {
  status(): Promise<{ reachable: boolean; version: string; sizeBytes: number }>;
  /** Whether an error means that the database cannot be reached, rather than that the statement was wrong. */
  isUnreachable(error: unknown): boolean;
  /** Whether an error means that the statement took longer than it may. */
  isOutOfTime(error: unknown): boolean;
}

export interface CityPort {
  /** All of the contract's City but what the register counts. */
  readonly facts: Omit<City, "counts"> & { readonly counts: Pick<City["counts"], "streets" | "addresses" | "edges"> };
  /** Names of the districts that the map has. */
  listDistricts(): readonly string[];
  /** What is reached by road from there in so many seconds each; null: no road is near. */
  findReach(point: Point, seconds: readonly number[]): Promise<readonly { readonly seconds: number; readonly polygons: readonly (readonly (readonly Point[])[])[] }[] | null>;
  /** The road within reach of the point, from junction to junction; null: none. */
  findNearRoad(point: Point): z.input<typeof NearRoad>["road"];
  searchPlaces(query: string, limit: number, near: Point | null): Omit<z.input<typeof Places>, "tookMs">;
  /** A vector tile packed with gzip, or null. */
  findTile(zoom: number, x: number, y: number): Uint8Array | null;
}

/** Which cameras see a place, the best first. */
export type SeeingPort = (query: { readonly lon: number; readonly lat: number; readonly uncertaintyM: number; readonly limit: number }) => Promise<z.input<typeof SeeingAnswer>>;

export interface EventPlace {
  readonly point: { readonly lon: number; readonly lat: number };
  readonly uncertaintyM: number;
}
/** Something that cameras which record on events should keep. */
export interface RecordedEvent {
  /** Of the log's line, e.g. `{ incident: 5 }`. */
  readonly of: Readonly<Record<string, number>>;
  readonly cameraIds: readonly number[];
  readonly place: EventPlace | null;
  readonly at: number;
}
/** Tells the cameras that are named and those that see the place; nobody waits for it. */
export type EventRecordingPort = (event: RecordedEvent) => void;
/** An alarm was taken as this contact. `repeated`: before, and told then unless something came in between. */
export type AlarmRecordingPort = (contactId: number, repeated: boolean) => void;

/** The read model of the figures, kept up behind the log. */
export interface FigureStorePort {
  count(filter: FigureFilter, now: number): Promise<CountedFigures>;
  listDoubtful(query: DoubtfulQuery): Promise<{ total: number; spans: DoubtfulSpan[] }>;
  /** Newest first, in pieces. */
  readRows(filter: FigureFilter, limit: number, take: (rows: ExportedSpan[]) => void): Promise<void>;
}
