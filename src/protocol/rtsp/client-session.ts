// The client's side of one RTSP session over one connection, as a pure step: (state, input) -> (state, actions). It asks OPTIONS, DESCRIBE, SETUP for each track and
// PLAY once, answers challenges, keeps the session alive by what the server allows, and takes leave. The bytes, the clock and the sockets are the
// caller's; media never passes through here. A machine with its own socket and timers was rejected: it cannot be tested answer by answer.
import type { MonotonicMs } from "../../base/time.ts";
import { parseSdp } from "../sdp/sdp.ts";
import { chooseChallenge, parseNextNonce } from "./challenge.ts";
import {
  type Common, type Described, ENDED, type JoinedTrack, KEEP_ALIVE_METHODS, type KeepAliveMethod, type Pending, type PlayingTrack, type PortPair, type RtspClientAction,
  type RtspClientConfig, type RtspClientInput, type RtspClientState, type RtspClientStep, type RtspProblem, type Waiting, end, makeRequest,
} from "./client-state.ts";
import { formatResponse } from "./format.ts";
import { DEFAULT_SESSION_TIMEOUT_S, formatTransport, formatUdpTransport, parsePublic, parseRtpInfo, parseSession, parseTransport } from "./headers.ts";
import { chooseTracks } from "./media-tracks.ts";
import { type RtspHeader, type RtspRequest, type RtspResponse, findCSeq, findHeader, listHeaders } from "./message.ts";
import { isRedirect } from "./redirect.ts";
import { joinControl } from "./url.ts";
import { type VideoTrack, listTrackNames } from "./video-track.ts";

const MOST_ANSWERS = 3;

export function stepRtspClient(state: RtspClientState, input: RtspClientInput, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  if (state.phase === "ended") return { state, actions: [] };
  switch (input.kind) {
    case "connected": {
      if (state.phase !== "new") return { state, actions: [] };
      const sent = makeRequest(state, "OPTIONS", config.requestUri, [], config, now);
      return { state: { ...sent.common, phase: "asking-options", pending: sent.pending }, actions: [sent.action] };
    }
    case "message":
      return input.message.kind === "request" ? { state, actions: [answerRequest(input.message)] } : takeResponse(state, input.message, config, now);
    case "ports": {
      if (state.phase !== "opening-ports" || input.pairs.length < state.tracks.length) return { state, actions: [] };
      return setUp({ ...state, ports: input.pairs }, config, now);
    }
    case "tick":
      return tick(state, config, now);
    case "leave": {
      if (!("sessionId" in state) || state.sessionId === undefined) return { state: ENDED, actions: [{ kind: "left" }] };
      const sent = makeRequest(state, "TEARDOWN", joinControl(state.base, state.sdp.control), [{ name: "Session", value: state.sessionId }], config, now);
      return { state: ENDED, actions: [sent.action, { kind: "left" }] };
    }
  }
}

function takeResponse(state: RtspClientState, response: RtspResponse, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  if (!("pending" in state) || state.pending === undefined) return { state, actions: [] };
  const { pending } = state;
  const cseq = findCSeq(response);
  if (cseq !== undefined && cseq !== pending.cseq) return { state, actions: [] }; // an answer to an earlier request; one without CSeq is taken
  if (response.status < 200) return { state, actions: [] }; // 100: the answer is still to come
  if (response.status === 401) return answerChallenge(state, pending, response, config, now);
  const known = { ...withNextNonce(state, response), server: findHeader(response.headers, "Server") ?? state.server };
  if (known.phase !== "playing" && isRedirect(response.status)) {
    return { state: ENDED, actions: [{ kind: "redirected", status: response.status, location: findHeader(response.headers, "Location") }] };
  }
  switch (known.phase) {
    case "asking-options": {
      if (response.status >= 300 && config.policies.failedOptions === "refuse") return fail(response);
      const sent = makeRequest({ ...known, keepAlive: chooseKeepAlive(findHeader(response.headers, "Public")) }, "DESCRIBE", config.requestUri, ACCEPT_SDP, config, now);
      return { state: { ...sent.common, phase: "describing", pending: sent.pending }, actions: [sent.action] };
    }
    case "describing":
      return response.status === 200 ? takeDescription(known, response, config, now) : fail(response);
    case "setting-up":
      return takeSetup(known, response, config, now);
    case "starting":
      return response.status === 200 ? takePlay(known, response, now) : fail(response);
    case "playing": {
      // A keep-alive that is refused ends nothing: the pictures tell whether the session lives. 454 says that it does not.
      if (response.status === 454) return fail(response);
      return { state: { ...known, keepAlive: isUnknownMethod(response.status) ? nextKeepAlive(known.keepAlive) : known.keepAlive, pending: undefined }, actions: [] };
    }
  }
}

