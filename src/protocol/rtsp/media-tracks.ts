// Which tracks of a description are joined: the pictures always, sound and metadata where somebody wants them, the first of each that is understood here. What is passed
// over is told with its reason; only missing pictures end a session.
import { type Err, type Ok, type Result, err, ok } from "../../base/result.ts";
import { decodeAacConfig, decodeHex } from "../../media/aac/audio-config.ts";
import { STATIC_ENCODINGS, type Sdp, type SdpMedia } from "../sdp/sdp.ts";
import type { RtspPolicies } from "./policies.ts";
import { type NoVideoTrack, type VideoTrack, chooseVideoTrack } from "./video-track.ts";

export const TRACK_KINDS = ["video", "audio", "metadata"] as const;
export type TrackKind = (typeof TRACK_KINDS)[number];

interface SoundTrack {
  readonly kind: "audio";
  readonly payloadType: number;
  readonly clockHz: number;
  readonly channels: number;
  readonly control: string | undefined;
}
export type AudioTrack = SoundTrack & (
  | { readonly codec: "pcma" | "pcmu" }
  /** `config`: the AudioSpecificConfig; `samplesPerFrame` in `clockHz`. */
  | { readonly codec: "aac"; readonly config: Uint8Array; readonly samplesPerFrame: number }
);
export interface MetadataTrack {
  readonly kind: "metadata";
  readonly payloadType: number;
  readonly clockHz: number;
  readonly control: string | undefined;
}
export type SecondTrack = AudioTrack | MetadataTrack;
export type MediaTrack = VideoTrack | SecondTrack;

export interface ChosenTracks {
  readonly video: VideoTrack;
  readonly others: readonly SecondTrack[];
  /** "audio OPUS: not understood here". */
  readonly passedOver: readonly string[];
}

export function chooseTracks(sdp: Sdp, wanted: readonly TrackKind[], policies: RtspPolicies): Ok<ChosenTracks> | Err<NoVideoTrack> {
  const video = chooseVideoTrack(sdp, policies);
  if (!video.ok) return video;
  const others: SecondTrack[] = [];
  const passedOver: string[] = [];
  for (const media of sdp.media) {
    const kind = kindOf(media);
    if (kind === undefined || !wanted.includes(kind) || others.some((track) => track.kind === kind)) continue;
    const track = kind === "audio" ? readAudio(media, policies) : readMetadata(media);
    if (track.ok) others.push(track.value);
    else passedOver.push(`${media.kind} ${media.encoding ?? "?"}: ${track.error}`);
  }
  return ok({ video: video.value, others, passedOver });
}

function kindOf(media: SdpMedia): "audio" | "metadata" | undefined {
  if (media.kind === "audio") return "audio";
  return media.encoding?.startsWith("VND.ONVIF.METADATA") === true ? "metadata" : undefined;
}

function readMetadata(media: SdpMedia): Result<MetadataTrack, string> {
  // .GZIP and .EXI would have to be unpacked by whoever reads them; no camera that we have a text of sends them.
  if (media.encoding !== "VND.ONVIF.METADATA") return err("compressed metadata are not understood here");
  return ok({ kind: "metadata", payloadType: media.payloadTypes[0]!, clockHz: media.clockHz ?? 90_000, control: media.control });
}

const STATIC_CLOCK_HZ = 8_000;

function readAudio(media: SdpMedia, policies: RtspPolicies): Result<AudioTrack, string> {
  const payloadType = media.payloadTypes[0];
  if (payloadType === undefined || media.encoding === undefined) return err("no payload type that is told");
  const meant = STATIC_ENCODINGS[payloadType];
  if (meant !== undefined && meant !== media.encoding && policies.remappedStaticType === "refuse") return err(`payload type ${payloadType} is ${meant}`);
  const clockHz = media.clockHz ?? (meant === undefined ? 0 : STATIC_CLOCK_HZ);
  if (clockHz < 1 || clockHz > 384_000) return err(`a clock of ${clockHz} Hz`);
  const common = { kind: "audio", payloadType, clockHz, control: media.control } as const;
  switch (media.encoding) {
    case "PCMA":
    case "PCMU":
      return ok({ ...common, codec: media.encoding === "PCMA" ? "pcma" : "pcmu", channels: media.channels ?? 1 });
    case "MPEG4-GENERIC": {
      const config = readAacConfig(media, policies);
      if (!config.ok) return config;
      const decoded = decodeAacConfig(config.value);
      if (!decoded.ok) return decoded;
      // RTP counts in the rate of rtpmap, which with SBR may be twice the core's.
      const samplesPerFrame = Math.round((decoded.value.samplesPerFrame * clockHz) / decoded.value.samplingHz);
      return ok({ ...common, codec: "aac", channels: decoded.value.channels === 0 ? (media.channels ?? 1) : decoded.value.channels, config: config.value, samplesPerFrame });
    }
    default:
      return err("not understood here");
  }
}

/** The form of RFC 3640 that is read here: AAC-hbr, section 3.3.6. */
const HBR: readonly (readonly [string, string])[] = [["mode", "aac-hbr"], ["sizelength", "13"], ["indexlength", "3"], ["indexdeltalength", "3"]];

function readAacConfig(media: SdpMedia, policies: RtspPolicies): Result<Uint8Array, string> {
  for (const [name, expected] of HBR) {
    const value = media.parameters.get(name)?.toLowerCase();
    if (value === undefined ? policies.aacWithoutMode === "refuse" : value !== expected) return err(`${name} is ${value ?? "missing"}, expected ${expected}`);
  }
  const text = media.parameters.get("config");
  const config = text === undefined ? undefined : decodeHex(text);
  return config === undefined ? err("no config in hexadecimal") : ok(config);
}
