// Who is on duty from when to when: the units with their crews, platforms and shifts, a form for one shift, and the import of a roster. The server says who is on shift; here it is only shown.
import { useState } from "react";
import { endsShiftSoon, isOffShift } from "../../../src/base/shift.ts";
import type { DutyUnit } from "../../../src/contract/duty.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button, StatusMark, TextField, type TableColumn, type Tone } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { dutyWords } from "./duty-words.ts";
import { ListImport } from "./list-import.tsx";
import { ConfirmedButton, RegisterPage, useDone } from "./register-page.tsx";
import { ShiftForm } from "./shift-form.tsx";

const AGAIN_EVERY_MS = 15_000;
const MOST_SHOWN = 200;
const dayOf = (exact: string): string => exact.replace(/:\d\d$/, ""); // to the minute

export function Shifts() {
  const { shifts: words } = useWords(dutyWords);
  const { unitKinds } = useWords(domainWords);
  const format = useFormat();
  const [q, setQ] = useState("");
  const reading = useCall("listDuty", { query: { ...(q.trim() === "" ? {} : { q: q.trim() }), limit: MOST_SHOWN } }, AGAIN_EVERY_MS);
  const platforms = useCall("listPlatforms", {});
  const [form, setForm] = useState<DutyUnit | "new" | "list" | null>(null);
  const done = useDone(reading.again);
  const platformOf = (id: number | null): string => (id === null ? "–" : (platforms.data?.platforms.find((one) => one.id === id)?.code ?? String(id)));
  const moment = (at: number): string => dayOf(format.exact(at));
  const nowOf = (unit: DutyUnit): { readonly tone: Tone; readonly text: string } => {
    const now = serverNow();
    if (unit.shiftEndsAt === null) return { tone: "free", text: words.always };
    if (!isOffShift(unit, now)) return endsShiftSoon(unit, now) ? { tone: "decide", text: words.soon(format.age(unit.shiftEndsAt - now)) } : { tone: "free", text: words.on(format.minute(unit.shiftEndsAt)) };
    const next = unit.shifts?.find(({ startsAt }) => startsAt > now);
    return { tone: "off", text: next === undefined ? words.off : words.next(moment(next.startsAt)) };
  };
  const columns: readonly TableColumn<DutyUnit>[] = [
    { id: "unit", title: words.columns.unit, width: 110, render: (u) => <b className="mono">{u.callSign}</b> },
    { id: "kind", title: words.columns.kind, wideOnly: true, width: "1fr", render: (u) => unitKinds[u.kind] },
    { id: "platform", title: words.columns.platform, width: 110, render: (u) => <span className={u.platformId === null ? "quiet" : "mono"}>{platformOf(u.platformId)}</span> },
    { id: "crew", title: words.columns.crew, wideOnly: true, width: "2fr", render: (u) => (u.crew.length === 0 ? <span className="quiet">–</span> : u.crew.map(({ name, badge }) => `${name} ${badge}`.trim()).join(", ")) },
    { id: "now", title: words.columns.now, width: "2fr", render: (u) => { const { tone, text } = nowOf(u); return <span className="row"><StatusMark tone={tone} label="" />{text}</span>; } },
  ];
  const remove = (unit: DutyUnit, startsAt: number | null) => done(async () => {
    await api.call("removeShift", { params: { id: unit.id }, body: { startsAt } });
    return startsAt === null ? words.offRosterDone(unit.callSign) : words.removed;
  });
  const shown = reading.data?.units ?? [];
  return (
    <RegisterPage
      words={{ ...words, none: q.trim() === "" ? words.empty : words.none }} reading={reading} rows={shown} count={reading.data?.total ?? 0} columns={columns} onAdd={() => setForm("new")} titleOf={(u) => u.callSign}
      tools={<Button onPress={() => setForm("list")}>{words.import}</Button>}
      above={
        <div className="people-tools">
          <TextField label={words.search} aria-label={words.search} placeholder={words.search} type="search" value={q} onChange={setQ} />
          {reading.data !== null && <span className="quiet small">{words.total(format.number(reading.data.onShift))}{reading.data.version > 0 && ` · ${words.version(format.number(reading.data.version))}`}</span>}
        </div>
      }
      more={reading.data !== null && reading.data.total > shown.length ? <p className="people-said quiet">{words.more(format.number(shown.length), format.number(reading.data.total))}</p> : undefined}
      toolsOf={(u) => (
        <>
          <Button tone="quiet" onPress={() => setForm(u)}>{words.add}</Button>
          {u.shifts !== null && <ConfirmedButton label={words.offRoster} title={words.offRosterTitle(u.callSign)} what={words.offRosterWhat} onConfirm={() => void remove(u, null)} />}
        </>
      )}
      factsOf={(u) => [
        [words.columns.now, nowOf(u).text], [words.columns.kind, unitKinds[u.kind]], [words.columns.platform, platformOf(u.platformId)],
        [words.columns.crew, u.crew.length === 0 ? "–" : <ul>{u.crew.map(({ name, badge }, i) => <li key={i}>{name} <span className="quiet mono">{badge}</span></li>)}</ul>],
        u.shifts === null ? null : [words.ahead, u.shifts.length === 0 ? words.noneAhead : (
          <ul className="shift-list">
            {u.shifts.map((shift) => (
              <li key={shift.startsAt}>
                <span>{moment(shift.startsAt)} – {format.minute(shift.endsAt)}</span>
                <span className="quiet">{[shift.crew === null ? words.asBefore : shift.crew.map(({ name }) => name).join(", "), shift.platformId === null ? null : platformOf(shift.platformId)].filter((part) => part !== null).join(" · ")}</span>
                <ConfirmedButton label={words.remove} title={words.removeTitle(u.callSign, moment(shift.startsAt))} what={words.removeWhat} onConfirm={() => void remove(u, shift.startsAt)} />
              </li>
            ))}
          </ul>
        )],
      ]}
    >
      {form === "list" && (
        <ListImport
          title={words.import} what={words.importWhat} onClose={() => setForm(null)} onDone={reading.again}
          send={async (csv, check) => {
            const { entered, ...told } = await api.call("importShifts", { query: check ? { check: "true" } : {}, body: { csv } });
            return { taken: entered, ...told };
          }}
        />
      )}
      {form !== null && form !== "list" && <ShiftForm unit={form === "new" ? null : form} platforms={platforms.data?.platforms ?? []} onClose={() => setForm(null)} onSaved={reading.again} />}
    </RegisterPage>
  );
}
