// The line between two panels: dragged with the pointer, moved with the arrow keys, double click restores. The size is remembered by panel name.
import { useCallback, type KeyboardEvent, type PointerEvent } from "react";
import { setPanelSize, usePreferences } from "../shell/preferences.ts";

const STEP_PX = 16;

export function usePanelSize(panel: string, fallback: number): number {
  return usePreferences((p) => p.sizes[panel] ?? fallback);
}
interface SplitterProps {
  readonly panel: string;
  readonly label: string;
  /** `x`: changes a width; `y`: a height. */
  readonly axis: "x" | "y";
  /** 1: dragging right or down makes the panel larger; -1: smaller. */
  readonly sign: 1 | -1;
  readonly size: number;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}
export function Splitter({ panel, label, axis, sign, size, fallback, min, max }: SplitterProps) {
  const set = useCallback((px: number) => setPanelSize(panel, Math.min(max, Math.max(min, px))), [panel, min, max]);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const start = axis === "x" ? event.clientX : event.clientY;
    const element = event.currentTarget;
    element.setPointerCapture(event.pointerId);
    const move = (e: globalThis.PointerEvent): void => set(size + sign * ((axis === "x" ? e.clientX : e.clientY) - start));
    const end = (): void => {
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", end);
      element.removeEventListener("pointercancel", end);
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: axis === "x" ? -1 : 0, ArrowRight: axis === "x" ? 1 : 0, ArrowUp: axis === "y" ? -1 : 0, ArrowDown: axis === "y" ? 1 : 0 }[event.key] ?? 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    set(size + sign * by * STEP_PX);
  };
  return (
    <div
      className={`splitter splitter-${axis}`} role="separator" tabIndex={0} aria-label={label} aria-orientation={axis === "x" ? "vertical" : "horizontal"} aria-valuenow={size} aria-valuemin={min} aria-valuemax={max}
      onPointerDown={onPointerDown} onKeyDown={onKeyDown} onDoubleClick={() => setPanelSize(panel, fallback)}
    />
  );
}
