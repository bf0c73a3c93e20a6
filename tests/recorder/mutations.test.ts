// Ten thousand bent inputs each for RTSP, SDP, RTP and RTCP, made of real ones (cameras' texts and captures where they lie beside the project, our own else). No parser throws;
// each makes at most as many steps as there are bytes; what is held stays within its bound however many came; and whoever is asked next, with a good input, answers as ever.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom } from "../../src/base/random.ts";
import { AacDepacketizer } from "../../src/media/rtp/aac-depacketizer.ts";
import type { AccessUnit } from "../../src/media/rtp/access-unit.ts";
import { G711Depacketizer } from "../../src/media/rtp/g711-depacketizer.ts";
import { H264Depacketizer } from "../../src/media/rtp/h264-depacketizer.ts";
import { H264Packetizer } from "../../src/media/rtp/h264-packetizer.ts";
import { H265Depacketizer } from "../../src/media/rtp/h265-depacketizer.ts";
import { MetadataDepacketizer } from "../../src/media/rtp/metadata-depacketizer.ts";
import { RtpPacket } from "../../src/media/rtp/packet.ts";
import { Reception } from "../../src/media/rtp/reception.ts";
import { ReorderBuffer } from "../../src/media/rtp/reorder-buffer.ts";
import { decodeReportBlocks, decodeRtcp, encodeBye, encodeReceiverReport, encodeSenderReport } from "../../src/media/rtp/rtcp.ts";
import type { RtpSample } from "../../src/media/rtp/sample-depacketizer.ts";
import { stepRtspClient } from "../../src/protocol/rtsp/client-session.ts";
import { NEW_RTSP_CLIENT, type RtspClientConfig, type RtspClientState } from "../../src/protocol/rtsp/client-state.ts";
import { formatRequest, formatResponse } from "../../src/protocol/rtsp/format.ts";
import { TRACK_KINDS, chooseTracks } from "../../src/protocol/rtsp/media-tracks.ts";
import { DEFAULT_POLICIES } from "../../src/protocol/rtsp/policies.ts";
import { RtspStreamReader } from "../../src/protocol/rtsp/stream-reader.ts";
import { parseSdp } from "../../src/protocol/sdp/sdp.ts";
import { mutate } from "../support/mutations.ts";
import { SMALL_SDP } from "./scripted-camera.ts";

const INPUTS = 10_000;
const MB = 1024 * 1024;
const encoder = new TextEncoder();
const TEXTS = new URL("../../../shared/data/retina-rtsp/src/client/testdata/", import.meta.url);
const BUNNY = new URL("../../../shared/data/retina-rtsp/bunny.rtsp", import.meta.url);
const PCAP = new URL("../../../shared/data/rtp-pcap/wilson-h265.pcap", import.meta.url);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
function heldBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Works through the inputs. What is left behind by inputs is so in each fifth of them; what grows once is the engine's own (compiled code, caches). */
function workThrough(seed: number, seeds: readonly Uint8Array[], take: (bytes: Uint8Array, i: number) => void): void {
  assert.ok(seeds.length > 0);
  const random = createRandom(seed);
  const held: number[] = [];
  for (let i = 0; i < INPUTS; i++) {
    if (i > 0 && i % (INPUTS / 5) === 0) held.push(heldBytes());
    const bytes = mutate(random, seeds);
    try {
      take(bytes, i);
    } catch (error) {
      throw new Error(`seed ${seed}, input ${i}: ${Buffer.from(bytes).toString("base64")}`, { cause: error });
    }
  }
  held.push(heldBytes());
  const grown = held.slice(1).map((bytes, fifth) => bytes - held[fifth]!);
  assert.ok(Math.min(...grown) < MB / 2, `${grown.join(", ")} bytes more are held from fifth to fifth`);
}

