// Draws solid things through the camera: polygons, shadows, sorted items. One sun (or lamp) per scene gives every face its light, so that a van and
// a house agree about where the light comes from.
import type { Camera, V2, V3 } from "./camera.ts";
import { css, lit, mix, type Colour } from "./colour.ts";

export type Context = OffscreenCanvasRenderingContext2D;

export interface Light {
  /** Where a point 1 m above the ground throws its shadow, in metres from its foot. */
  readonly shadowPerMetre: V2;
  readonly shadowAlpha: number;
  readonly ambient: number;
  readonly diffuse: number;
  /** What distance fades to, and after how many metres half of it is there. */
  readonly haze: Colour;
  readonly hazeHalfM: number;
  /** Vehicles have their lamps on. */
  readonly lamps: boolean;
}

export interface Item {
  readonly depth: number;
  draw(): void;
}

export class Painter {
  ctx: Context;
  readonly camera: Camera;
  readonly light: Light;
  readonly #sun: V3;
  #items: Item[] = [];

  constructor(ctx: Context, camera: Camera, light: Light) {
    this.ctx = ctx;
    this.camera = camera;
    this.light = light;
    const [sx, sy] = light.shadowPerMetre;
    const norm = Math.hypot(sx, sy, 1);
    this.#sun = [-sx / norm, -sy / norm, 1 / norm];
  }

  /** The light on a face with this outward normal (need not be of length 1). */
  facing(normal: V3): number {
    const n = Math.hypot(...normal) || 1;
    const dot = (normal[0] * this.#sun[0] + normal[1] * this.#sun[1] + normal[2] * this.#sun[2]) / n;
    return this.light.ambient + this.light.diffuse * Math.max(0, dot) + 0.06 * (normal[2] / n);
  }

  /** Whether a face with this normal through this point is turned to the camera. */
  sees(point: V3, normal: V3): boolean {
    const { x, y, heightM } = this.camera.pose;
    return (x - point[0]) * normal[0] + (y - point[1]) * normal[1] + (heightM - point[2]) * normal[2] > 0;
  }

  hazed(colour: Colour, depth: number): Colour {
    return mix(colour, this.light.haze, 1 - 0.5 ** (Math.max(0, depth - 12) / this.light.hazeHalfM));
  }

  trace(points: readonly V2[]): void {
    this.ctx.beginPath();
    for (const [x, y] of points) this.ctx.lineTo(x, y);
    this.ctx.closePath();
  }

  /** A flat polygon; the colour is taken as lit already, only haze is added. */
  polygon(points: readonly V3[], colour: Colour, alpha = 1): void {
    const flat = this.camera.projectPolygon(points);
    if (flat.length < 3) return;
    let depth = 0;
    for (const p of points) depth += Math.max(0, this.camera.depth(p)) / points.length;
    this.trace(flat);
    this.ctx.fillStyle = css(this.hazed(colour, depth), alpha);
    this.ctx.fill();
  }

  /** A polygon lit by its normal. Drawn only when it faces the camera. */
  face(points: readonly V3[], normal: V3, colour: Colour): void {
    if (!this.sees(points[0]!, normal)) return;
    this.polygon(points, lit(colour, this.facing(normal)));
  }

  ground(points: readonly V2[], colour: Colour, alpha = 1, z = 0): void {
    this.polygon(points.map(([x, y]) => [x, y, z] as const), colour, alpha);
  }

  /** A large ground polygon with haze that varies within it, in strips of `stepM` along y. */
  groundStrips(x0: number, x1: number, y0: number, y1: number, colour: Colour, stepM = 6): void {
    for (let y = y1; y > y0; y -= stepM) this.ground([[x0, Math.max(y0, y - stepM - 0.1)], [x1, Math.max(y0, y - stepM - 0.1)], [x1, y], [x0, y]], colour);
  }

  line(points: readonly V3[], colour: Colour, widthM: number, alpha = 1): void {
    for (let i = 1; i < points.length; i++) {
      const a = this.camera.project(points[i - 1]!);
      const b = this.camera.project(points[i]!);
      if (!a || !b) continue;
      this.ctx.strokeStyle = css(this.hazed(colour, (a.depth + b.depth) / 2), alpha);
      this.ctx.lineWidth = Math.max(0.6, (widthM * (a.scale + b.scale)) / 2);
      this.ctx.beginPath();
      this.ctx.moveTo(a.x, a.y);
      this.ctx.lineTo(b.x, b.y);
      this.ctx.stroke();
    }
  }

  /** The shadow of an upright prism: its footprint (convex) and the same moved by the height. */
  shadow(footprint: readonly V2[], heightM: number, alpha = this.light.shadowAlpha): void {
    const [sx, sy] = this.light.shadowPerMetre;
    const all = [...footprint, ...footprint.map(([x, y]) => [x + sx * heightM, y + sy * heightM] as const)];
    this.ground(convexHull(all), [14, 18, 32], alpha, 0.01);
  }

  /** An item to be drawn later, far ones first. */
  later(at: V3, draw: () => void): void {
    const depth = this.camera.depth(at);
    if (depth > 0.2) this.#items.push({ depth, draw });
  }

  drawLater(): void {
    this.#items.sort((a, b) => b.depth - a.depth);
    for (const item of this.#items) item.draw();
    this.#items = [];
  }
}

function convexHull(points: readonly V2[]): V2[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly V2[]): V2[] => {
    const hull: V2[] = [];
    for (const p of list) {
      while (hull.length > 1) {
        const a = hull[hull.length - 2]!;
        const b = hull[hull.length - 1]!;
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        hull.pop();
      }
      hull.push(p);
    }
    hull.pop();
    return hull;
  };
  return [...half(sorted), ...half([...sorted].reverse())];
}
