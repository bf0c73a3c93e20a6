// Decodes one key frame at a time with WebCodecs and draws it. The newest wish counts: what was asked for while a picture was being decoded, and is wished no
// more, is never decoded. A browser without WebCodecs (it exists on secure pages only), or without a decoder of the format, says so once.
import type { KeyFrameFormat } from "../../../src/contract/key-frames.ts";
import type { HeldKeyFrame } from "./key-frame-shelf.ts";

export const hasWebCodecs = (): boolean => typeof VideoDecoder === "function" && typeof EncodedVideoChunk === "function";

const MOST_FAILURES = 3;

export class KeyFramePainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #widthPx: number | null;
  #decoder: VideoDecoder | null = null;
  #format: KeyFrameFormat | null = null;
  #wanted: HeldKeyFrame | null = null;
  #busy = false;
  #failures = 0;
  #closed = false;
  #drawn: HeldKeyFrame | null = null;
  #fault: string | null = null;
  onDrawn: ((frame: HeldKeyFrame) => void) | null = null;

  /** `widthPx`: pictures are drawn so wide; null: as they are. */
  constructor(canvas: HTMLCanvasElement, widthPx: number | null) {
    this.#canvas = canvas;
    this.#widthPx = widthPx;
  }

  /** Why nothing can be drawn: the codec that this browser cannot decode. */
  get fault(): string | null {
    return this.#fault;
  }
  get drawn(): HeldKeyFrame | null {
    return this.#drawn;
  }

  want(frame: HeldKeyFrame): void {
    if (this.#closed || this.#fault !== null || this.#drawn === frame || this.#wanted === frame) return;
    this.#wanted = frame;
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#wanted !== null && !this.#closed && this.#fault === null) {
      const frame = this.#wanted;
      try {
        const picture = await this.#decode(frame);
        if (picture !== null) {
          if (!this.#closed) this.#draw(picture, frame);
          picture.close();
        }
        this.#failures = 0;
      } catch {
        this.#drop(); // the next one begins anew
        if (++this.#failures >= MOST_FAILURES) this.#fault = frame.format.codec;
      }
      if (this.#wanted === frame) this.#wanted = null;
    }
    this.#busy = false;
  }

  async #decode(frame: HeldKeyFrame): Promise<VideoFrame | null> {
    if (this.#decoder === null || this.#decoder.state === "closed" || this.#format !== frame.format) {
      const { codec, width, height, description } = frame.format;
      const config: VideoDecoderConfig = { codec, codedWidth: width, codedHeight: height, description, optimizeForLatency: true };
      if (!(await VideoDecoder.isConfigSupported(config).catch(() => ({ supported: false }))).supported) {
        this.#fault = codec;
        return null;
      }
      if (this.#closed) return null; // meanwhile: nobody would close a decoder that were made now
      if (this.#decoder === null || this.#decoder.state === "closed") this.#decoder = new VideoDecoder({ output: (picture) => this.#take(picture), error: () => {} });
      this.#decoder.configure(config);
      this.#format = frame.format;
    }
    this.#decoder.decode(new EncodedVideoChunk({ type: "key", timestamp: Math.round(frame.start * 1000), data: frame.bytes }));
    await this.#decoder.flush(); // a decoder that waits for pictures to reorder gives out this one
    const [first, ...rest] = this.#pictures.splice(0);
    for (const more of rest) more.close();
    return first ?? null;
  }
  readonly #pictures: VideoFrame[] = [];
  #take(picture: VideoFrame): void {
    if (this.#closed) picture.close();
    else this.#pictures.push(picture);
  }

  #draw(picture: VideoFrame, frame: HeldKeyFrame): void {
    const width = this.#widthPx ?? picture.displayWidth;
    const height = Math.round((width * picture.displayHeight) / Math.max(1, picture.displayWidth));
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
    this.#drawn = frame;
    this.onDrawn?.(frame);
  }

  close(): void {
    this.#closed = true;
    this.#wanted = null;
    this.#drop();
  }
  /** Pictures hold memory of the graphics card, and decoders are few: neither is left to the garbage collector. */
  #drop(): void {
    for (const picture of this.#pictures.splice(0)) picture.close();
    if (this.#decoder !== null && this.#decoder.state !== "closed") this.#decoder.close();
    this.#decoder = null;
  }
}
