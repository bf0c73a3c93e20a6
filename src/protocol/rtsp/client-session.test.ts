// The session machine, answer by answer: what it sends, what it concludes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { stepRtspClient } from "./client-session.ts";
import { NEW_RTSP_CLIENT, type RtspClientAction, type RtspClientConfig, type RtspClientInput, type RtspClientState } from "./client-state.ts";
import { type RtspHeader, type RtspRequest, findHeader, parseRtsp } from "./message.ts";
import { DEFAULT_POLICIES, STRICT_POLICIES } from "./policies.ts";

const SDP = "v=0\r\ns=x\r\na=control:*\r\nm=audio 0 RTP/AVP 8\r\na=control:track0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n";

class Talk {
  state: RtspClientState = NEW_RTSP_CLIENT;
  now = 0;
  readonly said: string[] = [];
  last: RtspRequest | undefined;
  readonly config: RtspClientConfig;

  constructor(more: Partial<RtspClientConfig> = {}) {
    this.config = {
      requestUri: "rtsp://h/live", credentials: { userName: "u", password: "p" }, userAgent: "test", policies: DEFAULT_POLICIES, requestTimeoutMs: 5_000, transport: "tcp", tracks: ["video"],
      hash: (_algorithm, text) => createHash("md5").update(text).digest("hex"), cnonce: "c", ...more,
    };
    this.step({ kind: "connected" });
  }

  step(input: RtspClientInput): readonly RtspClientAction[] {
    const { state, actions } = stepRtspClient(this.state, input, this.config, this.now);
    this.state = state;
    for (const action of actions) {
      if (action.kind === "send") {
        const parse = parseRtsp(action.bytes, 0, action.bytes.length, { headerBytes: 8_192, bodyBytes: 100 });
        assert.ok(parse.kind === "message");
        if (parse.message.kind === "request") this.last = parse.message;
        this.said.push(parse.message.kind === "request" ? `${parse.message.method} ${parse.message.uri}` : `answer ${parse.message.status}`);
      } else {
        this.said.push(action.kind === "failed" ? `failed ${action.problem}` : action.kind);
      }
    }
    return actions;
  }

  answer(status: number, headers: readonly RtspHeader[] = [], body = ""): this {
    const cseq = findHeader(this.last!.headers, "CSeq")!;
    this.step({ kind: "message", message: { kind: "response", status, reason: "", headers: [{ name: "CSeq", value: cseq }, ...headers], body: new TextEncoder().encode(body) } });
    return this;
  }

  describe(): this {
    return this.answer(200, [{ name: "Public", value: "OPTIONS, GET_PARAMETER" }]).answer(200, [{ name: "Content-Type", value: "application/sdp" }, { name: "Content-Base", value: "rtsp://h/live/" }], SDP);
  }
  play(): this {
    return this.describe().answer(200, [{ name: "Session", value: "s1;timeout=20" }, { name: "Transport", value: "RTP/AVP/TCP;interleaved=4-5" }]).answer(200, [{ name: "Session", value: "s1" }]);
  }
}

