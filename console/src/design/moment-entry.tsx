// A day, or a moment, typed as ISO 8601 has it and in 24 hours. The browser's own date field is not used: it writes days in the order of its own language,
// which need not be that of the screen beside it. What is typed counts with Enter or on leaving; what cannot be read is said and changes nothing.
import { useEffect, useId, useState, type KeyboardEvent } from "react";
import { useCityTimeZone } from "../shell/city.ts";
import { useWords } from "../words/use-words.ts";
import { formatMoment, parseMoment } from "../words/zoned-time.ts";
import { designWords } from "./words.ts";

function Entry({ label, shown, parse, onTaken, onCancel, hint, placeholder, className, autoFocus = false }: {
  readonly label: string; readonly shown: string; readonly parse: (text: string) => string | number | undefined; readonly onTaken: (value: string | number) => void; readonly onCancel?: () => void; readonly hint: string; readonly placeholder?: string; readonly className: string; readonly autoFocus?: boolean;
}) {
  const words = useWords(designWords);
  const [typed, setTyped] = useState(shown);
  const [wrong, setWrong] = useState(false);
  const wrongId = useId();
  useEffect(() => setTyped(shown), [shown]);
  const take = (): boolean => {
    if (typed.trim() === shown) return true;
    const value = parse(typed.trim());
    setWrong(value === undefined);
    if (value !== undefined) onTaken(value);
    return value !== undefined;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Escape") {
      setTyped(shown);
      setWrong(false);
      onCancel?.();
    } else if (event.key === "Enter") {
      if (take()) onCancel?.();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className="entry">
      <input
        className={`input ${className}`} aria-label={label} aria-invalid={wrong} aria-describedby={wrong ? wrongId : undefined} title={hint} placeholder={placeholder} value={typed} spellCheck={false} autoComplete="off" inputMode="text" maxLength={30} autoFocus={autoFocus}
        onChange={(event) => { setTyped(event.target.value); setWrong(false); }} onKeyDown={onKeyDown} onFocus={(event) => event.target.select()}
        onBlur={() => { if (take()) onCancel?.(); }}
      />
      {wrong && <span id={wrongId} role="alert" className="entry-wrong">{words.notRead(typed.trim(), hint)}</span>}
    </span>
  );
}

/** A day as text; empty text for none. */
export function DayEntry({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (day: string) => void }) {
  const words = useWords(designWords);
  const parse = (text: string): string | undefined => {
    const at = /^\d{4}/.test(text) ? parseMoment(text, "UTC", 0) : undefined;
    return text === "" ? "" : at === undefined ? undefined : formatMoment(at, "UTC").slice(0, 10);
  };
  return <Entry label={label} shown={value} parse={parse} onTaken={(day) => onChange(String(day))} hint={words.dayForm} placeholder={words.dayShort} className="day-entry" />;
}
/** A moment in the city's zone, near one that is shown; none after `latest`, where that is given. */
export function MomentEntry({ label, at, latest, onChange, onClose }: { readonly label: string; readonly at: number; readonly latest?: () => number; readonly onChange: (at: number) => void; readonly onClose: () => void }) {
  const words = useWords(designWords);
  const hint = latest === undefined ? words.momentForm : words.pastMomentForm;
  const zone = useCityTimeZone();
  const [near] = useState(at); // the field stands still while the clock runs
  const parse = (text: string): number | undefined => {
    const moment = parseMoment(text, zone, near);
    return moment === undefined || (latest !== undefined && moment > latest()) ? undefined : moment;
  };
  return <Entry label={label} shown={formatMoment(near, zone)} parse={parse} onTaken={(moment) => onChange(Number(moment))} onCancel={onClose} hint={hint} className="moment-entry" autoFocus />;
}
