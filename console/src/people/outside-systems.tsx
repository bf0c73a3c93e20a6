// Outside systems: which have a key, for which interface, when it was last used; a new key is shown once, and a key that should open nothing more is revoked.
import { useState, type FormEvent } from "react";
import { INTERFACES, type InterfaceName, type MachineAccount } from "../../../src/contract/interfaces.ts";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button, DialogBox, SelectField, StatusMark, TextField, notify, type TableColumn } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { outsideWords } from "./outside-words.ts";
import { ConfirmedButton, RegisterPage, useDone } from "./register-page.tsx";

const AGAIN_EVERY_MS = 15_000;

export function OutsideSystems() {
  const words = useWords(outsideWords);
  const format = useFormat();
  const reading = useCall("listMachineAccounts", {}, AGAIN_EVERY_MS);
  const [making, setMaking] = useState(false);
  const done = useDone(reading.again);
  const accounts = reading.data?.accounts ?? [];
  const usedText = (account: MachineAccount): string => (account.lastUsedAt === null ? words.never : words.ago(format.age(Math.max(0, serverNow() - account.lastUsedAt))));
  const columns: readonly TableColumn<MachineAccount>[] = [
    { id: "name", title: words.columns.name, width: "2fr", render: (a) => a.name },
    { id: "interface", title: words.columns.interface, width: "2fr", render: (a) => words.interfaces[a.interface] },
    { id: "key", title: words.columns.key, wideOnly: true, width: 130, render: (a) => <span className="mono">{a.keyStart}…</span> },
    { id: "state", title: words.columns.state, width: 130, render: (a) => <span className="row"><StatusMark tone={a.revokedAt === null ? "free" : "off"} label="" />{a.revokedAt === null ? words.active : words.revoked}</span> },
    { id: "used", title: words.columns.used, wideOnly: true, width: 150, end: true, render: (a) => <span title={a.lastUsedAt === null ? "" : `${format.exact(a.lastUsedAt)} · ${a.lastUsedFrom ?? ""}`}>{usedText(a)}</span> },
  ];
  const revoke = ({ id, name }: MachineAccount) => done(async () => {
    await api.call("revokeMachineAccount", { params: { id } });
    return words.nowRevoked(name);
  });
  return (
    <RegisterPage
      words={words} reading={reading} rows={accounts} count={accounts.filter((a) => a.revokedAt === null).length} columns={columns} onAdd={() => setMaking(true)} titleOf={(a) => a.name}
      toolsOf={(a) => a.revokedAt === null && <ConfirmedButton label={words.revoke} title={words.revokeTitle(a.name)} what={words.revokeWhat} onConfirm={() => void revoke(a)} />}
      factsOf={(a) => [
        [words.columns.interface, <>{words.interfaces[a.interface]}<br /><span className="quiet">{words.interfaceWhat[a.interface]}</span></>],
        [words.columns.key, <span className="mono">{a.keyStart}…</span>],
        [words.made, words.by(format.exact(a.createdAt), a.createdBy.name)],
        a.revokedAt === null ? null : [words.revoked, words.by(format.exact(a.revokedAt), a.revokedBy?.name ?? "")],
        [words.columns.used, a.lastUsedAt === null ? words.never : words.from(format.exact(a.lastUsedAt), a.lastUsedFrom ?? "–")],
      ]}
    >
      <NewKey open={making} onClose={() => setMaking(false)} onMade={reading.again} />
    </RegisterPage>
  );
}

function NewKey({ open, onClose, onMade }: { readonly open: boolean; readonly onClose: () => void; readonly onMade: () => void }) {
  const words = useWords(outsideWords);
  const problemText = useProblemText();
  const [name, setName] = useState("");
  const [face, setFace] = useState<InterfaceName>("alarms");
  const [fault, setFault] = useState<string | undefined>();
  const [key, setKey] = useState<string | null>(null);
  const leave = (): void => {
    setName("");
    setFault(undefined);
    setKey(null);
    onClose();
  };
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === "") return setFault(words.nameMissing);
    try {
      const made = await api.call("createMachineAccount", { body: { name, interface: face } });
      setKey(made.key);
      onMade();
    } catch (error) {
      setFault(problemText(error));
    }
  };
  return (
    <DialogBox title={words.add} open={open} onClose={leave}>
      {key === null ? (
        <form className="stack" onSubmit={(event) => void make(event)}>
          <TextField label={words.columns.name} value={name} onChange={(value) => { setName(value); setFault(undefined); }} fault={fault} hint={words.nameHint} autoComplete="off" autoFocus />
          <SelectField<InterfaceName> label={words.columns.interface} choices={INTERFACES.map((id) => ({ id, label: words.interfaces[id] }))} value={face} onChange={setFace} hint={words.interfaceWhat[face]} />
          <footer className="dialog-foot"><Button onPress={leave}>{words.cancel}</Button><Button tone="primary" type="submit">{words.make}</Button></footer>
        </form>
      ) : (
        <div className="stack">
          <p>{words.once}</p>
          <p className="mono people-secret people-key">{key}</p>
          <p className="quiet">{words.how}</p>
          <footer className="dialog-foot"><Button onPress={() => void navigator.clipboard?.writeText(key).then(() => notify("free", words.copied))}>{words.copy}</Button><Button tone="primary" onPress={leave}>{words.kept}</Button></footer>
        </div>
      )}
    </DialogBox>
  );
}
