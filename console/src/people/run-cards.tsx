// Run cards: the table in force, changed here or read from a file, proposed as a whole and put in force by somebody else. What is wrong is told by the centre while one types; what differs is shown before anything is sent.
import { useEffect, useMemo, useRef, useState } from "react";
import { DETERMINANTS } from "../../../src/base/triage-grade.ts";
import { INCIDENT_TYPES, type IncidentType } from "../../../src/contract/dispatch.ts";
import { formatWants, parseWants, type RunCardChange, type RunCardFault, type RunCardRow } from "../../../src/contract/run-cards.ts";
import { api, type CallAnswer } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, ConfirmDialog, DataTable, EmptyState, PanelHead, SelectField, Skeleton, TextField, notify, type TableColumn } from "../design/index.ts";
import { useAccount } from "../shell/session.ts";
import { domainWords, skillWord } from "../words/domain.ts";
import { saveCsv, saveJson } from "../words/save-file.ts";
import { useFaultText, useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { cellsOf, createCode, formatCells, hasFaultyLines, indexOfLine, type Cells } from "./run-card-draft.ts";
import { runCardWords } from "./run-card-words.ts";

const CHECK_AFTER_MS = 400;
const TYPES = Object.keys(INCIDENT_TYPES) as IncidentType[];
type RunCards = CallAnswer<"getRunCards">;
interface Draft {
  readonly rows: readonly Cells[];
  /** Where it was read from a file: the file as it is, which is what is proposed. */
  readonly file: { readonly name: string; readonly format: "csv" | "json"; readonly text: string; /** Lines with a fault are no rows: an edit of the rows would lose them. */ readonly lacksRows: boolean } | null;
}

export function RunCards() {
  const words = useWords(runCardWords);
  const answer = useCall("getRunCards", {});
  const { data } = answer;
  if (data === null) return <section className="people-main" aria-label={words.title}>{answer.problem !== null ? <BrokenState error={answer.problem} retry={answer.again} /> : <Skeleton rows={10} />}</section>;
  return <RunCardTable key={data.version} cards={data} again={answer.again} />;
}

function RunCardTable({ cards, again }: { readonly cards: RunCards; readonly again: () => void }) {
  const words = useWords(runCardWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const problemText = useProblemText();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [checked, setChecked] = useState<CallAnswer<"checkRunCards"> | null>(null);
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const rows = useMemo(() => draft?.rows ?? cards.rows.map(cellsOf), [draft, cards.rows]);
  const sent = useMemo(() => (draft === null ? null : (draft.file ?? { format: "csv" as const, text: formatCells(draft.rows) })), [draft]);
  useEffect(() => {
    if (sent === null) return setChecked(null);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api.call("checkRunCards", { body: { format: sent.format, text: sent.text } }, { signal: abort.signal }).then(setChecked, (error: unknown) => { if (!abort.signal.aborted) notify("danger", problemText(error)); });
    }, CHECK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [sent, problemText]);

  const change = (at: number, cells: Partial<Cells>): void => setDraft({ rows: rows.map((row, i) => (i === at ? { ...row, ...cells } : row)), file: null });
  const add = (): void => {
    setDraft({ rows: [...rows, { code: createCode(rows, "other"), type: "other", determinant: "minor", area: "", hours: "", units: "1 patrol|platform-crew" }], file: null });
    setChosen(rows.length);
  };
  const drop = (): void => {
    setDraft(null);
    setChosen(null);
    setTried(false);
  };
  const read = async (file: File): Promise<void> => {
    const text = await file.text();
    const form = /\.json$/i.test(file.name) ? "json" : "csv";
    try {
      const found = await api.call("checkRunCards", { body: { format: form, text } });
      setDraft({ rows: found.rows.map(cellsOf), file: { name: file.name, format: form, text, lacksRows: hasFaultyLines(found.faults) } });
      setChosen(null);
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  const save = async (form: "csv" | "json"): Promise<void> => {
    try {
      const made = await api.call("exportRunCards", { body: { format: form } });
      (form === "csv" ? saveCsv : saveJson)(`run-cards-${made.version}.${form}`, made.text);
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  const propose = async (): Promise<void> => {
    setTried(true);
    if (sent === null || why.trim() === "" || busy) return;
    setBusy(true);
    try {
      await api.call("proposeRunCards", { body: { format: sent.format, text: sent.text, basedOn: cards.version, words: why.trim() } });
      notify("free", words.proposed);
      setWhy("");
      drop();
      again();
    } catch (error) {
      notify("danger", problemText(error));
    }
    setBusy(false);
  };

  const nameOfType = (type: string): string => (Object.hasOwn(domain.incidentTypes, type) ? domain.incidentTypes[type as IncidentType] : type);
  const nameOfGrade = (grade: string): string => (grade === "" ? words.any : Object.hasOwn(domain.determinants, grade) ? domain.determinants[grade as keyof typeof domain.determinants] : grade);
  const quiet = (text: string) => (text === "" ? <span className="quiet">{words.any}</span> : text);
  const columns: readonly TableColumn<Cells & { readonly id: number }>[] = [
    { id: "code", title: words.columns.code, wideOnly: true, width: "3fr", render: (row) => <span className="mono">{row.code}</span> },
    { id: "type", title: words.columns.type, width: "2fr", render: (row) => <>{nameOfType(row.type)}{`${row.area}${row.hours}` !== "" && <span className="quiet phone-only"> {[row.area, row.hours].filter((part) => part !== "").join(" ")}</span>}</> },
    { id: "determinant", title: words.columns.determinant, width: 96, render: (row) => (row.determinant === "" ? <span className="quiet">{words.any}</span> : nameOfGrade(row.determinant)) },
    { id: "area", title: words.columns.area, wideOnly: true, width: "1fr", render: (row) => quiet(row.area) },
    { id: "hours", title: words.columns.hours, wideOnly: true, width: "2fr", render: (row) => quiet(row.hours) },
    { id: "units", title: words.columns.units, width: "4fr", render: (row) => <Units text={row.units} /> },
  ];
  const current = cards.versions.find((one) => one.version === cards.version);
  const lacksRows = draft?.file?.lacksRows === true;
  const row = chosen === null || lacksRows ? undefined : rows[chosen];
  return (
    <div className={`people ${row === undefined && draft === null && cards.proposal === null ? "" : "people-split"}`}>
      <section className="people-main" aria-label={words.title}>
        <PanelHead title={words.title} count={current?.since == null ? `${words.version(cards.version)}, ${words.builtIn}` : `${words.version(cards.version)}, ${words.since(format.exact(current.since), current.by?.name ?? "")}`}>
          <Button tone="primary" onPress={add} isDisabled={lacksRows}>{words.add}</Button>
        </PanelHead>
        <input ref={input} type="file" hidden accept=".csv,.json,text/csv,application/json" onChange={(event) => { const file = event.target.files?.[0]; event.target.value = ""; if (file !== undefined) void read(file); }} />
        <p className="people-said quiet">{words.what}</p>
        <div className="people-tools">
          <Button onPress={() => void save("csv")}>{words.exportCsv}</Button>
          <Button onPress={() => void save("json")}>{words.exportJson}</Button>
          <Button onPress={() => input.current?.click()}>{words.import}</Button>
        </div>
        <div className="people-table"><DataTable label={words.title} columns={columns} rows={rows.map((one, id) => ({ ...one, id }))} selectedId={chosen} onSelect={setChosen} empty={<EmptyState>{words.noChanges}</EmptyState>} /></div>
      </section>
      {(row !== undefined || draft !== null || cards.proposal !== null) && (
        <aside className="people-side" aria-label={words.changes(checked?.changes.length ?? 0)}>
          {row !== undefined && chosen !== null && (
            <section>
              <PanelHead title={row.determinant === "" ? nameOfType(row.type) : `${nameOfType(row.type)} · ${nameOfGrade(row.determinant)}`}>
                <Button tone="quiet" onPress={() => { setDraft({ rows: rows.filter((_, i) => i !== chosen), file: null }); setChosen(null); }}>{words.remove}</Button>
                <Button tone="quiet" onPress={() => setChosen(null)}>{words.close}</Button>
              </PanelHead>
              <div className="account-form">
                <TextField label={words.columns.code} value={row.code} hint={words.codeHint} onChange={(code) => change(chosen, { code })} autoComplete="off" />
                <SelectField<string> label={words.columns.type} choices={TYPES.map((id) => ({ id, label: domain.incidentTypes[id] }))} value={row.type} onChange={(type) => change(chosen, { type })} />
                <SelectField<string> label={words.columns.determinant} choices={[{ id: "any", label: words.any }, ...DETERMINANTS.map((id) => ({ id, label: domain.determinants[id] }))]} value={row.determinant === "" ? "any" : row.determinant} onChange={(determinant) => change(chosen, { determinant: determinant === "any" ? "" : determinant })} />
                <TextField label={words.columns.area} value={row.area} hint={words.areaHint} onChange={(area) => change(chosen, { area })} autoComplete="off" />
                <TextField label={words.columns.hours} value={row.hours} hint={words.hoursHint} onChange={(hours) => change(chosen, { hours })} autoComplete="off" />
                <TextField label={words.columns.units} value={row.units} hint={[words.unitsHint, ...(cards.knownSkills.length === 0 ? [] : [words.knownSkills(format.list(cards.knownSkills))])].join(" ")} onChange={(units) => change(chosen, { units })} autoComplete="off" />
              </div>
            </section>
          )}
          {draft !== null && (
            <section className="run-card-changes">
              <PanelHead title={checked === null ? words.changes(0) : checked.faults.length > 0 ? words.faults(checked.faults.length) : words.changes(checked.changes.length)}><Button tone="quiet" onPress={drop}>{words.drop}</Button></PanelHead>
              {draft.file !== null && <p className="people-said quiet">{words.fromFile(draft.file.name)}{lacksRows && <> · <b>{words.mendFile}</b></>}</p>}
              {checked === null ? <Skeleton rows={2} /> : checked.faults.length > 0 ? <Faults faults={checked.faults} codeOf={draft.file === null ? (line) => draft.rows[indexOfLine(line)]?.code : undefined} /> : <Changes changes={checked.changes} />}
              <UnknownAreas areas={checked?.unknownAreas ?? []} />
              <UnknownSkills skills={checked?.unknownSkills ?? []} known={cards.knownSkills} />
              {checked !== null && checked.faults.length === 0 && checked.changes.length > 0 && (
                <form className="account-form" onSubmit={(event) => { event.preventDefault(); void propose(); }}>
                  <TextField label={words.why} value={why} onChange={setWhy} maxLength={200} fault={tried && why.trim() === "" ? words.whyMissing : undefined} autoComplete="off" />
                  <Button tone="primary" type="submit" isDisabled={busy}>{words.propose}</Button>
                </form>
              )}
            </section>
          )}
          {cards.proposal !== null && <Proposal proposal={cards.proposal} knownSkills={cards.knownSkills} again={again} />}
        </aside>
      )}
    </div>
  );
}

function Proposal({ proposal, knownSkills, again }: { readonly proposal: NonNullable<RunCards["proposal"]>; readonly knownSkills: readonly string[]; readonly again: () => void }) {
  const words = useWords(runCardWords);
  const format = useFormat();
  const problemText = useProblemText();
  const me = useAccount();
  const [asking, setAsking] = useState(false);
  const own = proposal.proposedBy.kind === "user" && proposal.proposedBy.id === me?.id;
  const act = async (work: () => Promise<string>): Promise<void> => {
    try {
      notify("free", await work());
    } catch (error) {
      notify("danger", problemText(error));
    }
    again();
  };
  return (
    <section className="run-card-changes" aria-label={words.waits}>
      <PanelHead title={words.waits} />
      <p className="people-said">{proposal.words} <span className="quiet">{words.waitsBy(proposal.proposedBy.name, format.ago(Math.max(0, serverNow() - proposal.proposedAt)))}</span></p>
      <UnknownAreas areas={proposal.unknownAreas} />
      <UnknownSkills skills={proposal.unknownSkills} known={knownSkills} />
      <Changes changes={proposal.changes} />
      {own && <p className="people-said quiet">{words.own}</p>}
      <div className="row wrap people-tools">
        <Button tone="primary" onPress={() => setAsking(true)}>{words.approve}</Button>
        <Button onPress={() => void act(async () => { await api.call("discardRunCards", { params: { id: proposal.id } }); return words.discarded; })}>{words.discard}</Button>
      </div>
      <ConfirmDialog title={words.approveTitle(proposal.changes.length)} open={asking} onClose={() => setAsking(false)} action={words.approve} onConfirm={() => void act(async () => words.approved((await api.call("approveRunCards", { params: { id: proposal.id } })).version))}><p>{words.approveWhat}</p><Changes changes={proposal.changes} /></ConfirmDialog>
    </section>
  );
}

/** Rows that never fit, since the map has no such district. */
function UnknownAreas({ areas }: { readonly areas: NonNullable<RunCards["proposal"]>["unknownAreas"] }) {
  const words = useWords(runCardWords);
  return <>{areas.map(({ area, nearest }) => <p key={area} className="people-said mean-decide" role="status">{words.unknownArea(area, nearest)}</p>)}</>;
}

/** Wants that nobody meets, since no unit has the skill. */
function UnknownSkills({ skills, known }: { readonly skills: NonNullable<RunCards["proposal"]>["unknownSkills"]; readonly known: readonly string[] }) {
  const words = useWords(runCardWords);
  const format = useFormat();
  return <>{skills.map(({ skill, nearest }) => <p key={skill} className="people-said mean-decide" role="status">{words.unknownSkill(skill, nearest)} {known.length === 0 ? words.noSkills : words.knownSkills(format.list(known))}</p>)}</>;
}

function Changes({ changes }: { readonly changes: readonly RunCardChange[] }) {
  const words = useWords(runCardWords);
  const domain = useWords(domainWords);
  if (changes.length === 0) return <EmptyState>{words.noChanges}</EmptyState>;
  const parts = ({ type, determinant, area, hours }: RunCardRow): string => [domain.incidentTypes[type], ...(determinant === null ? [] : [domain.determinants[determinant]]), ...(area === null ? [] : [area]), ...(hours === null ? [] : [hours])].join(" · ");
  return (
    <ul className="run-card-diff">
      {changes.map((change) => (
        <li key={`${change.kind} ${change.row.code}`} data-kind={change.kind}>
          <p className="row"><b className="mono">{change.row.code}</b> <span className="quiet">{words.kinds[change.kind]}</span></p>
          <p className="small">{parts(change.row)}</p>
          <p className="small"><Units text={formatWants(change.row.wants)} /></p>
          {change.kind === "changed" && <p className="small quiet">{words.before}: {parts(change.before) === parts(change.row) ? "" : `${parts(change.before)} · `}<Units text={formatWants(change.before.wants)} /></p>}
        </li>
      ))}
    </ul>
  );
}

/** "2 fire-engine; 1 patrol|platform-crew with first-aid" in words; what cannot be read stays as it is typed. */
function Units({ text }: { readonly text: string }) {
  const words = useWords(runCardWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const kinds = domain.unitKinds as Readonly<Record<string, string>>;
  const read = parseWants(text);
  if (read === null) return <>{text}</>;
  const kindsOf = (named: readonly string[]): string => (Object.keys(kinds).every((kind) => named.includes(kind)) ? words.anyKind : named.map((kind) => (Object.hasOwn(kinds, kind) ? kinds[kind]! : kind)).join(" / "));
  return <>{read.map(({ count, kinds: named, skills = [] }) => words.want(count, kindsOf(named), format.list(skills.map((skill) => skillWord(domain.skills, skill))))).join(" · ")}</>;
}

function Faults({ faults, codeOf }: { readonly faults: readonly RunCardFault[]; readonly codeOf: ((line: number) => string | undefined) | undefined }) {
  const words = useWords(runCardWords);
  const faultText = useFaultText();
  const columns = words.columns as Readonly<Record<string, string>>;
  const nameOf = (field: string): string => columns[field.split(".")[0]!] ?? field;
  return (
    <ul className="run-card-faults" role="alert">
      {faults.map((fault, i) => {
        const code = fault.line === null ? undefined : codeOf?.(fault.line);
        const text = fault.line === null ? words.faultWhole(faultText(fault)) : code !== undefined ? words.faultRow(code, nameOf(fault.field), fault.value, faultText(fault)) : words.faultLine(fault.line, nameOf(fault.field), fault.value, faultText(fault));
        return <li key={`${fault.line} ${fault.field} ${i}`} className="mean-decide">{text}</li>;
      })}
    </ul>
  );
}
