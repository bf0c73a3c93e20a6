// Somebody knows of a problem and says what is done: once, in words, with the name beside it.
import { useState } from "react";
import type { CameraEvent } from "../../../src/contract/camera-events.ts";
import { api } from "../api/client.ts";
import { Button, DialogBox, TextField, notify } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { healthWords } from "./health-words.ts";
import { nameOfSubject, titleOfProblem } from "./problem-text.ts";

/** The words, or the button to give them; a dash for who may not. */
export function Acknowledgement({ event, changed }: { readonly event: CameraEvent; readonly changed: () => void }) {
  const words = useWords(healthWords);
  const problemText = useProblemText();
  const format = useFormat();
  const mayWrite = useMay("camera.write");
  const mayView = useMay("camera.view");
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [sending, setSending] = useState(false);
  if (event.acknowledged !== null) {
    const text = words.acknowledgedBy(event.acknowledged.by.name, event.acknowledged.words);
    return <span className="quiet" title={text}>{text}</span>;
  }
  if (!mayWrite && !mayView) return <span className="quiet">–</span>;
  const send = async (): Promise<void> => {
    setSending(true);
    try {
      await api.call("acknowledgeCameraEvent", { params: { id: event.id }, body: { words: typed.trim() } });
      setOpen(false);
    } catch (error) {
      notify("danger", problemText(error));
    } finally {
      setSending(false);
      changed();
    }
  };
  return (
    <>
      <Button tone="quiet" onPress={() => { setTyped(""); setOpen(true); }}>{words.acknowledge}</Button>
      <DialogBox title={words.acknowledging(titleOfProblem(event, words), nameOfSubject(event, words, format))} open={open} onClose={() => setOpen(false)}>
        <form className="stack" onSubmit={(submit) => { submit.preventDefault(); if (typed.trim() !== "" && !sending) void send(); }}>
          <p>{words.acknowledgeWhat}</p>
          <TextField label={words.words} placeholder={words.wordsExample} value={typed} onChange={setTyped} autoFocus autoComplete="off" maxLength={200} />
          <footer className="dialog-foot">
            <Button onPress={() => setOpen(false)}>{words.cancel}</Button>
            <Button tone="primary" type="submit" isDisabled={typed.trim() === "" || sending}>{words.acknowledge}</Button>
          </footer>
        </form>
      </DialogBox>
    </>
  );
}
