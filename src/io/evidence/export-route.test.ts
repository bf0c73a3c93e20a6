// The download as a browser asks for it: a form with the token, from a page whose origin it withholds.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fastify, { type FastifyInstance } from "fastify";
import { addExportRoute } from "./export-route.ts";
import { PackageRig, T0, TOKEN } from "./testing/package-rig.ts";

describe("the download of a package", () => {
  let rig: PackageRig;
  let app: FastifyInstance;
  let origin: string;
  before(async () => {
    rig = await PackageRig.create();
    await rig.record(1, T0, 30 * 25);
    app = fastify();
    addExportRoute(app, rig.desk);
    origin = await app.listen({ host: "127.0.0.1", port: 0 });
  });
  after(async () => {
    await app.close();
    await rig.close();
  });
  const post = (id: number, token: string, signal?: AbortSignal) => fetch(`${origin}/v1/exports/${id}`, { method: "POST", body: new URLSearchParams({ token }), ...(signal === undefined ? {} : { signal }) });

  test("[EXP3] a token in the body opens it, once, as a file; others and tokens in the address open nothing", async () => {
    rig.desk.accept(rig.order(T0, T0 + 30_000, [1], 5));
    assert.equal((await fetch(`${origin}/v1/exports/5?token=${TOKEN}`, { method: "POST" })).status, 403);
    assert.equal((await post(5, "other")).status, 403);
    assert.equal((await post(6, TOKEN)).status, 404);
    const answer = await post(5, TOKEN);
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "application/zip"]);
    assert.match(answer.headers.get("content-disposition")!, /^attachment; filename="evidence-5-202609211413\.zip"$/);
    assert.ok((await answer.arrayBuffer()).byteLength > 200_000);
    assert.equal((await post(5, TOKEN)).status, 404, "it is over");
  });

  test("[EXP10] where there is no package, no file begins", async () => {
    rig.desk.accept(rig.order(T0 - 60_000, T0 - 1_000, [1], 8));
    const answer = await post(8, TOKEN);
    assert.deepEqual([answer.status, ((await answer.json()) as { rule: string }).rule], [409, "nothing-recorded"]);
  });

  test("[EXP10] a browser that leaves in the middle ends the export", async () => {
    rig.signs = false; // holds it before its end: the signature does not come
    rig.desk.accept(rig.order(T0, T0 + 30_000, [1], 9));
    const left = new AbortController();
    const answer = await post(9, TOKEN, left.signal);
    const reader = answer.body!.getReader();
    await reader.read();
    left.abort();
    await reader.read().catch(() => undefined);
    for (let tries = 0; tries < 1_200 && !rig.told.some((message) => message.type === "export-ended" && message.exportId === 9); tries++) await new Promise((resolve) => setTimeout(resolve, 25));
    const end = rig.told.find((message) => message.type === "export-ended" && message.exportId === 9) as { end: { outcome: string } };
    assert.equal(end.end.outcome, "failed");
    rig.signs = true;
  });
});
