import { useState, type FormEvent } from "react";
import { Login, Password, plainToken, type Welcome } from "../../../src/contract/access.ts";
import { Button, TextField } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { EntryPage } from "./entry-page.tsx";
import { createFirstAccount } from "./session.ts";
import { shellWords } from "./words.ts";

/** The token may come in the address after `#`, which no server and no log sees. */
const tokenFromAddress = (): string => new URLSearchParams(location.hash.slice(1)).get("token") ?? "";

export function FirstAccount({ welcome }: { readonly welcome: Welcome }) {
  const words = useWords(shellWords).first;
  const domain = useWords(domainWords);
  const format = useFormat();
  const problemText = useProblemText();
  const [form, setForm] = useState({ token: tokenFromAddress(), name: "", login: "", password: "" });
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const set = (key: keyof typeof form) => (value: string): void => setForm((before) => ({ ...before, [key]: value }));
  const faults = {
    token: plainToken(form.token).length < 20 ? words.tokenFault : undefined,
    name: form.name.trim() === "" ? words.nameFault : undefined,
    login: Login.safeParse(form.login).success ? undefined : words.loginFault,
    password: Password.safeParse(form.password).success ? undefined : words.passwordFault,
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (working) return;
    const wrong = Object.values(faults).findIndex((fault) => fault !== undefined);
    if (wrong >= 0) return (event.currentTarget as HTMLFormElement).querySelectorAll("input")[wrong]?.focus(); // the fields stand in the order of their faults
    setWorking(true);
    setError(null);
    createFirstAccount({ ...form, token: form.token.trim() }).then(
      () => history.replaceState(null, "", location.pathname),
      (problem: unknown) => {
        setError(problem);
        setWorking(false);
      },
    );
  };
  const shown = <K extends keyof typeof faults>(key: K) => (tried ? faults[key] : undefined);
  return (
    <EntryPage welcome={welcome} title={words.title}>
      <form className="entry-form" onSubmit={submit} noValidate>
        <p className="quiet">{words.intro} {words.roles(format.list(welcome.firstAccountRoles.map((role) => domain.roles[role])))}</p>
        <TextField label={words.token} value={form.token} onChange={set("token")} fault={shown("token")} autoComplete="off" spellCheck="false" autoFocus={form.token === ""} />
        <TextField label={words.name} value={form.name} onChange={set("name")} fault={shown("name")} autoComplete="name" autoFocus={form.token !== ""} />
        <TextField label={words.login} value={form.login} onChange={set("login")} fault={shown("login")} {...(shown("login") === undefined ? { hint: words.loginHint } : {})} autoComplete="username" />
        <TextField label={words.password} type="password" value={form.password} onChange={set("password")} fault={shown("password")} {...(shown("password") === undefined ? { hint: words.passwordHint } : {})} autoComplete="new-password" />
        {error !== null && <p className="field-fault" role="alert">{problemText(error)}</p>}
        <Button type="submit" tone="primary" isDisabled={working}>{words.action}</Button>
      </form>
    </EntryPage>
  );
}
