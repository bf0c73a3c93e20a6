// All cameras of the package on one clock. While it plays the clock runs by itself, and each picture is drawn towards it: a little off by speed, far off by a
// seek. A video element's own zero is wherever its stream began (a file holds the middle of a run), so it is worked out from its length.
import { type Manifest, type ManifestBeside, type ManifestCamera, type ManifestFile } from "../../../src/evidence/manifest.ts";
import { wordFor, type Translation } from "../words/catalogue.ts";
import type { en as domainEn } from "../words/domain.en.ts";
import type { en } from "../evidence/words.en.ts";
import { button, el } from "./elements.ts";
import { findNext, findPlace, findSound, sayCamera } from "./playback.ts";

interface Words {
  readonly page: Translation<typeof en>["page"];
  readonly gapCauses: Translation<typeof domainEn>["gapCauses"];
}
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;
const FAR_S = 0.7;
const NEAR_S = 0.04;
/** Each jump of the sound is heard: less than this is let be. */
const SOUND_OFF_S = 0.08;

class Tile {
  readonly element: HTMLElement;
  readonly #video = el("video", { playsinline: "", preload: "auto" });
  readonly #hole = el("div", { class: "hole" });
  readonly #camera: ManifestCamera;
  readonly #words: Words;
  #file: ManifestFile | undefined;
  #failed = false;
  readonly #audio = el("audio", { preload: "auto" });
  #sound: ManifestBeside | undefined;

