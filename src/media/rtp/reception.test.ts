import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Reception } from "./reception.ts";
import { decodeReportBlocks, encodeReceiverReport } from "./rtcp.ts";
import { SourceLock } from "./source-lock.ts";

describe("[UDP2] what a receiver reports", () => {
  test("loss of the interval and of all, and wraps", () => {
    const reception = new Reception(90_000);
    assert.equal(reception.report(0), undefined);
    for (const sequence of [65_533, 65_534, 65_535, 1, 2]) reception.note(7, sequence, 0, 0); // 0 is missing
    const first = reception.report(0)!;
    assert.deepEqual([first.ssrc, first.fractionLost, first.cumulativeLost, first.highestSequence], [7, Math.floor(256 / 6), 1, 65_536 + 2]);
    for (const sequence of [3, 4, 7, 6]) reception.note(7, sequence, 0, 0); // 5 is missing, 6 comes late
    const second = reception.report(0)!;
    assert.deepEqual([second.fractionLost, second.cumulativeLost], [Math.floor(256 / 5), 2]);
    reception.note(7, 7, 0, 0);
    assert.deepEqual([reception.report(0)!.fractionLost, reception.lost], [0, 1], "a packet that came twice makes up for one that did not");
  });

  test("jitter: none at an even pace, and the mean deviation as RFC 3550 appendix A.8 smooths it", () => {
    const even = new Reception(90_000);
    for (let i = 0; i < 100; i++) even.note(1, i, i * 3_600, 1_000 + i * 40);
    assert.equal(even.report(0)!.jitter, 0);
    const uneven = new Reception(8_000);
    let expected = 0;
    for (let i = 0; i < 50; i++) {
      uneven.note(1, i, i * 160, i * 20 + (i % 2) * 5); // every other one 5 ms late: |D| = 40 ticks
      if (i > 0) expected += (40 - expected) / 16;
    }
    assert.equal(uneven.report(0)!.jitter, Math.floor(expected));
    assert.ok(Math.abs(uneven.jitterMs - expected / 8) < 1e-9);
  });

  test("the last sender report and the time since it", () => {
    const reception = new Reception(90_000);
    reception.note(1, 1, 0, 0);
    reception.noteSenderReport(0xabcd1234, 1_000);
    const block = reception.report(3_500)!;
    assert.deepEqual([block.lastSenderReport, block.delaySinceSenderReport], [0xabcd1234, 2.5 * 65_536]);
  });

  test("there and back in a compound packet, signs and all", () => {
    const uint32 = fc.integer({ min: 0, max: 0xffffffff });
    const block = fc.record({ ssrc: uint32, fractionLost: fc.integer({ min: 0, max: 255 }), cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }), highestSequence: uint32, jitter: uint32, lastSenderReport: uint32, delaySinceSenderReport: uint32 });
    fc.assert(fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
      const bytes = encodeReceiverReport(9, blocks, "recorder");
      assert.equal(bytes.length % 4, 0);
      assert.deepEqual(decodeReportBlocks(bytes, 0, bytes.length), blocks.map((each) => ({ ...each })));
    }));
  });

  test("whatever comes, the figures stay within their fields", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 1e9 }))), (packets) => {
      const reception = new Reception(90_000);
      for (const packet of packets) reception.note(...packet);
      const block = reception.report(1e9);
      if (block === undefined) return;
      assert.ok(block.fractionLost >= 0 && block.fractionLost <= 255 && block.jitter >= 0 && block.jitter <= 0xffffffff);
      assert.ok(block.highestSequence <= 0xffffffff && Math.abs(block.cumulativeLost) <= 0x800000);
    }));
  });
});

describe("[UDP3] whose packets are taken", () => {
  test("the first source; another only once it has been silent for 2 s", () => {
    const lock = new SourceLock();
    assert.deepEqual([lock.accept(1, 0), lock.accept(2, 10), lock.accept(1, 1_000), lock.accept(2, 2_999), lock.accept(2, 3_000), lock.accept(1, 3_001)], [true, false, true, false, true, false]);
    assert.equal(lock.foreign, 3);
  });
  test("the told one alone where the policy wants it", () => {
    const lock = new SourceLock(5);
    assert.deepEqual([lock.accept(1, 0), lock.accept(5, 1), lock.accept(1, 99_999)], [false, true, false]);
  });
});
