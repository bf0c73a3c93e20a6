// The register of cameras: reading for all who may know where cameras are, changing for engineers.
import { createFault } from "../../base/expectations.ts";
import { Readable } from "node:stream";
import type { Clock } from "../../base/time.ts";
import type { Camera } from "../../contract/cameras.ts";
import { importCameras } from "../cameras/camera-csv.ts";
import type { CameraFault, CameraRegistry } from "../cameras/camera-registry.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import type { Principal } from "../gate/principal.ts";
import type { Handlers } from "../handler.ts";
import type { CameraRegistration, CameraToAdd } from "../../contract/register.ts";
import type { CameraStorePort, SeeingPort } from "../ports.ts";
import type { RecorderLinks } from "../recorder/recorder-links.ts";

export interface CameraHandlerOptions {
  readonly clock: Clock;
  /** IANA name of the city's. */
  readonly timeZone: string;
  readonly registry: CameraRegistry;
  readonly store: CameraStorePort;
  readonly recorders: RecorderLinks;
  readonly seeing: SeeingPort;
}

type Names = "listCameras" | "listRemovedCameras" | "getCamera" | "createCamera" | "changeCamera" | "removeCamera" | "returnCamera" | "moveCamera" | "importCameras" | "probeCamera" | "noteRecordingEvent" | "noteCameraTurn" | "seeingCameras";

function refusalOf(fault: CameraFault, code: string): ApiError {
  if (fault === "not-found") return notFound("camera");
  if (fault === "code-taken") return new ApiError(409, "code-taken", "A camera has that code already", { faults: [createFault("code", code, "code-free")] });
  return badInput(fault);
}

