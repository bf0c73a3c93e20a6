// The sound of one camera to one browser, on a channel of a live socket ([SND5] in video/SPEC.md): units as the camera sends them, with their wall time, beside the pictures and never within them, so
// that sound holds up no picture. What a slow link cannot take is left out.
import { LIVE_FRAME_KINDS, type LiveMediaFromRecorder, type LiveSoundFormat } from "../../contract/media.ts";
import { copyBytes } from "../../media/bytes.ts";
import type { SoundFormat } from "../../media/fmp4/sound.ts";
import type { AudioTrack } from "../../protocol/rtsp/media-tracks.ts";
import type { TrackSample } from "../../video/ingest/track-ingest.ts";
import type { z } from "zod";
import type { SecondTracks, SoundListener } from "./second-tracks.ts";

/** Pictures come first: with more waiting, sound is left out. */
const MOST_WAITING_BYTES = 250_000;

interface SoundSocket {
  waitingBytes(): number;
  tell(message: z.infer<typeof LiveMediaFromRecorder>): void;
  sendMedia(kind: number, channel: number, wallMs: number, body: Uint8Array): void;
}
/** Of one camera. */
type SoundSource = Pick<SecondTracks, "addListener" | "removeListener">;

export class LiveSoundChannel implements SoundListener {
  readonly #socket: SoundSocket;
  readonly number: number;
  readonly cameraId: number;
  viewId: number;
  expiresAt: number;
  #source: SoundSource | undefined;
  #told: "opened" | "no-sound" | undefined;

  constructor(socket: SoundSocket, number: number, cameraId: number, viewId: number, expiresAt: number) {
    this.#socket = socket;
    this.number = number;
    this.cameraId = cameraId;
    this.viewId = viewId;
    this.expiresAt = expiresAt;
  }

  /** Listens to that camera's worker from now on; one that came back has another. */
  listenTo(source: SoundSource): void {
    if (this.#source === source) return;
    this.close();
    this.#source = source;
    source.addListener(this);
    if (this.#told === undefined) this.onSoundFormat(undefined);
  }

  close(): void {
    this.#source?.removeListener(this);
    this.#source = undefined;
  }

  onSoundFormat(track: AudioTrack | undefined): void {
    if (track !== undefined) {
      this.#told = "opened";
      this.#socket.tell({ type: "sound-opened", channel: this.number, sound: toLiveFormat(track) });
    } else if (this.#told !== "no-sound") {
      this.#told = "no-sound";
      this.#socket.tell({ type: "waiting", channel: this.number, reason: { code: "no-sound", params: {} } });
    }
  }

  onSound({ bytes, start, end, wallMs }: TrackSample): void {
    if (this.#socket.waitingBytes() > MOST_WAITING_BYTES) return;
    this.#socket.sendMedia(LIVE_FRAME_KINDS.sound, this.number, wallMs, copyBytes(bytes, start, end)); // the ingest's bytes are borrowed
  }
}

/** As a page is told of it, live and past. */
export function toLiveFormat(format: SoundFormat): LiveSoundFormat {
  const { codec, clockHz, channels } = format;
  return format.codec === "aac" ? { codec, clockHz, channels, config: Buffer.from(format.config).toString("base64"), samplesPerFrame: format.samplesPerFrame } : { codec, clockHz, channels, config: null, samplesPerFrame: null };
}
