// A roundabout with a planted island, four arms. Every vehicle has its slot on the ring: the ring turns as a whole, one lap in half a cycle, so two
// vehicles can never meet, whatever their arms.
import type { V2, V3 } from "../engine/camera.ts";
import { hex } from "../engine/colour.ts";
import { collision, onlookers, smoke } from "../engine/events.ts";
import { arc, cruise, path, stopAndGo } from "../engine/motion.ts";
import type { Painter } from "../engine/painter.ts";
import { someone } from "../engine/people.ts";
import { arrival, cyclist, vehicle, walker, type Actor, type Scene } from "../engine/scene.ts";
import { drawDashes, drawFacade, drawHouse, drawLampPost, drawSky, drawSlabs, drawTree, drawWear, drawZebra, treeShadow } from "../engine/town.ts";
import type { VehicleLook } from "../engine/vehicles.ts";

const CENTRE: V2 = [0, 21];
const RING_M = 10.8;
const LAP_S = 8;
const SPEED = (2 * Math.PI * RING_M) / LAP_S;
const circle = (r: number, z = 0, at: V2 = CENTRE): V3[] => Array.from({ length: 48 }, (_, i) => [at[0] + Math.cos((i / 24) * Math.PI) * r, at[1] + Math.sin((i / 24) * Math.PI) * r, z]);

/** Arms by the direction they lie in, degrees from +x. */
const ARMS = { east: 0, north: 90, west: 180, south: 270 } as const;
type Arm = keyof typeof ARMS;

function through(from: Arm, to: Arm, lapSlot: number): { readonly line: ReturnType<typeof path>; readonly enterS: number } {
  const rad = (deg: number): number => (deg * Math.PI) / 180;
  const outer = (arm: Arm, side: number, r: number): V2 => {
    const a = rad(ARMS[arm]);
    return [CENTRE[0] + Math.cos(a) * r - Math.sin(a) * side, CENTRE[1] + Math.sin(a) * r + Math.cos(a) * side];
  };
  const a0 = ARMS[from] + 26;
  let a1 = ARMS[to] - 26;
  while (a1 <= a0) a1 += 360;
  const ring = arc(CENTRE, RING_M, a0, a1, Math.max(3, Math.round((a1 - a0) / 18)));
  const line = path([outer(from, 2.2, 75), outer(from, 2.2, 17.5), ...ring, outer(to, -2.2, 17.5), outer(to, -2.2, 75)], 2);
  let s = 0;
  let best = Infinity;
  const goal: V2 = ring[1]!;
  for (let d = 0; d < line.lengthM; d += 0.25) {
    const at = line.at(d);
    const off = Math.hypot(at.x - goal[0], at.y - goal[1]);
    if (off < best) [best, s] = [off, d];
  }
  const angle = a0 + (a1 - a0) / Math.max(3, Math.round((a1 - a0) / 18));
  return { line, enterS: ((angle - lapSlot) / 360) * LAP_S - s / SPEED };
}

function ringCar(looks: VehicleLook | readonly [VehicleLook, VehicleLook], from: Arm, to: Arm, slotDeg: number, lap: 0 | 1): Actor {
  const { line, enterS } = through(from, to, slotDeg);
  const enter = enterS + lap * LAP_S;
  return vehicle(looks, line, cruise(SPEED, enter - Math.floor(enter / 16) * 16));
}

