// A decade of a fire company's units, dirty as life. Its milestones give the medians that an analyst's tidy form of the same log gives, and what is missing or doubtful is named. The
// whole log is judged by the core; part of it goes through the intake, where the read model must find what the core found.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JobSpan } from "../../src/statistics/spans.ts";
import { lancaster } from "../../src/sim/replay/lancaster.ts";
import { readLog } from "../../src/sim/replay/read-log.ts";
import type { ReplayCall, ReplayRow } from "../../src/sim/replay/replay-call.ts";
import { startTestApi, type TestApi } from "../support/api.ts";
import { JOB_SPANS, figureOf, isTidy, readTidyMedians } from "./lancaster-figures.ts";
import { LANCASTER, LANCASTER_TIDY, absence } from "./real-logs.ts";
import { feed } from "./replay-feed.ts";

const EVERY = 400;

describe("lancaster-emergency", { skip: absence(LANCASTER, LANCASTER_TIDY) }, () => {
  const calls: ReplayCall[] = [];
  const rows: ReplayRow[] = [];
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
    for await (const row of readLog(LANCASTER, lancaster)) {
      rows.push(row);
      if (row.kind === "call") calls.push(row.call);
    }
  });
  after(() => api.close());

  test("[RPL4] every row is a call or told: 19,520 rows, none unreadable", () => {
    assert.deepEqual([rows.length, rows.filter((row) => row.kind === "fault").length], [19_520, 0]);
    assert.ok(rows.some((row) => row.kind === "left-out"));
    assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length);
  });

  test("[FIG2] [FIG7] the medians are those of the tidy file, over the same units", async () => {
    const tidy = await readTidyMedians();
    const units = calls.flatMap((call) => call.units).filter(isTidy);
    assert.deepEqual([units.length, tidy.units], [22_829, 22_829]);
    const figure = (span: JobSpan) => figureOf(units, span);
    assert.equal(figure("unit-response").p50Ms, 1_000 * tidy.responseSeconds);
    assert.equal(figure("unit-response").p50Ms, 695_000);
    assert.equal(figure("turnout").p50Ms, 1_000 * tidy.turnoutSeconds);
    assert.equal(figure("unit-response").n, 22_829);
    // of the log's own column, where a unit that was sent twice has two
    assert.ok(Math.abs(figure("commitment").p50Ms! / 1_000 - tidy.serviceSeconds) < tidy.serviceSeconds / 100);
  });

  test("[FIG3] [FIG4] of all units that were sent: what is missing and what is doubtful is named", () => {
    const units = calls.flatMap((call) => call.units);
    const response = figureOf(units, "unit-response");
    const travel = figureOf(units, "travel");
    const share = response.missing / (response.missing + response.n + response.excluded);
    assert.ok(share > 0.4 && share < 0.45, `${share}: 42 in a hundred have no time of arrival`);
    assert.ok(response.missingBy["on-scene"]! > 18_000 && response.missingBy["sent"]! > 200);
    assert.ok(response.doubtful["over-half-a-day"]! > 50, "minutes in the wrong order come out as nearly a day");
    assert.ok(travel.doubtful["negative"]! > 20 && travel.excludedBy["negative"] === travel.doubtful["negative"]);
    assert.ok(travel.doubtful["same-second"]! > 0);
  });

  test("[RPL5] [FIG8] through the intake of a centre the read model finds what the core finds", async () => {
    const chosen = rows.filter((row, i) => row.kind === "call" && i % EVERY === 0);
    async function* feedRows(): AsyncGenerator<ReplayRow> {
      yield* chosen;
    }
    const tally = await feed(api, "lancaster", feedRows());
    assert.deepEqual([tally.received, [...tally.refusals]], [chosen.length, []]);
    await api.figures.catchUp();
    const inspector = await api.person("ines", ["inspector"]);
    const { spans, first } = await inspector.call("getFigures", { query: { clock: "log" } });
    const units = chosen.flatMap((row) => (row.kind === "call" ? row.call.units : []));
    for (const span of JOB_SPANS) assert.deepEqual(spans.find((one) => one.span === span)!.all, figureOf(units, span), span);
    assert.ok(first! < Date.UTC(2011, 0), "by the log's own time of arrival");
    assert.equal((await inspector.call("getFigures", { query: {} })).spans[0]!.all.n, 0, "and nothing of it among this centre's own");
  });
});
