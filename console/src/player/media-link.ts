// The state of the one socket to a recorder and of the channels in it, as a pure machine: events and the time go in, the next state and the
// things to do come out. The browser part (live-hub.ts) only carries them out. A machine instead of handlers with flags, since a socket that
// closes while a token is being renewed while a tile is being closed is exactly where flags go wrong.
import type { Reason } from "../../../src/contract/basics.ts";
import type { Stream } from "../../../src/contract/cameras.ts";

export type ChannelPhase =
  | { readonly phase: "opening" }
  | { readonly phase: "open"; readonly stream: Stream; readonly mimeType: string; readonly width: number; readonly height: number }
  | { readonly phase: "waiting"; readonly reason: Reason; readonly sinceMs: number }
  | { readonly phase: "refused"; readonly reason: Reason };

export interface Channel {
  readonly channel: number;
  readonly cameraId: number;
  readonly stream: Stream;
  readonly token: string;
  /** It carries sound alone. */
  readonly sound: boolean;
  readonly phase: ChannelPhase;
}
export type SocketPhase =
  | { readonly phase: "idle" } // no channel wants it
  | { readonly phase: "joining"; readonly attempt: number }
  | { readonly phase: "joined"; readonly sinceMs: number; readonly emptySinceMs: number | null } // a socket without channels is kept a while: the next tile is mostly a click away
  | { readonly phase: "backing-off"; readonly attempt: number; readonly untilMs: number; readonly lostAtMs: number };

export interface MediaLink {
  readonly socket: SocketPhase;
  readonly channels: ReadonlyMap<number, Channel>;
}
export type LinkEvent =
  | { readonly type: "open"; readonly channel: number; readonly cameraId: number; readonly stream: Stream; readonly token: string; readonly sound: boolean }
  | { readonly type: "renew"; readonly channel: number; readonly token: string } // the same look with a new token: the picture goes on
  | { readonly type: "close"; readonly channel: number }
  | { readonly type: "socket-open" }
  | { readonly type: "socket-closed" }
  | { readonly type: "told"; readonly channel: number; readonly phase: ChannelPhase }
  | { readonly type: "tick" };
export type LinkEffect =
  | { readonly do: "connect" }
  | { readonly do: "disconnect" }
  | { readonly do: "send-open"; readonly channel: number; readonly cameraId: number; readonly stream: Stream; readonly token: string; readonly sound: boolean }
  | { readonly do: "send-close"; readonly channel: number };

export const EMPTY_LINK: MediaLink = { socket: { phase: "idle" }, channels: new Map() };
const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 10_000;
const LINGER_MS = 20_000;

/** Doubling from half a second to ten, and up to half of it again by `jitter` (0..1), so that a wall of consoles does not return as one. */
export function backOffMs(attempt: number, jitter: number): number {
  return Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(attempt, 10)) * (1 + jitter / 2);
}

export function transitionLink(link: MediaLink, event: LinkEvent, nowMs: number, jitter: number): { readonly link: MediaLink; readonly effects: readonly LinkEffect[] } {
  const channels = new Map(link.channels);
  switch (event.type) {
    case "open": {
      const { channel, cameraId, stream, token, sound } = event;
      channels.set(channel, { channel, cameraId, stream, token, sound, phase: { phase: "opening" } });
      if (link.socket.phase === "joined") return { link: { socket: { ...link.socket, emptySinceMs: null }, channels }, effects: [{ do: "send-open", channel, cameraId, stream, token, sound }] };
      if (link.socket.phase === "idle") return { link: { socket: { phase: "joining", attempt: 0 }, channels }, effects: [{ do: "connect" }] };
      return { link: { ...link, channels }, effects: [] };
    }
    case "renew": {
      const held = channels.get(event.channel);
      if (held === undefined) return { link, effects: [] };
      const phase: ChannelPhase = held.phase.phase === "refused" ? { phase: "opening" } : held.phase;
      channels.set(event.channel, { ...held, token: event.token, phase });
      const effects: LinkEffect[] = link.socket.phase === "joined" ? [{ do: "send-open", channel: held.channel, cameraId: held.cameraId, stream: held.stream, token: event.token, sound: held.sound }] : [];
      return { link: { ...link, channels }, effects };
    }
    case "close": {
      if (!channels.delete(event.channel)) return { link, effects: [] };
      if (channels.size === 0) {
        if (link.socket.phase === "joined") return { link: { socket: { ...link.socket, emptySinceMs: nowMs }, channels }, effects: [{ do: "send-close", channel: event.channel }] };
        return { link: { socket: { phase: "idle" }, channels }, effects: link.socket.phase === "joining" ? [{ do: "disconnect" }] : [] };
      }
      return { link: { ...link, channels }, effects: link.socket.phase === "joined" ? [{ do: "send-close", channel: event.channel }] : [] };
    }
    case "socket-open": {
      if (link.socket.phase !== "joining") return { link, effects: [{ do: "disconnect" }] };
      const effects: LinkEffect[] = [];
      for (const { channel, cameraId, stream, token, sound, phase } of channels.values()) {
        if (phase.phase === "refused") continue; // the same token would be refused again; a new one comes as "open"
        channels.set(channel, { channel, cameraId, stream, token, sound, phase: { phase: "opening" } });
        effects.push({ do: "send-open", channel, cameraId, stream, token, sound });
      }
      return { link: { socket: { phase: "joined", sinceMs: nowMs, emptySinceMs: null }, channels }, effects };
    }
    case "socket-closed": {
      if (link.socket.phase === "idle" || link.socket.phase === "backing-off") return { link, effects: [] };
      if (channels.size === 0) return { link: { socket: { phase: "idle" }, channels }, effects: [] };
      // A socket that held for ten seconds was a good one: begin counting anew.
      const attempt = link.socket.phase === "joined" ? (nowMs - link.socket.sinceMs > 10_000 ? 0 : 1) : link.socket.attempt + 1;
      for (const c of channels.values()) {
        if (c.phase.phase === "refused") continue;
        const sinceMs = c.phase.phase === "waiting" && c.phase.reason.code === "recorder-unreachable" ? c.phase.sinceMs : nowMs;
        channels.set(c.channel, { ...c, phase: { phase: "waiting", reason: { code: "recorder-unreachable", params: {} }, sinceMs } });
      }
      return { link: { socket: { phase: "backing-off", attempt, untilMs: nowMs + backOffMs(attempt, jitter), lostAtMs: nowMs }, channels }, effects: [] };
    }
    case "told": {
      const channel = channels.get(event.channel);
      if (channel === undefined) return { link, effects: [] }; // closed in the meantime
      channels.set(event.channel, { ...channel, phase: event.phase });
      return { link: { ...link, channels }, effects: [] };
    }
    case "tick": {
      if (link.socket.phase === "joined" && link.socket.emptySinceMs !== null && nowMs - link.socket.emptySinceMs >= LINGER_MS) return { link: { socket: { phase: "idle" }, channels }, effects: [{ do: "disconnect" }] };
      if (link.socket.phase !== "backing-off" || nowMs < link.socket.untilMs) return { link, effects: [] };
      return { link: { ...link, socket: { phase: "joining", attempt: link.socket.attempt } }, effects: [{ do: "connect" }] };
    }
  }
}
