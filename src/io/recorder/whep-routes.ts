// WHEP over HTTP (draft-ietf-wish-whep): an SDP offer is answered and named by an address, at which the view is ended or gets a new token. The answer holds all of our candidates and, as
// ICE lite, we need none of the client's, so nothing trickles.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Clock } from "../../base/time.ts";
import { Id } from "../../contract/basics.ts";
import { STREAMS } from "../../contract/cameras.ts";
import type { CameraPool } from "./camera-pool.ts";
import { refuse } from "./playback-access.ts";
import { type ViewVerifier, bearerToken } from "./view-tokens.ts";
import type { WhepRefusal, WhepViews } from "./whep-views.ts";

export interface WhepRoutesContext {
  readonly pool: Pick<CameraPool, "find">;
  readonly verifier: Pick<ViewVerifier, "verify">;
  readonly clock: Clock;
  readonly views: WhepViews;
}

const SDP = "application/sdp";
const MOST_OFFER_BYTES = 64 * 1024;
const CameraParams = z.object({ id: z.coerce.number().pipe(Id) });
const StreamQuery = z.object({ stream: z.enum(STREAMS).default("main") });
const ViewParams = CameraParams.extend({ view: z.string().regex(/^[A-Za-z0-9_-]{24}$/) });
const REFUSALS: Readonly<Record<WhepRefusal, readonly [status: number, message: string]>> = {
  "no-h264-offered": [406, "the offer has no H.264 (packetization mode 1) to be received"],
  "bad-offer": [400, "expected an SDP offer that receives one picture"],
  "not-h264": [406, "this camera sends H.265, which WebRTC does not carry to browsers; its other stream or HLS may do"],
  reordered: [406, "this camera reorders its pictures (B-frames), which WebRTC does not carry; HLS does"],
  "too-many-views": [503, "as many views by WebRTC as this recorder bears are open"],
  "view-ended": [401, "this view is over"],
};

export function addWhepRoutes(app: FastifyInstance, { pool, verifier, clock, views }: WhepRoutesContext): void {
  const verify = (header: string | undefined, cameraId: number): ReturnType<ViewVerifier["verify"]> => verifier.verify(bearerToken(header), cameraId, ["live"], clock.wallMs());
  const statusOf = (rule: string): number => (rule === "no-key-yet" ? 503 : rule === "other-camera" || rule === "other-mode" ? 403 : 401);

  app.addContentTypeParser(SDP, { parseAs: "string", bodyLimit: MOST_OFFER_BYTES }, (_request, body, done) => done(null, body));

  app.post("/v1/cameras/:id/whep", { bodyLimit: MOST_OFFER_BYTES }, async (request, reply) => {
    const params = CameraParams.safeParse(request.params);
    if (!params.success) return refuse(reply, 404, "camera-unknown", "expected the id of a camera");
    const cameraId = params.data.id;
    const verified = await verify(request.headers.authorization, cameraId);
    if (!verified.ok) return refuse(reply, statusOf(verified.error), verified.error, "a live view of this camera is needed");
    if (typeof request.body !== "string" || !/^application\/sdp\b/i.test(request.headers["content-type"] ?? "")) return refuse(reply, 415, "bad-offer", `expected an offer of type ${SDP}`);
    const worker = pool.find(cameraId);
    if (worker === undefined) return refuse(reply, 404, "camera-unknown", "this recorder does not have the camera");
    const query = StreamQuery.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, "bad-stream", `stream: expected ${STREAMS.join(" or ")}`);
    const source = worker.findSource(query.data.stream);
    const isThere = (): boolean => pool.find(cameraId)?.findSource(query.data.stream) === source;
    const opened = await views.open({ source, isThere }, verified.value, request.body, plainAddress(request.socket.localAddress));
    if (!opened.ok) {
      const [status, message] = REFUSALS[opened.error];
      return refuse(reply, status, opened.error, message);
    }
    return reply.code(201).header("location", `/v1/cameras/${cameraId}/whep/${opened.value.id}`).header("cache-control", "no-store").type(SDP).send(opened.value.answer);
  });

  app.route({
    method: ["DELETE", "PATCH"],
    url: "/v1/cameras/:id/whep/:view",
    handler: async (request, reply) => {
      const params = ViewParams.safeParse(request.params);
      if (!params.success) return refuse(reply, 404, "unknown-view", "there is no such view");
      const verified = await verify(request.headers.authorization, params.data.id);
      if (!verified.ok) return refuse(reply, statusOf(verified.error), verified.error, "a live view of this camera is needed");
      const { value } = verified;
      const done = request.method === "DELETE" ? views.close(params.data.view, value.claims.viewId) : views.renew(params.data.view, value);
      return done ? reply.code(request.method === "DELETE" ? 200 : 204).send() : refuse(reply, 404, "unknown-view", "there is no such view of this look");
    },
  });
}

/** `::ffff:10.0.0.5`, as a socket of both families names it, is 10.0.0.5. */
function plainAddress(address: string | undefined): string {
  return (address ?? "127.0.0.1").replace(/^::ffff:(?=\d+\.)/, "");
}
