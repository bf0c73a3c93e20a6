// Ending a call that is no incident (43 % of real ones): E, then one letter; Ctrl+E where the caret is in a field, since a letter is
// text there. The letters stand beside the words.
import { useState, type KeyboardEvent } from "react";
import type { CONTACT_DISPOSITIONS } from "../../../src/contract/dispatch.ts";
import { Button, KeyHint, notify } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { useMay } from "../shell/session.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { carryOver, isEmptyDraft } from "./draft.ts";
import { changeDraft, closeIntake, getHeld, openIntake, WITHOUT_CALL } from "./store.ts";
import type { ContactView } from "./tones.ts";
import { operateWords } from "./words.ts";

type Code = Exclude<(typeof CONTACT_DISPOSITIONS)[number], "incident" | "attached" | "answered-elsewhere" | "transferred">;
const LETTERS: Record<Code, string> = { "no-emergency": "n", silent: "s", "wrong-number": "w", prank: "p", "information-given": "i", "called-back-no-need": "c", "called-back-no-answer": "a" };
const CODES = Object.keys(LETTERS) as readonly Code[];

export function EndContact({ contact }: { readonly contact: ContactView }) {
  const { id: contactId, callerNumber: number, callerWords } = contact;
  const mayMake = useMay("incident.write");
  const words = useWords(operateWords).intake;
  const domain = useWords(domainWords);
  const act = useAct();
  const [busy, setBusy] = useState(false);
  const end = (disposition: Code): void => {
    if (busy) return;
    setBusy(true);
    void act({ type: "contact.end", contactId, disposition }).then((done) => {
      setBusy(false);
      if (done === null) return;
      const typed = getHeld(contactId).draft;
      closeIntake(contactId);
      // An end stands in the log; one that was a slip of the finger is made good by an incident with all that is known of the call.
      const makeAfterAll = (): void => {
        if (isEmptyDraft(getHeld(WITHOUT_CALL).draft)) changeDraft(WITHOUT_CALL, carryOver(typed, { words: callerWords, number }));
        openIntake(WITHOUT_CALL);
      };
      notify("off", words.endedAs(number ?? domain.contactSources[contact.source], domain.contactDispositions[disposition]), mayMake ? { label: words.makeAfterAll, run: makeAfterAll } : null);
    });
  };
  const focusFirst = (): void => document.getElementById("end-call")?.focus();
  useKeys(words.endTitle, [{ keys: "Ctrl+e", label: words.endTitle, whileTyping: true, run: focusFirst }, ...CODES.map((code) => ({ keys: `e ${LETTERS[code]}`, label: domain.contactDispositions[code], run: () => end(code) }))]);
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    const code = CODES.find((c) => LETTERS[c] === event.key);
    if (code === undefined || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    event.stopPropagation();
    end(code);
  };
  return (
    <fieldset className="end-contact" onKeyDownCapture={onKeyDownCapture}>
      <legend>{words.endTitle}</legend>
      <p className="quiet small end-hint">{words.endHint}</p>
      {CODES.map((code, i) => (
        <Button key={code} {...(i === 0 ? { id: "end-call" } : {})} tone="quiet" isDisabled={busy} onPress={() => end(code)}>
          <KeyHint keys={LETTERS[code]} /> {domain.contactDispositions[code]}
        </Button>
      ))}
    </fieldset>
  );
}
