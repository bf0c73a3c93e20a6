// A junction with signals in an old quarter, seen from a corner pole. The main street runs across (x), the side street away (y).
import { hex } from "../engine/colour.ts";
import { collision, onlookers, smoke, theft } from "../engine/events.ts";
import { arc, cruise, keyed, path, stopAndGo } from "../engine/motion.ts";
import type { Painter } from "../engine/painter.ts";
import { someone } from "../engine/people.ts";
import { arrival, cyclist, parked, stander, vehicle, walker, type Actor, type Scene } from "../engine/scene.ts";
import { drawDashes, drawFacade, drawHouse, drawLampPost, drawSignal, drawSky, drawSlabs, drawTree, drawWear, drawZebra, houseShadow, treeShadow, type SignalState } from "../engine/town.ts";
import type { VehicleLook } from "../engine/vehicles.ts";

const ACROSS_TREES = [[-7.4, 17, 7.4, 2.3], [-7.4, 30, 8, 2.6], [7.3, 21, 7, 2.2], [7.3, 36, 8, 2.7], [16, 7.4, 6.6, 2.1], [27, 7.4, 7.4, 2.4]] as const;

const state = (t: number, main: boolean): SignalState => {
  const c = t % 16;
  if (main) return c < 7 ? "green" : c < 8 ? "amber" : "red";
  return c >= 8.6 && c < 14.2 ? "green" : c >= 14.2 && c < 15.2 ? "amber" : "red";
};

function ground(p: Painter): void {
  p.groundStrips(-90, 90, -16, 120, hex("#b3aea3"), 8);
  const asphalt = hex("#55585d");
  p.groundStrips(-90, 90, -5, 5, asphalt, 5);
  p.groundStrips(-4.5, 4.5, -20, 120, asphalt, 8);
  drawWear(p, -40, -5, 40, 5, 3, 70);
  drawWear(p, -4.5, -14, 4.5, 60, 4, 60);
  for (const [x0, y0, x1, y1] of [[-40, 5, -4.5, 8.6], [4.5, 5, 60, 8.6], [4.5, -8.6, 60, -5], [-40, -8.6, -4.5, -5]] as const) drawSlabs(p, x0, y0, x1, y1, 1.2);
  for (const [x0, x1] of [[-8.6, -4.5], [4.5, 8.6]] as const) drawSlabs(p, x0, 8.6, x1, 50, 1.2);
  const kerb = hex("#c9c6bd");
  for (const x of [-4.5, 4.5]) {
    p.line([[x, 5.2, 0.1], [x, 25, 0.1], [x, 110, 0.1]], kerb, 0.22);
    p.line([[x, -5.2, 0.1], [x, -16, 0.1]], kerb, 0.22);
  }
  for (const y of [-5, 5]) {
    p.line([[-4.7, y, 0.1], [-20, y, 0.1], [-80, y, 0.1]], kerb, 0.22);
    p.line([[4.7, y, 0.1], [20, y, 0.1], [80, y, 0.1]], kerb, 0.22);
  }
  drawDashes(p, [-80, 0], [-8.8, 0], 3, 2.4, 0.14, [226, 190, 70]);
  drawDashes(p, [8.8, 0], [80, 0], 3, 2.4, 0.14, [226, 190, 70]);
  drawDashes(p, [0, 9], [0, 100], 3, 2.4, 0.14, [226, 190, 70]);
  drawDashes(p, [0, -30], [0, -9], 3, 2.4, 0.14, [226, 190, 70]);
  drawZebra(p, -7.9, -4.8, -5, 4.9, "x");
  drawZebra(p, 5, -4.8, 7.9, 4.9, "x");
  drawZebra(p, -4.3, 5.4, 4.4, 8.2, "y");
  drawZebra(p, -4.3, -8.2, 4.4, -5.4, "y");
  for (const [a, b] of [[[-8.5, -4.8], [-8.5, -0.2]], [[8.5, 0.2], [8.5, 4.8]], [[0.2, -8.8], [4.3, -8.8]], [[-4.3, 8.8], [-0.2, 8.8]]] as const) p.line([[a[0], a[1], 0.01], [b[0], b[1], 0.01]], [228, 228, 222], 0.35, 0.85);
}

const FAR = { wall: "#c7b08a", floors: 4, shops: ["#8c2f39", "#2f5d50", "#35507c"], balconies: true, seed: 11 } as const;

