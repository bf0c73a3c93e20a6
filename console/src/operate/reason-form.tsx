import { useState, type FormEvent } from "react";
import { Button, TextField } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import { operateWords } from "./words.ts";

/** One line of words that a step needs, in the place where the step was asked for; Escape leaves it. */
export function ReasonForm({ label, action, onSubmit, onCancel, tone = "primary" }: { readonly label: string; readonly action: string; readonly onSubmit: (words: string) => void; readonly onCancel: () => void; readonly tone?: "primary" | "danger" }) {
  const words = useWords(operateWords);
  const [text, setText] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== "") onSubmit(text.trim());
  };
  return (
    <form className="reason-form" onSubmit={submit} onKeyDown={(e) => { if (e.key === "Escape") { e.stopPropagation(); onCancel(); } }}>
      <TextField label={label} value={text} onChange={setText} autoFocus maxLength={200} />
      <div className="row">
        <Button type="submit" tone={tone} isDisabled={text.trim() === ""} keys="Enter">{action}</Button>
        <Button tone="quiet" onPress={onCancel} keys="Escape">{words.incident.back}</Button>
      </div>
    </form>
  );
}
