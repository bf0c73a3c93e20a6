// The live link of the consoles: everybody gets the same changes, each written as JSON once. A console says the last sequence it saw and is told what it
// missed, or gets a snapshot. What waits for a slow console is bounded: past the limit it is dropped and comes back with its sequence, which
// costs it a second and the others nothing. Rejected: dropping single messages, after which a console shows a state that never was.
// Under load changes are gathered for a twentieth of a second, so that four hundred consoles cost the centre eight thousand messages a second and no more; one that comes alone goes out at once.
// When a whole room connects at once, after a restart or a torn cable, its consoles share one snapshot: written once a second at most, followed by the
// changes since, each written once too.
import type { Clock, MonotonicMs } from "../../base/time.ts";
import type { z } from "zod";
import { LIVE_CLOSE, LiveFromClient, type LiveFromServer, type ServerStatus } from "../../contract/live.ts";
import type { Board } from "../../contract/dispatch.ts";
import { mergeChanges } from "../../workflow/change-log.ts";
import type { Change, DispatchService } from "../../workflow/dispatch-service.ts";
import type { CameraProblems, ToldCameraEvents } from "../cameras/camera-problems.ts";
import type { CameraHealthTable } from "../cameras/camera-health.ts";
import type { UserPrincipal } from "../gate/principal.ts";
import type { SessionEnds } from "../gate/session-ends.ts";
import type { Socket } from "../http/socket.ts";
import type { TimerPort } from "../ports.ts";

type Message = z.input<typeof LiveFromServer>;

export interface LiveHubOptions {
  readonly clock: Clock;
  readonly timers: TimerPort;
  readonly dispatch: Pick<DispatchService, "state" | "changesAfter" | "subscribe" | "board" | "positions">;
  readonly health: CameraHealthTable;
  readonly problems: Pick<CameraProblems, "counts" | "subscribe">;
  readonly ends: SessionEnds;
  readonly status: () => z.input<typeof ServerStatus>;
  /** Whether the session still stands; asked once a minute, which also counts as its use. */
  readonly isStillLoggedIn: (principal: UserPrincipal) => Promise<boolean>;
  /** Bytes that may wait for one console. */
  readonly mostWaitingBytes?: number;
}

export interface LiveHub {
  /** `sessionToken` holders with `operate.read` only: the gate has checked. */
  accept(socket: Socket, principal: UserPrincipal): void;
  readonly consoles: number;
  readonly dropped: number;
  close(): void;
}

interface Console {
  readonly socket: Socket;
  readonly principal: UserPrincipal;
  readonly seesFigures: boolean;
  readonly seesCameras: boolean;
  /** Has said hello and got its state. */
  ready: boolean;
}

const POSITIONS_EVERY_MS = 1_000;
const STATUS_EVERY_MS = 5_000;
/** Changes within so long after the last that was told are told together. */
const GATHER_MS = 50;
/** Consoles that connect within so long share what they are told first. */
const SHARED_MS = 1_000;
const SESSION_EVERY_MS = 60_000;
const MOST_CAMERA_STATES = 2_000;
const MOST_CAMERA_EVENTS = 500;
const DEFAULT_WAITING_BYTES = 8_000_000;
const LONGEST_TEXT = 1_000;

const encoder = new TextEncoder();
const encode = (message: Message): Uint8Array => encoder.encode(JSON.stringify(message));

const changeMessage = (change: Change): Message => ({
  type: "change", sequence: change.sequence, at: change.at, contacts: change.contacts, incidents: change.incidents, units: change.units,
  assignments: change.assignments, closures: change.closures, handOvers: change.handOvers, timeline: change.timeline,
});

