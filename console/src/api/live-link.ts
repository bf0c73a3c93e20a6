// The live link's socket: opens, says what it saw last, pings, reconnects for ever with a growing, jittered pause (all consoles of a room
// lose the link at the same moment and must not come back at the same moment).
import { create } from "zustand";
import { LIVE_CLOSE } from "../../../src/contract/live.ts";
import { api } from "./client.ts";
import { forgetEnded } from "./forget-ended.ts";
import { applyLive, emptyLiveState, type LinkState, type LiveMessage, type LiveState } from "./live-state.ts";

const PING_EVERY_MS = 1_000; // each is answered: an open link is never silent for longer
const SILENCE_LIMIT_MS = 6_000; // then it counts as broken; that it is silent is told before, see silentFor
const MAX_PAUSE_MS = 10_000;

export const useLive = create<LiveState>(() => emptyLiveState);
export const reconnectPauseMs = (tries: number, random: number): number => Math.min(MAX_PAUSE_MS, 400 * 2 ** tries) * (0.5 + random / 2);

const setLink = (link: LinkState, since = Date.now()): void => {
  if (useLive.getState().link !== link) useLive.setState({ link, linkSince: since });
};

let socket: WebSocket | null = null;
let wanted = false;
let tries = 0;
let pause: ReturnType<typeof setTimeout> | undefined;
let pinging: ReturnType<typeof setInterval> | undefined;
let heardAt = 0;
let lastMessageAt: number | null = null;
export const SILENT_AFTER_MS = 2_000;
/** How long nothing has come over a link that should tell something every second, ms; null: it is well, or there is none. Ages of a broken link count from the same moment. */
export function silentFor(now: number, link: LinkState, lastAt: number | null = lastMessageAt): number | null {
  const silence = lastAt === null || link === "idle" ? 0 : now - lastAt;
  return silence > SILENT_AFTER_MS ? silence : null;
}
const FORGET_EVERY_MS = 60_000;
let forgotAt = Date.now();
let queue: LiveMessage[] = [];
let draining = false;
let drainedAt = Number.NEGATIVE_INFINITY;
const DRAWN_EVERY_MS = 50;

/** How long what has come waits to be folded: a message that comes alone not at all. Each fold draws the page, so in a storm of changes twenty of them a second are enough for the eye, and leave the keys their time. */
export const waitsToFold = (now: number, lastAt: number, hidden: boolean): number => (hidden ? 0 : Math.max(0, lastAt + DRAWN_EVERY_MS - now)); // timers of a hidden page come late, and what it tells by sound must not

function drain(): void {
  draining = false;
  drainedAt = performance.now();
  const messages = queue;
  queue = [];
  const now = Date.now();
  let state = useLive.getState();
  for (const message of messages) state = applyLive(state, message, now);
  if (now - forgotAt > FORGET_EVERY_MS || now < forgotAt) {
    forgotAt = now;
    state = forgetEnded(state, now + state.clockOffsetMs);
  }
  useLive.setState(state, true);
}

function take(message: LiveMessage): void {
  if (message.type === "pong") {
    useLive.setState(applyLive(useLive.getState(), message, Date.now()), true);
    return;
  }
  queue.push(message);
  if (draining) return;
  draining = true;
  const waitMs = waitsToFold(performance.now(), drainedAt, document.hidden);
  if (waitMs === 0) queueMicrotask(drain);
  else setTimeout(drain, waitMs);
}

function connect(): void {
  clearTimeout(pause);
  if (!wanted) return;
  if (useLive.getState().link !== "broken") setLink("connecting");
  const opened = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`);
  socket = opened;
  heardAt = Date.now();
  // Also called on silence, without waiting for the closing handshake, which a dead network answers only after minutes.
  function lost(): void {
    if (socket !== opened) return;
    clearInterval(pinging);
    socket = null;
    opened.close();
    if (!wanted) return;
    setLink("broken", lastMessageAt ?? Date.now());
    pause = setTimeout(connect, reconnectPauseMs(tries++, Math.random()));
  }
  let pingedAt = Date.now();
  const ping = (): void => {
    // A timer that comes late means that this page stood still or sleeps behind another: what came meanwhile waits to be read, and is no silence of the centre.
    const stalled = Date.now() - pingedAt > 3 * PING_EVERY_MS;
    pingedAt = Date.now();
    if (!stalled && Date.now() - heardAt > SILENCE_LIMIT_MS) lost();
    else if (opened.readyState === WebSocket.OPEN) opened.send(JSON.stringify({ type: "ping", sentAt: Date.now() }));
  };
  clearInterval(pinging);
  pinging = setInterval(ping, PING_EVERY_MS);
  opened.onopen = () => {
    tries = 0;
    setLink("open");
    opened.send(JSON.stringify({ type: "hello", after: useLive.getState().sequence }));
    ping();
  };
  opened.onmessage = (event) => {
    heardAt = lastMessageAt = Date.now();
    try {
      take(JSON.parse(String(event.data)) as LiveMessage);
    } catch {
      opened.close(); // not our protocol: begin again rather than show half a state
    }
  };
  opened.onclose = (event) => {
    // The session was ended by somebody else: the answer to any question tells the page so, which a refused link cannot.
    if (event.code === LIVE_CLOSE.loggedOut) void api.call("getCity").catch(() => {});
    lost();
  };
}

export function startLiveLink(): void {
  if (wanted) return;
  wanted = true;
  tries = 0;
  connect();
}

/** Ends the link and forgets what it told: the next person at this desk may see less. */
export function stopLiveLink(): void {
  wanted = false;
  clearTimeout(pause);
  clearInterval(pinging);
  socket?.close();
  socket = null;
  queue = [];
  lastMessageAt = null;
  useLive.setState(emptyLiveState, true);
}

/** Try at once, for the button beside "link broken". */
export function retryLiveLink(): void {
  if (wanted && socket === null) {
    tries = 0;
    connect();
  }
}
