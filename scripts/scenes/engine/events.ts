// The three staged events, as parts that a scene places: smoke from a point, a collision of two vehicles, a theft. The people are figures without
// faces and the stories are invented. All of it is a function of the event's time: see ONSET_S in scene.ts for what must hold after the onset.
import type { V2, V3 } from "./camera.ts";
import { keyed, path, type Motion, type Path } from "./motion.ts";
import type { Painter } from "./painter.ts";
import { drawPerson, someone, type PersonLook } from "./people.ts";
import { once, type Actor, type EventPart } from "./scene.ts";
import { dice } from "./town.ts";
import { drawVehicle, glow, type VehicleLook } from "./vehicles.ts";

const LIFE_S = 8; // divides the cycle

export interface Smoke {
  readonly from: V3;
  /** Drift with the wind, metres a second, and rise. */
  readonly wind: V2;
  readonly riseMps: number;
  readonly sizeM: number;
  /** Flames show at the source. */
  readonly fire: boolean;
  readonly dark?: number;
}

export const smoke = (look: Smoke): Actor => (p, now) => {
  const strength = Math.min(1, now.t / 7);
  p.later([look.from[0], look.from[1] - 0.5, look.from[2]], () => {
    if (look.fire && now.t > 3) flames(p, look, now.t, strength);
    const puffs = 44;
    const drawn: { readonly age: number; readonly key: number }[] = [];
    for (let k = 0; k < puffs; k++) {
      const clock = now.t / LIFE_S + k / puffs;
      const life = Math.floor(clock) % 2;
      const age = clock - Math.floor(clock);
      if (now.t < age * LIFE_S) continue; // not yet born when the event began
      drawn.push({ age, key: k * 2 + life });
    }
    drawn.sort((a, b) => b.age - a.age);
    for (const { age, key } of drawn) puff(p, look, age, key, strength);
  });
};

function puff(p: Painter, look: Smoke, age: number, key: number, strength: number): void {
  const random = dice(key * 7919 + 3);
  const spread = age * look.sizeM * 1.5;
  const at: V3 = [
    look.from[0] + look.wind[0] * age * LIFE_S + (random() - 0.5) * spread * 2,
    look.from[1] + look.wind[1] * age * LIFE_S,
    look.from[2] + look.riseMps * age * LIFE_S * (1 - age * 0.2) + (random() - 0.5) * spread,
  ];
  const c = p.camera.project(at);
  if (!c) return;
  const r = (look.sizeM * (0.35 + age * 1.5) * (0.75 + random() * 0.5)) * c.scale * (0.5 + strength * 0.5);
  const shade = Math.round((look.dark ?? 62) + age * 60 + random() * 24);
  const alpha = 0.72 * strength * Math.min(1, age * 8) * (1 - age) ** 0.8;
  const g = p.ctx.createRadialGradient(c.x, c.y, r * 0.1, c.x, c.y, r);
  g.addColorStop(0, `rgba(${shade},${shade},${shade + 4},${alpha})`);
  g.addColorStop(0.6, `rgba(${shade},${shade},${shade + 4},${alpha * 0.62})`);
  g.addColorStop(1, `rgba(${shade},${shade},${shade + 4},0)`);
  p.ctx.fillStyle = g;
  p.ctx.fillRect(c.x - r, c.y - r, r * 2, r * 2);
}

function flames(p: Painter, look: Smoke, t: number, strength: number): void {
  for (let i = 0; i < 5; i++) {
    const flicker = 0.75 + 0.25 * Math.sin(t * Math.PI * (2 + (i % 3)) + i * 2.1);
    const size = look.sizeM * 0.5 * strength * flicker;
    const at: V3 = [look.from[0] + (i - 2) * look.sizeM * 0.16, look.from[1], look.from[2] + size * 0.5];
    glow(p, at, size * 1.5, "255,120,20", 0.75);
    glow(p, [at[0], at[1], at[2] - size * 0.2], size * 0.7, "255,225,120", 0.9);
  }
}

export interface Wreck {
  readonly look: VehicleLook;
  readonly path: Path;
  readonly motion: Motion;
  /** Extra turn after the impact, degrees, and slide in metres. */
  readonly turnDeg: number;
  readonly slide: V2;
}

