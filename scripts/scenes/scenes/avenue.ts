// A planted avenue with a bus stop, seen along its length from a pole on the right pavement.
import { hex } from "../engine/colour.ts";
import { collision, onlookers, smoke, theft } from "../engine/events.ts";
import { cruise, keyed, path, stopAndGo } from "../engine/motion.ts";
import type { Painter } from "../engine/painter.ts";
import { someone } from "../engine/people.ts";
import { arrival, cyclist, parked, stander, vehicle, walker, type Scene } from "../engine/scene.ts";
import { drawBench, drawDashes, drawFacade, drawHouse, drawLampPost, drawSky, drawSlabs, drawTree, drawWear, drawZebra, houseShadow, treeShadow } from "../engine/town.ts";

const MEDIAN = [19, 31, 43, 57, 72, 88].map((y, i) => ({ at: [(i % 2) * 0.3 - 0.15, y] as const, look: { highM: 7.6 + (i % 3) * 0.7, crownM: 2.5 + (i % 2) * 0.3, colour: "#67853f", seed: 30 + i } }));
const RIGHT = [40, 54, 70].map((y, i) => ({ at: [10.4, y] as const, look: { highM: 6.6 + (i % 2), crownM: 2.1, colour: "#5d7c3c", seed: 50 + i } }));
const LEFT = [16, 28, 41, 55, 70].map((y, i) => ({ at: [-10.4, y] as const, look: { highM: 6.8 + (i % 2) * 0.8, crownM: 2.2, colour: "#5f7f40", seed: 60 + i } }));
const TREES = [...MEDIAN, ...RIGHT, ...LEFT];

function backdrop(p: Painter): void {
  drawSky(p, "#8fb9dc", "#f0ede0", 150);
  p.groundStrips(-60, 60, -8, 170, hex("#b9b3a7"), 10);
  const asphalt = hex("#585b60");
  p.groundStrips(1.7, 9.4, -8, 170, asphalt, 8);
  p.groundStrips(-9.4, -1.7, -8, 170, asphalt, 8);
  p.groundStrips(-1.5, 1.5, 2, 170, hex("#76864f"), 8);
  drawWear(p, 1.8, -4, 9.3, 70, 7, 60);
  drawWear(p, -9.3, 0, -1.8, 70, 8, 50);
  drawSlabs(p, 9.5, -4, 14, 44, 1.1);
  drawSlabs(p, -14, 8, -9.5, 60, 1.1);
  for (const x of [-9.5, -1.6, 1.6, 9.5]) p.line(Array.from({ length: 14 }, (_, i) => [x, -4 + i * 12, 0.1] as const), hex("#cfccc2"), 0.24);
  drawDashes(p, [5.5, -2], [5.5, 150], 3, 4);
  drawDashes(p, [-5.5, 4], [-5.5, 150], 3, 4);
  drawZebra(p, 1.8, 8, 9.4, 11, "y");
  drawZebra(p, -9.4, 8, -1.8, 11, "y");
  for (const [x0, x1, y, h] of [[14, 30, 10, 14], [14, 30, 45, 12]] as const) houseShadow(p, x0, y, x1, y + 28, h * 0.3);
  for (const t of TREES) treeShadow(p, t.at, t.look);
  drawFacade(p, [-40, 172], [40, 172], { wall: "#c3c4c4", floors: 9, seed: 3, bayM: 4 });
  const rows = [[128, 160, 6, "#b7b2a8", "#aab1b4"], [98, 127, 5, "#c9b798", "#bcae9f"], [70, 97, 6, "#aeb3b1", "#cdbd9d"], [46, 69, 4, "#d6c7a8", "#b89f88"], [24, 45, 5, "#c4a98b", "#d3cbbb"], [0, 23, 4, "#cfc9bc", "#a9a59c"]] as const;
  rows.forEach(([y0, y1, floors, left, right], i) => {
    drawHouse(p, -34, y0, -14, y1, { wall: left, floors, seed: 100 + i, balconies: i % 2 === 0, shops: ["#8a3b32", "#3b6654", "#4a5b7c", "#a5742f"].slice(i % 3, (i % 3) + 2) });
    drawHouse(p, 14, y0, 34, y1, { wall: right, floors: floors + (i % 2), seed: 120 + i, balconies: i % 2 === 1, shops: ["#2c5f73", "#9b4a2f", "#5a4a72"].slice(i % 2, (i % 2) + 2) });
  });
}