  constructor(camera: ManifestCamera, words: Words) {
    this.#camera = camera;
    this.#words = words;
    this.#video.muted = true;
    this.#video.addEventListener("error", () => {
      this.#failed = true;
    });
    this.element = el("figure", { class: "tile" }, el("figcaption", {}, el("b", {}, camera.code), ` ${sayCamera(camera)}`), el("div", { class: "picture" }, this.#video, this.#hole));
  }

  close(): void {
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#video.pause();
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  show(atMs: number, playing: boolean, speed: number): void {
    const place = findPlace(this.#camera, atMs);
    const gap = place === undefined ? this.#camera.gaps.find(({ start, end }) => atMs >= start && atMs <= end) : undefined;
    const said = place === undefined ? `${this.#words.page.gap}${gap === undefined ? "" : ` · ${wordFor(this.#words.gapCauses, gap.cause)}`}` : this.#failed ? this.#words.page.notOpened : "";
    this.#hole.hidden = said === "";
    if (this.#hole.textContent !== said) this.#hole.textContent = said;
    if (place === undefined) {
      this.#video.pause();
      return;
    }
    if (place.file !== this.#file) {
      this.#file = place.file;
      this.#failed = false;
      this.#video.src = place.file.name;
    }
    this.#follow(place.mediaS, playing, speed);
  }

  /** At the usual pace only; the sound follows the clock as the picture does, and neither waits for the other. */
  hear(atMs: number, isHeard: boolean): void {
    const place = isHeard ? findPlace(this.#camera, atMs) : undefined;
    const sound = place === undefined ? undefined : findSound(place.file);
    const audio = this.#audio;
    if (sound === undefined) {
      if (!audio.paused) audio.pause();
      return;
    }
    if (sound !== this.#sound) {
      this.#sound = sound;
      audio.src = sound.name;
    }
    if (audio.readyState === 0 || !Number.isFinite(audio.duration)) return;
    // AAC counts from its run's beginning, as pictures do; PCM from the first picture.
    const origin = Math.max(0, audio.duration - (sound.end - sound.start) / 1_000);
    const wantedS = origin + (atMs - sound.start) / 1_000;
    if (wantedS < 0 || wantedS >= audio.duration) return audio.pause();
    if (Math.abs(wantedS - audio.currentTime) > SOUND_OFF_S && !audio.seeking) audio.currentTime = wantedS;
    if (audio.paused) void audio.play().catch(() => undefined);
  }

  #follow(mediaS: number, playing: boolean, speed: number): void {
    const video = this.#video;
    if (video.readyState === 0 || !Number.isFinite(video.duration)) return;
    // The length that the browser tells counts from the stream's own zero: what is more than the file's pictures is where they begin.
    const last = this.#file!.parts.at(-1)!;
    const length = last.media90k / 90_000 + (last.end - last.start) / 1_000;
    const origin = Math.max(0, video.duration - length);
    const off = origin + mediaS - video.currentTime;
    if (!playing || Math.abs(off) > FAR_S * Math.max(1, speed)) {
      if (!playing && !video.paused) video.pause();
      if (Math.abs(off) > NEAR_S && !video.seeking) video.currentTime = Math.max(origin, Math.min(video.duration - 0.001, origin + mediaS + 0.001));
    }
    if (!playing) return;
    video.playbackRate = Math.min(16, Math.max(0.0625, speed * (Math.abs(off) < NEAR_S ? 1 : 1 + Math.max(-0.25, Math.min(0.25, off)))));
    if (video.paused) void video.play().catch(() => undefined);
  }
}

export interface Player {
  readonly element: HTMLElement;
  /** Lets go of the keys and the clock: a page that is shown in another language gets another player. */
  destroy(): void;
}

export function createPlayer(manifest: Manifest, words: Words, formatMoment: (at: number) => string): Player {
  const { from, to } = manifest.range;
  const { cameras } = manifest;
  const tiles = cameras.map((camera) => new Tile(camera, words));
  let at = findNext(cameras, from) ?? from;
  let playing = false;
  let speed = 1;
  let isHeard = false;
  let before = performance.now();

  const clock = el("output", { class: "clock" });
  const slider = el("input", { type: "range", min: String(from), max: String(to), step: "1", "aria-label": words.page.now });
  const play = button(words.page.play, () => setPlaying(!playing));
  const hasSound = cameras.some(({ files }) => files.some((file) => findSound(file) !== undefined));
  const sound = button(words.page.sound, () => {
    isHeard = !isHeard;
    sound.setAttribute("aria-pressed", String(isHeard));
  });
  sound.setAttribute("aria-pressed", "false");
  sound.title = words.page.soundWhat;
  const rate = el("select", { "aria-label": words.page.speed }, ...SPEEDS.map((one) => el("option", { value: String(one), ...(one === 1 ? { selected: "" } : {}) }, `${one}×`)));
  rate.addEventListener("change", () => void (speed = Number(rate.value)));
  slider.addEventListener("input", () => moveTo(Number(slider.value)));
  const pictureMs = (): number => {
    const file = cameras.map((camera) => findPlace(camera, at)?.file).find((one) => one !== undefined);
    return file === undefined || file.frames === 0 ? 40 : (file.end - file.start) / file.frames;
  };
  const setPlaying = (next: boolean): void => {
    if (next && at >= to) at = from;
    playing = next;
    play.textContent = next ? words.page.pause : words.page.play;
  };
  const moveTo = (next: number): void => void (at = Math.max(from, Math.min(to, next)));
  const step = (pictures: number): void => {
    setPlaying(false);
    moveTo(at + pictures * pictureMs());
  };
  const keys: Readonly<Record<string, () => void>> = {
    " ": () => setPlaying(!playing), k: () => setPlaying(!playing), ArrowLeft: () => moveTo(at - 5_000), ArrowRight: () => moveTo(at + 5_000), j: () => moveTo(at - 60_000), l: () => moveTo(at + 60_000), ",": () => step(-1), ".": () => step(1),
  };
  const over = new AbortController();
  document.addEventListener("keydown", (event) => {
    const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement || event.target instanceof HTMLButtonElement;
    const scrolls = event.key.startsWith("Arrow") && event.target instanceof HTMLElement && event.target.classList.contains("tables"); // what is wider than the page is scrolled by them
    const run = keys[event.key];
    if (run === undefined || scrolls || event.ctrlKey || event.metaKey || event.altKey || (inField && !(event.target === slider && event.key !== " "))) return;
    event.preventDefault();
    run();
  }, { signal: over.signal });

  const tick = (now: number): void => {
    const passed = Math.min(250, now - before); // a tab that slept goes on from where it was
    before = now;
    if (playing) {
      moveTo(at + passed * speed);
      if (at >= to) setPlaying(false);
    }
    for (const tile of tiles) {
      tile.show(at, playing, speed);
      tile.hear(at, isHeard && playing && speed === 1);
    }
    clock.textContent = formatMoment(at);
    if (document.activeElement !== slider || playing) slider.value = String(Math.round(at));
    frame = requestAnimationFrame(tick);
  };
  let frame = requestAnimationFrame(tick);

  const bar = (camera: ManifestCamera): HTMLElement => el("div", { class: "bar", role: "img", "aria-label": `${camera.code}: ${camera.gaps.length} ${words.page.gaps}` }, ...camera.files.map(({ start, end }) => {
    const left = Math.max(0, (start - from) / (to - from));
    const span = el("span", { title: words.page.recorded });
    span.style.left = `${left * 100}%`;
    span.style.width = `${(Math.min(1, (end - from) / (to - from)) - left) * 100}%`;
    return span;
  }));
  const element = el("section", {},
    el("div", { class: "wall" }, ...tiles.map(({ element }) => element)),
    el("div", { class: "row" }, play, button("◂|", () => step(-1), words.page.stepBack), button("|▸", () => step(1), words.page.step), rate, ...(hasSound ? [sound] : []), clock, el("span", { class: "quiet" }, words.page.keys)),
    el("div", { class: "bars" }, el("span", {}, ""), slider, ...cameras.flatMap((camera) => [el("span", { class: "name", title: sayCamera(camera) }, camera.code), bar(camera)])),
  );
  return {
    element,
    destroy: () => {
      over.abort();
      cancelAnimationFrame(frame);
      for (const tile of tiles) tile.close();
    },
  };
}
