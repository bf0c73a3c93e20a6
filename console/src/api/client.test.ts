// The typed client against a server that stops in the middle of an answer, and a caller that goes away in the middle of one.
import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { api } from "./client.ts";
import { ApiProblem } from "./problem.ts";

const server = createServer((_request, response) => answer(response));
let answer: (response: ServerResponse) => void = () => undefined;
const browserFetch = globalThis.fetch;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  globalThis.fetch = (path, init) => browserFetch(`http://127.0.0.1:${port}${String(path)}`, init);
});
after(() => {
  globalThis.fetch = browserFetch;
  server.closeAllConnections();
  server.close();
});

const search = (signal?: AbortSignal): Promise<unknown> => api.call("searchPlaces", { query: { q: "rivera", limit: 8 } }, signal === undefined ? {} : { signal });

test("a caller that goes away while the answer comes gets its own abort, never an empty answer", async () => {
  const abort = new AbortController();
  answer = (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"places":[');
    setTimeout(() => abort.abort(), 50);
  };
  await assert.rejects(search(abort.signal), (error: unknown) => abort.signal.aborted && !(error instanceof ApiProblem));
});

test("an answer that is cut off, or is none of ours, is told as no answer", async () => {
  answer = (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"places":[');
    setTimeout(() => response.destroy(), 50);
  };
  await assert.rejects(search(), (error: unknown) => error instanceof ApiProblem && error.rule === "unreachable");
  answer = (response) => void response.writeHead(200).end("<html>a proxy's page</html>");
  await assert.rejects(search(), (error: unknown) => error instanceof ApiProblem && error.rule === "unreachable");
});

test("a refusal that is none of ours still has its status", async () => {
  answer = (response) => void response.writeHead(502).end("<html>Bad gateway</html>");
  await assert.rejects(search(), (error: unknown) => error instanceof ApiProblem && error.status === 502);
});