const ownTexts = [
  formatResponse(200, [{ name: "CSeq", value: "1" }, { name: "Public", value: "OPTIONS, DESCRIBE" }]), formatRequest("OPTIONS", "*", [{ name: "CSeq", value: "1" }]),
  formatResponse(200, [{ name: "CSeq", value: "2" }, { name: "Content-Type", value: "application/sdp" }], encoder.encode(SMALL_SDP)),
  formatResponse(200, [{ name: "CSeq", value: "3" }, { name: "Session", value: "1;timeout=60" }, { name: "Transport", value: "RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=00000001" }]),
  formatResponse(401, [{ name: "CSeq", value: "1" }, { name: "WWW-Authenticate", value: 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256' }]),
  formatResponse(302, [{ name: "CSeq", value: "1" }, { name: "Location", value: "rtsp://h/x" }]),
];
const texts = existsSync(TEXTS) ? [...ownTexts, ...readdirSync(TEXTS).map((name) => new Uint8Array(readFileSync(new URL(name, TEXTS))))] : ownTexts;

function listPackets(): { readonly h264: Uint8Array[]; readonly h265: Uint8Array[]; readonly aac: Uint8Array[] } {
  const split = (bytes: Uint8Array, channel: number): Uint8Array[] => {
    const out: Uint8Array[] = [];
    for (let at = 0; at + 4 <= bytes.length;) {
      const end = at + 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
      if (bytes[at + 1] === channel) out.push(bytes.slice(at + 4, end));
      at = end;
    }
    return out;
  };
  const own = new H264Packetizer({ payloadType: 97, ssrc: 1, firstSequence: 1, channel: 2, mostPayloadBytes: 300 });
  const packets: { readonly h264: Uint8Array[]; readonly h265: Uint8Array[]; readonly aac: Uint8Array[] } = { h264: split(own.packetize([Uint8Array.of(0x67, 1, 2), Uint8Array.of(0x68, 1), new Uint8Array(1_000).fill(0x65)], 90), 2), h265: [], aac: [Uint8Array.of(0x80, 0xe0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 16, 0, 16, 5, 6)] };
  if (existsSync(BUNNY)) {
    packets.h264.push(...split(readFileSync(BUNNY), 2));
    packets.aac.push(...split(readFileSync(BUNNY), 0));
  }
  if (existsSync(PCAP)) {
    const bytes = readFileSync(PCAP);
    for (let at = 24; at < bytes.length;) {
      const end = at + 16 + bytes.readUInt32LE(at + 8);
      packets.h265.push(new Uint8Array(bytes.subarray(at + 16 + 42, end)));
      at = end;
    }
  }
  return packets;
}

describe(`${INPUTS} bent inputs each`, () => {
  test("RTSP: the reader in pieces of any size, and the session machine behind it", () => {
    const config: RtspClientConfig = { requestUri: "rtsp://h/x", credentials: { userName: "u", password: "p" }, userAgent: "t", policies: DEFAULT_POLICIES, transport: "auto", tracks: TRACK_KINDS, requestTimeoutMs: 1_000, hash: () => "00", cnonce: "c" };
    const pieces = createRandom(7);
    let state: RtspClientState = NEW_RTSP_CLIENT;
    let steps = 0;
    const make = (): RtspStreamReader => new RtspStreamReader({ headerBytes: 4_096, bodyBytes: 8_192 }, {
      onMessage: (message) => {
        steps++;
        const step = stepRtspClient(state, { kind: "message", message }, config, 0);
        state = step.state;
        assert.ok(step.actions.length <= 3);
      },
      onInterleaved: (_channel, bytes, start, end) => {
        steps++;
        assert.ok(start <= end && end <= bytes.length);
      },
      onInvalid: () => { steps++; },
    });
    let reader = make();
    const reached = new Set<string>();
    workThrough(1, texts, (bytes) => {
      if (reader.broken || pieces.next() < 0.3) reader = make();
      if (state.phase === "ended" || state.phase === "playing" || pieces.next() < 0.1) state = stepRtspClient(NEW_RTSP_CLIENT, { kind: "connected" }, config, 0).state;
      if (state.phase === "opening-ports") state = stepRtspClient(state, { kind: "ports", pairs: [[2, 3], [4, 5], [6, 7]] }, config, 0).state;
      steps = 0;
      // The number of the request that is waiting, so that not all answers are passed over as late.
      const text = "pending" in state && state.pending !== undefined ? Uint8Array.from(Buffer.from(Buffer.from(bytes).toString("latin1").replace(/CSeq: ?\d+/i, `CSeq: ${state.pending.cseq}`), "latin1")) : bytes;
      for (let at = 0; at < text.length;) {
        const size = 1 + pieces.integer(Math.min(2_000, text.length));
        reader.feed(text, at, Math.min(text.length, at + size));
        at += size;
      }
      assert.ok(steps <= 66_000 / 4 + text.length, `${steps} steps`);
      reached.add(state.phase);
    });
    assert.ok(reached.has("describing") && reached.has("setting-up") && reached.has("starting") && reached.has("ended"), `only ${[...reached].join()} was reached: the inputs are too far from right`);
  });

  test("SDP, and which of its tracks are joined", () => {
    const descriptions = texts.map((bytes) => Buffer.from(bytes).toString("latin1")).map((text) => text.slice(text.indexOf("v=0"))).filter((text) => text.startsWith("v=0")).map((text) => encoder.encode(text));
    let joined = 0;
    workThrough(2, descriptions, (bytes) => {
      const sdp = parseSdp(new TextDecoder().decode(bytes));
      if (!sdp.ok) return;
      assert.ok(sdp.value.media.length <= 32);
      const tracks = chooseTracks(sdp.value, TRACK_KINDS, DEFAULT_POLICIES);
      if (tracks.ok) joined++;
    });
    assert.ok(joined > INPUTS / 10, `${joined} were joined: the inputs are too far from right`);
  });

  test("RTP: every depacketiser, through the reorder buffer", () => {
    const { h264, h265, aac } = listPackets();
    const packet = new RtpPacket();
    const reception = new Reception(90_000);
    const most = 100_000;
    let steps = 0;
    const unit = (from: AccessUnit): void => {
      steps++;
      assert.ok(from.length > 0 && from.length <= most && from.bytes.length <= most);
    };
    const sample = (from: RtpSample): void => {
      steps++;
      assert.ok(from.end > from.start && from.end <= from.bytes.length && from.end - from.start <= most);
    };
    const sink = { onAccessUnit: unit, onRtpSample: sample };
    const all = [new H264Depacketizer(sink, most), new H265Depacketizer(sink, most), new AacDepacketizer(sink, 1_024), new G711Depacketizer(sink, 2), new MetadataDepacketizer(sink, most)];
    let read = 0;
    const reorder = new ReorderBuffer({ mostPackets: 64, mostWaitMs: 100, mostBytes: 100_000 }, {
      onOrdered: (bytes, start, end) => {
        steps++;
        if (packet.read(bytes, start, end) !== undefined) return;
        read++;
        for (const each of all) each.push(packet, bytes);
      },
      onLoss: () => { steps++; },
    });
    const shift = createRandom(9);
    workThrough(3, [...h264, ...h265, ...aac], (bytes, i) => {
      steps = 0;
      if (packet.read(bytes, 0, bytes.length) !== undefined) return;
      reception.note(packet.ssrc, packet.sequence, packet.timestamp, i);
      // Mostly a number near the one that is expected, so that the packets get past the sequence.
      const sequence = shift.next() < 0.9 ? (i + shift.integer(6)) & 0xffff : packet.sequence;
      bytes[2] = sequence >> 8;
      bytes[3] = sequence;
      reorder.push(sequence, bytes, 0, bytes.length, i);
      assert.ok(reorder.waiting < 64);
      // Of one packet at most the held ones come out, each with a unit per five depacketisers and as many samples as it has bytes.
      assert.ok(steps <= 64 * (6 + 2 * 1_500), `${steps} steps`);
    });
    assert.ok(read > INPUTS / 2, `${read} were read: the inputs are too far from right`);
    reception.report(INPUTS);
  });

  test("RTCP", () => {
    const block = { ssrc: 1, fractionLost: 1, cumulativeLost: -1, highestSequence: 70_000, jitter: 3, lastSenderReport: 4, delaySinceSenderReport: 5 };
    const seeds = [
      encodeSenderReport({ ssrc: 7, wallMs: 1.7e12, rtpTimestamp: 9, packets: 1, octets: 2 }, "camera"), encodeReceiverReport(1, [block, block], "recorder"), encodeBye(7),
      Uint8Array.from([...encodeSenderReport({ ssrc: 7, wallMs: 1.7e12, rtpTimestamp: 9, packets: 1, octets: 2 }, "camera"), ...encodeBye(7)]),
    ];
    let reports = 0;
    workThrough(4, seeds, (bytes) => {
      const { senderReport } = decodeRtcp(bytes, 0, bytes.length);
      if (senderReport !== undefined) {
        reports++;
        assert.ok(Number.isFinite(senderReport.wallMs));
      }
      assert.ok(decodeReportBlocks(bytes, 0, bytes.length).length <= 31);
    });
    assert.ok(reports > INPUTS / 10);
  });
});
