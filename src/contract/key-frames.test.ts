import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KeyFrameReader, type KeyFrameRecord, encodeKeyFrameFormat, encodeKeyFrameHead } from "./key-frames.ts";

const format = fc.record({ kind: fc.constant("format" as const), codec: fc.stringMatching(/^[a-z0-9.]{1,40}$/), width: fc.nat(65_535), height: fc.nat(65_535), description: fc.uint8Array({ maxLength: 60 }) });
const keyFrame = fc.record({ kind: fc.constant("key-frame" as const), start: fc.double({ min: 0, max: 4e12, noNaN: true }), until: fc.double({ min: 0, max: 4e12, noNaN: true }), bytes: fc.uint8Array({ minLength: 1, maxLength: 90 }) });
const encode = (record: KeyFrameRecord): Uint8Array =>
  record.kind === "format" ? encodeKeyFrameFormat(record) : Buffer.concat([encodeKeyFrameHead(record.start, record.until, record.bytes.length), record.bytes]);

test("[PLY10] records come back as they were, however the body is cut into pieces", () => {
  fc.assert(fc.property(fc.array(fc.oneof(format, keyFrame), { maxLength: 6 }), fc.integer({ min: 1, max: 70 }), (records, pieceBytes) => {
    const body = Buffer.concat(records.map(encode));
    const reader = new KeyFrameReader();
    const read: KeyFrameRecord[] = [];
    for (let at = 0; at < body.length; at += pieceBytes) {
      const some = reader.push(body.subarray(at, at + pieceBytes));
      assert.ok(some.ok);
      read.push(...some.value);
    }
    assert.deepEqual(read.map((each) => ({ ...each })), records.map((each) => ({ ...each })));
    assert.equal(reader.isWhole, true);
    if (body.length > 0) {
      const cut = new KeyFrameReader();
      cut.push(body.subarray(0, -1));
      assert.equal(cut.isWhole, false);
    }
  }));
});

test("[PLY10] broken bytes are an error, not an exception, and nothing is read after it", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (pieces) => {
    const reader = new KeyFrameReader();
    for (const piece of pieces) reader.push(piece);
  }), { numRuns: 2_000 });
  const reader = new KeyFrameReader();
  assert.deepEqual(reader.push(Uint8Array.of(0, 0, 0, 1, 9)), { ok: false, error: "a record of kind 9, expected 1 or 2" });
  assert.equal(reader.push(encode({ kind: "key-frame", start: 1, until: 2, bytes: Uint8Array.of(1) })).ok, false);
  assert.equal(new KeyFrameReader().push(Uint8Array.of(0xff, 0xff, 0xff, 0xff)).ok, false, "no room is held for 4 GB");
});
