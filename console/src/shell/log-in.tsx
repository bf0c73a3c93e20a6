import { useState, type FormEvent } from "react";
import type { Welcome } from "../../../src/contract/access.ts";
import { Button, TextField } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { EntryPage } from "./entry-page.tsx";
import { logIn } from "./session.ts";
import { shellWords } from "./words.ts";

export function LogIn({ welcome, ended }: { readonly welcome: Welcome; readonly ended: boolean }) {
  const words = useWords(shellWords).logIn;
  const problemText = useProblemText();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (working) return;
    setWorking(true);
    setError(null);
    logIn(login, password).catch((problem: unknown) => {
      setError(problem);
      setWorking(false);
    });
  };
  return (
    <EntryPage welcome={welcome} title={words.title}>
      <form className="entry-form" onSubmit={submit}>
        {ended && <p className="quiet">{words.ended}</p>}
        <TextField label={words.login} value={login} onChange={setLogin} autoComplete="username" autoFocus isRequired />
        <TextField label={words.password} type="password" value={password} onChange={setPassword} autoComplete="current-password" isRequired />
        {error !== null && <p className="field-fault" role="alert">{problemText(error)}</p>}
        <Button type="submit" tone="primary" isDisabled={working || login === "" || password === ""}>{working ? words.working : words.action}</Button>
      </form>
    </EntryPage>
  );
}
