// Type and priority. The type narrows by typing, in the user's words or the code; Enter takes it and goes on.
import { useRef, useState, type KeyboardEvent } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { SearchField } from "react-aria-components/SearchField";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { INCIDENT_TYPES, type IncidentType } from "../../../src/contract/dispatch.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { operateWords } from "./words.ts";

export const TYPE_NAMES = Object.keys(INCIDENT_TYPES) as readonly IncidentType[];

interface TypeFieldProps {
  readonly id?: string;
  readonly value: IncidentType | null;
  readonly onChange: (type: IncidentType) => void;
  /** Enter on a type, or on the one that is chosen already. */
  readonly onDone?: (type: IncidentType) => void;
  readonly fault?: string | undefined;
}
export function TypeField({ id, value, onChange, onDone, fault }: TypeFieldProps) {
  const words = useWords(operateWords).intake;
  const domain = useWords(domainWords);
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const wanted = text.trim().toLowerCase();
  const matches = TYPE_NAMES.filter((type) => wanted === "" || domain.incidentTypes[type].toLowerCase().includes(wanted) || type.includes(wanted));
  const choose = (type: IncidentType, done: boolean): void => {
    onChange(type);
    setText("");
    setOpen(false);
    if (done) onDone?.(type);
  };
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && open) {
      event.stopPropagation();
      setOpen(false);
    }
    if (event.key !== "Enter" || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    if (box.current?.querySelector("[role=option][data-focused]") != null) return; // the list takes it
    const type = wanted === "" ? value : matches[0];
    if (type === null || type === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    choose(type, true);
  };
  return (
    <div ref={box} className="place-field" onKeyDownCapture={onKeyDownCapture} onBlur={(e) => { if (!box.current?.contains(e.relatedTarget)) { setOpen(false); setText(""); } }}>
      <Autocomplete inputValue={text} onInputChange={(next) => { setText(next); if (next !== "") setOpen(true); }}>
        <SearchField className="field" isInvalid={fault !== undefined} onClear={() => setText("")}>
          <Label>{words.type}</Label>
          <Input {...(id === undefined ? {} : { id })} className={`input ${value !== null ? "input-chosen" : ""}`} placeholder={value === null ? words.typePlaceholder : domain.incidentTypes[value]} autoComplete="off" onFocus={() => setOpen(true)} onClick={() => setOpen(true)} />
        </SearchField>
        {open && (
          <div className="place-list">
            <ListBox aria-label={words.type} items={matches.map((type) => ({ id: type }))} className="menu" selectionMode="none" onAction={(key) => choose(key as IncidentType, true)}>
              {(item) => (
                <ListBoxItem id={item.id} textValue={domain.incidentTypes[item.id]} className="menu-item">
                  <span className="clip grow">{domain.incidentTypes[item.id]}</span>
                  <span className="quiet">{INCIDENT_TYPES[item.id].line} · P{INCIDENT_TYPES[item.id].defaultPriority}</span>
                </ListBoxItem>
              )}
            </ListBox>
          </div>
        )}
      </Autocomplete>
      {!open && fault !== undefined && <p className="field-fault" role="alert">{fault}</p>}
    </div>
  );
}

export function PriorityField({ value, onChange, disabled = false }: { readonly value: number | null; readonly onChange: (priority: number) => void; readonly disabled?: boolean }) {
  const words = useWords(operateWords).intake;
  return (
    <RadioGroup className="priority-field" orientation="horizontal" value={value === null ? null : String(value)} onChange={(next) => onChange(Number(next))} isDisabled={disabled}>
      <Label>{words.priority}</Label>
      <div className="segments">
        {[1, 2, 3, 4].map((p) => <Radio key={p} value={String(p)} className="segment">P{p}</Radio>)}
      </div>
    </RadioGroup>
  );
}
