// People as simple figures that stand upright towards the camera: no faces, nothing that could be anybody. Legs swing with the distance walked, so
// that feet do not slide.
import type { V3 } from "./camera.ts";
import { css, hex, lit, type Colour } from "./colour.ts";
import type { Place } from "./motion.ts";
import type { Painter } from "./painter.ts";

export interface PersonLook {
  readonly coat: string;
  readonly legs: string;
  readonly hair: string;
  readonly skin?: string;
  /** Metres, 1.7 where absent. */
  readonly tall?: number;
  readonly bag?: "hand" | "shoulder" | "back" | "none";
  readonly bagColour?: string;
  readonly skirt?: boolean;
  /** White school smock with a blue bow, as pupils in Uruguay wear. */
  readonly smock?: boolean;
  /** High-visibility vest. */
  readonly vest?: boolean;
}

export interface PersonState {
  /** Distance walked, metres: sets the step. */
  readonly walkedM: number;
  readonly speedMps: number;
  /** An arm up: 0 no, 1 fully; `paddle` holds a stop disc. */
  readonly armUp?: number;
  readonly paddle?: boolean;
  readonly withoutBag?: boolean;
  readonly phone?: boolean;
}

const SKIN = "#c99b7c";

export function drawPerson(p: Painter, look: PersonLook, place: Place, state: PersonState): void {
  const tall = look.tall ?? 1.7;
  p.shadow([[place.x - 0.16, place.y - 0.12], [place.x + 0.16, place.y - 0.12], [place.x + 0.16, place.y + 0.12], [place.x - 0.16, place.y + 0.12]], tall * 0.95, p.light.shadowAlpha * 0.85);
  p.later([place.x, place.y, 0.8], () => {
    const foot = p.camera.project([place.x, place.y, 0]);
    const top = p.camera.project([place.x, place.y, tall]);
    if (!foot || !top) return;
    figure(p, look, place, state, foot, (foot.y - top.y) / tall, foot.scale);
  });
}