const ACCEPT_SDP: readonly RtspHeader[] = [{ name: "Accept", value: "application/sdp" }];

function takeDescription(state: Common, response: RtspResponse, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  const type = findHeader(response.headers, "Content-Type");
  if (type === undefined ? config.policies.missingContentType === "refuse" : !/^application\/sdp\b/i.test(type)) {
    return end("malformed", `DESCRIBE was answered with ${type ?? "no Content-Type"}, expected application/sdp`);
  }
  const sdp = parseSdp(new TextDecoder("utf-8").decode(response.body));
  if (!sdp.ok) return end("malformed", `the session description is broken in line ${sdp.error.line}: ${sdp.error.reason}`);
  const chosen = chooseTracks(sdp.value, config.tracks, config.policies);
  if (!chosen.ok) return end(chosen.error.problem, chosen.error.message);
  const told = findHeader(response.headers, "Content-Base") ?? findHeader(response.headers, "Content-Location");
  const usable = told !== undefined && /^rtsps?:\/\//i.test(told);
  if (told !== undefined && !usable && config.policies.brokenContentBase === "refuse") return end("malformed", `Content-Base ${JSON.stringify(told.slice(0, 80))}, expected an rtsp URL`);
  const { video, others, passedOver } = chosen.value;
  const described: Described = {
    cseq: state.cseq, challenge: state.challenge, nonceCount: state.nonceCount, server: state.server, keepAlive: state.keepAlive,
    base: usable ? told : config.requestUri, sdp: sdp.value, tracks: [video, ...others], passedOver, ports: undefined, at: 0, joined: [], sessionId: undefined,
    timeoutS: DEFAULT_SESSION_TIMEOUT_S,
  };
  const step = config.transport === "udp" ? openPorts(described) : setUp(described, config, now);
  return { state: step.state, actions: [{ kind: "described", track: video, trackNames: listTrackNames(sdp.value), server: state.server }, ...step.actions] };
}

function openPorts(state: Described): RtspClientStep {
  return { state: { ...state, phase: "opening-ports", at: 0, joined: [] }, actions: [{ kind: "open-ports", pairs: state.tracks.length }] };
}

/** SETUP of the track that is at hand. */
function setUp(state: Described, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  const ports = state.ports?.[state.at];
  const headers = [{ name: "Transport", value: ports === undefined ? formatTransport([state.at * 2, state.at * 2 + 1]) : formatUdpTransport(ports) }];
  if (state.sessionId !== undefined) headers.push({ name: "Session", value: state.sessionId });
  const sent = makeRequest(state, "SETUP", joinControl(state.base, state.tracks[state.at]!.control), headers, config, now);
  return { state: { ...state, ...sent.common, phase: "setting-up", pending: sent.pending }, actions: [sent.action] };
}

function takeSetup(state: RtspClientState & { phase: "setting-up" }, response: RtspResponse, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  const track = state.tracks[state.at]!;
  const answer = readSetup(state, response, config);
  let after: Described;
  switch (answer.kind) {
    case "try-udp":
      return openPorts({ ...state, sessionId: answer.sessionId });
    case "failed":
      if (track.kind === "video" || config.policies.refusedSecondTrack === "refuse") return end(answer.problem, answer.message);
      after = { ...state, passedOver: [...state.passedOver, `${track.kind}: ${answer.message}`] };
      break;
    case "joined":
      after = { ...state, sessionId: answer.sessionId, timeoutS: answer.timeoutS, joined: [...state.joined, answer.joined] };
      break;
  }
  if (state.at + 1 < state.tracks.length) return setUp({ ...after, at: state.at + 1 }, config, now);
  const sessionId = after.sessionId!; // the pictures, which come first, are joined
  const sent = makeRequest(after, "PLAY", joinControl(state.base, state.sdp.control), [{ name: "Session", value: sessionId }, { name: "Range", value: "npt=0.000-" }], config, now);
  return { state: { ...after, sessionId, ...sent.common, phase: "starting", pending: sent.pending }, actions: [sent.action] };
}

