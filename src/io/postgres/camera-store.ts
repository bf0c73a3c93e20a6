// The register of cameras in PostgreSQL. Every change raises the register's revision and writes an audit entry in the same transaction. Credentials
// are sealed apart from the camera; they are opened for its recorder and never for an answer.
import type { Actor } from "../../contract/basics.ts";
import type { RemovedCamera } from "../../contract/cameras.ts";
import type { CameraChange, CameraRegistration, CameraToJoin, CameraToKeep } from "../../contract/register.ts";
import type { PresentView } from "../../geo/camera-index.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Sealer } from "../crypto/seal.ts";
import { changedFields, insertAuditEntry } from "./audit-store.ts";
import { CAMERA_COLUMNS, insertCameras, openCredential, sealCredential, toRegistration, toRow, type Credential } from "./camera-rows.ts";
import type { Database, Transaction } from "./database.ts";
import { likePattern } from "./like-pattern.ts";

export interface CameraPageQuery {
  /** Part of code, name, place or district; lower or upper case. */
  readonly q?: string | undefined;
  readonly after: number;
  readonly limit: number;
}

const PAGE = 5_000;

const CHANGEABLE = [
  "name", "kind", "place", "district", "pose", "imageWidthPx", "nightView", "purpose", "owner", "address", "subAddress", "transport", "certificateSha256", "soundPurpose", "metadataPurpose", "recording", "schedule", "preRollS", "postRollS",
  "keyFrameIntervalS", "retentionDays", "leastDays", "mostGigabytes",
] as const;