function standing(p: Painter): void {
  for (const t of TREES) p.later([t.at[0], t.at[1], 1], () => drawTree(p, t.at, t.look));
  for (const y of [23, 49, 78]) p.later([9.9, y, 1], () => drawLampPost(p, [9.9, y], 7.4, [-2.4, 0], false));
  p.later([11.2, 26.4, 1], () => shelter(p));
  p.later([12.4, 18, 0.4], () => drawBench(p, [12.4, 18], false));
}

function shelter(p: Painter): void {
  const [x0, x1, y0, y1, z] = [10.5, 12, 24.2, 28.8, 2.5];
  p.polygon([[x1, y0, 0.3], [x1, y1, 0.3], [x1, y1, z], [x1, y0, z]], hex("#7fa0ad"), 0.4);
  for (const [x, y] of [[x0, y0], [x1, y0], [x0, y1], [x1, y1]] as const) p.line([[x, y, 0], [x, y, z]], hex("#3d444b"), 0.09);
  p.polygon([[x0 - 0.2, y0 - 0.1, z], [x1 + 0.1, y0 - 0.1, z], [x1 + 0.1, y0 - 0.1, z + 0.18], [x0 - 0.2, y0 - 0.1, z + 0.18]], hex("#1f4f78"));
  p.polygon([[x0 - 0.2, y0 - 0.1, z + 0.18], [x1 + 0.1, y0 - 0.1, z + 0.18], [x1 + 0.1, y1 + 0.1, z + 0.18], [x0 - 0.2, y1 + 0.1, z + 0.18]], hex("#376f9c"));
}

const fast = path([[3.6, -22], [3.6, 160]], 0);
const busLane = path([[7.4, -24], [7.4, 160]], 0);
const inFast = path([[-3.6, 160], [-3.6, -20]], 0);
const inSlow = path([[-7.4, 160], [-7.4, -20]], 0);
const pavement = path([[12.9, -6], [12.7, 70]], 0);
const back = path([[13.3, 60], [13.2, 22], [12.9, -6]], 1);

const walkers = [
  walker([someone(2), someone(8)], pavement, cruise(1.35, 0)), walker([someone(6), someone(11)], back, cruise(1.28, 6)), walker([someone(14), someone(19)], pavement, cruise(1.2, 9.4)),
  walker([someone(21), someone(22)], path([[-12, 4], [-12, 60]], 0), cruise(1.3, 2)), walker([someone(25), someone(26)], path([[-12.8, 62], [-12.6, 2]], 0), cruise(1.3, 8)),
  walker([someone(40), someone(41)], path([[11.5, 26], [10, 25.4], [9, 25.6]], 1), keyed([[7.4, 0], [9.4, 2.5]]), {}),
  stander(someone(29), [11.4, 25.4], 200), stander(someone(34), [11.2, 27.2], 160, { phone: true }), stander({ ...someone(37), tall: 1.55 }, [10.6, 24.6], 210),
];

