// Live fragments as RTP packets (RFC 6184), for viewers by WebRTC ([LIV12]). Pictures go out as the camera made them; parameter sets are put before a key frame that comes
// without, since a WebRTC receiver has no initialisation to take them from. WebRTC shows pictures in the order in which they come, so a stream whose pictures
// are reordered cannot be shown.
import { splitLengthPrefixed } from "../../media/annexb.ts";
import { BOX_HEADER_BYTES, findBoxHeader, listMoofSamples, parseMoof } from "../../media/fmp4/reading.ts";
import { H264Packetizer } from "../../media/rtp/h264-packetizer.ts";
import { listH264Sets, type VideoFormat } from "../../media/video-format.ts";

const INTERLEAVED_BYTES = 4;
const SPS = 7;

export interface RtpPicturesOptions {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly firstSequence: number;
  readonly mostPayloadBytes: number;
}

/** Why this stream cannot go by WebRTC; undefined where it can, as far as its format tells. */
export function findWebRtcObstacle(format: VideoFormat): "not-h264" | "reordered" | undefined {
  if (format.codec !== "h264") return "not-h264";
  return (format.reorderFrames ?? 0) > 0 ? "reordered" : undefined;
}

export class RtpPictures {
  readonly #packetizer: H264Packetizer;
  #sets: readonly Uint8Array[] = [];

  constructor(options: RtpPicturesOptions) {
    this.#packetizer = new H264Packetizer({ ...options, channel: 0 });
  }

  setFormat(format: VideoFormat): void {
    this.#sets = listH264Sets(format.configuration);
  }

  /** The packets of one live fragment. `reordered`: its picture is not shown when it is decoded; `broken`: it is no fragment of ours. */
  packetize(fragment: Uint8Array): readonly Uint8Array[] | "reordered" | "broken" {
    const box = findBoxHeader(fragment, 0);
    if (box === undefined) return "broken";
    const moof = fragment.subarray(0, box.size);
    const head = parseMoof(moof);
    if (!head.ok) return "broken";
    if (listMoofSamples(moof)[0]!.composition90k !== 0) return "reordered";
    const data = fragment.subarray(box.size + BOX_HEADER_BYTES);
    const nals = splitLengthPrefixed(data, data.length);
    if (nals === undefined || nals.length === 0) return "broken";
    const hasSets = nals.some((nal) => (nal[0]! & 31) === SPS);
    return splitInterleaved(this.#packetizer.packetize(head.value.startsWithKey && !hasSets ? [...this.#sets, ...nals] : nals, head.value.start90k % 2 ** 32));
  }
}

function splitInterleaved(bytes: Uint8Array): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    at += INTERLEAVED_BYTES;
    out.push(bytes.subarray(at, at + size));
    at += size;
  }
  return out;
}
