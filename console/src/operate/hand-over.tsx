// Hand-over: what is offered to me, what I have offered, and what nobody has taken; and the form that offers all that I watch over to one person. Above the lists, never in their way.
import { sayIncidentNumber } from "../../../src/base/training-ids.ts";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { create } from "zustand";
import type { HandOver } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { useCall } from "../api/use-call.ts";
import { Button, IconButton, PanelHead, SelectField, TextField, notify } from "../design/index.ts";
import { designWords } from "../design/words.ts";
import { useAccount, useMay } from "../shell/session.ts";
import type { Translation } from "../words/catalogue.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { ReasonForm } from "./reason-form.tsx";
import type { en } from "./ties.en.ts";
import { tieWords } from "./ties-words.ts";
import { isOpenIncident } from "./tones.ts";

export const useHandOver = create<{ readonly shown: boolean }>(() => ({ shown: false }));
export const toggleHandOver = (): void => useHandOver.setState(({ shown }) => ({ shown: !shown }));

/** `held`: somebody points at the lists below. Then nothing new opens above them and shifts them: a notice says it, and the line comes when they let go. */
export function HandOvers({ held }: { readonly held: boolean }) {
  const me = useAccount();
  const may = useMay("incident.write");
  const open = useLive((s) => s.handOvers);
  const shown = useHandOver((s) => s.shown);
  const [read, setRead] = useState<ReadonlySet<number>>(new Set());
  const words = useWords(tieWords).handOver;
  const whatOf = useWhat();
  const placed = useRef<ReadonlySet<string>>(new Set());
  const told = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (me === null) return;
    const texts = [...open.values()].flatMap((one) => {
      const text = one.to.id === me.id && one.state === "offered" ? words.toYou(one.from.name, handedOver(one, whatOf)) : one.from.id === me.id ? endedText(one, words) : null;
      return text === null ? [] : [text];
    });
    for (const text of texts) if (held && !told.current.has(text)) notify("decide", text);
    told.current = new Set(texts);
  });
  if (!may || me === null) return null;
  const concerning = [...open.values()].filter((one) => one.dueAt !== null && (one.from.id === me.id || one.to.id === me.id || one.state === "escalated")).sort((a, b) => a.id - b.id);
  const ended = [...open.values()].filter((one) => one.from.id === me.id && endedText(one, words) !== null && !read.has(one.id));
  const keyOf = ({ id, dueAt }: HandOver): string => `${id} ${dueAt === null ? "over" : "open"}`;
  const isPlaced = (one: HandOver): boolean => !held || placed.current.has(keyOf(one));
  if (!held) placed.current = new Set([...concerning, ...ended].map(keyOf));
  return (
    <>
      {ended.filter(isPlaced).map((one) => <EndedLine key={one.id} handOver={one} onClose={() => setRead((before) => new Set(before).add(one.id))} />)}
      {concerning.filter(isPlaced).map((one) => <HandOverLine key={one.id} handOver={one} myId={me.id} />)}
      {shown && <OfferForm myId={me.id} />}
    </>
  );
}

/** "3 incidents and 1 call"; of what there is none nothing is said. */
function useWhat(): (incidents: number, calls: number) => string {
  const words = useWords(tieWords).handOver;
  const format = useFormat();
  return (incidents, calls) => format.list([...(incidents > 0 ? [words.incidents(incidents)] : []), ...(calls > 0 ? [words.calls(calls)] : [])]);
}

const handedOver = ({ incidentIds, contactIds, words }: HandOver, whatOf: ReturnType<typeof useWhat>): string => [whatOf(incidentIds.length, contactIds.length), words].filter((part) => part !== "").join(" · ");

