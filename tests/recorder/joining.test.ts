// Joining a camera over true sockets: packets by UDP with all that a network does to them, TLS with certificates that are and are not to be trusted, redirections. Rule ids
// are those of src/video/SPEC.md.
import assert from "node:assert/strict";
import { type Socket as UdpSocket, createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, test } from "node:test";
import { readCameraNetworks } from "../../src/app/camera-networks.ts";
import { systemClock } from "../../src/io/clock/clock.ts";
import { type CameraAddress, CameraSession, type CameraSessionEvents, type CameraSessionOptions } from "../../src/io/tcp/camera-session.ts";
import { RtpPacket, encodeRtpHeader } from "../../src/media/rtp/packet.ts";
import { type HeardSenderReport, decodeReportBlocks, encodeSenderReport } from "../../src/media/rtp/rtcp.ts";
import type { PlayingTrack } from "../../src/protocol/rtsp/client-state.ts";
import { encodeInterleaved } from "../../src/protocol/rtsp/format.ts";
import { parseTransport } from "../../src/protocol/rtsp/headers.ts";
import { findHeader } from "../../src/protocol/rtsp/message.ts";
import { LOOPBACK_NETWORKS } from "../../src/video/camera/camera-networks.ts";
import { makeSelfSigned } from "../support/certificate.ts";
import { until } from "./test-centre.ts";
import { type Script, ScriptedCamera, answerPlainly } from "./scripted-camera.ts";

const OPTIONS: CameraSessionOptions = { userAgent: "test", connectTimeoutMs: 30_000, requestTimeoutMs: 30_000, addressPolicy: readCameraNetworks(LOOPBACK_NETWORKS), clock: systemClock };

