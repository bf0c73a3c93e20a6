// The past of one camera: asks for a view of a range, keeps its token fresh, and reads the recorder's timeline with it. The timeline and the
// pictures share one view, so that one look at the past is one access record for each range.
import { RecordingTimeline } from "../../../src/contract/media.ts";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { renewAtMs } from "./view-policy.ts";
import { continueView, endView, requestView, type GrantedView, type ViewAnswer } from "./views.ts";

const RETRY_MS = 5_000;

export class PastView {
  readonly #cameraId: number;
  readonly #reason: ViewReason;
  readonly #asked: { readonly from: number; readonly to: number; readonly at: number };
  readonly #sound: boolean;
  #view: GrantedView | null = null;
  #renewal: ReturnType<typeof setTimeout> | null = null;
  readonly #abort = new AbortController();

  /** `at`: the moment that is looked at, within the range. `sound`: to hear that range, not to see it. */
  constructor(cameraId: number, reason: ViewReason, asked: { readonly from: number; readonly to: number; readonly at: number }, sound = false) {
    this.#cameraId = cameraId;
    this.#reason = reason;
    this.#asked = asked;
    this.#sound = sound;
  }

  /** Once it is open, the part of the range that the recorder of the moment has: all of it, unless the camera was moved within. */
  get from(): number {
    return this.#view?.from ?? this.#asked.from;
  }
  get to(): number {
    return this.#view?.to ?? this.#asked.to;
  }

  /** The first time asks; later on renews the same look. */
  async open(): Promise<ViewAnswer> {
    const wanted = { cameraId: this.#cameraId, reason: this.#reason, mode: "playback", ...this.#asked, sound: this.#sound } as const;
    const { signal } = this.#abort;
    const answer = this.#view === null ? await requestView(wanted, signal) : await continueView(this.#view, wanted, signal);
    if (signal.aborted) return answer;
    if (answer.ok) this.#view = answer.view;
    // The centre is away: the token still holds a while, and the next try may be in time.
    else if (this.#view === null || !answer.transient) return answer;
    const waitMs = answer.ok ? renewAtMs(serverNow(), answer.view.expiresAt) - serverNow() : RETRY_MS;
    this.#renewal = setTimeout(() => void this.open(), Math.max(1_000, waitMs));
    return answer;
  }

  get token(): string | null {
    return this.#view?.token ?? null;
  }
  /** Address of the playlist; the token goes in a header. */
  get playlistUrl(): string {
    return this.#url("hls.m3u8").href;
  }
  /** Key frames of a part of the range: at most `count` of them, evenly apart, in the order of time or from its end. */
  keyFramesUrl(part: { readonly from: number; readonly to: number; readonly count: number }, backward: boolean): URL {
    const url = this.#url("key-frames", part);
    url.searchParams.set("count", String(part.count));
    if (backward) url.searchParams.set("order", "backward");
    return url;
  }
  /** The key frame that is shown at a moment. */
  keyFrameUrl(at: number): URL {
    const url = this.#url("key-frame");
    url.search = "";
    url.searchParams.set("at", String(Math.round(at)));
    return url;
  }
  /** Units of sound of a part of the range. */
  soundUrl(part: { readonly from: number; readonly to: number }): URL {
    return this.#url("sound", part);
  }
  #url(what: string, part: { readonly from: number; readonly to: number } = this): URL {
    if (this.#view === null) throw new Error("the view is not open");
    const url = new URL(`/v1/cameras/${this.#cameraId}/${what}`, this.#view.recorderUrl);
    url.searchParams.set("from", String(Math.round(part.from)));
    url.searchParams.set("to", String(Math.round(part.to)));
    return url;
  }

  /** Null where the recorder did not answer or answered something else. */
  async findTimeline(): Promise<RecordingTimeline | null> {
    if (this.#view === null) return null;
    try {
      const response = await fetch(this.#url("timeline"), { headers: { authorization: `Bearer ${this.#view.token}` }, signal: AbortSignal.timeout(10_000), cache: "no-store" });
      if (!response.ok) return null;
      const parsed = RecordingTimeline.safeParse(await response.json());
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }

  close(): void {
    this.#abort.abort();
    if (this.#renewal !== null) clearTimeout(this.#renewal);
    if (this.#view !== null) endView(this.#view);
  }
}

/** `to`: where the part of the recorder ends that has the range's beginning. */
export type OpenedDownload = { readonly ok: true; readonly token: string; readonly recorderUrl: string; readonly to: number } | { readonly ok: false; readonly code: string };
/** A range that leaves as a file. The browser saves it by itself, so the page neither renews this look nor ends it: its recorder tells the end. */
export async function openDownload(cameraId: number, reason: ViewReason, from: number, to: number, sound: boolean): Promise<OpenedDownload> {
  const answer = await requestView({ cameraId, reason, mode: "download", from, to, sound }, new AbortController().signal);
  return answer.ok ? { ok: true, token: answer.view.token, recorderUrl: answer.view.recorderUrl, to: answer.view.to ?? to } : { ok: false, code: answer.reason.code };
}
