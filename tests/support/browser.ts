// Chromium for tests and screenshots: the system's where there is one, else the one that comes by npm (@sparticuz/chromium). It runs without its own
// sandbox (as root and in containers there is none) and visits our own loopback servers only; the flags keep it from calling home.

import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const FLAGS = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--no-first-run",
  "--no-default-browser-check",
  "--no-pings",
  "--autoplay-policy=no-user-gesture-required",
  "--use-gl=angle", // WebGL2 by software, for the map
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  // No name outside this machine resolves, so a page that asked for a foreign host fails its test instead of reaching it.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

function findSystemChromium(): string | undefined {
  const chosen = process.env["CITYWATCH_CHROMIUM"];
  if (chosen) return chosen;
  for (const dir of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(dir, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        continue;
      }
    }
  }
  return undefined;
}

/** Whether the machine has libnss3, without which the npm Chromium must be told to unpack its own libraries. */
function hasNss(): boolean {
  const roots = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"].filter((dir) => existsSync(dir));
  return roots.some((root) => existsSync(join(root, "libnss3.so")) || readdirSync(root).some((name) => name.includes("-linux-") && existsSync(join(root, name, "libnss3.so"))));
}

/** The path of a Chromium that starts on this machine, and what it needs beside our flags. */
export async function findChromium(): Promise<{ executablePath: string; args: string[]; from: "system" | "npm" }> {
  const system = findSystemChromium();
  if (system && process.env["CITYWATCH_CHROMIUM"] !== "npm") return { executablePath: system, args: [], from: "system" };
  if (!hasNss()) process.env["AWS_LAMBDA_JS_RUNTIME"] = "nodejs22.x"; // read by the package while it loads
  const { default: packaged } = await import("@sparticuz/chromium");
  // It unpacks itself into the temporary folder (some 210 MB). Test files run two at a time: the second waits, or it would start half a browser.
  const turn = new DatabaseSync(join(tmpdir(), "citywatch-chromium.lock"));
  try {
    turn.exec("pragma busy_timeout = 120000; begin exclusive");
    return { executablePath: await packaged.executablePath(), args: [], from: "npm" };
  } finally {
    turn.close();
  }
}

/** Starts a headless Chromium. The caller closes it. */
export async function launchBrowser(extraArgs: readonly string[] = []): Promise<Browser> {
  const { executablePath, args } = await findChromium();
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS, ...args, ...extraArgs] });
}
