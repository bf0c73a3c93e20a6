// One account: name, login, roles, and the unit that an officer's phone acts for. Roles are one line each, so that the unit stays in view; what the chosen
// ones allow together stands below, from the same table that the server's gate reads.
import { useRef, useState, type FormEvent } from "react";
import { Login, PERMISSIONS_OF, ROLES, type Account, type Role } from "../../../src/contract/access.ts";
import { api } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, ComboField, Skeleton, TextField } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { createPassword } from "./create-password.ts";
import { peopleWords } from "./words.ts";

type Fault = "name" | "login" | "password" | "roles" | "unit";
const NO_UNIT = 0;

export function AccountForm({ account, onSaved, onCancel }: { readonly account: Account | null; readonly onSaved: (account: Account) => void; readonly onCancel: () => void }) {
  const words = useWords(peopleWords);
  const domain = useWords(domainWords);
  const permissionWords = words.permissions as Readonly<Record<string, string>>;
  const format = useFormat();
  const problemText = useProblemText();
  const units = useCall("listUnits", {}); // an administrator does not hear the live link
  const [name, setName] = useState(account?.name ?? "");
  const [login, setLogin] = useState(account?.login ?? "");
  const [password, setPassword] = useState("");
  const [roles, setRoles] = useState<ReadonlySet<Role>>(new Set(account?.roles ?? []));
  const [unitId, setUnitId] = useState<number | null>(account?.unitId ?? null);
  const [faults, setFaults] = useState<ReadonlySet<Fault>>(new Set());
  const [problem, setProblem] = useState<unknown>(null);
  const saving = useRef(false); // read in the same moment: a second Enter comes before the page is drawn anew
  const fault = (field: Fault): string | undefined => (faults.has(field) ? words.faults[field] : undefined);

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (saving.current) return;
    setProblem(null);
    const wrong = new Set<Fault>();
    if (name.trim() === "") wrong.add("name");
    if (account === null && !Login.safeParse(login).success) wrong.add("login");
    if (account === null && password.length < 12) wrong.add("password");
    if (roles.size === 0) wrong.add("roles");
    // Asked once: an officer's phone without a unit shows no job, but the unit may come later.
    const wasSo = account !== null && account.unitId === null && account.roles.includes("officer");
    if (roles.has("officer") && unitId === null && !wasSo && !faults.has("unit")) wrong.add("unit");
    setFaults(wrong);
    if (wrong.size > 0) return;
    const chosen = ROLES.filter((r) => roles.has(r));
    saving.current = true;
    try {
      onSaved(account === null
        ? await api.call("createAccount", { body: { name, login, password, roles: chosen, unitId } })
        : await api.call("changeAccount", { params: { id: account.id }, body: { ...(name.trim() === account.name ? {} : { name }), ...(sameRoles(chosen, account.roles) ? {} : { roles: chosen }), ...(unitId === account.unitId ? {} : { unitId }) } }));
    } catch (error) {
      if (error instanceof ApiProblem && error.rule === "login-taken") setFaults(new Set(["login"]));
      setProblem(error);
    } finally {
      saving.current = false;
    }
  };
  const choices = [{ id: NO_UNIT, label: words.noUnit }, ...[...(units.data?.units ?? [])].sort((a, b) => a.callSign.localeCompare(b.callSign)).map((u) => ({ id: u.id, label: u.callSign, detail: domain.unitKinds[u.kind] }))];
  return (
    <form className="account-form" onSubmit={(e) => void save(e)} noValidate>
      <TextField label={words.columns.name} value={name} onChange={setName} fault={fault("name")} autoFocus={account === null} autoComplete="off" />
      {account === null ? <TextField label={words.columns.login} value={login} onChange={setLogin} fault={fault("login")} autoComplete="off" /> : <TextField label={words.columns.login} value={login} isReadOnly />}
      {account === null && <div className="people-password"><TextField label={words.columns.password} value={password} onChange={setPassword} fault={fault("password")} {...(faults.has("password") ? {} : { hint: words.passwordHint })} autoComplete="off" /><Button onPress={() => setPassword(createPassword())}>{words.password.make}</Button></div>}
      <fieldset className="roles">
        <legend>{words.columns.roles}</legend>
        {ROLES.map((role) => (
          <label key={role} className="role" title={format.list(PERMISSIONS_OF[role].map((p) => permissionWords[p] ?? p))}>
            <input type="checkbox" checked={roles.has(role)} onChange={(e) => setRoles((held) => { const next = new Set(held); if (e.target.checked) next.add(role); else next.delete(role); return next; })} />
            <b>{domain.roles[role]}</b><span className="quiet grow">{words.roleWhat[role]}</span>
          </label>
        ))}
        {faults.has("roles") && <p className="field-fault">{words.faults.roles}</p>}
      </fieldset>
      {(roles.has("officer") || roles.has("guard") || unitId !== null) && (units.data === null ? (
        units.problem !== null ? <BrokenState error={units.problem} retry={units.again} /> : <Skeleton rows={2} />
      ) : (
        <ComboField<number> label={words.boundTo} hint={words.boundHint} fault={fault("unit")} choices={choices} value={unitId ?? NO_UNIT} onChange={(id) => setUnitId(id === NO_UNIT ? null : id)} />
      ))}
      {account !== null && !sameRoles(ROLES.filter((r) => roles.has(r)), account.roles) && <p className="mean-decide" role="status">{words.rolesEndSessions}</p>}
      {problem !== null && <p className="mean-danger" role="alert">{problemText(problem)}</p>}
      <footer className="dialog-foot"><Button onPress={onCancel}>{words.cancel}</Button><Button tone="primary" type="submit">{account === null ? words.add : words.save}</Button></footer>
      {roles.size > 0 && (
        <section className="people-may">
          <h3>{words.mayDo}</h3>
          <ul>{[...new Set(ROLES.filter((r) => roles.has(r)).flatMap((r) => PERMISSIONS_OF[r]))].map((p) => <li key={p}>{permissionWords[p] ?? p}</li>)}</ul>
        </section>
      )}
    </form>
  );
}
const sameRoles = (a: readonly Role[], b: readonly Role[]): boolean => a.length === b.length && a.every((r) => b.includes(r));
