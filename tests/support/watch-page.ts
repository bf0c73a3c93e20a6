// Watch in a browser as its first person uses it: logged in, with a reason given for looking.
import type { Browser, Page } from "playwright-core";
import { logIn, openPage } from "./log-in.ts";
import type { RunningCity } from "./running-city.ts";

export interface WatchPage {
  readonly page: Page;
  /** Errors that the page threw and nobody caught. */
  readonly complaints: string[];
}

/** `search`: of the address. `prepare`: before anything is loaded. */
export async function openWatch(browser: Browser, city: RunningCity, search = "", prepare?: (page: Page) => Promise<unknown>): Promise<WatchPage> {
  const complaints: string[] = [];
  const page = await openPage(browser, { complaints });
  await prepare?.(page);
  await page.goto(`${city.system.address}/watch${search}`);
  await logIn(page);
  await page.locator(".watch-reason .input-button").click();
  await page.locator(".menu [role=option]").nth(1).click();
  await page.locator(".watch-reason .field:not(:has(.input-button)) input").fill("Evening round");
  await page.keyboard.press("Enter");
  return { page, complaints };
}
