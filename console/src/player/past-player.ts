// One tile of the past: hls.js plays the recorder's playlist of a range, and this keeps its picture on the wall clock: by rate where it drifts
// a little, by a jump where it is far off. Backwards, and where the decoder cannot follow a fast clock, key frames are drawn over it instead
// (key-frame-play.ts); a browser that cannot do that steps from key frame to key frame. When the clock leaves the range, a new view is asked for; within it what failed, or was not there yet, is tried
// again under the same one, so that a tile that waits is one look in the register however long it waits [VIEW7].
import type Hls from "hls.js";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import type { RecordingTimeline } from "../../../src/contract/media.ts";
import { serverNow } from "../api/now.ts";
import type { ShownPicture, WallClock } from "./clock-store.ts";
import { KeyFramePlay } from "./key-frame-play.ts";
import { PastView } from "./past-views.ts";
import { countSamples } from "./sample-count.ts";
import { codecName, sameStatus, type StatusListener, type TileFigures, type TilePlayer, type TileStatus } from "./status.ts";
import { causeAt, clockOffAt } from "./timeline-scale.ts";
import { lookAgainDelayMs, playbackWindow } from "./view-policy.ts";
import { NO_STRAIN, decideSync, isStrained, noteStrain } from "./wall-clock.ts";
import { findAnchor, findMediaS, findWallMs, type Anchor } from "./wall-map.ts";

const TICK_MS = 100;
const SETTLE_MS = 250; // while somebody scrubs, a new range waits until the hand rests
const RETRY_MS = 3_000;
const PLAYLIST_AGAIN_MS = 5_000;
/** Nothing there so short ago is taken for not yet written. A camera's key frames may be ten seconds apart. */
const WRITTEN_WITHIN_MS = 15_000;
const isBeingWritten = (wallMs: number): boolean => serverNow() - wallMs < WRITTEN_WITHIN_MS;
/** The clock went on by itself, and did not jump: the last picture may stand until the next range is there. */
const GOES_ON_WITHIN_MS = 3_000;
const BUFFER_S = 12; // at the usual pace; a faster clock uses it up faster
const MOST_BUFFER_S = 60;
const USUAL_PICTURE_MS = 40;

export interface PastOptions {
  readonly onStatus: StatusListener;
  readonly onTimeline?: (timeline: RecordingTimeline) => void;
  /** A fixed range in place of the hour around the clock, e.g. an incident's. */
  readonly range: { readonly from: number; readonly to: number } | null;
}

