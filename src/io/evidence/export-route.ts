// The download of a package: a form posts its token, so that none stands in an address or a log, and the browser writes what comes to its disk. The token is all that
// opens; no cookie does, so the page's origin, which browsers withhold from such a form, decides nothing here.
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { Id, type Problem } from "../../contract/basics.ts";
import type { ExportDesk } from "./export-desk.ts";

const Params = z.object({ id: z.coerce.number().pipe(Id) });
const MOST_FORM_BYTES = 2_048;
const STATUS = { "unknown-export": 404, "token-invalid": 403, "already-begun": 409 } as const;

export function addExportRoute(app: FastifyInstance, desk: ExportDesk): void {
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string", bodyLimit: MOST_FORM_BYTES }, (_request, body, done) => done(null, new URLSearchParams(String(body))));
  app.post("/v1/exports/:id", { bodyLimit: MOST_FORM_BYTES }, async (request, reply) => {
    const params = Params.safeParse(request.params);
    const token = request.body instanceof URLSearchParams ? (request.body.get("token") ?? "") : "";
    const begun = params.success ? desk.begin(params.data.id, token) : ({ ok: false, error: "unknown-export" } as const);
    if (!begun.ok) {
      const problem: Problem = { rule: begun.error, message: "this download is not open: ask for the export again" };
      return reply.code(STATUS[begun.error]).type("application/json").send(problem);
    }
    const fault = await begun.value.send(reply.raw, () => {
      reply.hijack();
      reply.raw.writeHead(200, {
        "content-type": "application/zip", "content-disposition": `attachment; filename="${begun.value.fileName}"`, "cache-control": "private, no-store", "x-content-type-options": "nosniff",
      });
    });
    if (reply.sent) return reply;
    const problem: Problem = { rule: fault ?? "failed", message: "there is no package: the list of exports tells why" };
    return reply.code(409).type("application/json").send(problem);
  });
}
