// Feeds one video element with live fragments through Media Source Extensions, in "segments" mode: the fragments' own decode times place them,
// so a lost frame is a hole and not a drift. All that waits is appended in one go, since 16 tiles at 25 frames a second are 400 appends. The element has its source before the
// first byte comes, so that its opening costs the first picture nothing; another stream or codec goes on in the same element, whose picture stays until the new one's first.
// WebCodecs and a canvas would be a little quicker, but lose the element's own pacing, full screen and picture-in-picture.
import { atDecodeTime, findDecodeTime, findTimescale, type LiveFrame } from "./frame.ts";
import { NEW_RESERVE, decideLive, noteLow } from "./live-policy.ts";
import { openMediaSource } from "./media-source.ts";
import { LiveAnchors } from "./wall-map.ts";

const TICK_MS = 200;
const FRESH_MS = 1_500;
/** A decoder that works on several pictures at once gives one out when later ones have come. Of key frames that come seconds apart each is followed by itself so often. */
const COPIES = 4;
const COPY_MS = 40;
const MOST_WAITING_BYTES = 8_000_000; // then the element is not keeping up: begin again at the next key frame

export interface MediaFeed {
  /** What the next initialisation and the pictures after it are. */
  setType(mimeType: string): void;
  push(frame: LiveFrame): void;
  /** The link is slow: pictures come one by one, far apart. */
  setKeyFramesOnly(on: boolean): void;
  /** Wall time of the picture on the screen, or null before the first. */
  pictureWallMs(): number | null;
  destroy(): void;
}

