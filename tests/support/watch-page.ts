// Watch in a browser as its first person uses it: logged in, with a reason given for looking.
import type { Browser, Page } from "playwright-core";
import { LOGIN, PASSWORD, type RunningCity } from "./running-city.ts";

export interface WatchPage {
  readonly page: Page;
  /** Errors that the page threw and nobody caught. */
  readonly complaints: string[];
}

/** `search`: of the address. `prepare`: before anything is loaded. */
export async function openWatch(browser: Browser, city: RunningCity, search = "", prepare?: (page: Page) => Promise<unknown>): Promise<WatchPage> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await prepare?.(page);
  await page.goto(`${city.system.address}/watch${search}`);
  await page.locator("input[autocomplete=username]").fill(LOGIN);
  await page.locator("input[type=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator(".watch-reason .input-button").click();
  await page.locator(".menu [role=option]").nth(1).click();
  await page.locator(".watch-reason .field:not(:has(.input-button)) input").fill("Evening round");
  await page.keyboard.press("Enter");
  return { page, complaints };
}
