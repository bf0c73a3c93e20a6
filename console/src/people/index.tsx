// People: the accounts. Who there is, what each may do, and the few changes an administrator makes: a new account, roles, unit, password, disable.
import { useMemo, useState } from "react";
import { PERMISSIONS_OF, type Account } from "../../../src/contract/access.ts";
import { api } from "../api/client.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, ConfirmDialog, DataTable, DialogBox, EmptyState, PanelHead, Skeleton, StatusMark, TextField, notify, type TableColumn } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useAccount } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { AccountForm } from "./account-form.tsx";
import { createPassword } from "./create-password.ts";
import "./people.css";
import { peopleWords } from "./words.ts";

type Panel = { readonly kind: "none" } | { readonly kind: "new" } | { readonly kind: "account"; readonly id: number };

export default function People() {
  const words = useWords(peopleWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const units = useLive((s) => s.units);
  const answer = useCall("listAccounts", {});
  const [q, setQ] = useState("");
  const [panel, setPanel] = useState<Panel>({ kind: "none" });
  const accounts = answer.data?.accounts ?? [];
  const needle = q.trim().toLowerCase();
  const shown = accounts.filter((a) => needle === "" || a.name.toLowerCase().includes(needle) || a.login.includes(needle) || a.roles.some((r) => domain.roles[r].toLowerCase().includes(needle)));
  const chosen = panel.kind === "account" ? accounts.find((a) => a.id === panel.id) : undefined;

  useKeys(words.title, [
    { keys: "n", label: words.add, run: () => setPanel({ kind: "new" }) },
    { keys: "s", label: words.search, run: () => document.querySelector<HTMLInputElement>(".people-tools input")?.focus() },
    { keys: "Escape", label: words.close, whileTyping: true, run: () => setPanel({ kind: "none" }) },
  ]);
  const columns = useMemo((): readonly TableColumn<Account>[] => [
    { id: "name", title: words.columns.name, width: "2fr", render: (a) => a.name },
    { id: "login", title: words.columns.login, width: "1fr", render: (a) => <span className="mono">{a.login}</span> },
    { id: "roles", title: words.columns.roles, width: "3fr", render: (a) => <span title={a.roles.map((r) => domain.roles[r]).join(", ")}>{format.list(a.roles.map((r) => domain.roles[r]))}</span> },
    { id: "unit", title: words.columns.unit, width: 90, render: (a) => (a.unitId === null ? <span className="quiet">–</span> : units.get(a.unitId)?.callSign ?? words.unit(String(a.unitId))) },
    { id: "state", title: words.columns.state, width: 120, render: (a) => <span className="row"><StatusMark tone={a.disabled ? "off" : "free"} label="" />{a.disabled ? words.disabled : words.enabled}</span> },
    { id: "created", title: words.columns.created, width: 140, end: true, render: (a) => format.date(a.createdAt) },
  ], [words, domain, format, units]);

  return (
    <div className={`people ${panel.kind === "none" ? "" : "people-split"}`}>
      <section className="people-main" aria-label={words.title}>
        <PanelHead title={words.title} count={answer.data === null ? undefined : format.number(accounts.length)}><Button tone="primary" keys="n" onPress={() => setPanel({ kind: "new" })}>{words.add}</Button></PanelHead>
        <div className="people-tools"><TextField label={words.search} aria-label={words.search} placeholder={words.search} type="search" value={q} onChange={setQ} /></div>
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
  const permissions = words.permissions as Readonly<Record<string, string>>;
  const problemText = useProblemText();
  const me = useAccount();
  const [disabling, setDisabling] = useState(false);
  const [resetting, setResetting] = useState(false);
  const mine = me?.id === account.id;
  const may = [...new Set(account.roles.flatMap((r) => PERMISSIONS_OF[r]))];
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
      <section className="people-may">
        <h3>{words.mayDo}</h3>
        <ul>{may.map((p) => <li key={p}>{permissions[p] ?? p}</li>)}</ul>
      </section>
      <ConfirmDialog title={words.disableTitle(account.name)} open={disabling} onClose={() => setDisabling(false)} onConfirm={() => void setDisabled(true)} action={words.disable}><p>{words.disableWhat}</p></ConfirmDialog>
      <PasswordDialog account={account} open={resetting} onClose={() => setResetting(false)} />
    </>
  );
}

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
