import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { findInHosts, resolveName } from "./resolve-name.ts";

/** A name server on this machine; one that does not `answer` takes questions and is silent until it is told to answer them all. */
async function startServer(answers: boolean): Promise<{ server: Socket; at: string; asked: () => number; answerAll: () => void }> {
  const server = createSocket("udp4");
  const waiting: (() => void)[] = [];
  let asked = 0;
  server.on("message", (question, from) => {
    asked++;
    waiting.push(() => server.send(answerA(question), from.port, from.address));
    if (answers) waiting.pop()!();
  });
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  return { server, at: `127.0.0.1:${server.address().port}`, asked: () => asked, answerAll: () => waiting.splice(0).forEach((answer) => answer()) };
}

/** RFC 1035, 4.1: the question again, with 203.0.114.7 for type A and nothing for others. */
function answerA(question: Buffer): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const isA = question.readUInt16BE(end - 4) === 1;
  const head = Buffer.from(question.subarray(0, end));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(isA ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  return isA ? Buffer.concat([head, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 114, 7])]) : head;
}

const ADDRESS = [{ address: "203.0.114.7", family: 4 }];

describe("names outside", () => {
  const dir = mkdtempSync(join(tmpdir(), "citywatch-names-"));
  const hostsFile = join(dir, "hosts");
  let silent: Awaited<ReturnType<typeof startServer>>;
  let good: Awaited<ReturnType<typeof startServer>>;
  before(async () => {
    writeFileSync(hostsFile, "127.0.0.1 localhost\n10.0.7.5\tdesk.example  Desk # the neighbours'\n# 10.0.7.6 gone.example\nfd12::5 desk.example\nnonsense desk.example\n");
    [silent, good] = [await startServer(false), await startServer(true)];
  });
  after(() => {
    silent.server.close();
    good.server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test("[WHK9] names whose server is silent hold up no other, however many they are: they wait on sockets, not on the threads of the process", async () => {
    const order: string[] = [];
    const servers = [silent.at];
    const lost = Array.from({ length: 12 }, (_, i) => resolveName(`lost-${i}.example`, { servers, hostsFile, tryMs: 600_000 }).finally(() => void order.push("lost")));
    while (silent.asked() < 24) await new Promise((resolve) => setImmediate(resolve)); // each has put both questions
    assert.deepEqual(await resolveName("hook.example", { servers: [good.at], hostsFile }), ADDRESS);
    assert.deepEqual(await resolveName("desk.example", { servers, hostsFile }), [{ address: "10.0.7.5", family: 4 }, { address: "fd12::5", family: 6 }]);
    order.push("found");
    silent.answerAll();
    assert.deepEqual(await Promise.all(lost), lost.map(() => ADDRESS));
    assert.deepEqual(order, ["found", ...lost.map(() => "lost")]);
  });

  test("[WHK9] a server that stays silent is given up", async () => {
    await assert.rejects(resolveName("lost.example", { servers: [silent.at], hostsFile, tryMs: 20 }), { code: "ETIMEOUT" });
  });

  test("[WHK9] the hosts file goes before name servers; an address is its own", async () => {
    assert.deepEqual(await resolveName("192.0.2.9", { servers: [silent.at], hostsFile }), [{ address: "192.0.2.9", family: 4 }]);
    assert.deepEqual(findInHosts("10.0.7.5 desk\n", "DESK."), [{ address: "10.0.7.5", family: 4 }]);
    assert.deepEqual(findInHosts("# 10.0.7.6 gone\n", "gone"), []);
    assert.deepEqual(findInHosts("", "desk"), []);
  });
});
