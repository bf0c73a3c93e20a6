// The emergency button: pressed and held while a ring grows, so that it never goes off in a pocket, and let go early it does nothing.
// Works with a finger, a mouse, and the held space or enter key.
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

const HOLD_MS = 1_500;
const RADIUS = 30;
const ROUND = 2 * Math.PI * RADIUS;

export function HoldButton({ label, hint, onHeld, disabled = false }: { readonly label: string; readonly hint: string; readonly onHeld: () => void; readonly disabled?: boolean }) {
  const [since, setSince] = useState<number | null>(null);
  const [share, setShare] = useState(0);
  const done = useRef(onHeld);
  done.current = onHeld;

  useEffect(() => {
    if (since === null) return setShare(0);
    let frame = 0;
    const grow = (): void => {
      const next = (performance.now() - since) / HOLD_MS;
      if (next >= 1) {
        setSince(null);
        navigator.vibrate?.(300);
        done.current();
      } else {
        setShare(next);
        frame = requestAnimationFrame(grow);
      }
    };
    frame = requestAnimationFrame(grow);
    return () => cancelAnimationFrame(frame);
  }, [since]);

  const begin = (): void => {
    if (!disabled) setSince((at) => at ?? performance.now());
  };
  const end = (): void => setSince(null);
  const isHoldKey = (event: KeyboardEvent): boolean => event.key === " " || event.key === "Enter";
  return (
    <button
      type="button" className="hold" disabled={disabled} aria-describedby="hold-hint" data-holding={since !== null}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        begin();
      }}
      onPointerUp={end} onPointerCancel={end} onContextMenu={(event) => event.preventDefault()} onBlur={end}
      onKeyDown={(event) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        begin();
      }}
      onKeyUp={(event) => isHoldKey(event) && end()}
    >
      <svg width="72" height="72" viewBox="0 0 72 72" aria-hidden="true">
        <circle cx="36" cy="36" r={RADIUS} className="hold-rail" />
        <circle cx="36" cy="36" r={RADIUS} className="hold-ring" strokeDasharray={ROUND} strokeDashoffset={ROUND * (1 - share)} transform="rotate(-90 36 36)" />
        <path d="M36 20v20M36 47v5" className="hold-mark" />
      </svg>
      <span className="hold-words"><b>{label}</b><span id="hold-hint">{hint}</span></span>
    </button>
  );
}