function HandOverLine({ handOver, myId }: { readonly handOver: HandOver; readonly myId: number }) {
  const words = useWords(tieWords).handOver;
  const act = useAct();
  const [declining, setDeclining] = useState(false);
  const { id, from, to, state } = handOver;
  const what = handedOver(handOver, useWhat());
  const mine = from.id === myId;
  const late = state === "escalated";
  const text = mine ? (late ? words.yoursLate(to.name, what) : words.yours(to.name, what)) : to.id === myId ? words.toYou(from.name, what) : words.escalated(from.name, to.name, what);
  return (
    <div className={`hand-over ${late ? "mean-danger" : mine ? "" : "mean-decide"}`} role="status">
      <p>{text}</p>
      {declining ? <ReasonForm label={words.declineWords} action={words.decline} onCancel={() => setDeclining(false)} onSubmit={(reason) => void act({ type: "hand-over.decline", handOverId: id, words: reason })} /> : (
        <div className="row">
          {mine ? <Button onPress={() => void act({ type: "hand-over.withdraw", handOverId: id })}>{words.withdraw}</Button> : <Button tone="primary" onPress={() => void act({ type: "hand-over.take", handOverId: id })}>{words.take}</Button>}
          {to.id === myId && <Button tone="quiet" onPress={() => setDeclining(true)}>{words.decline}</Button>}
        </div>
      )}
    </div>
  );
}

type HandOverWords = Pick<Translation<typeof en>["handOver"], "taken" | "declined">;
/** Null while it waits, and where it was withdrawn. */
const endedText = ({ state, to, endedBy, endWords }: HandOver, words: HandOverWords): string | null =>
  state === "taken" ? words.taken(endedBy?.name ?? to.name) : state === "declined" ? words.declined(to.name, endWords ?? "") : null;

/** What became of what I offered, until I have read it: nothing of mine may change hands, or stay mine, without my knowing. */
function EndedLine({ handOver, onClose }: { readonly handOver: HandOver; readonly onClose: () => void }) {
  const words = useWords(tieWords).handOver;
  return (
    <div className={`hand-over ${handOver.state === "declined" ? "mean-decide" : ""}`} role="status">
      <p>{endedText(handOver, words)}</p>
      <div className="row"><Button onPress={onClose}>{words.understood}</Button></div>
    </div>
  );
}

function OfferForm({ myId }: { readonly myId: number }) {
  const words = useWords(tieWords).handOver;
  const close = useWords(designWords).close;
  const format = useFormat();
  const act = useAct();
  const people = (useCall("listWatchers", {}).data?.people ?? []).filter(({ id }) => id !== myId);
  const incidents = useLive((s) => s.incidents);
  const contacts = useLive((s) => s.contacts);
  const watched = [...incidents.values()].filter((one) => isOpenIncident(one) && one.watch.by?.kind === "user" && one.watch.by.id === myId);
  const held = [...contacts.values()].filter((one) => one.state === "claimed" && one.claimedBy?.kind === "user" && one.claimedBy.id === myId).length;
  const [toUserId, setTo] = useState<number | null>(null);
  const [text, setText] = useState("");
  const whatOf = useWhat();
  const nothing = watched.length + held === 0;
  const name = people.find(({ id }) => id === toUserId)?.name;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (toUserId === null || nothing) return;
    void act({ type: "hand-over.offer", toUserId, words: text.trim() }).then((done) => done !== null && toggleHandOver());
  };
  return (
    <section className="hand-over-form" aria-label={words.title}>
      <PanelHead title={words.title}><IconButton icon="close" label={close} onPress={toggleHandOver} /></PanelHead>
      <form className="stack" onSubmit={submit} onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); toggleHandOver(); } }}>
        <p className="quiet">{nothing ? words.nothing : words.about(whatOf(watched.length, held))}</p>
        {watched.length > 0 && <p className="small clip" title={format.list(watched.map((one) => `#${sayIncidentNumber(one)}`))}>{format.list(watched.map((one) => `#${sayIncidentNumber(one)}`))}</p>}
        <SelectField label={words.to} placeholder={words.choose} autoFocus value={toUserId} onChange={setTo} choices={people.map((one) => ({ id: one.id, label: one.name }))} disabled={nothing} />
        <TextField label={words.words} value={text} onChange={setText} maxLength={200} />
        <div><Button type="submit" tone="primary" isDisabled={nothing || toUserId === null} keys="Enter">{name === undefined ? words.offerNobody : words.offer(name)}</Button></div>
      </form>
    </section>
  );
}
