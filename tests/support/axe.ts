// A page before axe, the checker of the W3C's rules: what stands there against WCAG 2.2, A and AA.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** A line for each fault in a part of the page. The map is a drawing: what it shows stands in the lists beside it. */
export async function findFaults(page: Page, part: string): Promise<string[]> {
  // A button that has just come to life fades into its colour: what is judged is where it comes to rest.
  await page.waitForFunction(() => !document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === "running"));
  const { violations } = await new AxeBuilder({ page }).include(part).exclude(".map-view").withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${(node.failureSummary ?? "").split("\n").slice(1).join(" ").trim()} ${node.html.slice(0, 160)}`));
}