/** `onUnreadable` is told the ids of cameras whose credentials were sealed with another key. */
export function createCameraStore(database: Database, sealer: Sealer, onUnreadable: (cameraId: number) => void = () => undefined) {
  const credentialOf = (cameraId: number, sealed: Uint8Array | null): Credential => {
    const opened = openCredential(sealer, cameraId, sealed);
    if (opened === undefined) onUnreadable(cameraId);
    return opened ?? { userName: null, password: null };
  };
  const columns = (sql: Database | Transaction) => sql.unsafe(CAMERA_COLUMNS);

  return {
    /** All cameras in pages, for the index in memory. */
    readAll: async (take: (cameras: CameraRegistration[]) => void): Promise<void> => {
      for await (const rows of database`select ${columns(database)} from camera c where removed_at is null order by c.id`.cursor(PAGE)) take(rows.map(toRegistration));
    },

    /** In the order of ids, with the number of all that match. */
    page: async (query: CameraPageQuery): Promise<{ cameras: CameraRegistration[]; total: number }> => {
      const matching = query.q === undefined || query.q === "" ? database`removed_at is null` : database`removed_at is null and search like ${likePattern(query.q.toLowerCase())}`;
      const [rows, total] = await Promise.all([
        database`select ${columns(database)} from camera c where ${matching} and c.id > ${query.after} order by c.id limit ${query.limit}`,
        database`select count(*)::integer as n from camera c where ${matching}`,
      ]);
      return { cameras: rows.map(toRegistration), total: total[0]!["n"] };
    },

    /** Those of the ids that exist, in the order asked for. */
    listByIds: async (ids: readonly number[]): Promise<CameraRegistration[]> => {
      const rows = await database`select ${columns(database)} from camera c where removed_at is null and c.id = any(${ids as number[]}::integer[])`;
      const byId = new Map(rows.map((row) => [row["id"] as number, toRegistration(row)]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },

    /** Ids of those among `ids` that match the words. */
    filterIds: async (ids: readonly number[], q: string): Promise<number[]> =>
      (await database`select id from camera where removed_at is null and id = any(${ids as number[]}::integer[]) and search like ${likePattern(q.toLowerCase())} order by id`).map((row) => row["id"]),

    findPlaceByCode: async (code: string): Promise<{ id: number; point: { lon: number; lat: number } } | null> => {
      const [row] = await database`select id, lon, lat from camera where removed_at is null and code = ${code}`;
      return row === undefined ? null : { id: row["id"], point: { lon: row["lon"], lat: row["lat"] } };
    },
    filterCodes: async (codes: readonly string[]): Promise<string[]> =>
      (await database`select code from camera where removed_at is null and code = any(${codes as string[]}::text[])`).map((row) => row["code"]),

    /** What a recorder must join, in pages, with credentials. */
    readForRecorder: async (recorderId: number, pageSize: number, take: (cameras: CameraToJoin[]) => Promise<void>): Promise<void> => {
      const pages = database`
        select ${columns(database)}, k.sealed from camera c left join camera_credential k on k.camera_id = c.id
        where c.recorder_id = ${recorderId} and c.removed_at is null and c.address is not null order by c.id`.cursor(pageSize);
      for await (const rows of pages)
        await take(rows.map((row) => ({ ...toRegistration(row), address: row["address"] as string, ...credentialOf(row["id"], row["sealed"]) })));
    },

    /** One camera as its recorder needs it; null where it is gone or has no address. */
    findForRecorder: async (id: number): Promise<CameraToJoin | null> => {
      const [row] = await database`
        select ${columns(database)}, k.sealed from camera c left join camera_credential k on k.camera_id = c.id
        where c.id = ${id} and c.removed_at is null and c.address is not null`;
      return row === undefined ? null : { ...toRegistration(row), address: row["address"] as string, ...credentialOf(id, row["sealed"]) };
    },

    listRemoved: async (q: string | undefined, limit: number): Promise<{ cameras: RemovedCamera[]; total: number }> => {
      const matching = q === undefined || q === "" ? database`removed_at is not null` : database`removed_at is not null and search like ${likePattern(q.toLowerCase())}`;
      const rows = await database`select id, code, name, place, removed_at, (count(*) over ())::integer as total from camera where ${matching} order by removed_at desc, id desc limit ${limit}`;
      return { cameras: rows.map((row) => ({ id: row["id"], code: row["code"], name: row["name"], place: row["place"], removedAt: (row["removed_at"] as Date).getTime() })), total: rows[0]?.["total"] ?? 0 };
    },

    /** A camera that is or was in the register; its recordings outlive it. */
    findEverRegistered: async (id: number): Promise<CameraRegistration | null> => {
      const [row] = await database`select ${columns(database)} from camera c where c.id = ${id}::bigint`;
      return row === undefined ? null : toRegistration(row);
    },

    /** The answer stands beside the input; null: the code is taken. One audit entry, whatever the number. */
    add: (cameras: readonly CameraToKeep[], by: Actor, now: number): Promise<(CameraRegistration | null)[]> =>
      database.begin(async (transaction) => {
        const added = await insertCameras(transaction, sealer, cameras, now);
        const taken = added.filter((camera) => camera !== null);
        const only = taken.length === 1 ? taken[0]! : null;
        if (only !== null)
          await insertAuditEntry(transaction, now, by, { action: "camera.add", subjectKind: "camera", subjectId: only.id, body: { ...only } });
        else if (taken.length > 0)
          await insertAuditEntry(transaction, now, by, {
            action: "camera.add-many", subjectKind: "camera", subjectId: null, body: { count: taken.length, cameras: taken.map((camera) => [camera.id, camera.code]) },
          });
        return added;
      }),

    change: (id: number, change: CameraChange, by: Actor, now: number): Promise<Result<CameraRegistration, "not-found">> =>
      database.begin(async (transaction): Promise<Result<CameraRegistration, "not-found">> => {
        const [row] = await transaction`select ${columns(transaction)} from camera c where c.id = ${id} and c.removed_at is null for update`;
        if (row === undefined) return err("not-found");
        const before = toRegistration(row);
        const { credential, ...named } = change;
        const after = { ...before, ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) } as CameraRegistration;
        const [changed] = await transaction`
          update camera c set ${transaction(toRow(after))}, revision = nextval('camera_revision_sequence') where c.id = ${id} returning ${columns(transaction)}`;
        if (credential !== undefined) {
          await transaction`delete from camera_credential where camera_id = ${id}`;
          if (credential.userName !== null || credential.password !== null)
            await transaction`insert into camera_credential (camera_id, sealed) values (${id}, ${sealCredential(sealer, id, credential.userName, credential.password)})`;
        }
        await insertAuditEntry(transaction, now, by, {
          action: "camera.change", subjectKind: "camera", subjectId: id,
          body: { ...changedFields<CameraRegistration>(before, after, CHANGEABLE), ...(credential === undefined ? {} : { credential: "changed" }) },
        });
        return ok(toRegistration(changed!));
      }),

    /** Another recorder records it from `now` on; the audit entry says who moved it and why. */
    moveToRecorder: (id: number, recorderId: number, words: string, by: Actor, now: number): Promise<Result<{ camera: CameraRegistration; since: number }, "not-found" | "same-recorder">> =>
      database.begin(async (transaction): Promise<Result<{ camera: CameraRegistration; since: number }, "not-found" | "same-recorder">> => {
        const [row] = await transaction`select ${columns(transaction)} from camera c where c.id = ${id} and c.removed_at is null for update`;
        if (row === undefined) return err("not-found");
        const before = row["recorder_id"] as number;
        if (before === recorderId) return err("same-recorder");
        await transaction`insert into camera_recorder_stay (camera_id, recorder_id, since) select ${id}, ${before}, to_timestamp(0) where not exists (select from camera_recorder_stay where camera_id = ${id})`;
        // Stays are in the order of the moves, also where the clock was set back between them.
        const [last] = await transaction`select max(since) as since from camera_recorder_stay where camera_id = ${id}`;
        const since = Math.max(Math.round(now), (last!["since"] as Date).getTime() + 1);
        await transaction`insert into camera_recorder_stay (camera_id, recorder_id, since) values (${id}, ${recorderId}, ${new Date(since)})`;
        const [moved] = await transaction`update camera c set recorder_id = ${recorderId}, revision = nextval('camera_revision_sequence') where c.id = ${id} returning ${columns(transaction)}`;
        await insertAuditEntry(transaction, now, by, { action: "camera.move-recorder", subjectKind: "camera", subjectId: id, body: { recorder: { from: before, to: recorderId }, words } });
        return ok({ camera: toRegistration(moved!), since });
      }),
    /** Of cameras that were moved, removed ones too; of each in order of time. */
    listRecorderStays: async () =>
      (await database`select camera_id, recorder_id, since from camera_recorder_stay order by camera_id, since`).map((row) => ({ cameraId: row["camera_id"] as number, recorderId: row["recorder_id"] as number, since: (row["since"] as Date).getTime() })),

    saveTurn: async (id: number, present: PresentView | null, entered: Omit<PresentView, "toldAt">, by: Actor): Promise<void> => {
      if (present === null) return void (await database`delete from camera_turn where camera_id = ${id}`);
      const row = {
        camera_id: id, bearing_deg: present.bearingDeg, tilt_deg: present.tiltDeg, horizontal_fov_deg: present.horizontalFovDeg, entered_bearing_deg: entered.bearingDeg, entered_tilt_deg: entered.tiltDeg,
        entered_horizontal_fov_deg: entered.horizontalFovDeg, told_at: new Date(present.toldAt), told_by: database.json(by as never),
      };
      await database`
        insert into camera_turn ${database(row)} on conflict (camera_id) do update set bearing_deg = excluded.bearing_deg, tilt_deg = excluded.tilt_deg, horizontal_fov_deg = excluded.horizontal_fov_deg, entered_bearing_deg = excluded.entered_bearing_deg,
          entered_tilt_deg = excluded.entered_tilt_deg, entered_horizontal_fov_deg = excluded.entered_horizontal_fov_deg, told_at = excluded.told_at, told_by = excluded.told_by where camera_turn.told_at <= excluded.told_at`;
    },
    listTurns: async () =>
      (await database`select t.* from camera_turn t join camera c on c.id = t.camera_id and c.removed_at is null`).map((row) => ({
        cameraId: row["camera_id"] as number, present: { bearingDeg: row["bearing_deg"], tiltDeg: row["tilt_deg"], horizontalFovDeg: row["horizontal_fov_deg"], toldAt: row["told_at"].getTime() } as PresentView,
        entered: { bearingDeg: row["entered_bearing_deg"], tiltDeg: row["entered_tilt_deg"], horizontalFovDeg: row["entered_horizontal_fov_deg"] } as Omit<PresentView, "toldAt">,
      })),

    recordEvent: (id: number, words: string, until: number, by: Actor, now: number): Promise<void> =>
      database.begin((transaction) => insertAuditEntry(transaction, now, by, { action: "camera.recording-event", subjectKind: "camera", subjectId: id, body: { words, until } })).then(() => undefined),

    /** The row stays for what refers to it; its credentials go. */
    remove: (id: number, by: Actor, now: number): Promise<boolean> =>
      database.begin(async (transaction) => {
        const [row] = await transaction`
          update camera set removed_at = ${new Date(now)}, revision = nextval('camera_revision_sequence') where id = ${id} and removed_at is null returning code`;
        if (row === undefined) return false;
        await transaction`delete from camera_credential where camera_id = ${id}`;
        await insertAuditEntry(transaction, now, by, { action: "camera.remove", subjectKind: "camera", subjectId: id, body: { code: row["code"] } });
        return true;
      }),

    /** The same camera again, without the credentials that its removal took. */
    returnToRegister: (id: number, by: Actor, now: number): Promise<Result<CameraRegistration, "not-found" | "code-taken">> =>
      database.begin(async (transaction): Promise<Result<CameraRegistration, "not-found" | "code-taken">> => {
        const [removed] = await transaction`select code, removed_at from camera where id = ${id}::bigint and removed_at is not null for update`;
        if (removed === undefined) return err("not-found");
        if ((await transaction`select from camera where code = ${removed["code"]} and removed_at is null`).count > 0) return err("code-taken");
        const [row] = await transaction`
          update camera c set removed_at = null, revision = nextval('camera_revision_sequence') where id = ${id} returning ${columns(transaction)}`;
        await insertAuditEntry(transaction, now, by, { action: "camera.return", subjectKind: "camera", subjectId: id, body: { code: removed["code"], removedAt: (removed["removed_at"] as Date).getTime() } });
        return ok(toRegistration(row!));
      }),

    /**
     * Cameras whose address begins with `before` move to `after`, with another credential: a whole set of cameras that went to another host.
     * Returns how many.
     */
    move: (before: string, after: string, credential: Credential, by: Actor, now: number): Promise<number> =>
      database.begin(async (transaction) => {
        const moved = await transaction`
          update camera set address = ${after} || substr(address, ${before.length + 1}), sub_address = ${after} || substr(sub_address, ${before.length + 1}), revision = nextval('camera_revision_sequence')
          where removed_at is null and starts_with(address, ${before}) returning id`;
        const secrets = moved.map((row) => ({ camera_id: row["id"], sealed: sealCredential(sealer, row["id"], credential.userName, credential.password).toString("base64") }));
        await transaction`
          insert into camera_credential (camera_id, sealed)
          select s.camera_id, decode(s.sealed, 'base64') from jsonb_to_recordset(${transaction.json(secrets as never)}) as s (camera_id integer, sealed text)
          on conflict (camera_id) do update set sealed = excluded.sealed`;
        if (moved.length > 0) await insertAuditEntry(transaction, now, by, { action: "camera.move", subjectKind: "camera", subjectId: null, body: { before, after, count: moved.length } });
        return moved.length;
      }),

    /** User name of a camera, for keeping it when only the password changes. */
    findCredential: async (id: number): Promise<{ userName: string | null; password: string | null } | null> => {
      const [row] = await database`select sealed from camera_credential where camera_id = ${id}`;
      return row === undefined ? null : credentialOf(id, row["sealed"]);
    },
  };
}
