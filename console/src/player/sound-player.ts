// Hearing one camera: a look of its own, asked for when somebody presses the loudspeaker and over when they press it again ([VIEW14]). Live, units come on a channel of the recorder's socket; of the
// past they are fetched half a minute at a time, at the usual pace only. The picture's player is not touched: sound follows the picture's time and never holds it up.
import type { ViewReason } from "../../../src/contract/cameras.ts";
import type { LiveSoundFormat } from "../../../src/contract/media.ts";
import { type SoundRecord, decodeSoundRecords } from "../../../src/contract/sound-records.ts";
import { serverNow } from "../api/now.ts";
import type { WallClock } from "./clock-store.ts";
import { hubOf, type ChannelHandle } from "./live-hub.ts";
import { PastView } from "./past-views.ts";
import { createSoundDecoding, type DecodedSound, type SoundDecoding } from "./sound-decoding.ts";
import { placeSound } from "./sound-schedule.ts";
import { playbackWindow, renewAtMs } from "./view-policy.ts";
import { continueView, leaveLive, requestView, type GrantedView } from "./views.ts";

/** What the loudspeaker says. */
export type SoundState = "asking" | "heard" | "silent" | "only-usual-pace" | "not-decoded" | "refused";
export interface SoundPlayer {
  destroy(): void;
}
interface SoundOptions {
  readonly cameraId: number;
  readonly reason: ViewReason;
  /** Null: live. */
  readonly clock: WallClock | null;
  /** Wall time of the picture that shows now; null: none does. */
  readonly pictureMs: () => number | null;
  readonly onState: (state: SoundState) => void;
}

const TICK_MS = 200;
const PIECE_MS = 30_000;
/** The next piece is fetched when so much is left of the one before. */
const AHEAD_MS = 10_000;
/** A hole of so much is no silence yet. */
const QUIET_MS = 1_500;
/** Where no picture tells its time, live sound is heard so much later than it came. */
const LIVE_DELAY_MS = 300;
const RETRY_MS = 5_000;
/** What is still being written comes by the second: so often the next of it is asked for. */
const NEXT_MS = 1_000;

class Speaker {
  readonly #context = new AudioContext({ latencyHint: "interactive" });
  readonly #playing = new Set<AudioBufferSourceNode>();
  #endS: number | null = null;

  /** How long it is until all that was taken has been heard. */
  get leftMs(): number {
    return this.#endS === null ? 0 : Math.max(0, this.#endS - this.#context.currentTime) * 1_000;
  }

