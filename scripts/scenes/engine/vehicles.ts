// Vehicles as solids: a side outline drawn across the width, narrower above the belt line. Faces turned away are left out and the rest are painted
// far to near, which is enough for shapes as plain as these; no z-buffer is needed.
import type { V2, V3 } from "./camera.ts";
import { css, hex, lit, mix, type Colour } from "./colour.ts";
import type { Place } from "./motion.ts";
import type { Painter } from "./painter.ts";

export type VehicleKind = "hatch" | "sedan" | "taxi" | "van" | "pickup" | "bus" | "lorry";

interface Shape {
  readonly lengthM: number;
  readonly widthM: number;
  /** Outline from front bottom over the roof to rear bottom: [along, up, part of the half width], along 0 at the centre. */
  readonly outline: readonly (readonly [number, number, number])[];
  /** Which strips of the outline are glass, by the index of their first point. */
  readonly glass: readonly number[];
  /** Side windows: polygons in [along, up]. */
  readonly windows: readonly (readonly V2[])[];
  readonly wheels: readonly number[];
  readonly wheelM: number;
}

const SHAPES: Readonly<Record<Exclude<VehicleKind, "taxi">, Shape>> = {
  sedan: {
    lengthM: 4.5, widthM: 1.78, wheelM: 0.33, wheels: [1.4, -1.35],
    outline: [[2.22, 0.28, 0.94], [2.25, 0.62, 0.96], [2.05, 0.8, 0.96], [0.98, 0.98, 0.98], [0.25, 1.44, 0.76], [-0.85, 1.46, 0.74], [-1.6, 1.04, 0.94], [-2.15, 0.98, 0.94], [-2.25, 0.6, 0.95], [-2.2, 0.3, 0.94]],
    glass: [3, 5],
    windows: [[[0.82, 1.0], [0.22, 1.37], [-0.22, 1.39], [-0.22, 1.0]], [[-0.32, 1.0], [-0.32, 1.39], [-0.85, 1.39], [-1.38, 1.04]]],
  },
  hatch: {
    lengthM: 3.9, widthM: 1.72, wheelM: 0.32, wheels: [1.25, -1.2],
    outline: [[1.92, 0.28, 0.93], [1.95, 0.66, 0.95], [1.75, 0.86, 0.95], [0.95, 1.02, 0.97], [0.3, 1.5, 0.78], [-1.3, 1.5, 0.76], [-1.82, 1.04, 0.92], [-1.94, 0.8, 0.95], [-1.92, 0.3, 0.94]],
    glass: [3, 5],
    windows: [[[0.82, 1.04], [0.28, 1.42], [-0.3, 1.43], [-0.3, 1.04]], [[-0.4, 1.04], [-0.4, 1.43], [-1.2, 1.41], [-1.55, 1.06]]],
  },
  pickup: {
    lengthM: 5.1, widthM: 1.85, wheelM: 0.38, wheels: [1.6, -1.5],
    outline: [[2.5, 0.36, 0.95], [2.55, 0.85, 0.97], [2.35, 1.05, 0.97], [1.25, 1.16, 0.98], [0.6, 1.72, 0.8], [-0.5, 1.72, 0.8], [-0.72, 1.14, 0.98], [-2.5, 1.12, 0.98], [-2.54, 0.4, 0.97]],
    glass: [3, 5],
    windows: [[[1.1, 1.18], [0.58, 1.63], [-0.42, 1.63], [-0.6, 1.18]]],
  },
  van: {
    lengthM: 5.2, widthM: 1.95, wheelM: 0.35, wheels: [1.75, -1.6],
    outline: [[2.55, 0.3, 0.95], [2.6, 0.85, 0.97], [2.25, 1.15, 0.97], [1.55, 2.15, 0.88], [-2.5, 2.25, 0.88], [-2.6, 1.2, 0.97], [-2.58, 0.32, 0.96]],
    glass: [2],
    windows: [[[2.02, 1.25], [1.52, 1.95], [0.85, 1.98], [0.85, 1.25]]],
  },
  lorry: {
    lengthM: 7.2, widthM: 2.3, wheelM: 0.46, wheels: [2.5, -1.7, -2.7],
    outline: [[3.5, 0.4, 0.97], [3.6, 1.2, 0.98], [3.5, 2.35, 0.94], [1.7, 2.5, 0.94], [1.65, 3.1, 1], [-3.6, 3.1, 1], [-3.6, 0.5, 1]],
    glass: [1],
    windows: [[[3.4, 1.45], [3.34, 2.2], [2.4, 2.22], [2.4, 1.45]]],
  },
  bus: {
    lengthM: 11.6, widthM: 2.5, wheelM: 0.5, wheels: [3.6, -2.9],
    outline: [[5.75, 0.34, 0.98], [5.8, 1.05, 1], [5.65, 2.85, 0.97], [5.3, 3.08, 0.94], [-5.5, 3.08, 0.94], [-5.75, 2.8, 0.98], [-5.8, 1.0, 1], [-5.75, 0.34, 0.98]],
    glass: [1],
    windows: Array.from({ length: 8 }, (_, i) => [[4.9 - i * 1.3, 1.25], [4.9 - i * 1.3, 2.5], [3.75 - i * 1.3, 2.5], [3.75 - i * 1.3, 1.25]] as const),
  },
};