function backdrop(p: Painter): void {
  drawSky(p, "#8fb4d6", "#efe9dc", 150);
  p.groundStrips(-110, 110, -14, 150, hex("#8c9a62"), 10);
  p.groundStrips(-9, 9, -14, 150, hex("#b6b0a4"), 10);
  p.groundStrips(-110, 110, 12, 30, hex("#b6b0a4"), 6);
  p.polygon(circle(20), hex("#b6b0a4"));
  const asphalt = hex("#575a5f");
  p.groundStrips(-4.6, 4.6, -14, 150, asphalt, 8);
  p.groundStrips(-110, 110, 16.4, 25.6, asphalt, 5);
  p.polygon(circle(15.6), asphalt);
  drawWear(p, -14, 7, 14, 35, 12, 60);
  drawSlabs(p, -9, -8, -4.8, 6, 1.2);
  drawSlabs(p, 4.8, -8, 9, 6, 1.2);
  for (const s of [-1, 1]) {
    drawDashes(p, [0, CENTRE[1] + s * 17], [0, CENTRE[1] + s * 70], 3, 2.5, 0.14, [226, 190, 70]);
    drawDashes(p, [s * 17, 21], [s * 90, 21], 3, 2.5, 0.14, [226, 190, 70]);
  }
  drawZebra(p, -4.4, 0.4, 4.5, 3.2, "y");
  drawZebra(p, -22, 16.6, -19.2, 25.6, "x");
  drawZebra(p, 19.2, 16.6, 22, 25.6, "x");
  p.line([...circle(15.7, 0.05), circle(15.7, 0.05)[0]!], hex("#d7d4ca"), 0.2, 0.6);
  p.polygon(circle(7.2, 0.02), hex("#cfcabd"));
  p.polygon(circle(6.8, 0.18), hex("#6f8a45"));
  p.polygon(circle(4.2, 0.2), hex("#7d9650"));
  for (const [r, n, colour] of [[5.8, 26, "#c8544a"], [3.4, 16, "#e2c14f"]] as const) for (let i = 0; i < n; i++) p.polygon(circle(0.3, 0.35, [CENTRE[0] + Math.cos((i / n) * 2 * Math.PI) * r, CENTRE[1] + Math.sin((i / n) * 2 * Math.PI) * r]), hex(colour));
  for (const t of TREES) treeShadow(p, t.at, t.look);
  drawFacade(p, [-60, 152], [60, 152], { wall: "#bfc2c0", floors: 6, seed: 3, bayM: 4 });
  for (const [x0, x1, y0, y1, floors, wall, seed] of [[10, 32, 96, 130, 4, "#c9bba0", 1], [-34, -10, 92, 130, 5, "#b5b0a6", 2], [12, 36, 66, 90, 3, "#d7cdb8", 3], [-38, -12, 60, 88, 4, "#c4ab8f", 4], [-40, -14, 38, 56, 3, "#d8c9aa", 5], [14, 40, 40, 60, 4, "#b7bdbb", 6], [44, 70, 34, 50, 3, "#c9b49a", 7], [-76, -46, 34, 54, 4, "#b3aca2", 8]] as const) drawHouse(p, x0, y0, x1, y1, { wall, floors, seed, shops: seed % 2 ? ["#7c4a3a", "#3d6070", "#5c6f3d"] : ["#355a7a", "#93423a"], balconies: seed % 3 === 0 });
}

const TREES = ([[-17, 37, 7.4, 2.5], [-26, 33, 6.6, 2.2], [17, 38, 7.2, 2.4], [28, 33, 6.8, 2.3], [-11.5, 60, 7.6, 2.5], [11.5, 56, 7, 2.4], [-16.5, 2, 7, 2.4], [17, 6, 6.6, 2.3], [38, 31, 7, 2.2], [-40, 32, 7, 2.3]] as const).map(([x, y, highM, crownM], i) => ({ at: [x, y] as const, look: { highM, crownM, colour: i % 2 ? "#64813f" : "#5a773b", seed: 10 + i } }));

function standing(p: Painter): void {
  for (const t of TREES) p.later([t.at[0], t.at[1], 1], () => drawTree(p, t.at, t.look));
  p.later([0, 21, 1], () => monument(p));
  for (const [x, y, ax, ay] of [[-10, 7, 2, 1.4], [12, 35, -2, -1], [-13, 34, 2, -1], [13, 8, -2, 1]] as const) p.later([x, y, 1], () => drawLampPost(p, [x, y], 7.6, [ax, ay], false));
}

function monument(p: Painter): void {
  const block = (half: number, z0: number, z1: number, colour: string): void => {
    const [x, y] = CENTRE;
    p.face([[x - half, y - half, z0], [x + half, y - half, z0], [x + half, y - half, z1], [x - half, y - half, z1]], [0, -1, 0], hex(colour));
    p.face([[x - half, y + half, z0], [x - half, y - half, z0], [x - half, y - half, z1], [x - half, y + half, z1]], [-1, 0, 0], hex(colour));
    p.face([[x + half, y - half, z0], [x + half, y + half, z0], [x + half, y + half, z1], [x + half, y - half, z1]], [1, 0, 0], hex(colour));
    p.face([[x - half, y - half, z1], [x + half, y - half, z1], [x + half, y + half, z1], [x - half, y + half, z1]], [0, 0, 1], hex(colour));
  };
  block(1.7, 0.2, 0.7, "#cfc8b8");
  block(1.1, 0.7, 1.5, "#d8d2c3");
  block(0.55, 1.5, 5.6, "#dcd7c9");
  block(0.75, 5.6, 6, "#cfc8b8");
}

