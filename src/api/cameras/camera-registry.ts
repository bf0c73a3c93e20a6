// The register as the rest of the API uses it: the database's rows, the index in memory and the health table, kept in step. Writes take turns, so that
// recorders hear of changes in the order of the revisions.
import { createFault, type InputFault } from "../../base/expectations.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Clock } from "../../base/time.ts";
import type { Point } from "../../geo/point.ts";
import type { Actor } from "../../contract/basics.ts";
import { faultsOfPlace } from "../../contract/camera-place.ts";
import type { City } from "../../contract/city.ts";
import { leadsElsewhere } from "../../contract/camera-endpoint.ts";
import { faultsOfParticulars, withoutRepeats } from "../../contract/camera-particulars.ts";
import type { Camera, CameraChanged, CameraEntry, ChangeCamera, NewCamera } from "../../contract/cameras.ts";
import { findHostRefusal, formatNetworks, type AddressPolicy } from "../../video/camera/camera-networks.ts";
import { assignRecorders, type RecorderLoad } from "../../video/camera/recorder-assignment.ts";
import { listRecordersEver, partsOfRange, type RecorderPart, type RecorderStay } from "../../video/camera/recorder-stays.ts";
import type { CameraRegistration, CameraToAdd } from "../../contract/register.ts";
import type { CameraStorePort } from "../ports.ts";
import { parseCameraAddress, type CameraAddress } from "./camera-address.ts";
import { createCameraHealthTable, type CameraHealthTable } from "./camera-health.ts";
import { createCameraIndex, type CameraIndex } from "./camera-index.ts";

type Credential = { readonly userName: string | null; readonly password: string | null };
const NO_CREDENTIAL: Credential = { userName: null, password: null };

export type RegisterChange = { readonly kind: "changed" | "removed"; readonly ids: readonly number[] };
/** How a spot is called: "Rivera y Soca". */
export type NamePlace = (point: Point) => { readonly place: string; readonly district: string | null };
export type CameraFault = "not-found" | "code-taken" | readonly InputFault[];

export interface CameraRegistry {
  readonly index: CameraIndex;
  readonly health: CameraHealthTable;
  load(): Promise<void>;
  /** An address in a form and at a host that cameras may have; a host that is a name the recorder judges when it connects. */
  readAddress(text: string): Result<CameraAddress, InputFault>;
  /** Of a point far from the city and an address that is none or not allowed; null is not judged. */
  findFaults(entry: { readonly point: Point | null; readonly address: string | null }): readonly InputFault[];
  /** Reads the address and names the place. The faults name the fields: an address that is none, a point far from the city. */
  prepare(camera: NewCamera): Result<CameraToAdd, readonly InputFault[]>;
  /** Beside the input; null: the code is taken. */
  addMany(cameras: readonly CameraToAdd[], by: Actor): Promise<(CameraRegistration | null)[]>;
  add(camera: NewCamera, by: Actor): Promise<Result<Camera, CameraFault>>;
  /** A stored name and password stay with the host and port that they were given for [CRD1]. */
  change(id: number, change: ChangeCamera, by: Actor): Promise<Result<CameraChanged, CameraFault>>;
  remove(id: number, by: Actor): Promise<boolean>;
  /** A removed camera becomes one of the register again: the same id, so its recordings and records go on. Its credentials are gone. */
  returnToRegister(id: number, by: Actor): Promise<Result<Camera, "not-found" | "code-taken">>;
  toCamera(registration: CameraRegistration): Camera;
  /** Another recorder records it from now on. `same-recorder`: it does already. */
  moveToRecorder(id: number, recorderId: number, words: string, by: Actor): Promise<Result<Camera, "not-found" | "same-recorder" | readonly InputFault[]>>;
  /** Who has what a camera recorded in a range: the one answer to that for all who ask recorders for the past [RDR2]. */
  partsOf(camera: RecordedCamera, from: number, to: number): RecorderPart[];
  /** Of every recorder that may have anything of it. */
  recordersEverOf(camera: RecordedCamera): number[];
  /** Of a camera that was moved, in order of time; none of one that never was. */
  staysOf(cameraId: number): readonly RecorderStay[];
  /** Cameras that a recorder had, and has no more. */
  formerOf(recorderId: number): number[];
  subscribe(listener: (change: RegisterChange) => void): () => void;
}
type RecordedCamera = Pick<CameraRegistration, "id" | "recorderId">;

export interface CameraRegistryOptions {
  readonly store: CameraStorePort;
  readonly clock: Clock;
  readonly namePlace: NamePlace;
  readonly addressPolicy: AddressPolicy;
  readonly bounds: City["bounds"];
  /** Those that are started with the centre; others are known once they have linked. */
  readonly recorderIds: readonly number[];
}

