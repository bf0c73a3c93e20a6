// A market on a square: two rows of stalls, people among them, a fountain, a street behind.
import type { V2, V3 } from "../engine/camera.ts";
import { hex, lit, mix } from "../engine/colour.ts";
import { onlookers, smoke, theft } from "../engine/events.ts";
import { cruise, keyed, path } from "../engine/motion.ts";
import type { Painter } from "../engine/painter.ts";
import { someone } from "../engine/people.ts";
import { cyclist, stander, vehicle, walker, type Actor, type Scene } from "../engine/scene.ts";
import { dice, drawBench, drawDashes, drawFacade, drawHouse, drawLampPost, drawSky, drawSlabs, drawTree, treeShadow } from "../engine/town.ts";

const STALLS = ([[-9, 7, "#c0392f"], [-4.6, 7.4, "#2f6f9a"], [3.6, 7.2, "#d59a2b"], [8.2, 7.6, "#3f7f55"], [-11.5, 16.4, "#3f7f55"], [-7, 16.8, "#d59a2b"], [5.4, 16.6, "#c0392f"], [10, 17, "#6c4a8c"], [14.6, 17.2, "#2f6f9a"]] as const).map(([x, y, colour], i) => ({ x, y, colour, seed: i + 5 }));
const TREES = ([[-17, 11, 7.2, 2.5], [-19, 24, 7.8, 2.7], [19, 12, 7, 2.4], [21, 25, 7.4, 2.6], [-6, 29, 6.6, 2.2], [9, 29.5, 6.8, 2.3]] as const).map(([x, y, highM, crownM], i) => ({ at: [x, y] as const, look: { highM, crownM, colour: i % 2 ? "#6d8b45" : "#5e7d3d", seed: 130 + i } }));

function backdrop(p: Painter): void {
  drawSky(p, "#7fb0dc", "#f1eee2", 130);
  p.groundStrips(-70, 70, -9, 80, hex("#c8bda8"), 6);
  p.groundStrips(-70, 70, 33, 40, hex("#5c5f64"), 5);
  drawSlabs(p, -22, -6, 22, 32, 2, [120, 104, 84]);
  for (let i = 0; i < 5; i++) p.line([[-22 + i * 11, -6, 0.01], [-22 + i * 11, 12, 0.01], [-22 + i * 11, 32, 0.01]], hex("#a4937a"), 0.35, 0.5);
  for (const y of [0, 12.4, 22]) p.line([[-22, y, 0.01], [0, y, 0.01], [22, y, 0.01]], hex("#a4937a"), 0.35, 0.5);
  for (const y of [33, 40]) p.line([[-60, y, 0.1], [0, y, 0.1], [60, y, 0.1]], hex("#dad5c8"), 0.24);
  drawDashes(p, [-60, 36.5], [60, 36.5], 3, 2.4, 0.14, [230, 194, 70]);
  for (const t of TREES) treeShadow(p, t.at, t.look);
  for (const s of STALLS) p.shadow([[s.x - 1.7, s.y - 1.2], [s.x + 1.7, s.y - 1.2], [s.x + 1.7, s.y + 1.2], [s.x - 1.7, s.y + 1.2]], 2.6);
  drawFacade(p, [-80, 74], [80, 74], { wall: "#bcbab2", floors: 7, seed: 3, bayM: 4 });
  drawHouse(p, 22, 44, 50, 60, { wall: "#c9a988", floors: 4, seed: 22, shops: ["#86322d", "#35607a", "#55733b"], balconies: true });
  drawHouse(p, -50, 44, -20, 60, { wall: "#d5c6a6", floors: 3, seed: 23, shops: ["#2f5d50", "#a8672c", "#4b4d77"], balconies: true });
  drawHouse(p, 9.6, 44, 21.8, 60, { wall: "#b5bdbd", floors: 5, seed: 24, shops: ["#7a3d3a", "#375a4e"] });
  // the church
  drawHouse(p, -19.6, 46, -9, 62, { wall: "#cfc6b4", floors: 4, seed: 25, shops: ["#59617a", "#8a6a3a"] });
  drawFacade(p, [-8.6, 44], [9.2, 44], { wall: "#e6ddc8", floors: 2, floorM: 4.6, bayM: 5.8, seed: 30, trim: "#f7f3e8" });
  p.polygon([[-8.8, 44, 10.1], [9.4, 44, 10.1], [0.3, 44, 14]], lit(hex("#e9e0cb"), 0.98));
  p.polygon([[-1.3, 43.9, 0.1], [1.9, 43.9, 0.1], [1.9, 43.9, 4.4], [0.3, 43.9, 5.4], [-1.3, 43.9, 4.4]], hex("#4d3a2b"));
  p.polygon(Array.from({ length: 20 }, (_, i) => [0.3 + Math.cos((i / 10) * Math.PI), 43.9, 7.6 + Math.sin((i / 10) * Math.PI)] as V3), hex("#37485c"));
  p.line([[0.3, 43.9, 14], [0.3, 43.9, 16]], hex("#5d5548"), 0.18);
  for (const y of [33.6]) for (let x = -40; x < 44; x += 5) p.line([[x, y - 1, 0], [x, y - 1, 0.8]], hex("#4b5056"), 0.14);
}

