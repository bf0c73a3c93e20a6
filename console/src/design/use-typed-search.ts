// What a field with a list of what it finds does by keys: what is typed is asked for when the hand rests, arrows choose, Enter takes what was found of just what is typed, Escape empties.
import { useEffect, useState, type KeyboardEvent } from "react";

const RESTS_MS = 120;

export interface TypedSearch<Found> {
  readonly typed: string;
  /** What is asked for; empty: nothing. */
  readonly q: string;
  /** Number of the chosen one in the list. */
  readonly active: number;
  readonly change: (typed: string) => void;
  /** Takes one, and the field is empty again. */
  readonly take: (one: Found | undefined) => void;
  readonly onKeyDown: (event: KeyboardEvent, found: readonly Found[]) => void;
}

export function useTypedSearch<Found>(onTaken: (one: Found) => void): TypedSearch<Found> {
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  const [active, setActive] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), RESTS_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const change = (next: string): void => {
    setTyped(next);
    setActive(0);
  };
  const take = (one: Found | undefined): void => {
    if (one === undefined) return;
    onTaken(one);
    change("");
    setQ("");
  };
  const onKeyDown = (event: KeyboardEvent, found: readonly Found[]): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      if (typed.trim() === q) take(found[active]); // what is found is not yet of what is typed
    } else if (event.key === "ArrowDown") setActive((n) => Math.max(0, Math.min(found.length - 1, n + 1)));
    else if (event.key === "ArrowUp") setActive((n) => Math.max(0, n - 1));
    else if (event.key === "Escape" && typed !== "") change("");
    else return;
    event.preventDefault(); // Enter does not also send the form around it
    event.stopPropagation();
  };
  return { typed, q, active, change, take, onKeyDown };
}