describe("the client's session", () => {
  test("to pictures, kept alive, and away", () => {
    const talk = new Talk().play();
    assert.deepEqual(talk.said, ["OPTIONS rtsp://h/live", "DESCRIBE rtsp://h/live", "described", "SETUP rtsp://h/live/track1", "PLAY rtsp://h/live/", "playing"]);
    assert.deepEqual(talk.state.phase === "playing" && talk.state.joined.map(({ path }) => path), [{ kind: "tcp", channel: 4 }], "the server's channels count");
    talk.said.length = 0;
    talk.now = 9_999;
    talk.step({ kind: "tick" });
    talk.now = 10_000;
    talk.step({ kind: "tick" });
    assert.equal(findHeader(talk.last!.headers, "Session"), "s1");
    talk.answer(200);
    talk.step({ kind: "leave" });
    talk.step({ kind: "tick" });
    assert.deepEqual(talk.said, ["GET_PARAMETER rtsp://h/live/", "TEARDOWN rtsp://h/live/", "left"]);
  });

  test("a challenge is answered once; the same request again with the same headers", () => {
    const talk = new Talk().answer(200);
    talk.answer(401, [{ name: "WWW-Authenticate", value: 'Digest realm="r", nonce="n"' }]);
    assert.match(findHeader(talk.last!.headers, "Authorization")!, /^Digest username="u", realm="r", nonce="n"/);
    assert.equal(findHeader(talk.last!.headers, "Accept"), "application/sdp");
    talk.answer(401, [{ name: "WWW-Authenticate", value: 'Digest realm="r", nonce="n2"' }]);
    assert.equal(talk.said.at(-1), "failed unauthorized");
  });

  test("[SEC2] a camera that has asked for digest gets no password in clear later in the session", () => {
    const talk = new Talk().answer(200);
    talk.answer(401, [{ name: "WWW-Authenticate", value: 'Digest realm="r", nonce="n"' }]);
    talk.answer(200, [{ name: "Content-Type", value: "application/sdp" }], SDP);
    const before = talk.said.length;
    talk.answer(401, [{ name: "WWW-Authenticate", value: 'Basic realm="r"' }]);
    assert.deepEqual(talk.said.slice(before), ["failed unauthorized"]);
  });

  test("a nonce that ran out is answered anew, also in mid-session, but not for ever", () => {
    const talk = new Talk().play();
    talk.now = 10_000;
    talk.step({ kind: "tick" });
    talk.answer(401, [{ name: "WWW-Authenticate", value: 'Digest realm="r", nonce="n3", stale=true' }]);
    assert.equal(talk.said.at(-1), "GET_PARAMETER rtsp://h/live/");
    assert.equal(talk.state.phase, "playing");
    for (let i = 0; i < 5 && talk.state.phase === "playing"; i++) talk.answer(401, [{ name: "WWW-Authenticate", value: 'Digest realm="r", nonce="n3", stale=true' }]);
    assert.equal(talk.said.at(-1), "failed unauthorized");
  });

  const failures: readonly [string, (talk: Talk) => unknown, string][] = [
    ["404", (talk) => talk.answer(200).answer(404), "not-found"],
    ["403", (talk) => talk.answer(200).answer(403), "unauthorized"],
    ["too many clients", (talk) => talk.describe().answer(453), "refused"],
    ["not SDP", (talk) => talk.answer(200).answer(200, [{ name: "Content-Type", value: "text/html" }], "<html>"), "malformed"],
    ["broken SDP", (talk) => talk.answer(200).answer(200, [], "hello"), "malformed"],
    ["audio only", (talk) => talk.answer(200).answer(200, [], "v=0\r\nm=audio 0 RTP/AVP 8\r\n"), "no-video"],
    ["JPEG", (talk) => talk.answer(200).answer(200, [], "v=0\r\nm=video 0 RTP/AVP 26\r\n"), "unsupported-codec"],
    ["UDP in answer to TCP (H264DVR)", (talk) => talk.describe().answer(200, [{ name: "Session", value: "1" }, { name: "Transport", value: "RTP/AVP;unicast;client_port=18714-18715" }]), "malformed"],
    ["no session id", (talk) => talk.describe().answer(200, [{ name: "Transport", value: "RTP/AVP/TCP;interleaved=0-1" }]), "malformed"],
    ["no answer", (talk) => { talk.now = 5_000; talk.step({ kind: "tick" }); }, "timeout"],
    ["the session is gone (454)", (talk) => { talk.play(); talk.now = 60_000; talk.step({ kind: "tick" }); talk.answer(454); }, "closed"],
    ["an unknown way of authentication", (talk) => talk.answer(401, [{ name: "WWW-Authenticate", value: "NTLM" }]), "unauthorized"],
  ];
  for (const [name, act, problem] of failures) {
    test(`${name}: ${problem}`, () => {
      const talk = new Talk();
      act(talk);
      assert.equal(talk.said.at(-1), `failed ${problem}`);
      assert.equal(talk.state.phase, "ended");
    });
  }
  test("asked for a password and having none: unauthorized, with words that say so", () => {
    const talk = new Talk({ credentials: undefined });
    const [action] = [stepRtspClient(talk.state, { kind: "message", message: { kind: "response", status: 401, reason: "", headers: [{ name: "WWW-Authenticate", value: 'Basic realm="x"' }], body: new Uint8Array(0) } }, talk.config, 0).actions[0]];
    assert.ok(action?.kind === "failed" && action.message.includes("asks for a user name"));
  });

  test("quirks: OPTIONS refused, no Content-Type, Content-Base without scheme (Anjvision)", () => {
    const talk = new Talk().answer(501).answer(200, [{ name: "Content-Base", value: "192.168.1.10:554/stream0/" }], SDP);
    assert.equal(talk.said.at(-1), "SETUP rtsp://h/live/track1");
    assert.equal(new Talk({ policies: STRICT_POLICIES }).answer(501).said.at(-1), "failed malformed");
    assert.equal(new Talk({ policies: STRICT_POLICIES }).answer(200).answer(200, [], SDP).said.at(-1), "failed malformed");
    assert.equal(new Talk({ policies: STRICT_POLICIES }).answer(200).answer(200, [{ name: "Content-Type", value: "application/sdp" }, { name: "Content-Base", value: "192.168.1.10:554/stream0/" }], SDP).said.at(-1), "failed malformed");
  });

  describe("several tracks", () => {
    const ALL = "v=0\r\nm=audio 0 RTP/AVP 8\r\na=control:track0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\nm=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\na=control:track2\r\n";
    const all = (more: Partial<RtspClientConfig> = {}): Talk => new Talk({ tracks: ["video", "audio", "metadata"], ...more }).answer(200).answer(200, [{ name: "Content-Type", value: "application/sdp" }], ALL);
    const joined = (talk: Talk): unknown => talk.state.phase === "playing" && talk.state.joined.map(({ track, path }) => [track.kind, path.kind === "tcp" ? path.channel : path.clientPort[0]]);
    const setUp = (talk: Talk, transport: string, session = "s1"): Talk => talk.answer(200, [{ name: "Session", value: session }, { name: "Transport", value: transport }]);

    test("[CAM12] each has its SETUP and its channels, pictures first, and PLAY comes once", () => {
      const talk = all();
      for (const channels of ["0-1", "2-3", "4-5"]) {
        assert.equal(findHeader(talk.last!.headers, "Transport"), `RTP/AVP/TCP;unicast;interleaved=${channels}`);
        assert.equal(findHeader(talk.last!.headers, "Session"), channels === "0-1" ? undefined : "s1");
        setUp(talk, `RTP/AVP/TCP;unicast;interleaved=${channels}`);
      }
      talk.answer(200);
      assert.deepEqual(talk.said, ["OPTIONS rtsp://h/live", "DESCRIBE rtsp://h/live", "described", "SETUP rtsp://h/live/track1", "SETUP rtsp://h/live/track0", "SETUP rtsp://h/live/track2", "PLAY rtsp://h/live", "playing"]);
      assert.deepEqual(joined(talk), [["video", 0], ["audio", 2], ["metadata", 4]]);
    });

    const withouts: readonly [string, (talk: Talk) => Talk][] = [
      ["is refused", (talk) => talk.answer(404)],
      ["is given the channels of the pictures (both 0-1)", (talk) => setUp(talk, "RTP/AVP/TCP;interleaved=0-1")],
      ["is given a session of its own", (talk) => setUp(talk, "RTP/AVP/TCP;interleaved=2-3", "s2")],
      ["is answered with UDP", (talk) => setUp(talk, "RTP/AVP;client_port=5000-5001")],
    ];
    for (const [name, act] of withouts) {
      test(`[CAM12] sound that ${name} is gone without, and told`, () => {
        const talk = setUp(act(setUp(all(), "RTP/AVP/TCP;interleaved=0-1")), "RTP/AVP/TCP;interleaved=4-5").answer(200);
        assert.deepEqual(joined(talk), [["video", 0], ["metadata", 4]]);
        assert.ok(talk.state.phase === "playing" && talk.state.passedOver.length === 1 && talk.state.passedOver[0]!.startsWith("audio: "));
      });
    }

    test("[UDP4] by UDP: ports first, one pair for each track, and to them alone", () => {
      const talk = all({ transport: "udp", tracks: ["video", "audio"] });
      assert.equal(talk.said.at(-1), "open-ports");
      talk.step({ kind: "tick" });
      talk.step({ kind: "ports", pairs: [[6_000, 6_001], [6_002, 6_003]] });
      assert.equal(findHeader(talk.last!.headers, "Transport"), "RTP/AVP;unicast;client_port=6000-6001");
      setUp(talk, "RTP/AVP;unicast;client_port=6000-6001;server_port=7000-7001;ssrc=ABCD");
      assert.equal(findHeader(talk.last!.headers, "Transport"), "RTP/AVP;unicast;client_port=6002-6003");
      setUp(talk, "RTP/AVP/UDP;unicast;server_port=0-0").answer(200);
      assert.deepEqual(talk.state.phase === "playing" && talk.state.joined.map(({ path, ssrc }) => [path, ssrc]), [
        [{ kind: "udp", clientPort: [6_000, 6_001], serverPort: [7_000, 7_001] }, undefined], [{ kind: "udp", clientPort: [6_002, 6_003], serverPort: undefined }, undefined],
      ]);
      const ports = (transport: string): string => {
        const other = all({ transport: "udp", tracks: [] });
        other.step({ kind: "ports", pairs: [[6_000, 6_001]] });
        return setUp(other, transport).said.at(-1)!;
      };
      assert.equal(ports("RTP/AVP;unicast;client_port=6000-6001"), "PLAY rtsp://h/live");
      assert.equal(ports("RTP/AVP;unicast;client_port=18714-18715"), "failed malformed", "other ports than ours (H264DVR)");
      assert.equal(ports("RTP/AVP/TCP;interleaved=0-1"), "failed malformed");
      assert.equal(ports("RTP/AVP;multicast;destination=239.0.0.1"), "failed malformed");
    });

    test("[UDP4] auto: TCP first, UDP after 461 or where the answer says UDP (H264DVR, rkipc)", () => {
      const refused = all({ transport: "auto", tracks: [] }).answer(461);
      assert.equal(refused.said.at(-1), "open-ports");
      refused.step({ kind: "ports", pairs: [[6_000, 6_001]] });
      assert.equal(findHeader(refused.last!.headers, "Transport"), "RTP/AVP;unicast;client_port=6000-6001");
      assert.equal(refused.answer(461).said.at(-1), "failed refused", "but once only");
      const answered = setUp(all({ transport: "auto", tracks: [] }), "RTP/AVP;unicast;client_port=18714-18715", "s9");
      answered.step({ kind: "ports", pairs: [[6_000, 6_001]] });
      assert.equal(findHeader(answered.last!.headers, "Session"), "s9", "the session that the first SETUP began");
      assert.equal(all({ transport: "tcp", tracks: [] }).answer(461).said.at(-1), "failed refused");
      assert.equal(setUp(all({ transport: "auto", tracks: [], policies: { ...DEFAULT_POLICIES, udpForTcp: "refuse" } }), "RTP/AVP;unicast").said.at(-1), "failed malformed");
    });

    test("quirks: the told source may be asked for; other channels and refused tracks may be refused", () => {
      const strict = setUp(all({ tracks: [], policies: STRICT_POLICIES }), "RTP/AVP/TCP;interleaved=0-1;ssrc=0000ABCD").answer(200);
      assert.equal(strict.state.phase === "playing" && strict.state.joined[0]!.ssrc, 0xabcd);
      assert.equal(setUp(all({ tracks: [], policies: STRICT_POLICIES }), "RTP/AVP/TCP;interleaved=4-5").said.at(-1), "failed malformed");
      assert.equal(setUp(all({ policies: STRICT_POLICIES }), "RTP/AVP/TCP;interleaved=0-1").answer(404).said.at(-1), "failed not-found");
    });
  });

  test("kept alive by what the server allows, and by the next way where it refuses one after all", () => {
    const first = (methods: string | undefined): string => {
      const talk = new Talk().answer(200, methods === undefined ? [] : [{ name: "Public", value: methods }]).answer(200, [], SDP).answer(200, [{ name: "Session", value: "s" }, { name: "Transport", value: "RTP/AVP/TCP;interleaved=0-1" }]).answer(200);
      talk.now = 30_000;
      talk.step({ kind: "tick" });
      return talk.said.at(-1)!.split(" ")[0]!;
    };
    assert.equal(first("OPTIONS, SET_PARAMETER, GET_PARAMETER"), "GET_PARAMETER");
    assert.equal(first("OPTIONS, SET_PARAMETER"), "SET_PARAMETER");
    assert.equal(first("OPTIONS, PLAY"), "OPTIONS");
    assert.equal(first(undefined), "OPTIONS");
    const talk = new Talk().play();
    const methods: string[] = [];
    for (const status of [501, 405, 200, 501]) {
      talk.now += 10_000;
      talk.step({ kind: "tick" });
      methods.push(talk.last!.method);
      talk.answer(status);
    }
    assert.deepEqual(methods, ["GET_PARAMETER", "SET_PARAMETER", "OPTIONS", "OPTIONS"]);
    assert.equal(talk.state.phase, "playing");
  });

  test("the time-out that PLAY tells counts (GW), and half of it is the pace", () => {
    const talk = new Talk().describe().answer(200, [{ name: "Session", value: "s1" }, { name: "Transport", value: "RTP/AVP/TCP;interleaved=0-1" }]).answer(200, [{ name: "Session", value: "s1;timeout=12" }]);
    talk.now = 5_999;
    assert.deepEqual(talk.step({ kind: "tick" }), []);
    talk.now = 6_000;
    assert.equal(talk.step({ kind: "tick" }).length, 1);
  });

  test("the nonce counts up over requests; the next one that the camera gives begins again", () => {
    const count = (talk: Talk): string => /nonce="([^"]*)".*nc=(\d+)/.exec(findHeader(talk.last!.headers, "Authorization")!)!.slice(1).join(" ");
    const talk = new Talk().answer(401, [{ name: "WWW-Authenticate", value: 'Digest realm="r", nonce="n", qop="auth"' }]);
    assert.equal(count(talk), "n 00000001");
    talk.answer(200);
    assert.equal(count(talk), "n 00000002");
    talk.answer(200, [{ name: "Authentication-Info", value: 'nextnonce="m"' }], SDP);
    assert.equal(count(talk), "m 00000001");
  });

  test("[CAM10] a redirection ends the session here and is told with where it leads", () => {
    for (const [status, act] of [[302, (talk: Talk): Talk => talk.answer(200)], [301, (talk: Talk): Talk => talk], [305, (talk: Talk): Talk => talk.describe()]] as const) {
      const talk = act(new Talk());
      const { last } = talk;
      const actions = talk.step({ kind: "message", message: { kind: "response", status, reason: "", headers: [{ name: "CSeq", value: findHeader(last!.headers, "CSeq")! }, { name: "Location", value: "rtsp://h2/x" }], body: new Uint8Array(0) } });
      assert.deepEqual(actions, [{ kind: "redirected", status, location: "rtsp://h2/x" }]);
      assert.equal(talk.state.phase, "ended");
    }
  });

  test("100 Continue is no answer yet", () => {
    assert.equal(new Talk().answer(100).answer(200).said.at(-1), "DESCRIBE rtsp://h/live");
  });

  test("a camera's own requests are answered", () => {
    const talk = new Talk().play();
    for (const [method, expected] of [["OPTIONS", "answer 200"], ["ANNOUNCE", "answer 501"]] as const) {
      talk.step({ kind: "message", message: { kind: "request", method, uri: "*", headers: [{ name: "CSeq", value: "9" }], body: new Uint8Array(0) } });
      assert.equal(talk.said.at(-1), expected);
    }
  });

  test("whatever comes in whatever order, it never throws, and nothing follows the end", () => {
    const header = fc.record({ name: fc.constantFrom("CSeq", "Session", "Transport", "WWW-Authenticate", "Content-Type", "Content-Base"), value: fc.oneof(fc.string(), fc.constantFrom("1", "2", "3", "RTP/AVP/TCP;interleaved=0-1", 'Digest realm="r", nonce="n", stale=true', "application/sdp")) });
    const input: fc.Arbitrary<RtspClientInput> = fc.oneof(
      fc.record({ kind: fc.constant("message" as const), message: fc.record({ kind: fc.constant("response" as const), status: fc.constantFrom(100, 200, 302, 401, 404, 454, 461), reason: fc.string(), headers: fc.array(header), body: fc.constantFrom(new TextEncoder().encode(SDP), new Uint8Array([1, 2])) }) }),
      fc.constantFrom<RtspClientInput>({ kind: "tick" }, { kind: "connected" }, { kind: "leave" }, { kind: "ports", pairs: [[2, 3], [4, 5]] }),
    );
    fc.assert(fc.property(fc.array(input, { maxLength: 12 }), fc.constantFrom("tcp", "udp", "auto"), (inputs, transport) => {
      const talk = new Talk({ transport, tracks: ["video", "audio"] });
      for (const each of inputs) {
        const before = talk.state.phase;
        talk.now += 1_000;
        const { state, actions } = stepRtspClient(talk.state, each, talk.config, talk.now);
        if (before === "ended") assert.equal(actions.length, 0);
        talk.state = state;
      }
    }), { numRuns: 500 });
  });
});