function stall(p: Painter, s: (typeof STALLS)[number]): void {
  const random = dice(s.seed);
  const { x, y } = s;
  const table: V3[] = [[x - 1.5, y - 0.9, 0.85], [x + 1.5, y - 0.9, 0.85], [x + 1.5, y + 0.4, 0.95], [x - 1.5, y + 0.4, 0.95]];
  p.polygon([[x - 1.5, y - 0.9, 0], [x + 1.5, y - 0.9, 0], [x + 1.5, y - 0.9, 0.85], [x - 1.5, y - 0.9, 0.85]], lit(mix(hex(s.colour), [240, 235, 220], 0.35), 0.86));
  p.face([[x - 1.5, y + 0.4, 0], [x - 1.5, y - 0.9, 0], [x - 1.5, y - 0.9, 0.85], [x - 1.5, y + 0.4, 0.9]], [-1, 0, 0], hex("#a98f6b"));
  p.face([[x + 1.5, y - 0.9, 0], [x + 1.5, y + 0.4, 0], [x + 1.5, y + 0.4, 0.9], [x + 1.5, y - 0.9, 0.85]], [1, 0, 0], hex("#a98f6b"));
  p.polygon(table, hex("#b59a72"));
  const goods = ["#d1452f", "#e0a52f", "#6f9a3f", "#c77f2f", "#8a3f6a", "#e8d9a0", "#4f7f3a", "#b5303a"];
  for (let i = 0; i < 6; i++) for (let j = 0; j < 2; j++) {
    const gx = x - 1.4 + i * 0.48;
    const gy = y - 0.82 + j * 0.6;
    p.polygon([[gx, gy, 0.9], [gx + 0.42, gy, 0.9], [gx + 0.42, gy + 0.5, 1.02], [gx, gy + 0.5, 1.02]], hex(goods[Math.floor(random() * goods.length)]!));
  }
  for (const [px, py] of [[-1.6, -1.1], [1.6, -1.1], [-1.6, 1.1], [1.6, 1.1]] as const) p.line([[x + px, y + py, 0], [x + px, y + py, 2.3]], hex("#dad6cc"), 0.06);
  const cloth = hex(s.colour);
  for (let i = 0; i < 8; i++) {
    const a = x - 1.9 + i * 0.475;
    const shade = i % 2 ? hex("#f3efe3") : cloth;
    p.polygon([[a, y - 1.4, 2.15], [a + 0.475, y - 1.4, 2.15], [a + 0.475, y, 2.85], [a, y, 2.85]], lit(shade, 0.95));
    p.polygon([[a, y - 1.4, 1.95], [a + 0.475, y - 1.4, 1.95], [a + 0.475, y - 1.4, 2.16], [a, y - 1.4, 2.16]], lit(shade, 0.78));
    p.polygon([[a, y + 1.4, 2.15], [a + 0.475, y + 1.4, 2.15], [a + 0.475, y, 2.85], [a, y, 2.85]], lit(shade, 0.82));
  }
}

const circle = (at: V2, r: number, z: number): V3[] => Array.from({ length: 36 }, (_, i) => [at[0] + Math.cos((i / 18) * Math.PI) * r, at[1] + Math.sin((i / 18) * Math.PI) * r, z]);
const FOUNTAIN: V2 = [0.6, 22.5];
const fountain: Actor = (p, { t }) => p.later([FOUNTAIN[0], FOUNTAIN[1], 0.5], () => {
  p.polygon(circle(FOUNTAIN, 2.9, 0), hex("#b5aa95"));
  p.polygon(circle(FOUNTAIN, 2.8, 0.5), hex("#d8cfbc"));
  p.polygon(circle(FOUNTAIN, 2.45, 0.46), hex("#6f9fb0"));
  p.line([[FOUNTAIN[0], FOUNTAIN[1], 0.4], [FOUNTAIN[0], FOUNTAIN[1], 1.9]], hex("#cfc6b2"), 0.4);
  p.polygon(circle(FOUNTAIN, 1.05, 1.9), hex("#d8cfbc"));
  for (let i = 0; i < 9; i++) {
    const a = (i / 9) * Math.PI * 2;
    const swing = 1.45 + 0.1 * Math.sin(t * Math.PI + i);
    p.line(Array.from({ length: 6 }, (_, k) => [FOUNTAIN[0] + Math.cos(a) * swing * (k / 5), FOUNTAIN[1] + Math.sin(a) * swing * (k / 5), 2.5 + 0.5 * (k / 5) - 2.4 * (k / 5) ** 2] as V3), [226, 238, 244], 0.06, 0.7);
  }
});

function standing(p: Painter): void {
  for (const t of TREES) p.later([t.at[0], t.at[1], 1], () => drawTree(p, t.at, t.look));
  for (const s of STALLS) p.later([s.x, s.y, 0.8], () => stall(p, s));
  for (const [x, y] of [[-14, 4], [14.6, 5], [-14, 26], [15, 26]] as const) p.later([x, y, 1], () => drawLampPost(p, [x, y], 4.6, [0.01, 0], false));
  for (const [x, y] of [[-5.5, 23], [6.6, 23.4]] as const) p.later([x, y, 0.4], () => drawBench(p, [x, y], false));
}