/** `up` and `across`: pixels a metre along the body and sideways. */
function figure(p: Painter, look: PersonLook, place: Place, state: PersonState, foot: { x: number; y: number; depth: number }, up: number, across: number): void {
  const ctx = p.ctx;
  const tall = look.tall ?? 1.7;
  const size = tall / 1.7;
  const moving = Math.min(1, state.speedMps / 0.8);
  const running = Math.max(0, Math.min(1, (state.speedMps - 2.2) / 2));
  const stride = (0.3 + running * 0.24) * moving * size;
  const phase = (state.walkedM / (1.35 * size + running * 0.9)) * Math.PI * 2;
  const ahead: V3 = [place.x + Math.cos(place.heading) * 0.5, place.y + Math.sin(place.heading) * 0.5, 0];
  const to = p.camera.project(ahead);
  const sideways = to ? (to.x - foot.x) / (0.5 * across) : 0; // share of the stride that shows sideways
  const alongView = to ? (foot.y - to.y) / (0.5 * across) : 0;
  const shade = (colour: Colour, light = 1): string => css(p.hazed(lit(colour, light * Math.min(1.05, p.light.ambient + p.light.diffuse * 0.6)), foot.depth));
  const X = (m: number): number => foot.x + m * across;
  const Y = (m: number): number => foot.y - m * up;
  const bob = Math.abs(Math.sin(phase)) * 0.03 * moving;
  const lean = sideways * running * 0.16;
  const hip = 0.86 * size + bob;
  const shoulder = 1.4 * size + bob;
  const limb = (points: readonly (readonly [number, number])[], width: number, style: string): void => {
    ctx.strokeStyle = style;
    ctx.lineWidth = Math.max(1, width * across * size);
    ctx.lineCap = "round";
    ctx.lineJoin = "round";
    ctx.beginPath();
    for (const [x, y] of points) ctx.lineTo(X(x), Y(y));
    ctx.stroke();
    ctx.lineCap = "butt";
  };
  const legs = hex(look.smock ? "#39445a" : look.legs);
  const coat = hex(look.smock ? "#f1f2f0" : look.coat);
  const leg = (sign: 1 | -1): void => {
    const swing = Math.sin(phase) * sign * stride;
    const lift = Math.max(0, Math.cos(phase) * sign) * (0.08 + running * 0.2) * moving;
    const x = swing * sideways + sign * 0.08 * (1 - Math.abs(sideways) * 0.6) * size;
    const y = swing * alongView * 0.5;
    const knee = hip * 0.52 + lift * 0.6;
    limb([[sign * 0.06 * size + lean * 0.3, hip], [x * 0.5 + sideways * lift * 0.8, knee], [x - sideways * lift * 0.9, Math.max(0.03, 0.04 + lift + y)]], 0.15, shade(legs, sign > 0 ? 1 : 0.8));
  };
  const arm = (sign: 1 | -1): void => {
    const swing = -Math.sin(phase) * sign * stride * 0.8;
    const raised = sign > 0 ? (state.armUp ?? 0) : 0;
    const elbow = 0.28 * size;
    const base = sign * (0.2 - 0.06 * Math.abs(sideways)) * size;
    const hand: readonly [number, number] = raised > 0 ? [base + 0.3 * size, shoulder - elbow + raised * 0.75 * size] : [base + swing * sideways + sign * 0.03, shoulder - 0.58 * size + running * 0.22];
    const mid: readonly [number, number] = raised > 0 ? [base + 0.26 * size, shoulder - 0.2 * size + raised * 0.2] : [base + swing * sideways * 0.4 + sign * 0.05 - lean, shoulder - elbow];
    limb([[base * 0.86 + lean, shoulder - 0.05], mid, hand], 0.11, shade(coat, sign > 0 ? 0.92 : 0.76));
    if (raised > 0 && state.paddle) {
      limb([hand, [hand[0] + 0.02, hand[1] + 0.4]], 0.04, shade([90, 80, 70]));
      disc(ctx, X(hand[0] + 0.02), Y(hand[1] + 0.52), 0.2 * across, shade([208, 32, 38]));
      disc(ctx, X(hand[0] + 0.02), Y(hand[1] + 0.52), 0.1 * across, shade([245, 245, 245]));
    }
    if (sign > 0 && look.bag === "hand" && !state.withoutBag) {
      ctx.fillStyle = shade(hex(look.bagColour ?? "#7a3b2e"));
      ctx.fillRect(X(hand[0] - 0.14), Y(hand[1] - 0.02), 0.28 * across, 0.3 * up);
    }
  };
  leg(-1);
  arm(-1);
  leg(1);
  limb([[0, hip + 0.02], [lean, shoulder - 0.08 * size]], 0.36 - 0.06 * Math.abs(sideways), shade(coat));
  if (look.skirt || look.smock) {
    ctx.fillStyle = shade(look.smock ? coat : legs);
    ctx.beginPath();
    ctx.moveTo(X(-0.17 * size), Y(hip + 0.12));
    ctx.lineTo(X(0.17 * size), Y(hip + 0.12));
    ctx.lineTo(X(0.23 * size), Y(hip - 0.3 * size));
    ctx.lineTo(X(-0.23 * size), Y(hip - 0.3 * size));
    ctx.fill();
  }
  if (look.vest) {
    limb([[0, hip + 0.14], [lean, shoulder - 0.08]], 0.36, shade([206, 235, 60]));
    limb([[-0.15, hip + 0.28], [0.15, hip + 0.28]], 0.06, shade([235, 238, 236]));
  }
  if (look.bag === "back") {
    ctx.fillStyle = shade(hex(look.bagColour ?? "#3a5a8c"), 0.95);
    const bx = sideways !== 0 ? -Math.sign(sideways) * 0.2 * Math.abs(sideways) : 0;
    if (alongView > -0.25) ctx.fillRect(X(bx - 0.15 * size), Y(shoulder - 0.04), 0.3 * size * across, 0.42 * size * up);
  }
  arm(1);
  if (look.bag === "shoulder" && !state.withoutBag) {
    limb([[-0.14, shoulder - 0.04], [0.17, hip + 0.02]], 0.035, shade(hex(look.bagColour ?? "#7a3b2e"), 0.8));
    ctx.fillStyle = shade(hex(look.bagColour ?? "#7a3b2e"));
    ctx.fillRect(X(0.08), Y(hip + 0.14), 0.26 * across, 0.28 * up);
  }
  if (look.smock) disc(ctx, X(lean), Y(shoulder - 0.1 * size), 0.06 * across, shade([36, 70, 150]));
  const headY = Y(shoulder + 0.2 * size);
  disc(ctx, X(lean * 1.3), headY, 0.125 * size * across, shade(hex(look.skin ?? SKIN)));
  ctx.fillStyle = shade(hex(look.hair));
  ctx.beginPath();
  ctx.arc(X(lean * 1.3) - sideways * 0.02 * across, headY - 0.02 * up, 0.135 * size * across, Math.PI * (alongView > 0.2 ? 0.8 : 0.98), Math.PI * (alongView > 0.2 ? 2.2 : 2.02));
  ctx.fill();
  if (state.phone) disc(ctx, X(lean + 0.14), headY, 0.05 * across, shade([20, 22, 26]));
}

function disc(ctx: OffscreenCanvasRenderingContext2D, x: number, y: number, r: number, style: string): void {
  ctx.fillStyle = style;
  ctx.beginPath();
  ctx.arc(x, y, Math.max(0.7, r), 0, Math.PI * 2);
  ctx.fill();
}

const COATS = ["#3d4a63", "#7b3f3a", "#45604a", "#8a7a55", "#52525c", "#a8a49a", "#2f5e73", "#6d4c68", "#b86b3d", "#c9c4b4", "#28303c", "#8f2f3d"];
const LEGS = ["#2c3340", "#3b4252", "#4a4038", "#232529", "#566074", "#6b6253"];
const HAIR = ["#2a1d16", "#191513", "#4b3423", "#6e4f30", "#8a8680", "#1f1a1a"];
const SKINS = ["#c99b7c", "#b58463", "#d8ae90", "#8f6244"];

/** A look out of a number: the same number, the same clothes. */
export function someone(n: number): PersonLook {
  const k = Math.imul(n + 17, 2654435761) >>> 0;
  const bags = ["none", "shoulder", "none", "back", "hand", "none"] as const;
  return {
    coat: COATS[k % COATS.length]!, legs: LEGS[(k >>> 5) % LEGS.length]!, hair: HAIR[(k >>> 9) % HAIR.length]!, skin: SKINS[(k >>> 13) % SKINS.length]!,
    tall: 1.6 + ((k >>> 17) % 10) * 0.024, bag: bags[(k >>> 21) % bags.length]!, bagColour: COATS[(k >>> 11) % COATS.length]!, skirt: (k >>> 25) % 5 === 0,
  };
}
