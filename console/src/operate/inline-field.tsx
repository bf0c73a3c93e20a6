// A text that is edited where it stands. Enter or leaving sends it, Escape takes back what was typed. A change by somebody else while one
// types does not overwrite the field; the server tells of the conflict.
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

interface InlineFieldProps {
  readonly label: string;
  readonly value: string;
  readonly empty: string;
  readonly disabled: boolean;
  readonly onSave: (value: string) => Promise<unknown>;
}
export function InlineField({ label, value, empty, disabled, onSave }: InlineFieldProps) {
  const [text, setText] = useState(value);
  const [editing, setEditing] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => { if (!editing) setText(value); }, [value, editing]);
  useEffect(() => {
    const area = box.current;
    if (area === null) return;
    area.style.height = "0";
    area.style.height = `${Math.min(120, area.scrollHeight + 2)}px`;
  }, [text]);
  const save = (): void => {
    setEditing(false);
    if (text.trim() !== value) void onSave(text.trim()).then((done) => { if (done === null) setText(value); });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      box.current?.blur();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      setText(value);
      setEditing(false);
      setTimeout(() => box.current?.blur(), 0);
    }
  };
  return (
    <label className="inline-field">
      <span className="inline-label">{label}</span>
      <textarea ref={box} rows={1} className="inline-value inline-input" placeholder={empty} value={text} readOnly={disabled} maxLength={2000} onFocus={() => setEditing(!disabled)} onBlur={save} onChange={(e) => { setEditing(true); setText(e.target.value); }} onKeyDown={onKeyDown} />
    </label>
  );
}