const sellers: readonly Actor[] = STALLS.map((s, i) => stander({ ...someone(140 + i * 3), bag: "none" }, [s.x + ((i % 3) - 1) * 0.6, s.y + 0.75], 270));
const stroll = (n: number, points: readonly V2[], speed: number, enter: number): Actor => walker([someone(n), someone(n + 31)], path(points, 2), cruise(speed, enter));
const browse = (n: number, points: readonly V2[], stopM: number, enter: number, stayS: number): Actor => {
  const line = path(points, 2);
  return walker([someone(n), someone(n + 17)], line, keyed([[enter, 0], [enter + stopM / 1.1, stopM], [enter + stopM / 1.1 + stayS, stopM], [enter + stopM / 1.1 + stayS + (line.lengthM - stopM) / 1.2, line.lengthM]]));
};

export const square: Scene = {
  name: "square",
  camera: { x: -3, y: -7.5, heightM: 6.2, yawDeg: 7, tiltDeg: 14, horizontalFovDeg: 66 },
  light: { shadowPerMetre: [0.7, 0.4], shadowAlpha: 0.3, ambient: 0.7, diffuse: 0.46, haze: hex("#e9e6da"), hazeHalfM: 170, lamps: false },
  backdrop, standing,
  actors: [
    { lane: "street", act: vehicle([{ kind: "bus", colour: "#2f7d55", band: "#f1eee2" }, { kind: "van", colour: "#dcdcd6" }], path([[-60, 34.8], [60, 34.8]], 0), cruise(8, 0)) },
    { lane: "street", act: vehicle([{ kind: "hatch", colour: "#9c3a30" }, { kind: "taxi", colour: "#ece9df", band: "#e4b93a" }], path([[60, 38.2], [-60, 38.2]], 0), cruise(8.5, 6)) },
    { lane: "street", act: vehicle([{ kind: "sedan", colour: "#3a4f6d" }, { kind: "hatch", colour: "#c9c9c3" }], path([[-60, 34.8], [60, 34.8]], 0), cruise(8, 9)) },
    { lane: "fountain", act: fountain },
    ...sellers.map((act) => ({ lane: "sellers", act })),
    ...[
      stroll(1, [[-26, 11], [-4, 11.6], [12, 11.2], [28, 12]], 1.2, 0), stroll(3, [[28, 12.8], [2, 12.2], [-26, 12.6]], 1.15, 5), stroll(6, [[-1.4, -8], [-0.6, 6], [-1.2, 18], [-3.2, 24], [-3, 40]], 1.2, 2),
      stroll(9, [[-3.4, 40], [-3.6, 24], [-0.2, 14], [0.4, -8]], 1.25, 10), stroll(12, [[18, -6], [13, 8], [13.4, 22], [18, 34]], 1.2, 7), stroll(15, [[-18, 34], [-13.4, 20], [-13, 6], [-16, -6]], 1.2, 12),
      browse(18, [[-12, -6], [-9.4, 4.6], [-4.2, 5], [-0.8, 12], [8, 13.4], [24, 20]], 12.4, 1, 7), browse(22, [[12, -6], [8.4, 5], [3.2, 4.8], [0.4, 12], [-8, 14], [-24, 18]], 11.6, 6, 9), browse(27, [[26, 14], [10, 14.4], [5.6, 14.4], [-2, 12.6], [-1, -8]], 17, -2, 6),
      stander(someone(33), [-8.2, 5.2], 90), stander(someone(35), [-9.3, 5], 80), stander(someone(38), [4.4, 5.2], 95), stander(someone(41), [9.2, 14.6], 90), stander({ ...someone(43), tall: 1.15, bag: "none" }, [9.8, 14.5], 90),
      stander(someone(46), [-2.6, 21], 20), stander(someone(48), [-2.2, 20.4], 200),
      cyclist({ motor: false, frame: "#7a3344", coat: "#3a5a7c", helmet: "#3b2a20" }, path([[-40, 32], [40, 32]], 0), cruise(3.6, 4)),
    ].map((act) => ({ lane: "people", act })),
  ],
  events: {
    theft: theft({ victim: [[-20, 11.4], [14, 11]], meetM: 18.6, victimSpeedMps: 1.15, thiefFrom: [[-12, 10], [-7, 10.4]], thiefTo: [[1, 9], [0.8, 3], [4, -2], [12, -6]], helpers: [[[3, 13.4], [1.6, 12]], [[-7.2, 14.6], [-1.4, 12.4]], [[4.4, 5.2], [2.8, 9.8]]] }),
    smoke: { actors: [smoke({ from: [10, 16.4, 1.4], wind: [-0.8, -0.2], riseMps: 0.6, sizeM: 1.2, fire: true }), ...onlookers([[[6, 11.4], [6.6, 13]], [[13, 11], [12.6, 13]], [[-1, 12], [3, 12.4]]])] },
  },
};
