// The phone that was started without a link, from its own store: which unit it is, the step of the job, and what may be pressed all the same. Where the job is and what the caller said are not
// kept on the phone. What is pressed goes into the same outbox, and is sent once the link and the session are there again.
import { useRef, useState } from "react";
import type { Point } from "../../../src/contract/basics.ts";
import type { AssignmentState } from "../../../src/contract/dispatch.ts";
import { createCommandId } from "../api/command.ts";
import { useNow } from "../api/now.ts";
import { StatusMark } from "../design/index.ts";
import type { KeptPhone } from "../shell/phone-store.ts";
import { TrainingMark } from "../shell/training-banner.tsx";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { createHelpCall } from "./emergency.ts";
import { FieldButton, GuardedPage } from "./field-button.tsx";
import { HoldButton } from "./hold-button.tsx";
import { keepBox, readBox } from "./kept-outbox.ts";
import { findMyPoint } from "./my-point.ts";
import { addPlace, enqueue, type FieldCommand, type Outbox } from "./outbox.ts";
import { progressOf } from "./progress.ts";
import { Report } from "./report.tsx";
import { fieldWords } from "./words.ts";

export function PhoneAlone({ kept }: { readonly kept: KeptPhone }) {
  const words = useWords(fieldWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  useNow();
  const [since] = useState(() => Date.now());
  const { box, press, place } = useBox(kept.accountId);
  const pressHelp = useRef((_point: Point | null): void => {});
  pressHelp.current = (point) => void press({ type: "unit.emergency", unitId: kept.unitId, point, deviceAt: Date.now() });
  const [help] = useState(() => createHelpCall(findMyPoint, (point) => pressHelp.current(point)));
  const progress = progressOf({ assignment: kept.job, next: [] }, box);
  const calling = box.entries.some(({ command }) => command.type === "unit.emergency");
  // In an emergency the job does not end by a thumb: that is asked with the link.
  const next = progress === null || (calling && progress.primary === "cleared") ? null : progress.primary;
  const advance = (to: AssignmentState): void => {
    if (kept.job === null) return;
    navigator.vibrate?.(30);
    press({ type: "assignment.advance", assignmentId: kept.job.id, to, deviceAt: Date.now() });
  };
  return (
    <GuardedPage meaning={JSON.stringify([progress?.state, next, calling])} className="field-page">
      <div className="field-room" data-without-link>
        {calling && (
          <section className="field-alarm" role="alert">
            <StatusMark tone="danger" letter="!" label={words.emergency.title} blink />
            <p><b>{words.emergency.sending}</b></p>
          </section>
        )}
        <header className="field-head">
          <div className="row"><h1>{kept.callSign}</h1><TrainingMark /></div>
          <p className="field-link field-link-lost" role="status" data-outbox={box.entries.length}>
            <StatusMark tone="decide" letter={box.entries.length === 0 ? "!" : String(box.entries.length)} label="" />
            <span>{words.link.lost(format.span(Date.now() - since))} {box.entries.length > 0 && words.link.waiting(box.entries.length)}</span>
          </p>
        </header>
        <section className="job">
          {progress === null ? <p>{words.withoutLink.noJob(format.time(kept.at))}</p> : (
            <>
              <h2>{words.job}</h2>
              <p className="job-state"><b>{wordFor(domain.assignmentStates, progress.state)}</b>{progress.unsent ? <span className="quiet">{words.unsent}</span> : <span className="quiet">{words.withoutLink.asOf(format.time(kept.at))}</span>}</p>
              <p className="quiet">{words.withoutLink.notKept}</p>
            </>
          )}
        </section>
        <Report unitId={kept.unitId} field={{ box, refusals: [], press, addPlace: place }} findPoint={findMyPoint} />
      </div>
      <footer className="field-dock">
        {next !== null && <FieldButton tone="primary" className="job-next" onPress={() => advance(next)}>{wordFor(words.steps as Readonly<Record<string, string>>, next)}</FieldButton>}
        <HoldButton label={words.emergency.title} hint={words.emergency.hold} onBegin={help.prepare} onHeld={help.call} disabled={calling} />
      </footer>
    </GuardedPage>
  );
}

/** The outbox without anybody who sends it. */
function useBox(accountId: number) {
  const [box, setBox] = useState(() => readBox(accountId));
  const now = useRef(box);
  const change = (next: Outbox): void => {
    now.current = next;
    keepBox(accountId, next);
    setBox(next);
  };
  const press = (command: FieldCommand, waitMs?: number): string => {
    const commandId = createCommandId();
    change(enqueue(now.current, commandId, command, Date.now(), waitMs));
    return commandId;
  };
  return { box, press, place: (commandId: string, point: Point | null): void => change(addPlace(now.current, commandId, point, Date.now())) };
}
