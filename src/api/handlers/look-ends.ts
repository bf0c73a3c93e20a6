// Pictures do not outlast the right to them [VIEW8] [VIEW11], nor sound its purpose [VIEW14]: the recorders are told to take no token any more of the looks of an account that changed,
// of a crew whose job is over, and of those that hear a camera whose sound has no purpose any more. Who loses the right, or the sound its purpose, just while a camera is being opened is seen by views.ts, which asks again after the record is committed:
// either the look is in the list here, or it is refused there.
import { LONGEST_DOWNLOAD_MS, VIEW_TOKEN_MS } from "../../accountability/view-policy.ts";
import type { Clock } from "../../base/time.ts";
import type { OpenSince } from "../../contract/register.ts";
import type { DispatchService } from "../../workflow/dispatch-service.ts";
import { permissionsOfAccount } from "../gate/principal.ts";
import type { AccessRecordStorePort, CameraStorePort, LogPort } from "../ports.ts";
import { findJob } from "./field.ts";
import { followMerges } from "./look-reason.ts";

export interface LookEndsOptions {
  readonly clock: Clock;
  readonly log: LogPort;
  readonly records: Pick<AccessRecordStorePort, "listOpen" | "listOpenOfUnit" | "listOpenHeard">;
  readonly dispatch: Pick<DispatchService, "state" | "subscribe" | "findUnit" | "findAssignment" | "findIncident">;
  readonly findEverRegistered: CameraStorePort["findEverRegistered"];
  readonly withdraw: (view: { readonly id: number; readonly cameraId: number }) => Promise<boolean>;
}

export interface LookEnds {
  /** What the account looks at just now. */
  account(accountId: number): Promise<void>;
  /** What hears those of these cameras just now whose sound has no purpose any more. */
  heardBeyondPurposes(cameraIds: readonly number[]): Promise<void>;
  close(): void;
}

export function createLookEnds({ clock, log, records, dispatch, findEverRegistered, withdraw }: LookEndsOptions): LookEnds {
  const openSince = (): OpenSince => ({ since: clock.wallMs() - VIEW_TOKEN_MS, downloadsSince: clock.wallMs() - LONGEST_DOWNLOAD_MS });
  const jobOf = (unitId: number): number | null => findJob(dispatch, unitId)?.incident.id ?? null;
  const jobs = new Map(dispatch.state().units.map(({ id }) => [id, jobOf(id)]));

  const isFor = (lookedForId: number | null, jobId: number | null): boolean => lookedForId !== null && jobId !== null && followMerges(dispatch.findIncident, lookedForId)?.id === jobId;

  /** Looks of the crew for anything but the job that the unit has now; those of an operator of cameras who is bound to the unit go on. */
  const endOfCrew = async (unitId: number): Promise<void> => {
    for (const view of await records.listOpenOfUnit(unitId, openSince()))
      if (!permissionsOfAccount(view).includes("camera.view") && !isFor(view.incidentId, jobOf(unitId))) await withdraw(view);
  };
  const stop = dispatch.subscribe(({ units }) => {
    for (const { id } of units) {
      const before = jobs.get(id) ?? null;
      const job = jobOf(id);
      jobs.set(id, job);
      if (before !== null && before !== job) endOfCrew(id).catch((error: unknown) => log.warn({ unit: id, error: (error as Error).message }, "looks of a crew could not be ended: they end with their last tokens"));
    }
  });
  return {
    account: async (accountId) => {
      for (const view of await records.listOpen(accountId, openSince())) await withdraw(view);
    },
    heardBeyondPurposes: async (cameraIds) => {
      for (const view of await records.listOpenHeard(cameraIds, openSince()))
        if (((await findEverRegistered(view.cameraId))?.soundPurpose ?? null) === null) await withdraw(view);
    },
    close: stop,
  };
}
