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

/** codec, payload type, size, control of the recorded track; number of media. */
const DESCRIPTIONS: Readonly<Record<string, readonly [string, number, string, string, number]>> = {
  "anjvision_describe.txt": ["h265", 96, "1280x704", "trackID=1", 1],
  "anpviz_sdp.txt": ["h264", 96, "704x576", "trackID=1", 2],
  "bunny_describe.txt": ["h264", 97, "240x160", "trackID=2", 2],
  "dahua_describe_h264_aac_onvif.txt": ["h264", 96, "704x480", "trackID=0", 3],
  "dahua_describe_h265_pcma.txt": ["h265", 98, "704x480", "trackID=0", 2],
  "foscam_describe.txt": ["h264", 96, "1280x720", "track1", 2],
  "geovision_sdp.txt": ["h264", 105, "2688x1520", "rtsp://192.168.5.237/media/video1/video", 2],
  "gw_main_describe.txt": ["h264", 96, "1920x1080", "video", 2],
  "gw_sub_describe.txt": ["h264", 96, "720x480", "video", 1],
  "h264dvr_describe.txt": ["h264", 96, "1920x1080", "trackID=3", 2],
  "hikvision_describe.txt": ["h264", 96, "1920x1080", "rtsp://192.168.5.106:554/Streaming/Channels/101/trackID=1?transportmode=unicast&profile=Profile_1", 2],
  "ipcam_describe.txt": ["h264", 96, "1280x960", "trackID=1", 1],
  "macrovideo_describe.txt": ["h264", 96, "1280x720", "track1", 1],
  "missing_content_type_describe.txt": ["h264", 96, "320x180", "streamid=0", 2],
  "reolink_describe.txt": ["h264", 96, "2560x1440", "trackID=1", 2],
  "reolink_describe_control_first.txt": ["h264", 96, "2560x1440", "trackID=1", 2],
  "tplink_sdp.txt": ["h265", 96, "2560x1440", "track1", 3],
  "ubiquiti_sdp.txt": ["h264", 97, "1920x1080", "trackID=2", 3],
  "vstarcam_describe.txt": ["h264", 96, "1920x1080", "track0", 2],
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
  "h264dvr_setup_audio.txt": (response) => expectUdp(response, [18_716, 18_717]),
  "h264dvr_setup_video.txt": (response) => expectUdp(response, [18_714, 18_715]),
  "hikvision_play.txt": (response) => assert.equal(parseSession(findHeader(response.headers, "Session")!)?.id, "708345999"),
  "hikvision_setup.txt": (response) => expectSetup(response, [0, 1], 0x4cacc3d1, "708345999", 60),
  "hikvision_setup_ssrc_space.txt": (response) => expectSetup(response, [0, 1], 0xd6d6627, "708886412", 60),
  "laureii_play.txt": (response) => assert.equal(parseRtpInfo(findHeader(response.headers, "RTP-Info")!)[0]?.rtpTime, 0),
  "longse_unauthorized.txt": (response) => assert.deepEqual(chooseChallenge(listHeaders(response.headers, "WWW-Authenticate")), { scheme: "digest", realm: "Surveillance Server", nonce: "98481030", opaque: undefined, algorithm: "MD5", qopAuth: false, stale: false }),
  "luckfox_rkipc_setup_tcp.txt": (response) => expectSetup(response, [0, 1], 0x22345684, "12345678", 60),
  "luckfox_rkipc_setup_udp.txt": (response) => expectUdp(response, [54_060, 54_061]),
  "reolink_play.txt": (response) => assert.equal(parseRtpInfo(findHeader(response.headers, "RTP-Info")!)[1]?.rtpTime, 3075976528),
  "reolink_setup.txt": (response) => expectSetup(response, [0, 1], undefined, "F8F8E425", 60),
  "reolink_teardown.txt": (response) => assert.equal(response.status, 200),
};

function expectSetup(response: RtspResponse, channels: readonly [number, number], ssrc: number | undefined, session: string, timeoutS: number): void {
  const transport = parseTransport(findHeader(response.headers, "Transport")!);
  assert.deepEqual(transport, { tcp: true, interleaved: channels, clientPort: undefined, ssrc });
  assert.deepEqual(parseSession(findHeader(response.headers, "Session")!), { id: session, timeoutS });
}
function expectUdp(response: RtspResponse, clientPort: readonly [number, number]): void {
  const transport = parseTransport(findHeader(response.headers, "Transport")!);
  assert.equal(transport?.tcp, false, "UDP: the session machine refuses it with its reason");
  assert.deepEqual(transport?.clientPort, clientPort);
}

describe("camera texts", { skip }, () => {
  test("every text that is there has its expectation here", () => {
    const known = [...Object.keys(DESCRIPTIONS), ...Object.keys(OTHERS)].sort();
    assert.deepEqual(readdirSync(CLIENT).sort(), known);
  });

  for (const [name, [codec, payloadType, size, control, media]] of Object.entries(DESCRIPTIONS)) {
    test(`described: ${name}`, () => {
      const text = name.endsWith("_sdp.txt") ? readFileSync(new URL(name, CLIENT), "utf8") : new TextDecoder().decode(readResponse(name).body);
      const sdp = parseSdp(text);
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
    });
  }

  for (const [name, check] of Object.entries(OTHERS)) test(`answered: ${name}`, () => check(readResponse(name)));

  test("retina's own request and response", () => {
    for (const [name, kind] of [["request.txt", "request"], ["response.txt", "response"]] as const) {
      const bytes = readFileSync(new URL(name, GRAMMAR));
      const parse = parseRtsp(bytes, 0, bytes.length, { headerBytes: 4_096, bodyBytes: 8_192 });
      assert.ok(parse.kind === "message" && parse.message.kind === kind, JSON.stringify(parse));
    }
  });
});
