// Lists never re-sort under the pointer, and panels never grow under it. While somebody points into a list, rows keep their places: what has
// ended stays (dimmed), what is new comes at the end; the wanted order returns when they let go.
import { useCallback, useRef, useState } from "react";

export function stableOrder(shown: readonly number[], wanted: readonly number[], held: boolean): readonly number[] {
  if (!held) return wanted;
  const already = new Set(shown);
  return [...shown, ...wanted.filter((id) => !already.has(id))];
}

export interface HeldOrder {
  readonly order: (wanted: readonly number[]) => readonly number[];
  readonly hold: { readonly onPointerEnter: () => void; readonly onPointerLeave: () => void };
}
export function useHeldOrder(): HeldOrder {
  const [held, setHeld] = useState(false);
  const shown = useRef<readonly number[]>([]);
  const order = useCallback((wanted: readonly number[]) => (shown.current = stableOrder(shown.current, wanted, held)), [held]);
  const onPointerEnter = useCallback(() => setHeld(true), []);
  const onPointerLeave = useCallback(() => setHeld(false), []);
  return { order, hold: { onPointerEnter, onPointerLeave } };
}