export interface VehicleLook {
  readonly kind: VehicleKind;
  readonly colour: string;
  /** A band along the side, as buses and vans carry. */
  readonly band?: string;
}

export interface VehicleState {
  readonly braking?: boolean;
  /** Hazard lights, lit now. */
  readonly hazard?: boolean;
  /** Dents: the front is pushed in. */
  readonly damaged?: boolean;
  readonly parked?: boolean;
}

const GLASS: Colour = hex("#1d2833");
const TYRE: Colour = hex("#17181b");

const shapeOf = (kind: VehicleKind): Shape => SHAPES[kind === "taxi" ? "sedan" : kind];

export function drawVehicle(p: Painter, look: VehicleLook, place: Place, state: VehicleState = {}): void {
  const shape = shapeOf(look.kind);
  const half = shape.widthM / 2;
  const cos = Math.cos(place.heading);
  const sin = Math.sin(place.heading);
  const at = (along: number, across: number, up: number): V3 => [place.x + along * cos - across * sin, place.y + along * sin + across * cos, up];
  const turn = (along: number, across: number, up: number): V3 => [along * cos - across * sin, along * sin + across * cos, up];
  const long = shape.lengthM / 2;
  const footprint = ([[long, half], [long, -half], [-long, -half], [-long, half]] as const).map(([a, c]) => at(a, c, 0)).map(([x, y]) => [x, y] as const);
  const roofM = Math.max(...shape.outline.map((o) => o[1]));
  p.shadow(footprint, roofM * 0.9);
  p.ground(footprint.map(([x, y]) => [place.x + (x - place.x) * 0.96, place.y + (y - place.y) * 0.96] as const), [8, 9, 12], 0.6, 0.02);

  const centre = at(0, 0, 0.7);
  p.later(centre, () => {
    const body = hex(look.colour);
    if (p.light.lamps && !state.parked) headlightPool(p, at, long);
    const outline = state.damaged ? shape.outline.map(([a, u, w]) => (a > long - 0.5 ? ([a - 0.35, u + 0.06, w * 0.97] as const) : ([a, u, w] as const))) : shape.outline;
    const strips = outline.slice(1).map((b, i) => ({ a: outline[i]!, b, glass: shape.glass.includes(i) }));
    const faces: { readonly depth: number; paint(): void }[] = [];
    for (const { a, b, glass } of strips) {
      const normal = turn(b[1] - a[1], 0, a[0] - b[0]);
      const points = [at(a[0], half * a[2], a[1]), at(a[0], -half * a[2], a[1]), at(b[0], -half * b[2], b[1]), at(b[0], half * b[2], b[1])];
      faces.push({ depth: p.camera.depth(at((a[0] + b[0]) / 2, 0, (a[1] + b[1]) / 2)), paint: () => stripFace(p, points, normal, glass ? GLASS : body, glass) });
    }
    for (const side of [1, -1] as const) {
      faces.push({ depth: p.camera.depth(at(0, side * half, 0.8)) - 0.5, paint: () => sideFace(p, shape, outline, look, body, at, turn, side, half) });
    }
    faces.sort((x, y) => y.depth - x.depth);
    for (const face of faces) face.paint();
    lamps(p, look, shape, state, at, turn, half);
  });
}

function stripFace(p: Painter, points: readonly V3[], outward: V3, colour: Colour, glass: boolean): void {
  if (!p.sees(points[0]!, outward)) return;
  p.polygon(points, glass ? mix(lit(colour, 0.9), p.light.haze, 0.12 + 0.16 * Math.max(0, outward[2])) : lit(colour, p.facing(outward)));
}

type At = (along: number, across: number, up: number) => V3;

