// The states of the client's side of one RTSP session, what goes into a step and what comes out, and the making of a request. The steps are in client-session.ts.
import type { MonotonicMs } from "../../base/time.ts";
import type { Sdp } from "../sdp/sdp.ts";
import { type Challenge, type Credentials, type HashHex, formatAuthorization } from "./challenge.ts";
import { formatRequest } from "./format.ts";
import type { RtpInfo } from "./headers.ts";
import type { MediaTrack, TrackKind } from "./media-tracks.ts";
import type { RtspHeader, RtspMessage } from "./message.ts";
import type { RtspPolicies } from "./policies.ts";
import type { VideoTrack } from "./video-track.ts";

export const RTSP_PROBLEMS = ["refused", "timeout", "credentials-missing", "unauthorized", "not-found", "not-rtsp", "no-video", "unsupported-codec", "malformed", "closed"] as const;
export type RtspProblem = (typeof RTSP_PROBLEMS)[number];

/** How packets come: within the RTSP connection, by UDP, or by UDP only where the camera refuses the first. */
export const TRANSPORT_POLICIES = ["tcp", "udp", "auto"] as const;
export type TransportPolicy = (typeof TRANSPORT_POLICIES)[number];

export interface RtspClientConfig {
  /** URL without credentials. */
  readonly requestUri: string;
  readonly credentials: Credentials | undefined;
  readonly userAgent: string;
  readonly policies: RtspPolicies;
  readonly transport: TransportPolicy;
  /** What is joined beside the pictures, where the camera offers it. */
  readonly tracks: readonly TrackKind[];
  readonly requestTimeoutMs: number;
  readonly hash: HashHex;
  /** Random hexadecimal, new for each session. */
  readonly cnonce: string;
}

/** In the order in which they are tried: the first does nothing but that, the last some servers do not count as a sign of life. */
export const KEEP_ALIVE_METHODS = ["GET_PARAMETER", "SET_PARAMETER", "OPTIONS"] as const;
export type KeepAliveMethod = (typeof KEEP_ALIVE_METHODS)[number];

export interface Pending {
  readonly method: "OPTIONS" | "DESCRIBE" | "SETUP" | "PLAY" | "GET_PARAMETER" | "SET_PARAMETER" | "TEARDOWN";
  readonly uri: string;
  /** Those of its own, for when it has to be sent again. */
  readonly headers: readonly RtspHeader[];
  readonly cseq: number;
  readonly sentAt: MonotonicMs;
  /** How many challenges to this request were answered. */
  readonly answers: number;
}
export interface Common {
  readonly cseq: number;
  readonly challenge: Challenge | undefined;
  readonly nonceCount: number;
  readonly server: string | undefined;
  readonly keepAlive: KeepAliveMethod;
}

export type PortPair = readonly [rtp: number, rtcp: number];
/** TCP: RTP comes on this channel, RTCP on the next. */
export type MediaPath = { readonly kind: "tcp"; readonly channel: number } | { readonly kind: "udp"; readonly clientPort: PortPair; readonly serverPort: PortPair | undefined };
/** A track that the camera agreed to send. */
export interface JoinedTrack<T extends MediaTrack = MediaTrack> {
  readonly track: T;
  readonly path: MediaPath;
  /** The source that its packets must have; undefined: whichever comes first. */
  readonly ssrc: number | undefined;
}

export interface Described extends Common {
  readonly base: string;
  readonly sdp: Sdp;
  /** The pictures first. */
  readonly tracks: readonly MediaTrack[];
  readonly passedOver: readonly string[];
  /** For each track; undefined while packets come within the connection. */
  readonly ports: readonly PortPair[] | undefined;
  /** The track that is set up now. */
  readonly at: number;
  readonly joined: readonly JoinedTrack[];
  readonly sessionId: string | undefined;
  readonly timeoutS: number;
}
export interface SetUp extends Described {
  readonly sessionId: string;
}
export type RtspClientState =
  | ({ readonly phase: "new" } & Common)
  | ({ readonly phase: "asking-options" | "describing"; readonly pending: Pending } & Common)
  | ({ readonly phase: "opening-ports" } & Described)
  | ({ readonly phase: "setting-up"; readonly pending: Pending } & Described)
  | ({ readonly phase: "starting"; readonly pending: Pending } & SetUp)
  | ({ readonly phase: "playing"; readonly pending: Pending | undefined; readonly nextKeepAliveAt: MonotonicMs } & SetUp)
  | { readonly phase: "ended" };
export type Waiting = Extract<RtspClientState, { pending: Pending }> | Extract<RtspClientState, { phase: "playing" }>;

export type RtspClientInput =
  | { readonly kind: "connected" }
  | { readonly kind: "message"; readonly message: RtspMessage }
  /** The answer to "open-ports", as many pairs as were asked for. */
  | { readonly kind: "ports"; readonly pairs: readonly PortPair[] }
  | { readonly kind: "tick" }
  | { readonly kind: "leave" };

/** What the camera agreed to send. */
export interface PlayingTrack {
  /** The pictures. */
  readonly track: VideoTrack;
  /** All that is joined; the pictures first. */
  readonly tracks: readonly JoinedTrack[];
  /** What was wanted and is not joined, with the reason. */
  readonly passedOver: readonly string[];
  readonly rtpInfo: readonly RtpInfo[];
  readonly server: string | undefined;
  readonly trackNames: readonly string[];
}
export type RtspClientAction =
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  | { readonly kind: "described"; readonly track: VideoTrack; readonly trackNames: readonly string[]; readonly server: string | undefined }
  | { readonly kind: "open-ports"; readonly pairs: number }
  | { readonly kind: "playing"; readonly playing: PlayingTrack }
  /** The session is over here; whether and how it goes on elsewhere is decided by `decideRedirect`. */
  | { readonly kind: "redirected"; readonly status: number; readonly location: string | undefined }
  | { readonly kind: "failed"; readonly problem: RtspProblem; readonly message: string }
  | { readonly kind: "left" };
export interface RtspClientStep {
  readonly state: RtspClientState;
  readonly actions: readonly RtspClientAction[];
}

export const NEW_RTSP_CLIENT: RtspClientState = { phase: "new", cseq: 0, challenge: undefined, nonceCount: 0, server: undefined, keepAlive: "OPTIONS" };
export const ENDED: RtspClientState = { phase: "ended" };

/** The next request, with credentials where the camera has asked for them. */
export function makeRequest(
  state: Common, method: Pending["method"], uri: string, headers: readonly RtspHeader[], config: RtspClientConfig, now: MonotonicMs, answers = 0,
): { readonly common: Common; readonly pending: Pending; readonly action: RtspClientAction } {
  const cseq = state.cseq + 1;
  const all: RtspHeader[] = [{ name: "CSeq", value: String(cseq) }, { name: "User-Agent", value: config.userAgent }, ...headers];
  const { challenge } = state;
  const nonceCount = challenge !== undefined && config.credentials !== undefined ? state.nonceCount + 1 : state.nonceCount;
  if (challenge !== undefined && config.credentials !== undefined) {
    all.push({ name: "Authorization", value: formatAuthorization(challenge, config.credentials, { method, uri, count: nonceCount, cnonce: config.cnonce }, config.hash) });
  }
  const common: Common = { cseq, challenge, nonceCount, server: state.server, keepAlive: state.keepAlive };
  return { common, pending: { method, uri, headers, cseq, sentAt: now, answers }, action: { kind: "send", bytes: formatRequest(method, uri, all) } };
}

export function end(problem: RtspProblem, message: string): RtspClientStep {
  return { state: ENDED, actions: [{ kind: "failed", problem, message }] };
}
