// One's own password: the present one is asked again, and every other session of the account ends.
import { useState, type FormEvent } from "react";
import { Password } from "../../../src/contract/access.ts";
import { api } from "../api/client.ts";
import { Button, DialogBox, notify, TextField } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useWords } from "../words/use-words.ts";
import { useAccount } from "./session.ts";
import { shellWords } from "./words.ts";

const EMPTY = { current: "", next: "", again: "" };

export function OwnPassword({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords(shellWords).ownPassword;
  return <DialogBox title={words.title} open={open} onClose={onClose}><PasswordForm onDone={onClose} /></DialogBox>;
}

function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const all = useWords(shellWords);
  const words = all.ownPassword;
  const problemText = useProblemText();
  const account = useAccount();
  const [form, setForm] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const set = (key: keyof typeof EMPTY) => (value: string): void => setForm((before) => ({ ...before, [key]: value }));
  const faults = {
    current: form.current === "" ? words.currentFault : undefined,
    next: !Password.safeParse(form.next).success ? all.first.passwordFault : form.next === form.current ? words.sameFault : undefined,
    again: form.again === form.next ? undefined : words.againFault,
  };
  const shown = (key: keyof typeof faults): string | undefined => (tried ? faults[key] : undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (working || Object.values(faults).some((fault) => fault !== undefined)) return;
    setWorking(true);
    setError(null);
    api.call("changeOwnPassword", { body: { current: form.current, next: form.next } }).then(
      () => {
        notify("free", words.done);
        onDone();
      },
      (problem: unknown) => {
        setError(problem);
        setWorking(false);
      },
    );
  };
  return (
    <form className="stack own-password" onSubmit={submit} noValidate>
      <p className="quiet">{words.intro}</p>
      <input type="text" hidden readOnly autoComplete="username" value={account?.login ?? ""} />
      <TextField label={words.current} type="password" value={form.current} onChange={set("current")} fault={shown("current")} autoComplete="current-password" autoFocus />
      <TextField label={words.next} type="password" value={form.next} onChange={set("next")} fault={shown("next")} {...(shown("next") === undefined ? { hint: all.first.passwordHint } : {})} autoComplete="new-password" />
      <TextField label={words.again} type="password" value={form.again} onChange={set("again")} fault={shown("again")} autoComplete="new-password" />
      {error !== null && <p className="field-fault" role="alert">{problemText(error)}</p>}
      <footer className="dialog-foot">
        <Button onPress={onDone}>{words.cancel}</Button>
        <Button type="submit" tone="primary" isDisabled={working}>{words.action}</Button>
      </footer>
    </form>
  );
}
