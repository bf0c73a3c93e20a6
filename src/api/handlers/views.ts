// Opening cameras, going on looking, and the end of it. The order is the point: checks, then the access records or renewals, committed, then the
// tokens that open the pictures [VIEW4] [VIEW7].
import { VIEW_TOKEN_MS, checkViewRange, judgeCallReason, refuseIncidentReason, refuseRenewal } from "../../accountability/view-policy.ts";
import type { ProblemRule } from "../../base/problem-rules.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { Clock } from "../../base/time.ts";
import type { Account } from "../../contract/access.ts";
import type { Reason } from "../../contract/basics.ts";
import type { View, ViewMode } from "../../contract/cameras.ts";
import type { RecorderPart } from "../../video/camera/recorder-stays.ts";
import type { CameraRegistry } from "../cameras/camera-registry.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import { permissionsOfAccount, type Principal } from "../gate/principal.ts";
import type { Handlers } from "../handler.ts";
import { callEnded, followMerges, getReason, incidentEnded } from "./look-reason.ts";
import type { StoredAccessRecord } from "../../contract/register.ts";
import type { AccessRecordStorePort, CameraStorePort, ViewSignerPort } from "../ports.ts";

export interface ViewHandlerOptions {
  readonly clock: Clock;
  readonly registry: Pick<CameraRegistry, "index" | "partsOf" | "staysOf">;
  /** Removed ones too, as they were last; null: there never was such a camera. */
  readonly findEverRegistered: CameraStorePort["findEverRegistered"];
  readonly records: AccessRecordStorePort;
  readonly signer: ViewSignerPort;
  readonly findIncident: (id: number) => { readonly endedAt: number | null; readonly mergedIntoId: number | null } | null;
  readonly findContact: (id: number) => { readonly endedAt: number | null; readonly incidentId: number | null } | null;
  /**
   * The incident that a unit is on just now, and the cameras that see its place well enough for a look that begins, or that goes on [VIEW11]. A look that goes on for an incident that was merged into that one keeps its own
   * incident, with the cameras of the place that it had.
   */
  readonly findOwnJob: (unitId: number, look: "new" | "going-on", lookedForId: number | null) => Promise<{ readonly incidentId: number; readonly cameraIds: readonly number[] } | null>;
  /** As it is now; null where the session has ended or the account is disabled. */
  readonly findAccountOf: (tokenHash: Uint8Array) => Promise<Account | null>;
  /** Where browsers reach the recorder; null: it never said. */
  readonly findRecorderUrl: (recorderId: number) => string | null;
  readonly withdraw: (view: { readonly id: number; readonly cameraId: number }) => Promise<boolean>;
  readonly countViews: (mode: string, outcome: "opened" | "renewed" | "refused", n: number) => void;
}

type Names = "openViews" | "renewView" | "endView";
/** Why a camera is not opened; also in the answer, beside those that were. */
type Unopenable = { readonly code: ProblemRule; readonly params: Reason["params"] };
/** What is looked at, and at which recorder: of the past that part of the range which it has. */
type Openable = { readonly camera: { readonly id: number; readonly code: string }; readonly recorderUrl: string } & Pick<View, "from" | "to" | "recorders">;

/** A look with pictures to open: what left as evidence is none. */
type OpenedLook = StoredAccessRecord & { readonly mode: ViewMode };

const noSoundPurpose = ({ code }: { readonly code: string }): Unopenable => ({ code: "no-sound-purpose", params: { code } });

const accountOf = (principal: Principal): Account => {
  if (principal.kind !== "user") throw new ApiError(403, "forbidden", "Only people look at cameras");
  return principal.account;
};
/** When there are pictures and how much moved is for those who may open any of them, not for a crew that sees the place of its job [VIEW11]. */
const readsTimelines = (account: Account): boolean => permissionsOfAccount(account).includes("camera.view");

