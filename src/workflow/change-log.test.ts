// Changes as one: what a console holds after it is what it holds after each of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Change, mergeChanges } from "./change-log.ts";

const KINDS = ["contacts", "incidents", "units", "assignments", "closures", "handOvers"] as const;

test("changes told as one lead to the same state as each by itself", () => {
  const step = fc.record({ kind: fc.constantFrom(...KINDS), id: fc.integer({ min: 1, max: 4 }), timeline: fc.boolean() });
  fc.assert(fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }), (groups) => {
    let sequence = 0;
    const changes = groups.map((steps): Change => {
      const change = { after: sequence, sequence: 0, at: 0, contacts: [], incidents: [], units: [], assignments: [], closures: [], handOvers: [], timeline: [] } as unknown as { -readonly [K in keyof Change]: Change[K] };
      for (const { kind, id, timeline } of new Map(steps.map((one) => [`${one.kind} ${one.id}`, one])).values()) {
        (change[kind] as unknown[]).push({ id, sequence: ++sequence });
        if (timeline) (change.timeline as unknown[]).push({ number: sequence });
      }
      return Object.assign(change, { sequence, at: sequence });
    });
    const apply = (list: readonly Change[]) => {
      const held = Object.fromEntries(KINDS.map((kind) => [kind, new Map<number, number>()]));
      const timeline: unknown[] = [];
      for (const change of list) {
        for (const kind of KINDS) for (const one of change[kind]) held[kind]!.set(one.id, one.sequence);
        timeline.push(...change.timeline);
      }
      return { held: KINDS.map((kind) => [...held[kind]!].sort()), timeline, sequence: list.at(-1)!.sequence };
    };
    const merged = mergeChanges(changes as [Change, ...Change[]]);
    assert.deepEqual(apply([merged]), apply(changes));
    assert.equal(merged.after, 0);
  }));
});
