// What stands in memory follows what was committed, whoever enters at the same moment and whatever fails on the way.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StoredPlatform } from "../../contract/register.ts";
import type { PlatformStorePort } from "../ports.ts";
import { ApiError } from "../gate/problem.ts";
import { createPlatformBook, type PlatformUse } from "./platform-book.ts";

const KEEPER = { kind: "user", id: 1, name: "keeper" } as const;
const UNUSED: PlatformUse = { units: 0, shifts: [] };
const POINT = { lon: -56.19, lat: -34.9 };
const platform = (code: string, name = code) => ({ code, name, point: POINT, district: null });

/** `after`: what becomes of an entering once it is committed. */
function fakeStore(after: (committed: number) => Promise<void> = async () => undefined): PlatformStorePort & { readonly lists: () => number } {
  const standing = new Map<number, StoredPlatform>();
  let [commits, lists, last] = [0, 0, 0];
  return {
    lists: () => lists,
    listPlatforms: async () => {
      lists++;
      return [...standing.values()];
    },
    enterPlatforms: async (entered) => {
      const rows = entered.map((one): StoredPlatform => ({ ...one, id: [...standing.values()].find(({ code }) => code === one.code)?.id ?? ++last }));
      for (const row of rows) standing.set(row.id, row);
      await after(++commits);
      return rows;
    },
    retirePlatform: async (id) => standing.delete(id),
  };
}
const bookOf = (store: PlatformStorePort) =>
  createPlatformBook({ clock: { wallMs: () => 1_000, monotonicMs: () => 1_000 }, timeZone: "UTC", store, bounds: { west: -180, south: -90, east: 180, north: 90 }, roadside: () => ({ road: { name: "Rivera", metres: 4 }, district: null }), reachM: 150 });

describe("the book of platforms", () => {
  it("of two who enter at once neither is lost, though the first commit is the last to be answered", async () => {
    let release = (): void => assert.fail("nothing waits");
    const store = fakeStore((committed) => (committed === 1 ? new Promise((resolve) => (release = resolve)) : Promise.resolve()));
    const book = await bookOf(store);
    const told: string[][] = [];
    book.subscribe((standing) => void told.push(standing.map(({ code, name }) => `${code} ${name}`)));
    const both = [book.enter([platform("PL1", "Old")], KEEPER), book.enter([platform("PL1", "New"), platform("PL2")], KEEPER)];
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await Promise.all(both);
    assert.deepEqual(book.list().map(({ code, name, road }) => [code, name, road?.name]), [["PL1", "New", "Rivera"], ["PL2", "PL2", "Rivera"]]);
    assert.deepEqual(told.at(-1), ["PL1 New", "PL2 PL2"], "who listens has the same");
    assert.deepEqual([book.findByCode("PL2")?.id, book.find(1)?.name], [2, "New"]);
  });

  it("what was committed stands, also where the answer to it was lost", async () => {
    const book = await bookOf(fakeStore(async () => { throw new Error("the connection broke"); }));
    await assert.rejects(book.enter([platform("PL1")], KEEPER), /connection broke/);
    assert.deepEqual(book.list().map(({ code }) => code), ["PL1"]);
    await book.retire(1, KEEPER, () => UNUSED);
    assert.deepEqual(book.list(), []);
  });

  it("nothing is read again after a commit that was answered", async () => {
    const store = fakeStore();
    const book = await bookOf(store);
    await book.enter([platform("PL1")], KEEPER);
    await book.retire(1, KEEPER, () => UNUSED);
    assert.equal(store.lists(), 1);
  });

  it("one with units attached is not retired; they are counted when it is its turn", async () => {
    const book = await bookOf(fakeStore());
    let attached = 0;
    const entering = book.enter([platform("PL1")], KEEPER);
    const retiring = book.retire(1, KEEPER, () => ({ ...UNUSED, units: attached }));
    attached = 2;
    await entering;
    await assert.rejects(retiring, (error: unknown) => error instanceof ApiError && error.problem.rule === "platform-has-units");
    assert.deepEqual(book.list().map(({ code }) => code), ["PL1"]);
    await assert.rejects(book.retire(9, KEEPER, () => UNUSED), (error: unknown) => error instanceof ApiError && error.status === 404);
  });
});
