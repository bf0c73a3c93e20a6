// The accounts. Who there is, what each may do, and the few changes an administrator makes: a new account, roles, unit, password, disable.
import { useMemo, useState } from "react";
import { ROLES, type Account, type Role } from "../../../src/contract/access.ts";
import { api } from "../api/client.ts";
import { serverNow, useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, ConfirmDialog, DataTable, DialogBox, EmptyState, PanelHead, SelectField, Skeleton, StatusMark, TextField, notify, type TableColumn } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useAccount } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { AccountForm } from "./account-form.tsx";
import { createPassword } from "./create-password.ts";
import { peopleWords } from "./words.ts";

type Panel = { readonly kind: "none" } | { readonly kind: "new" } | { readonly kind: "account"; readonly id: number };

export function Accounts() {
  const words = useWords(peopleWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const units = useCall("listUnits", {});
  const [role, setRole] = useState<Role | "all">("all");
  const [state, setState] = useState<"all" | "active" | "disabled">("all");
  const answer = useCall("listAccounts", {});
  const [q, setQ] = useState("");
  const [panel, setPanel] = useState<Panel>({ kind: "none" });
  const accounts = answer.data?.accounts ?? [];
  const needle = q.trim().toLowerCase();
  const callSigns = useMemo(() => new Map((units.data?.units ?? []).map((unit) => [unit.id, unit.callSign])), [units.data]);
  const matches = (a: Account): boolean => (role === "all" || a.roles.includes(role)) && (state === "all" || a.disabled === (state === "disabled"));
  const shown = accounts.filter(matches).filter((a) => needle === "" || (a.unitId !== null && callSigns.get(a.unitId)?.toLowerCase().includes(needle) === true) || a.name.toLowerCase().includes(needle) || a.login.includes(needle) || a.roles.some((r) => domain.roles[r].toLowerCase().includes(needle)));
  const chosen = panel.kind === "account" ? accounts.find((a) => a.id === panel.id) : undefined;

  useKeys(words.title, [
    { keys: "n", label: words.add, run: () => setPanel({ kind: "new" }) },
    { keys: "s", label: words.search, run: () => document.querySelector<HTMLInputElement>(".people-tools input")?.focus() },
    { keys: "Escape", label: words.close, whileTyping: true, run: () => setPanel({ kind: "none" }) },
  ]);
  const columns = useMemo((): readonly TableColumn<Account>[] => [
    { id: "name", title: words.columns.name, width: "2fr", render: (a) => a.name },
    { id: "login", title: words.columns.login, wideOnly: true, width: "1.5fr", render: (a) => <span className="mono">{a.login}</span> },
    { id: "roles", title: words.columns.roles, width: "3fr", render: (a) => <span title={a.roles.map((r) => domain.roles[r]).join(", ")}>{format.list(a.roles.map((r) => domain.roles[r]))}</span> },
    { id: "unit", title: words.columns.unit, wideOnly: true, width: 90, render: (a) => (a.unitId === null ? <span className="quiet">–</span> : callSigns.get(a.unitId) ?? words.unit(String(a.unitId))) },
    { id: "state", title: words.columns.state, width: 120, render: (a) => <span className="row"><StatusMark tone={a.disabled ? "off" : "free"} label="" />{a.disabled ? words.disabled : words.enabled}</span> },
    { id: "created", title: words.columns.created, wideOnly: true, width: 140, end: true, render: (a) => format.date(a.createdAt) },
  ], [words, domain, format, callSigns]);

  return (
    <div className={`people ${panel.kind === "none" ? "" : "people-split"}`}>
      <section className="people-main" aria-label={words.title}>
        <PanelHead title={words.title} count={answer.data === null ? undefined : shown.length === accounts.length ? format.number(accounts.length) : words.count(format.number(shown.length), format.number(accounts.length))}><Button tone="primary" keys="n" onPress={() => setPanel({ kind: "new" })}>{words.add}</Button></PanelHead>
        <div className="people-tools"><TextField label={words.search} aria-label={words.search} placeholder={words.search} type="search" value={q} onChange={setQ} />
          <SelectField<Role | "all"> label={words.columns.roles} hideLabel choices={[{ id: "all", label: words.allRoles }, ...ROLES.map((id) => ({ id, label: domain.roles[id] }))]} value={role} onChange={setRole} />
          <SelectField<"all" | "active" | "disabled"> label={words.columns.state} hideLabel choices={[{ id: "all", label: words.allStates }, { id: "active", label: words.enabled }, { id: "disabled", label: words.disabled }]} value={state} onChange={setState} />
        </div>
        <div className="people-table">
          {answer.data === null ? (answer.problem !== null ? <BrokenState error={answer.problem} retry={answer.again} /> : <Skeleton rows={10} />) : (
            <DataTable label={words.title} columns={columns} rows={shown} selectedId={chosen?.id ?? null} onSelect={(id) => setPanel({ kind: "account", id })} empty={<EmptyState>{words.nothing}</EmptyState>} />
          )}
        </div>
      </section>
      {panel.kind === "new" && (
        <aside className="people-side" aria-label={words.add}>
          <PanelHead title={words.add} />
          <AccountForm account={null} onCancel={() => setPanel({ kind: "none" })} onSaved={(account) => { notify("free", words.added(account.name)); answer.again(); setPanel({ kind: "account", id: account.id }); }} />
        </aside>
      )}
      {chosen !== undefined && (
        <aside className="people-side" aria-label={chosen.name}>
          <OneAccount key={chosen.id} account={chosen} changed={answer.again} close={() => setPanel({ kind: "none" })} />
        </aside>
      )}
    </div>
  );
}

function OneAccount({ account, changed, close }: { readonly account: Account; readonly changed: () => void; readonly close: () => void }) {
  const words = useWords(peopleWords);
  const problemText = useProblemText();
  const me = useAccount();
  const [disabling, setDisabling] = useState(false);
  const [resetting, setResetting] = useState(false);
  const mine = me?.id === account.id;
  const setDisabled = async (disabled: boolean): Promise<void> => {
    try {
      await api.call("changeAccount", { params: { id: account.id }, body: { disabled } });
      notify(disabled ? "off" : "free", disabled ? words.nowDisabled(account.name) : words.nowEnabled(account.name));
      changed();
    } catch (error) {
      notify("danger", problemText(error));
    }
  };
  return (
    <>
      <PanelHead title={account.name}>
        <Button tone="quiet" onPress={() => setResetting(true)}>{words.password.button}</Button>
        {!mine && <Button tone="quiet" onPress={() => (account.disabled ? void setDisabled(false) : setDisabling(true))}>{account.disabled ? words.enable : words.disable}</Button>}
      </PanelHead>
      <AccountForm account={account} onCancel={close} onSaved={(saved) => { notify("free", words.saved(saved.name)); changed(); }} />
      <Sessions account={account} />
      <ConfirmDialog title={words.disableTitle(account.name)} open={disabling} onClose={() => setDisabling(false)} onConfirm={() => void setDisabled(true)} action={words.disable}><p>{words.disableWhat}</p></ConfirmDialog>
      <PasswordDialog account={account} open={resetting} onClose={() => setResetting(false)} />
    </>
  );
}

/** Where the account is logged in just now, and one button that ends it. */
function Sessions({ account }: { readonly account: Account }) {
  const words = useWords(peopleWords).sessions;
  const format = useFormat();
  const problemText = useProblemText();
  const answer = useCall("listAccountSessions", { params: { id: account.id } }, SESSIONS_EVERY_MS);
  const [asking, setAsking] = useState(false);
  useNow();
  const sessions = answer.data?.sessions ?? [];
  const end = async (): Promise<void> => {
    try {
      const { ended } = await api.call("endAccountSessions", { params: { id: account.id } });
      notify("off", words.ended(ended));
    } catch (error) {
      notify("danger", problemText(error));
    }
    answer.again();
  };
  return (
    <section className="people-sessions">
      <header className="row"><h3>{words.title}</h3>{sessions.some((one) => !one.own) && <Button className="end" onPress={() => setAsking(true)}>{words.end}</Button>}</header>
      {answer.data === null ? (answer.problem === null ? <Skeleton rows={2} /> : <BrokenState error={answer.problem} retry={answer.again} />) : sessions.length === 0 ? <p className="quiet">{words.none}</p> : (
        <ul>
          {sessions.map((one) => (
            <li key={`${one.createdAt} ${one.address}`}><span className="mono">{one.address}</span><span>{words.since(format.exact(one.createdAt))}</span><span className="quiet">{one.own ? words.own : words.used(format.age(Math.max(0, serverNow() - one.lastUsedAt)))}</span></li>
          ))}
        </ul>
      )}
      <ConfirmDialog title={words.endTitle(account.name)} open={asking} onClose={() => setAsking(false)} onConfirm={() => void end()} action={words.end}><p>{words.endWhat}</p></ConfirmDialog>
    </section>
  );
}
const SESSIONS_EVERY_MS = 15_000;

function PasswordDialog({ account, open, onClose }: { readonly account: Account; readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords(peopleWords);
  const problemText = useProblemText();
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string | undefined>();
  const [done, setDone] = useState(false);
  const leave = (): void => {
    setPassword("");
    setFault(undefined);
    setDone(false);
    onClose();
  };
  const save = async (): Promise<void> => {
    if (password.length < 12) return setFault(words.faults.password);
    try {
      await api.call("changeAccount", { params: { id: account.id }, body: { password } });
      setDone(true);
    } catch (error) {
      setFault(problemText(error));
    }
  };
  return (
    <DialogBox title={words.password.title(account.name)} open={open} onClose={leave}>
      {done ? (
        <div className="stack"><p>{words.password.done}</p><p className="mono people-secret">{password}</p><footer className="dialog-foot"><Button tone="primary" onPress={leave}>{words.password.told}</Button></footer></div>
      ) : (
        <form className="stack" onSubmit={(event) => { event.preventDefault(); void save(); }}>
          <p className="quiet">{words.password.what}</p>
          <div className="people-password"><TextField label={words.columns.password} value={password} onChange={(v) => { setPassword(v); setFault(undefined); }} fault={fault} autoComplete="off" autoFocus /><Button onPress={() => setPassword(createPassword())}>{words.password.make}</Button></div>
          <footer className="dialog-foot"><Button onPress={leave}>{words.cancel}</Button><Button tone="primary" type="submit">{words.password.action}</Button></footer>
        </form>
      )}
    </DialogBox>
  );
}
