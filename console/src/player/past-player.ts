// One tile of the past: hls.js plays the recorder's playlist of a range, and this keeps its picture on the wall clock: by rate where it drifts
// a little, by a jump where it is far off, by stepping when the clock runs backwards. When the clock leaves the range, a new view is asked for.
import type Hls from "hls.js";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import type { RecordingTimeline } from "../../../src/contract/media.ts";
import { serverNow } from "../api/now.ts";
import type { WallClock } from "./clock-store.ts";
import { PastView } from "./past-views.ts";
import { codecName, sameStatus, type StatusListener, type TileFigures, type TilePlayer, type TileStatus } from "./status.ts";
import { causeAt } from "./timeline-scale.ts";
import { playbackWindow } from "./view-policy.ts";
import { decideSync } from "./wall-clock.ts";
import { findMediaS, findWallMs, type Anchor } from "./wall-map.ts";

const TICK_MS = 100;
const SETTLE_MS = 250; // while somebody scrubs, a new range waits until the hand rests
const RETRY_MS = 3_000;
const PLAYLIST_AGAIN_MS = 5_000;
/** Nothing there so short ago is taken for not yet written. A camera's key frames may be ten seconds apart. */
const WRITTEN_WITHIN_MS = 15_000;
const isBeingWritten = (wallMs: number): boolean => serverNow() - wallMs < WRITTEN_WITHIN_MS;

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
  let wantedSince: number | null = null; // the clock has been outside the range since
  let loading = false;
  let retryAt = 0;
  let codec: string | null = null;
  let playlistAt = 0; // when the playlist was last fetched whole
  let final = false; // refused: nothing more is tried
  const me = {};

  const tell = (next: TileStatus): void => {
    if (over || sameStatus(status, next)) return;
    status = next;
    options.onStatus(next);
  };

  const close = (): void => {
    hls?.destroy();
    hls = null;
    view?.close();
    view = null;
    anchors = [];
    timeline = null;
  };

  const load = async (atMs: number): Promise<void> => {
    loading = true;
    close();
    tell({ state: "asking" });
    const { from, to } = options.range !== null && atMs >= options.range.from && atMs < options.range.to ? options.range : playbackWindow(atMs);
    const mine = new PastView(cameraId, reason, Math.round(from), Math.round(to));
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
    tell({ state: "connecting" });
    void mine.findTimeline().then((found) => {
      if (over || view !== mine || found === null) return;
      timeline = found;
      options.onTimeline?.(found);
    });
    const { default: HlsPlayer } = await import("hls.js/light");
    if (over || view !== mine) return;
    if (!HlsPlayer.isSupported()) {
      final = true;
      return tell({ state: "unsupported", codec: "HLS" });
    }
    const player = new HlsPlayer({
      enableWorker: false, maxBufferLength: 12, maxMaxBufferLength: 30, backBufferLength: 30, autoStartLoad: true, startPosition: 0,
      xhrSetup: (xhr) => xhr.setRequestHeader("Authorization", `Bearer ${mine.token ?? ""}`),
    });
    hls = player;
    const readAnchors = (): void => {
      const fragments = player.latestLevelDetails?.fragments ?? [];
      anchors = fragments.flatMap((f) => (f.programDateTime === null ? [] : [{ mediaS: f.start, wallMs: f.programDateTime, durationS: f.duration }]));
    };
    player.on(HlsPlayer.Events.LEVEL_UPDATED, readAnchors);
    player.on(HlsPlayer.Events.LEVEL_PTS_UPDATED, readAnchors);
    player.on(HlsPlayer.Events.BUFFER_CODECS, (_event, data) => void (codec = data.video?.codec ?? null));
    player.on(HlsPlayer.Events.ERROR, (_event, data) => {
      if (!data.fatal || over || hls !== player) return;
      if (data.details === "manifestIncompatibleCodecsError" || data.details === "bufferAddCodecError") {
        final = true;
        return tell({ state: "unsupported", codec: codecName(codec ?? player.levels[0]?.videoCodec ?? "H.265") });
      }
      const code = data.response?.code;
      const nothing = code === 404 || data.details === "levelEmptyError" || data.details === "manifestParsingError";
      close();
      clock.release(me);
      retryAt = Date.now() + RETRY_MS;
      if (nothing) tell(isBeingWritten(clock.wallMs()) ? { state: "writing" } : { state: "gap", cause: null, nextWallMs: null });
      else tell({ state: "waiting", reason: { code: "recorder-unreachable", params: {} }, sinceMs: Date.now() });
    });
    playlistAt = Date.now();
    player.loadSource(mine.playlistUrl);
    player.attachMedia(video);
  };

  const tick = (): void => {
    if (over || final) return;
    const now = Date.now();
    const wallMs = clock.wallMs();
    const inside = view !== null && wallMs >= view.from && wallMs < view.to;
    if (!inside && !loading) {
      wantedSince ??= now;
      const settled = view === null || clock.speed !== 0 || now - wantedSince >= SETTLE_MS;
      if (settled && now >= retryAt && wallMs < serverNow() - 1_000) {
        clock.hold(me);
        void load(wallMs);
      } else if (wallMs >= serverNow() - 1_000) tell({ state: "writing" });
      return;
    }
    wantedSince = null;
    if (anchors.length === 0) return;
    const position = findMediaS(anchors, wallMs);
    if (position.at === "gap") {
      if (!video.paused) video.pause();
      if (position.nextWallMs === null && hls?.latestLevelDetails?.live === true && isBeingWritten(wallMs)) {
        clock.hold(me); // bounded: it stays so far behind now that the rest comes in time
        return tell({ state: "writing" });
      }
      clock.release(me);
      // The range goes on being recorded, but the playlist said that it ends here: look again now and then.
      if (position.nextWallMs === null && view !== null && hls?.latestLevelDetails?.live === false && serverNow() < view.to && now - playlistAt > PLAYLIST_AGAIN_MS) {
        playlistAt = now;
        hls.loadSource(view.playlistUrl);
      }
      return tell({ state: "gap", cause: timeline === null ? null : causeAt(timeline, wallMs), nextWallMs: position.nextWallMs });
    }
    const speed = clock.speed;
    const step = decideSync(video.currentTime - position.mediaS, speed);
    if (step.do === "seek") {
      if (!video.seeking) video.currentTime = position.mediaS;
    } else if (step.rate > 0) video.playbackRate = Math.min(16, Math.max(0.0625, step.rate));
    if (speed > 0 && video.paused) video.play().catch(() => {});
    if (speed <= 0 && !video.paused) video.pause();
    if (video.readyState >= 2 && !video.seeking) {
      clock.release(me);
      tell({ state: "playing", stale: false });
    } else if (speed > 0) {
      clock.hold(me);
      if (video.readyState < 2 && status.state !== "playing") tell({ state: "connecting" });
    }
  };
  const timer = setInterval(tick, TICK_MS);
  tick();

  return {
    figures: (): TileFigures => {
      const level = hls?.levels[0];
      const details = video.getVideoPlaybackQuality();
      return {
        pictureWallMs: anchors.length > 0 && video.readyState >= 2 ? findWallMs(anchors, video.currentTime) : null, latencyMs: null,
        codec: codec === null ? null : codecName(codec), width: video.videoWidth || null, height: video.videoHeight || null,
        bitsPerSecond: level?.bitrate || null, framesPerSecond: null, droppedFrames: details.droppedVideoFrames,
      };
    },
    destroy: () => {
      over = true;
      clearInterval(timer);
      clock.release(me);
      close();
      video.removeAttribute("src");
      video.load();
    },
  };
}
