// A package of real pictures in the hands of whoever gets it: read by ffprobe, opened from the disk in a real Chromium without a network, played over a gap and a change of format,
// verified there, and caught when a byte was changed. Rules: src/video/SPEC.md.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { buildEvidencePage } from "../../src/app/console-build.ts";
import type { ExportOrder } from "../../src/contract/evidence.ts";
import { parseManifest, type Manifest } from "../../src/evidence/manifest.ts";
import { readZip } from "../../src/evidence/zip.ts";
import { createEvidenceSigner } from "../../src/io/crypto/evidence-signer.ts";
import { ExportDesk } from "../../src/io/evidence/export-desk.ts";
import { createManifestCollector } from "../../src/io/evidence/testing/package-rig.ts";
import { TestArchive, readAnnexBClip } from "../recorder/archive.ts";
import { findFaults } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { DESK, PHONE } from "../support/log-in.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const T0 = 1_790_000_000_000;
const TOKEN = "one-download-of-this-test-0123456789abcdef";
const clip = (name: string) => readAnnexBClip(join(ROOT, "src", "sim", "assets", `${name}.h264`));
const hasProbe = spawnSync("ffprobe", ["-version"]).status === 0;

describe("an evidence package of real pictures", () => {
  let work: string;
  let folder: string;
  let archive: TestArchive;
  let browser: Browser;
  let page: Page;
  let manifest: Manifest;
  const signer = createEvidenceSigner(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string);
  const faults: string[] = [];
  const asked: string[] = [];

  // Camera 1: 70 s, 20 s of nothing, 40 s. Camera 2: 60 s of one scene, then at once 70 s of another in the next run.
  before(async () => {
    work = await mkdtemp(join(tmpdir(), "citywatch-evidence-"));
    folder = join(work, "package");
    await buildEvidencePage(join(ROOT, "console"), join(work, "page"));
    archive = await TestArchive.create(work);
    await archive.record(1, clip("square-normal"), T0, 70 * 25);
    await archive.record(1, clip("square-normal"), T0 + 90_000, 40 * 25);
    await archive.record(2, clip("coast-normal"), T0, 60 * 25, "reconfigured");
    await archive.record(2, clip("junction-normal"), T0 + 60_000, 70 * 25);
    await unpack(await makePackage());
    const parsed = parseManifest(await readFile(join(folder, "manifest.json"), "utf8"));
    assert.ok(parsed.ok);
    manifest = parsed.value;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-GB", colorScheme: "dark", timezoneId: "Asia/Tokyo" });
    page.setDefaultTimeout(120_000);
    page.on("request", (request) => asked.push(request.url()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  });
  after(async () => {
    await browser?.close();
    await archive?.close();
    await rm(work, { recursive: true, force: true });
  });

  async function makePackage(): Promise<Buffer> {
    const pose = { point: { lon: -56.2, lat: -34.9 }, mountHeightM: 6, bearingDeg: 90, tiltDeg: 10, horizontalFovDeg: 90, verticalFovDeg: 60, rangeM: 100 };
    const order: ExportOrder = {
      exportId: 12, tokenSha256: createHash("sha256").update(TOKEN).digest("hex"), expiresAt: T0 + 9e6, city: "Montevideo", timeZone: "America/Montevideo", asked: { from: T0 + 10_300, to: T0 + 120_000 }, askedBy: { accountId: 1, name: "Ana Ruiz", at: T0 + 8e6 },
      reason: { purpose: "investigation", words: "Theft at the market, case 2026/114", incidentId: 4, incidentNumber: 1_042, contactId: null }, publicKey: signer.publicKey,
      cameras: [{ id: 1, code: "SQ-1", name: "Square, from the arcade", place: "Plaza Independencia", pose, accessRecordId: 5, sound: true, metadata: false }, { id: 2, code: "CO-3", name: "Rambla, looking east", place: "Rambla 25 de Agosto", pose, accessRecordId: 6, sound: false, metadata: false }],
    };
    const collect = createManifestCollector();
    const desk: ExportDesk = new ExportDesk({
      root: archive.root, recorderId: 1, program: "Citywatch test", index: archive.index, findClockOffset: () => null, pool: { find: () => undefined }, clock: { wallMs: () => T0 + 8e6, monotonicMs: () => performance.now() },
      pagePath: join(work, "page", "index.html"), log: () => undefined,
      tell: (message) => {
        const manifest = collect(message);
        if (manifest !== undefined) queueMicrotask(() => desk.takeSignature(12, signer.sign(manifest.text)));
      },
    });
    desk.accept(order);
    const begun = desk.begin(12, TOKEN);
    assert.ok(begun.ok);
    const chunks: Buffer[] = [];
    await begun.value.send(new Writable({ write: (chunk: Buffer, _encoding, done) => { chunks.push(chunk); done(); } }), () => undefined);
    desk.stop();
    return Buffer.concat(chunks);
  }

  async function unpack(zip: Buffer): Promise<void> {
    await writeFile(join(work, "package.zip"), zip);
    const read = await readZip({ size: zip.length, read: async (at, length) => zip.subarray(at, at + length) });
    assert.ok(read.ok);
    for (const { name, offset, size } of read.value) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), zip.subarray(offset, offset + size));
    }
  }
  const moveTo = (atMs: number) => page.locator('input[type="range"]').evaluate((slider: HTMLInputElement, at) => { slider.value = String(at); slider.dispatchEvent(new Event("input")); }, atMs);
  const videos = () => page.locator("video").evaluateAll((all: HTMLVideoElement[]) => all.map((video) => ({ src: video.getAttribute("src"), ready: video.readyState, at: video.currentTime, length: video.duration, paused: video.paused, failed: video.error !== null, shown: video.parentElement!.querySelector<HTMLElement>(".hole")!.hidden === true })));
  const settled = async (what: string, holds: (all: Awaited<ReturnType<typeof videos>>) => boolean) => {
    for (const until = performance.now() + 120_000; performance.now() < until; ) {
      const all = await videos();
      if (holds(all)) return all;
      await page.waitForTimeout(50);
    }
    return assert.fail(`${what}: ${JSON.stringify(await videos())}`);
  };

  test("[EXP1] ffprobe reads each file, and decodes as many pictures as were recorded in the range", { skip: hasProbe ? false : "needs ffprobe" }, () => {
    const counts = manifest.cameras.map(({ files }) => files.map(({ name }) => Number(execFileSync("ffprobe", ["-v", "error", "-select_streams", "v:0", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", join(folder, name)], { encoding: "utf8" }).trim().replace(/,$/, ""))));
    assert.deepEqual(counts, [[60 * 25, 30 * 25], [50 * 25, 60 * 25]], "from the key frame at 10 s to 120 s");
    assert.deepEqual(counts, manifest.cameras.map(({ files }) => files.map(({ frames }) => frames)));
  });

  test("[EXP7] opened from the disk it plays all cameras on one clock, with the gap told and no network asked", async () => {
    await page.goto(`file://${folder}/index.html`);
    await page.getByRole("heading", { name: "Evidence package 12 · Montevideo" }).waitFor();
    await page.getByText("The manifest bears a valid signature").waitFor();
    await settled("both show a picture", (all) => all.length === 2 && all.every(({ ready, shown }) => ready >= 2 && shown));
    await page.getByText("Times are by the clocks of Montevideo: America/Montevideo, UTC-03:00.").waitFor();
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "America/Montevideo", hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(T0 + 10_300);
    assert.ok((await page.locator("output.clock").innerText()).includes(clock), "the city's, though the browser is in Tokyo");
    for (const tile of await page.locator(".tile").all()) {
      const [caption, picture] = [(await tile.locator("figcaption").boundingBox())!, (await tile.locator("video").boundingBox())!];
      assert.ok(caption.y + caption.height <= picture.y + 0.5, "no word lies over a picture: the camera's own clock is burned in there");
    }
    await page.keyboard.press("k");
    const before = await settled("both play", (all) => all.every(({ paused }) => !paused));
    await settled("both go on", (all) => all.every(({ at }, i) => at > before[i]!.at + 1));
    await page.keyboard.press("k");
    await settled("both stand", (all) => all.every(({ paused }) => paused));

    // The second camera's second file, and the same moment in the first: within a picture of each other.
    await moveTo(T0 + 65_000);
    const origin = (one: { length: number }, seconds: number) => one.length - seconds;
    await settled("at 65 s", ([square, coast]) => coast!.src!.endsWith("-2.mp4") && [square!, coast!].every(({ ready }) => ready >= 2) && Math.abs(square!.at - origin(square!, 60) - 55) < 0.1 && Math.abs(coast!.at - origin(coast!, 60) - 5) < 0.1);

    await moveTo(T0 + 80_000);
    await settled("the first is in its gap, the second is not", (all) => !all[0]!.shown && all[1]!.shown);
    assert.match(await page.locator(".hole").first().innerText(), /No recording · /);
    await moveTo(T0 + 100_000);
    await settled("after the gap", (all) => all.every(({ shown, ready }) => shown && ready >= 2) && all[0]!.src!.endsWith("01-SQ-1-2.mp4"));
    assert.deepEqual(faults, []);
    assert.ok(asked.every((url) => url.startsWith("file://")), asked.join("\n"));
  });

  test("[EXP7] [EXP9] it verifies the folder and the ZIP, grades the key, and names what was changed", async () => {
    const verdict = page.locator(".verdict");
    const give = async (label: string, path: string): Promise<string> => {
      await page.getByLabel(label).setInputFiles(path);
      await page.locator(".verdict.whole-known-key, .verdict.whole-unknown-key, .verdict.altered").waitFor({ timeout: 120_000 });
      const text = await verdict.innerText();
      await page.evaluate(() => document.querySelector(".verdict")!.removeAttribute("class"));
      return text;
    };
    assert.match(await give("Choose the unpacked folder", folder), /^Whole under the key that came with it/);
    await page.getByLabel("Fingerprint that you know").fill(signer.fingerprint.toUpperCase().replace(/..(?=.)/g, "$&:"));
    assert.match(await give("Choose the ZIP", join(work, "package.zip")), /^Whole, and signed with the key that you know/);
    await page.getByLabel("Fingerprint that you know").fill("0".repeat(64));
    assert.match(await give("Choose the ZIP", join(work, "package.zip")), /^Altered/);
    await page.getByLabel("Fingerprint that you know").fill("");
    const { name } = manifest.cameras[1]!.files[0]!;
    const good = await readFile(join(folder, name));
    const bad = Buffer.from(good);
    bad[bad.length - 5_000] = bad[bad.length - 5_000]! ^ 1;
    await writeFile(join(folder, name), bad);
    assert.match(await give("Choose the unpacked folder", folder), /^Altered/);
    assert.deepEqual(await page.locator(".findings li").allInnerTexts(), [`${name} was changed`]);
    await writeFile(join(folder, name), good);
    await page.getByRole("button", { name: "中文" }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    await page.getByText("尚未核验").waitFor();
    assert.deepEqual(faults, []);
  });

  for (const colorScheme of ["dark", "light"] as const)
    test(`the page keeps the W3C's rules, ${colorScheme}, at a desk and on a phone`, async () => {
      const context = await browser.newContext({ viewport: DESK, locale: "en-GB", colorScheme, reducedMotion: "reduce" });
      const looked = await context.newPage();
      await looked.goto(`file://${folder}/index.html`);
      const found: string[] = [];
      for (const size of [DESK, PHONE]) {
        await looked.setViewportSize(size);
        await looked.locator(".tile").nth(1).waitFor();
        found.push(...(await findFaults(looked, "body")).map((fault) => `${size.width} px: ${fault}`));
      }
      const tables = looked.locator(".tables"); // wider than a phone
      await tables.focus();
      const moment = looked.locator("output.clock");
      const at = await moment.innerText();
      await looked.keyboard.press("ArrowRight");
      await looked.waitForFunction(() => document.querySelector(".tables")!.scrollLeft > 0);
      assert.equal(await moment.innerText(), at, "the key scrolls, and does not step the pictures");
      await looked.getByLabel("Choose the ZIP").setInputFiles(join(work, "package.zip"));
      await looked.locator(".verdict.whole-unknown-key").waitFor({ timeout: 120_000 });
      found.push(...(await findFaults(looked, "body")).map((fault) => `verified: ${fault}`));
      assert.ok(await looked.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "nothing is wider than the phone");
      await context.close();
      assert.deepEqual(found, []);
    });
});
