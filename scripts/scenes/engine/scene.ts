// What a scene is, and the drawing of one picture of it. Everything in a normal loop repeats every CYCLE_S (signals, traffic, walkers), and looks
// alternate from cycle to cycle, so that the loop lasts two cycles. An event clip is an onset of ONSET_S and then one cycle that repeats: after the onset
// all that belongs to the event either stands or repeats with the cycle.
import type { CameraPose, V2 } from "./camera.ts";
import { WIDTH, HEIGHT, Camera } from "./camera.ts";
import { speedOf, type Motion, type Path, type Place } from "./motion.ts";
import { Painter, type Context, type Light } from "./painter.ts";
import { drawPerson, type PersonLook, type PersonState } from "./people.ts";
import { drawCycle, drawVehicle, type VehicleLook, type VehicleState } from "./vehicles.ts";

export const CYCLE_S = 16;
export const LOOP_S = 32;
export const ONSET_S = 8;
export const FRAME_S = 0.08;
const STILL_ROWS = 18;
const FADE_END_ROWS = 64;
export const EVENT_KINDS = ["smoke", "collision", "theft"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface Moment {
  /** Seconds; 0..32 in a loop, 0..24 in an event. */
  readonly t: number;
  readonly event: EventKind | null;
  /** Whether clothes and cars change from cycle to cycle; not where the clip repeats after one. */
  readonly alternates: boolean;
}
export type Actor = (p: Painter, now: Moment) => void;

export interface EventPart {
  readonly actors: readonly Actor[];
  /** Lanes whose ordinary traffic is absent. */
  readonly without?: readonly string[];
}

export interface Scene {
  readonly name: string;
  readonly camera: CameraPose;
  /** How long the normal loop lasts: LOOP_S where absent, or one cycle, in which looks do not alternate. */
  readonly loopS?: typeof CYCLE_S;
  readonly light: Light;
  /** What stands and hides nobody; painted once. */
  backdrop(p: Painter): void;
  /** What stands and may hide somebody: put into the depth order of every picture. */
  standing(p: Painter, now: Moment): void;
  readonly actors: readonly { readonly lane: string; readonly act: Actor }[];
  readonly events: Partial<Record<EventKind, EventPart>>;
  /** Over everything: tint, vignette. */
  finish?(ctx: Context): void;
}

export class SceneRenderer {
  readonly #scene: Scene;
  readonly #painter: Painter;
  readonly #backdrop: OffscreenCanvas;
  readonly canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  readonly #ctx: Context;
  readonly #top: OffscreenCanvas;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#backdrop = new OffscreenCanvas(WIDTH, HEIGHT);
    const back = this.#backdrop.getContext("2d")!;
    this.#painter = new Painter(back, new Camera(scene.camera), scene.light);
    scene.backdrop(this.#painter);
    this.#painter.drawLater();
    this.#ctx = this.canvas.getContext("2d", { willReadFrequently: true })!;
    this.#painter.ctx = this.#ctx;
    this.#top = this.#drawTop();
  }

  draw(t: number, event: EventKind | null): void {
    const now: Moment = { t, event, alternates: event === null && this.#scene.loopS === undefined };
    const { actors, events } = this.#scene;
    this.#ctx.drawImage(this.#backdrop, 0, 0);
    const happening = event === null ? undefined : events[event];
    for (const { lane, act } of actors) if (!happening?.without?.includes(lane)) act(this.#painter, now);
    for (const act of happening?.actors ?? []) act(this.#painter, now);
    this.#scene.standing(this.#painter, now);
    this.#painter.drawLater();
    this.#scene.finish?.(this.#ctx);
    this.#ctx.drawImage(this.#top, 0, 0);
  }

  /**
   * What stands, to be laid over the uppermost rows, which therefore never change: the row of macroblocks above them is replaced at run time, and no
   * motion vector may reach into it. Faded out below, so that smoke thins rather than ends at a line.
   */
  #drawTop(): OffscreenCanvas {
    this.#ctx.drawImage(this.#backdrop, 0, 0);
    this.#scene.standing(this.#painter, { t: 0, event: null, alternates: false });
    this.#painter.drawLater();
    this.#scene.finish?.(this.#ctx);
    const top = new OffscreenCanvas(WIDTH, FADE_END_ROWS);
    const ctx = top.getContext("2d")!;
    ctx.drawImage(this.canvas, 0, 0);
    const fade = ctx.createLinearGradient(0, STILL_ROWS, 0, FADE_END_ROWS);
    fade.addColorStop(0, "rgba(0,0,0,1)");
    fade.addColorStop(1, "rgba(0,0,0,0)");
    ctx.globalCompositeOperation = "destination-in";
    ctx.fillStyle = fade;
    ctx.fillRect(0, 0, WIDTH, FADE_END_ROWS);
    return top;
  }
}

/** Calls `draw` for each pass of a repeating actor that is on its path now. */
function eachPass(now: Moment, path: Path, motion: Motion, draw: (place: Place, s: number, time: number, turn: 0 | 1) => void): void {
  const cycle = Math.floor(now.t / CYCLE_S);
  const inCycle = now.t - cycle * CYCLE_S;
  for (let k = 0; k < 6; k++) {
    const time = inCycle + k * CYCLE_S;
    const s = motion(time);
    if (s < 0 || s > path.lengthM) continue;
    draw(path.at(s), s, time, now.alternates ? ((((cycle - k) % 2) + 2) % 2 as 0 | 1) : 0);
  }
}

export const vehicle = (looks: VehicleLook | readonly [VehicleLook, VehicleLook], path: Path, motion: Motion): Actor => (p, now) =>
  eachPass(now, path, motion, (place, _s, time, turn) => {
    const speed = speedOf(motion, time);
    const braking = speed < 0.4 || speed < speedOf(motion, time - 0.2) - 0.12;
    drawVehicle(p, Array.isArray(looks) ? looks[turn] : (looks as VehicleLook), place, { braking });
  });

export const walker = (looks: PersonLook | readonly [PersonLook, PersonLook], path: Path, motion: Motion, state: Partial<PersonState> = {}): Actor => (p, now) =>
  eachPass(now, path, motion, (place, s, time, turn) => drawPerson(p, Array.isArray(looks) ? looks[turn] : (looks as PersonLook), place, { walkedM: s, speedMps: speedOf(motion, time), ...state }));

export const cyclist = (look: Parameters<typeof drawCycle>[1], path: Path, motion: Motion): Actor => (p, now) => eachPass(now, path, motion, (place, s) => drawCycle(p, look, place, s));

/** Somebody who stands and shifts a little. */
export const stander = (look: PersonLook, at: V2, headingDeg: number, state: Partial<PersonState> = {}): Actor => (p, now) => {
  const shift = Math.sin(((now.t + at[0] * 3) / 8) * Math.PI * 2) > 0.6 ? 0.05 : 0;
  drawPerson(p, look, { x: at[0] + shift, y: at[1], heading: (headingDeg * Math.PI) / 180 }, { walkedM: 0, speedMps: 0, ...state });
};

export const parked = (look: VehicleLook, x: number, y: number, headingDeg: number, state: VehicleState = {}): Actor => (p) => drawVehicle(p, look, { x, y, heading: (headingDeg * Math.PI) / 180 }, { parked: true, ...state });

/** An event's actor: once along its path, then it stays (or is gone, where `gone`). Its time is the event's. */
export const once = (path: Path, motion: Motion, draw: (p: Painter, place: Place, s: number, speedMps: number, t: number) => void, gone = false): Actor => (p, now) => {
  const s = motion(now.t);
  if (s < 0 || (gone && s >= path.lengthM)) return;
  const moving = s < path.lengthM && s > 0;
  draw(p, path.at(s), s, moving ? Math.max(0, speedOf(motion, now.t)) : 0, now.t);
};

/** A vehicle of an event that comes and then stays; `motion` in the event's time. */
export const arrival = (look: VehicleLook, line: Path, motion: Motion, hazardAfterS = Infinity): Actor =>
  once(line, motion, (p, place, _s, speed, t) => drawVehicle(p, look, place, { braking: speed < 0.3 || speed < speedOf(motion, t - 0.2) - 0.1, hazard: t > hazardAfterS && t % 0.8 < 0.4 }));
