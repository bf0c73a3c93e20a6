// The buttons of the phone, under one guard (press-guard.ts): while they rest they look so, say so to a screen reader, and keep the focus of the keyboard.
import { createContext, useContext, useEffect, useMemo, useReducer, useState, type ComponentProps, type ReactNode } from "react";
import { Button } from "../design/index.ts";
import { createPressGuard } from "./press-guard.ts";

interface Presses {
  readonly resting: boolean;
  readonly isMeant: () => boolean;
  /** Acts where the press is meant for what stands there now; then all buttons rest. */
  readonly press: (act: () => void) => void;
}
const PressContext = createContext<Presses>({ resting: false, isMeant: () => true, press: (act) => act() });
export const usePresses = (): Presses => useContext(PressContext);

/** The page whose buttons mean `meaning`; another one than before lets them rest. */
export function GuardedPage({ meaning, className, children }: { readonly meaning: string; readonly className: string; readonly children: ReactNode }) {
  const [guard] = useState(() => createPressGuard(() => performance.now()));
  const [, drawAgain] = useReducer((times: number) => times + 1, 0);
  guard.show(meaning); // while it is drawn: afterwards a queued tap would have met the new button
  const leftMs = guard.restLeftMs();
  const resting = leftMs > 0;
  useEffect(() => {
    if (!resting) return;
    const timer = setTimeout(drawAgain, leftMs);
    return () => clearTimeout(timer);
  });
  const presses = useMemo(() => ({
    resting,
    isMeant: guard.isMeant,
    press: (act: () => void): void => {
      if (!guard.take()) return;
      drawAgain();
      act();
    },
  }), [guard, resting]);
  return (
    <div
      className={className}
      onPointerDownCapture={(event) => guard.down(event.timeStamp)} onClickCapture={(event) => guard.click(event.timeStamp)}
      onKeyDownCapture={(event) => !event.repeat && guard.down(event.timeStamp)}
    >
      <PressContext value={presses}>{children}</PressContext>
    </div>
  );
}

/** One that sends a form has no `onPress`; the form's own handler goes through `press`. */
export function FieldButton({ onPress, ...props }: Omit<ComponentProps<typeof Button>, "onPress" | "isPending"> & { readonly onPress?: () => void }) {
  const { resting, press } = usePresses();
  return <Button {...props} isPending={resting} {...(onPress === undefined ? {} : { onPress: () => press(onPress) })} />;
}
