// The pinhole camera of a scene. The world is in metres: x to the right, y away, z up, the ground at z = 0. A camera stands on a pole, is turned by
// `yawDeg` (clockwise from +y, as a bearing) and tilted down. Everything drawn goes through here, so that perspective, sizes and occlusion agree;
// drawing each scene straight in pixels was tried and gives vehicles that shrink at the wrong rate.

export type V3 = readonly [number, number, number];
export type V2 = readonly [number, number];

export interface CameraPose {
  readonly x: number;
  readonly y: number;
  readonly heightM: number;
  readonly yawDeg: number;
  readonly tiltDeg: number;
  readonly horizontalFovDeg: number;
}

export const WIDTH = 768;
/** 27 rows of macroblocks less the top one, which the simulator writes itself. */
export const HEIGHT = 416;
const NEAR_M = 0.4;

export class Camera {
  readonly focalPx: number;
  readonly pose: CameraPose;
  readonly #sinYaw: number;
  readonly #cosYaw: number;
  readonly #sinTilt: number;
  readonly #cosTilt: number;

  constructor(pose: CameraPose) {
    this.pose = pose;
    const radians = Math.PI / 180;
    this.focalPx = WIDTH / 2 / Math.tan((pose.horizontalFovDeg / 2) * radians);
    this.#sinYaw = Math.sin(pose.yawDeg * radians);
    this.#cosYaw = Math.cos(pose.yawDeg * radians);
    this.#sinTilt = Math.sin(pose.tiltDeg * radians);
    this.#cosTilt = Math.cos(pose.tiltDeg * radians);
  }

  /** Right, up and depth of a world point as the camera has them, in metres. */
  toView([x, y, z]: V3): V3 {
    const dx = x - this.pose.x;
    const dy = y - this.pose.y;
    const dz = z - this.pose.heightM;
    const right = dx * this.#cosYaw - dy * this.#sinYaw;
    const ahead = dx * this.#sinYaw + dy * this.#cosYaw;
    return [right, ahead * this.#sinTilt + dz * this.#cosTilt, ahead * this.#cosTilt - dz * this.#sinTilt];
  }

  depth(point: V3): number {
    return this.toView(point)[2];
  }

  /** Pixels; undefined behind the camera. */
  project(point: V3): { readonly x: number; readonly y: number; readonly depth: number; readonly scale: number } | undefined {
    const [right, up, depth] = this.toView(point);
    if (depth < NEAR_M) return undefined;
    const scale = this.focalPx / depth;
    return { x: WIDTH / 2 + right * scale, y: HEIGHT / 2 - up * scale, depth, scale };
  }

  /** A polygon cut at the near plane, in pixels; empty when wholly behind. */
  projectPolygon(points: readonly V3[]): V2[] {
    const view = points.map((p) => this.toView(p));
    const kept: V3[] = [];
    for (let i = 0; i < view.length; i++) {
      const a = view[i]!;
      const b = view[(i + 1) % view.length]!;
      const aIn = a[2] >= NEAR_M;
      if (aIn) kept.push(a);
      if (aIn !== b[2] >= NEAR_M) {
        const f = (NEAR_M - a[2]) / (b[2] - a[2]);
        kept.push([a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, NEAR_M]);
      }
    }
    return kept.map(([right, up, depth]) => [WIDTH / 2 + (right * this.focalPx) / depth, HEIGHT / 2 - (up * this.focalPx) / depth]);
  }
}
