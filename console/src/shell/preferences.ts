// How this person likes the console, kept in this browser: theme, language, sound, panel sizes. Nothing of the city is ever stored here.
import { create } from "zustand";
import { LANGUAGES, type Language } from "../words/catalogue.ts";

export type Theme = "dark" | "light";
interface Preferences {
  readonly theme: Theme;
  readonly language: Language;
  readonly muted: boolean;
  readonly highContrast: boolean;
  /** Sizes in px by panel name. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly welcomed: boolean;
}
const KEY = "citywatch.preferences";

/** Dark, but on a phone or tablet what the device is set to: it goes into the sun, a desk does not. A desk's browser says "light" where nobody ever chose. */
export const findFirstTheme = (matches: (query: string) => boolean): Theme => (matches("(pointer: coarse) and (prefers-color-scheme: light)") ? "light" : "dark");

function read(): Preferences {
  const language: Language = typeof navigator !== "undefined" && navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  const fresh: Preferences = { theme: findFirstTheme((query) => typeof matchMedia !== "undefined" && matchMedia(query).matches), language, muted: false, highContrast: false, sizes: {}, welcomed: false };
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    const known = LANGUAGES.includes(stored.language as Language) ? stored : { ...stored, language };
    return { ...fresh, ...known, sizes: { ...stored.sizes } };
  } catch {
    return fresh; // storage off or spoiled: begin with the defaults
  }
}

export const usePreferences = create<Preferences>(() => read());
export function setPreferences(change: Partial<Preferences>): void {
  usePreferences.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(usePreferences.getState()));
  } catch {
    // storage off: it holds until the page is closed
  }
}
export const setPanelSize = (panel: string, px: number): void => setPreferences({ sizes: { ...usePreferences.getState().sizes, [panel]: Math.round(px) } });

function applyToPage({ theme, language, highContrast }: Preferences): void {
  const root = document.documentElement;
  root.dataset["theme"] = highContrast ? "light" : theme;
  if (highContrast) root.dataset["contrast"] = "high";
  else delete root.dataset["contrast"];
  root.lang = language === "zh" ? "zh-CN" : "en";
}
export function keepPageInStep(): void {
  applyToPage(usePreferences.getState());
  usePreferences.subscribe(applyToPage);
}