/** `onBroken` is called once, when the element or its buffer failed: make a new feed and open the channel again. */
export function createMediaFeed(video: HTMLVideoElement, onBroken: (why: string) => void): MediaFeed {
  const source = openMediaSource(video);
  const url = URL.createObjectURL(source);
  const anchors = new LiveAnchors();
  let buffer: SourceBuffer | null = null;
  let queue: (LiveFrame & { readonly mimeType: string })[] = [];
  let pushedType = "";
  let bufferType = "";
  let sourceOpen = false;
  let reserve = NEW_RESERVE;
  let freshUntilMs = 0;
  let queuedBytes = 0;
  let timescale: number | null = null;
  let placed = false; // the offset of the present stream is set
  let needKey = true;
  let trimTo: number | null = null;
  let keyFramesOnly = false;
  let over = false;

  const fail = (why: string): void => {
    if (over) return;
    over = true;
    clearInterval(timer);
    onBroken(why);
  };
  const bufferedEnd = (): number => (buffer === null || buffer.buffered.length === 0 ? 0 : buffer.buffered.end(buffer.buffered.length - 1));

  /** Appends what waits: an initialisation segment alone, or all fragments up to the next one. */
  const pump = (): void => {
    if (over || !sourceOpen || buffer?.updating === true || source.readyState !== "open") return;
    try {
      if (buffer === null) {
        if (queue[0] === undefined) return;
        buffer = addBuffer(queue[0].mimeType);
      }
      if (trimTo !== null) {
        const end = trimTo;
        trimTo = null;
        return buffer.remove(0, end);
      }
      const first = queue[0];
      if (first === undefined) return;
      if (first.kind === "init") {
        queue.shift();
        queuedBytes -= first.bmff.byteLength;
        timescale = findTimescale(first.bmff);
        if (timescale === null) return fail("bad-init");
        placed = false;
        needKey = true;
        if (first.mimeType !== bufferType) buffer.changeType(first.mimeType);
        bufferType = first.mimeType;
        return buffer.appendBuffer(first.bmff);
      }
      const run: Uint8Array<ArrayBuffer>[] = [];
      let bytes = 0;
      while (queue[0] !== undefined && queue[0].kind !== "init") {
        const frame = queue.shift()!;
        queuedBytes -= frame.bmff.byteLength;
        if (needKey && frame.kind !== "key") continue;
        const ticks = findDecodeTime(frame.bmff);
        if (ticks === null || timescale === null) continue;
        needKey = false;
        if (!placed) {
          // A stream that begins anew (camera or recorder restarted) goes on right behind the old one, whatever its own clock says. One that was
          // only opened again (a renewed token) keeps its place: there the wall times agree with the old offset.
          const wallMs = anchors.findWallMs(ticks / timescale + buffer.timestampOffset);
          if (wallMs === null || Math.abs(wallMs - frame.wallMs) > 500) {
            buffer.timestampOffset = bufferedEnd() - ticks / timescale;
            freshUntilMs = performance.now() + FRESH_MS;
          }
          placed = true;
        }
        anchors.add(ticks / timescale + buffer.timestampOffset, frame.wallMs);
        run.push(frame.bmff);
        bytes += frame.bmff.byteLength;
        for (let i = 1; keyFramesOnly && i <= COPIES; i++) {
          const at = ticks + Math.round((i * COPY_MS * timescale) / 1_000);
          const copy = atDecodeTime(frame.bmff, at);
          if (copy === null) break;
          anchors.add(at / timescale + buffer.timestampOffset, frame.wallMs);
          run.push(copy);
          bytes += copy.byteLength;
        }
      }
      if (run.length === 0) return;
      if (document.visibilityState !== "visible" || keyFramesOnly) reserve = NEW_RESERVE;
      else if (video.readyState > HTMLMediaElement.HAVE_METADATA) reserve = noteLow(reserve, performance.now(), Math.max(0, bufferedEnd() - video.currentTime));
      buffer.appendBuffer(run.length === 1 ? run[0]! : joined(run, bytes));
    } catch (error) {
      if (error instanceof DOMException && error.name === "QuotaExceededError") {
        trimTo = video.currentTime - 1 > 0 ? video.currentTime - 1 : null;
        if (trimTo === null) fail("buffer-full");
        needKey = true;
      } else fail(error instanceof Error ? error.name : "unknown");
    }
  };

  const keepUp = (): void => {
    if (over || buffer === null) return;
    if (video.error !== null) return fail(video.error.message || `media error ${video.error.code}`);
    const ranges: (readonly [number, number])[] = [];
    for (let i = 0; i < video.buffered.length; i++) ranges.push([video.buffered.start(i), video.buffered.end(i)]);
    const decision = decideLive({ ranges, currentTime: video.currentTime, playbackRate: video.playbackRate, visible: document.visibilityState === "visible", fresh: performance.now() < freshUntilMs, keyFramesOnly, reserve });
    if (decision.seekTo !== null && !video.seeking) {
      video.currentTime = decision.seekTo;
      reserve = { ...reserve, lows: [] }; // what lay ahead before is no measure any more
    }
    if (video.playbackRate !== decision.playbackRate) video.playbackRate = decision.playbackRate;
    if (decision.trimTo !== null) trimTo = decision.trimTo;
    if (video.paused && ranges.length > 0) video.play().catch(() => {}); // muted: refused only while the page is hidden, and tried again
    pump();
  };

  const addBuffer = (mimeType: string): SourceBuffer => {
    const made = source.addSourceBuffer(mimeType);
    bufferType = mimeType;
    made.mode = "segments";
    made.addEventListener("updateend", keepUp);
    made.addEventListener("error", () => fail("bad-data"));
    return made;
  };

  source.addEventListener("sourceopen", () => {
    URL.revokeObjectURL(url);
    sourceOpen = true;
    pump();
  }, { once: true });
  video.src = url;
  const timer = setInterval(keepUp, TICK_MS);

  return {
    setType: (mimeType) => void (pushedType = mimeType),
    push: (frame) => {
      if (over) return;
      if (queuedBytes > MOST_WAITING_BYTES) {
        queue = queue.filter((f) => f.kind === "init");
        queuedBytes = queue.reduce((n, f) => n + f.bmff.byteLength, 0);
        needKey = true;
      }
      queue.push({ ...frame, mimeType: pushedType });
      queuedBytes += frame.bmff.byteLength;
      pump();
    },
    setKeyFramesOnly: (on) => void (keyFramesOnly = on),
    pictureWallMs: () => (video.readyState >= 2 ? anchors.findWallMs(video.currentTime) : null),
    destroy: () => {
      over = true;
      clearInterval(timer);
      queue = [];
      if (video.src === url) {
        video.removeAttribute("src");
        video.load();
      }
    },
  };
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
