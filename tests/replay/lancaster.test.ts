// A decade of a fire company's units, dirty as life. Its milestones give the medians that an analyst's tidy form of the same log gives, and what is missing or doubtful is named. The
// whole log is judged by the core; part of it goes through the intake, where the read model must find what the core found.
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { after, before, describe, test } from "node:test";
import { parse } from "csv-parse";
import { figureOfSpans } from "../../src/statistics/figures.ts";
import { spansOfJob, type JobSpan, type JudgedSpan } from "../../src/statistics/spans.ts";
import { lancaster } from "../../src/sim/replay/lancaster.ts";
import { readLog } from "../../src/sim/replay/read-log.ts";
import type { ReplayCall, ReplayRow, ReplayUnit } from "../../src/sim/replay/replay-call.ts";
import { startTestApi, type TestApi } from "../support/api.ts";
import { LANCASTER, LANCASTER_TIDY, absence } from "./real-logs.ts";
import { feed } from "./replay-feed.ts";

const EVERY = 400;
const DAY = 86_400;

/** As the centre has it after the replay: the log's times are the devices'. */
const judgedOf = ({ times }: ReplayUnit) => {
  const wasThere = times["on-scene"] !== undefined || times.transporting !== undefined;
  const told = Object.entries(times).filter(([step]) => step !== "cleared" || wasThere);
  const job = { state: "cleared", milestones: told.map(([state, deviceAt]) => ({ state, deviceAt: deviceAt!, receivedAt: 0, entered: false })) };
  return spansOfJob(job, { clock: "log", endedAt: null, ending: null, jobs: [job] });
};
const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1]!;

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
    const tidy: { response: number; turnout: number; service: number }[] = [];
    const after24 = (from: string, to: string): number => (Number(to) - Number(from) + DAY) % DAY;
    for await (const row of createReadStream(LANCASTER_TIDY).pipe(parse({ columns: true })) as AsyncIterable<Record<string, string>>) {
      tidy.push({ response: Number(row["response_time_in_seconds"]), turnout: after24(row["dispatch_time_in_seconds"]!, row["enroute_time_in_seconds"]!), service: Number(row["time_in_service_in_seconds"]) });
    }
    // The tidy file has the units that were sent, left and arrived.
    const units = calls.flatMap((call) => call.units).filter(({ times }) => times.sent !== undefined && times["en-route"] !== undefined && times["on-scene"] !== undefined);
    assert.deepEqual([units.length, tidy.length], [22_829, 22_829]);
    const figure = (span: JobSpan) => figureOfSpans(units.map((unit) => judgedOf(unit)[span] as JudgedSpan));
    assert.equal(figure("unit-response").p50Ms, 1_000 * medianOf(tidy.map(({ response }) => response)));
    assert.equal(figure("unit-response").p50Ms, 695_000);
    assert.equal(figure("turnout").p50Ms, 1_000 * medianOf(tidy.map(({ turnout }) => turnout)));
    assert.equal(figure("unit-response").n, 22_829);
    const service = medianOf(tidy.map((row) => row.service)); // of the log's own column, where a unit that was sent twice has two
    assert.ok(Math.abs(figure("commitment").p50Ms! / 1_000 - service) < service / 100);
  });

  test("[FIG3] [FIG4] of all units that were sent: what is missing and what is doubtful is named", () => {
    const units = calls.flatMap((call) => call.units);
    const response = figureOfSpans(units.map((unit) => judgedOf(unit)["unit-response"] as JudgedSpan));
    const travel = figureOfSpans(units.map((unit) => judgedOf(unit).travel as JudgedSpan));
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
    for (const span of ["turnout", "travel", "unit-response", "on-scene", "commitment"] as const) {
      assert.deepEqual(spans.find((one) => one.span === span)!.all, figureOfSpans(units.map((unit) => judgedOf(unit)[span] as JudgedSpan)), span);
    }
    assert.ok(first! < Date.UTC(2011, 0), "by the log's own time of arrival");
    assert.equal((await inspector.call("getFigures", { query: {} })).spans[0]!.all.n, 0, "and nothing of it among this centre's own");
  });
});
