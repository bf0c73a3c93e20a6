// The client's side of one RTSP session over one TCP connection, as a pure step: (state, input) -> (state, actions). It asks OPTIONS, DESCRIBE, SETUP
// (interleaved) and PLAY, answers challenges, keeps the session alive and takes leave. The bytes, the clock and the sockets are the
// caller's; media never passes through here. A machine with its own socket and timers was rejected: it cannot be tested answer by answer.
import type { MonotonicMs } from "../../base/time.ts";
import { type Sdp, parseSdp } from "../sdp/sdp.ts";
import { type Challenge, type Credentials, type HashHex, chooseChallenge, formatAuthorization } from "./challenge.ts";
import { formatRequest, formatResponse } from "./format.ts";
import { type RtpInfo, parsePublic, parseRtpInfo, parseSession, parseTransport } from "./headers.ts";
import { type RtspHeader, type RtspMessage, type RtspRequest, type RtspResponse, findCSeq, findHeader, listHeaders } from "./message.ts";
import type { RtspPolicies } from "./policies.ts";
import { joinControl } from "./url.ts";
import { type VideoTrack, chooseVideoTrack, listTrackNames } from "./video-track.ts";

export const RTSP_PROBLEMS = ["refused", "timeout", "credentials-missing", "unauthorized", "not-found", "not-rtsp", "no-video", "unsupported-codec", "malformed", "closed"] as const;
export type RtspProblem = (typeof RTSP_PROBLEMS)[number];

export interface RtspClientConfig {
  /** URL without credentials. */
  readonly requestUri: string;
  readonly credentials: Credentials | undefined;
  readonly userAgent: string;
  readonly policies: RtspPolicies;
  readonly requestTimeoutMs: number;
  readonly hash: HashHex;
  /** Random hexadecimal, new for each session. */
  readonly cnonce: string;
}

interface Pending {
  readonly method: "OPTIONS" | "DESCRIBE" | "SETUP" | "PLAY" | "GET_PARAMETER" | "TEARDOWN";
  readonly uri: string;
  readonly cseq: number;
  readonly sentAt: MonotonicMs;
  /** How many challenges to this request were answered. */
  readonly answers: number;
}
interface Common {
  readonly cseq: number;
  readonly challenge: Challenge | undefined;
  readonly nonceCount: number;
  readonly server: string | undefined;
  readonly knowsGetParameter: boolean;
}
interface Described extends Common {
  readonly base: string;
  readonly sdp: Sdp;
  readonly track: VideoTrack;
}
interface SetUp extends Described {
  readonly sessionId: string;
  readonly timeoutS: number;
  readonly channel: number;
  readonly ssrc: number | undefined;
}
export type RtspClientState =
  | ({ readonly phase: "new" } & Common)
  | ({ readonly phase: "asking-options" | "describing"; readonly pending: Pending } & Common)
  | ({ readonly phase: "setting-up"; readonly pending: Pending } & Described)
  | ({ readonly phase: "starting"; readonly pending: Pending } & SetUp)
  | ({ readonly phase: "playing"; readonly pending: Pending | undefined; readonly nextKeepAliveAt: MonotonicMs } & SetUp)
  | { readonly phase: "ended" };

export type RtspClientInput =
  | { readonly kind: "connected" }
  | { readonly kind: "message"; readonly message: RtspMessage }
  | { readonly kind: "tick" }
  | { readonly kind: "leave" };

/** What the camera agreed to send. */
export interface PlayingTrack {
  readonly track: VideoTrack;
  /** RTP comes on this channel, RTCP on the next. */
  readonly channel: number;
  readonly ssrc: number | undefined;
  readonly rtpInfo: readonly RtpInfo[];
  readonly server: string | undefined;
  readonly trackNames: readonly string[];
}
export type RtspClientAction =
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  | { readonly kind: "described"; readonly track: VideoTrack; readonly trackNames: readonly string[]; readonly server: string | undefined }
  | { readonly kind: "playing"; readonly playing: PlayingTrack }
  | { readonly kind: "failed"; readonly problem: RtspProblem; readonly message: string }
  | { readonly kind: "left" };
