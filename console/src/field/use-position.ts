// Tells the centre every few seconds where this phone is, while its unit is on duty. Asked anew each time rather than watched: a watch is silent while
// the phone stands, and a unit that stands must not grow stale. Nothing is kept for later: only the present place counts.
import { useEffect, useRef, useState } from "react";
import { api } from "../api/client.ts";
import { serverNow } from "../api/now.ts";
import { ApiProblem } from "../api/problem.ts";
import { isOnDuty, readFix, stateOfReceiverError, stateOfRefusal, type PositionState, type ReceiverFix } from "./position.ts";

const EVERY_MS = 5_000;
const AFTER_REFUSAL_MS = 30_000; // the browser or the centre said no: that seldom changes at once
const FIX_WITHIN_MS = 15_000;
const ANSWER_WITHIN_MS = 6_000;

export function usePosition(unit: Parameters<typeof isOnDuty>[0]): PositionState {
  const [state, setState] = useState<PositionState>("waiting");
  const present = useRef(unit);
  present.current = unit;
  useEffect(() => {
    if (!("geolocation" in navigator)) return setState("unsupported");
    let over = false;
    let timer: ReturnType<typeof setTimeout>;
    const again = (next: PositionState | null, afterMs: number): void => {
      if (over) return;
      if (next !== null) setState(next);
      timer = setTimeout(ask, afterMs);
    };
    const tell = async (fix: ReceiverFix): Promise<void> => {
      const body = readFix(fix, Date.now());
      if (body === null) return again("lost", EVERY_MS);
      try {
        await api.call("reportOwnPosition", { body }, { timeoutMs: ANSWER_WITHIN_MS });
        again("told", EVERY_MS);
      } catch (error) {
        const refusal = error instanceof ApiProblem ? stateOfRefusal(error.rule) : null;
        again(refusal, refusal === null ? EVERY_MS : AFTER_REFUSAL_MS);
      }
    };
    const ask = (): void => {
      if (over) return;
      if (!isOnDuty(present.current, serverNow())) return again("off-duty", EVERY_MS);
      navigator.geolocation.getCurrentPosition(
        (fix) => void tell(fix),
        ({ code }) => again(stateOfReceiverError(code), code === 1 ? AFTER_REFUSAL_MS : EVERY_MS),
        { enableHighAccuracy: true, timeout: FIX_WITHIN_MS, maximumAge: EVERY_MS },
      );
    };
    ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);
  return state;
}
