// The emergency button: pressed and held while a ring grows, so that it never goes off in a pocket, and let go early it does nothing.
// Works with a finger, a mouse, and the held space or enter key. The frames only draw the ring; what counts as held is in emergency.ts.
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { createHold, HOLD_MS } from "./emergency.ts";

const RADIUS = 30;
const ROUND = 2 * Math.PI * RADIUS;

export function HoldButton({ label, hint, onBegin, onHeld, disabled = false }: { readonly label: string; readonly hint: string; readonly onBegin: () => void; readonly onHeld: () => void; readonly disabled?: boolean }) {
  const [since, setSince] = useState<number | null>(null);
  const [share, setShare] = useState(0);
  const on = useRef({ onBegin, onHeld });
  on.current = { onBegin, onHeld };
  const [hold] = useState(() => createHold({
    now: () => performance.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  }, {
    begun: (at) => {
      setSince(at);
      on.current.onBegin();
    },
    held: () => {
      navigator.vibrate?.(300);
      on.current.onHeld();
    },
    ended: () => setSince(null),
  }));
  useEffect(() => () => hold.drop(), [hold]);
  useEffect(() => {
    if (disabled) hold.drop(); // a button out of use is told of no letting go
  }, [disabled, hold]);

  useEffect(() => {
    if (since === null) return setShare(0);
    let frame = 0;
    const grow = (): void => {
      const next = Math.min(1, (performance.now() - since) / HOLD_MS);
      setShare(next);
      if (next < 1) frame = requestAnimationFrame(grow);
    };
    frame = requestAnimationFrame(grow);
    return () => cancelAnimationFrame(frame);
  }, [since]);

  const begin = (event: { readonly timeStamp: number }): void => {
    if (!disabled) hold.begin(event.timeStamp);
  };
  const end = (event: { readonly timeStamp: number }): void => hold.end(event.timeStamp);
  const isHoldKey = (event: KeyboardEvent): boolean => event.key === " " || event.key === "Enter";
  return (
    <button
      type="button" className="hold" disabled={disabled} aria-describedby="hold-hint" data-holding={since !== null}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        begin(event);
      }}
      onPointerUp={end} onPointerCancel={end} onContextMenu={(event) => event.preventDefault()} onBlur={end}
      onKeyDown={(event) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        begin(event);
      }}
      onKeyUp={(event) => isHoldKey(event) && end(event)}
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
