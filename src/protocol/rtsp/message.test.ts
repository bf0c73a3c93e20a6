// One table of cases for every way of reading: whole, byte by byte, written back, and bent. Cases are what cameras send, and what attackers would.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatRequest, formatResponse } from "./format.ts";
import { type RtspLimits, type RtspMessage, type RtspParse, findCSeq, findHeader, listHeaders, parseRtsp } from "./message.ts";
import { RtspStreamReader } from "./stream-reader.ts";

const LIMITS: RtspLimits = { headerBytes: 1_000, bodyBytes: 1_000 };
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

type Expected =
  | { kind: "message"; check: (message: RtspMessage) => void }
  | { kind: "interleaved"; channel: number; payload: string }
  | { kind: "need-more" }
  | { kind: "invalid"; offset: number; reason: RegExp };
const asResponse = (status: number, body = ""): Expected => ({ kind: "message", check: (message) => {
  assert.equal(message.kind === "response" && message.status, status);
  assert.equal(new TextDecoder().decode(message.body), body);
} });

const CASES: readonly { readonly name: string; readonly text: string; readonly expected: Expected }[] = [
  { name: "a response", text: "RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n", expected: asResponse(200) },
  { name: "a response with a body", text: "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 5\r\n\r\nv=0\r\n", expected: asResponse(200, "v=0\r\n") },
  { name: "no reason phrase", text: "RTSP/1.0 404\r\nCSeq: 2\r\n\r\n", expected: asResponse(404) },
  { name: "lines that end in LF alone", text: "RTSP/1.0 200 OK\nCSeq: 7\n\n", expected: { kind: "message", check: (message) => assert.equal(findCSeq(message), 7) } },
  { name: "empty lines before", text: "\r\n\r\nRTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n", expected: asResponse(200) },
  { name: "Cseq in other letters (Vstarcam, H264DVR)", text: "RTSP/1.0 200 OK\r\nCseq: 4\r\n\r\n", expected: { kind: "message", check: (message) => assert.equal(findCSeq(message), 4) } },
  { name: "a blank behind CSeq (Longse)", text: "RTSP/1.0 401 Unauthorized\r\nCSeq: 1 \r\n\r\n", expected: { kind: "message", check: (message) => assert.equal(findCSeq(message), 1) } },
  { name: "a header twice", text: "RTSP/1.0 401 U\r\nWWW-Authenticate: Digest a\r\nWWW-Authenticate: Basic b\r\n\r\n", expected: { kind: "message", check: (message) => assert.deepEqual(listHeaders(message.headers, "www-authenticate"), ["Digest a", "Basic b"]) } },
  { name: "a colon within a value", text: "RTSP/1.0 200 OK\r\nContent-Base: rtsp://h:554/x\r\n\r\n", expected: { kind: "message", check: (message) => assert.equal(findHeader(message.headers, "content-base"), "rtsp://h:554/x") } },
  { name: "a request", text: "PLAY rtsp://h/x RTSP/1.0\r\nCSeq: 3\r\n\r\n", expected: { kind: "message", check: (message) => assert.equal(message.kind === "request" && message.method, "PLAY") } },
  { name: "an interleaved frame", text: "$\x02\x00\x03abc", expected: { kind: "interleaved", channel: 2, payload: "abc" } },
  { name: "an empty interleaved frame", text: "$\x00\x00\x00", expected: { kind: "interleaved", channel: 0, payload: "" } },
  { name: "nothing", text: "", expected: { kind: "need-more" } },
  { name: "half a header", text: "RTSP/1.0 200 OK\r\nCSe", expected: { kind: "need-more" } },
  { name: "half a body", text: "RTSP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nabc", expected: { kind: "need-more" } },
  { name: "half a frame", text: "$\x00\x00\x09abc", expected: { kind: "need-more" } },
  { name: "a web server", text: "HTTP/1.1 400 Bad Request\r\n\r\n", expected: { kind: "invalid", offset: 0, reason: /neither/ } },
  { name: "a later version", text: "RTSP/2.0 200 OK\r\n\r\n", expected: { kind: "invalid", offset: 0, reason: /neither/ } },
  { name: "binary", text: "\x00\x01\x02\x03", expected: { kind: "invalid", offset: 0, reason: /control/ } },
  { name: "a control character in a value", text: "RTSP/1.0 200 OK\r\nA: b\x00c\r\n\r\n", expected: { kind: "invalid", offset: 21, reason: /control/ } },
  { name: "a line without a name", text: "RTSP/1.0 200 OK\r\nnonsense\r\n\r\n", expected: { kind: "invalid", offset: 17, reason: /without a name/ } },
  { name: "a blank within a name", text: "RTSP/1.0 200 OK\r\nA b: c\r\n\r\n", expected: { kind: "invalid", offset: 17, reason: /without a name/ } },
  { name: "a negative length", text: "RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n", expected: { kind: "invalid", offset: 0, reason: /Content-Length "-1"/ } },
  { name: "a body beyond the limit", text: "RTSP/1.0 200 OK\r\nContent-Length: 1001\r\n\r\n", expected: { kind: "invalid", offset: 0, reason: /1001 bytes, at most 1000/ } },
  { name: "headers beyond the limit", text: `RTSP/1.0 200 OK\r\nA: ${"b".repeat(1_000)}\r\n\r\n`, expected: { kind: "invalid", offset: 0, reason: /longer than 1000/ } },
  { name: "a flood of headers", text: `RTSP/1.0 200 OK\r\n${"A: b\r\n".repeat(129)}\r\n`, expected: { kind: "invalid", offset: 785, reason: /more than 128 headers/ } },
  { name: "a flood of empty lines", text: "\r\n".repeat(40), expected: { kind: "invalid", offset: 0, reason: /empty lines/ } },
];

