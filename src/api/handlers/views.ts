// Opening cameras. The order is the point: checks, then the access records, committed, then the tokens that open the pictures [VIEW4].
import { VIEW_TOKEN_MS, checkViewRange, refuseIncidentReason } from "../../accountability/view-policy.ts";
import type { Clock } from "../../base/time.ts";
import type { Reason } from "../../contract/basics.ts";
import type { CameraIndex, IndexedCamera } from "../cameras/camera-index.ts";
import { ApiError, badInput } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { AccessRecordStorePort, ViewSignerPort } from "../ports.ts";

export interface ViewHandlerOptions {
  readonly clock: Clock;
  readonly index: CameraIndex;
  readonly records: AccessRecordStorePort;
  readonly signer: ViewSignerPort;
  readonly findIncident: (id: number) => { readonly endedAt: number | null } | null;
  /** Where browsers reach the recorder; null: it never said. */
  readonly findRecorderUrl: (recorderId: number) => string | null;
  readonly countViews: (mode: string, outcome: "opened" | "refused", n: number) => void;
}

export function createViewHandlers({ clock, index, records, signer, findIncident, findRecorderUrl, countViews }: ViewHandlerOptions): Pick<Handlers, "openViews" | "listAccessRecords"> {
  return {
    openViews: async ({ principal, body }) => {
      if (principal.kind !== "user") throw new ApiError(403, "forbidden", "Only people look at cameras");
      const now = clock.wallMs();
      const { reason, mode } = body;
      const range = checkViewRange(body, now);
      if (!range.ok) throw badInput([range.error]);
      const incidentId = reason.purpose === "incident" ? reason.incidentId : null;
      if (incidentId !== null) {
        const refusal = refuseIncidentReason(findIncident(incidentId), mode, now);
        if (refusal === "incident-unknown") throw badInput([{ field: "reason.incidentId", value: String(incidentId), expected: "an incident that exists" }]);
        if (refusal !== null) throw new ApiError(409, refusal, "The incident has ended: give a purpose in words", { details: { incidentId } });
      }

      const refused: { cameraId: number; reason: Reason }[] = [];
      const toOpen: { camera: IndexedCamera; recorderUrl: string }[] = [];
      for (const cameraId of new Set(body.cameraIds)) {
        const camera = index.find(cameraId);
        const recorderUrl = camera === null ? null : findRecorderUrl(camera.recorderId);
        if (camera === null) refused.push({ cameraId, reason: { code: "no-such-camera", params: { cameraId } } });
        else if (!camera.hasStream) refused.push({ cameraId, reason: { code: "no-address", params: { code: camera.code } } });
        else if (recorderUrl === null) refused.push({ cameraId, reason: { code: "recorder-away", params: { recorderId: camera.recorderId } } });
        else toOpen.push({ camera, recorderUrl });
      }
      countViews(mode, "refused", refused.length);
      if (toOpen.length === 0) return { views: [], refused };

      const viewIds = await records.insert(
        {
          accountId: principal.account.id, accountName: principal.account.name, cameras: toOpen.map(({ camera }) => ({ id: camera.id, code: camera.code })), mode,
          from: body.from, to: body.to, purpose: reason.purpose, incidentId, words: reason.purpose === "incident" ? null : reason.words,
        },
        now,
      );
      const expiresAt = now + VIEW_TOKEN_MS;
      const views = await Promise.all(
        toOpen.map(async ({ camera, recorderUrl }, i) => {
          const viewId = viewIds[i]!;
          const token = await signer.sign({ accountId: principal.account.id, cameraId: camera.id, viewId, mode, from: body.from, to: body.to }, now, expiresAt);
          return { viewId, cameraId: camera.id, mode, recorderUrl, token, expiresAt };
        }),
      );
      countViews(mode, "opened", views.length);
      return { views, refused };
    },

    listAccessRecords: async ({ query }) => ({ records: await records.list(query) }),
  };
}
