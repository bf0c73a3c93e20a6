// Nine months of the emergency calls of a county, through the intake of a centre. The suite takes every 200th call; `npm run bench -- replay` takes all 99,492.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { montgomery } from "../../src/sim/replay/montgomery.ts";
import { readLog } from "../../src/sim/replay/read-log.ts";
import type { ReplayRow } from "../../src/sim/replay/replay-call.ts";
import { startTestApi, type TestApi } from "../support/api.ts";
import { MONTGOMERY, MONTGOMERY_COUNTS, absence } from "./real-logs.ts";
import { feed } from "./replay-feed.ts";

const EVERY = 200;

describe("montgomery-911", { skip: absence(MONTGOMERY) }, () => {
  let api: TestApi;
  before(async () => void (api = await startTestApi()));
  after(() => api.close());

  test("[RPL3] [RPL4] every row of the file is a call; every 200th of them goes in: none is lost, each ends, the count by category is the file's [RPL1] [RPL2] [RPL6]", async () => {
    const categories = new Map<string, number>();
    const expected = new Map<string, number>();
    const ids = new Set<string>();
    const chosen: ReplayRow[] = [];
    let unknown = 0;
    for await (const row of readLog(MONTGOMERY, montgomery)) {
      assert.ok(row.kind === "call");
      const { id, category, isKnownType } = row.call;
      count(categories, category);
      if (ids.size % EVERY === 0) {
        chosen.push(row);
        count(expected, category);
      }
      ids.add(id);
      if (!isKnownType) unknown++;
    }
    assert.deepEqual(Object.fromEntries(categories), MONTGOMERY_COUNTS.categories);
    assert.equal(ids.size, MONTGOMERY_COUNTS.calls);
    assert.ok(unknown < 1_700, `${unknown} of 99,492 have a type that is none of ours`);

    const tally = await feed(api, "montgomery", rowsOf(chosen));
    assert.deepEqual([tally.received, tally.faults, [...tally.refusals]], [chosen.length, 0, []]);
    const found = new Map<string, number>();
    for (const incident of api.dispatch.listIncidents(null, chosen.length + 1)) {
      count(found, incident.what.split(":")[0]!);
      assert.deepEqual([incident.status, incident.disposition, incident.contactIds.length], ["closed", "handed-over", 1]);
      assert.equal(api.dispatch.findContact(incident.contactIds[0]!)!.disposition, "incident");
    }
    assert.deepEqual(new Map([...found].sort()), new Map([...expected].sort()));
    assert.equal(api.dispatch.state().contacts.length, 0);
  });
});

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
async function* rowsOf(rows: readonly ReplayRow[]): AsyncGenerator<ReplayRow> {
  yield* rows;
}
