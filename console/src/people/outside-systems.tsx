// Outside systems: which have a key, for which interface, when it was last used; a new key is shown once, and a key that should open nothing more is revoked.
import { useMemo, useState, type FormEvent } from "react";
import { INTERFACES, type InterfaceName, type MachineAccount } from "../../../src/contract/interfaces.ts";
import { api } from "../api/client.ts";
import { serverNow, useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { BrokenState, Button, ConfirmDialog, DataTable, DialogBox, EmptyState, PanelHead, SelectField, Skeleton, StatusMark, TextField, notify, type TableColumn } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { outsideWords } from "./outside-words.ts";

const AGAIN_EVERY_MS = 15_000;

export function OutsideSystems() {
  const words = useWords(outsideWords);
  const format = useFormat();
  const problemText = useProblemText();
  const answer = useCall("listMachineAccounts", {}, AGAIN_EVERY_MS);
  const [making, setMaking] = useState(false);
  const [chosenId, setChosenId] = useState<number | null>(null);
  const [revoking, setRevoking] = useState(false);
  useNow();
  const accounts = answer.data?.accounts ?? [];
  const chosen = accounts.find((account) => account.id === chosenId);
  useKeys(words.title, [{ keys: "n", label: words.add, run: () => setMaking(true) }]);
  const usedText = (account: MachineAccount): string => (account.lastUsedAt === null ? words.never : words.ago(format.age(Math.max(0, serverNow() - account.lastUsedAt))));
  const columns: readonly TableColumn<MachineAccount>[] = useMemo(() => [
    { id: "name", title: words.columns.name, width: "2fr", render: (a) => a.name },
    { id: "interface", title: words.columns.interface, width: "2fr", render: (a) => words.interfaces[a.interface] },
    { id: "key", title: words.columns.key, width: 130, render: (a) => <span className="mono">{a.keyStart}…</span> },
    { id: "state", title: words.columns.state, width: 130, render: (a) => <span className="row"><StatusMark tone={a.revokedAt === null ? "free" : "off"} label="" />{a.revokedAt === null ? words.active : words.revoked}</span> },
    { id: "used", title: words.columns.used, width: 150, end: true, render: (a) => <span title={a.lastUsedAt === null ? "" : `${format.exact(a.lastUsedAt)} · ${a.lastUsedFrom ?? ""}`}>{usedText(a)}</span> },
  ], [words, format, accounts]);
  const revoke = async (): Promise<void> => {
    if (chosen === undefined) return;
    try {
      await api.call("revokeMachineAccount", { params: { id: chosen.id } });
      notify("off", words.nowRevoked(chosen.name));
    } catch (error) {
      notify("danger", problemText(error));
    }
    answer.again();
  };
  return (
    <div className={`people ${chosen === undefined ? "" : "people-split"}`}>
      <section className="people-main" aria-label={words.title}>
        <PanelHead title={words.title} count={answer.data === null ? undefined : format.number(accounts.filter((a) => a.revokedAt === null).length)}><Button tone="primary" keys="n" onPress={() => setMaking(true)}>{words.add}</Button></PanelHead>
        <p className="people-said quiet">{words.what}</p>
        <div className="people-table">
          {answer.data === null ? (answer.problem !== null ? <BrokenState error={answer.problem} retry={answer.again} /> : <Skeleton rows={6} />) : (
            <DataTable label={words.title} columns={columns} rows={accounts} selectedId={chosen?.id ?? null} onSelect={setChosenId} empty={<EmptyState>{words.none}</EmptyState>} />
          )}
        </div>
      </section>
      {chosen !== undefined && (
        <aside className="people-side" aria-label={chosen.name}>
          <PanelHead title={chosen.name}>
            {chosen.revokedAt === null && <Button tone="quiet" onPress={() => setRevoking(true)}>{words.revoke}</Button>}
            <Button tone="quiet" onPress={() => setChosenId(null)}>{words.close}</Button>
          </PanelHead>
          <dl className="people-facts">
            <dt>{words.columns.interface}</dt><dd>{words.interfaces[chosen.interface]}<br /><span className="quiet">{words.interfaceWhat[chosen.interface]}</span></dd>
            <dt>{words.columns.key}</dt><dd className="mono">{chosen.keyStart}…</dd>
            <dt>{words.made}</dt><dd>{words.by(format.exact(chosen.createdAt), chosen.createdBy.name)}</dd>
            {chosen.revokedAt !== null && <><dt>{words.revoked}</dt><dd>{words.by(format.exact(chosen.revokedAt), chosen.revokedBy?.name ?? "")}</dd></>}
            <dt>{words.columns.used}</dt><dd>{chosen.lastUsedAt === null ? words.never : words.from(format.exact(chosen.lastUsedAt), chosen.lastUsedFrom ?? "–")}</dd>
          </dl>
          <ConfirmDialog title={words.revokeTitle(chosen.name)} open={revoking} onClose={() => setRevoking(false)} onConfirm={() => void revoke()} action={words.revoke}><p>{words.revokeWhat}</p></ConfirmDialog>
        </aside>
      )}
      <NewKey open={making} onClose={() => setMaking(false)} onMade={answer.again} />
    </div>
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
