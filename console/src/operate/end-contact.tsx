// Ending a call that is no incident (43 % of real ones): E, then one letter; Ctrl+E where the caret is in a field, since a letter is
// text there. The letters stand beside the words.
import { useState, type KeyboardEvent } from "react";
import { Button, KeyHint, notify } from "../design/index.ts";
import { useKeys } from "../shell/keys.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { useAct } from "./act.ts";
import { DESK_ENDINGS, useReopenCall, type DeskEnding } from "./reopen-call.ts";
import { endIntake } from "./store.ts";
import type { ContactView } from "./tones.ts";
import { operateWords } from "./words.ts";

const LETTERS: Record<DeskEnding, string> = { "no-emergency": "n", silent: "s", "wrong-number": "w", prank: "p", "information-given": "i", "called-back-no-need": "c", "called-back-no-answer": "a" };

export function EndContact({ contact }: { readonly contact: ContactView }) {
  const { id: contactId, callerNumber: number } = contact;
  const reopen = useReopenCall();
  const all = useWords(operateWords);
  const words = all.intake;
  const domain = useWords(domainWords);
  const act = useAct();
  const [busy, setBusy] = useState(false);
  const end = (disposition: DeskEnding): void => {
    if (busy) return;
    setBusy(true);
    void act({ type: "contact.end", contactId, disposition }).then((done) => {
      setBusy(false);
      if (done === null) return;
      endIntake(contactId);
      notify("off", words.endedAs(number ?? domain.contactSources[contact.source], domain.contactDispositions[disposition]), { label: all.ended.takeUp, run: () => void reopen(contactId, all.ended.slip) });
    });
  };
  const focusFirst = (): void => document.getElementById("end-call")?.focus();
  useKeys(words.endTitle, [{ keys: "Ctrl+e", label: words.endTitle, whileTyping: true, run: focusFirst }, ...DESK_ENDINGS.map((code) => ({ keys: `e ${LETTERS[code]}`, label: domain.contactDispositions[code], run: () => end(code) }))]);
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    const code = DESK_ENDINGS.find((c) => LETTERS[c] === event.key);
    if (code === undefined || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    event.stopPropagation();
    end(code);
  };
  return (
    <fieldset className="end-contact" onKeyDownCapture={onKeyDownCapture}>
      <legend>{words.endTitle}</legend>
      <p className="quiet small end-hint">{words.endHint}</p>
      {DESK_ENDINGS.map((code, i) => (
        <Button key={code} {...(i === 0 ? { id: "end-call" } : {})} tone="quiet" isDisabled={busy} onPress={() => end(code)}>
          <KeyHint keys={LETTERS[code]} /> {domain.contactDispositions[code]}
        </Button>
      ))}
    </fieldset>
  );
}