export interface RtspClientStep {
  readonly state: RtspClientState;
  readonly actions: readonly RtspClientAction[];
}

export const NEW_RTSP_CLIENT: RtspClientState = { phase: "new", cseq: 0, challenge: undefined, nonceCount: 0, server: undefined, knowsGetParameter: false };
const MOST_ANSWERS = 3;
const ENDED: RtspClientState = { phase: "ended" };

export function stepRtspClient(state: RtspClientState, input: RtspClientInput, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  if (state.phase === "ended") return { state, actions: [] };
  switch (input.kind) {
    case "connected": {
      if (state.phase !== "new") return { state, actions: [] };
      const sent = request(state, "OPTIONS", config.requestUri, [], config, now, 0);
      return { state: { ...sent.common, phase: "asking-options", pending: sent.pending }, actions: [sent.action] };
    }
    case "message":
      return input.message.kind === "request" ? { state, actions: [answerRequest(input.message)] } : takeResponse(state, input.message, config, now);
    case "tick":
      return tick(state, config, now);
    case "leave": {
      if (state.phase !== "starting" && state.phase !== "playing") return { state: ENDED, actions: [{ kind: "left" }] };
      const sent = request(state, "TEARDOWN", joinControl(state.base, state.sdp.control), [{ name: "Session", value: state.sessionId }], config, now, 0);
      return { state: ENDED, actions: [sent.action, { kind: "left" }] };
    }
  }
}

function takeResponse(state: RtspClientState, response: RtspResponse, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  if (state.phase === "new" || state.phase === "ended" || state.pending === undefined) return { state, actions: [] };
  const pending = state.pending;
  const cseq = findCSeq(response);
  if (cseq !== undefined && cseq !== pending.cseq) return { state, actions: [] }; // an answer to an earlier request; one without CSeq is taken
  if (response.status === 401) return answerChallenge(state, pending, response, config, now);
  const server = findHeader(response.headers, "Server") ?? state.server;
  const known = { ...state, server };
  switch (known.phase) {
    case "asking-options": {
      if (response.status >= 300 && config.policies.failedOptions === "refuse") return fail(response);
      const methods = findHeader(response.headers, "Public");
      const sent = request({ ...known, knowsGetParameter: methods !== undefined && parsePublic(methods).has("GET_PARAMETER") }, "DESCRIBE", config.requestUri, ACCEPT_SDP, config, now, 0);
      return { state: { ...sent.common, phase: "describing", pending: sent.pending }, actions: [sent.action] };
    }
    case "describing":
      return response.status === 200 ? takeDescription(known, response, config, now) : fail(response);
    case "setting-up":
      return response.status === 200 ? takeSetup(known, response, config, now) : fail(response);
    case "starting":
      return response.status === 200 ? takePlay(known, response, now) : fail(response);
    case "playing": {
      // A keep-alive that is refused ends nothing: the pictures tell whether the session lives. 454 says that it does not.
      if (response.status === 454) return fail(response);
      return { state: { ...known, pending: undefined }, actions: [] };
    }
  }
}

const ACCEPT_SDP: readonly RtspHeader[] = [{ name: "Accept", value: "application/sdp" }];

