// Which of a camera's pictures are recorded, and what its description already tells: the first video track whose encoding is known here.
import { type Err, type Ok, err, ok } from "../../base/result.ts";
import type { VideoCodec } from "../../media/video-format.ts";
import type { Sdp, SdpMedia } from "../sdp/sdp.ts";
import { decodeBase64 } from "./challenge.ts";
import { DEFAULT_POLICIES, type RtspPolicies } from "./policies.ts";

export interface VideoTrack {
  readonly kind: "video";
  readonly codec: VideoCodec;
  readonly payloadType: number;
  readonly control: string | undefined;
  /** Parameter sets of the description, as bare NAL units; may be empty. */
  readonly parameterSets: readonly Uint8Array[];
}
export interface NoVideoTrack {
  readonly problem: "no-video" | "unsupported-codec";
  readonly message: string;
}

export function chooseVideoTrack(sdp: Sdp, policies: RtspPolicies = DEFAULT_POLICIES): Ok<VideoTrack> | Err<NoVideoTrack> {
  const videos = sdp.media.filter((media) => media.kind === "video");
  if (videos.length === 0) return err({ problem: "no-video", message: `the camera offers no video; it offers: ${sdp.media.map((media) => media.kind).join(", ") || "nothing"}` });
  for (const media of videos) {
    const codec = findCodec(media);
    if (codec === undefined) continue;
    if (codec === "h264" && media.parameters.get("packetization-mode") === "2") continue;
    return ok({ kind: "video", codec, payloadType: media.payloadTypes[0]!, control: media.control, parameterSets: listParameterSets(codec, media, policies) });
  }
  const offered = videos.map((media) => media.encoding ?? `payload type ${media.payloadTypes[0] ?? "?"}`).join(", ");
  return err({ problem: "unsupported-codec", message: `the camera sends ${offered}; H264 or H265 is needed` });
}

/** "video H264", "audio PCMA": for the result of a trial. */
export function listTrackNames(sdp: Sdp): string[] {
  return sdp.media.map((media) => `${media.kind} ${media.encoding ?? "?"}`);
}

function findCodec(media: SdpMedia): VideoCodec | undefined {
  if (media.encoding === "H264") return "h264";
  if (media.encoding === "H265" || media.encoding === "HEVC") return "h265";
  return undefined;
}

function listParameterSets(codec: VideoCodec, media: SdpMedia, policies: RtspPolicies): Uint8Array[] {
  const names = codec === "h264" ? ["sprop-parameter-sets"] : ["sprop-vps", "sprop-sps", "sprop-pps"];
  const out: Uint8Array[] = [];
  for (const name of names) {
    for (const text of (media.parameters.get(name) ?? "").split(",")) {
      const nal = text.trim() === "" ? undefined : decodeBase64(text.trim());
      if (nal === undefined) continue;
      const bare = policies.startCodeAfterParameterSet === "cut" ? withoutStartCodeAtEnd(nal) : nal;
      if (bare.length > 2) out.push(bare);
    }
  }
  return out;
}

function withoutStartCodeAtEnd(nal: Uint8Array): Uint8Array {
  let end = nal.length;
  if (end > 3 && nal[end - 1] === 1 && nal[end - 2] === 0 && nal[end - 3] === 0) end -= 3;
  else return nal;
  while (end > 0 && nal[end - 1] === 0) end--;
  return nal.subarray(0, end);
}
