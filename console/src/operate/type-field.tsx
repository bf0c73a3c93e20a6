// Type and priority. The type narrows by typing, in the user's words, our code or the common one; Enter takes it, and a second
// Enter goes on: one that did both would make an incident of which nothing more was asked.
// The list opens on typing, a click or an arrow, not with the caret: it would lie over the buttons below.
import { useRef, useState, type FocusEvent, type KeyboardEvent } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { SearchField } from "react-aria-components/SearchField";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { COMMON_TYPES, INCIDENT_TYPES, type IncidentType } from "../../../src/contract/dispatch.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import { operateWords } from "./words.ts";

export const TYPE_NAMES = Object.keys(INCIDENT_TYPES) as readonly IncidentType[];

interface TypeFieldProps {
  readonly id?: string;
  readonly value: IncidentType | null;
  readonly onChange: (type: IncidentType) => void;
  /** Enter where nothing is left to choose, or Ctrl+Enter: go on with this type. */
  readonly onNext?: (type: IncidentType | null) => void;
  readonly fault?: string | undefined;
}
/** Enter and Tab take the option that is marked, the first one after typing. What Enter takes is always what is shown as marked. */
export function TypeField({ id, value, onChange, onNext, fault }: TypeFieldProps) {
  const words = useWords(operateWords).intake;
  const domain = useWords(domainWords);
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const walked = useRef(false); // with the arrows, so that an option of a list that nobody walked is never taken
  const box = useRef<HTMLDivElement>(null);
  const wanted = text.trim().toLowerCase();
  const matches = TYPE_NAMES.filter((type) => wanted === "" || domain.incidentTypes[type].toLowerCase().includes(wanted) || type.includes(wanted) || COMMON_TYPES[type].toLowerCase().startsWith(wanted) || domain.incidentCategories[INCIDENT_TYPES[type].category].includes(wanted));
  const unknown = wanted !== "" && matches.length === 0;
  const show = (next: boolean): void => {
    setOpen(next);
    walked.current = false;
  };
  const choose = (type: IncidentType): void => {
    setText("");
    show(false);
    onChange(type);
  };
  const marked = (): IncidentType | undefined => {
    if (!open || (wanted === "" && !walked.current)) return undefined;
    const shown = box.current?.querySelector("[role=option][data-focused] [data-type]")?.getAttribute("data-type");
    const focused = matches.find((type) => type === shown);
    return focused ?? (wanted === "" ? undefined : matches[0]);
  };
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    if (key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (open) show(false);
      else if (event.target instanceof HTMLElement) event.target.blur();
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      if (!open) show(true);
      walked.current = true;
    } else if (key === "Tab" && !event.shiftKey) {
      const type = marked();
      if (type !== undefined) choose(type);
    } else if (key === "Enter") {
      // The list's own answer to Enter would take an option that it remembers from before.
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat || unknown) return;
      if (!open && wanted !== "") return show(true);
      const type = marked();
      if (type !== undefined) choose(type);
      if (type === undefined || event.ctrlKey || event.metaKey) onNext?.(type ?? value);
    }
  };
  const onBlur = (event: FocusEvent): void => {
    if (box.current?.contains(event.relatedTarget as Node | null)) return;
    show(false);
    if (value !== null) setText(""); // the chosen one stands; words that chose nothing stay to be seen
  };
  const note = unknown ? words.noType(text.trim()) : fault;
  return (
    <div ref={box} className="place-field type-field" onKeyDownCapture={onKeyDownCapture} onBlur={onBlur}>
      <Autocomplete inputValue={text} onInputChange={(next) => { setText(next); walked.current = false; if (next !== "") setOpen(true); }}>
        <SearchField className="field" isInvalid={note !== undefined} onClear={() => setText("")}>
          <Label>{words.type}</Label>
          <Input {...(id === undefined ? {} : { id })} className={`input ${value !== null ? "input-chosen" : ""}`} placeholder={value === null ? words.typePlaceholder : domain.incidentTypes[value]} autoComplete="off" onClick={() => { if (!open) show(true); }} />
        </SearchField>
        {open && (
          <div className="place-list" data-typed={wanted !== ""}>
            <ListBox aria-label={words.type} items={matches.map((type) => ({ id: type }))} className="menu" selectionMode="none" onAction={(key) => choose(key as IncidentType)}
              renderEmptyState={() => <p className="menu-note">{words.noType(text.trim())}</p>}>
              {(item) => (
                <ListBoxItem id={item.id} textValue={domain.incidentTypes[item.id]} className="menu-item">
                  <span className="clip grow" data-type={item.id}>{domain.incidentTypes[item.id]}</span>
                  <span className="quiet">{INCIDENT_TYPES[item.id].line} {domain.incidentCategories[INCIDENT_TYPES[item.id].category]} · P{INCIDENT_TYPES[item.id].defaultPriority} · <span className="mono">{COMMON_TYPES[item.id]}</span></span>
                </ListBoxItem>
              )}
            </ListBox>
          </div>
        )}
      </Autocomplete>
      {!open && note !== undefined && <p className="field-fault" role="alert">{note}</p>}
      {!open && note === undefined && value !== null && onNext !== undefined && <p className="field-hint type-next">{words.enterMakes}</p>}
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
