// The town that stands still: houses with windows and shops, trees, poles, signals, road markings. It is painted once per scene; what can hide a
// passer-by (trees, poles, stalls) is painted again in its place in the depth order.
import type { V2, V3 } from "./camera.ts";
import { css, hex, lit, mix, type Colour } from "./colour.ts";
import type { Painter } from "./painter.ts";

/** Numbers out of a seed, the same on every run (mulberry32). */
export function dice(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface HouseLook {
  readonly wall: string;
  readonly floors: number;
  readonly floorM?: number;
  /** Metres from window to window. */
  readonly bayM?: number;
  readonly trim?: string;
  readonly shops?: readonly string[]; // awning colours; absent: a plain ground floor with a door
  readonly balconies?: boolean;
  /** Share of the windows that are lit. */
  readonly litWindows?: number;
  readonly seed?: number;
  readonly roof?: string;
}

/** A wall from ground point a to b (its outside to the right when going from a to b) with windows, shops and a cornice. */
export function drawFacade(p: Painter, a: V2, b: V2, look: HouseLook): void {
  const long = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const ux = (b[0] - a[0]) / long;
  const uy = (b[1] - a[1]) / long;
  const normal: V3 = [uy, -ux, 0];
  const at = (u: number, z: number, out = 0): V3 => [a[0] + ux * u + normal[0] * out, a[1] + uy * u + normal[1] * out, z];
  if (!p.sees(at(long / 2, 1), normal)) return;
  const floorM = look.floorM ?? 3.3;
  const high = look.floors * floorM + 0.9;
  const light = p.facing(normal);
  const wall = hex(look.wall);
  const trim = hex(look.trim ?? "#e9e4d8");
  const paint = (u0: number, u1: number, z0: number, z1: number, colour: Colour, out = 0): void => p.polygon([at(u0, z0, out), at(u1, z0, out), at(u1, z1, out), at(u0, z1, out)], colour);
  const step = Math.max(4, long / Math.ceil(long / 8));
  for (let u = 0; u < long - 0.01; u += step) paint(u, Math.min(long, u + step + 0.05), 0, high, lit(wall, light));
  paint(0, long, 0, 0.5, lit(mix(wall, [60, 58, 56], 0.5), light));
  paint(0, long, high - 0.55, high - 0.2, lit(trim, light));
  paint(0, long, high - 0.62, high - 0.55, lit(wall, light * 0.6));
  const random = dice(look.seed ?? 1);
  const bay = look.bayM ?? 3;
  const bays = Math.max(1, Math.floor((long - 0.6) / bay));
  const margin = (long - bays * bay) / 2;
  for (let floor = look.shops ? 1 : 0; floor < look.floors; floor++) {
    const z = floor * floorM;
    if (floor > 0) paint(0, long, z - 0.05, z + 0.1, lit(trim, light * 0.92));
    for (let i = 0; i < bays; i++) {
      const u = margin + i * bay + bay / 2;
      const r = random();
      const r2 = random();
      const door = floor === 0 && i === bays >> 1;
      const z0 = door ? 0.05 : z + 0.95;
      const z1 = z + (door ? 2.5 : 2.6);
      const w = door ? 0.62 : 0.58;
      paint(u - w - 0.14, u + w + 0.14, z0 - 0.12, z1 + 0.16, lit(trim, light));
      const lamp = r2 < (look.litWindows ?? 0);
      const pane = door ? hex("#4f3a2a") : lamp ? mix([255, 214, 140], [255, 190, 100], r) : mix(hex("#26323d"), p.light.haze, 0.14 + r * 0.22);
      paint(u - w, u + w, z0, z1, lamp ? pane : lit(pane, Math.max(0.6, light)));
      if (!door && !lamp && r < 0.4) paint(u - w, u + w, z1 - (z1 - z0) * (0.25 + r), z1, lit(hex("#c9c2b2"), light * 0.9));
      if (!door) paint(u - 0.03, u + 0.03, z0, z1, lit(trim, light * 0.8));
      if (look.balconies && floor > 0 && i % 2 === 0) balcony(p, at, u, z, light);
    }
  }
  if (look.shops) shops(p, at, look.shops, long, floorM, light, normal, random);
}

type At = (u: number, z: number, out?: number) => V3;

function balcony(p: Painter, at: At, u: number, z: number, light: number): void {
  const slab = hex("#b9b3a6");
  p.polygon([at(u - 1.1, z + 0.1, 0), at(u + 1.1, z + 0.1, 0), at(u + 1.1, z + 0.1, 0.8), at(u - 1.1, z + 0.1, 0.8)], lit(slab, 1));
  p.polygon([at(u - 1.1, z - 0.05, 0.8), at(u + 1.1, z - 0.05, 0.8), at(u + 1.1, z + 0.12, 0.8), at(u - 1.1, z + 0.12, 0.8)], lit(slab, light));
  p.polygon([at(u - 1.1, z + 0.12, 0.8), at(u + 1.1, z + 0.12, 0.8), at(u + 1.1, z + 1, 0.8), at(u - 1.1, z + 1, 0.8)], hex("#2a2f36"), 0.45);
  p.line([at(u - 1.1, z + 1, 0.8), at(u + 1.1, z + 1, 0.8)], hex("#22262c"), 0.07);
}

function shops(p: Painter, at: At, colours: readonly string[], long: number, floorM: number, light: number, normal: V3, random: () => number): void {
  const each = long / colours.length;
  colours.forEach((colour, i) => {
    const u0 = i * each + 0.35;
    const u1 = (i + 1) * each - 0.35;
    const sign = mix(hex(colour), [30, 30, 34], 0.35);
    const glass = mix(hex("#2c3a42"), [240, 220, 180], 0.16 + random() * 0.14);
    p.polygon([at(u0, 0.5), at(u1, 0.5), at(u1, floorM - 0.85), at(u0, floorM - 0.85)], glass);
    for (let u = u0; u <= u1 + 0.01; u += Math.max(1.2, (u1 - u0) / 4)) p.polygon([at(u - 0.05, 0.3), at(u + 0.05, 0.3), at(u + 0.05, floorM - 0.85), at(u - 0.05, floorM - 0.85)], lit(hex("#3a3d42"), light));
    const door = u0 + (u1 - u0) * 0.7;
    p.polygon([at(door, 0.02), at(door + 1, 0.02), at(door + 1, 2.2), at(door, 2.2)], hex("#1b2228"));
    p.polygon([at(u0, floorM - 0.85), at(u1, floorM - 0.85), at(u1, floorM - 0.25), at(u0, floorM - 0.25)], lit(sign, Math.max(0.7, light)));
    const awning = lit(hex(colour), p.facing([normal[0] * 0.5, normal[1] * 0.5, 0.9]));
    const stripes = Math.max(3, Math.round((u1 - u0) / 0.8));
    for (let s = 0; s < stripes; s++) {
      const a = u0 + ((u1 - u0) * s) / stripes;
      const b = u0 + ((u1 - u0) * (s + 1)) / stripes;
      p.polygon([at(a, floorM - 0.75, 0.03), at(b, floorM - 0.75, 0.03), at(b, floorM - 1.3, 1.3), at(a, floorM - 1.3, 1.3)], s % 2 === 0 ? awning : mix(awning, [245, 242, 232], 0.75));
    }
  });
}

/** A block of a town: a rectangle x0..x1, y0..y1 whose four walls carry the same look. */
export function drawHouse(p: Painter, x0: number, y0: number, x1: number, y1: number, look: HouseLook): void {
  const walls: readonly (readonly [V2, V2])[] = [[[x1, y1], [x0, y1]], [[x0, y1], [x0, y0]], [[x1, y0], [x1, y1]], [[x0, y0], [x1, y0]]];
  [...walls].sort((l, r) => p.camera.depth([(r[0][0] + r[1][0]) / 2, (r[0][1] + r[1][1]) / 2, 1]) - p.camera.depth([(l[0][0] + l[1][0]) / 2, (l[0][1] + l[1][1]) / 2, 1])).forEach(([a, b], i) => drawFacade(p, a, b, { ...look, seed: (look.seed ?? 1) + i * 31 }));
  const high = look.floors * (look.floorM ?? 3.3) + 0.9;
  p.face([[x0, y0, high], [x1, y0, high], [x1, y1, high], [x0, y1, high]], [0, 0, 1], hex(look.roof ?? "#8d8478"));
}

export function houseShadow(p: Painter, x0: number, y0: number, x1: number, y1: number, highM: number): void {
  p.shadow([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], highM);
}

export interface TreeLook {
  readonly highM: number;
  readonly crownM: number;
  readonly colour: string;
  readonly seed: number;
}

/** A broad-leaved tree: trunk and a crown of leaf masses, lit from the sun's side. */
export function drawTree(p: Painter, at: V2, look: TreeLook): void {
  const random = dice(look.seed);
  const trunkTop = look.highM - look.crownM * 1.1;
  const [sx, sy] = p.light.shadowPerMetre;
  const crownZ = look.highM - look.crownM * 0.85;
  const sunLean: V2 = [-sx * 0.45, -sy * 0.45];
  p.line([[at[0], at[1], 0], [at[0] + 0.08, at[1], trunkTop * 0.6], [at[0] - 0.04, at[1], crownZ]], hex("#5d4a3a"), 0.34 + look.highM * 0.015);
  p.line([[at[0] + 0.02, at[1], trunkTop * 0.7], [at[0] + look.crownM * 0.4, at[1], crownZ]], hex("#54432f"), 0.18);
  p.line([[at[0] + 0.02, at[1], trunkTop * 0.65], [at[0] - look.crownM * 0.45, at[1], crownZ]], hex("#4d3d2c"), 0.18);
  const base = hex(look.colour);
  const blobs = Array.from({ length: 46 }, () => {
    const a = random() * Math.PI * 2;
    const up = random() * 2 - 1;
    const r = Math.sqrt(1 - up * up) * (0.55 + random() * 0.45);
    return { x: at[0] + Math.cos(a) * r * look.crownM, y: at[1] + Math.sin(a) * r * look.crownM, z: crownZ + up * look.crownM * 0.72, size: look.crownM * (0.26 + random() * 0.22), hue: random() };
  });
  blobs.sort((l, r) => p.camera.depth([r.x, r.y, r.z]) - p.camera.depth([l.x, l.y, l.z]));
  for (const blob of blobs) {
    const c = p.camera.project([blob.x, blob.y, blob.z]);
    if (!c) continue;
    const toSun = ((blob.x - at[0]) * sunLean[0] + (blob.y - at[1]) * sunLean[1]) / look.crownM + ((blob.z - crownZ) / look.crownM) * 0.75;
    const colour = lit(mix(base, [150, 160, 70], blob.hue * 0.22), (p.light.ambient + p.light.diffuse * (0.42 + 0.5 * toSun)) * 0.95);
    p.ctx.fillStyle = css(p.hazed(colour, c.depth));
    p.ctx.beginPath();
    p.ctx.ellipse(c.x, c.y, blob.size * c.scale, blob.size * c.scale * 0.82, blob.hue * 3, 0, Math.PI * 2);
    p.ctx.fill();
  }
}

export function treeShadow(p: Painter, at: V2, look: TreeLook): void {
  const [sx, sy] = p.light.shadowPerMetre;
  const random = dice(look.seed + 5);
  const z = look.highM - look.crownM * 0.85;
  for (let i = 0; i < 9; i++) {
    const a = random() * Math.PI * 2;
    const r = look.crownM * 0.6 * random();
    const cx = at[0] + sx * z + Math.cos(a) * r;
    const cy = at[1] + sy * z + Math.sin(a) * r;
    const size = look.crownM * (0.4 + random() * 0.22);
    p.ground(Array.from({ length: 14 }, (_, k) => [cx + Math.cos((k / 7) * Math.PI) * size, cy + Math.sin((k / 7) * Math.PI) * size] as const), [14, 18, 32], p.light.shadowAlpha * 0.36, 0.01);
  }
  p.line([[at[0], at[1], 0.01], [at[0] + sx * z, at[1] + sy * z, 0.01]], [14, 18, 32], 0.3, p.light.shadowAlpha * 0.8);
}

export function drawPalm(p: Painter, at: V2, highM: number, seed: number): void {
  const random = dice(seed);
  const lean = (random() - 0.5) * 0.8;
  const top: V3 = [at[0] + lean, at[1], highM];
  p.line([[at[0], at[1], 0], [at[0] + lean * 0.3, at[1], highM * 0.5], top], lit(hex("#77624c"), p.light.ambient + p.light.diffuse * 0.4), 0.36);
  for (let i = 0; i < 15; i++) {
    const a = (i / 15) * Math.PI * 2 + random() * 0.3;
    const long = 2.1 + random() * 0.8;
    const droop = 0.5 + random() * 1.3;
    const rib: V3[] = Array.from({ length: 5 }, (_, k) => [top[0] + Math.cos(a) * long * (k / 4), top[1] + Math.sin(a) * long * (k / 4), highM + Math.sin((k / 4) * 1.9) * 0.75 - droop * (k / 4) ** 2]);
    p.line(rib, lit(hex(i % 2 ? "#53673a" : "#46592f"), p.light.ambient + p.light.diffuse * (0.4 + random() * 0.3)), 0.24);
  }
}

/** A street lamp with an arm towards `arm`. */
export function drawLampPost(p: Painter, at: V2, highM: number, arm: V2, on: boolean): void {
  const end: V3 = [at[0] + arm[0], at[1] + arm[1], highM];
  p.line([[at[0], at[1], 0], [at[0], at[1], highM - 0.4], end], hex("#4a5057"), 0.14);
  p.line([[end[0] - arm[0] * 0.25, end[1] - arm[1] * 0.25, highM], end], on ? [255, 236, 190] : hex("#cfd3d4"), 0.22);
}

export type SignalState = "red" | "amber" | "green";

/** A traffic signal of three lamps on a pole, its face towards `towards` (a direction on the ground). */
export function drawSignal(p: Painter, at: V2, towards: V2, state: SignalState, highM = 3.4): void {
  p.line([[at[0], at[1], 0], [at[0], at[1], highM]], hex("#3f454b"), 0.14);
  const n = Math.hypot(...towards);
  const side: V2 = [-towards[1] / n, towards[0] / n];
  const box = (w: number, z0: number, z1: number): V3[] => [[at[0] - side[0] * w, at[1] - side[1] * w, z0], [at[0] + side[0] * w, at[1] + side[1] * w, z0], [at[0] + side[0] * w, at[1] + side[1] * w, z1], [at[0] - side[0] * w, at[1] - side[1] * w, z1]];
  p.polygon(box(0.22, highM - 0.1, highM + 1.1), [22, 25, 27]);
  if (!p.sees([at[0], at[1], highM], [towards[0], towards[1], 0])) return;
  const lamps = [["red", highM + 0.9, [255, 62, 48]], ["amber", highM + 0.5, [255, 190, 50]], ["green", highM + 0.1, [70, 240, 150]]] as const;
  for (const [name, z, colour] of lamps) {
    const c = p.camera.project([at[0], at[1], z]);
    if (!c) continue;
    const on = name === state;
    if (on) {
      const g = p.ctx.createRadialGradient(c.x, c.y, 0, c.x, c.y, 0.55 * c.scale);
      g.addColorStop(0, css(colour, 0.7));
      g.addColorStop(1, css(colour, 0));
      p.ctx.fillStyle = g;
      p.ctx.fillRect(c.x - c.scale, c.y - c.scale, 2 * c.scale, 2 * c.scale);
    }
    p.ctx.fillStyle = css(on ? colour : [52, 52, 54]);
    p.ctx.beginPath();
    p.ctx.arc(c.x, c.y, Math.max(1, 0.14 * c.scale), 0, Math.PI * 2);
    p.ctx.fill();
  }
}

/** Zebra bars over the rectangle, bars along x where `along` is "x". */
export function drawZebra(p: Painter, x0: number, y0: number, x1: number, y1: number, along: "x" | "y"): void {
  const paint: Colour = [226, 226, 220];
  if (along === "x") for (let y = y0; y < y1 - 0.2; y += 1.1) p.ground([[x0, y], [x1, y], [x1, y + 0.55], [x0, y + 0.55]], paint, 0.85);
  else for (let x = x0; x < x1 - 0.2; x += 1.1) p.ground([[x, y0], [x + 0.55, y0], [x + 0.55, y1], [x, y1]], paint, 0.85);
}

export function drawDashes(p: Painter, from: V2, to: V2, dashM: number, gapM: number, widthM = 0.14, colour: Colour = [224, 222, 212]): void {
  const long = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const ux = (to[0] - from[0]) / long;
  const uy = (to[1] - from[1]) / long;
  for (let s = 0; s < long; s += dashM + gapM) {
    const e = Math.min(long, s + dashM);
    const n: V2 = [-uy * widthM * 0.5, ux * widthM * 0.5];
    p.ground([[from[0] + ux * s + n[0], from[1] + uy * s + n[1]], [from[0] + ux * e + n[0], from[1] + uy * e + n[1]], [from[0] + ux * e - n[0], from[1] + uy * e - n[1]], [from[0] + ux * s - n[0], from[1] + uy * s - n[1]]], colour, 0.8, 0.005);
  }
}

/** Worn asphalt: stains, patches and a sealed crack or two, so that the street does not look poured this morning. */
export function drawWear(p: Painter, x0: number, y0: number, x1: number, y1: number, seed: number, count = 40): void {
  const random = dice(seed);
  for (let i = 0; i < count; i++) {
    const cx = x0 + random() * (x1 - x0);
    const cy = y0 + random() * (y1 - y0);
    const r = 0.3 + random() * 1.6;
    const dark = random() < 0.62;
    p.ground(Array.from({ length: 10 }, (_, k) => {
      const a = (k / 5) * Math.PI;
      const q = r * (0.7 + random() * 0.5);
      return [cx + Math.cos(a) * q * 0.6, cy + Math.sin(a) * q * 1.5] as const;
    }), dark ? [28, 30, 34] : [150, 150, 148], 0.05 + random() * 0.07);
  }
}

/** Pavement slabs: a grid of thin joints. */
export function drawSlabs(p: Painter, x0: number, y0: number, x1: number, y1: number, everyM: number, colour: Colour = [70, 68, 66]): void {
  for (let x = x0; x <= x1; x += everyM) p.line([[x, y0, 0.01], [x, (y0 + y1) / 2, 0.01], [x, y1, 0.01]], colour, 0.035, 0.22);
  for (let y = y0; y <= y1; y += everyM) p.line([[x0, y, 0.01], [x1, y, 0.01]], colour, 0.035, 0.22);
}

export function drawBollard(p: Painter, at: V2): void {
  p.line([[at[0], at[1], 0], [at[0], at[1], 0.8]], hex("#3c4046"), 0.14);
}

export function drawBench(p: Painter, at: V2, alongX: boolean): void {
  const [dx, dy] = alongX ? [0.85, 0.22] : [0.22, 0.85];
  p.face([[at[0] - dx, at[1] - dy, 0.45], [at[0] + dx, at[1] - dy, 0.45], [at[0] + dx, at[1] + dy, 0.45], [at[0] - dx, at[1] + dy, 0.45]], [0, 0, 1], hex("#7d5b3c"));
  const back: readonly V2[] = alongX ? [[at[0] - dx, at[1] + dy], [at[0] + dx, at[1] + dy]] : [[at[0] + dx, at[1] - dy], [at[0] + dx, at[1] + dy]];
  const [[ax, ay], [bx, by]] = back as readonly [V2, V2];
  p.polygon([[ax, ay, 0.5], [bx, by, 0.5], [bx, by, 0.9], [ax, ay, 0.9]], hex("#6d4f34"));
  for (const [x, y] of [[at[0] - dx, at[1] - dy], [at[0] + dx, at[1] + dy], [at[0] + dx, at[1] - dy], [at[0] - dx, at[1] + dy]] as const) p.line([[x, y, 0], [x, y, 0.45]], hex("#3b3f45"), 0.07);
}

/** Sky with a glow at the horizon, from the top of the picture to the horizon line. */
export function drawSky(p: Painter, top: string, bottom: string, horizonY: number): void {
  const g = p.ctx.createLinearGradient(0, 0, 0, Math.max(1, horizonY));
  g.addColorStop(0, top);
  g.addColorStop(1, bottom);
  p.ctx.fillStyle = g;
  p.ctx.fillRect(0, 0, 768, Math.max(1, horizonY) + 2);
}