/** Two vehicles meet at `impactS` (their motions must bring them there) and stay; hazard lights, drivers out, one on the telephone. */
export function collision(impactS: number, wrecks: readonly [Wreck, Wreck], drivers: readonly (readonly V2[])[], queue: readonly Actor[], without: readonly string[], vapour?: V3): EventPart {
  const cars = wrecks.map(({ look, path: way, motion, turnDeg, slide }): Actor => (p, { t }) => {
    const s = motion(Math.min(t, impactS));
    if (s < 0) return;
    const f = t < impactS ? 0 : 1 - (1 - Math.min(1, (t - impactS) / 0.7)) ** 2;
    const at = way.at(s);
    const heading = at.heading + (turnDeg * Math.PI * f) / 180;
    const hazard = t > impactS + 1.2 && t % 0.8 < 0.4;
    drawVehicle(p, look, { x: at.x + slide[0] * f, y: at.y + slide[1] * f, heading }, { braking: t > impactS - 0.8, hazard, damaged: t >= impactS });
  });
  const people = drivers.map((points, i): Actor => {
    const way = path(points, 1);
    return once(way, keyed([[impactS + 1.9, 0], [Math.min(7.6, impactS + 1.9 + way.lengthM / 1.3), way.lengthM]]), (p, place, s, speedMps) => drawPerson(p, someone(40 + i), place, { walkedM: s, speedMps, phone: i === 0 && speedMps === 0 }));
  });
  const glass: Actor = (p, { t }) => {
    if (t < impactS) return;
    const at = wrecks[0].path.at(wrecks[0].motion(impactS));
    const random = dice(99);
    for (let i = 0; i < 26; i++) {
      const x = at.x + (random() - 0.5) * 4.5;
      const y = at.y + (random() - 0.5) * 4.5;
      p.ground([[x, y], [x + 0.12, y + 0.04], [x + 0.05, y + 0.14]], i % 3 ? [190, 200, 205] : [60, 30, 28], 0.8, 0.01);
    }
  };
  return { actors: [glass, ...cars, ...people, ...queue, ...(vapour ? [smokeAfter(impactS, vapour)] : [])], without };
}

const smokeAfter = (fromS: number, at: V3): Actor => (p, now) => {
  if (now.t > fromS) smoke({ from: at, wind: [0.15, 0.05], riseMps: 0.4, sizeM: 0.4, fire: false, dark: 190 })(p, { ...now, t: now.t - fromS });
};

export interface Theft {
  /** The way of the person with the bag; the theft is at `meetM` along it. */
  readonly victim: readonly V2[];
  readonly meetM: number;
  readonly victimSpeedMps: number;
  /** The thief's way to the place and away from it; the meeting point is put between. */
  readonly thiefFrom: readonly V2[];
  readonly thiefTo: readonly V2[];
  readonly helpers: readonly (readonly V2[])[];
}

const SNATCH_S = 3.2;

export function theft(look: Theft): EventPart {
  const way = path(look.victim, 2);
  const meet = way.at(look.meetM);
  const start = look.meetM - look.victimSpeedMps * SNATCH_S;
  const victimMotion: Motion = keyed([[0, start], [SNATCH_S, look.meetM], [SNATCH_S + 0.8, look.meetM], [SNATCH_S + 2.6, Math.min(way.lengthM, look.meetM + 5)], [7.6, Math.min(way.lengthM, look.meetM + 5)]]);
  const victimLook: PersonLook = { ...someone(3), coat: "#b23a48", legs: "#39405a", bag: "shoulder", bagColour: "#e0c060" };
  const thiefLook: PersonLook = { coat: "#2b2f36", legs: "#3a3f49", hair: "#22252b", tall: 1.76 };
  const victim = once(way, victimMotion, (p, place, s, speedMps, t) =>
    drawPerson(p, victimLook, place, { walkedM: s, speedMps, withoutBag: t >= SNATCH_S, armUp: t > SNATCH_S && t < 7.4 ? Math.min(1, (t - SNATCH_S) * 2) : 0, phone: t >= 7.6 }));
  const near: V2 = [meet.x + 0.35, meet.y - 0.2];
  const to = path([...look.thiefFrom, near], 2);
  const away = path([near, ...look.thiefTo], 2);
  const run = 5.6;
  const approach = once(to, (t) => to.lengthM - (SNATCH_S - t) * 4.2, (p, place, s, speedMps, t) => t < SNATCH_S && drawPerson(p, thiefLook, place, { walkedM: s, speedMps, armUp: t > SNATCH_S - 0.5 ? 0.5 : 0 }), true);
  const flight = once(away, (t) => (t < SNATCH_S ? -1 : (t - SNATCH_S) * run), (p, place, s, speedMps) => drawPerson(p, { ...thiefLook, bag: "hand", bagColour: "#e0c060" }, place, { walkedM: s, speedMps: Math.max(4.5, speedMps) }), true);
  const helpers = look.helpers.map((points, i) => {
    const line = path(points, 1);
    return once(line, keyed([[SNATCH_S + 0.9, 0], [Math.min(7.7, SNATCH_S + 0.9 + line.lengthM / 1.7), line.lengthM]]), (p, place, s, speedMps, t) => drawPerson(p, someone(60 + i * 5), place, { walkedM: s, speedMps, armUp: i === 0 && t > 7.7 && t % 8 > 6.4 ? 0.5 : 0 }));
  });
  return { actors: [victim, approach, flight, ...helpers] };
}

/** People who come and look. */
export const onlookers = (ways: readonly (readonly V2[])[], phoneFirst = true): Actor[] =>
  ways.map((points, i) => {
    const line = path(points, 1);
    return once(line, keyed([[2.2 + i * 0.5, 0], [Math.min(7.8, 2.2 + i * 0.5 + line.lengthM / 1.5), line.lengthM]]), (p, place, s, speedMps) => drawPerson(p, someone(80 + i * 3), place, { walkedM: s, speedMps, phone: phoneFirst && i === 0 && speedMps === 0 }));
  });
