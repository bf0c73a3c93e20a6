import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { checksumOf, type NmeaFixOf } from "../../protocol/avl/nmea.ts";
import { startNmeaListener } from "./nmea-listener.ts";

const sentence = (body: string): string => `$${body}*${checksumOf(body).toString(16).toUpperCase().padStart(2, "0")}\r\n`;
const RMC = sentence("GPRMC,123519,A,3454.0000,S,05612.0000,W,022.4,084.4,230326,,");

async function listen(more: { mostConnections?: number; idleMs?: number } = {}) {
  const fixes: NmeaFixOf[] = [];
  const faults: string[] = [];
  const wakes = new Set<() => void>();
  const wake = (): void => wakes.forEach((one) => one());
  const listener = await startNmeaListener({ host: "127.0.0.1", port: 0, now: () => 0, onFix: (fix) => { fixes.push(fix); wake(); }, onFault: (reason) => { faults.push(reason); wake(); }, ...more });
  const until = (done: () => boolean): Promise<void> => new Promise((resolve) => {
    const look = (): void => {
      if (!done()) return;
      wakes.delete(look);
      resolve();
    };
    wakes.add(look);
    look();
  });
  return { listener, fixes, faults, until };
}

describe("the NMEA port", () => {
  test("hears by TCP and by UDP; a device that says no name has its address", async () => {
    const { listener, fixes, faults, until } = await listen();
    const tcp = connect(listener.port, "127.0.0.1");
    tcp.write(`TRK-1\r\n${RMC.slice(0, 20)}`);
    tcp.write(RMC.slice(20));
    await until(() => fixes.length === 1);
    const udp = createSocket("udp4");
    udp.send(RMC.trim(), listener.port, "127.0.0.1");
    await until(() => fixes.length === 2);
    udp.send("$GPRMC,nonsense*00", listener.port, "127.0.0.1");
    await until(() => faults.length === 1);
    assert.deepEqual(fixes.map((fix) => fix.deviceId), ["TRK-1", "127.0.0.1"]);
    assert.deepEqual(faults, ["wrong-checksum"]);
    udp.close();
    const closed = once(tcp, "close");
    await listener.stop();
    await closed;
  });

  test("takes no more connections than it should", async () => {
    const { listener, faults, until } = await listen({ mostConnections: 1 });
    const first = connect(listener.port, "127.0.0.1");
    await once(first, "connect");
    first.write("TRK-1\r\n");
    const second = connect(listener.port, "127.0.0.1");
    const secondClosed = once(second, "close");
    second.on("error", () => undefined);
    await until(() => faults.length === 1);
    assert.deepEqual(faults, ["too-many-connections"]);
    await secondClosed;
    const firstClosed = once(first, "close");
    await listener.stop();
    await firstClosed;
  });

  test("closes a silent connection", async () => {
    const { listener } = await listen({ idleMs: 200 });
    const silent = connect(listener.port, "127.0.0.1");
    const closed = once(silent, "close");
    silent.write("TRK-1\r\n");
    await closed;
    await listener.stop();
  });
});
