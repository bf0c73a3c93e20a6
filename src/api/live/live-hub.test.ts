// What consoles share when many connect at once, with a clock and a dispatch of the test's own. The link itself is tested in ../live-link.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLiveHub, type LiveHubOptions } from "./live-hub.ts";
import type { UserPrincipal } from "../gate/principal.ts";
import type { Change } from "../../workflow/dispatch-service.ts";

function openHub() {
  let now = 1_000_000;
  let setBack = 0;
  let sequence = 10;
  let version = 1;
  let snapshots = 0;
  const changes: Change[] = [];
  const ticks: (() => void)[] = [];
  let listener: (change: Change) => void = () => undefined;
  const hub = createLiveHub({
    clock: { wallMs: () => now - setBack, monotonicMs: () => now },
    timers: { every: (everyMs, work) => { if (everyMs === 1_000) ticks.push(work); return () => undefined; }, after: (_ms, work) => { ticks.push(work); return () => undefined; } },
    dispatch: {
      state: () => { snapshots++; return { sequence, at: now, contacts: [], incidents: [], units: [], assignments: [], closures: [], handOvers: [] }; },
      changesAfter: (after) => (after > sequence ? null : changes.filter((change) => change.sequence > after)),
      subscribe: (listen) => { listener = listen; return () => undefined; },
      board: () => ({}) as never,
      positions: { report: () => ({ taken: 0, refused: [] }), find: () => null, columns: () => ({ lon: new Float64Array(0), lat: new Float64Array(0), at: new Float64Array(0) }), rows: (_at, after = 0) => ({ version, rows: version > after ? [[1, version, 0, -1, 0, 0]] : [] }) },
    },
    health: { takeChanges: () => ({ states: [], more: false }) } as unknown as LiveHubOptions["health"],
    problems: { counts: () => ({ open: 0, unacknowledged: 0 }), subscribe: () => () => undefined },
    ends: { subscribe: () => () => undefined } as unknown as LiveHubOptions["ends"],
    status: () => ({ at: now, logLag: 0, recorders: [] }),
    isStillLoggedIn: async () => true,
  });
  const principal = { account: { id: 1 }, session: { key: "k" }, permissions: new Set() } as unknown as UserPrincipal;
  return {
    snapshots: () => snapshots,
    wait: (ms: number) => void (now += ms),
    putClockBack: (ms: number) => void (setBack += ms),
    tick: () => { for (const tick of ticks) tick(); },
    move: () => void version++,
    change: () => {
      const change: Change = { after: sequence, sequence: ++sequence, at: now, contacts: [], incidents: [], units: [], assignments: [], closures: [], handOvers: [], timeline: [] };
      changes.push(change);
      listener(change);
    },
    /** What a console is told that says hello now; more comes into the same list. */
    join: (after: number | null = null) => {
      const posted: Uint8Array[] = [];
      let say: (text: string) => void = () => undefined;
      hub.accept({ post: (bytes) => posted.push(bytes) > 0, send: async () => undefined, bufferedBytes: () => 0, isOpen: () => true, close: () => undefined, onText: (take) => { say = take; }, onClose: () => undefined }, principal);
      say(JSON.stringify({ type: "hello", after }));
      const messages = () => posted.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)));
      const kinds = () => messages().map((message) => (message.sequence === undefined ? message.type : `${message.type} ${message.sequence}`));
      const lon = () => messages().filter((message) => message.type === "positions").at(-1).rows[0][1];
      return { posted, kinds, lon };
    },
  };
}

test("consoles that connect within a second share one snapshot, byte for byte, and each gets what came after it, once", () => {
  const { join, change, snapshots, tick } = openHub();
  const first = join();
  change();
  const second = join();
  const third = join();
  assert.equal(snapshots(), 1);
  assert.deepEqual(first.kinds(), ["snapshot 10", "positions", "status", "change 11"]);
  for (const late of [second, third]) assert.deepEqual(late.kinds(), ["snapshot 10", "change 11", "positions", "status"]);
  assert.equal(second.posted[0], first.posted[0]);
  assert.equal(third.posted[1], second.posted[1], "the change that both missed was written once");
  change();
  tick();
  for (const one of [first, second, third]) assert.equal(one.kinds().filter((kind) => kind === "change 12").length, 1);
});

test("a change that comes alone is told at once; those within a twentieth of a second after it are told together, and nobody gets one twice", () => {
  const { join, change, tick, wait } = openHub();
  const first = join();
  const told = () => first.kinds().filter((kind) => kind.startsWith("change"));
  change();
  assert.deepEqual(told(), ["change 11"]);
  change();
  change();
  assert.deepEqual(told(), ["change 11"]);
  tick();
  assert.deepEqual(told(), ["change 11", "change 13"]);
  change();
  const late = join();
  assert.deepEqual(told().at(-1), "change 14", "before another is greeted");
  tick();
  assert.equal(late.kinds().filter((kind) => kind === "change 14").length, 1);
  wait(50);
  change();
  assert.deepEqual(told().at(-1), "change 15");
});

test("a second later there is a new one", () => {
  const { join, change, snapshots, wait } = openHub();
  join();
  change();
  wait(1_000);
  assert.deepEqual(join().kinds(), ["snapshot 11", "positions", "status"]);
  assert.equal(snapshots(), 2);
});

test("a wall clock that was put back keeps no old one", () => {
  const { join, change, snapshots, wait, putClockBack } = openHub();
  join();
  change();
  putClockBack(3_600_000);
  wait(1_000);
  assert.deepEqual(join().kinds(), ["snapshot 11", "positions", "status"]);
  assert.equal(snapshots(), 2);
});

test("a unit that moves between two who connect is where it is for both after the next tick", () => {
  const { join, move, tick, wait } = openHub();
  const first = join();
  move();
  const second = join();
  wait(500);
  tick();
  assert.deepEqual([first.lon(), second.lon()], [2, 2]);
  assert.equal(join().lon(), 2, "nothing of before the tick is shared after it");
});

test("who comes back with a sequence is told the changes alone", () => {
  const { join, change, snapshots } = openHub();
  change();
  change();
  assert.deepEqual(join(11).kinds(), ["change 12", "positions", "status"]);
  assert.deepEqual(join(12).kinds(), ["positions", "status"]);
  assert.equal(snapshots(), 0);
});
