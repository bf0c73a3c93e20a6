import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Incident } from "../dispatch/entities.ts";
import { listIncidentFlags } from "./incident-flags.ts";

const HOUR = 3_600_000;
const made = (id: number, createdAt: number, more: { readonly firstContactAt?: number; readonly priority?: Incident["priority"]; readonly endedAt?: number } = {}): Incident =>
  ({ id, number: id, createdAt, firstContactAt: createdAt - 60_000, priority: 3, type: "theft", place: { label: `Place ${id}` }, endedAt: null, ...more }) as unknown as Incident;
const among = (list: readonly Incident[], firstId = 1) => {
  const byId = new Map(list.map((one) => [one.id, one]));
  const asked = new Set<number>();
  const here = new Set<number>();
  return { asked, firstId, lastId: list.at(-1)?.id ?? firstId - 1, find: (id: number) => (assert.ok(here.has(id), `${id} was not loaded`), asked.add(id), byId.get(id)), load: async (ids: readonly number[]) => ids.forEach((id) => here.add(id)) };
};

test("incidents of the range have flags, ended or not, by the time of their first contact", async () => {
  const list = [made(1, HOUR), made(2, 5 * HOUR, { endedAt: 6 * HOUR }), made(3, 6 * HOUR), made(4, 7 * HOUR, { firstContactAt: 6.5 * HOUR }), made(5, 9 * HOUR)];
  const flags = await listIncidentFlags(among(list), 4 * HOUR, 7 * HOUR - 61_000, 100);
  assert.deepEqual(flags.map(({ id, at, endedAt, more, place }) => [id, at, endedAt, more, place]), [[2, 5 * HOUR - 60_000, 6 * HOUR, 0, "Place 2"], [3, 6 * HOUR - 60_000, null, 0, "Place 3"], [4, 6.5 * HOUR, null, 0, "Place 4"]]);
  assert.deepEqual(await listIncidentFlags(among([]), 0, HOUR, 10), []);
  assert.deepEqual(await listIncidentFlags(among(list), 20 * HOUR, 21 * HOUR, 10), []);
});

test("where more began than can be told apart, the gravest of each piece stands for the others, none is lost count of", async () => {
  const list = Array.from({ length: 1_000 }, (_, i) => made(i + 1, HOUR + i * 1_000, { firstContactAt: HOUR + i * 1_000, priority: i % 100 === 57 ? 1 : 3 }));
  const flags = await listIncidentFlags(among(list), HOUR, HOUR + 1_000_000, 10);
  assert.deepEqual(flags.map(({ number, more }) => [number % 100, more]), Array(10).fill([58, 99]));
});

test("only what lies near is read of a log of years, and the answer is that of reading all", async () => {
  const list = Array.from({ length: 300_000 }, (_, i) => made(i + 1, i * 40_000));
  const incidents = among(list);
  const to = 299_000 * 40_000;
  const flags = await listIncidentFlags(incidents, to - 24 * HOUR, to, 10_000);
  assert.equal(flags.length, list.filter(({ firstContactAt: at }) => at >= to - 24 * HOUR && at < to).length);
  assert.ok(incidents.asked.size < 3_000, `${incidents.asked.size} read`);
});

test("whatever was made when, the flags are those of reading all", async () => {
  const world = fc.record({ gaps: fc.array(fc.integer({ min: 0, max: HOUR }), { maxLength: 60 }), firstId: fc.constantFrom(1, 1_000_001), from: fc.integer({ min: 0, max: 40 * HOUR }), span: fc.integer({ min: 1, max: 20 * HOUR }), late: fc.integer({ min: 0, max: HOUR }) });
  await fc.assert(fc.asyncProperty(world, async ({ gaps, firstId, from, span, late }) => {
    let at = HOUR;
    const list = gaps.map((gap, i) => made(firstId + i, (at += gap), { firstContactAt: at - late }));
    const expected = list.filter(({ firstContactAt }) => firstContactAt >= from && firstContactAt < from + span);
    const flags = await listIncidentFlags(among(list, firstId), from, from + span, span);
    assert.equal(flags.reduce((sum, { more }) => sum + more + 1, 0), expected.length);
    assert.ok(flags.every(({ id }) => expected.some((one) => one.id === id)));
  }));
});
