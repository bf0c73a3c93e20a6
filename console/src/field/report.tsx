// What the crew comes upon and nobody has called about: words, sent with the place of the phone through the outbox. The control room answers it as a call.
import { useRef, useState, type FormEvent } from "react";
import type { Point } from "../../../src/contract/basics.ts";
import { createCommandId } from "../api/command.ts";
import { Button, StatusMark, TextAreaField } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import type { FieldCommand } from "./outbox.ts";
import { fieldWords } from "./words.ts";

/** The phone looks for its place from the opening of the form on; words are not held back for it. */
const PLACE_WITHIN_MS = 2_000;
const FIX_UNCERTAINTY_M = 30;

export interface ReportProps {
  readonly unitId: number;
  /** Still on this phone. */
  readonly isKept: boolean;
  readonly findPoint: () => Promise<Point | null>;
  readonly onReport: (command: FieldCommand) => void;
}

export function Report({ unitId, isKept, findPoint, onReport }: ReportProps) {
  const words = useWords(fieldWords).report;
  const format = useFormat();
  const [said, setSaid] = useState<string | null>(null);
  const [sentAt, setSentAt] = useState<number | null>(null);
  const place = useRef<Promise<Point | null>>(Promise.resolve(null));
  const open = (): void => {
    place.current = findPoint();
    setSaid("");
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const callerWords = (said ?? "").trim();
    if (callerWords === "") return;
    const externalId = `unit-${unitId}:${createCommandId()}`;
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PLACE_WITHIN_MS));
    void Promise.race([place.current, late]).then((point) =>
      onReport({ type: "contact.receive", source: "officer", externalId, callerNumber: null, callerPoint: point, callerUncertaintyM: point === null ? null : FIX_UNCERTAINTY_M, callerWords }));
    setSaid(null);
    setSentAt(Date.now());
  };
  if (said === null) {
    return (
      <section className="field-report">
        {sentAt !== null && <p className="field-link" role="status"><StatusMark tone={isKept ? "moving" : "free"} letter={isKept ? "!" : "✓"} label="" /> {isKept ? words.kept : words.sent(format.minute(sentAt))}</p>}
        <Button onPress={open}>{words.button}</Button>
      </section>
    );
  }
  return (
    <form className="job-decline" onSubmit={submit}>
      <TextAreaField label={words.what} value={said} onChange={setSaid} maxLength={2_000} autoFocus placeholder={words.example} />
      <p className="quiet">{words.place}</p>
      <div className="job-others">
        <Button onPress={() => setSaid(null)}>{words.keep}</Button>
        <Button tone="primary" type="submit" isDisabled={said.trim() === ""}>{words.send}</Button>
      </div>
    </form>
  );
}
