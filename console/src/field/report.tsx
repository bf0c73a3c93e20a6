// What the crew comes upon and nobody has called about: words, sent with the place of the phone through the outbox. The control room answers it as a call. The words are in the outbox
// before the form goes, and it is said that the control room has them once it has said so; refused, they are in the form again.
import { useEffect, useRef, useState, type FormEvent } from "react";
import type { Point } from "../../../src/contract/basics.ts";
import { createCommandId } from "../api/command.ts";
import { StatusMark, TextAreaField } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { FieldButton, usePresses } from "./field-button.tsx";
import { reportStateOf } from "./outbox.ts";
import type { Field } from "./use-field.ts";
import { fieldWords } from "./words.ts";

/** The phone looks for its place from the opening of the form on; so long a report waits for it in the outbox. */
const PLACE_WITHIN_MS = 2_000;

export interface ReportProps {
  readonly unitId: number;
  readonly field: Pick<Field, "box" | "refusals" | "press" | "addPlace">;
  readonly findPoint: () => Promise<Point | null>;
}

export function Report({ unitId, field: { box, refusals, press, addPlace }, findPoint }: ReportProps) {
  const words = useWords(fieldWords).report;
  const format = useFormat();
  const presses = usePresses();
  const [said, setSaid] = useState<string | null>(null);
  const [sent, setSent] = useState<{ readonly commandId: string; readonly at: number } | null>(null);
  const place = useRef<Promise<Point | null>>(Promise.resolve(null));
  const open = (text: string): void => {
    place.current = findPoint();
    setSaid(text);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const callerWords = (said ?? "").trim();
    if (callerWords !== "") presses.press(() => send(callerWords));
  };
  const send = (callerWords: string): void => {
    const commandId = press({ type: "contact.receive", source: "officer", externalId: `unit-${unitId}:${createCommandId()}`, callerNumber: null, callerPoint: null, callerUncertaintyM: null, callerWords }, PLACE_WITHIN_MS);
    void place.current.then((point) => addPlace(commandId, point));
    setSaid(null);
    setSent({ commandId, at: Date.now() });
  };
  // The words of one that was refused come back, after a reload in between, too; not over what is being written: the notice has them as well.
  const refused = refusals.findLast(({ command }) => command.type === "contact.receive");
  const refusedWords = refused?.command.type === "contact.receive" ? refused.command.callerWords : null;
  const cameBack = useRef(new Set<string>());
  useEffect(() => {
    if (refused === undefined || cameBack.current.has(refused.commandId)) return;
    cameBack.current.add(refused.commandId);
    setSent((last) => (last?.commandId === refused.commandId ? null : last));
    if ((said ?? "").trim() === "") open(refusedWords ?? "");
  }, [refused?.commandId]);
  const state = sent === null ? null : reportStateOf(sent.commandId, box, refusals);
  if (said === null) {
    return (
      <section className="field-report">
        {sent !== null && state !== "refused" && <p className="field-link" role="status"><StatusMark tone={state === "kept" ? "moving" : "free"} letter={state === "kept" ? "!" : "✓"} label="" /> {state === "kept" ? words.kept : words.sent(format.minute(sent.at))}</p>}
        <FieldButton onPress={() => open("")}>{words.button}</FieldButton>
      </section>
    );
  }
  return (
    <form className="job-decline" onSubmit={submit}>
      <TextAreaField label={words.what} value={said} onChange={setSaid} maxLength={2_000} autoFocus placeholder={words.example} />
      <p className="quiet">{words.place}</p>
      <div className="job-others">
        <FieldButton onPress={() => setSaid(null)}>{words.keep}</FieldButton>
        <FieldButton tone="primary" type="submit" isDisabled={said.trim() === ""}>{words.send}</FieldButton>
      </div>
    </form>
  );
}
