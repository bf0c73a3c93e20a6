// The figures over real HTTP and a real database: what the read model counts is what the pure core counts, and made anew it is the same.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parse } from "csv-parse/sync";
import { THRESHOLDS, countWithin, figureOfSpans } from "../statistics/figures.ts";
import { SPANS, type JudgedSpan } from "../statistics/spans.ts";
import { isReplay } from "../contract/basics.ts";
import { createFigureProjector } from "../workflow/figure-projector.ts";
import { areaAt } from "../geo/town.ts";
import { createFigureStore } from "../io/postgres/figure-store.ts";
import { createIncident, makeIncident, ring, startTestApi, type TestApi } from "../../tests/support/api.ts";
import type { CityClient } from "../../tests/support/city-client.ts";

const MINUTE = 60_000;

describe("figures", () => {
  let api: TestApi;
  let dispatcher: CityClient;
  let planner: CityClient;
  before(async () => {
    api = await startTestApi();
    dispatcher = await api.first();
    planner = await api.person("pia", ["planner"]);
    // 12 calls that are answered after 1 to 12 s, of which every third is graded anew; 4 of them get a unit; 2 ring out
    for (let i = 1; i <= 12; i++) {
      const contactId = await ring(api);
      api.advance(i * 1_000);
      const incidentId = await makeIncident(dispatcher, contactId);
      if (i % 3 === 0) await dispatcher.send({ type: "incident.update", incidentId, priority: 1 });
      if (i <= 4) {
        const sent = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [1] });
        assert.ok(sent.outcome === "accepted");
        const { assignmentId } = sent.units[0]!;
        for (const [to, ms] of [["acknowledged", 10_000], ["en-route", 20_000], ["on-scene", i === 4 ? 0 : 5 * MINUTE], ["cleared", MINUTE]] as const) {
          api.advance(ms);
          await dispatcher.send({ type: "assignment.advance", assignmentId: assignmentId!, to });
        }
      }
      await dispatcher.send({ type: "incident.close", incidentId, disposition: "resolved" });
    }
    for (const externalId of ["gone-1", "gone-2"]) {
      await ring(api, externalId);
      await api.client("telephony").send({ type: "contact.hang-up", externalId });
    }
    await api.figures.catchUp();
  });
  after(() => api.close());

  const figuresOf = (query: Record<string, string | number> = {}) => planner.call("getFigures", { query });
  const rowsOf = async (): Promise<object[]> => [...(await api.database`select * from figure_span order by span, subject_id`)];

  test("[FIG1] [FIG2] [FIG3] each span with what it stands on", async () => {
    const { spans, behind, first } = await figuresOf();
    const of = (name: string) => spans.find(({ span }) => span === name)!.all;
    assert.equal(behind, 0);
    assert.ok(first !== null);
    const answer = of("answer");
    assert.deepEqual([answer.n, answer.missing, answer.excludedBy], [12, 0, { abandoned: 2 }]);
    assert.deepEqual([Math.round(answer.p50Ms! / 1_000), Math.round(answer.p90Ms! / 1_000), answer.p95Ms], [6, 11, null], "twelve do not hold a p95");
    assert.deepEqual([of("response").n, of("response").missingBy, of("turnout").n, of("turnout").p90Ms], [4, { "on-scene": 8 }, 4, null]);
    assert.equal(Math.round(of("turnout").p50Ms! / 1_000), 30);
  });

  test("[FIG6] by priority as graded first and as graded last", async () => {
    const { spans } = await figuresOf();
    const process = spans.find(({ span }) => span === "process")!;
    assert.deepEqual(process.byFirst.map(({ priority, n }) => [priority, n]), [[2, 12]]);
    assert.deepEqual(process.byLast.map(({ priority, n }) => [priority, n]), [[1, 4], [2, 8]]);
  });

  test("[FIG5] a threshold says of how many, and of how many it is not known", async () => {
    const { thresholds } = await figuresOf();
    const nena = thresholds.find(({ id }) => id === "nena-answer-15")!;
    assert.deepEqual([nena.within, nena.n, nena.wanted, nena.source, nena.published], [12, 12, 0.9, "NENA-STA-020.1", "2020-04-16"]);
    const response = (id: string) => {
      const { within, n, missing, unplaced, where } = thresholds.find((one) => one.id === id)!;
      return [within, n, missing, unplaced, where];
    };
    // one street and its crossings are no town by the map
    assert.deepEqual([response("police-response-town"), response("police-response-outside")], [[0, 0, 0, 0, "town"], [4, 4, 8, 0, "outside"]]);
    const turnout = (id: string) => thresholds.find((one) => one.id === id)!.n;
    assert.deepEqual([turnout("nfpa-1710-turnout-ems"), turnout("nfpa-1710-turnout-fire"), turnout("police-acknowledge")], [0, 0, 4], "patrols are no ambulances");
  });

  test("[FIG4] what is doubtful is listed", async () => {
    const { total, spans } = await planner.call("listDoubtfulSpans", { query: { span: "travel" } });
    assert.deepEqual([total, spans.map(({ doubts, callSign, counted }) => [doubts, callSign, counted])], [1, [[["same-second"], "M1", true]]]);
    assert.equal((await planner.call("listDoubtfulSpans", { query: { doubt: "negative" } })).total, 0);
  });

  test("a range is of arrivals, and its end is outside", async () => {
    const { first, last } = await figuresOf();
    assert.deepEqual((await figuresOf({ from: first!, to: first! })).spans.map(({ all }) => all.n + all.missing + all.excluded), SPANS.map(() => 0));
    const contacts = (figures: Awaited<ReturnType<typeof figuresOf>>) => figures.spans[0]!.all.n + figures.spans[0]!.all.excluded;
    assert.equal(contacts(await figuresOf({ from: first!, to: last! + 1 })), 14);
    assert.equal(contacts(await figuresOf({ from: first! + 1 })), 13);
    assert.equal(contacts(await figuresOf({ clock: "log" })), 0);
  });

  test("[FIG8] the database counts what the core counts, bars and all", async () => {
    const rows = await api.database<{ span: string; state: string; reason: string; ms: number; doubts: []; entered: boolean }[]>`select span, state, reason, ms, doubts, entered from figure_span`;
    const { spans, barEndsMs } = await figuresOf();
    for (const { span, all, bars } of spans) {
      const judged = rows.filter((row) => row.span === span).map((row) => ({ state: row.state, ms: row.ms, reason: row.reason, milestone: row.reason, doubts: row.doubts, entered: row.entered }) as unknown as JudgedSpan);
      assert.deepEqual(all, figureOfSpans(judged), span);
      const values = judged.flatMap((one) => (one.state === "counted" ? [one.ms] : []));
      assert.deepEqual(bars, [...barEndsMs, Infinity].map((end, i) => values.filter((ms) => ms <= end && (i === 0 || ms > barEndsMs[i - 1]!)).length), span);
    }
  });

  test("[FIG5] the database counts a threshold as the core does", async () => {
    const rows = await api.database<{ span: string; state: string; reason: string; ms: number | null; since_ms: number | null; unit_kind: string | null; source: string | null; incident_type: string | null; area: string | null }[]>`select * from figure_span`;
    const { thresholds, at } = await figuresOf();
    for (const { id, span, withinMs, scope, where } of THRESHOLDS) {
      const among = (named: readonly string[] | undefined, value: string | null): boolean => named === undefined || (value !== null && named.includes(value));
      const theirs = rows.filter((row) => row.span === span && among(scope.sources, row.source) && among(scope.unitKinds, row.unit_kind) && among(scope.incidentTypes, row.incident_type));
      const here = theirs.filter((row) => where === null || row.area === where);
      const { within, n, missing, unplaced } = thresholds.find((one) => one.id === id)!;
      assert.equal(unplaced, where === null ? 0 : theirs.filter((row) => row.area === null).length, id);
      assert.deepEqual({ within, n, missing }, countWithin(here.map((row) => ({ ...row, since: row.since_ms, milestone: row.reason }) as unknown as JudgedSpan), withinMs, at), id);
    }
  });

  test("[FIG5] [FIG9] each place counts where the map says it lies, one beyond the map nowhere, and it is said; so is what a desk entered", async () => {
    const counts = async () => {
      await api.figures.catchUp();
      const { thresholds, spans } = await figuresOf();
      const { n, entered } = spans.find(({ span }) => span === "travel")!.all;
      assert.deepEqual([n, entered], [4, 4], "the dispatcher entered all of it");
      return ["police-response-town", "police-response-outside"].map((id) => {
        const { n: known, missing, unplaced } = thresholds.find((one) => one.id === id)!;
        return [known, missing, unplaced];
      });
    };
    await api.database`update figure_span set area = 'town' where span = 'response' and incident_id in (select min(incident_id) from figure_span where span = 'response')`;
    assert.deepEqual(await counts(), [[1, 0, 0], [3, 8, 0]]);
    const id = await createIncident(api, dispatcher);
    const { place } = (await api.dispatch.incident(id))!.incident;
    await dispatcher.send({ type: "incident.update", incidentId: id, place: { ...place, point: { lon: place.point.lon + 3, lat: place.point.lat } } });
    assert.deepEqual(await counts(), [[1, 0, 1], [3, 8, 1]]);
    await dispatcher.send({ type: "incident.cancel", incidentId: id, words: "only for the figures" });
    await api.database`update figure_span set area = 'outside' where area = 'town'`;
    await api.figures.catchUp();
  });

  test("[FIG8] made anew from the log it is the same; judged by another version it is made anew", async () => {
    const kept = await rowsOf();
    await api.database`truncate figure_span, figure_graded, figure_log_contact`;
    await api.database`update figure_cursor set sequence = 0`;
    const store = createFigureStore(api.database, api.database);
    const anew = (): Promise<void> => createFigureProjector(store.model, api.dispatch, isReplay, (point) => areaAt(api.city.graph, api.city.bounds, point)).catchUp();
    await anew();
    assert.deepEqual(await rowsOf(), kept);
    await api.database`update figure_span set ms = 1`;
    await api.database`update figure_cursor set version = -1`;
    await anew();
    assert.deepEqual(await rowsOf(), kept);
  });

  test("[FIG3] a job that is under way is not missing; one that ends is counted then", async () => {
    const incidentId = await createIncident(api, dispatcher);
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId, unitIds: [2] });
    assert.ok(sent.outcome === "accepted");
    await api.figures.catchUp();
    const spanOf = async () => (await api.database`select state, reason from figure_span where span = 'commitment' and subject_id = ${sent.units[0]!.assignmentId}`)[0];
    assert.deepEqual({ ...(await spanOf()) }, { state: "excluded", reason: "under-way" });
    await dispatcher.send({ type: "incident.cancel", incidentId, words: "no need" });
    await api.figures.catchUp();
    assert.deepEqual({ ...(await spanOf()) }, { state: "excluded", reason: "recalled" });
  });

  test("[FIG1] [FIG3] after a merge the times are those of the earliest call, and of the incident that it made", async () => {
    const first = await ring(api);
    api.advance(5_000);
    const firstIncident = await makeIncident(dispatcher, first);
    api.advance(60_000);
    const into = await createIncident(api, dispatcher);
    const sent = await dispatcher.send({ type: "assignment.assign", incidentId: firstIncident, unitIds: [2] });
    assert.ok(sent.outcome === "accepted");
    api.advance(200_000);
    await ring(api).then((contactId) => dispatcher.send({ type: "contact.claim", contactId }));
    await dispatcher.send({ type: "incident.merge", incidentId: firstIncident, intoId: into, words: "the same" });
    await api.figures.catchUp();
    const spanOf = async (span: string) => (await api.database`select state, ms from figure_span where span = ${span} and subject_id = ${into}`)[0]!;
    assert.ok((await spanOf("process"))["ms"] < 5_000 && (await spanOf("handling"))["ms"] >= 60_000 && (await spanOf("handling"))["ms"] < 200_000);
    assert.equal((await api.database`select 1 from figure_span where span = 'process' and subject_id = ${firstIncident}`).length, 0);
    await dispatcher.send({ type: "incident.close", incidentId: into, disposition: "arrest" });
    await api.figures.catchUp();
    assert.deepEqual({ ...(await api.database`select state, reason from figure_span where span = 'travel' and subject_id = ${sent.units[0]!.assignmentId}`)[0] }, { state: "missing", reason: "en-route" });
  });

  test("a call that was answered elsewhere is no call under way", async () => {
    const contactId = await ring(api, "other-desk");
    api.advance(20_000);
    await api.client("telephony").send({ type: "contact.elsewhere", externalId: "other-desk", how: "answered-elsewhere", to: null });
    await api.figures.catchUp();
    const [row] = await api.database`select reason, ms from figure_span where span = 'answer' and subject_id = ${contactId}`;
    assert.ok(row!["reason"] === "elsewhere" && row!["ms"] >= 20_000);
  });

  test("the rows as a file, with codes and seconds; only who may read figures gets any of it", async () => {
    const { csv, rows, cut, behind } = await planner.call("exportFigures", { body: {} });
    const read = parse(csv, { columns: true }) as Record<string, string>[];
    assert.deepEqual([read.length, cut, behind], [rows, false, 0]);
    assert.ok(read.some((row) => row["span"] === "turnout" && row["unit"] === "M1" && Number(row["seconds"]) > 29 && row["state"] === "counted"));
    const engineer = await api.person("eva", ["engineer"]);
    for (const name of ["getFigures", "listDoubtfulSpans"] as const) assert.equal((await engineer.try(name)).status, 403);
    assert.equal((await engineer.try("exportFigures", { body: {} })).status, 403);
  });
});