type SetupAnswer =
  | { readonly kind: "joined"; readonly joined: JoinedTrack; readonly sessionId: string; readonly timeoutS: number }
  | { readonly kind: "try-udp"; readonly sessionId: string | undefined }
  | { readonly kind: "failed"; readonly problem: RtspProblem; readonly message: string };

function readSetup(state: Described, response: RtspResponse, config: RtspClientConfig): SetupAnswer {
  const failed = (problem: RtspProblem, message: string): SetupAnswer => ({ kind: "failed", problem, message });
  const track = state.tracks[state.at]!;
  const ports = state.ports?.[state.at];
  const mayTryUdp = config.transport === "auto" && state.ports === undefined && state.at === 0;
  if (response.status === 461 && mayTryUdp) return { kind: "try-udp", sessionId: state.sessionId };
  if (response.status !== 200) return { kind: "failed", ...problemOf(response) };
  const sessionText = findHeader(response.headers, "Session");
  const session = sessionText === undefined ? undefined : parseSession(sessionText);
  if (session === undefined) return failed("malformed", `SETUP was answered with Session ${JSON.stringify(sessionText ?? "")}, expected an id`);
  if (state.joined.length > 0 && session.id !== state.sessionId) return failed("malformed", "SETUP of another track was answered with another session");
  const transportText = findHeader(response.headers, "Transport");
  const transport = transportText === undefined ? undefined : parseTransport(transportText);
  const shown = JSON.stringify((transportText ?? "").slice(0, 120));
  const expected = `SETUP was answered with Transport ${shown}, expected ${ports === undefined ? "RTP/AVP/TCP" : "RTP/AVP over UDP to our ports"}`;
  if (transport === undefined || transport.multicast) return failed("malformed", expected);
  const ssrc = config.policies.toldSsrc === "require" ? transport.ssrc : undefined;
  const joined = (path: JoinedTrack["path"]): SetupAnswer => ({ kind: "joined", joined: { track, path, ssrc }, sessionId: session.id, timeoutS: session.timeoutS });
  if (ports !== undefined) {
    if (transport.tcp || (transport.clientPort !== undefined && transport.clientPort[0] !== ports[0])) return failed("malformed", expected);
    return joined({ kind: "udp", clientPort: ports, serverPort: usablePorts(transport.serverPort) });
  }
  if (!transport.tcp) return mayTryUdp && config.policies.udpForTcp !== "refuse" ? { kind: "try-udp", sessionId: session.id } : failed("malformed", expected);
  const asked = state.at * 2;
  const channel = transport.interleaved?.[0] ?? asked;
  if (channel !== asked && config.policies.otherChannels === "refuse") return failed("malformed", `channels ${asked}-${asked + 1} were asked for, ${channel} was given`);
  if (state.joined.some(({ path }) => path.kind === "tcp" && Math.abs(path.channel - channel) < 2)) return failed("malformed", `channel ${channel} was given twice`);
  return joined({ kind: "tcp", channel });
}

/** Port 0 says nothing; RTCP to where RTP comes from would be taken for a packet. */
function usablePorts(pair: PortPair | undefined): PortPair | undefined {
  return pair !== undefined && pair[0] > 0 && pair[1] > 0 && pair[1] <= 65_535 ? pair : undefined;
}

function takePlay(state: RtspClientState & { phase: "starting" }, response: RtspResponse, now: MonotonicMs): RtspClientStep {
  const info = findHeader(response.headers, "RTP-Info");
  // GW tells its time-out in the answer to PLAY.
  const session = parseSession(findHeader(response.headers, "Session") ?? "");
  const timeoutS = session !== undefined && session.timeoutS !== DEFAULT_SESSION_TIMEOUT_S ? session.timeoutS : state.timeoutS;
  const playing: PlayingTrack = {
    track: state.tracks[0] as VideoTrack, tracks: state.joined, passedOver: state.passedOver, rtpInfo: info === undefined ? [] : parseRtpInfo(info), server: state.server,
    trackNames: listTrackNames(state.sdp),
  };
  return { state: { ...state, timeoutS, phase: "playing", pending: undefined, nextKeepAliveAt: now + keepAliveMs(timeoutS) }, actions: [{ kind: "playing", playing }] };
}

