// Draws the street scenes and encodes them: `node scripts/scenes/render.ts` (all), `... junction/smoke` (one clip), `... --stills DIR [names]`; `--pictures DIR` keeps
// the raw pictures (some 150 MB a clip) so that only encoding is done anew the next time.
// The scenes draw on a canvas in Chromium (a good rasteriser that the tests need anyway); pictures go to ffmpeg by a loopback server, raw, so that
// nothing is compressed twice. What comes out is plain H.264 that any player opens; the simulator adds the top row with the clock at run time.
// See README.md for the choice of encoder options.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { stripTypeScriptTypes } from "node:module";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../tests/support/browser.ts";
import { HEIGHT, WIDTH } from "./engine/camera.ts";
import { EVENT_KINDS, FRAME_S, CYCLE_S, LOOP_S, ONSET_S } from "./engine/scene.ts";
import { RATE, encodeClip } from "./encode.ts";
import { SCENES, SHIPPED_EVENTS } from "./scenes/all.ts";

const here = import.meta.dirname;
const assets = path.resolve(here, "../../src/sim/assets");
const BATCH_PICTURES = 10;

interface Wanted {
  readonly scene: string;
  readonly variant: string;
  readonly pictures: number;
}

function listClips(names: readonly string[]): Wanted[] {
  const clips: Wanted[] = [];
  for (const scene of SCENES) {
    clips.push({ scene: scene.name, variant: "normal", pictures: Math.round((scene.loopS ?? LOOP_S) / FRAME_S) });
    for (const event of EVENT_KINDS) if (scene.events[event]) clips.push({ scene: scene.name, variant: event, pictures: Math.round((ONSET_S + CYCLE_S) / FRAME_S) });
  }
  if (names.length === 0) return clips.filter((c) => c.variant === "normal" || SHIPPED_EVENTS[c.scene]?.some((event) => event === c.variant));
  return clips.filter((c) => names.some((n) => n === c.scene || n === `${c.scene}/${c.variant}`));
}

const PAGE = `<!doctype html><meta charset="utf-8"><script type="module">
import { SceneRenderer } from "/engine/scene.ts";
import { SCENES, SHIPPED_EVENTS } from "/scenes/all.ts";
const renderers = new Map();
const rendererOf = (name) => {
  if (!renderers.has(name)) renderers.set(name, new SceneRenderer(SCENES.find((s) => s.name === name)));
  return renderers.get(name);
};
window.drawBatch = async (scene, event, from, count, frameS) => {
  const r = rendererOf(scene);
  const bytes = new Uint8Array(count * ${WIDTH * HEIGHT * 4});
  for (let i = 0; i < count; i++) {
    r.draw((from + i) * frameS, event);
    bytes.set(r.canvas.getContext("2d").getImageData(0, 0, ${WIDTH}, ${HEIGHT}).data, i * ${WIDTH * HEIGHT * 4});
  }
  await fetch("/pictures", { method: "POST", body: bytes });
};
window.drawStill = async (scene, event, t) => {
  const r = rendererOf(scene);
  r.draw(t, event);
  const blob = await r.canvas.convertToBlob({ type: "image/png" });
  await fetch("/pictures", { method: "POST", body: blob });
};
window.ready = true;
</script>`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { stills: { type: "string" }, pictures: { type: "string" }, at: { type: "string", multiple: true }, crf: { type: "string", default: "34" } } });
  let take: (bytes: Buffer) => Promise<void> = () => Promise.resolve();
  const server = createServer((request, response) => {
    answer(request, response, take).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error("page:", error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction("window.ready === true", undefined, { timeout: 30_000 });
    const clips = listClips(positionals);
    if (values.stills) {
      await mkdir(values.stills, { recursive: true });
      for (const clip of clips) {
        for (const at of values.at ?? ["6"]) {
          take = (bytes) => writeFile(path.join(values.stills!, `${clip.scene}-${clip.variant}-${at}.png`), bytes);
          await page.evaluate(`drawStill(${JSON.stringify(clip.scene)}, ${clip.variant === "normal" ? "null" : JSON.stringify(clip.variant)}, ${Number(at)})`);
        }
      }
      return;
    }
    const work = values.pictures ?? (await mkdtemp(path.join(os.tmpdir(), "scenes-")));
    let total = 0;
    for (const clip of clips) {
      const began = performance.now();
      const file = path.join(assets, `${clip.scene}-${clip.variant}.h264`);
      const raw = path.join(work, `${clip.scene}-${clip.variant}.i420`);
      await draw(page, clip, raw, (sink) => (take = sink));
      const encoded = path.join(work, path.basename(file)); // not in its place before it is proved
      const again = await encodeClip(raw, encoded, Number(values.crf));
      await copyFile(encoded, file);
      await rm(encoded);
      if (!values.pictures) await rm(raw);
      const { size } = await stat(file);
      total += size;
      console.log(`${clip.scene}-${clip.variant}: ${clip.pictures} pictures, ${(size / 1000).toFixed(0)} kB, ${((size * 8) / (clip.pictures * FRAME_S) / 1000).toFixed(0)} kbit/s, ${((performance.now() - began) / 1000).toFixed(0)} s, ${again} groups twice`);
    }
    if (!values.pictures) await rm(work, { recursive: true });
    console.log(`${clips.length} clips, ${(total / 1e6).toFixed(2)} MB`);
  } finally {
    await browser.close();
    server.close();
  }
}

/** Draws a clip into a file of raw pictures, unless they are there already. */
async function draw(page: Page, clip: Wanted, file: string, onPictures: (sink: (bytes: Buffer) => Promise<void>) => void): Promise<void> {
  if (existsSync(file)) return;
  const part = `${file}.part`;
  const converter = spawn("ffmpeg", ["-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgba", "-s", `${WIDTH}x${HEIGHT}`, "-r", RATE, "-i", "-", "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-f", "rawvideo", "-pix_fmt", "yuv420p", part], { stdio: ["pipe", "inherit", "inherit"] });
  const ended = once(converter, "exit");
  onPictures(async (bytes) => {
    if (!converter.stdin.write(bytes)) await once(converter.stdin, "drain");
  });
  const event = clip.variant === "normal" ? "null" : JSON.stringify(clip.variant);
  for (let from = 0; from < clip.pictures; from += BATCH_PICTURES) {
    await page.evaluate(`drawBatch(${JSON.stringify(clip.scene)}, ${event}, ${from}, ${Math.min(BATCH_PICTURES, clip.pictures - from)}, ${FRAME_S})`);
  }
  converter.stdin.end();
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} on ${part}`);
  await rename(part, file);
}

async function answer(request: IncomingMessage, response: ServerResponse, take: (bytes: Buffer) => Promise<void>): Promise<void> {
  if (request.method === "POST") {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    await take(Buffer.concat(parts));
    response.end();
    return;
  }
  if (request.url === "/") {
    response.setHeader("content-type", "text/html").end(PAGE);
    return;
  }
  const file = path.join(here, path.normalize(request.url ?? ""));
  if (!file.endsWith(".ts") || !file.startsWith(here)) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("content-type", "text/javascript").end(stripTypeScriptTypes(await readFile(file, "utf8")));
}

if (import.meta.main) await main();
