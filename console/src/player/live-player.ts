// One live tile: asks for the view, opens a channel, feeds the element, renews the view before its token ends, and says at each moment what the
// tile shows. A renewal goes out on the same channel, so that the picture does not flicker. The camera's other stream comes on a second channel of the same view; the first one
// plays until that has its key frame, so that no change of size shows a black picture.
import type { Stream, ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { hubOf, type ChannelHandle } from "./live-hub.ts";
import { isStale } from "./live-policy.ts";
import { createMediaFeed, type MediaFeed } from "./media-feed.ts";
import { MediaSourceHere, playsType } from "./media-source.ts";
import { backOffMs, type ChannelPhase } from "./media-link.ts";
import { codecName, sameStatus, type StatusListener, type StreamNote, type TileFigures, type TilePlayer, type TileStatus } from "./status.ts";
import { FAST_LINK, NO_ARRIVALS, chooseStream, isSlow, noteArrival, noteDropped } from "./stream-policy.ts";
import type { LiveFrame } from "./frame.ts";
import { renewAtMs } from "./view-policy.ts";
import { continueView, leaveLive, requestView, type GrantedView } from "./views.ts";

const WATCH_MS = 500;
const FIGURES_OVER_MS = 2_000;
/** Refusals that asking again may cure: the token ran out, or the recorder does not know the camera or the centre's key yet. */
const CURABLE: ReadonlySet<string> = new Set(["view-expired", "token-expired", "token-invalid", "token-missing", "no-key-yet", "camera-unknown"]);
const MOST_CURES = 5;
/** What may be mended while somebody waits before the tile: a camera that is given its address again, or a recorder that learns of it. A refusal is no look and writes no record. */
const COMES_BACK: ReadonlySet<string> = new Set(["no-address", "camera-unknown"]);
const COMES_BACK_MS = 15_000;
/** A camera that answered main when its sub stream was asked for is not asked again for so long. */
const NO_SUB_MS = 60_000;

/** One channel. `asked` is the stream that was wanted; `stream` the one that the recorder shows, once it is known. */
interface Line {
  readonly asked: Stream;
  handle: ChannelHandle;
  stream: Stream | null;
  mimeType: string | null;
  size: { readonly width: number; readonly height: number } | null;
  /** The last initialisation: pictures are of use after it only. */
  init: LiveFrame | null;
  /** The recorder leaves out all but key frames, since the link is slow. */
  keyFramesOnly: boolean;
}

export function playLive(video: HTMLVideoElement, cameraId: number, reason: ViewReason, onStatus: StatusListener): TilePlayer {
  let status: TileStatus = { state: "asking" };
  let over = false;
  const abort = new AbortController();
  let feed: MediaFeed | null = null;
  let showing: Line | null = null;
  let coming: Line | null = null; // takes the place of `showing` with its first key frame
  let wanted: Stream = "main";
  let widthPx: number | null = null;
  let slow = FAST_LINK;
  let late = NO_ARRIVALS;
  let unplayable: string | null = null; // the codec of main, where this browser does not play it
  let askSubAfterMs = 0; // this and the times below by a clock that nobody sets
  let recorderUrl: string | null = null;
  let view: GrantedView | null = null; // null: the next request is another look
  let served = false; // the recorder answered for the present look: its end is the recorder's to tell
  let renewal: ReturnType<typeof setTimeout> | null = null;
  let lastFrameAt: number | null = null;
  let dropped = 0;
  let failures = 0;
  let cameraWaits: Extract<TileStatus, { state: "waiting" }> | null = null;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const arrivals: { atMs: number; bytes: number }[] = [];

  const tell = (next: TileStatus): void => {
    if (over || sameStatus(status, next)) return;
    status = next;
    onStatus(next);
  };
  const later = (ms: number, what: () => void): ReturnType<typeof setTimeout> => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!over) what();
    }, Math.max(0, ms));
    timers.add(timer);
    return timer;
  };
  const measure = (): void => {
    if (video.clientWidth > 0) widthPx = video.clientWidth * devicePixelRatio;
  };
  const choose = (): Stream => chooseStream({ wanted, widthPx, slow: isSlow(slow, performance.now()), mainPlays: unplayable === null });

  const begin = async (): Promise<void> => {
    // Nobody would see anything, so nobody looks: nothing is recorded.
    if (MediaSourceHere === undefined) return tell({ state: "refused", reason: { code: "no-media-source", params: {} } });
    if (feed === null) tell({ state: "asking" });
    const look = { cameraId, reason, mode: "live", from: null, to: null } as const;
    const answer = view === null ? await requestView(look, abort.signal) : await continueView(view, look, abort.signal);
    if (over) return;
    if (answer.ok) return join(answer.view);
    if (answer.forbidden || !answer.transient) {
      end();
      if (!answer.forbidden && COMES_BACK.has(answer.reason.code)) later(COMES_BACK_MS, () => void begin());
      return tell(answer.forbidden ? { state: "forbidden" } : { state: "refused", reason: answer.reason });
    }
    if (feed === null) tell({ state: "waiting", reason: answer.reason, sinceMs: status.state === "waiting" ? status.sinceMs : Date.now() });
    later(backOffMs(failures++, Math.random()), () => void begin());
  };

  const join = (granted: GrantedView): void => {
    if (view?.viewId !== granted.viewId) served = false;
    view = granted;
    if (renewal !== null) clearTimeout(renewal);
    renewal = later(renewAtMs(serverNow(), view.expiresAt) - serverNow(), () => void begin());
    if (showing !== null && view.recorderUrl === recorderUrl) {
      showing.handle.renew(view.token);
      coming?.handle.renew(view.token);
      return;
    }
    closeLines();
    recorderUrl = view.recorderUrl;
    tell({ state: "connecting" });
    measure();
    feed ??= createMediaFeed(video, restart);
    // Main is there at once, since it is recorded; a sub stream is joined for its first viewer, and takes over when it comes.
    showing = openLine(isSlow(slow, performance.now()) || unplayable !== null ? "sub" : "main");
    reconsider();
  };

  const openLine = (asked: Stream): Line => {
    const line: Line = { asked, handle: { renew: () => {}, close: () => {} }, stream: null, mimeType: null, size: null, init: null, keyFramesOnly: false };
    line.handle = hubOf(recorderUrl!).open(cameraId, asked, view!.token, {
      onPhase: (phase) => {
        if (over || (line !== showing && line !== coming)) return;
        served ||= phase.phase === "open" || (phase.phase === "waiting" && phase.reason.code !== "recorder-unreachable");
        if (phase.phase === "open") open(line, phase);
        else if (line === coming) {
          if (phase.phase === "refused") dropComing();
        } else if (phase.phase === "waiting") {
          cameraWaits = { state: "waiting", reason: phase.reason, sinceMs: phase.sinceMs };
          if (lastFrameAt === null && phase.reason.code !== "starting") tell(cameraWaits);
        } else if (phase.phase === "refused") {
          // The link broke, the recorder told the end of this look, and the page came back with its token: that is another look. The picture stays.
          if (phase.reason.code === "view-ended" && failures++ < MOST_CURES) {
            view = null;
            return void begin();
          }
          if (CURABLE.has(phase.reason.code) && failures < MOST_CURES) return restart();
          end();
          tell({ state: "refused", reason: phase.reason });
          if (COMES_BACK.has(phase.reason.code)) later(COMES_BACK_MS, () => void begin());
        }
      },
      onFrame: (frame) => {
        if (over || feed === null || (line !== showing && line !== coming)) return;
        if (line.mimeType === null || !playsType(line.mimeType)) return;
        if (frame.kind === "init") line.init = frame;
        else if (line.init === null) return;
        if (line === coming) {
          if (frame.kind !== "key") return;
          showing?.handle.close();
          showing = line;
          coming = null;
          late = NO_ARRIVALS;
          arrivals.length = 0;
          feed.setKeyFramesOnly(line.keyFramesOnly);
          feed.setType(line.mimeType);
          feed.push(line.init!);
        } else if (frame.kind === "init") feed.setType(line.mimeType);
        feed.push(frame);
        if (frame.kind === "init") return;
        lastFrameAt = performance.now();
        const arrival = noteArrival(late, frame.wallMs, performance.timeOrigin + lastFrameAt); // a clock that is set makes no picture late
        late = arrival.arrivals;
        if (arrival.slow) {
          slow = noteDropped(slow, lastFrameAt);
          reconsider();
        }
        cameraWaits = null;
        failures = 0;
        arrivals.push({ atMs: lastFrameAt, bytes: frame.bmff.byteLength });
      },
      onDropped: (frames) => {
        dropped += frames;
        slow = noteDropped(slow, performance.now());
        reconsider();
      },
      onPace: (keyFramesOnly) => setPace(line, keyFramesOnly),
    });
    return line;
  };

  const setPace = (line: Line, keyFramesOnly: boolean): void => {
    line.keyFramesOnly = keyFramesOnly;
    if (line === showing) feed?.setKeyFramesOnly(keyFramesOnly);
  };

  const open = (line: Line, phase: Extract<ChannelPhase, { phase: "open" }>): void => {
    line.init = null;
    setPace(line, false);
    line.stream = phase.stream;
    line.size = { width: phase.width, height: phase.height };
    line.mimeType = phase.mimeType;
    if (line.asked === "sub" && phase.stream === "main") askSubAfterMs = performance.now() + NO_SUB_MS;
    const plays = playsType(phase.mimeType);
    if (line === coming && phase.stream === showing?.stream) {
      dropComing(); // there is no other stream
      if (!plays) tell({ state: "unsupported", codec: codecName(phase.mimeType) });
      return;
    }
    if (plays) {
      if (phase.stream === "main") unplayable = null;
      if (status.state === "unsupported") tell({ state: "connecting" });
      return;
    }
    if (phase.stream === "main") unplayable = codecName(phase.mimeType);
    if (line === coming) return dropComing();
    lastFrameAt = null;
    if (phase.stream === "main" && line.asked === "main") reconsider();
    if (coming === null) tell({ state: "unsupported", codec: codecName(phase.mimeType) });
  };

  /** Opens the other stream where it is the one to be shown now. */
  const reconsider = (): void => {
    if (over || showing === null || view === null) return;
    wanted = choose();
    const held = coming ?? showing;
    if (held.asked === wanted || held.stream === wanted) {
      if (coming !== null && showing.stream === wanted) dropComing();
      return;
    }
    if (coming !== null && (showing.asked === wanted || showing.stream === wanted)) return dropComing();
    if (wanted === "sub" && performance.now() < askSubAfterMs) return;
    dropComing();
    coming = openLine(wanted);
  };
  const dropComing = (): void => {
    coming?.handle.close();
    coming = null;
  };
  const closeLines = (): void => {
    dropComing();
    showing?.handle.close();
    showing = null;
  };

  const end = (): void => {
    if (view !== null) leaveLive(view, served);
    closeLines();
    view = null;
    feed?.destroy();
    feed = null;
    lastFrameAt = null;
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  };
  function restart(): void {
    if (over) return;
    end();
    tell({ state: "connecting" });
    later(backOffMs(failures++, Math.random()), () => void begin());
  }

  const watch = setInterval(() => {
    const now = performance.now();
    while (arrivals.length > 0 && arrivals[0]!.atMs < now - FIGURES_OVER_MS) arrivals.shift();
    reconsider();
    if (lastFrameAt === null || status.state === "unsupported" || status.state === "refused") return;
    const stale = isStale(now - lastFrameAt);
    if (stale && cameraWaits !== null) tell(cameraWaits);
    else if (feed?.pictureWallMs() != null) tell({ state: "playing", stale });
  }, WATCH_MS);
  const sizes = new ResizeObserver(() => {
    measure();
    reconsider();
  });
  sizes.observe(video);
  const onPicture = (): void => {
    // The first picture is told when it is there, not at the next look at the clock.
    if (!over && lastFrameAt !== null && status.state !== "playing" && feed?.pictureWallMs() != null) tell({ state: "playing", stale: false });
  };
  video.addEventListener("loadeddata", onPicture);

  const noteOf = (): StreamNote | null => {
    if (showing === null) return null;
    if (unplayable !== null && showing.stream === "sub") return { why: "codec", codec: unplayable };
    const { keyFramesOnly } = showing;
    return keyFramesOnly || isSlow(slow, performance.now()) ? { why: "slow", stream: showing.stream ?? "main", keyFramesOnly } : null;
  };

  void begin();
  return {
    figures: (): TileFigures => {
      const pictureWallMs = feed?.pictureWallMs() ?? null;
      const fresh = arrivals.length > 1 ? FIGURES_OVER_MS / 1000 : null;
      return {
        pictureWallMs, latencyMs: pictureWallMs === null ? null : serverNow() - pictureWallMs, codec: showing?.mimeType == null ? null : codecName(showing.mimeType),
        width: showing?.size?.width ?? null, height: showing?.size?.height ?? null, stream: showing?.stream ?? null, note: noteOf(), clockOffMs: null,
        bitsPerSecond: fresh === null ? null : (arrivals.reduce((n, a) => n + a.bytes, 0) * 8) / fresh,
        framesPerSecond: fresh === null ? null : arrivals.length / fresh, droppedFrames: dropped,
      };
    },
    destroy: () => {
      over = true;
      abort.abort();
      clearInterval(watch);
      sizes.disconnect();
      video.removeEventListener("loadeddata", onPicture);
      end();
    },
  };
}