function backdrop(p: Painter): void {
  drawSky(p, "#9cc0de", "#e6e9e4", 170);
  ground(p);
  for (const [x0, y0, x1, y1, h] of [[8.6, 8.6, 30, 30, 14], [-30, 8.6, -8.6, 30, 14], [8.6, -30, 30, -8.6, 12], [30.2, 8.6, 46, 30, 11]] as const) houseShadow(p, x0, y0, x1, y1, h * 0.5);
  for (const [x, y, highM, crownM] of ACROSS_TREES) treeShadow(p, [x, y], { highM, crownM, colour: "#5f7a3a", seed: 1 });
  drawHouse(p, -26, 92, -8.6, 120, { wall: "#b9ab9b", floors: 6, seed: 8 });
  drawHouse(p, 8.6, 92, 26, 120, { wall: "#c5bcae", floors: 5, seed: 9 });
  drawFacade(p, [-14, 121], [14, 121], { wall: "#b8b4ae", floors: 7, seed: 5 });
  for (const [y0, y1, wall, floors, seed] of [[70, 92, "#a99c8c", 5, 41], [50, 70, "#c9b9a2", 4, 42], [30.2, 50, "#b3a79c", 6, 43]] as const) {
    drawHouse(p, -24, y0, -8.6, y1, { wall, floors, seed, shops: ["#6b4a3a", "#4b5f6b"] });
    drawHouse(p, 8.6, y0, 24, y1, { wall: seed === 42 ? "#a8b0b0" : "#cbbfa6", floors: floors - 1, seed: seed + 10, shops: ["#375a4e", "#7a3d3a"] });
  }
  drawHouse(p, 64, 8.6, 90, 26, { wall: "#b9a58f", floors: 4, seed: 71 });
  drawHouse(p, 46.2, 8.6, 64, 28, { wall: "#9fa9a6", floors: 5, seed: 72, shops: ["#59617a", "#8a6a3a"] });
  drawHouse(p, 30.2, 8.6, 46, 28, { wall: "#d3c4a4", floors: 3, seed: 73, shops: ["#2f5d50", "#a8672c", "#7a3344"], balconies: true });
  drawHouse(p, -46, 8.6, -30.2, 28, { wall: "#bfae98", floors: 4, seed: 74, shops: ["#5b3a52", "#3d5a66"] });
  drawHouse(p, -30, 8.6, -8.6, 30, { wall: "#d8cbb3", floors: 3, floorM: 3.6, shops: ["#1f5a6b", "#b5483a", "#6b7a3a"], balconies: true, seed: 21, trim: "#f2eddf" });
  drawHouse(p, 8.6, 8.6, 30, 30, FAR);
}

function standing(p: Painter, t: number): void {
  for (const [x, y, highM, crownM] of ACROSS_TREES) p.later([x, y, 1], () => drawTree(p, [x, y], { highM, crownM, colour: x > 10 ? "#688443" : "#5f7a3a", seed: Math.round(x * 7 + y) }));
  for (const [x, y, tx, ty, main] of [[5.4, 8.9, 0, -1, false], [8.9, -5.4, -1, 0, true], [-5.4, 8.9, 0, -1, false], [8.9, 5.6, -1, -0.2, true]] as const) p.later([x, y, 1], () => drawSignal(p, [x, y], [tx, ty], state(t, main)));
  for (const [x, y, ax, ay] of [[-5.1, 13, 2, 0], [5.1, 27, -2, 0], [20, 5.5, 0, -2]] as const) p.later([x, y, 1], () => drawLampPost(p, [x, y], 7, [ax, ay], false));
}

const east = path([[-62, -2.4], [70, -2.4]], 0);
const west = path([[72, 2.4], [-60, 2.4]], 0);
const north = path([[2.2, -34], [2.2, 105]], 0);
const south = path([[-2.2, 105], [-2.2, -34]], 0);
const turnLeft = path([[2.2, -34], [2.2, -6], ...arc([-4.5, -4.5], 6.9, 10, 82, 8), [-12, 2.4], [-60, 2.4]], 2);

const taxi: VehicleLook = { kind: "taxi", colour: "#e9e6dc", band: "#e4b93a" };
const cars = (kind: VehicleLook["kind"], a: string, b: string): readonly [VehicleLook, VehicleLook] => [{ kind, colour: a }, { kind: kind === "hatch" ? "sedan" : "hatch", colour: b }];