function sideFace(p: Painter, shape: Shape, outline: Shape["outline"], look: VehicleLook, body: Colour, at: At, turn: At, side: 1 | -1, half: number): void {
  const normal = turn(0, side, 0);
  const widthAt = (up: number): number => (up > 1.0 && shape.windows.length < 5 ? half * (1 - 0.24 * Math.min(1, (up - 1) / 0.5) * (shape.lengthM < 5.15 ? 1 : 0.45)) : half * 0.98);
  const points = outline.map(([a, u, w]) => at(a, side * half * w, u));
  if (!p.sees(points[1]!, normal)) return;
  p.polygon(points, lit(body, p.facing(normal)));
  if (look.band) p.polygon(([[shape.lengthM / 2 - 0.1, 0.75], [shape.lengthM / 2 - 0.1, 1.08], [-shape.lengthM / 2 + 0.1, 1.08], [-shape.lengthM / 2 + 0.1, 0.75]] as const).map(([a, u]) => at(a, side * half, u)), lit(hex(look.band), p.facing(normal)));
  for (const window of shape.windows) p.polygon(window.map(([a, u]) => at(a, side * (widthAt(u) + 0.01), u)), mix(GLASS, p.light.haze, 0.16));
  const sill = outline[0]![1];
  p.polygon([at(shape.lengthM / 2 - 0.15, side * half, sill), at(shape.lengthM / 2 - 0.15, side * half, sill + 0.12), at(-shape.lengthM / 2 + 0.15, side * half, sill + 0.12), at(-shape.lengthM / 2 + 0.15, side * half, sill)], lit(body, 0.35));
  for (const along of shape.wheels) {
    wheel(p, at, along, side * half, shape.wheelM * 1.14, [10, 10, 12]);
    wheel(p, at, along, side * (half + 0.01), shape.wheelM, TYRE);
    wheel(p, at, along, side * (half + 0.02), shape.wheelM * 0.56, hex("#8d9298"));
  }
}

function wheel(p: Painter, at: At, along: number, across: number, radius: number, colour: Colour): void {
  p.polygon(Array.from({ length: 14 }, (_, i) => at(along + Math.cos((i / 7) * Math.PI) * radius, across, Math.max(0, radius * 0.98 + Math.sin((i / 7) * Math.PI) * radius))), colour);
}

function headlightPool(p: Painter, at: At, long: number): void {
  for (const across of [0.55, -0.55]) p.polygon([at(long, across + 0.25, 0.02), at(long + 7, across + 1.1, 0.02), at(long + 7, across - 1.1, 0.02), at(long, across - 0.25, 0.02)], [255, 240, 200], 0.1);
}

function lamps(p: Painter, look: VehicleLook, shape: Shape, state: VehicleState, at: At, turn: At, half: number): void {
  const long = shape.lengthM / 2;
  const up = look.kind === "bus" || look.kind === "lorry" ? 0.85 : 0.7;
  const quad = (along: number, across: number, u: number, w: number, h: number): V3[] => [at(along, across - w, u - h), at(along, across + w, u - h), at(along, across + w, u + h), at(along, across - w, u + h)];
  const on = p.light.lamps && !state.parked;
  if (p.sees(at(long, 0, up), turn(1, 0, 0.2))) {
    p.polygon(quad(long + 0.01, 0, up - 0.2, half * 0.5, 0.07), [18, 20, 23]);
    for (const side of [1, -1]) {
      p.polygon(quad(long + 0.02, side * half * 0.74, up, 0.17, 0.08), on ? [255, 250, 225] : [222, 226, 228]);
      if (on) glow(p, at(long + 0.05, side * half * 0.74, up), 0.55, "255,240,200", 0.75);
      if (state.hazard) hazardLamp(p, quad(long + 0.03, side * half * 0.93, up, 0.1, 0.09), at(long + 0.1, side * half * 0.93, up));
    }
  }
  if (p.sees(at(-long, 0, up), turn(-1, 0, 0.2))) {
    for (const side of [1, -1]) {
      p.polygon(quad(-long - 0.02, side * half * 0.78, up + 0.08, 0.14, 0.1), state.braking ? [255, 48, 32] : on ? [210, 24, 20] : [128, 22, 22]);
      if (state.braking || on) glow(p, at(-long - 0.05, side * half * 0.78, up + 0.08), state.braking ? 0.5 : 0.32, "255,40,24", state.braking ? 0.7 : 0.45);
      if (state.hazard) hazardLamp(p, quad(-long - 0.03, side * half * 0.93, up + 0.08, 0.1, 0.1), at(-long - 0.1, side * half * 0.93, up + 0.08));
    }
    p.polygon(quad(-long - 0.02, 0, up - 0.1, 0.24, 0.06), [225, 226, 222]);
  }
  if (look.kind === "taxi") {
    const top = 1.46;
    p.polygon([at(-0.15, -0.3, top), at(-0.15, 0.3, top), at(-0.15, 0.3, top + 0.2), at(-0.15, -0.3, top + 0.2)], [250, 214, 70]);
    p.polygon([at(-0.4, -0.3, top + 0.2), at(-0.4, 0.3, top + 0.2), at(-0.15, 0.3, top + 0.2), at(-0.15, -0.3, top + 0.2)], [235, 196, 52]);
  }
}

