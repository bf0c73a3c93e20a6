// Reading from the API inside a component: what was asked, what came, what went wrong, and since when. The last good answer stays while a new
// one is on its way, so that a screen never flickers to empty. What failed for want of an answer is asked again by itself, and at once when the live link is back.
import { useCallback, useEffect, useRef, useState } from "react";
import type { RouteName } from "../../../src/contract/routes.ts";
import { api, type CallAnswer, type CallArguments } from "./client.ts";
import { reconnectPauseMs, useLive } from "./live-link.ts";
import { ApiProblem } from "./problem.ts";

export interface Reading<T> {
  readonly data: T | null;
  readonly problem: ApiProblem | null;
  readonly loading: boolean;
  /** Local time of the last good answer. */
  readonly at: number | null;
  readonly again: () => void;
}

/** `args` null: do not ask yet. Asks again when the arguments' JSON changes, every `everyMs`, and on `again()`. */
export function useCall<N extends RouteName>(name: N, args: CallArguments<N> | null, everyMs?: number): Reading<CallAnswer<N>> {
  const key = args === null ? null : JSON.stringify(args);
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key: string | null; data: CallAnswer<N> | null; problem: ApiProblem | null; at: number | null }>({ key: null, data: null, problem: null, at: null });
  const lastArgs = useRef(args);
  lastArgs.current = args;

  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    const ask = api.call as (n: N, a: unknown, o: { signal: AbortSignal }) => Promise<CallAnswer<N>>;
    ask(name, lastArgs.current, { signal: abort.signal }).then(
      (data) => abort.signal.aborted || setState({ key, data, problem: null, at: Date.now() }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const problem = error instanceof ApiProblem ? error : new ApiProblem(0, { rule: "console-fault", message: String(error) });
        setState((before) => ({ ...(before.key === key ? before : { data: null, at: null }), key, problem }));
      },
    );
    return () => abort.abort();
  }, [name, key, turn]);

  const again = useCallback(() => setTurn((n) => n + 1), []);
  useEffect(() => {
    if (everyMs === undefined || key === null) return;
    const timer = setInterval(again, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, key, again]);

  // Nobody should have to press a button beside each panel after a cut.
  const failed = state.key === key && state.problem?.transient === true ? state.problem : null;
  const tries = useRef(0);
  useEffect(() => {
    if (failed === null) return void (tries.current = 0);
    const timer = setTimeout(again, reconnectPauseMs(++tries.current, Math.random()));
    const unsubscribe = useLive.subscribe((now, before) => { if (now.link === "open" && before.link !== "open") again(); });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [failed, again]);

  const current = state.key === key;
  return { data: current ? state.data : null, problem: current ? state.problem : null, loading: key !== null && !current, at: current ? state.at : null, again };
}