const traffic: readonly { lane: string; act: Actor }[] = [
  { lane: "east", act: vehicle(cars("sedan", "#7d1f24", "#2d4a73"), east, stopAndGo(9, 5.2, 51.2, 16.3)) },
  { lane: "east", act: vehicle([taxi, { kind: "van", colour: "#e7e7e3" }], east, stopAndGo(9, 8.2, 44.2, 17.4)) },
  { lane: "east", act: vehicle(cars("hatch", "#c4c7c9", "#59666e"), east, cruise(9, 0.6)) },
  { lane: "west", act: vehicle([{ kind: "bus", colour: "#2e6da4", band: "#f0ede2" }, { kind: "lorry", colour: "#d9d4c8" }], west, stopAndGo(8.5, 4.6, 58.4, 16.5, 1.7)) },
  { lane: "west", act: vehicle(cars("hatch", "#a33b2a", "#dcdcd8"), west, cruise(9.2, -2.2)) },
  { lane: "west", act: vehicle(cars("sedan", "#20252b", "#6d7f5f"), west, stopAndGo(9, 7.8, 48, 18.2)) },
  { lane: "north", act: vehicle(cars("sedan", "#8c9296", "#b7a77f"), north, stopAndGo(8.5, 1, 22.6, 8.9)) },
  { lane: "north", act: vehicle(cars("hatch", "#d9c14a", "#43505c"), turnLeft, stopAndGo(8, 3.2, 15.9, 10.2)) },
  { lane: "south", act: vehicle(cars("hatch", "#34506e", "#c9c9c4"), south, stopAndGo(8.5, -5, 93.7, 8.8)) },
  { lane: "south", act: vehicle([{ kind: "pickup", colour: "#5c6a58" }, taxi], south, stopAndGo(8.5, -2.4, 86.6, 10)) },
  { lane: "south", act: cyclist({ motor: true, frame: "#b02a2a", coat: "#2c3a4f", helmet: "#e6e6e6" }, path([[-3.6, 105], [-3.6, -34]], 0), stopAndGo(9, -1, 93.8, 8.7)) },
  ...[0, 1].map((i) => ({ lane: "parked", act: parked({ kind: i ? "hatch" : "sedan", colour: i ? "#7b8a92" : "#4a2f2f" }, 3.7 - 0.2, 30 + i * 6, 90) })),
];

const people: readonly Actor[] = [
  walker([someone(1), someone(2)], path([[-6.4, -9.5], [-6.3, -5], [-6.6, 5.6], [-7, 16], [-7, 40]], 1), keyed([[4, 0], [7, 3.4], [8.9, 3.4], [17, 15.3], [34, 40]])),
  walker([someone(5), someone(9)], path([[6.6, 30], [6.4, 6], [6.3, -5.4], [9, -7]], 1), keyed([[-10, 0], [6.8, 24.2], [8.8, 24.2], [17, 36], [20, 39]])),
  walker([someone(12), someone(4)], path([[-20, 7], [-5.6, 6.9], [5.2, 6.7], [22, 7]], 1), keyed([[-6, 0], [5, 14.2], [16.2, 14.2], [24, 25.4], [37, 43]])),
  walker([someone(7), someone(15)], path([[24, 6.9], [5.8, 6.7], [-5.4, 6.6], [-24, 7]], 1), keyed([[-3, 0], [11.6, 18.4], [16.4, 18.4], [24.4, 29.6], [38, 48]])),
  walker([someone(20), someone(23)], path([[30, -7], [-5, -7.2]], 0), cruise(1.35, 0)),
  walker([someone(27), someone(28)], path([[7.1, 9], [7.3, 60]], 0), cruise(1.25, 3)),
  stander(someone(31), [9.6, 7], 180), stander(someone(33), [10.3, 7.3], 200, { phone: true }),
];

const eastHit = path([[-46, -2.4], [-2, -2.4], [40, -2.4]], 0);
const northHit = path([[2.2, -36], [2.2, 30]], 0);

export const junction: Scene = {
  name: "junction",
  camera: { x: -10.6, y: -14, heightM: 7.2, yawDeg: 33, tiltDeg: 15, horizontalFovDeg: 68 },
  light: { shadowPerMetre: [0.75, -0.55], shadowAlpha: 0.36, ambient: 0.66, diffuse: 0.6, haze: hex("#dfe5e6"), hazeHalfM: 170, lamps: false },
  backdrop,
  standing: (p, now) => standing(p, now.t),
  actors: [...traffic, ...people.map((act) => ({ lane: "people", act }))],
  events: {
    smoke: { actors: [smoke({ from: [8.2, 20, 2.7], wind: [-0.75, -0.5], riseMps: 0.85, sizeM: 1.3, fire: true }), ...onlookers([[[5.4, 12], [5.6, 9.4]], [[-5, 6], [-5.4, 9]], [[10, 6.4], [7, 6.2]]])] },
    collision: collision(3.2, [
      { look: { kind: "sedan", colour: "#b9bec2" }, path: eastHit, motion: cruise(9, 3.2 - 44.9 / 9), turnDeg: 22, slide: [2.2, 0.9] },
      { look: { kind: "hatch", colour: "#9a2b26" }, path: northHit, motion: cruise(8, 3.2 - 33.2 / 8), turnDeg: -34, slide: [1.9, 1.6] },
    ], [[[0.5, -4.4], [-1.2, -5.9]], [[6, 1.2], [6.8, 3.2]]], [arrival({ kind: "taxi", colour: "#e9e6dc", band: "#e4b93a" }, east, stopAndGo(9, 0.2, 50.5, Infinity))], ["east", "north", "west"], [2.6, -1.2, 0.9]),
    theft: theft({ victim: [[-18, 7], [12, 6.8]], meetM: 14, victimSpeedMps: 1.35, thiefFrom: [[-14, 7.6], [-8, 7.5]], thiefTo: [[-5.4, 9.5], [-6, 20], [-6.2, 34]], helpers: [[[8, 6.4], [3.4, 6.3]], [[-6, 12], [-0.5, 7.6]]] }),
  },
};
