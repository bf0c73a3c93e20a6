// Keys meant for what stood here a moment ago do nothing: for half a second after another incident is shown, or after the caret was put somewhere
// by the page itself, no letter, digit, Enter or space acts. A held Enter and Ctrl+Enter (which makes an incident) never press a button here. So
// a double Enter in the form of a call sends nobody.
import { useEffect, useLayoutEffect } from "react";
import { isTyping } from "../shell/keys.ts";

const SETTLE_MS = 500;
let settledAt = 0;
export const settleKeys = (): void => void (settledAt = performance.now() + SETTLE_MS);

export function useSettledKeys(incidentId: number | null): void {
  useLayoutEffect(() => { if (incidentId !== null) settleKeys(); }, [incidentId]);
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent): void => {
      if (isTyping(event.target) || !(event.target instanceof HTMLElement)) return;
      if (event.target.closest(".close-form") !== null) return; // opened by hand, and gone as another incident is shown: its code and Enter are meant for it
      const enter = event.key === "Enter" || event.key === " ";
      const here = event.target === document.body || event.target.closest(".incident") !== null;
      const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
      const settling = performance.now() < settledAt && (enter ? here : plain && (here || /[\ds]/.test(event.key)));
      if (!settling && !(here && enter && (event.repeat || event.ctrlKey || event.metaKey))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener("keydown", onKeyDown, true);
    return () => window.removeEventListener("keydown", onKeyDown, true);
  }, []);
}
