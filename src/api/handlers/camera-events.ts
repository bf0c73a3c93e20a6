// What is wrong with cameras, read and acknowledged. An acknowledgement is said once: who comes second is told who knew first.
import { cleanText } from "../../base/clean-text.ts";
import type { CameraProblems } from "../cameras/camera-problems.ts";
import { ApiError, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";

export function createCameraEventHandlers(problems: CameraProblems): Pick<Handlers, "listCameraEvents" | "acknowledgeCameraEvent"> {
  return {
    listCameraEvents: ({ query }) => problems.list(query),
    acknowledgeCameraEvent: async ({ principal, params, body }) => {
      const done = await problems.acknowledge(params.id, cleanText(body.words), principal.actor);
      if (done === null) throw notFound("problem of a camera");
      if (!done.taken) throw new ApiError(409, "already-acknowledged", "Somebody has acknowledged it before", { details: { by: done.event.acknowledged?.by } });
      return done.event;
    },
  };
}
