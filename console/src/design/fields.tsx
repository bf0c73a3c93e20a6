// Fields of a form: label above, fault below in words, 28 px high. Built on React Aria, so labels, errors and keys reach every reader.
import type { FocusEvent, KeyboardEvent, ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { ComboBox } from "react-aria-components/ComboBox";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select, SelectValue } from "react-aria-components/Select";
import { Switch } from "react-aria-components/Switch";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField, type TextFieldProps } from "react-aria-components/TextField";
import { findTyped } from "./find-typed.ts";
import { Icon } from "./icon.tsx";

interface Common {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong, in words; absent when it is right. */
  readonly fault?: string | undefined;
  readonly placeholder?: string;
}
export function TextField({ label, hint, fault, placeholder, ...props }: Common & Omit<TextFieldProps, "className" | "children">) {
  return (
    <AriaTextField {...props} className="field" isInvalid={fault !== undefined}>
      <Label>{label}</Label>
      <Input className="input" {...(placeholder === undefined ? {} : { placeholder })} />
      {hint !== undefined && <Text slot="description" className="field-hint">{hint}</Text>}
      <FieldError className="field-fault">{fault ?? ""}</FieldError>
    </AriaTextField>
  );
}
export function TextAreaField({ label, hint, fault, placeholder, rows = 3, ...props }: Common & Omit<TextFieldProps, "className" | "children"> & { readonly rows?: number }) {
  return (
    <AriaTextField {...props} className="field" isInvalid={fault !== undefined}>
      <Label>{label}</Label>
      <TextArea className="input" rows={rows} {...(placeholder === undefined ? {} : { placeholder })} />
      {hint !== undefined && <Text slot="description" className="field-hint">{hint}</Text>}
      <FieldError className="field-fault">{fault ?? ""}</FieldError>
    </AriaTextField>
  );
}

export interface Choice<K extends string | number = string> {
  readonly id: K;
  readonly label: string;
  readonly detail?: string;
}
interface ChoiceProps<K extends string | number> extends Common {
  readonly choices: readonly Choice<K>[];
  readonly value: K | null;
  readonly onChange: (value: K) => void;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  /** The label is read out but not shown, for fields in a dense row. */
  readonly hideLabel?: boolean;
}
function Items<K extends string | number>({ choices }: { readonly choices: readonly Choice<K>[] }) {
  return (
    <Popover className="popover" offset={2}>
      <ListBox className="menu" items={choices}>
        {(choice) => (
          <ListBoxItem id={choice.id} textValue={choice.label} className="menu-item">
            <span className="clip grow">{choice.label}</span>
            {choice.detail !== undefined && <span className="quiet">{choice.detail}</span>}
          </ListBoxItem>
        )}
      </ListBox>
    </Popover>
  );
}
export function SelectField<K extends string | number>({ label, hint, fault, choices, value, onChange, disabled = false, autoFocus = false, hideLabel = false, placeholder }: ChoiceProps<K>) {
  return (
    <Select
      className="field" selectedKey={value} onSelectionChange={(key) => key !== null && onChange(key as K)} isDisabled={disabled} isInvalid={fault !== undefined} autoFocus={autoFocus}
      {...(placeholder === undefined ? {} : { placeholder })} {...(hideLabel ? { "aria-label": label } : {})}
    >
      {!hideLabel && <Label>{label}</Label>}
      <AriaButton className="input input-button">
        <SelectValue className="clip grow" />
        <Icon name="chevron" size={12} />
      </AriaButton>
      {hint !== undefined && <Text slot="description" className="field-hint">{hint}</Text>}
      <FieldError className="field-fault">{fault ?? ""}</FieldError>
      <Items choices={choices} />
    </Select>
  );
}
/** A choice among many: typing narrows it. Enter and Tab take the marked option, or the first that matches; leaving takes what is named in full. */
export function ComboField<K extends string | number>({ label, hint, fault, choices, value, onChange, disabled = false, autoFocus = false, placeholder }: ChoiceProps<K>) {
  const takeTyped = (target: EventTarget, exactly: boolean): boolean => {
    if (!(target instanceof HTMLInputElement) || target.getAttribute("aria-activedescendant")) return false; // the list takes it
    const typed = findTyped(choices, target.value, exactly);
    if (typed === undefined || typed.id === value) return false;
    onChange(typed.id);
    return true;
  };
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || (event.key !== "Enter" && event.key !== "Tab")) return;
    if (!takeTyped(event.target, false) || event.key === "Tab") return;
    event.preventDefault(); // it chose; it does not also send the form
    event.stopPropagation();
  };
  const onBlurCapture = (event: FocusEvent): void => void takeTyped(event.target, true);
  return (
    <ComboBox className="field" defaultItems={choices} selectedKey={value} onSelectionChange={(key) => key !== null && onChange(key as K)} isDisabled={disabled} isInvalid={fault !== undefined} autoFocus={autoFocus} menuTrigger="focus">
      <Label>{label}</Label>
      <div className="input input-combo" onKeyDownCapture={onKeyDownCapture} onBlurCapture={onBlurCapture}>
        <Input className="bare-input" {...(placeholder === undefined ? {} : { placeholder })} />
        <AriaButton className="input-arrow"><Icon name="chevron" size={12} /></AriaButton>
      </div>
      {hint !== undefined && <Text slot="description" className="field-hint">{hint}</Text>}
      <FieldError className="field-fault">{fault ?? ""}</FieldError>
      <Items choices={choices} />
    </ComboBox>
  );
}
export function SwitchField({ label, value, onChange, disabled = false }: { readonly label: string; readonly value: boolean; readonly onChange: (value: boolean) => void; readonly disabled?: boolean }) {
  return (
    <Switch className="switch" isSelected={value} onChange={onChange} isDisabled={disabled}>
      <span className="switch-track" aria-hidden="true" />
      {label}
    </Switch>
  );
}