function takeDescription(state: RtspClientState & { phase: "asking-options" | "describing" }, response: RtspResponse, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  const type = findHeader(response.headers, "Content-Type");
  if (type === undefined ? config.policies.missingContentType === "refuse" : !/^application\/sdp\b/i.test(type)) {
    return end("malformed", `DESCRIBE was answered with ${type ?? "no Content-Type"}, expected application/sdp`);
  }
  const sdp = parseSdp(new TextDecoder("utf-8").decode(response.body));
  if (!sdp.ok) return end("malformed", `the session description is broken in line ${sdp.error.line}: ${sdp.error.reason}`);
  const track = chooseVideoTrack(sdp.value);
  if (!track.ok) return end(track.error.problem, track.error.message);
  const told = findHeader(response.headers, "Content-Base") ?? findHeader(response.headers, "Content-Location");
  const usable = told !== undefined && /^rtsps?:\/\//i.test(told);
  if (told !== undefined && !usable && config.policies.brokenContentBase === "refuse") return end("malformed", `Content-Base ${JSON.stringify(told.slice(0, 80))}, expected an rtsp URL`);
  const base = usable ? told : config.requestUri;
  const sent = request(state, "SETUP", joinControl(base, track.value.control), [{ name: "Transport", value: "RTP/AVP/TCP;unicast;interleaved=0-1" }], config, now, 0);
  return {
    state: { ...sent.common, phase: "setting-up", pending: sent.pending, base, sdp: sdp.value, track: track.value },
    actions: [{ kind: "described", track: track.value, trackNames: listTrackNames(sdp.value), server: state.server }, sent.action],
  };
}

function takeSetup(state: RtspClientState & { phase: "setting-up" }, response: RtspResponse, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  const sessionText = findHeader(response.headers, "Session");
  const session = sessionText === undefined ? undefined : parseSession(sessionText);
  if (session === undefined) return end("malformed", `SETUP was answered with Session ${JSON.stringify(sessionText ?? "")}, expected an id`);
  const transportText = findHeader(response.headers, "Transport");
  const transport = transportText === undefined ? undefined : parseTransport(transportText);
  if (transport === undefined || !transport.tcp) return end("malformed", `SETUP was answered with Transport ${JSON.stringify((transportText ?? "").slice(0, 120))}, expected RTP/AVP/TCP`);
  const channel = transport.interleaved?.[0] ?? 0;
  if (channel !== 0 && config.policies.otherChannels === "refuse") return end("malformed", `channels 0-1 were asked for, ${channel} was given`);
  const common = { ...state, sessionId: session.id, timeoutS: session.timeoutS, channel, ssrc: transport.ssrc };
  const headers = [{ name: "Session", value: session.id }, { name: "Range", value: "npt=0.000-" }];
  const sent = request(common, "PLAY", joinControl(state.base, state.sdp.control), headers, config, now, 0);
  return { state: { ...common, ...sent.common, phase: "starting", pending: sent.pending }, actions: [sent.action] };
}

function takePlay(state: RtspClientState & { phase: "starting" }, response: RtspResponse, now: MonotonicMs): RtspClientStep {
  const info = findHeader(response.headers, "RTP-Info");
  const playing: PlayingTrack = {
    track: state.track, channel: state.channel, ssrc: state.ssrc, rtpInfo: info === undefined ? [] : parseRtpInfo(info), server: state.server, trackNames: listTrackNames(state.sdp),
  };
  return { state: { ...state, phase: "playing", pending: undefined, nextKeepAliveAt: now + keepAliveMs(state.timeoutS) }, actions: [{ kind: "playing", playing }] };
}

function tick(state: RtspClientState, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  if (state.phase === "new" || state.phase === "ended") return { state, actions: [] };
  if (state.phase === "playing") {
    if (now < state.nextKeepAliveAt) return { state, actions: [] };
    const method = state.knowsGetParameter ? "GET_PARAMETER" : "OPTIONS";
    const uri = joinControl(state.base, state.sdp.control);
    const sent = request(state, method, uri, [{ name: "Session", value: state.sessionId }], config, now, 0);
    return { state: { ...state, ...sent.common, pending: sent.pending, nextKeepAliveAt: now + keepAliveMs(state.timeoutS) }, actions: [sent.action] };
  }
  if (now - state.pending.sentAt < config.requestTimeoutMs) return { state, actions: [] };
  return end("timeout", `no answer to ${state.pending.method} within ${config.requestTimeoutMs} ms`);
}

function keepAliveMs(timeoutS: number): number {
  return Math.max(2_000, Math.min(30_000, (timeoutS * 1000) / 2));
}

