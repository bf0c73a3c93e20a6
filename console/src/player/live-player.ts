// One live tile: asks for the view, opens a channel, feeds the element, renews the view before its token ends, and says at each moment what the
// tile shows. A renewal goes out on the same channel, so that the picture does not flicker.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { hubOf, type ChannelHandle } from "./live-hub.ts";
import { isStale } from "./live-policy.ts";
import { createMediaFeed, type MediaFeed } from "./media-feed.ts";
import { backOffMs, type ChannelPhase } from "./media-link.ts";
import { codecName, sameStatus, type StatusListener, type TileFigures, type TilePlayer, type TileStatus } from "./status.ts";
import { renewAtMs } from "./view-policy.ts";
import { continueView, leaveUnserved, requestView, type GrantedView } from "./views.ts";

const WATCH_MS = 500;
const FIGURES_OVER_MS = 2_000;
/** Refusals that asking again may cure: the token ran out, or the recorder does not know the camera or the centre's key yet. */
const CURABLE: ReadonlySet<string> = new Set(["view-expired", "token-expired", "token-invalid", "token-missing", "no-key-yet", "camera-unknown"]);
const MOST_CURES = 5;
/** What may be mended while somebody waits before the tile: a camera that is given its address again, or a recorder that learns of it. A refusal is no look and writes no record. */
const COMES_BACK: ReadonlySet<string> = new Set(["no-address", "camera-unknown"]);
const COMES_BACK_MS = 15_000;

export function playLive(video: HTMLVideoElement, cameraId: number, reason: ViewReason, onStatus: StatusListener): TilePlayer {
  let status: TileStatus = { state: "asking" };
  let over = false;
  const abort = new AbortController();
  let feed: MediaFeed | null = null;
  let channel: ChannelHandle | null = null;
  let recorderUrl: string | null = null;
  let view: GrantedView | null = null; // null: the next request is another look
  let served = false; // the recorder answered for the present look: its end is the recorder's to tell
  let renewal: ReturnType<typeof setTimeout> | null = null;
  let initSeen = false; // of the stream that the channel carries now
  let mimeType: string | null = null;
  let size: { width: number; height: number } | null = null;
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

  const begin = async (): Promise<void> => {
    if (feed === null) tell({ state: "asking" });
    const wanted = { cameraId, reason, mode: "live", from: null, to: null } as const;
    const answer = view === null ? await requestView(wanted, abort.signal) : await continueView(view, wanted, abort.signal);
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
    if (channel !== null && view.recorderUrl === recorderUrl) return channel.renew(view.token);
    channel?.close();
    recorderUrl = view.recorderUrl;
    tell({ state: "connecting" });
    channel = hubOf(view.recorderUrl).open(cameraId, view.token, {
      onPhase: (phase) => {
        if (over) return;
        served ||= phase.phase === "open" || (phase.phase === "waiting" && phase.reason.code !== "recorder-unreachable");
        if (phase.phase === "open") open(phase);
        else if (phase.phase === "waiting") {
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
        if (over || feed === null || frame.kind !== "init" && !initSeen) return;
        feed.push(frame);
        if (frame.kind === "init") return void (initSeen = true);
        lastFrameAt = Date.now();
        cameraWaits = null;
        failures = 0;
        arrivals.push({ atMs: lastFrameAt, bytes: frame.bmff.byteLength });
      },
      onDropped: (frames) => void (dropped += frames),
    });
  };

  const open = (phase: Extract<ChannelPhase, { phase: "open" }>): void => {
    initSeen = false;
    size = { width: phase.width, height: phase.height };
    if (!MediaSource.isTypeSupported(phase.mimeType)) {
      feed?.destroy();
      feed = null;
      return tell({ state: "unsupported", codec: codecName(phase.mimeType) });
    }
    // A camera that came back with another codec needs a new buffer; with the same one the stream goes on in the old.
    if (feed === null || mimeType !== phase.mimeType) {
      feed?.destroy();
      feed = createMediaFeed(video, phase.mimeType, restart);
    }
    mimeType = phase.mimeType;
    if (status.state === "unsupported") tell({ state: "connecting" });
  };

  const end = (): void => {
    if (view !== null && !served) leaveUnserved(view);
    channel?.close();
    channel = null;
    view = null;
    feed?.destroy();
    feed = null;
    mimeType = null;
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
    const now = Date.now();
    while (arrivals.length > 0 && arrivals[0]!.atMs < now - FIGURES_OVER_MS) arrivals.shift();
    if (lastFrameAt === null || status.state === "unsupported" || status.state === "refused") return;
    const stale = isStale(now - lastFrameAt);
    if (stale && cameraWaits !== null) tell(cameraWaits);
    else if (feed?.pictureWallMs() != null) tell({ state: "playing", stale });
  }, WATCH_MS);

  void begin();
  return {
    figures: (): TileFigures => {
      const pictureWallMs = feed?.pictureWallMs() ?? null;
      const fresh = arrivals.length > 1 ? FIGURES_OVER_MS / 1000 : null;
      return {
        pictureWallMs, latencyMs: pictureWallMs === null ? null : serverNow() - pictureWallMs, codec: mimeType === null ? null : codecName(mimeType),
        width: size?.width ?? null, height: size?.height ?? null,
        bitsPerSecond: fresh === null ? null : (arrivals.reduce((n, a) => n + a.bytes, 0) * 8) / fresh,
        framesPerSecond: fresh === null ? null : arrivals.length / fresh, droppedFrames: dropped,
      };
    },
    destroy: () => {
      over = true;
      abort.abort();
      clearInterval(watch);
      end();
    },
  };
}
