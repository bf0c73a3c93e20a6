// Texts of some twenty makes of camera, broken ones included: each is read, or refused with the reason that stands here. The texts lie beside the
// project (see testdata of retina, MIT); where they are absent these tests are passed over.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { ParameterSets } from "../../media/video-format.ts";
import { parseSdp } from "../sdp/sdp.ts";
import { chooseChallenge } from "./challenge.ts";
import { parsePublic, parseRtpInfo, parseSession, parseTransport } from "./headers.ts";
import { type RtspResponse, findHeader, listHeaders, parseRtsp } from "./message.ts";
import { stepRtspClient } from "./client-session.ts";
import { NEW_RTSP_CLIENT, type RtspClientConfig } from "./client-state.ts";
import { type SecondTrack, TRACK_KINDS, chooseTracks } from "./media-tracks.ts";
import { DEFAULT_POLICIES, STRICT_POLICIES, type RtspPolicies } from "./policies.ts";
import { chooseVideoTrack } from "./video-track.ts";

const CLIENT = new URL("../../../../shared/data/retina-rtsp/src/client/testdata/", import.meta.url);
const GRAMMAR = new URL("../../../../shared/data/retina-rtsp/src/rtsp/testdata/", import.meta.url);
const skip = existsSync(CLIENT) ? false : "the camera texts (../shared/data/retina-rtsp) are not here";

/** The whole file as one message. Captures were saved with LF or CR LF and sometimes with a Content-Length that no longer fits: then the text is cut or the length ignored, and the test says so. */
function readResponse(name: string): RtspResponse {
  const bytes = readFileSync(new URL(name, CLIENT));
  const parse = parseRtsp(bytes, 0, bytes.length, { headerBytes: 4_096, bodyBytes: 8_192 });
  assert.equal(parse.kind, "message", `${name}: ${JSON.stringify(parse)}`);
  assert.ok(parse.kind === "message" && parse.message.kind === "response");
  return parse.message;
}

/** codec, payload type, size, control of the pictures; number of media; what else would be joined: encoding, clock, channels, payload type. */
const DESCRIPTIONS: Readonly<Record<string, readonly [string, number, string, string, number, string]>> = {
  "anjvision_describe.txt": ["h265", 96, "1280x704", "trackID=1", 1, ""],
  "anpviz_sdp.txt": ["h264", 96, "704x576", "trackID=1", 2, "audio aac 16000/1 #0"],
  "bunny_describe.txt": ["h264", 97, "240x160", "trackID=2", 2, "audio aac 12000/2 #96"],
  "dahua_describe_h264_aac_onvif.txt": ["h264", 96, "704x480", "trackID=0", 3, "audio aac 48000/1 #97, metadata 90000 #107"],
  "dahua_describe_h265_pcma.txt": ["h265", 98, "704x480", "trackID=0", 2, "audio pcma 8000/1 #8"],
  "foscam_describe.txt": ["h264", 96, "1280x720", "track1", 2, "audio pcmu 8000/1 #0"],
  "geovision_sdp.txt": ["h264", 105, "2688x1520", "rtsp://192.168.5.237/media/video1/video", 2, "metadata 90000 #107"],
  "gw_main_describe.txt": ["h264", 96, "1920x1080", "video", 2, "audio pcmu 8000/1 #8"],
  "gw_sub_describe.txt": ["h264", 96, "720x480", "video", 1, ""],
  "h264dvr_describe.txt": ["h264", 96, "1920x1080", "trackID=3", 2, "audio pcma 8000/1 #8"],
  "hikvision_describe.txt": ["h264", 96, "1920x1080", "rtsp://192.168.5.106:554/Streaming/Channels/101/trackID=1?transportmode=unicast&profile=Profile_1", 2, "metadata 90000 #107"],
  "ipcam_describe.txt": ["h264", 96, "1280x960", "trackID=1", 1, ""],
  "macrovideo_describe.txt": ["h264", 96, "1280x720", "track1", 1, ""],
  "missing_content_type_describe.txt": ["h264", 96, "320x180", "streamid=0", 2, "audio aac 48000/2 #97"],
  "reolink_describe.txt": ["h264", 96, "2560x1440", "trackID=1", 2, "audio aac 16000/1 #97"],
  "reolink_describe_control_first.txt": ["h264", 96, "2560x1440", "trackID=1", 2, "audio aac 16000/1 #97"],
  "tplink_sdp.txt": ["h265", 96, "2560x1440", "track1", 3, "audio pcma 8000/1 #8"],
  "ubiquiti_sdp.txt": ["h264", 97, "1920x1080", "trackID=2", 3, "audio aac 48000/1 #96"],
  "vstarcam_describe.txt": ["h264", 96, "1920x1080", "track0", 2, "audio pcma 8000/1 #8"],
};

