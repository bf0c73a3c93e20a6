import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { describe, test } from "node:test";
import { createPoster } from "./post.ts";
import { createTargetPolicy } from "./target-policy.ts";

const INTERNET = createTargetPolicy("");
const OWN = createTargetPolicy("10.0.7.0/24,127.0.0.0/8");

describe("where deliveries may go", () => {
  test("[WHK5] the internet by https; private and loopback networks only where named; what no list allows, never", () => {
    const verdicts = (policy: typeof INTERNET, urls: string[]) => urls.map((url) => policy.judgeUrl(url) ?? "ok");
    assert.deepEqual(verdicts(INTERNET, ["https://example.org/hook", "https://203.0.114.7/", "https://[2606:4700::1]/"]), ["ok", "ok", "ok"]);
    assert.deepEqual(verdicts(INTERNET, ["https://10.0.7.5/", "https://192.168.1.1/", "https://[fd12::1]/", "https://127.0.0.1/", "https://localhost/", "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/", "https://0.0.0.0/", "https://2130706433/"]),
      ["private", "private", "private", "loopback", "loopback", "loopback", "link-local", "unspecified", "loopback"]);
    assert.deepEqual(verdicts(INTERNET, ["http://example.org/", "ftp://example.org/", "https://user:pass@example.org/", "https://example.org/#x", "nonsense"]), ["not-https", "bad-url", "bad-url", "bad-url", "bad-url"]);
    assert.deepEqual(verdicts(OWN, ["http://10.0.7.5/", "https://10.0.8.5/", "http://127.0.0.1:9/", "https://169.254.169.254/", "http://example.org/"]), ["ok", "private", "ok", "link-local", "not-https"]);
  });

  test("[WHK5] a name is judged by the address that is connected to", async () => {
    const resolved = (address: string) => createPoster(INTERNET, async () => [{ address, family: 4 }]);
    assert.match(JSON.stringify(await resolved("169.254.169.254").post("https://hook.example/", {}, "{}", 5_000)), /not allowed \(link-local\)/);
    assert.match(JSON.stringify(await resolved("10.1.2.3").post("https://hook.example/", {}, "{}", 5_000)), /not allowed \(private\)/);
    assert.match(JSON.stringify(await createPoster(INTERNET, async () => []).post("https://hook.example/", {}, "{}", 5_000)), /could not be resolved/);
  });

  test("[WHK5] a redirect is an answer like others; its target hears nothing", async () => {
    const asked: string[] = [];
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(307, { location: "/elsewhere" }).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    assert.deepEqual(await createPoster(OWN).post(`http://127.0.0.1:${port}/hook`, {}, "{}", 10_000), { status: 307 });
    assert.deepEqual(asked, ["POST /hook"]);
    server.closeAllConnections();
    server.close();
  });

  test("[WHK6] a target that takes the request and never answers is given up", async () => {
    const server = createTcpServer((socket) => void socket.on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    assert.deepEqual(await createPoster(OWN).post(`http://127.0.0.1:${port}/`, {}, "{}", 100), { error: "no answer in time" });
    const never = createPoster(OWN, () => new Promise(() => undefined));
    assert.deepEqual(await never.post("https://slow.example/", {}, "{}", 100), { error: "no answer in time" }, "a resolver that hangs is no reason to wait");
    server.close();
  });
});