function answerChallenge(state: RtspClientState & { pending: Pending | undefined }, pending: Pending, response: RtspResponse, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  const challenge = chooseChallenge(listHeaders(response.headers, "WWW-Authenticate"));
  if (challenge === undefined) return end("unauthorized", "the camera asks for a way of authentication that is not spoken here");
  if (config.credentials === undefined) return end("credentials-missing", "the camera asks for a user name and a password, and none was given");
  if (challenge.scheme === "basic" && state.phase !== "ended" && state.challenge?.scheme === "digest") return end("unauthorized", "the camera asked for digest and now for the password in clear");
  // Once answered, only a nonce that has run out is worth another try (and not for ever); anything else means that the password is wrong.
  const ranOut = challenge.scheme === "digest" && challenge.stale && pending.answers < MOST_ANSWERS;
  if (pending.answers > 0 && !ranOut) return end("unauthorized", "the camera refuses this user name and password");
  const common = { ...state, challenge, nonceCount: 0 } as Exclude<RtspClientState, { phase: "new" | "ended" }>;
  const headers = headersOf(pending.method, common);
  const sent = request(common, pending.method, pending.uri, headers, config, now, pending.answers + 1);
  return { state: { ...common, ...sent.common, pending: sent.pending } as RtspClientState, actions: [sent.action] };
}

/** The headers that the request carried before it was challenged. */
function headersOf(method: Pending["method"], state: Exclude<RtspClientState, { phase: "new" | "ended" }>): readonly RtspHeader[] {
  if (method === "DESCRIBE") return ACCEPT_SDP;
  if (method === "SETUP") return [{ name: "Transport", value: "RTP/AVP/TCP;unicast;interleaved=0-1" }];
  if (state.phase !== "starting" && state.phase !== "playing") return [];
  const session = { name: "Session", value: state.sessionId };
  return method === "PLAY" ? [session, { name: "Range", value: "npt=0.000-" }] : [session];
}

function request(
  state: Common, method: Pending["method"], uri: string, headers: readonly RtspHeader[], config: RtspClientConfig, now: MonotonicMs, answers: number,
): { readonly common: Common; readonly pending: Pending; readonly action: RtspClientAction } {
  const cseq = state.cseq + 1;
  const all: RtspHeader[] = [{ name: "CSeq", value: String(cseq) }, { name: "User-Agent", value: config.userAgent }, ...headers];
  const authorized = state.challenge !== undefined && config.credentials !== undefined;
  const nonceCount = authorized ? state.nonceCount + 1 : state.nonceCount;
  if (authorized) {
    all.push({ name: "Authorization", value: formatAuthorization(state.challenge!, config.credentials!, { method, uri, count: nonceCount, cnonce: config.cnonce }, config.hash) });
  }
  const common: Common = { cseq, challenge: state.challenge, nonceCount, server: state.server, knowsGetParameter: state.knowsGetParameter };
  return { common, pending: { method, uri, cseq, sentAt: now, answers }, action: { kind: "send", bytes: formatRequest(method, uri, all) } };
}

function answerRequest(message: RtspRequest): RtspClientAction {
  const cseq = findCSeq(message);
  const headers = cseq === undefined ? [] : [{ name: "CSeq", value: String(cseq) }];
  const known = message.method === "OPTIONS" || message.method === "GET_PARAMETER" || message.method === "SET_PARAMETER";
  return { kind: "send", bytes: formatResponse(known ? 200 : 501, headers) };
}

function fail(response: RtspResponse): RtspClientStep {
  const told = `the camera answered ${response.status} ${response.reason}`.trim();
  if (response.status === 403) return end("unauthorized", told);
  if (response.status === 404) return end("not-found", told);
  if (response.status >= 300 && response.status < 400) return end("refused", `${told}; redirections are not followed`);
  if (response.status === 453 || response.status === 461 || response.status === 503) return end("refused", told);
  if (response.status === 454) return end("closed", told);
  return end("malformed", told);
}

function end(problem: RtspProblem, message: string): RtspClientStep {
  return { state: ENDED, actions: [{ kind: "failed", problem, message }] };
}