const OTHERS: Readonly<Record<string, (response: RtspResponse) => void>> = {
  "bad_rtptime.txt": (response) => assert.deepEqual(parseRtpInfo(findHeader(response.headers, "RTP-Info")!).map((info) => [info.sequence, info.rtpTime]), [[1, undefined], [1, undefined]], "rtptime=-1 is no time"),
  "bunny_play.txt": (response) => assert.deepEqual(parseRtpInfo(findHeader(response.headers, "RTP-Info")!).map((info) => info.rtpTime), [0, 0]),
  "bunny_setup.txt": (response) => expectSetup(response, [0, 1], undefined, "1642021126", 60),
  "dahua_options.txt": (response) => assert.equal(parsePublic(findHeader(response.headers, "Public")!).has("GET_PARAMETER"), true),
  "dahua_play.txt": (response) => assert.deepEqual(parseRtpInfo(findHeader(response.headers, "RTP-Info")!).map((info) => info.rtpTime), [3475222385, 2234446919, 816418535]),
  "dahua_setup.txt": (response) => expectSetup(response, [0, 1], 0x30a98ee7, "634214675641", 60),
  "gw_main_play.txt": (response) => assert.equal(parseSession(findHeader(response.headers, "Session")!)?.timeoutS, 120),
  "gw_main_setup_audio.txt": (response) => expectSetup(response, [2, 3], undefined, "9a90de54", 60),
  "gw_main_setup_video.txt": (response) => expectSetup(response, [0, 1], undefined, "9a90de54", 60),
  "gw_sub_play.txt": (response) => assert.equal(parseRtpInfo(findHeader(response.headers, "RTP-Info")!)[0]?.sequence, 273),
  "gw_sub_setup.txt": (response) => expectSetup(response, [0, 1], undefined, "9b0d0e54", 60),
  "h264dvr_play.txt": (response) => assert.equal(findHeader(response.headers, "RTP-Info"), undefined),
  "h264dvr_setup_audio.txt": (response) => expectUdp(response, [18_716, 18_717], [40_006, 40_007]),
  "h264dvr_setup_video.txt": (response) => expectUdp(response, [18_714, 18_715], [40_004, 40_005]),
  "hikvision_play.txt": (response) => assert.equal(parseSession(findHeader(response.headers, "Session")!)?.id, "708345999"),
  "hikvision_setup.txt": (response) => expectSetup(response, [0, 1], 0x4cacc3d1, "708345999", 60),
  "hikvision_setup_ssrc_space.txt": (response) => expectSetup(response, [0, 1], 0xd6d6627, "708886412", 60),
  "laureii_play.txt": (response) => assert.equal(parseRtpInfo(findHeader(response.headers, "RTP-Info")!)[0]?.rtpTime, 0),
  "longse_unauthorized.txt": (response) => assert.deepEqual(chooseChallenge(listHeaders(response.headers, "WWW-Authenticate")), { scheme: "digest", realm: "Surveillance Server", nonce: "98481030", opaque: undefined, algorithm: "MD5", qopAuth: false, stale: false }),
  "luckfox_rkipc_setup_tcp.txt": (response) => expectSetup(response, [0, 1], 0x22345684, "12345678", 60),
  "luckfox_rkipc_setup_udp.txt": (response) => expectUdp(response, [54_060, 54_061], [49_152, 49_153]),
  "reolink_play.txt": (response) => assert.equal(parseRtpInfo(findHeader(response.headers, "RTP-Info")!)[1]?.rtpTime, 3075976528),
  "reolink_setup.txt": (response) => expectSetup(response, [0, 1], undefined, "F8F8E425", 60),
  "reolink_teardown.txt": (response) => assert.equal(response.status, 200),
};