export const avenue: Scene = {
  name: "avenue",
  camera: { x: 9.2, y: -8, heightM: 6.6, yawDeg: -9, tiltDeg: 11, horizontalFovDeg: 62 },
  light: { shadowPerMetre: [-0.7, 0.35], shadowAlpha: 0.36, ambient: 0.68, diffuse: 0.5, haze: hex("#e6e8e2"), hazeHalfM: 150, lamps: false },
  backdrop, standing,
  actors: [
    { lane: "bus", act: vehicle([{ kind: "bus", colour: "#c23b32", band: "#f3ead6" }, { kind: "bus", colour: "#2b6cab", band: "#efeee8" }], busLane, stopAndGo(8, -2, 51.5, 10.4, 1.5)) },
    { lane: "fast", act: vehicle([{ kind: "sedan", colour: "#d8d9d6" }, { kind: "hatch", colour: "#8f2d2d" }], fast, cruise(11, 0)) },
    { lane: "fast", act: vehicle([{ kind: "taxi", colour: "#ece9df", band: "#e4b93a" }, { kind: "pickup", colour: "#3d5166" }], fast, cruise(11, 3.1)) },
    { lane: "fast", act: vehicle([{ kind: "hatch", colour: "#2f4d78" }, { kind: "sedan", colour: "#6f7b62" }], fast, cruise(11, 9.2)) },
    { lane: "fast", act: vehicle([{ kind: "van", colour: "#e3e3df" }, { kind: "sedan", colour: "#23282e" }], fast, cruise(11, 12.3)) },
    { lane: "moto", act: cyclist({ motor: true, frame: "#1f1f22", coat: "#a8392f", helmet: "#22252b" }, path([[5.5, -22], [5.5, 160]], 0), cruise(11.5, 5.6)) },
    { lane: "in", act: vehicle([{ kind: "sedan", colour: "#7b8288" }, { kind: "hatch", colour: "#c9a53f" }], inFast, cruise(11, -6)) },
    { lane: "in", act: vehicle([{ kind: "hatch", colour: "#b84b36" }, { kind: "taxi", colour: "#ece9df", band: "#e4b93a" }], inFast, cruise(11, -1)) },
    { lane: "in", act: vehicle([{ kind: "bus", colour: "#3a7d4f", band: "#f1eee2" }, { kind: "lorry", colour: "#cfc7b6" }], inSlow, cruise(8.5, -4)) },
    { lane: "in", act: vehicle([{ kind: "van", colour: "#52617a" }, { kind: "hatch", colour: "#dedede" }], inSlow, cruise(9.5, 3)) },
    ...[62, 68.5, 75].map((y, i) => ({ lane: "parked", act: parked({ kind: i % 2 ? "hatch" : "sedan", colour: ["#59616b", "#8b3a3a", "#c7c4ba"][i]! }, 8.4, y, 90) })),
    ...walkers.map((act) => ({ lane: "people", act })),
  ],
  events: {
    smoke: { actors: [smoke({ from: [13.7, 33, 3.2], wind: [-0.9, -0.3], riseMps: 0.75, sizeM: 1.3, fire: true }), ...onlookers([[[12.6, 12], [12.2, 19]], [[12.4, 40], [11.2, 35]], [[-10, 9], [-3, 9.6], [0, 9.8]]])] },
    collision: collision(3.2, [
      { look: { kind: "hatch", colour: "#d3d5d4" }, path: path([[3.6, -40], [3.6, 60]], 0), motion: cruise(11, 3.2 - 54 / 11), turnDeg: 9, slide: [0.3, 1.4] },
      { look: { kind: "sedan", colour: "#2d4a73" }, path: path([[3.6, -35.6], [3.6, 60]], 0), motion: stopAndGo(9, 3.2 - 7.2, 54.6, Infinity, 3.4), turnDeg: -7, slide: [-0.2, 2.2] },
    ], [[[2.2, 13.6], [1.2, 12.6]], [[2.4, 21], [1.2, 19.8]]], [arrival({ kind: "van", colour: "#e3e3df" }, fast, stopAndGo(9, 0.6, 28.5, Infinity))], ["fast", "moto"], [3.6, 17, 1]),
    theft: theft({ victim: [[12.9, -4], [12.6, 30]], meetM: 16.5, victimSpeedMps: 1.35, thiefFrom: [[11.6, -4], [12, 4]], thiefTo: [[10, 14.2], [6, 11], [0, 9.5], [-8, 9.4], [-12, 12]], helpers: [[[11.4, 27], [11.7, 19]], [[13.2, 30], [13.3, 19.6]]] }),
  },
};