function tick(state: RtspClientState, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  if (state.phase === "new" || state.phase === "ended" || state.phase === "opening-ports") return { state, actions: [] };
  if (state.phase === "playing") {
    if (now < state.nextKeepAliveAt) return { state, actions: [] };
    const sent = makeRequest(state, state.keepAlive, joinControl(state.base, state.sdp.control), [{ name: "Session", value: state.sessionId }], config, now);
    return { state: { ...state, ...sent.common, pending: sent.pending, nextKeepAliveAt: now + keepAliveMs(state.timeoutS) }, actions: [sent.action] };
  }
  if (now - state.pending.sentAt < config.requestTimeoutMs) return { state, actions: [] };
  return end("timeout", `no answer to ${state.pending.method} within ${config.requestTimeoutMs} ms`);
}

function keepAliveMs(timeoutS: number): number {
  return Math.max(2_000, Math.min(30_000, (timeoutS * 1000) / 2));
}

/** By what OPTIONS allows; a server that does not say gets OPTIONS, which every one must take (RFC 2326 section 10.1). */
function chooseKeepAlive(methods: string | undefined): KeepAliveMethod {
  const allowed = methods === undefined ? undefined : parsePublic(methods);
  return KEEP_ALIVE_METHODS.find((method) => allowed?.has(method) === true) ?? "OPTIONS";
}

function nextKeepAlive(method: KeepAliveMethod): KeepAliveMethod {
  return KEEP_ALIVE_METHODS[KEEP_ALIVE_METHODS.indexOf(method) + 1] ?? "OPTIONS";
}

/** Method Not Allowed, Not Implemented, Option Not Supported; 400 and 404 are what old servers say instead. */
function isUnknownMethod(status: number): boolean {
  return status === 405 || status === 501 || status === 551 || status === 400 || status === 404;
}

function answerChallenge(state: Waiting, pending: Pending, response: RtspResponse, config: RtspClientConfig, now: MonotonicMs): RtspClientStep {
  const challenge = chooseChallenge(listHeaders(response.headers, "WWW-Authenticate"));
  if (challenge === undefined) return end("unauthorized", "the camera asks for a way of authentication that is not spoken here");
  if (config.credentials === undefined) return end("credentials-missing", "the camera asks for a user name and a password, and none was given");
  if (challenge.scheme === "basic" && state.challenge?.scheme === "digest") return end("unauthorized", "the camera asked for digest and now for the password in clear");
  // Once answered, only a nonce that has run out is worth another try (and not for ever); anything else means that the password is wrong.
  const ranOut = challenge.scheme === "digest" && challenge.stale && pending.answers < MOST_ANSWERS;
  if (pending.answers > 0 && !ranOut) return end("unauthorized", "the camera refuses this user name and password");
  const sent = makeRequest({ ...state, challenge, nonceCount: 0 }, pending.method, pending.uri, pending.headers, config, now, pending.answers + 1);
  return { state: { ...state, ...sent.common, pending: sent.pending }, actions: [sent.action] };
}

function withNextNonce(state: Waiting, response: RtspResponse): Waiting {
  const info = state.challenge?.scheme === "digest" ? findHeader(response.headers, "Authentication-Info") : undefined;
  const nonce = info === undefined ? undefined : parseNextNonce(info);
  if (nonce === undefined || state.challenge?.scheme !== "digest") return state;
  return { ...state, challenge: { ...state.challenge, nonce }, nonceCount: 0 };
}

function answerRequest(message: RtspRequest): RtspClientAction {
  const cseq = findCSeq(message);
  const headers = cseq === undefined ? [] : [{ name: "CSeq", value: String(cseq) }];
  const known = message.method === "OPTIONS" || message.method === "GET_PARAMETER" || message.method === "SET_PARAMETER";
  return { kind: "send", bytes: formatResponse(known ? 200 : 501, headers) };
}

function fail(response: RtspResponse): RtspClientStep {
  const { problem, message } = problemOf(response);
  return end(problem, message);
}

function problemOf(response: RtspResponse): { readonly problem: RtspProblem; readonly message: string } {
  const message = `the camera answered ${response.status} ${response.reason}`.trim();
  const problem = PROBLEMS[response.status] ?? (isRedirect(response.status) ? "refused" : "malformed");
  return { problem, message };
}

const PROBLEMS: Readonly<Record<number, RtspProblem>> = { 403: "unauthorized", 404: "not-found", 453: "refused", 454: "closed", 461: "refused", 503: "refused" };