function expectSetup(response: RtspResponse, channels: readonly [number, number], ssrc: number | undefined, session: string, timeoutS: number): void {
  const transport = parseTransport(findHeader(response.headers, "Transport")!);
  assert.deepEqual(transport, { tcp: true, multicast: false, interleaved: channels, clientPort: undefined, serverPort: undefined, ssrc });
  assert.deepEqual(parseSession(findHeader(response.headers, "Session")!), { id: session, timeoutS });
}
function expectUdp(response: RtspResponse, clientPort: readonly [number, number], serverPort: readonly [number, number]): void {
  const transport = parseTransport(findHeader(response.headers, "Transport")!);
  assert.equal(transport?.tcp, false, "UDP, whatever was asked for: the session machine refuses it, or asks for UDP where that is allowed");
  assert.deepEqual([transport?.clientPort, transport?.serverPort], [clientPort, serverPort]);
}

function formatTrack(track: SecondTrack): string {
  return track.kind === "metadata" ? `metadata ${track.clockHz} #${track.payloadType}` : `audio ${track.codec} ${track.clockHz}/${track.channels} #${track.payloadType}`;
}
function textOf(name: string): string {
  return name.endsWith("_sdp.txt") ? readFileSync(new URL(name, CLIENT), "utf8") : new TextDecoder().decode(readResponse(name).body);
}

/** What the session machine makes of a text as the answer to its DESCRIBE or SETUP: why it ended, or else what it passed over. */
function answerOf(name: string, policies: RtspPolicies): string {
  const config: RtspClientConfig = { requestUri: "rtsp://h/x", credentials: undefined, userAgent: "t", policies, transport: "auto", tracks: TRACK_KINDS, requestTimeoutMs: 1, hash: () => "", cnonce: "" };
  let state = stepRtspClient(NEW_RTSP_CLIENT, { kind: "connected" }, config, 0).state;
  const take = (message: RtspResponse): string => {
    const step = stepRtspClient(state, { kind: "message", message: { ...message, headers: message.headers.filter((header) => header.name.toLowerCase() !== "cseq") } }, config, 0);
    state = step.state;
    const failed = step.actions.find((action) => action.kind === "failed");
    return failed?.kind === "failed" ? failed.message : "passedOver" in state ? state.passedOver.join("; ") : "";
  };
  const ok: RtspResponse = { kind: "response", status: 200, reason: "OK", headers: [], body: new Uint8Array(0) };
  take(ok);
  const plain: RtspResponse = { ...ok, headers: [{ name: "Content-Type", value: "application/sdp" }], body: new TextEncoder().encode(name.endsWith("_sdp.txt") ? textOf(name) : "v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n") };
  if (name.endsWith("_sdp.txt")) return take(plain);
  if (name.includes("_describe")) return take(readResponse(name));
  take(plain);
  return take(readResponse(name));
}

