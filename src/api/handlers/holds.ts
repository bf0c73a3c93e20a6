// Evidence holds over HTTP: made with a case or words, looked at again, released by somebody else's permission than the one that makes them. The answer says
// which recorders have not kept it yet: a hold that a recorder has not heard of protects nothing there.
import { findHoldFaults, findReviewFaults, holdState } from "../../accountability/hold-policy.ts";
import { createFault } from "../../base/expectations.ts";
import type { Result } from "../../base/result.ts";
import type { Clock } from "../../base/time.ts";
import { type Hold, MOST_HOLD_DAYS } from "../../contract/holds.ts";
import type { StoredHold } from "../../contract/register.ts";
import type { CameraRegistry } from "../cameras/camera-registry.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { HoldRegistry } from "../holds/hold-registry.ts";
import type { CameraStorePort, HoldStorePort } from "../ports.ts";

export interface HoldHandlerOptions {
  readonly clock: Clock;
  readonly store: HoldStorePort;
  readonly holds: HoldRegistry;
  readonly findEverRegistered: CameraStorePort["findEverRegistered"];
  readonly incidentExists: (id: number) => boolean;
  /** The revision of the holds that a recorder has on its disk; 0 where it has not said since it linked. */
  readonly findKeptRevision: (recorderId: number) => number;
  readonly partsOf: CameraRegistry["partsOf"];
}

export function createHoldHandlers({ clock, store, holds, findEverRegistered, incidentExists, findKeptRevision, partsOf }: HoldHandlerOptions): Pick<Handlers, "listHolds" | "getHold" | "createHold" | "reviewHold" | "releaseHold"> {
  const toHold = (stored: StoredHold): Hold => {
    const { cameras, isReleased: _released, revision, ...facts } = stored;
    const recorders = [...new Set(cameras.flatMap((camera) => partsOf(camera, facts.from, facts.to)).map(({ recorderId }) => recorderId))];
    return {
      ...facts, cameras: cameras.map(({ recorderId: _recorder, ...camera }) => camera), steps: [...facts.steps], state: holdState(stored, clock.wallMs()), waitingFor: recorders.filter((id) => findKeptRevision(id) < revision),
    };
  };
  const unwrap = (result: Result<StoredHold, "not-found" | "hold-released" | "own-hold">): Hold => {
    if (result.ok) return toHold(result.value);
    if (result.error === "own-hold") throw new ApiError(409, "own-hold", "Who made a hold cannot release it: somebody else has to");
    throw result.error === "not-found" ? notFound("hold") : new ApiError(409, "hold-released", "This hold was released already");
  };
  return {
    listHolds: async ({ query }) => {
      const now = clock.wallMs();
      const [found, counts] = await Promise.all([store.list(query, now), store.count(query, now)]);
      return { holds: found.map(toHold), ...counts };
    },
    getHold: async ({ params }) => {
      const found = await store.find(params.id);
      if (found === null) throw notFound("hold");
      return toHold(found);
    },
    createHold: async ({ principal, body }) => {
      const faults = findHoldFaults(body, clock.wallMs(), MOST_HOLD_DAYS);
      if (body.incidentId !== null && !incidentExists(body.incidentId)) faults.push(createFault("incidentId", String(body.incidentId), "incident-exists"));
      for (const [at, cameraId] of body.cameraIds.entries()) {
        if ((await findEverRegistered(cameraId)) === null) faults.push(createFault(`cameraIds.${at}`, String(cameraId), "camera-exists"));
      }
      if (faults.length > 0) throw badInput(faults);
      return toHold(await holds.make(body, principal.actor));
    },
    reviewHold: async ({ principal, params, body }) => {
      const faults = findReviewFaults(body.reviewAt, clock.wallMs(), MOST_HOLD_DAYS);
      if (faults.length > 0) throw badInput(faults);
      return unwrap(await holds.review(params.id, body.words, body.reviewAt, principal.actor));
    },
    releaseHold: async ({ principal, params, body }) => unwrap(await holds.release(params.id, body.words, principal.actor)),
  };
}
