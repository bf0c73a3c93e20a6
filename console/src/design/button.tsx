import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components/Button";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { Icon, type IconName } from "./icon.tsx";
import { KeyHint } from "./key-hint.tsx";

/** `primary`: the one thing this panel is for. `danger`: cannot be taken back. `quiet`: in rows and bars. */
export type ButtonTone = "primary" | "plain" | "quiet" | "danger";

/** A verb on a button: "Send 2 units". `keys` shows the key that does the same. */
export function Button({ tone = "plain", keys, children, className, ...props }: Omit<ButtonProps, "children" | "className"> & { readonly tone?: ButtonTone; readonly keys?: string; readonly children: ReactNode; readonly className?: string }) {
  return (
    <AriaButton {...props} className={`button button-${tone} ${className ?? ""}`}>
      {children}
      {keys !== undefined && <KeyHint keys={keys} />}
    </AriaButton>
  );
}

/** A button with a picture only; its label is read out and shown on hover and focus. */
export function IconButton({ icon, label, tone = "quiet", className, ...props }: Omit<ButtonProps, "children" | "className" | "aria-label"> & { readonly icon: IconName; readonly label: string; readonly tone?: ButtonTone; readonly className?: string }) {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton {...props} aria-label={label} className={`button button-${tone} button-icon ${className ?? ""}`}>
        <Icon name={icon} />
      </AriaButton>
      <Tooltip className="tooltip" offset={4}>{label}</Tooltip>
    </TooltipTrigger>
  );
}
