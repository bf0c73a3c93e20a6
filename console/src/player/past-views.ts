// The past of one camera: asks for a view of a range, keeps its token fresh, and reads the recorder's timeline with it. The timeline and the
// pictures share one view, so that one look at the past is one access record for each range.
import { RecordingTimeline } from "../../../src/contract/media.ts";
import type { ViewReason } from "../../../src/contract/cameras.ts";
import { serverNow } from "../api/now.ts";
import { renewAtMs } from "./view-policy.ts";
import { requestView, type GrantedView, type ViewAnswer } from "./views.ts";

export class PastView {
  readonly #cameraId: number;
  readonly #reason: ViewReason;
  readonly from: number;
  readonly to: number;
  #view: GrantedView | null = null;
  #renewal: ReturnType<typeof setTimeout> | null = null;
  readonly #abort = new AbortController();

  constructor(cameraId: number, reason: ViewReason, from: number, to: number) {
    this.#cameraId = cameraId;
    this.#reason = reason;
    this.from = from;
    this.to = to;
  }

  async open(): Promise<ViewAnswer> {
    const answer = await requestView({ cameraId: this.#cameraId, reason: this.#reason, mode: "playback", from: this.from, to: this.to }, this.#abort.signal);
    if (this.#abort.signal.aborted || !answer.ok) return answer;
    this.#view = answer.view;
    this.#renewal = setTimeout(() => void this.open(), Math.max(1_000, renewAtMs(serverNow(), answer.view.expiresAt) - serverNow()));
    return answer;
  }

  get token(): string | null {
    return this.#view?.token ?? null;
  }
  /** Address of the playlist; the token goes in a header. */
  get playlistUrl(): string {
    return this.#url("hls.m3u8").href;
  }
  #url(what: string): URL {
    if (this.#view === null) throw new Error("the view is not open");
    const url = new URL(`/v1/cameras/${this.#cameraId}/${what}`, this.#view.recorderUrl);
    url.searchParams.set("from", String(Math.round(this.from)));
    url.searchParams.set("to", String(Math.round(this.to)));
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
  }
}