function hazardLamp(p: Painter, quad: readonly V3[], at: V3): void {
  p.polygon(quad, [255, 176, 32]);
  glow(p, at, 0.8, "255,168,32", 0.9);
}

/** A soft light around a lamp. */
export function glow(p: Painter, at: V3, radiusM: number, rgb: string, alpha: number): void {
  const c = p.camera.project(at);
  if (!c) return;
  const r = Math.max(2, radiusM * c.scale);
  const g = p.ctx.createRadialGradient(c.x, c.y, 0, c.x, c.y, r);
  g.addColorStop(0, `rgba(${rgb},${alpha})`);
  g.addColorStop(0.35, `rgba(${rgb},${alpha * 0.35})`);
  g.addColorStop(1, `rgba(${rgb},0)`);
  p.ctx.fillStyle = g;
  p.ctx.fillRect(c.x - r, c.y - r, r * 2, r * 2);
}

/** Bicycle or motor cycle with a rider, drawn flat from the side as people are. */
export function drawCycle(p: Painter, look: { readonly motor: boolean; readonly frame: string; readonly coat: string; readonly helmet: string }, place: Place, travelledM: number): void {
  const cos = Math.cos(place.heading);
  const sin = Math.sin(place.heading);
  const at = (along: number, up: number, across = 0): V3 => [place.x + along * cos - across * sin, place.y + along * sin + across * cos, up];
  p.shadow([[place.x + cos * 0.8 - sin * 0.2, place.y + sin * 0.8 + cos * 0.2], [place.x + cos * 0.8 + sin * 0.2, place.y + sin * 0.8 - cos * 0.2], [place.x - cos * 0.8, place.y - sin * 0.8]], 1.2);
  p.later(at(0, 0.7), () => {
    const wheelM = look.motor ? 0.31 : 0.34;
    for (const along of [-0.6, 0.6]) {
      p.line(Array.from({ length: 13 }, (_, i) => at(along + Math.cos((i / 6) * Math.PI) * wheelM, wheelM + Math.sin((i / 6) * Math.PI) * wheelM)), TYRE, look.motor ? 0.12 : 0.06);
    }
    const frame = hex(look.frame);
    if (look.motor) p.polygon([at(0.55, 0.75), at(0.3, 0.95), at(-0.75, 0.82), at(-0.6, 0.5), at(0.2, 0.35)], frame);
    else p.line([at(-0.6, wheelM), at(-0.15, 0.8), at(0.45, 0.85), at(0, 0.3), at(-0.15, 0.8)], frame, 0.06);
    p.line([at(0.6, wheelM), at(0.45, 1.02), at(0.35, 1.05)], frame, 0.06);
    const turn = travelledM * 2.2;
    const coat = hex(look.coat);
    for (const phase of look.motor ? [0] : [0, Math.PI]) {
      const foot: V3 = look.motor ? at(0, 0.35, 0.1) : at(Math.cos(turn + phase) * 0.16, 0.3 + Math.sin(turn + phase) * 0.16);
      p.line([at(-0.2, 0.92), at(0.18, 0.7), foot], hex("#2b3040"), 0.15);
    }
    p.ctx.lineCap = "round";
    p.line([at(-0.2, 0.95), at(0.05, 1.42)], coat, 0.36);
    p.line([at(0.05, 1.38), at(0.38, 1.08)], coat, 0.13);
    p.ctx.lineCap = "butt";
    const head = p.camera.project(at(0.14, 1.66));
    if (head) {
      p.ctx.fillStyle = css(p.hazed(hex(look.helmet), head.depth));
      p.ctx.beginPath();
      p.ctx.arc(head.x, head.y, 0.15 * head.scale, 0, Math.PI * 2);
      p.ctx.fill();
    }
  });
}
