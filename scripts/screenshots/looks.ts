// How a screen can look: two languages, two themes. A page that is open changes its look by its own buttons, so that what stands on it (a call in hand, a
// list that is open) stays; a page that is reloaded would begin anew.

import type { BrowserContext, Page } from "playwright-core";

export interface Look {
  readonly language: "en" | "zh";
  readonly theme: "dark" | "light";
}
export const LOOKS: readonly Look[] = [
  { language: "en", theme: "dark" },
  { language: "en", theme: "light" },
  { language: "zh", theme: "light" },
  { language: "zh", theme: "dark" },
];
export const FIRST_LOOK = LOOKS[0]!;

const PREFERENCES = "citywatch.preferences"; // console/src/shell/preferences.ts

/** What follows the screen's name in the picture's: nothing for English and dark. */
export const formatLook = ({ language, theme }: Look): string => `${language === "en" ? "" : `-${language}`}${theme === "dark" ? "" : `-${theme}`}`;

/** What a fresh browser of this person would have chosen before. */
export async function preferLook(context: BrowserContext, look: Look): Promise<void> {
  await context.addInitScript(({ key, value }) => {
    if (localStorage.getItem(key) === null) localStorage.setItem(key, JSON.stringify(value));
  }, { key: PREFERENCES, value: look });
}

export async function changeLook(page: Page, wanted: Look): Promise<void> {
  const now = await page.evaluate(() => ({ language: document.documentElement.lang.startsWith("zh") ? "zh" : "en", theme: document.documentElement.dataset["theme"] }));
  // Sent to the element itself: on a phone the button may stand in a menu, and the focus stays where it is.
  if (now.language !== wanted.language) await page.locator(".language-button").dispatchEvent("click");
  if (now.theme !== wanted.theme) await page.locator(".top-tools .button-icon, .entry-top .button-icon").first().dispatchEvent("click");
  await page.waitForFunction(({ language, theme }) => document.documentElement.lang.startsWith(language) && document.documentElement.dataset["theme"] === theme, wanted);
}