  play({ wallMs, sampleHz, planes }: DecodedSound, pictureMs: number): void {
    const length = planes[0]?.length ?? 0;
    if (length === 0) return;
    const step = placeSound(wallMs, length / sampleHz, pictureMs, this.#context.currentTime, this.#endS);
    if (step.do === "drop") return;
    const buffer = this.#context.createBuffer(planes.length, length, sampleHz);
    for (const [i, plane] of planes.entries()) buffer.copyToChannel(plane, i);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    source.start(step.atS, step.fromS);
    this.#endS = step.atS + length / sampleHz - step.fromS;
    this.#playing.add(source);
    source.onended = () => this.#playing.delete(source);
  }

  /** What is on its way is not heard any more: the clock went elsewhere. */
  hush(): void {
    for (const source of this.#playing) source.stop();
    this.#playing.clear();
    this.#endS = null;
  }

  close(): void {
    this.hush();
    void this.#context.close();
  }
}

export function playSound(options: SoundOptions): SoundPlayer {
  const speaker = new Speaker();
  let over = false;
  let state: SoundState | null = null;
  let heardUntil = 0;
  let decoding: SoundDecoding | null = null;
  let format = "";
  let turn: Promise<void> = Promise.resolve();
  const tell = (next: SoundState): void => {
    if (over || next === state) return;
    state = next;
    options.onState(next);
  };
  const take = (sound: DecodedSound): void => {
    const pictureMs = options.pictureMs() ?? (options.clock === null ? serverNow() - LIVE_DELAY_MS : null);
    if (over || pictureMs === null || (options.clock !== null && options.clock.runningSpeed !== 1)) return;
    speaker.play(sound, pictureMs);
    heardUntil = Date.now() + speaker.leftMs + QUIET_MS;
    tell("heard");
  };
  const follow = async (next: LiveSoundFormat): Promise<void> => {
    if (JSON.stringify(next) === format) {
      if (decoding === null) tell("not-decoded");
      return;
    }
    decoding?.close();
    decoding = null;
    format = JSON.stringify(next);
    const made = await createSoundDecoding(next, take);
    if (over) return made?.close();
    decoding = made;
    if (made === null) tell("not-decoded");
  };
  /** One after the other: a decoder is asked for asynchronously, and units come at once behind their format. */
  const push = (record: SoundRecord): void => {
    turn = turn.then(async () => {
      if (over) return;
      if (record.kind === "until") return;
      if (record.kind === "format") await follow(record.format);
      else decoding?.push(record.wallMs, record.bytes);
    }).catch((error: unknown) => console.warn(`a piece of sound was left out: ${(error as Error).message}`)); // the next one is no worse for it
  };
  tell("asking");
  /** What was fetched and is not heard yet, or cannot be, is no silence. */
  const tellOfPast = (next: SoundState): void => {
    if (next !== "silent" || (Date.now() > heardUntil && (decoding !== null || format === ""))) tell(next);
  };
  const source = options.clock === null ? hearLive(options, push, tell) : hearPast(options, options.clock, push, () => {
    heardUntil = 0;
    speaker.hush();
  }, tellOfPast);
  const watch = setInterval(() => {
    if (state === "heard" && Date.now() > heardUntil) tell("silent");
  }, TICK_MS);
  return {
    destroy: () => {
      over = true;
      clearInterval(watch);
      source.close();
      decoding?.close();
      speaker.close();
    },
  };
}

function hearLive({ cameraId, reason }: SoundOptions, push: (record: SoundRecord) => void, tell: (state: SoundState) => void): { close(): void } {
  const abort = new AbortController();
  const wanted = { cameraId, reason, mode: "live", from: null, to: null, sound: true } as const;
  let view: GrantedView | null = null;
  let handle: ChannelHandle | null = null;
  let served = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const ask = async (): Promise<void> => {
    const answer = view === null ? await requestView(wanted, abort.signal) : await continueView(view, wanted, abort.signal);
    if (abort.signal.aborted) return;
    if (answer.ok) {
      view = answer.view;
      if (handle !== null) handle.renew(view.token);
      else {
        handle = hubOf(view.recorderUrl).open(cameraId, "main", view.token, {
          onSoundFormat: (format) => {
            served = true;
            tell("silent");
            push({ kind: "format", format });
          },
          onFrame: ({ wallMs, bmff }) => push({ kind: "unit", wallMs, bytes: bmff }),
          onDropped: () => undefined,
          onPhase: (phase) => {
            if (phase.phase === "waiting") {
              served ||= phase.reason.code !== "recorder-unreachable";
              tell("silent");
            } else if (phase.phase === "refused") tell("refused");
          },
        }, true);
      }
      timer = setTimeout(() => void ask(), Math.max(1_000, renewAtMs(serverNow(), view.expiresAt) - serverNow()));
    } else if (answer.transient) timer = setTimeout(() => void ask(), RETRY_MS);
    else tell("refused");
  };
  void ask();
  return {
    close: () => {
      abort.abort();
      if (timer !== null) clearTimeout(timer);
      handle?.close();
      if (view !== null) leaveLive(view, served);
    },
  };
}

function hearPast({ cameraId, reason }: SoundOptions, clock: WallClock, push: (record: SoundRecord) => void, hush: () => void, tell: (state: SoundState) => void): { close(): void } {
  let over = false;
  let view: PastView | null = null;
  let opening = false;
  let retryAt = 0;
  /** Fetched up to here, without a break from where the clock was: as far as the answers said that they had all of it. */
  let fetched: { readonly from: number; readonly to: number } | null = null;
  let fetching: AbortController | null = null;

  const open = async (atMs: number): Promise<void> => {
    opening = true;
    view?.close();
    const { from, to } = playbackWindow(atMs);
    const mine = new PastView(cameraId, reason, { from, to, at: atMs }, true);
    view = mine;
    const answer = await mine.open();
    opening = false;
    if (over || view !== mine || answer.ok) return;
    view = null;
    mine.close();
    retryAt = answer.transient ? Date.now() + RETRY_MS : Number.POSITIVE_INFINITY;
    tell(answer.transient ? "silent" : "refused");
  };
  const fetchPiece = async (of: PastView, from: number, to: number): Promise<void> => {
    const mine = new AbortController();
    fetching = mine;
    try {
      const response = await fetch(of.soundUrl({ from, to }), { headers: { authorization: `Bearer ${of.token ?? ""}` }, signal: mine.signal, cache: "no-store" });
      const records = response.ok ? decodeSoundRecords(new Uint8Array(await response.arrayBuffer())) : null;
      if (over || fetching !== mine) return;
      if (records?.ok === true) {
        for (const record of records.value) push(record);
        const until = Math.ceil(records.value.findLast((record) => record.kind === "until")?.wallMs ?? from);
        if (until > from) fetched = { from: fetched?.from ?? from, to: until };
        if (until < to) retryAt = Date.now() + NEXT_MS;
      } else retryAt = Date.now() + RETRY_MS;
      tell("silent");
    } catch {
      if (!over && fetching === mine) retryAt = Date.now() + RETRY_MS;
    } finally {
      if (fetching === mine) fetching = null;
    }
  };
  const leave = (): void => {
    fetching?.abort();
    fetching = null;
    fetched = null;
    hush();
  };
  const tick = (): void => {
    const wallMs = clock.wallMs();
    if (clock.runningSpeed !== 1) {
      if (fetched !== null) leave();
      if (clock.speed !== 1) tell("only-usual-pace");
      return;
    }
    if (opening || Date.now() < retryAt) return;
    if (view === null || view.token === null || wallMs < view.from || wallMs >= view.to) {
      leave();
      return void open(wallMs);
    }
    if (fetched !== null && (wallMs < fetched.from || wallMs > fetched.to + 1_000)) leave();
    if (fetching !== null || (fetched !== null && fetched.to - wallMs > AHEAD_MS)) return;
    const from = Math.floor(fetched?.to ?? wallMs);
    const to = Math.min(from + PIECE_MS, view.to, Math.floor(serverNow()));
    if (to - from < NEXT_MS) return;
    void fetchPiece(view, from, to);
  };
  const timer = setInterval(tick, TICK_MS);
  const unsubscribe = clock.subscribe(() => {
    if (clock.sinceMoveMs() < TICK_MS) leave(); // a jump
    tick();
  });
  tick();
  return {
    close: () => {
      over = true;
      clearInterval(timer);
      unsubscribe();
      leave();
      view?.close();
    },
  };
}
