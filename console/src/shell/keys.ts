// Keys. A screen declares its keys with words; one listener serves all, and `?` lists what is declared now. Keys without a modifier are silent
// while a person types in a field, so that a street's name never sends a unit.
import { useEffect, useRef } from "react";
import { create } from "zustand";

export interface KeyAction {
  /** As shown and matched: "/", "g w", "Escape", "Ctrl+Enter". Two letters apart by a space are pressed one after the other. */
  readonly keys: string;
  readonly label: string;
  readonly run: (event: KeyboardEvent) => void;
  /** false: `?` does not list it, since it names it together with others of its kind. */
  readonly listed?: boolean;
  /** Also while typing in a field. */
  readonly whileTyping?: boolean;
}
export interface KeyGroup {
  readonly title: string;
  readonly actions: readonly Pick<KeyAction, "keys" | "label">[];
}
export const useKeyGroups = create<{ readonly groups: ReadonlyMap<symbol, KeyGroup> }>(() => ({ groups: new Map() }));

const live = new Map<symbol, { readonly current: readonly KeyAction[] }>();
let chord: { readonly key: string; readonly at: number } | null = null;
const CHORD_MS = 1_200;
/** Whether the next letter is the second of two: it belongs to the page then, whatever it means on a row. */
export const isChordBegun = (): boolean => chord !== null && Date.now() - chord.at < CHORD_MS;

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT" || (target.tagName === "INPUT" && !["checkbox", "radio", "range", "button"].includes((target as HTMLInputElement).type));
}
/** "Ctrl+Enter", "?", "a": Shift is left out for characters, where it is already in the character. */
export function nameOfKey(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const named = event.key.length > 1;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${named && event.shiftKey ? "Shift+" : ""}${event.key === " " ? "Space" : event.key}`;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  // React Aria repeats the keys of a field at the option that is chosen from it, so the target alone does not tell whether somebody types.
  const typing = isTyping(event.target) || isTyping(document.activeElement);
  if (typing && !event.isTrusted) return;
  const key = nameOfKey(event);
  const before = chord !== null && isChordBegun() ? chord.key : null;
  chord = null;
  const groups = [...live.values()].reverse(); // the newest screen first
  for (const wanted of before === null ? [key] : [`${before} ${key}`, key])
    for (const group of groups)
      for (const action of group.current)
        if (action.keys === wanted && (!typing || action.whileTyping === true)) {
          event.preventDefault();
          action.run(event);
          return;
        }
  if (!typing && groups.some((g) => g.current.some((a) => a.keys.startsWith(`${key} `)))) chord = { key, at: Date.now() };
}
if (typeof window !== "undefined") window.addEventListener("keydown", onKeyDown);

/** Declares keys while the component is on screen. */
export function useKeys(title: string, actions: readonly KeyAction[]): void {
  const current = useRef(actions);
  current.current = actions;
  const shown = actions.map((a) => `${a.keys}\t${a.label}\t${a.listed}`).join("\n");
  useEffect(() => {
    const id = Symbol(title);
    live.set(id, current);
    useKeyGroups.setState(({ groups }) => ({ groups: new Map(groups).set(id, { title, actions: current.current.filter((a) => a.listed !== false).map(({ keys, label }) => ({ keys, label })) }) }));
    return () => {
      live.delete(id);
      useKeyGroups.setState(({ groups }) => {
        const rest = new Map(groups);
        rest.delete(id);
        return { groups: rest };
      });
    };
  }, [title, shown]);
}

/** Keys of a focused row or field: listed by `?`, handled where the focus is. */
export function useKeyList(title: string, actions: readonly Pick<KeyAction, "keys" | "label">[]): void {
  const shown = JSON.stringify(actions);
  useEffect(() => {
    const id = Symbol(title);
    useKeyGroups.setState(({ groups }) => ({ groups: new Map(groups).set(id, { title, actions: JSON.parse(shown) as KeyGroup["actions"] }) }));
    return () =>
      useKeyGroups.setState(({ groups }) => {
        const rest = new Map(groups);
        rest.delete(id);
        return { groups: rest };
      });
  }, [title, shown]);
}
