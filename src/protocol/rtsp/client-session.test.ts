// The session machine, answer by answer: what it sends, what it concludes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { NEW_RTSP_CLIENT, type RtspClientAction, type RtspClientConfig, type RtspClientInput, type RtspClientState, stepRtspClient } from "./client-session.ts";
import { type RtspHeader, type RtspRequest, findHeader, parseRtsp } from "./message.ts";
import { DEFAULT_POLICIES } from "./policies.ts";

const SDP = "v=0\r\ns=x\r\na=control:*\r\nm=audio 0 RTP/AVP 8\r\na=control:track0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n";

class Talk {
  state: RtspClientState = NEW_RTSP_CLIENT;
  now = 0;
  readonly said: string[] = [];
  last: RtspRequest | undefined;
  readonly config: RtspClientConfig;

  constructor(more: Partial<RtspClientConfig> = {}) {
    this.config = {
      requestUri: "rtsp://h/live", credentials: { userName: "u", password: "p" }, userAgent: "test", policies: DEFAULT_POLICIES, requestTimeoutMs: 5_000,
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
    assert.equal(talk.state.phase === "playing" && talk.state.channel, 4, "the server's channels count");
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
    ["a redirection is not followed", (talk) => talk.answer(200).answer(302, [{ name: "Location", value: "rtsp://169.254.169.254/" }]), "refused"],
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
    const strict = { ...DEFAULT_POLICIES, missingContentType: "refuse", brokenContentBase: "refuse", failedOptions: "refuse" } as const;
    assert.equal(new Talk({ policies: strict }).answer(501).said.at(-1), "failed malformed");
    assert.equal(new Talk({ policies: strict }).answer(200).answer(200, [], SDP).said.at(-1), "failed malformed");
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
      fc.record({ kind: fc.constant("message" as const), message: fc.record({ kind: fc.constant("response" as const), status: fc.constantFrom(200, 401, 404, 454), reason: fc.string(), headers: fc.array(header), body: fc.constantFrom(new TextEncoder().encode(SDP), new Uint8Array([1, 2])) }) }),
      fc.constantFrom<RtspClientInput>({ kind: "tick" }, { kind: "connected" }),
    );
    fc.assert(fc.property(fc.array(input, { maxLength: 12 }), (inputs) => {
      const talk = new Talk();
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
