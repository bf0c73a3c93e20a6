// The read model of the figures in PostgreSQL: kept up by src/workflow/figure-projector.ts, read by the handlers. Percentiles are PostgreSQL's percentile_disc, which is the nearest
// rank of src/statistics/figures.ts; what they cost is paid in the database, never in the centre's own loop. Questions go through the inspectors' pool: few at once, each bounded in time.
import type { CountedFigures, CountedSpan, DoubtfulQuery, DoubtfulSpan, ExportedSpan, FigureFilter } from "../../contract/figures.ts";
import type { FigureBatch, FigureEvent, FigureModelPort } from "../../workflow/figure-projector.ts";
import { BAR_ENDS_MS, THRESHOLDS, type ThresholdCount } from "../../statistics/figures.ts";
import type { SpanName } from "../../statistics/spans.ts";
import { readInPieces, type Asks, type Database, type Row } from "./database.ts";

export function createFigureStore(database: Database, inspection: Database) {
  const passing = (sql: Asks, { from, to, clock }: FigureFilter) => sql`clock = ${clock} ${from === undefined ? sql`` : sql`and arrived_ms >= ${from}`} ${to === undefined ? sql`` : sql`and arrived_ms < ${to}`}`;

  const model: FigureModelPort = {
    open: (version) => database.begin(async (sql) => {
      const [row] = await sql<{ sequence: number; version: number }[]>`select sequence, version from figure_cursor for update`;
      if (row?.version === version) return row.sequence;
      await sql`truncate figure_span, figure_graded, figure_log_contact`;
      await sql`update figure_cursor set sequence = 0, version = ${version}`;
      return 0;
    }),
    readEvents: async (after, limit) => (await database<{ sequence: number; actor_kind: FigureEvent["by"]["kind"]; actor_id: number; body: FigureEvent["body"] }[]>`
      select sequence, actor_kind, actor_id, body from dispatch_event where sequence > ${after} order by sequence limit ${limit}`).map((row) => ({ sequence: row.sequence, by: { kind: row.actor_kind, id: row.actor_id }, body: row.body })),
    findGraded: async (ids) => new Map((await database<{ incident_id: number; priority_first: number; contact_id: number | null }[]>`select incident_id, priority_first, contact_id from figure_graded where incident_id = any(${ids as number[]}::bigint[])`)
      .map((row) => [row.incident_id, { priorityFirst: row.priority_first, contactId: row.contact_id }])),
    findLogContacts: async (ids) => new Map((await database<{ contact_id: number; arrived_ms: number }[]>`select contact_id, arrived_ms from figure_log_contact where contact_id = any(${ids as number[]}::bigint[])`).map((row) => [row.contact_id, row.arrived_ms])),
    save: (batch: FigureBatch) => database.begin(async (sql) => {
      const json = (value: unknown) => sql.json(value as never);
      await sql`set local synchronous_commit = off`; // nothing in here is a record: what a crash takes is made again
      if (batch.graded.length > 0) await sql`insert into figure_graded (incident_id, priority_first, contact_id) select "incidentId", "priorityFirst", "contactId" from jsonb_to_recordset(${json(batch.graded)}) as r ("incidentId" bigint, "priorityFirst" smallint, "contactId" bigint) on conflict (incident_id) do nothing`;
      if (batch.logContacts.length > 0) await sql`insert into figure_log_contact select "contactId", "arrivedAt" from jsonb_to_recordset(${json(batch.logContacts)}) as r ("contactId" bigint, "arrivedAt" bigint) on conflict (contact_id) do nothing`;
      if (batch.removed.length > 0) await sql`delete from figure_span s using jsonb_to_recordset(${json(batch.removed)}) as r (span text, "subjectId" bigint) where s.span = r.span and s.subject_id = r."subjectId"`;
      const rows = batch.rows.map(({ judged, ...row }) => ({
        span: row.span, subject_id: row.subjectId, contact_id: row.contactId, incident_id: row.incidentId, call_sign: row.callSign, unit_kind: row.unitKind, source: row.source, clock: row.clock, arrived_ms: row.arrivedAt, incident_type: row.incidentType, area: row.area, priority_first: row.priorityFirst, priority_last: row.priorityLast,
        state: judged.state, reason: judged.state === "excluded" ? judged.reason : judged.state === "missing" ? judged.milestone : null, ms: judged.state === "missing" ? null : judged.ms, since_ms: judged.state === "excluded" ? judged.since : null, doubts: judged.state === "missing" ? [] : judged.doubts, entered: judged.state === "counted" && judged.entered,
      }));
      if (rows.length > 0) {
        await sql`
          insert into figure_span (span, subject_id, contact_id, incident_id, call_sign, unit_kind, source, clock, arrived_ms, incident_type, priority_first, priority_last, state, reason, ms, since_ms, doubts, area, entered)
          select * from jsonb_to_recordset(${json(rows)}) as r (
            span text, subject_id bigint, contact_id bigint, incident_id bigint, call_sign text, unit_kind text, source text, clock text, arrived_ms bigint, incident_type text, priority_first smallint, priority_last smallint, state text, reason text, ms bigint, since_ms bigint, doubts text[], area text, entered boolean)
          on conflict (span, subject_id) do update set contact_id = excluded.contact_id, incident_id = excluded.incident_id, call_sign = excluded.call_sign, unit_kind = excluded.unit_kind, source = excluded.source, clock = excluded.clock, arrived_ms = excluded.arrived_ms, incident_type = excluded.incident_type,
            priority_first = excluded.priority_first, priority_last = excluded.priority_last, state = excluded.state, reason = excluded.reason, ms = excluded.ms, since_ms = excluded.since_ms, doubts = excluded.doubts, area = excluded.area, entered = excluded.entered`;
      }
      await sql`update figure_cursor set sequence = ${batch.sequence}`;
    }),
  };

  const countBy = async (sql: Asks, filter: FigureFilter, by: CountedSpan["by"]): Promise<CountedSpan[]> => {
    const grade = by === "all" ? sql`null::smallint` : by === "first" ? sql`priority_first` : sql`priority_last`;
    const rows = await sql<Row[]>`
      with chosen as materialized (select span, ${grade} as priority, state, reason, ms, doubts, entered from figure_span where ${passing(sql, filter)}),
      counted as (select span, priority, count(*) filter (where state = 'counted') as n, count(*) filter (where entered) as entered, percentile_disc(array[0.5, 0.9, 0.95]) within group (order by ms) filter (where state = 'counted') as p from chosen group by span, priority),
      others as (select span, priority, jsonb_agg(jsonb_build_array(state, reason, n)) as list from (select span, priority, state, reason, count(*) as n from chosen where state <> 'counted' group by 1, 2, 3, 4) o group by span, priority),
      doubtful as (select span, priority, jsonb_object_agg(doubt, n) as list from (select span, priority, unnest(doubts) as doubt, count(*) as n from chosen where doubts <> '{}' group by 1, 2, 3) d group by span, priority)
      select c.span, c.priority, c.n, c.entered, c.p, o.list as others, d.list as doubts from counted c
      left join others o on o.span = c.span and o.priority is not distinct from c.priority left join doubtful d on d.span = c.span and d.priority is not distinct from c.priority`;
    return rows.map((row) => {
      const p = (row["p"] as (number | string)[] | null) ?? [];
      const at = (i: number): number | null => (p[i] === undefined || p[i] === null ? null : Number(p[i]));
      return { span: row["span"], by, priority: row["priority"], n: Number(row["n"]), entered: Number(row["entered"]), p50Ms: at(0), p90Ms: at(1), p95Ms: at(2), others: row["others"] ?? [], doubts: row["doubts"] ?? {} };
    });
  };

  return {
    model,

    count: async (filter: FigureFilter, now: number): Promise<CountedFigures> => inspection.begin("read only", async (sql) => {
      const spans = [...(await countBy(sql, filter, "all")), ...(await countBy(sql, filter, "first")), ...(await countBy(sql, filter, "last"))];
      const bars = new Map<SpanName, number[]>();
      // width_bucket counts a value that equals an end into the bar after it; a span of just a minute took no more than a minute, so that each is asked for a millisecond less
      for (const { span, bar, n } of await sql<{ span: SpanName; bar: number; n: number }[]>`
        select span, width_bucket(ms - 1, ${BAR_ENDS_MS as number[]}::bigint[]) as bar, count(*) as n from figure_span where ${passing(sql, filter)} and state = 'counted' group by 1, 2`) {
        if (!bars.has(span)) bars.set(span, Array.from({ length: BAR_ENDS_MS.length + 1 }, () => 0));
        bars.get(span)![bar] = Number(n);
      }
      const thresholds = new Map<string, ThresholdCount>();
      for (const { id, span, withinMs, scope, where } of THRESHOLDS) {
        const here = where === null ? sql`true` : sql`area = ${where}`;
        const among = (column: "source" | "unit_kind" | "incident_type", values: readonly string[] | undefined) => (values === undefined ? sql`` : sql`and ${sql(column)} = any(${values as string[]})`);
        const [row] = await sql<Record<keyof ThresholdCount, number>[]>`
          select count(*) filter (where ${here} and state = 'counted' and ms <= ${withinMs}) as within, count(*) filter (where ${here} and (state = 'missing' or reason = 'negative')) as missing,
            count(*) filter (where ${where !== null} and area is null) as unplaced,
            count(*) filter (where ${here} and (state = 'counted' or (state = 'excluded' and reason <> 'negative' and coalesce(${now}::bigint - since_ms, ms) > ${withinMs}))) as n
          from figure_span where ${passing(sql, filter)} and span = ${span} ${among("source", scope.sources)} ${among("unit_kind", scope.unitKinds)} ${among("incident_type", scope.incidentTypes)}`;
        thresholds.set(id, { within: Number(row!.within), n: Number(row!.n), missing: Number(row!.missing), unplaced: Number(row!.unplaced) });
      }
      const [extent] = await sql<{ first: number | null; last: number | null }[]>`select min(arrived_ms) as first, max(arrived_ms) as last from figure_span where clock = ${filter.clock}`;
      return { spans, bars, thresholds, first: extent?.first ?? null, last: extent?.last ?? null };
    }) as Promise<CountedFigures>,

    listDoubtful: async ({ span, doubt, limit, after, ...filter }: DoubtfulQuery): Promise<{ total: number; spans: DoubtfulSpan[] }> => {
      const which = (sql: Asks) => sql`from figure_span where ${passing(sql, filter)} and doubts <> '{}' ${span === undefined ? sql`` : sql`and span = ${span}`} ${doubt === undefined ? sql`` : sql`and ${doubt} = any(doubts)`}`;
      const [counted] = await inspection<{ n: number }[]>`select count(*) as n ${which(inspection)}`;
      const rows = await inspection<Row[]>`select * ${which(inspection)} order by arrived_ms desc, span, subject_id limit ${limit} offset ${after}`;
      return {
        total: Number(counted!.n),
        spans: rows.map((row) => ({ span: row["span"], contactId: row["contact_id"], incidentId: row["incident_id"], callSign: row["call_sign"], arrivedAt: row["arrived_ms"], ms: row["ms"], counted: row["state"] === "counted", doubts: row["doubts"] })),
      };
    },

    /** Newest first, in pieces, so that nobody waits while all of it is made. */
    readRows: (filter: FigureFilter, limit: number, take: (rows: ExportedSpan[]) => void): Promise<void> =>
      readInPieces(inspection, (sql) => sql`select * from figure_span where ${passing(sql, filter)} order by arrived_ms desc, incident_id, span, subject_id limit ${limit}`, (rows) => take(rows.map((row) => ({
        span: row["span"], subjectId: row["subject_id"], contactId: row["contact_id"], incidentId: row["incident_id"], callSign: row["call_sign"], unitKind: row["unit_kind"], source: row["source"], arrivedAt: row["arrived_ms"], incidentType: row["incident_type"], area: row["area"], entered: row["entered"], priorityFirst: row["priority_first"],
        priorityLast: row["priority_last"], state: row["state"], reason: row["reason"], ms: row["ms"], doubts: row["doubts"],
      })))),
  };
}
export type FigureStore = ReturnType<typeof createFigureStore>;
