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
  /** Of two letters: the first waits for the second as long as it takes, and until then no other letter or digit does anything; "done": this one ends that, "on": it goes on. Else the first is forgotten soon. */
  readonly holds?: "done" | "on";
}
export interface KeyGroup {
  readonly title: string;
  readonly actions: readonly Pick<KeyAction, "keys" | "label">[];
}
export const useKeyGroups = create<{ readonly groups: ReadonlyMap<symbol, KeyGroup> }>(() => ({ groups: new Map() }));

const live = new Map<symbol, { readonly current: readonly KeyAction[] }>();
/** The first of two letters, pressed. */
export interface Chord {
  readonly key: string;
  readonly at: number;
  readonly held: boolean;
}
const CHORD_MS = 1_200;
let chord: Chord | null = null;
/** The letter whose second is waited for however long that takes: what can be pressed now is shown. */
export const useHeldKey = create<{ readonly key: string | null }>(() => ({ key: null }));
function setChord(next: Chord | null): void {
  chord = next;
  const key = next?.held === true ? next.key : null;
  if (useHeldKey.getState().key !== key) useHeldKey.setState({ key });
}
export const endHeldKey = (): void => { if (chord?.held === true) setChord(null); };
const isBegun = (begun: Chord, now: number): boolean => begun.held || now - begun.at < CHORD_MS;
/** Whether the next letter is the second of two: it belongs to the page then, whatever it means on a row. */
export const isChordBegun = (): boolean => chord !== null && isBegun(chord, Date.now());

type Declared = Pick<KeyAction, "keys" | "holds" | "whileTyping">;
/** What a key does among those declared now, the newest first: which action runs, whether the key ends here, and what is begun after it. */
export function stepKeys<T extends Declared>(begun: Chord | null, key: string, now: number, declared: readonly T[], typing: boolean): { readonly action: T | null; readonly taken: boolean; readonly chord: Chord | null } {
  const usable = declared.filter((action) => !typing || action.whileTyping === true);
  const find = (keys: string): T | null => usable.find((action) => action.keys === keys) ?? null;
  const begins = (first: string): readonly T[] => usable.filter((action) => action.keys.startsWith(`${first} `));
  const before = begun !== null && isBegun(begun, now) && begins(begun.key).length > 0 ? begun : null;
  const second = before === null ? null : find(`${before.key} ${key}`);
  if (second !== null) return { action: second, taken: true, chord: before!.held && second.holds === "on" ? before : null };
  if (before?.held === true) {
    if (key === "Escape") return { action: null, taken: true, chord: null };
    if (key.length === 1) return { action: null, taken: true, chord: before };
    if (MODIFIERS.has(key.slice(key.lastIndexOf("+") + 1))) return { action: null, taken: false, chord: before };
  }
  const action = find(key);
  if (action !== null) return { action, taken: true, chord: null };
  const seconds = typing ? [] : begins(key);
  return { action: null, taken: false, chord: seconds.length === 0 ? null : { key, at: now, held: seconds.some(({ holds }) => holds !== undefined) } };
}
const MODIFIERS: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "AltGraph"]);

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
  const declared = [...live.values()].reverse().flatMap(({ current }) => current); // the newest screen first
  const step = stepKeys(chord, key, Date.now(), declared, typing);
  setChord(step.chord);
  if (step.taken) event.preventDefault();
  step.action?.run(event);
}
/** A field with a list keeps every key to itself while that is open: what is declared with Ctrl or Alt for while somebody types goes before it. Ctrl+Enter is the field's own: it takes what is marked first. */
function onFieldKeyDown(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey || event.altKey) || event.key.length !== 1 || !event.isTrusted || event.isComposing || !isTyping(event.target)) return;
  const key = nameOfKey(event);
  if (![...live.values()].some(({ current }) => current.some((action) => action.keys === key && action.whileTyping === true))) return;
  onKeyDown(event);
  event.stopImmediatePropagation();
}
if (typeof window !== "undefined") {
  window.addEventListener("keydown", onFieldKeyDown, true);
  window.addEventListener("keydown", onKeyDown);
  // Somebody has turned to something else. A focus that the page moves by itself is none of theirs, unless they type there now.
  window.addEventListener("pointerdown", endHeldKey);
  window.addEventListener("focusin", ({ target }) => { if (isTyping(target)) endHeldKey(); });
}

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