export function createViewHandlers({ clock, registry, findEverRegistered, records, signer, findIncident, findContact, findOwnJob, findAccountOf, findRecorderUrl, withdraw, countViews }: ViewHandlerOptions): Pick<Handlers, Names> {
  const { index } = registry;
  /** A look that hears needs a purpose for the sound, as the register has it now; also of what was recorded when there was one [VIEW14]. */
  const mayBeHeard = async (cameraId: number): Promise<boolean> => ((await findEverRegistered(cameraId))?.soundPurpose ?? null) !== null;

  // What was recorded outlives the camera [VIEW9]: its past needs no stream, and is still there after it was removed.
  const findOpenable = async (cameraId: number, mode: ViewMode, sound: boolean, range: Pick<View, "from" | "to">): Promise<Result<Openable, Unopenable>[]> => {
    const present = index.find(cameraId);
    const camera = present ?? (mode !== "live" ? await findEverRegistered(cameraId) : null);
    if (camera === null) return [err({ code: "no-such-camera", params: { cameraId } })];
    if (mode === "live" && present?.hasStream !== true) return [err({ code: "no-address", params: { code: camera.code } })];
    if (sound && !(await mayBeHeard(cameraId))) return [err(noSoundPurpose(camera))];
    const recorders = listRecorders(cameraId);
    const open = ({ recorderId }: Pick<RecorderPart, "recorderId">, { from, to }: Pick<View, "from" | "to">): Result<Openable, Unopenable> => {
      const recorderUrl = findRecorderUrl(recorderId);
      return recorderUrl === null ? err({ code: "recorder-away", params: { recorderId } }) : ok({ camera, recorderUrl, from, to, recorders });
    };
    return range.from === null || range.to === null ? [open(camera, range)] : registry.partsOf(camera, range.from, range.to).map((part) => open(part, part));
  };
  const listRecorders = (cameraId: number): View["recorders"] => {
    const stays = registry.staysOf(cameraId);
    return stays.map(({ recorderId, since }, i) => ({ recorderUrl: findRecorderUrl(recorderId), from: since, to: stays[i + 1]?.since ?? null }));
  };

  /** Throws where the reason of a look that goes on is none any more. */
  const checkStillReason = (record: OpenedLook, now: number): void => {
    const judged = record.contactId === null ? null : judgeCallReason(findContact(record.contactId));
    if (judged?.kind === "refused") throw callEnded(record.contactId!);
    const incidentId = judged?.kind === "incident" ? judged.incidentId : record.incidentId;
    if (incidentId === null) return;
    const refusal = refuseIncidentReason(followMerges(findIncident, incidentId), record.mode, now);
    if (refusal !== null) throw incidentEnded(refusal, incidentId);
  };

  /** Throws where the account may not look so: to take away a file is a right of its own [VIEW13], and a crew sees the place of its own job only [VIEW11]. */
  const checkRight = async (account: Account, kind: "new" | "going-on", look: { readonly mode: string; readonly incidentId: number | null; readonly cameraIds: readonly number[] }): Promise<void> => {
    const permissions = permissionsOfAccount(account);
    if (look.mode === "download" && !permissions.includes("camera.download")) throw new ApiError(403, "forbidden", "This account may not take recordings away");
    if (permissions.includes("camera.view")) return;
    const job = account.unitId === null ? null : await findOwnJob(account.unitId, kind, look.incidentId);
    if (job === null || look.mode !== "live" || look.incidentId !== job.incidentId || look.cameraIds.some((id) => !job.cameraIds.includes(id)))
      throw new ApiError(403, "not-own-job", "A crew sees the place of its own job, live, while it has it: nothing else");
  };

  /** What took the right away, or the purpose of a camera's sound, between the first check and the commit ended no look that it could not see yet: both are asked again [VIEW8] [VIEW14]. Answers what may not be opened after all. */
  const checkAfterRecord = async (principal: Principal, look: Parameters<typeof checkRight>[2], heard: readonly Openable[]): Promise<ReadonlySet<Openable>> => {
    const account = principal.kind === "user" ? await findAccountOf(principal.session.tokenHash) : null;
    if (account === null) throw new ApiError(401, "not-logged-in", "The session has ended: log in again");
    await checkRight(account, "new", look);
    const purposes = await Promise.all(heard.map(({ camera }) => mayBeHeard(camera.id)));
    return new Set(heard.filter((_, i) => !purposes[i]));
  };

  /** One's own; that of somebody else is answered as one that does not exist. */
  const getOwnView = async (viewId: number, accountId: number): Promise<OpenedLook> => {
    const record = await records.find(viewId);
    if (record === null || record.accountId !== accountId || record.mode === "export") throw notFound("view");
    return { ...record, mode: record.mode };
  };

  return {
    openViews: async ({ principal, body }) => {
      const account = accountOf(principal);
      const now = clock.wallMs();
      const { mode, sound } = body;
      const range = checkViewRange(body, now);
      if (!range.ok) throw badInput([range.error]);
      const reason = getReason({ findIncident, findContact }, body.reason, mode, now);
      const look = { mode, incidentId: reason.incidentId, cameraIds: body.cameraIds };
      await checkRight(account, "new", look);

      const refused: { cameraId: number; reason: Reason }[] = [];
      const toOpen: Openable[] = [];
      for (const cameraId of new Set(body.cameraIds)) {
        for (const openable of await findOpenable(cameraId, mode, sound, body)) {
          if (openable.ok) toOpen.push(openable.value);
          else refused.push({ cameraId, reason: openable.error });
        }
      }
      countViews(mode, "refused", refused.length);
      if (toOpen.length === 0) return { views: [], refused };

      const recorded: { readonly openable: Openable; readonly viewId: number }[] = [];
      for (const same of Map.groupBy(toOpen, ({ from, to }) => `${from} ${to}`).values()) {
        const { from, to } = same[0]!;
        const viewIds = await records.insert({ accountId: account.id, accountName: account.name, cameras: same.map(({ camera }) => ({ id: camera.id, code: camera.code, sound })), mode, from, to, ...reason }, now);
        recorded.push(...same.map((openable, i) => ({ openable, viewId: viewIds[i]! })));
      }
      const unheard = await checkAfterRecord(principal, look, sound ? toOpen : []).catch(async (error: unknown) => {
        for (const { viewId } of recorded) await records.end(viewId, clock.wallMs());
        throw error;
      });
      for (const { openable, viewId } of recorded.filter((each) => unheard.has(each.openable))) {
        await records.end(viewId, clock.wallMs());
        refused.push({ cameraId: openable.camera.id, reason: noSoundPurpose(openable.camera) });
      }
      countViews(mode, "refused", unheard.size);
      const expiresAt = now + VIEW_TOKEN_MS;
      const views = await Promise.all(
        recorded.filter(({ openable }) => !unheard.has(openable)).map(async ({ openable: { camera, recorderUrl, from, to, recorders }, viewId }) => {
          const token = await signer.sign({ accountId: account.id, cameraId: camera.id, viewId, mode, from, to, timeline: readsTimelines(account), sound }, now, expiresAt);
          return { viewId, cameraId: camera.id, mode, recorderUrl, token, expiresAt, from, to, recorders };
        }),
      );
      countViews(mode, "opened", views.length);
      return { views, refused };
    },

    renewView: async ({ principal, params }) => {
      const account = accountOf(principal);
      const now = clock.wallMs();
      const own = await getOwnView(params.id, account.id);
      checkStillReason(own, now);
      const { cameraId, mode, incidentId, sound } = own;
      await checkRight(account, "going-on", { mode, incidentId, cameraIds: [cameraId] });
      const [openable] = await findOpenable(cameraId, mode, sound, own); // where it was opened: the recorder of the range's beginning, up to where the camera was moved since; the rest is another look [RDR3]
      if (!openable!.ok) throw new ApiError(409, openable!.error.code, "The camera cannot be opened any more", { details: openable!.error.params });
      const refusal = await records.renew(params.id, now, (record) => refuseRenewal(record, account.id, now));
      if (refusal !== null) throw new ApiError(409, refusal, "This look has ended: open the camera again");
      const expiresAt = now + VIEW_TOKEN_MS;
      const { recorderUrl, from, to, recorders } = openable!.value;
      const token = await signer.sign({ accountId: account.id, cameraId, viewId: params.id, mode, from, to, timeline: readsTimelines(account), sound }, now, expiresAt);
      countViews(mode, "renewed", 1);
      return { viewId: params.id, cameraId, mode, recorderUrl, token, expiresAt, from, to, recorders };
    },

    endView: async ({ principal, params }) => {
      const view = await getOwnView(params.id, accountOf(principal).id);
      // The page only leaves: the recorder takes the token no more, cuts what is on its way, and tells the end itself [VIEW8].
      if (view.endedAt === null && !(await withdraw(view))) throw new ApiError(409, "recorder-away", "The recorder is not linked: the look ends with its last token, or when the recorder is back");
      return { done: true };
    },
  };
}
