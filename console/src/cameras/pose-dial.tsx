// Where a camera looks, as a dial: north up, the view cone drawn in the width of its lens. Drag to turn, or the arrow keys (Shift: 15 degrees).
import { useRef, type KeyboardEvent, type PointerEvent } from "react";

const SIZE = 132;
const MIDDLE = SIZE / 2;
const REACH = 52;

export function PoseDial({ bearingDeg, fovDeg, onTurn, label, letters }: { readonly bearingDeg: number; readonly fovDeg: number; readonly onTurn: (bearingDeg: number) => void; readonly label: string; readonly letters: readonly [string, string, string, string] }) {
  const turning = useRef(false);
  const bearing = Number.isFinite(bearingDeg) ? bearingDeg : 0;
  const half = Math.min(359, Number.isFinite(fovDeg) ? fovDeg : 60) / 2;
  const at = (deg: number, r: number): string => {
    const a = ((deg - 90) * Math.PI) / 180;
    return `${(MIDDLE + Math.cos(a) * r).toFixed(1)} ${(MIDDLE + Math.sin(a) * r).toFixed(1)}`;
  };
  const turnTo = (event: PointerEvent<SVGSVGElement>): void => {
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - left - width / 2, event.clientY - top - width / 2];
    if (Math.hypot(x, y) > 4) onTurn((Math.round((Math.atan2(y, x) * 180) / Math.PI) + 450) % 360);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" || event.key === "ArrowUp" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowDown" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onTurn((Math.round(bearing) + step * (event.shiftKey ? 15 : 1) + 360) % 360);
  };
  return (
    <svg
      className="dial" width={SIZE} height={SIZE} viewBox={`0 0 ${SIZE} ${SIZE}`} role="slider" tabIndex={0} aria-label={label} aria-valuemin={0} aria-valuemax={359} aria-valuenow={Math.round(bearing)} onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        turning.current = true;
        turnTo(event);
      }}
      onPointerMove={(event) => turning.current && turnTo(event)} onPointerUp={() => (turning.current = false)} onPointerCancel={() => (turning.current = false)}
    >
      <circle cx={MIDDLE} cy={MIDDLE} r={REACH} className="dial-rim" />
      {letters.map((letter, i) => {
        const [x, y] = at(i * 90, REACH + 9).split(" ");
        return <text key={letter} x={x} y={y} dy="4" textAnchor="middle">{letter}</text>;
      })}
      <path className="dial-cone" d={`M${MIDDLE} ${MIDDLE}L${at(bearing - half, REACH)}A${REACH} ${REACH} 0 ${half > 90 ? 1 : 0} 1 ${at(bearing + half, REACH)}Z`} />
      <path className="dial-axis" d={`M${MIDDLE} ${MIDDLE}L${at(bearing, REACH)}`} />
      <circle cx={MIDDLE} cy={MIDDLE} r={4} className="dial-camera" />
    </svg>
  );
}