describe("camera texts", { skip }, () => {
  test("every text that is there has its expectation here", () => {
    const known = [...Object.keys(DESCRIPTIONS), ...Object.keys(OTHERS)].sort();
    assert.deepEqual(readdirSync(CLIENT).sort(), known);
    assert.deepEqual(readdirSync(GRAMMAR).sort(), ["request.txt", "response.txt"]);
  });

  for (const [name, [codec, payloadType, size, control, media, others]] of Object.entries(DESCRIPTIONS)) {
    test(`described: ${name}`, () => {
      const sdp = parseSdp(textOf(name));
      assert.ok(sdp.ok, JSON.stringify(sdp));
      assert.equal(sdp.value.media.length, media);
      const track = chooseVideoTrack(sdp.value);
      assert.ok(track.ok, JSON.stringify(track));
      assert.equal(track.value.codec, codec);
      assert.equal(track.value.payloadType, payloadType);
      assert.equal(track.value.control, control);
      const sets = new ParameterSets(track.value.codec);
      for (const set of track.value.parameterSets) sets.note(set, 0, set.length);
      const format = sets.describe();
      assert.ok(format.ok, JSON.stringify(format));
      assert.equal(`${format.value.width}x${format.value.height}`, size);
      const chosen = chooseTracks(sdp.value, TRACK_KINDS, DEFAULT_POLICIES);
      assert.ok(chosen.ok && chosen.value.passedOver.length === 0, JSON.stringify(chosen));
      assert.equal(chosen.value.others.map(formatTrack).join(", "), others);
    });
  }

  // What a server by the book would not say: each departure by the policy that takes it, and what the strict ones answer. The camera is asked as the session machine would ask it.
  const departures: readonly [keyof RtspPolicies, string, RegExp][] = [
    ["missingContentType", "missing_content_type_describe.txt", /no Content-Type/],
    ["brokenContentBase", "anjvision_describe.txt", /Content-Base "192\.168\.1\.10/],
    ["remappedStaticType", "gw_main_describe.txt", /audio PCMU: payload type 8 is PCMA/],
    ["remappedStaticType", "anpviz_sdp.txt", /audio MPEG4-GENERIC: payload type 0 is PCMU/],
    ["aacWithoutMode", "anpviz_sdp.txt", /audio MPEG4-GENERIC: mode is missing/],
    ["udpForTcp", "h264dvr_setup_video.txt", /expected RTP\/AVP\/TCP/],
    ["udpForTcp", "luckfox_rkipc_setup_udp.txt", /expected RTP\/AVP\/TCP/],
  ];
  for (const [policy, name, told] of departures) {
    test(`departure ${policy}: ${name}`, () => {
      assert.match(answerOf(name, { ...DEFAULT_POLICIES, [policy]: STRICT_POLICIES[policy] }), told);
      assert.doesNotMatch(answerOf(name, DEFAULT_POLICIES), told);
    });
  }
  test("departure startCodeAfterParameterSet: Geovision and GW", () => {
    for (const name of ["gw_main_describe.txt", "gw_sub_describe.txt"]) {
      const sdp = parseSdp(textOf(name));
      assert.ok(sdp.ok);
      const sets = (policy: RtspPolicies["startCodeAfterParameterSet"]): number[] => {
        const track = chooseVideoTrack(sdp.value, { ...DEFAULT_POLICIES, startCodeAfterParameterSet: policy });
        return track.ok ? track.value.parameterSets.map((set) => set.length) : [];
      };
      assert.ok(sets("keep")[0]! > sets("cut")[0]!);
    }
  });

  for (const [name, check] of Object.entries(OTHERS)) test(`answered: ${name}`, () => check(readResponse(name)));

  test("retina's own request and response", () => {
    for (const [name, kind] of [["request.txt", "request"], ["response.txt", "response"]] as const) {
      const bytes = readFileSync(new URL(name, GRAMMAR));
      const parse = parseRtsp(bytes, 0, bytes.length, { headerBytes: 4_096, bodyBytes: 8_192 });
      assert.ok(parse.kind === "message" && parse.message.kind === kind, JSON.stringify(parse));
    }
  });
});