function check(parse: RtspParse, expected: Expected, bytes: Uint8Array): void {
  assert.equal(parse.kind, expected.kind, JSON.stringify(parse));
  if (parse.kind === "message" && expected.kind === "message") {
    expected.check(parse.message);
    assert.equal(parse.next, bytes.length);
  }
  if (parse.kind === "interleaved" && expected.kind === "interleaved") {
    assert.equal(parse.channel, expected.channel);
    assert.equal(String.fromCharCode(...bytes.subarray(parse.start, parse.end)), expected.payload);
  }
  if (parse.kind === "invalid" && expected.kind === "invalid") {
    assert.equal(parse.offset, expected.offset);
    assert.match(parse.reason, expected.reason);
  }
}

describe("RTSP messages", () => {
  for (const { name, text, expected } of CASES) {
    test(`read: ${name}`, () => {
      const bytes = bytesOf(text);
      check(parseRtsp(bytes, 0, bytes.length, LIMITS), expected, bytes);
      const shifted = bytesOf(`xyz${text}`);
      const moved = parseRtsp(shifted, 3, shifted.length, LIMITS);
      if (moved.kind === "invalid" && expected.kind === "invalid") assert.equal(moved.offset, expected.offset + 3);
      else assert.equal(moved.kind, expected.kind);
    });
    if (expected.kind === "message" || expected.kind === "interleaved") {
      test(`every beginning needs more: ${name}`, () => {
        const bytes = bytesOf(text);
        for (let end = 0; end < bytes.length; end++) assert.equal(parseRtsp(bytes, 0, end, LIMITS).kind, "need-more", `after ${end} bytes`);
      });
    }
  }

  test("written and read back", () => {
    const value = fc.string({ unit: fc.constantFrom(..."abc XYZ:;=\"/-"), maxLength: 40 }).map((text) => text.trim());
    fc.assert(fc.property(fc.constantFrom("OPTIONS", "DESCRIBE", "GET_PARAMETER"), value, fc.uint8Array({ maxLength: 100 }), (method, header, body) => {
      const request = formatRequest(method, "rtsp://h/x?a=b", [{ name: "X-Test", value: header }], body);
      const read = parseRtsp(request, 0, request.length, LIMITS);
      assert.ok(read.kind === "message" && read.message.kind === "request");
      assert.equal(read.message.method, method);
      assert.equal(findHeader(read.message.headers, "x-test"), header);
      assert.deepEqual(read.message.body, body);
      const response = formatResponse(404, [{ name: "X-Test", value: header }], body);
      const back = parseRtsp(response, 0, response.length, LIMITS);
      assert.ok(back.kind === "message" && back.message.kind === "response" && back.message.status === 404);
      assert.deepEqual(back.message.body, body);
    }));
  });

  test("a line break in a value is never written: it would be a header of the attacker's", () => {
    assert.throws(() => formatRequest("OPTIONS", "rtsp://h/\r\nX: y", []), RangeError);
    assert.throws(() => formatRequest("OPTIONS", "rtsp://h/", [{ name: "A", value: "b\nC: d" }]), RangeError);
  });

  test("bent bytes never throw, and never claim more than there is", () => {
    const texts = CASES.map(({ text }) => bytesOf(text));
    fc.assert(fc.property(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(2_000), fc.integer({ min: 0, max: 255 })), { maxLength: 5 }), (text, changes) => {
      const bytes = text.slice();
      for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
      const parse = parseRtsp(bytes, 0, bytes.length, LIMITS);
      if (parse.kind === "message" || parse.kind === "interleaved") assert.ok(parse.next <= bytes.length);
      if (parse.kind === "invalid") assert.ok(parse.offset >= 0 && parse.offset < bytes.length && parse.reason !== "");
    }), { numRuns: 2_000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => { parseRtsp(bytes, 0, bytes.length, LIMITS); }), { numRuns: 2_000 });
  });
});

