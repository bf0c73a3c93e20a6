import { useNow } from "../api/now.ts";
import { useFormat } from "../words/use-words.ts";

/** A moment: relative ("4 min"), with the exact time on hover. `exact` shows the clock time instead. */
export function Time({ at, exact = false }: { readonly at: number; readonly exact?: boolean }) {
  const format = useFormat();
  return exact ? <time className="time" dateTime={new Date(at).toISOString()} title={format.exact(at)}>{format.time(at)}</time> : <Relative at={at} />;
}
function Relative({ at }: { readonly at: number }) {
  const format = useFormat();
  const now = useNow();
  return <time className="time" dateTime={new Date(at).toISOString()} title={format.exact(at)}>{format.age(now - at)}</time>;
}
/** A running stop-watch since `at`: 0:07. */
export function Age({ at, className }: { readonly at: number; readonly className?: string }) {
  const format = useFormat();
  const now = useNow();
  return <time className={`time ${className ?? ""}`} dateTime={new Date(at).toISOString()} title={format.exact(at)}>{format.span(Math.max(0, now - at))}</time>;
}
