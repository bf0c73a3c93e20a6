// The routes by which switches, messages and alarms come in, and the register of alarm points. Points are held in memory, as few as they are.
import { createFault } from "../../base/expectations.ts";
import type { Clock } from "../../base/time.ts";
import type { AlarmPoint, NewAlarmPoint } from "../../contract/contact-ways.ts";
import type { Point } from "../../geo/point.ts";
import { readAlarm } from "../../interfaces/alarm.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { AlarmPointStorePort, AlarmRecordingPort } from "../ports.ts";
import type { ReportIntake } from "./report-intake.ts";

export interface ContactWaysOptions {
  readonly clock: Clock;
  readonly store: AlarmPointStorePort;
  readonly intake: ReportIntake;
  readonly recordAlarm: AlarmRecordingPort;
  readonly findCamera: (code: string) => Promise<{ readonly id: number; readonly point: Point } | null>;
  readonly cameraExists: (id: number) => boolean;
}
type Names = "reportCall" | "reportMessage" | "reportAlarm" | "listAlarmPoints" | "createAlarmPoint" | "changeAlarmPoint" | "removeAlarmPoint";

export async function createContactWays({ clock, store, intake, recordAlarm, findCamera, cameraExists }: ContactWaysOptions): Promise<Pick<Handlers, Names>> {
  const points = new Map((await store.list()).map((point) => [point.code, point]));
  const check = (point: NewAlarmPoint): void => {
    const missing = point.cameraIds.find((id) => !cameraExists(id));
    if (missing !== undefined) throw badInput([createFault("cameraIds", String(missing), "camera-exists")]);
  };
  const forget = (id: number): void => {
    for (const point of points.values()) if (point.id === id) points.delete(point.code);
  };
  const hold = (point: AlarmPoint): AlarmPoint => {
    forget(point.id);
    points.set(point.code, point);
    return point;
  };
  const codeTaken = (): ApiError => new ApiError(409, "code-taken", "Another alarm point has this code");

  return {
    reportCall: async ({ principal, body }) => {
      if (body.event === "hang-up") return intake.follow(principal.actor, body.callId, { type: "contact.hang-up" });
      if (body.event !== "ring") return intake.follow(principal.actor, body.callId, { type: "contact.elsewhere", how: body.event, to: body.to });
      const { callId, at, number, point, uncertaintyM, words, from } = body;
      return intake.receive(principal.actor, callId, {
        source: "telephone", receivedAt: at, callerNumber: number, callerPoint: point, callerUncertaintyM: uncertaintyM, callerWords: words,
        ...(from === null ? {} : { signal: { kind: "transferred", priorityHint: null, code: null, site: from, door: null, cameraIds: [] } }),
      });
    },
    reportMessage: async ({ principal, body }) =>
      intake.receive(principal.actor, body.id, {
        source: body.kind, receivedAt: body.at, callerNumber: body.sender, callerPoint: body.point, callerUncertaintyM: body.uncertaintyM, callerWords: body.words,
        ...(body.priorityHint === null ? {} : { signal: { kind: "message", priorityHint: body.priorityHint, code: null, site: null, door: null, cameraIds: [] } }),
      }),
    reportAlarm: async ({ principal, body }) => {
      const { point, uncertaintyM, signal } = readAlarm(body, body.pointCode === null ? null : (points.get(body.pointCode) ?? null), body.cameraCode === null ? null : await findCamera(body.cameraCode));
      const received = await intake.receive(principal.actor, body.id, { source: body.source, receivedAt: body.at, callerNumber: null, callerPoint: point, callerUncertaintyM: uncertaintyM, callerWords: body.words, signal }, body);
      recordAlarm(received.contactId, received.repeated);
      return received;
    },

    listAlarmPoints: async () => ({ points: [...points.values()].sort((a, b) => (a.code < b.code ? -1 : 1)) }),
    createAlarmPoint: async ({ principal, body }) => {
      check(body);
      const added = await store.add(body, principal.actor, clock.wallMs());
      if (!added.ok) throw codeTaken();
      return hold(added.value);
    },
    changeAlarmPoint: async ({ principal, params, body }) => {
      check(body);
      const changed = await store.change(params.id, body, principal.actor, clock.wallMs());
      if (!changed.ok) throw codeTaken();
      if (changed.value === null) throw notFound("alarm point");
      return hold(changed.value);
    },
    removeAlarmPoint: async ({ principal, params }) => {
      if (!(await store.remove(params.id, principal.actor, clock.wallMs()))) throw notFound("alarm point");
      forget(params.id);
      return { done: true };
    },
  };
}