export function playPast(video: HTMLVideoElement, cameraId: number, reason: ViewReason, clock: WallClock, options: PastOptions): TilePlayer {
  let status: TileStatus = { state: "asking" };
  let over = false;
  let view: PastView | null = null;
  let hls: Hls | null = null;
  let anchors: readonly Anchor[] = [];
  let timeline: RecordingTimeline | null = null;
  let empty = false; // the recorder has no picture of the range
  let wantedSince: number | null = null; // the clock has been outside the range since
  let loading = false;
  let retryAt = 0;
  let refusals = 0; // looks in a row whose token the recorder did not take
  let refusedAt = 0; // or looked anew since
  let codec: string | null = null;
  let playlistAt = 0; // when the playlist was last fetched whole
  let playlistTo = 0; // up to where
  let final = false; // refused: nothing more is tried
  let strain = NO_STRAIN;
  let standing: number | null = null; // the moment of the picture that stands while the next range is fetched
  let presentedS: number | null = null; // media time of the picture on the screen
  let pictureMs = USUAL_PICTURE_MS;
  const me = {};
  // Over the video, and of no meaning to whoever reads the page by ear: the tile's words tell of the video.
  const canvas = document.createElement("canvas");
  canvas.className = "tile-key-frames tile-blank";
  canvas.setAttribute("aria-hidden", "true");
  canvas.dataset["cameraId"] = String(cameraId);
  video.after(canvas);
  const keys = new KeyFramePlay(canvas);

  const tell = (next: TileStatus): void => {
    if (over || sameStatus(status, next)) return;
    status = next;
    options.onStatus(next);
  };

  /** The look stays. */
  const stopElement = (): void => {
    hls?.destroy();
    hls = null;
    anchors = [];
    presentedS = null;
  };

  const close = (): void => {
    stopElement();
    view?.close();
    view = null;
    timeline = null;
    empty = false;
  };

  /** Keeps the picture on the canvas where the clock only goes on. */
  const stand = (atMs: number): void => {
    const shown = pictureWallMs();
    const goesOn = status.state === "playing" && shown !== null && Math.abs(atMs - shown) < GOES_ON_WITHIN_MS * Math.max(1, Math.abs(clock.speed));
    standing = goesOn ? shown : null;
    if (goesOn && canvas.classList.contains("tile-blank") && video.videoWidth > 0) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d")?.drawImage(video, 0, 0);
    }
    keys.show(goesOn);
  };

  const load = async (atMs: number): Promise<void> => {
    loading = true;
    stand(atMs);
    close();
    const goesOnWaiting = status.state === "writing"; // asked again for what was not there a moment ago: nothing new to tell
    if (standing !== null) tell({ state: "playing", stale: true });
    else if (!goesOnWaiting) tell({ state: "asking" });
    const { from, to } = options.range !== null && atMs >= options.range.from && atMs < options.range.to ? options.range : playbackWindow(atMs, clock.speed < 0);
    const mine = new PastView(cameraId, reason, { from: Math.round(from), to: Math.round(to), at: Math.floor(atMs) });
    view = mine; // so that an end of this tile withdraws the request
    const answer = await mine.open();
    loading = false;
    if (over) return;
    if (!answer.ok) {
      close();
      clock.release(me);
      if (answer.transient) {
        retryAt = Date.now() + RETRY_MS;
        return tell({ state: "waiting", reason: answer.reason, sinceMs: status.state === "waiting" ? status.sinceMs : Date.now() });
      }
      final = true;
      return tell(answer.forbidden ? { state: "forbidden" } : { state: "refused", reason: answer.reason });
    }
    if (standing === null && !goesOnWaiting) tell({ state: "connecting" });
    await play(mine);
  };

  const tellUnreachable = (waitMs = RETRY_MS): void => {
    clock.release(me);
    keys.show(false);
    retryAt = Date.now() + waitMs;
    tell({ state: "waiting", reason: { code: "recorder-unreachable", params: {} }, sinceMs: status.state === "waiting" ? status.sinceMs : Date.now() });
  };

  /** What the recorder has of an open look, now. */
  const play = async (mine: PastView): Promise<void> => {
    stopElement();
    empty = false;
    loading = true;
    playlistAt = Date.now();
    playlistTo = mine.to;
    void mine.findTimeline().then((read) => {
      if (over || view !== mine || read === null) return;
      timeline = read;
      options.onTimeline?.(read);
    });
    const found = await import("hls.js/light").catch(() => null); // a part of the page, which may not come either
    loading = false;
    if (over || view !== mine) return;
    if (found === null) return tellUnreachable();
    const HlsPlayer = found.default;
    if (!HlsPlayer.isSupported()) {
      final = true;
      return tell({ state: "unsupported", codec: "HLS" });
    }
    const player = new HlsPlayer({
      enableWorker: false, maxBufferLength: BUFFER_S, maxMaxBufferLength: MOST_BUFFER_S, backBufferLength: 30, autoStartLoad: true, startPosition: 0,
      xhrSetup: (xhr) => xhr.setRequestHeader("Authorization", `Bearer ${mine.token ?? ""}`),
    });
    hls = player;
    const readAnchors = (): void => {
      const fragments = player.latestLevelDetails?.fragments ?? [];
      const first = anchors.length === 0;
      anchors = fragments.flatMap((f) => (f.programDateTime === null ? [] : [{ mediaS: f.start, wallMs: f.programDateTime, durationS: f.duration }]));
      // Fetching begins where the clock stands, not with a piece at the range's start that nobody will see.
      if (first && anchors.length > 0) {
        const position = findMediaS(anchors, clock.wallMs());
        player.startLoad(position.at === "media" ? position.mediaS : (position.nextMediaS ?? 0));
      }
    };
    player.on(HlsPlayer.Events.LEVEL_UPDATED, readAnchors);
    player.on(HlsPlayer.Events.LEVEL_PTS_UPDATED, readAnchors);
    player.on(HlsPlayer.Events.BUFFER_CODECS, (_event, data) => void (codec = data.video?.codec ?? null));
    player.on(HlsPlayer.Events.FRAG_LOADED, (_event, data) => {
      refusals = 0;
      const pictures = data.frag.duration > 0 ? countSamples(new Uint8Array(data.payload)) : 0;
      if (pictures > 0) pictureMs = (data.frag.duration * 1000) / pictures;
    });
    player.on(HlsPlayer.Events.ERROR, (_event, data) => {
      if (!data.fatal || over || hls !== player) return;
      if (data.details === "manifestIncompatibleCodecsError" || data.details === "bufferAddCodecError") {
        final = true;
        return tell({ state: "unsupported", codec: codecName(codec ?? player.levels[0]?.videoCodec ?? "H.265") });
      }
      const code = data.response?.code;
      if (code === 404 || data.details === "levelEmptyError" || data.details === "manifestParsingError") {
        // Its timeline knows why there is nothing, and the clock may stand here for long.
        stopElement();
        empty = true;
        return byNothing(mine, clock.wallMs());
      }
      if (code === 401 || code === 403) {
        // The recorder takes no token of this look any more: whoever goes on looking is recorded anew.
        close();
        refusedAt = Date.now();
        return tellUnreachable(lookAgainDelayMs(++refusals));
      }
      stopElement();
      tellUnreachable();
    });
    player.loadSource(mine.playlistUrl);
    player.attachMedia(video);
  };

  const pictureWallMs = (): number | null => {
    if (!canvas.classList.contains("tile-blank")) return standing ?? keys.shownMs;
    return anchors.length > 0 && video.readyState >= 2 ? findWallMs(anchors, video.currentTime) : null;
  };

  const tellGap = (wallMs: number, nextWallMs: number | null): void => {
    if (!video.paused) video.pause();
    clock.release(me);
    keys.show(false);
    tell({ state: "gap", cause: timeline === null ? null : causeAt(timeline, wallMs), nextWallMs });
  };

  const tick = (): void => {
    if (over || final) return;
    const now = Date.now();
    const wallMs = clock.wallMs();
    const inside = view !== null && wallMs >= view.from && wallMs < view.to;
    if (!inside && !loading) {
      wantedSince ??= now;
      const settled = view === null || Math.min(clock.sinceMoveMs(), now - wantedSince) >= SETTLE_MS || clock.sinceMoveMs() > GOES_ON_WITHIN_MS;
      const isElsewhere = refusals > 0 && clock.sinceMoveMs() < now - refusedAt; // somebody looks at another time: a look of theirs
      if (settled && (now >= retryAt || isElsewhere) && wallMs < serverNow() - 1_000) {
        refusedAt = now;
        clock.hold(me);
        void load(wallMs);
      } else if (wallMs >= serverNow() - 1_000) tell({ state: "writing" });
      return;
    }
    wantedSince = null;
    if (loading || view === null) return;
    if (empty) return byNothing(view, wallMs);
    if (hls === null) return now >= retryAt ? void play(view) : undefined;
    if (view.to !== playlistTo) return void play(view); // cut by a renewal, since the camera was moved: what was asked for before is refused now [RDR3]
    const { speed } = clock;
    if ((speed < 0 || isStrained(strain, speed)) && keys.able && view.token !== null) return byKeyFrames(view, wallMs);
    if (anchors.length > 0) byElement(wallMs);
  };

  const byNothing = (open: PastView, wallMs: number): void => {
    const askedMs = Date.now() - playlistAt;
    if (isBeingWritten(wallMs)) {
      clock.release(me);
      keys.show(false);
      tell({ state: "writing" });
      if (askedMs >= RETRY_MS) void play(open); // the first pictures may be there by now
      return;
    }
    tellGap(wallMs, timeline?.coverage.find((c) => c.start > wallMs)?.start ?? null);
    if (open.to > serverNow() && askedMs > PLAYLIST_AGAIN_MS * 12) void play(open); // a camera of which nothing was recorded when this range was opened
  };

  const byKeyFrames = (open: PastView, wallMs: number): void => {
    const { speed } = clock;
    const gap = timeline === null ? undefined : timeline.gaps.find((g) => wallMs >= g.start && wallMs < g.end);
    if (gap !== undefined && !(gap.end >= timeline!.to && isBeingWritten(wallMs))) return tellGap(wallMs, gap.end < timeline!.to ? gap.end : null);
    if (!video.paused) video.pause();
    standing = null;
    keys.tick(wallMs, speed, open, serverNow());
    const shown = keys.shownMs;
    if (shown === null || Math.abs(shown - wallMs) > WRITTEN_WITHIN_MS * Math.max(1, Math.abs(speed) / 4)) return clock.hold(me); // the first ones are on their way; the picture before stands
    clock.release(me);
    keys.show(true);
    tell({ state: "playing", stale: false });
  };

  const byElement = (wallMs: number): void => {
    const { speed } = clock;
    const position = findMediaS(anchors, wallMs);
    if (position.at === "gap") {
      if (position.nextWallMs === null && hls?.latestLevelDetails?.live === true && isBeingWritten(wallMs)) {
        if (!video.paused) video.pause();
        clock.hold(me); // bounded: it stays so far behind now that the rest comes in time
        return tell({ state: "writing" });
      }
      // The range goes on being recorded, but the playlist said that it ends here: look again now and then.
      if (position.nextWallMs === null && view !== null && hls?.latestLevelDetails?.live === false && serverNow() < view.to && Date.now() - playlistAt > PLAYLIST_AGAIN_MS) {
        playlistAt = Date.now();
        hls.loadSource(view.playlistUrl);
      }
      return tellGap(wallMs, position.nextWallMs);
    }
    if (hls !== null) hls.config.maxBufferLength = Math.min(MOST_BUFFER_S, BUFFER_S * Math.max(1, speed));
    if (speed < 0) return byKeyFrameSeeks(wallMs);
    const running = clock.runningSpeed;
    const step = decideSync(video.currentTime - position.mediaS, running);
    const ready = video.readyState >= (running === 0 ? 2 : 3) && !video.seeking;
    if (step.do === "seek") {
      if (!video.seeking) video.currentTime = position.mediaS;
    } else if (step.rate > 0 && video.playbackRate !== step.rate) video.playbackRate = Math.min(16, Math.max(0.0625, step.rate));
    if (running > 0 && video.paused) video.play().catch(() => {});
    if (running === 0 && !video.paused) video.pause();
    if (clock.sinceMoveMs() > GOES_ON_WITHIN_MS && status.state === "playing") strain = noteStrain(strain, speed, running > 0 && (step.do === "seek" || !ready), Date.now());
    if (ready && (step.do === "rate" || speed > 0)) {
      clock.release(me);
      standing = null;
      keys.show(false);
      tell({ state: "playing", stale: false });
    } else if (speed > 0) {
      clock.hold(me);
      if (video.readyState < 2 && status.state !== "playing") tell({ state: "connecting" });
    }
  };

  /** Backwards without WebCodecs: the element is put on the key frame before the clock. Between two seeks it is ready, and that is playing. */
  const byKeyFrameSeeks = (wallMs: number): void => {
    const anchor = findAnchor(anchors, wallMs);
    if (!video.paused) video.pause();
    if (anchor !== null && !video.seeking && Math.abs(video.currentTime - anchor.mediaS) > 0.01) video.currentTime = anchor.mediaS;
    if (video.readyState < 2) return;
    clock.release(me);
    standing = null;
    keys.show(false);
    tell({ state: "playing", stale: false });
  };

  const timer = setInterval(tick, TICK_MS);
  const unsubscribe = clock.subscribe(tick);
  const takeBack = clock.offerPicture(cameraId, (): ShownPicture | null => {
    if (status.state !== "playing" || anchors.length === 0) return null;
    const at = clock.wallMs();
    const wallMs = presentedS === null ? null : findWallMs(anchors, presentedS);
    // A browser tells of no picture that it did not have to draw anew: then the clock stands somewhere within the one that is shown.
    const told = wallMs !== null && wallMs <= at && at < wallMs + pictureMs * 1.5;
    return { wallMs: told ? wallMs : at - pictureMs / 2, durationMs: pictureMs };
  });
  let presented = 0;
  const onPresented: VideoFrameRequestCallback = (_now, { mediaTime }) => {
    presentedS = mediaTime;
    if (!over) presented = video.requestVideoFrameCallback(onPresented);
  };
  if ("requestVideoFrameCallback" in video) presented = video.requestVideoFrameCallback(onPresented);
  tick();

  return {
    figures: (): TileFigures => {
      const level = hls?.levels[0];
      const details = video.getVideoPlaybackQuality();
      const shownMs = pictureWallMs();
      return {
        pictureWallMs: shownMs, latencyMs: null, clockOffMs: shownMs === null || timeline === null ? null : clockOffAt(timeline, shownMs),
        codec: codec === null ? null : codecName(codec), width: video.videoWidth || null, height: video.videoHeight || null,
        bitsPerSecond: level?.bitrate || null, framesPerSecond: null, droppedFrames: details.droppedVideoFrames, stream: null, note: null,
      };
    },
    destroy: () => {
      over = true;
      clearInterval(timer);
      unsubscribe();
      takeBack();
      if (presented !== 0) video.cancelVideoFrameCallback(presented);
      clock.release(me);
      close();
      keys.close();
      canvas.remove();
      video.removeAttribute("src");
      video.load();
    },
  };
}