export function createCameraHandlers({ clock, timeZone, registry, store, recorders, seeing }: CameraHandlerOptions): Pick<Handlers, Names> {
  const { index, health } = registry;
  const nextOf = (cameras: readonly { id: number }[], limit: number): number | null => (cameras.length === limit ? cameras.at(-1)!.id : null);
  /** Where a camera answers in its network is for those who set it up: with it, whoever reads the register could go past the record of looks. */
  const view = (registrations: readonly CameraRegistration[], principal: Principal): Camera[] =>
    registrations.map((one) => (principal.permissions.has("camera.write") ? registry.toCamera(one) : { ...registry.toCamera(one), address: null, subAddress: null }));

  return {
    listCameras: async ({ principal, query }) => {
      const { q, state, near, after, limit } = query;
      if (near !== undefined) {
        // Nearest first; there is no next page of nearness, one asks for more.
        const [lon, lat] = near.split(",").map(Number) as [number, number];
        if (Math.abs(lon) > 180 || Math.abs(lat) > 90) throw badInput([createFault("query.near", near, "lon-lat")]);
        let ids = index.listNearest({ lon, lat }, q === undefined && state === undefined ? limit : limit * 20);
        if (state !== undefined) ids = ids.filter((id) => health.stateOf(id) === state);
        if (q !== undefined) {
          const matching = new Set(await store.filterIds(ids, q));
          ids = ids.filter((id) => matching.has(id));
        }
        return { cameras: view(await store.listByIds(ids.slice(0, limit)), principal), next: null, total: ids.length };
      }
      if (state !== undefined) {
        const hasState = (id: number): boolean => health.stateOf(id) === state;
        const all = index.listIdsWhere(0, Number.POSITIVE_INFINITY, hasState);
        const matching = q === undefined ? all : await store.filterIds(all, q);
        const ids = matching.filter((id) => id > after).slice(0, limit);
        return { cameras: view(await store.listByIds(ids), principal), next: ids.length === limit ? ids.at(-1)! : null, total: matching.length };
      }
      const page = await store.page({ q, after, limit });
      return { cameras: view(page.cameras, principal), next: nextOf(page.cameras, limit), total: page.total };
    },

    listRemovedCameras: async ({ query }) => store.listRemoved(query.q, query.limit),

    getCamera: async ({ principal, params }) => {
      const [camera] = await store.listByIds([params.id]);
      if (camera === undefined) throw notFound("camera");
      return view([camera], principal)[0]!;
    },

    createCamera: async ({ principal, body }) => {
      const added = await registry.add(body, principal.actor);
      if (!added.ok) throw refusalOf(added.error, body.code ?? "");
      return added.value;
    },

    changeCamera: async ({ principal, params, body }) => {
      const changed = await registry.change(params.id, body, principal.actor);
      if (!changed.ok) throw refusalOf(changed.error, "");
      return changed.value;
    },

    removeCamera: async ({ principal, params }) => {
      if (!(await registry.remove(params.id, principal.actor))) throw notFound("camera");
      return { done: true };
    },

    returnCamera: async ({ principal, params }) => {
      const returned = await registry.returnToRegister(params.id, principal.actor);
      if (!returned.ok) throw returned.error === "not-found" ? notFound("camera") : new ApiError(409, "code-taken", "Another camera has its code now: that one has to be removed first");
      return returned.value;
    },

    moveCamera: async ({ principal, params, body }) => {
      const moved = await registry.moveToRecorder(params.id, body.recorderId, body.words, principal.actor);
      if (moved.ok) return moved.value;
      if (moved.error === "same-recorder") throw badInput([createFault("recorderId", String(body.recorderId), "other-recorder")]);
      throw refusalOf(moved.error, "");
    },

    importCameras: async ({ principal, query, body, stream }) => {
      const add = async (cameras: readonly CameraToAdd[]): Promise<boolean[]> => (await registry.addMany(cameras, principal.actor)).map((one) => one !== null);
      const check = async (cameras: readonly CameraToAdd[]): Promise<boolean[]> => {
        const taken = new Set(await store.filterCodes(cameras.flatMap((one) => one.code ?? [])));
        return cameras.map((one) => one.code === null || !taken.has(one.code));
      };
      return importCameras(stream ?? Readable.from([body.csv]), { prepare: registry.prepare, findFaults: registry.findFaults, take: query.check === "true" ? check : add });
    },

    probeCamera: async ({ body }) => {
      const parsed = registry.readAddress(body.address);
      if (!parsed.ok) return { ok: false, problem: "bad-address", message: `expected ${parsed.error.expected}`, fault: parsed.error, certificateSha256: null };
      const { address, userName, password } = parsed.value;
      return recorders.probe({ address, userName: body.userName ?? userName, password: body.password ?? password, transport: body.transport, certificateSha256: body.certificateSha256 });
    },

    noteRecordingEvent: async ({ principal, params, body }) => {
      const [camera] = await store.listByIds([params.id]);
      if (camera === undefined) throw notFound("camera");
      if (camera.recording !== "on-event") throw new ApiError(409, "not-on-event", "This camera does not record on events", { details: { recording: camera.recording } });
      const at = Math.round(clock.wallMs());
      const recordedUntil = Math.round(at + camera.postRollS * 1_000);
      await store.recordEvent(camera.id, body.words, recordedUntil, principal.actor, at);
      if (!recorders.tell(camera.recorderId, { type: "recording-event", cameraIds: [camera.id], at })) throw new ApiError(503, "no-recorder", "The camera's recorder is not linked: the event could not be told", { retryAfterMs: 2_000 });
      return { cameraId: camera.id, at, recordedUntil, timeZone };
    },

    noteCameraTurn: async ({ principal, params, body }) => {
      const camera = index.sight.find(params.id);
      if (camera === undefined) throw notFound("camera");
      const present = "asEntered" in body ? null : { ...body, toldAt: Math.round(clock.wallMs()) };
      if (!index.sight.turn(params.id, present)) throw new ApiError(409, "does-not-turn", "This camera is not entered as one that turns", { details: { kind: index.find(params.id)?.kind ?? "" } });
      await store.saveTurn(params.id, present, { bearingDeg: camera.bearingDeg, tiltDeg: camera.tiltDeg, horizontalFovDeg: camera.horizontalFovDeg }, principal.actor);
      return { done: true };
    },

    seeingCameras: ({ query }) => seeing(query),
  };
}