const hit = through("south", "north", 0).line;
const hitS = 75 - 17.5 + 9;
const fromWest = through("west", "east", 0).line;
const hitPlace = hit.at(hitS);
let westS = 0;
for (let d = 0, best = Infinity; d < fromWest.lengthM; d += 0.25) {
  const at = fromWest.at(d);
  const off = Math.hypot(at.x - hitPlace.x, at.y - hitPlace.y);
  if (off < best) [best, westS] = [off, d];
}

export const roundabout: Scene = {
  name: "roundabout",
  camera: { x: -9.5, y: -9.5, heightM: 8, yawDeg: 17, tiltDeg: 14, horizontalFovDeg: 66 },
  light: { shadowPerMetre: [0.8, 0.3], shadowAlpha: 0.34, ambient: 0.68, diffuse: 0.5, haze: hex("#e3e6e0"), hazeHalfM: 160, lamps: false },
  backdrop, standing,
  actors: [
    { lane: "ring", act: ringCar([{ kind: "sedan", colour: "#8f2f2c" }, { kind: "hatch", colour: "#d9dad6" }], "south", "north", 0, 0) },
    { lane: "ring", act: ringCar([{ kind: "hatch", colour: "#33557e" }, { kind: "taxi", colour: "#ece9df", band: "#e4b93a" }], "north", "south", 0, 0) },
    { lane: "ring", act: ringCar([{ kind: "van", colour: "#e5e5e0" }, { kind: "pickup", colour: "#4a5b4c" }], "west", "east", 90, 1) },
    { lane: "ring", act: ringCar([{ kind: "taxi", colour: "#ece9df", band: "#e4b93a" }, { kind: "sedan", colour: "#272c33" }], "east", "south", 180, 0) },
    { lane: "ring", act: ringCar([{ kind: "hatch", colour: "#c7a443" }, { kind: "sedan", colour: "#7d878d" }], "south", "west", 270, 1) },
    { lane: "ring", act: ringCar([{ kind: "bus", colour: "#2e6da4", band: "#f0ede2" }, { kind: "lorry", colour: "#d3ccbc" }], "east", "west", 90, 0) },
    { lane: "ring", act: cyclist({ motor: false, frame: "#b3452f", coat: "#3a6a55", helmet: "#e8e8e4" }, path([[6.6, -14], [6.6, 4], [17.5, 12]], 2), cruise(4.4, 4)) },
    ...[
      walker([someone(3), someone(16)], path([[-30, 14], [-16, 12.6], [-7.4, 4.2], [-6.6, -12]], 2), cruise(1.35, 0)),
      walker([someone(7), someone(9)], path([[6.8, -10], [7, 2], [13, 9], [30, 13.8]], 2), cruise(1.3, 5)),
      walker([someone(12), someone(18)], path([[-6.5, 2], [6.4, 1.7], [7.4, -10]], 1), cruise(1.45, 11)),
      walker([someone(24), someone(30)], path([[26, 29], [14, 33], [7, 44], [7, 90]], 2), cruise(1.3, 1)),
    ].map((act) => ({ lane: "people", act })),
  ],
  events: {
    collision: collision(3.2, [
      { look: { kind: "hatch", colour: "#33557e" }, path: hit, motion: cruise(7, 3.2 - hitS / 7), turnDeg: -26, slide: [1.5, 1.5] },
      { look: { kind: "sedan", colour: "#d3d5d2" }, path: fromWest, motion: cruise(6.5, 3.2 - (westS - 3) / 6.5), turnDeg: 24, slide: [1.6, -0.2] },
    ], [[[1.5, 11], [0.6, 8.4]], [[9.5, 13.5], [11, 11.4]]], [
      arrival({ kind: "taxi", colour: "#ece9df", band: "#e4b93a" }, fromWest, stopAndGo(8, -1.4, westS - 12, Infinity, 2.6)),
      arrival({ kind: "hatch", colour: "#c7a443" }, through("east", "west", 0).line, stopAndGo(8, -4, 58, Infinity, 2.4)),
    ], ["ring"], [6.5, 14, 0.9]),
    smoke: { actors: [smoke({ from: [-14.2, 38.4, 2.6], wind: [0.9, -0.2], riseMps: 0.75, sizeM: 1.6, fire: true }), ...onlookers([[[-17, 12], [-13, 12.4]], [[-12, 40], [-12, 36]], [[8, 36], [-8, 38]]])] },
  },
};
