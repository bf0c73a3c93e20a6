// Records newest first, a page at a time: the newest page is read again and again, older ones are fetched on demand and kept.
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiProblem } from "./problem.ts";

export interface Pages<T> {
  readonly rows: readonly T[] | null;
  readonly problem: ApiProblem | null;
  readonly more: boolean;
  readonly loadMore: () => void;
  readonly again: () => void;
}
const RENEW_MS = 5_000;

/** `read(before)` answers the page older than that id, or the newest. `key` names the filter: a new one begins anew. `renewMs` null: nothing new comes in for now. */
export function usePages<T extends { readonly id: number }>(read: (before: number | undefined) => Promise<readonly T[]>, key: string, pageSize: number, renewMs: number | null = RENEW_MS): Pages<T> {
  const [held, setHeld] = useState<{ readonly key: string; readonly rows: readonly T[] | null; readonly more: boolean; readonly problem: ApiProblem | null }>({ key, rows: null, more: false, problem: null });
  const reader = useRef(read);
  reader.current = read;
  const take = useCallback(async (before: number | undefined) => {
    try {
      const page = await reader.current(before);
      setHeld((now) => {
        const old = now.key === key ? (now.rows ?? []) : [];
        const rows = [...new Map([...old, ...page].map((r) => [r.id, r])).values()].sort((a, b) => b.id - a.id);
        const first = now.key !== key || now.rows === null;
        return { key, rows, more: before !== undefined || first ? page.length === pageSize : now.more, problem: null };
      });
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem(0, { rule: "console-fault", message: String(error) });
      setHeld((now) => ({ key, rows: now.key === key ? now.rows : null, more: now.more, problem }));
    }
  }, [key, pageSize]);
  useEffect(() => {
    if (renewMs === null) return;
    let asking = false; // an answer that takes long is waited for, not asked for again
    const renew = async (): Promise<void> => {
      if (asking) return;
      asking = true;
      await take(undefined);
      asking = false;
    };
    void renew();
    const timer = setInterval(() => void renew(), renewMs);
    return () => clearInterval(timer);
  }, [take, renewMs]);
  const current = held.key === key;
  const last = held.rows?.at(-1)?.id;
  return { rows: current ? held.rows : null, problem: current ? held.problem : null, more: current && held.more, loadMore: () => void take(last), again: () => void take(undefined) };
}