export function createCameraRegistry({ store, clock, namePlace, addressPolicy, bounds, recorderIds }: CameraRegistryOptions): CameraRegistry {
  const index = createCameraIndex();
  const health = createCameraHealthTable(index);
  const listeners = new Set<(change: RegisterChange) => void>();
  let turn: Promise<unknown> = Promise.resolve();
  const stays = new Map<number, RecorderStay[]>();
  const staysOf = (cameraId: number): readonly RecorderStay[] => stays.get(cameraId) ?? [];

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  const tell = (change: RegisterChange): void => {
    for (const listener of listeners) listener(change);
  };
  const toCamera = (registration: CameraRegistration): Camera => {
    const { revision: _revision, ...entry } = registration;
    return { ...entry, streams: entry.address === null ? [] : entry.subAddress === null ? ["main"] : ["main", "sub"], health: health.find(registration.id) };
  };

  const readAddress = (text: string): Result<CameraAddress, InputFault> => {
    const parsed = parseCameraAddress(text);
    if (!parsed.ok) return parsed;
    const { host } = parsed.value;
    const refusal = findHostRefusal(host, addressPolicy);
    return refusal === undefined ? parsed : err(createFault("address", "(not shown)", `host-${refusal}`, { host, networks: formatNetworks(addressPolicy) }));
  };

  /** Without a name and password that somebody pasted with it: those of the first stream are used. */
  const readSubAddress = (text: string | null): Result<string | null, InputFault> => {
    if (text === null) return ok(null);
    const parsed = readAddress(text);
    return parsed.ok ? ok(parsed.value.address) : err({ ...parsed.error, field: "subAddress" });
  };

  /** Those that somebody started: a camera of any other would not be recorded by anybody. */
  const faultsOfRecorder = (recorderId: number | null): InputFault[] => {
    const known = [...new Set([...recorderIds, ...health.listLinked()])].sort((a, b) => a - b);
    return recorderId === null || known.includes(recorderId) ? [] : [createFault("recorderId", String(recorderId), "recorder-exists", { numbers: known.join(", ") })];
  };
  /** Counted as cameras and their figures come: a list that is added one by one asks for it with each. */
  const listLoads = (): RecorderLoad[] =>
    [...new Set([...recorderIds, ...health.listLinked()])].map((recorderId) => {
      const told = health.toldRateOf(recorderId);
      return { recorderId, isThere: health.isLinked(recorderId), cameras: index.streamsOf.get(recorderId) ?? 0, toldCameras: told.cameras, toldBitsPerSecond: told.bitsPerSecond };
    });

  const findFaults: CameraRegistry["findFaults"] = ({ point, address }) => {
    const parsed = address === null ? undefined : readAddress(address);
    return [...(point === null ? [] : faultsOfPlace(point, bounds, "pose.point")), ...(parsed?.ok === false ? [parsed.error] : [])];
  };

  const prepare = (camera: NewCamera): Result<CameraToAdd, readonly InputFault[]> => {
    const parsed = camera.address === null ? ok(null) : readAddress(camera.address);
    const sub = readSubAddress(camera.subAddress);
    const streams = { address: parsed.ok ? (parsed.value?.address ?? null) : camera.address, subAddress: parsed.ok && sub.ok ? sub.value : null };
    const faults = withoutRepeats([...findFaults({ point: camera.pose.point, address: camera.address }), ...(sub.ok ? [] : [sub.error]), ...faultsOfParticulars({ ...camera, ...streams }), ...faultsOfRecorder(camera.recorderId)]);
    if (faults.length > 0) return err(faults);
    const named = namePlace(camera.pose.point);
    const login = parsed.ok && parsed.value !== null ? parsed.value : NO_CREDENTIAL;
    return ok({
      ...camera, ...streams, code: camera.code ?? null, place: camera.place ?? named.place, district: named.district, userName: camera.userName ?? login.userName, password: camera.password ?? login.password,
    });
  };

  const addMany = (cameras: readonly CameraToAdd[], by: Actor): Promise<(CameraRegistration | null)[]> =>
    inTurn(async () => {
      const assigned = assignRecorders(cameras.map(({ recorderId }) => recorderId), listLoads());
      const added = await store.add(cameras.map((camera, i) => ({ ...camera, recorderId: assigned[i]! })), by, clock.wallMs());
      const ids: number[] = [];
      for (const camera of added) {
        if (camera === null) continue;
        index.put(camera);
        ids.push(camera.id);
      }
      if (ids.length > 0) tell({ kind: "changed", ids });
      return added;
    });

  return {
    index, health, readAddress, findFaults, prepare, addMany, toCamera,
    load: () => inTurn(async () => {
      await store.readAll((cameras) => cameras.forEach(index.put));
      stays.clear();
      for (const { cameraId, ...stay } of await store.listRecorderStays()) stays.set(cameraId, [...(stays.get(cameraId) ?? []), stay]);
      for (const { cameraId, present, entered } of await store.listTurns()) {
        const camera = index.sight.find(cameraId);
        if (camera !== undefined && camera.bearingDeg === entered.bearingDeg && camera.tiltDeg === entered.tiltDeg && camera.horizontalFovDeg === entered.horizontalFovDeg) index.sight.turn(cameraId, present); // entered anew since: it looks there
      }
    }),
    add: async (camera, by) => {
      const prepared = prepare(camera);
      if (!prepared.ok) return prepared;
      const [added] = await addMany([prepared.value], by);
      return added === null || added === undefined ? err("code-taken") : ok(toCamera(added));
    },
    change: (id, change, by) =>
      inTurn(async (): Promise<Result<CameraChanged, CameraFault>> => {
        const { userName, password, address, subAddress, ...plain } = change;
        let credential: Credential | undefined;
        let plainAddress = address;
        if (address !== undefined && address !== null) {
          const parsed = readAddress(address);
          if (!parsed.ok) return err([parsed.error]);
          plainAddress = parsed.value.address;
          if (parsed.value.userName !== null || parsed.value.password !== null) credential = { userName: parsed.value.userName, password: parsed.value.password };
        }
        const sub = readSubAddress(subAddress ?? null);
        if (!sub.ok) return err([sub.error]);
        const [before] = await store.listByIds([id]);
        if (before === undefined) return err("not-found");
        const to = change.pose?.point;
        const moves = to !== undefined && (to.lon !== before.pose.point.lon || to.lat !== before.pose.point.lat);
        const misplaced = moves ? faultsOfPlace(to, bounds, "pose.point") : []; // one that stood outside before this rule may stay
        if (misplaced.length > 0) return err(misplaced);
        const stored = (await store.findCredential(id)) ?? NO_CREDENTIAL;
        const elsewhere = plainAddress === null || (plainAddress !== undefined && leadsElsewhere(before.address, plainAddress));
        if (userName !== undefined || password !== undefined) {
          const kept = credential ?? (elsewhere ? NO_CREDENTIAL : stored);
          credential = { userName: userName === undefined ? kept.userName : userName, password: password === undefined ? kept.password : password };
        }
        if (plainAddress === null || (elsewhere && credential === undefined)) credential = NO_CREDENTIAL;
        const credentialDropped = elsewhere && (stored.userName !== null || stored.password !== null) && (credential?.password ?? "") === "";
        const moved = change.pose === undefined ? {} : { district: namePlace(change.pose.point).district };
        // A second stream and a pinned certificate are of the box that they were entered for, as the password is.
        const boxed = { subAddress: subAddress === undefined && !elsewhere ? before.subAddress : sub.value, certificateSha256: plain.certificateSha256 === undefined ? (elsewhere ? null : before.certificateSha256) : plain.certificateSha256 };
        const named = Object.fromEntries(Object.entries({ ...plain, address: plainAddress }).filter(([, value]) => value !== undefined)) as Partial<CameraEntry>;
        const mismatched = faultsOfParticulars({ ...before, ...named, ...boxed });
        if (mismatched.length > 0) return err(mismatched);
        const changed = await store.change(id, { ...plain, ...moved, ...boxed, address: plainAddress, credential }, by, clock.wallMs());
        if (!changed.ok) return changed;
        index.put(changed.value);
        if (changed.value.address === null) health.forget(id, changed.value.recorderId);
        tell({ kind: "changed", ids: [id] });
        return ok({ ...toCamera(changed.value), credentialDropped });
      }),
    remove: (id, by) =>
      inTurn(async () => {
        const removed = await store.remove(id, by, clock.wallMs());
        if (!removed) return false;
        const recorderId = index.recorderOf(id);
        index.remove(id);
        if (recorderId !== null) health.forget(id, recorderId);
        tell({ kind: "removed", ids: [id] });
        return true;
      }),
    returnToRegister: (id, by) =>
      inTurn(async () => {
        const returned = await store.returnToRegister(id, by, clock.wallMs());
        if (!returned.ok) return returned;
        index.put(returned.value);
        tell({ kind: "changed", ids: [id] });
        return ok(toCamera(returned.value));
      }),
    moveToRecorder: (id, recorderId, words, by) =>
      inTurn(async () => {
        const faults = faultsOfRecorder(recorderId);
        if (faults.length > 0) return err(faults);
        const before = index.recorderOf(id);
        const moved = await store.moveToRecorder(id, recorderId, words, by, clock.wallMs());
        if (!moved.ok) return moved;
        const { camera, since } = moved.value;
        stays.set(id, [...(stays.get(id) ?? [{ recorderId: before!, since: 0 }]), { recorderId, since }]);
        if (before !== null) health.forget(id, before);
        index.put(camera);
        tell({ kind: "changed", ids: [id] });
        return ok(toCamera(camera));
      }),
    partsOf: ({ id, recorderId }, from, to) => partsOfRange(staysOf(id), recorderId, from, to),
    recordersEverOf: ({ id, recorderId }) => listRecordersEver(staysOf(id), recorderId),
    staysOf,
    formerOf: (recorderId) => [...stays].flatMap(([id, of]) => (index.recorderOf(id) !== recorderId && of.some((stay) => stay.recorderId === recorderId) ? [id] : [])),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
