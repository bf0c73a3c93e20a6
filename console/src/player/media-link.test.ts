import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EMPTY_LINK, backOffMs, transitionLink, type LinkEffect, type LinkEvent, type MediaLink } from "./media-link.ts";

const run = (events: readonly (readonly [LinkEvent, number])[]): { link: MediaLink; effects: LinkEffect[] } => {
  let link = EMPTY_LINK;
  const effects: LinkEffect[] = [];
  for (const [event, at] of events) {
    const step = transitionLink(link, event, at, 0);
    link = step.link;
    effects.push(...step.effects);
  }
  return { link, effects };
};
const open = (channel: number): LinkEvent => ({ type: "open", channel, cameraId: channel + 100, stream: "main", token: `t${channel}`, sound: false });

test("the first channel joins the recorder; all channels are opened when the socket is there", () => {
  const { effects } = run([[open(1), 0], [open(2), 1], [{ type: "socket-open" }, 50], [open(3), 60]]);
  assert.deepEqual(effects, [
    { do: "connect" },
    { do: "send-open", channel: 1, cameraId: 101, stream: "main", token: "t1", sound: false },
    { do: "send-open", channel: 2, cameraId: 102, stream: "main", token: "t2", sound: false },
    { do: "send-open", channel: 3, cameraId: 103, stream: "main", token: "t3", sound: false },
  ]);
});

test("the last channel closed lets the socket go after a while, in which the next channel finds it", () => {
  const closed = run([[open(1), 0], [{ type: "socket-open" }, 5], [{ type: "close", channel: 1 }, 9], [{ type: "tick" }, 19_000]]);
  assert.equal(closed.link.socket.phase, "joined");
  assert.deepEqual(closed.effects.slice(-1), [{ do: "send-close", channel: 1 }]);
  const gone = transitionLink(closed.link, { type: "tick" }, 20_009, 0);
  assert.equal(gone.link.socket.phase, "idle");
  assert.deepEqual(gone.effects, [{ do: "disconnect" }]);
  const next = transitionLink(closed.link, open(2), 19_500, 0);
  assert.deepEqual(next.effects, [{ do: "send-open", channel: 2, cameraId: 102, stream: "main", token: "t2", sound: false }]);
  assert.deepEqual(transitionLink(next.link, { type: "tick" }, 60_000, 0).effects, []);
  assert.equal(transitionLink(closed.link, { type: "socket-closed" }, 19_500, 0).link.socket.phase, "idle", "one that breaks while nobody needs it is not joined again");
});

test("a lost socket leaves every channel waiting with the reason, and comes back by itself with the same channels", () => {
  const lost = run([[open(1), 0], [open(2), 0], [{ type: "socket-open" }, 5], [{ type: "socket-closed" }, 20_000]]);
  assert.deepEqual(lost.link.channels.get(1)?.phase, { phase: "waiting", reason: { code: "recorder-unreachable", params: {} }, sinceMs: 20_000 });
  const early = transitionLink(lost.link, { type: "tick" }, 20_100, 0);
  assert.deepEqual(early.effects, []);
  const due = transitionLink(early.link, { type: "tick" }, 20_600, 0);
  assert.deepEqual(due.effects, [{ do: "connect" }]);
  const back = transitionLink(due.link, { type: "socket-open" }, 20_700, 0);
  assert.equal(back.effects.filter((e) => e.do === "send-open").length, 2);
});

test("a refused channel is not asked again with the same token", () => {
  const refused: LinkEvent = { type: "told", channel: 1, phase: { phase: "refused", reason: { code: "no-address", params: {} } } };
  const { effects, link } = run([[open(1), 0], [{ type: "socket-open" }, 1], [refused, 2], [{ type: "socket-closed" }, 3], [{ type: "tick" }, 60_000], [{ type: "socket-open" }, 60_001]]);
  assert.equal(effects.filter((e) => e.do === "send-open").length, 1);
  assert.equal(link.channels.get(1)?.phase.phase, "refused");
});

test("a renewed token goes out on the same channel, and is the one that is used after a lost socket", () => {
  const phase = { phase: "open", stream: "main", mimeType: "video/mp4", width: 1, height: 1 } as const;
  const { link, effects } = run([
    [open(1), 0], [{ type: "socket-open" }, 1], [{ type: "told", channel: 1, phase }, 2], [{ type: "renew", channel: 1, token: "new" }, 3],
    [{ type: "socket-closed" }, 4], [{ type: "tick" }, 60_000], [{ type: "socket-open" }, 60_001],
  ]);
  assert.deepEqual(effects.filter((e) => e.do === "send-open").map((e) => e.token), ["t1", "new", "new"]);
  assert.equal(link.channels.get(1)?.phase.phase, "opening");
  assert.deepEqual(run([[open(1), 0], [{ type: "socket-open" }, 1], [{ type: "told", channel: 1, phase }, 2], [{ type: "renew", channel: 1, token: "new" }, 3]]).link.channels.get(1)?.phase, phase, "the picture goes on");
});

test("news of a channel that is closed already changes nothing", () => {
  const told: LinkEvent = { type: "told", channel: 9, phase: { phase: "opening" } };
  assert.equal(transitionLink(EMPTY_LINK, told, 0, 0).link, EMPTY_LINK);
});

test("waiting grows to a limit, and is spread", () => {
  assert.deepEqual([0, 1, 2, 3, 9].map((n) => backOffMs(n, 0)), [500, 1_000, 2_000, 4_000, 10_000]);
  assert.equal(backOffMs(9, 1), 15_000);
});

test("whatever happens: without channels a socket at most lingers; a channel, never idle; one connect at a time", () => {
  const event = fc.oneof(
    fc.nat(3).map(open),
    fc.nat(3).map((channel): LinkEvent => ({ type: "close", channel })),
    fc.constantFrom<LinkEvent>({ type: "socket-open" }, { type: "socket-closed" }, { type: "tick" }),
    fc.nat(3).map((channel): LinkEvent => ({ type: "told", channel, phase: { phase: "opening" } })),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(20_000)), { maxLength: 60 }), (steps) => {
      let link = EMPTY_LINK;
      let at = 0;
      let connecting = false;
      for (const [e, wait] of steps) {
        if ((e.type === "socket-open" || e.type === "socket-closed") && link.socket.phase !== "joining" && link.socket.phase !== "joined") continue; // no socket, no news of it
        if (e.type === "socket-open" && link.socket.phase === "joined") continue;
        at += wait;
        const step = transitionLink(link, e, at, 0.5);
        if (e.type === "socket-open" || e.type === "socket-closed") connecting = false;
        for (const effect of step.effects) {
          if (effect.do === "connect") {
            assert.equal(connecting, false, "a second connect while one is under way");
            connecting = true;
          }
          if (effect.do === "disconnect") connecting = false;
        }
        link = step.link;
        if (link.channels.size > 0) assert.notEqual(link.socket.phase, "idle");
        else assert.ok(link.socket.phase === "idle" || (link.socket.phase === "joined" && link.socket.emptySinceMs !== null));
      }
    }),
  );
});