class Notes implements CameraSessionEvents {
  readonly ends: string[] = [];
  /** Sequence numbers of the pictures, and of the other tracks by their place. */
  readonly pictures: number[] = [];
  readonly others: (readonly [number, number])[] = [];
  readonly reports: (readonly [number, HeardSenderReport])[] = [];
  playing: PlayingTrack | undefined;
  readonly #packet = new RtpPacket();
  onDescribed(): void { return; }
  onPlaying(playing: PlayingTrack): void { this.playing = playing; }
  onRtp(bytes: Uint8Array, start: number, end: number): void {
    this.#packet.read(bytes, start, end);
    this.pictures.push(this.#packet.sequence);
  }
  onTrackRtp(at: number, bytes: Uint8Array, start: number, end: number): void {
    this.#packet.read(bytes, start, end);
    this.others.push([at, this.#packet.sequence]);
  }
  onRtcp(): void { return; }
  onSenderReport(at: number, report: HeardSenderReport): void { this.reports.push([at, report]); }
  onEnded(problem: string, message: string): void { this.ends.push(`${problem}: ${message}`); }
}

const rtp = (sequence: number, payloadType = 96, ssrc = 7): Uint8Array => {
  const bytes = new Uint8Array(20);
  encodeRtpHeader(bytes, 0, payloadType, false, sequence & 0xffff, sequence * 3_600, ssrc);
  return bytes;
};

async function joined(script: Script, more: { readonly tls?: { readonly key: string; readonly cert: string }; readonly camera?: Partial<CameraAddress>; readonly options?: Partial<CameraSessionOptions> }, act: (notes: Notes, camera: ScriptedCamera, session: CameraSession) => Promise<void>): Promise<void> {
  const camera = new ScriptedCamera(script, more.tls);
  const notes = new Notes();
  const session = new CameraSession({ address: await camera.start(), userName: null, password: null, ...more.camera }, { ...OPTIONS, ...more.options }, notes);
  try {
    await act(notes, camera, session);
  } finally {
    session.close();
    await camera.stop();
  }
}

test("[CAM12] pictures, sound and their reports come apart by channel within one connection", async () => {
  const script: Script = (request, socket) => {
    if (request.method === "PLAY") {
      setImmediate(() => {
        socket.write(encodeInterleaved(0, rtp(1)));
        socket.write(encodeInterleaved(2, rtp(9, 8)));
        socket.write(encodeInterleaved(3, encodeSenderReport({ ssrc: 7, wallMs: 1_700_000_000_000, rtpTimestamp: 5, packets: 1, octets: 1 }, "cam")));
        socket.write(encodeInterleaved(9, rtp(77)));
        socket.write(encodeInterleaved(0, rtp(2)));
      });
    }
    return answerPlainly(request);
  };
  await joined(script, { options: { tracks: ["audio"] } }, async (notes, camera) => {
    await until("the second picture", () => notes.pictures.length === 2);
    assert.deepEqual([notes.pictures, notes.others], [[1, 2], [[1, 9]]]);
    assert.deepEqual(notes.reports.map(([at, report]) => [at, Math.round(report.wallMs), report.rtpTimestamp]), [[1, 1_700_000_000_000, 5]]);
    assert.deepEqual(notes.playing!.tracks.map(({ track }) => track.kind), ["video", "audio"]);
    assert.deepEqual(camera.methods, ["OPTIONS", "DESCRIBE", "SETUP", "SETUP", "PLAY"]);
  });
  await joined(script, {}, async (notes, camera) => {
    await until("the second picture", () => notes.pictures.length === 2);
    assert.deepEqual(notes.others, [], "what nobody takes is not asked for");
    assert.equal(camera.methods.filter((method) => method === "SETUP").length, 1);
  });
});

describe("packets by UDP", () => {
  async function bind(): Promise<UdpSocket> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return socket;
  }

  test("[UDP1] [UDP2] [UDP3] [UDP4] order is put back, loss is reported, strangers are not heard", async () => {
    const sender = await bind();
    const control = await bind();
    const stranger = await bind();
    const heard: Buffer[] = [];
    control.on("message", (bytes) => heard.push(bytes));
    let to = 0;
    let refusals = 0;
    let ahead = 0;
    const clock = { wallMs: () => systemClock.wallMs(), monotonicMs: () => systemClock.monotonicMs() + ahead };
    const script: Script = (request) => {
      if (request.method !== "SETUP") return answerPlainly(request);
      const transport = parseTransport(findHeader(request.headers, "Transport")!)!;
      if (transport.tcp) {
        refusals++;
        return { status: 461 };
      }
      to = transport.clientPort![0];
      assert.equal(transport.clientPort![1], to + 1);
      assert.equal(to % 2, 0);
      return { status: 200, headers: { Session: "5", Transport: `RTP/AVP;unicast;client_port=${to}-${to + 1};server_port=${sender.address().port}-${control.address().port}` } };
    };
    try {
      await joined(script, { camera: { transport: "auto" }, options: { clock } }, async (notes, _camera, session) => {
        await until("the first report, which opens the way", () => heard.length > 0);
        assert.equal(refusals, 1);
        assert.deepEqual(decodeReportBlocks(heard[0]!, 0, heard[0]!.length), [], "nothing to report yet");
        const order = [65_530, 65_531, 65_533, 65_532, 65_532, 65_534, 0, 65_535, 2, 4, 5];
        for (const sequence of order) {
          stranger.send(rtp(sequence + 1), to, "127.0.0.1");
          if (sequence !== order[0]) sender.send(rtp(sequence, 96, 8), to, "127.0.0.1"); // another source from the right port: the first to come counts
          await new Promise((resolve) => sender.send(rtp(sequence), to, "127.0.0.1", resolve));
          // Datagrams of one socket keep their order on loopback; the wait is for those of the others.
          if (sequence === order[0]) await until("the first", () => notes.pictures.length === 1);
        }
        control.send(encodeSenderReport({ ssrc: 8, wallMs: 1e12, rtpTimestamp: 1, packets: 1, octets: 1 }, "cam"), to + 1, "127.0.0.1");
        await until("the report", () => notes.reports.length === 1);
        await until("1 and 3 given up", () => {
          session.tick();
          return notes.pictures.length === 10;
        });
        assert.deepEqual(notes.pictures, [65_530, 65_531, 65_532, 65_533, 65_534, 65_535, 0, 2, 4, 5]);
        const figures = session.findUdpFigures(0)!;
        assert.deepEqual([figures.lost, figures.late], [2, 1]);
        assert.ok(figures.foreign >= order.length, `${figures.foreign} of strangers`);
        ahead = 6_000;
        session.tick();
        const [block] = await until("the next report", () => heard.map((bytes) => decodeReportBlocks(bytes, 0, bytes.length)).find((blocks) => blocks.length === 1));
        assert.deepEqual([block!.ssrc, block!.cumulativeLost, block!.highestSequence], [7, 1, 65_536 + 5], "two are missing, one came twice (RFC 3550 appendix A.3)");
        assert.ok(block!.delaySinceSenderReport >= 6 * 65_536 && block!.lastSenderReport > 0);
      });
    } finally {
      for (const socket of [sender, control, stranger]) socket.close();
    }
  });

  test("[UDP5] rtsps never has its packets sent in clear: UDP is refused before anything is asked", async () => {
    await joined(answerPlainly, { tls: makeSelfSigned("camera.test", "127.0.0.1"), camera: { transport: "udp" } }, async (notes, camera) => {
      await until("the end", () => notes.ends.length === 1);
      assert.match(notes.ends[0]!, /^bad-address: .*SRTP is not spoken/);
      assert.equal(camera.receivedBytes, 0);
    });
  });
});

describe("[CAM11] rtsps", () => {
  const own = makeSelfSigned("camera.test", "127.0.0.1");
  const other = makeSelfSigned("camera.test", "127.0.0.1");
  const credentials = { userName: "operator", password: "secret" };

  test("the pinned certificate: to pictures", async () => {
    const script: Script = (request, socket) => {
      if (request.method === "PLAY") setImmediate(() => socket.write(encodeInterleaved(0, rtp(1))));
      return answerPlainly(request);
    };
    await joined(script, { tls: own, camera: { ...credentials, certificate: { kind: "pinned", sha256: own.sha256 } } }, async (notes) => {
      await until("a picture", () => notes.pictures.length === 1 || notes.ends.length > 0);
      assert.deepEqual([notes.pictures, notes.ends], [[1], []]);
    });
  });

  test("another certificate than the pinned one, or one that no authority signed: not a byte is said, and the fingerprint is told", async () => {
    for (const certificate of [{ kind: "pinned", sha256: other.sha256 } as const, { kind: "authorities", pem: other.cert } as const, undefined]) {
      await joined(answerPlainly, { tls: own, camera: { ...credentials, ...(certificate === undefined ? {} : { certificate }) } }, async (notes, camera) => {
        await until("the end", () => notes.ends.length === 1);
        assert.match(notes.ends[0]!, /^untrusted: /);
        assert.ok(notes.ends[0]!.replace(/:/g, "").toLowerCase().includes(own.sha256), notes.ends[0]);
        assert.equal(camera.receivedBytes, 0);
      });
    }
  });

  test("an authority of ours: taken for the address that it names, not for another camera's certificate", async () => {
    await joined(answerPlainly, { tls: own, camera: { certificate: { kind: "authorities", pem: own.cert } } }, async (notes) => {
      await until("the description", () => notes.playing !== undefined || notes.ends.length > 0);
      assert.deepEqual(notes.ends, []);
    });
    const elsewhere = makeSelfSigned("camera.test", "10.0.0.1");
    await joined(answerPlainly, { tls: elsewhere, camera: { certificate: { kind: "authorities", pem: elsewhere.cert } } }, async (notes, camera) => {
      await until("the end", () => notes.ends.length === 1);
      assert.match(notes.ends[0]!, /^untrusted: .*ALTNAME/);
      assert.equal(camera.receivedBytes, 0);
    });
  });
});

describe("[CAM10] redirections", () => {
  const DIGEST = { status: 401, headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' } };
  const credentials = { userName: "operator", password: "secret" };

  test("to another port: followed, and the password stays here, with words that say so", async () => {
    const target = new ScriptedCamera((request) => (findHeader(request.headers, "Authorization") === undefined ? DIGEST : answerPlainly(request)));
    const address = await target.start();
    try {
      await joined((request) => (request.method === "DESCRIBE" ? { status: 302, headers: { Location: address } } : answerPlainly(request)), { camera: credentials }, async (notes) => {
        await until("the end", () => notes.ends.length === 1);
        assert.match(notes.ends[0]!, /^credentials-missing: .*password is given to no other host or port/);
        assert.deepEqual(target.methods, ["OPTIONS"]);
        assert.equal(findHeader(target.requests[0]!.headers, "Authorization"), undefined);
      });
    } finally {
      await target.stop();
    }
  });

  test("to another path of the same: followed with the password; to pictures", async () => {
    const script: Script = (request, socket) => {
      if (request.uri.endsWith("/live") && request.method === "DESCRIBE") return { status: 301, headers: { Location: `rtsp://127.0.0.1:${socket.localPort}/other` } };
      if (request.uri.includes("/other") && findHeader(request.headers, "Authorization") === undefined) return DIGEST;
      return answerPlainly(request);
    };
    await joined(script, { camera: credentials }, async (notes, camera) => {
      await until("playing", () => notes.playing !== undefined || notes.ends.length > 0);
      assert.deepEqual(notes.ends, []);
      assert.equal(camera.requests.at(-1)!.uri, `rtsp://127.0.0.1:${camera.port}/other`);
    });
  });

  test("in a circle, out of the networks of cameras, to a web page: refused with the reason", async () => {
    const ends: readonly [string | undefined, RegExp, number][] = [
      [undefined, /^refused: more than 3 redirections/, 4],
      ["rtsp://169.254.169.254/latest", /^bad-address: the camera redirects: 169\.254\.169\.254 is a link-local address/, 1],
      ["rtsp://192.0.2.1/live", /^bad-address: the camera redirects: 192\.0\.2\.1 is outside the networks/, 1],
      ["http://127.0.0.1/", /^refused: the camera redirects to "http/, 1],
    ];
    for (const [location, expected, asked] of ends) {
      await joined((_request, socket) => ({ status: 302, headers: { Location: location ?? `rtsp://127.0.0.1:${socket.localPort}/live` } }), { camera: credentials }, async (notes, camera) => {
        await until("the end", () => notes.ends.length === 1);
        assert.match(notes.ends[0]!, expected);
        assert.equal(camera.requests.length, asked);
      });
    }
  });
});
