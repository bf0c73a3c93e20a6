// What a camera shows at picture number n (wall time / 80 ms): the loop of its scene, or an event that was staged. No I/O and no state but the events, so
// a test asks for any picture of any camera. Changes of clip fall on key pictures, which all clips have at the same numbers.
import { PICTURE_MS } from "./clock-strip.ts";
import { GOP_PICTURES, eventPicture, type Clip, type ClipPicture } from "./clip.ts";
import { assignScene, sceneForEvent, type SceneName, type SimulatedCamera, type StagedEvent } from "./scenes.ts";
import { encodeTextSlice } from "./text-slice.ts";
import { rowKeys, type UtcOffset } from "./text-row.ts";

export interface ClipShelf {
  has(scene: SceneName, event: StagedEvent): boolean;
  get(scene: SceneName, variant: "normal" | StagedEvent): Clip;
}

export interface AccessUnit {
  readonly key: boolean;
  /** Bare NAL units; parameter sets come before a key picture. */
  readonly nals: readonly Uint8Array[];
}

interface Staged {
  readonly event: StagedEvent;
  readonly scene: SceneName;
  readonly from: number;
  readonly until: number;
}

export class CameraStream {
  readonly camera: SimulatedCamera;
  readonly #seed: number;
  readonly #shelf: ClipShelf;
  readonly #utcOffset: UtcOffset;
  #staged: Staged | undefined;
  #keys: { readonly picture: number; readonly keys: readonly string[] } | undefined;

  constructor(camera: SimulatedCamera, seed: number, shelf: ClipShelf, utcOffset: UtcOffset) {
    this.camera = camera;
    this.#seed = seed;
    this.#shelf = shelf;
    this.#utcOffset = utcOffset;
  }

  /** Shows an event from the next key picture on. False where no scene of this camera has it. */
  stage(event: StagedEvent, atMs: number, durationMs: number): boolean {
    const scene = sceneForEvent(this.camera, this.#seed, event, (s, e) => this.#shelf.has(s, e));
    if (scene === undefined) return false;
    const from = nextKey(atMs);
    this.#staged = { event, scene, from, until: Math.max(from + GOP_PICTURES, nextKey(atMs + durationMs)) };
    return true;
  }

  /** Ends a staged event with the next key picture. */
  clear(atMs: number): void {
    if (this.#staged) this.#staged = { ...this.#staged, until: Math.min(this.#staged.until, nextKey(atMs)) };
  }

  eventAt(picture: number): StagedEvent | undefined {
    return this.#staged && picture >= this.#staged.from && picture < this.#staged.until ? this.#staged.event : undefined;
  }

  accessUnit(picture: number): AccessUnit {
    const { clip, shown } = this.#shownAt(picture);
    const { header, nal } = shown;
    const { widthMbs } = clip.format;
    const keys = this.#keysOf(picture, widthMbs);
    const text = encodeTextSlice(header, clip.format.frameNumBits, keys, header.idr ? [] : this.#keysOf(picture - 1, widthMbs));
    this.#keys = { picture, keys };
    return { key: header.idr, nals: header.idr ? [clip.format.sps, clip.format.pps, text, nal] : [text, nal] };
  }

  #keysOf(picture: number, widthMbs: number): readonly string[] {
    return this.#keys?.picture === picture ? this.#keys.keys : rowKeys(this.camera, picture, this.#utcOffset, widthMbs);
  }

  #shownAt(picture: number): { readonly clip: Clip; readonly shown: ClipPicture } {
    const staged = this.#staged;
    if (staged && this.eventAt(picture)) {
      const clip = this.#shelf.get(staged.scene, staged.event);
      return { clip, shown: clip.pictures[eventPicture(picture - staged.from, clip.pictures.length)]! };
    }
    const { scene, phaseGops } = assignScene(this.camera, this.#seed);
    const clip = this.#shelf.get(scene, "normal");
    return { clip, shown: clip.pictures[(picture + phaseGops * GOP_PICTURES) % clip.pictures.length]! };
  }
}

export const pictureAt = (wallMs: number): number => Math.floor(wallMs / PICTURE_MS);

/** Number of the first key picture that is not yet due. */
export const nextKey = (wallMs: number): number => (Math.floor(pictureAt(wallMs) / GOP_PICTURES) + 1) * GOP_PICTURES;
