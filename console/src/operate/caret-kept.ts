// The call in hand keeps the keyboard: Ctrl+Enter makes the incident wherever the focus is, for a button that was pressed by mouse a moment ago would
// answer to it, and after another language was chosen the caret is back in the field in which it was.
import { useEffect, useRef, type RefObject } from "react";
import { isTyping } from "../shell/keys.ts";
import { useLanguage } from "../words/use-words.ts";

export function useCaretKept(panel: RefObject<HTMLElement | null>, make: () => void): void {
  const last = useRef<HTMLElement | null>(null);
  const makeNow = useRef(make);
  makeNow.current = make;
  useEffect(() => {
    const onFocusIn = ({ target }: FocusEvent): void => {
      if (isTyping(target) && panel.current?.contains(target as Node) === true) last.current = target as HTMLElement;
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      // A field answers for itself (it may still have to take what is marked in its list); an open dialog is asked first.
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isTyping(event.target) || document.querySelector("[role=dialog]") !== null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!event.repeat) makeNow.current();
    };
    document.addEventListener("focusin", onFocusIn);
    window.addEventListener("keydown", onKeyDown, true);
    return () => {
      document.removeEventListener("focusin", onFocusIn);
      window.removeEventListener("keydown", onKeyDown, true);
    };
  }, [panel]);
  const language = useLanguage();
  const before = useRef(language);
  useEffect(() => {
    if (before.current === language) return;
    before.current = language;
    if (last.current?.isConnected === true) last.current.focus();
  }, [language]);
}