export function createLiveHub(options: LiveHubOptions): LiveHub {
  const { clock, timers, dispatch, health, ends } = options;
  const mostWaiting = options.mostWaitingBytes ?? DEFAULT_WAITING_BYTES;
  const consoles = new Set<Console>();
  let dropped = 0;
  let positionsVersion = dispatch.positions.rows(clock.wallMs()).version;
  let lastBoard: { readonly madeAt: MonotonicMs; readonly bytes: Uint8Array } | null = null;

  const post = (to: Console, bytes: Uint8Array): void => {
    if (to.socket.bufferedBytes() > mostWaiting) {
      dropped++;
      consoles.delete(to);
      to.socket.close(LIVE_CLOSE.tooSlow, "too slow: come back with your sequence");
      return;
    }
    to.socket.post(bytes);
  };
  const postAll = (bytes: Uint8Array, sees: (to: Console) => boolean = () => true): void => {
    for (const one of consoles) if (one.ready && sees(one)) post(one, bytes);
  };

  const boardBytes = (): Uint8Array => {
    const now = clock.monotonicMs(); // as for all that is shared here: a wall clock that is put back must not keep what is old
    if (lastBoard === null || now - lastBoard.madeAt >= STATUS_EVERY_MS / 2) lastBoard = { madeAt: now, bytes: encode({ type: "board", board: dispatch.board(clock.wallMs()) as z.input<typeof Board> }) };
    return lastBoard.bytes;
  };

  let lastSnapshot: { readonly madeAt: MonotonicMs; readonly sequence: number; readonly bytes: Uint8Array } | null = null;
  let lastPositions: { readonly madeAt: MonotonicMs; readonly version: number; readonly bytes: Uint8Array } | null = null;
  /** Of the changes that consoles missed lately; emptied each second. */
  const encodedChanges = new Map<Change, Uint8Array>();
  const changeBytes = (change: Change): Uint8Array => {
    const bytes = encodedChanges.get(change) ?? encode(changeMessage(change));
    encodedChanges.set(change, bytes);
    return bytes;
  };

  /** The whole state: a snapshot of the last second where there is one, and what changed since. */
  const stateBytes = (now: MonotonicMs): Uint8Array[] => {
    const since = lastSnapshot === null || now - lastSnapshot.madeAt >= SHARED_MS ? null : dispatch.changesAfter(lastSnapshot.sequence);
    if (lastSnapshot !== null && since !== null) return [lastSnapshot.bytes, ...since.map(changeBytes)];
    const { sequence, at, contacts, incidents, units, assignments, closures, handOvers } = dispatch.state();
    lastSnapshot = { madeAt: now, sequence, bytes: encode({ type: "snapshot", sequence, at, contacts, incidents, units, assignments, closures, handOvers }) };
    return [lastSnapshot.bytes];
  };

  /** Every position. Not shared over a tick: what moved between would be in neither these bytes nor the next tick's. */
  const positionBytes = (): Uint8Array => {
    const now = clock.wallMs();
    const madeAt = clock.monotonicMs();
    if (lastPositions === null || madeAt - lastPositions.madeAt >= SHARED_MS || lastPositions.version !== positionsVersion)
      lastPositions = { madeAt, version: positionsVersion, bytes: encode({ type: "positions", at: now, rows: dispatch.positions.rows(now).rows }) };
    return lastPositions.bytes;
  };

  /** State first and the set after it, without a pause between: no change can fall into the gap. */
  const greet = (to: Console, after: number | null): void => {
    tellGathered(); // what this console gets now holds it already
    const missed = after === null ? null : dispatch.changesAfter(after);
    for (const bytes of missed?.map(changeBytes) ?? stateBytes(clock.monotonicMs())) post(to, bytes);
    post(to, positionBytes());
    if (to.seesFigures) post(to, boardBytes());
    if (to.seesCameras) post(to, problemBytes({ events: [], ...options.problems.counts() }));
    post(to, encode({ type: "status", status: options.status() }));
    to.ready = true;
  };

  const gathered: Change[] = [];
  let toldAt: MonotonicMs = -Infinity;
  const tellGathered = (): void => {
    const [first, ...others] = gathered.splice(0);
    if (first === undefined) return;
    toldAt = clock.monotonicMs();
    if (consoles.size > 0) postAll(encode(changeMessage(others.length === 0 ? first : mergeChanges([first, ...others]))));
  };
  const gather = (change: Change): void => {
    gathered.push(change);
    const leftMs = toldAt + GATHER_MS - clock.monotonicMs();
    if (leftMs <= 0) tellGathered();
    else if (gathered.length === 1) timers.after(leftMs, tellGathered);
  };

  const problemBytes = ({ events, open, unacknowledged }: ToldCameraEvents): Uint8Array =>
    encode({ type: "camera-events", at: clock.wallMs(), events: events.slice(0, MOST_CAMERA_EVENTS), more: events.length > MOST_CAMERA_EVENTS, open, unacknowledged });

  const take = (from: Console, text: string): void => {
    const message = text.length > LONGEST_TEXT ? null : readMessage(text);
    if (message === null) from.socket.close(LIVE_CLOSE.badMessage, "not a message of this link");
    else if (message.type === "ping") post(from, encode({ type: "pong", sentAt: message.sentAt, at: clock.wallMs() }));
    else greet(from, message.after);
  };

  const logOut = (one: Console): void => {
    consoles.delete(one);
    one.socket.close(LIVE_CLOSE.loggedOut, "logged out");
  };
  const checkSessions = async (): Promise<void> => {
    for (const one of consoles) {
      // Where the database is away nobody can be asked: the link stays, for the room must not go dark with it.
      const stands = await options.isStillLoggedIn(one.principal).catch(() => true);
      if (!stands) logOut(one);
    }
  };

  const stops = [
    dispatch.subscribe(gather),
    options.problems.subscribe((told) => {
      if (consoles.size > 0) postAll(problemBytes(told), (to) => to.seesCameras);
    }),
    ends.subscribe((isOver) => {
      for (const one of consoles) if (isOver({ accountId: one.principal.account.id, sessionKey: one.principal.session.key })) logOut(one);
    }),
    timers.every(POSITIONS_EVERY_MS, () => {
      encodedChanges.clear();
      const now = clock.wallMs();
      const { version, rows } = dispatch.positions.rows(now, positionsVersion);
      positionsVersion = version;
      if (rows.length > 0) postAll(encode({ type: "positions", at: now, rows }));
      const { states, more } = health.takeChanges(MOST_CAMERA_STATES);
      if (states.length > 0 || more) postAll(encode({ type: "cameras", at: now, states, more }), (to) => to.seesCameras);
    }),
    timers.every(STATUS_EVERY_MS, () => {
      if (consoles.size === 0) return;
      postAll(boardBytes(), (to) => to.seesFigures);
      postAll(encode({ type: "status", status: options.status() }));
    }),
    timers.every(SESSION_EVERY_MS, () => void checkSessions()),
  ];

  return {
    accept: (socket, principal) => {
      const one: Console = { socket, principal, seesFigures: principal.permissions.has("figures.read"), seesCameras: principal.permissions.has("camera.read"), ready: false };
      consoles.add(one);
      socket.onText((text) => take(one, text));
      socket.onClose(() => consoles.delete(one));
    },
    get consoles() {
      return consoles.size;
    },
    get dropped() {
      return dropped;
    },
    close: () => {
      for (const stop of stops) stop();
      for (const one of consoles) one.socket.close(1001, "the centre stops");
      consoles.clear();
    },
  };
}

function readMessage(text: string): z.infer<typeof LiveFromClient> | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = LiveFromClient.safeParse(json);
  return read.success ? read.data : null;
}
