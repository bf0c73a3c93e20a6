// One live tile: asks for the view, opens a channel, feeds the element, renews the view before its token ends, and says at each moment what the
// tile shows. A renewal opens a second channel and lets the first go when the second has its first picture, so that nothing flickers.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { hubOf, type ChannelHandle } from "./live-hub.ts";
import { isStale } from "./live-policy.ts";
import { createMediaFeed, type MediaFeed } from "./media-feed.ts";
import { backOffMs } from "./media-link.ts";
import { codecName, sameStatus, type StatusListener, type TileFigures, type TilePlayer, type TileStatus } from "./status.ts";
import { renewAtMs } from "./view-policy.ts";
import { requestView, type GrantedView } from "./views.ts";

const WATCH_MS = 500;
const FIGURES_OVER_MS = 2_000;
/** Refusals that a new token cures. */
const TOKEN_CODES = new Set(["token", "token-expired", "expired", "bad-token"]);

export function playLive(video: HTMLVideoElement, cameraId: number, reason: ViewReason, onStatus: StatusListener): TilePlayer {
  let status: TileStatus = { state: "asking" };
  let over = false;
  const abort = new AbortController();
  let feed: MediaFeed | null = null;
  let channel: ChannelHandle | null = null;
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
  const later = (ms: number, what: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!over) what();
    }, Math.max(0, ms));
    timers.add(timer);
  };

  const begin = async (): Promise<void> => {
    if (feed === null) tell({ state: "asking" });
    const answer = await requestView({ cameraId, reason, mode: "live", from: null, to: null }, abort.signal);
    if (over) return;
    if (answer.ok) return join(answer.view);
    if (answer.forbidden || !answer.transient) {
      end();
      return tell(answer.forbidden ? { state: "forbidden" } : { state: "refused", reason: answer.reason });
    }
    if (feed === null) tell({ state: "waiting", reason: answer.reason, sinceMs: status.state === "waiting" ? status.sinceMs : Date.now() });
    later(backOffMs(failures++, Math.random()), () => void begin());
  };

  const join = (view: GrantedView): void => {
    const before = channel;
    let mine: MediaFeed | null = null;
    let startedWithInit = false;
    if (before === null) tell({ state: "connecting" });
    const handle = hubOf(view.recorderUrl).open(cameraId, view.token, {
      onPhase: (phase) => {
        if (over) return;
        if (phase.phase === "open") {
          if (!MediaSource.isTypeSupported(phase.mimeType)) return tell({ state: "unsupported", codec: codecName(phase.mimeType) });
          // A camera that came back with another codec needs a new element buffer; with the same one the stream goes on in the old.
          if (feed !== null && mimeType === phase.mimeType) mine = feed;
          else {
            feed?.destroy();
            feed = mine = createMediaFeed(video, phase.mimeType, () => restart());
          }
          mimeType = phase.mimeType;
          size = { width: phase.width, height: phase.height };
          startedWithInit = false;
          failures = 0;
        } else if (phase.phase === "waiting") {
          cameraWaits = { state: "waiting", reason: phase.reason, sinceMs: phase.sinceMs };
          if (lastFrameAt === null) tell(cameraWaits);
        } else if (phase.phase === "refused") {
          if (TOKEN_CODES.has(phase.reason.code) && failures < 3) return later(backOffMs(failures++, Math.random()), restart);
          if (channel === handle || before === null) tell({ state: "refused", reason: phase.reason });
        }
      },
      onFrame: (frame) => {
        if (over || mine === null) return;
        if (frame.kind === "init") {
          startedWithInit = true;
          if (before !== null && channel === before) before.close();
          channel = handle;
        }
        if (!startedWithInit) return;
        mine.push(frame);
        if (frame.kind === "init") return;
        lastFrameAt = Date.now();
        cameraWaits = null;
        arrivals.push({ atMs: lastFrameAt, bytes: frame.bmff.byteLength });
      },
      onDropped: (frames) => void (dropped += frames),
    });
    if (before === null) channel = handle;
    later(renewAtMs(serverNow(), view.expiresAt) - serverNow(), () => void begin());
  };

  const end = (): void => {
    channel?.close();
    channel = null;
    feed?.destroy();
    feed = null;
    mimeType = null;
    lastFrameAt = null;
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  };
  const restart = (): void => {
    if (over) return;
    end();
    tell({ state: "connecting" });
    later(backOffMs(failures++, Math.random()), () => void begin());
  };

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
