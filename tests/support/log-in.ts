// A page of the console in a browser as its person has it: opened at a desk's size or a phone's, in a theme and a language, logged in by the form. The one place that knows what the form looks like.
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { LOGIN, PASSWORD } from "./running-city.ts";

export const DESK = { width: 1440, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;
const PREFERENCES = "citywatch.preferences"; // console/src/shell/preferences.ts

export interface OpenPageOptions {
  readonly context?: BrowserContextOptions;
  /** As the person chose them in the menu; left out: what the browser says. */
  readonly look?: { readonly theme: "dark" | "light"; readonly language: "en" | "zh" };
  /** Errors that the page throws and nobody catches are put there. */
  readonly complaints?: string[];
  /** Answers that say that the centre failed are put there as well. */
  readonly withFailures?: boolean;
}

/** A page in a context of its own: closed by `page.context().close()`. */
export async function openPage(browser: Browser, { context: options = {}, look, complaints = [], withFailures = false }: OpenPageOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, locale: "en-GB", ...options });
  if (look !== undefined) await context.addInitScript(({ key, value }) => localStorage.setItem(key, JSON.stringify(value)), { key: PREFERENCES, value: look });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  if (withFailures) page.on("response", (response) => void (response.status() >= 500 && complaints.push(`${response.status()} ${response.url()}`)));
  return page;
}

/** Fills in the form that is on the page; resolves when the form has gone. */
export async function logIn(page: Page, login = LOGIN, password = PASSWORD): Promise<void> {
  const name = page.locator("input[autocomplete=username]");
  await name.fill(login);
  await page.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await name.waitFor({ state: "hidden" });
}

/** As somebody without a mouse does it: the caret is in the form already. */
export async function logInByKeyboard(page: Page, login = LOGIN, password = PASSWORD): Promise<void> {
  const name = page.locator("input[autocomplete=username]");
  await name.and(page.locator(":focus")).waitFor();
  await page.keyboard.type(login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await name.waitFor({ state: "hidden" });
}
