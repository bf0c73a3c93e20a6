// What units reach is asked by many desks and worked out on the thread that commits: once for all that ask the same, and not for more than can wait for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../gate/problem.ts";
import { createDispatchHandlers } from "./dispatch.ts";

const start = () => {
  const begun: { readonly end: () => void; readonly fail: () => void }[] = [];
  let close = (): void => assert.fail("nobody listens");
  let now = 1_000;
  const handlers = createDispatchHandlers({
    clock: { wallMs: () => now, monotonicMs: () => now }, bounds: { west: -180, south: -90, east: 180, north: 90 }, accounts: { list: async () => [] }, platforms: { list: () => [] }, countCommand: () => undefined,
    findReach: () => new Promise((resolve, reject) => void begun.push({ end: () => resolve([]), fail: () => reject(new Error("no roads")) })),
    dispatch: {
      findUnit: (id: number) => ({ id, home: { lon: 0, lat: 0 } }), positions: { find: () => null },
      subscribe: (listener: (change: object) => void) => {
        close = () => listener({ closures: [{ id: 1 }] });
        return () => undefined;
      },
    } as never,
  });
  const ask = (id: number) => handlers.findReach({ params: { id }, query: { minutes: [3, 5] } } as never) as Promise<{ unitId: number }>;
  return { begun, ask, close: () => close(), wait: (ms: number) => void (now += ms) };
};
const isBusy = (error: unknown): boolean => error instanceof ApiError && error.status === 503;

test("[RD6] a hundred desks that look at one unit ask once; a closure, or time, brings it anew; a failure is not kept", async () => {
  const { begun, ask, close, wait } = start();
  const all = Array.from({ length: 100 }, () => ask(1));
  assert.equal(begun.length, 1);
  begun[0]!.end();
  assert.deepEqual(new Set((await Promise.all(all)).map(({ unitId }) => unitId)), new Set([1]));
  close();
  const closed = ask(1);
  assert.equal(begun.length, 2);
  begun[1]!.fail();
  await assert.rejects(closed);
  const again = ask(1);
  assert.equal(begun.length, 3);
  begun[2]!.end();
  await again;
  wait(60_000);
  const later = ask(1);
  assert.equal(begun.length, 4);
  begun[3]!.end();
  await later;
});
test("[RD6] beyond so many that wait the next is told to come again, until one has its answer", async () => {
  const { begun, ask } = start();
  const waiting = Array.from({ length: 16 }, (_, i) => ask(i + 1));
  await assert.rejects(ask(99), isBusy);
  begun[0]!.end();
  await waiting[0];
  const next = ask(99);
  assert.equal(begun.length, 17);
  for (const one of begun) one.end();
  await Promise.all([...waiting, next]);
});