describe("the stream reader", () => {
  const pieces = CASES.filter(({ expected }) => expected.kind === "message" || expected.kind === "interleaved").map(({ text }) => text);
  const read = (bytes: Uint8Array, cuts: readonly number[]): string[] => {
    const out: string[] = [];
    const reader = new RtspStreamReader(LIMITS, {
      onMessage: (message) => out.push(`${message.kind} ${message.headers.map((header) => `${header.name}=${header.value}`).join()} ${String.fromCharCode(...message.body)}`),
      onInterleaved: (channel, from, start, end) => out.push(`frame ${channel} ${String.fromCharCode(...from.subarray(start, end))}`),
      onInvalid: (offset, reason) => out.push(`invalid ${offset} ${reason}`),
    });
    let at = 0;
    for (const cut of [...cuts, bytes.length]) {
      // Each piece comes in a buffer that is used again, as a socket's is.
      const piece = bytes.slice(at, cut);
      reader.feed(piece, 0, piece.length);
      piece.fill(0xff);
      at = cut;
    }
    return out;
  };

  test("however the bytes are cut, the same comes out", () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 12 }), fc.array(fc.nat(2_000), { maxLength: 30 }), (texts, cutsAt) => {
      const bytes = bytesOf(texts.join(""));
      const cuts = cutsAt.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
      assert.deepEqual(read(bytes, cuts), read(bytes, []));
      assert.equal(read(bytes, []).length, texts.length);
    }), { numRuns: 500 });
  });

  test("byte by byte", () => {
    const bytes = bytesOf(pieces.join(""));
    assert.deepEqual(read(bytes, [...bytes.keys()]), read(bytes, []));
  });

  test("[CAM9] a message that comes byte by byte is looked at once a line and once for its body, not at each byte", () => {
    const lines = 100;
    const head = `\r\nRTSP/1.0 200 OK\r\n${"A: bcdefgh\r\n".repeat(lines)}Content-Length: 60000\r\n\r\n`;
    const bytes = bytesOf(head + "x".repeat(60_000));
    let messages = 0;
    const reader = new RtspStreamReader({ headerBytes: 16_384, bodyBytes: 65_536 }, { onMessage: () => { messages++; }, onInterleaved: () => undefined, onInvalid: (_offset, reason) => assert.fail(reason) });
    for (let at = 0; at < bytes.length; at++) reader.feed(bytes, at, at + 1);
    assert.equal(messages, 1);
    assert.ok(reader.looks <= lines + 16, `${reader.looks} looks at ${bytes.length} bytes`);
    const binary = new RtspStreamReader({ headerBytes: 16_384, bodyBytes: 100 }, { onMessage: () => undefined, onInterleaved: () => undefined, onInvalid: () => { messages++; } });
    for (let at = 0; at < 20_000; at++) binary.feed(Uint8Array.of(0x61), 0, 1);
    assert.equal(messages, 2, "no line at all: told at the limit");
    assert.ok(binary.looks <= 20, `${binary.looks} looks`);
  });

  test("invalid bytes are told once, with their place in the stream, and end the reading", () => {
    const good = "$\x00\x00\x02ab";
    const bytes = bytesOf(`${good}${good}HTTP/1.1 nonsense\r\n\r\n${good}`);
    for (const cuts of [[], [3], [8, 13], [...bytes.keys()]]) assert.deepEqual(read(bytes, cuts).map((line) => line.slice(0, 12)), ["frame 0 ab", "frame 0 ab", "invalid 12 n"]);
  });
});
