// The promenade by the sea towards sunset: road on the left, promenade, wall, water to the right.
import type { V3 } from "../engine/camera.ts";
import { hex } from "../engine/colour.ts";
import { collision, smoke, onlookers, theft } from "../engine/events.ts";
import { cruise, path, stopAndGo } from "../engine/motion.ts";
import type { Painter } from "../engine/painter.ts";
import { someone } from "../engine/people.ts";
import { arrival, cyclist, stander, vehicle, walker, type Actor, type Scene } from "../engine/scene.ts";
import { dice, drawBench, drawDashes, drawHouse, drawLampPost, drawPalm, drawSlabs, drawWear } from "../engine/town.ts";
import { glow } from "../engine/vehicles.ts";

const PALMS = [9, 22, 36, 51, 68, 88].map((y, i) => ({ x: -1.4, y, high: 6.6 + (i % 3) * 0.8, seed: 200 + i }));

function backdrop(p: Painter): void {
  const g = p.ctx.createLinearGradient(0, 0, 0, 150);
  g.addColorStop(0, "#5d6a96");
  g.addColorStop(0.55, "#c98f86");
  g.addColorStop(1, "#f6c58a");
  p.ctx.fillStyle = g;
  p.ctx.fillRect(0, 0, 768, 200);
  for (const [x, y, w] of [[420, 60, 190], [560, 84, 240], [250, 72, 150], [660, 44, 160]] as const) {
    const c = p.ctx.createRadialGradient(x, y, 4, x, y, w / 2);
    c.addColorStop(0, "rgba(250,190,160,0.55)");
    c.addColorStop(1, "rgba(250,190,160,0)");
    p.ctx.save();
    p.ctx.translate(0, y * 0.86);
    p.ctx.scale(1, 0.14);
    p.ctx.fillStyle = c;
    p.ctx.fillRect(x - w, y - w, w * 2, w * 2);
    p.ctx.restore();
  }
  const sunGlow = p.ctx.createRadialGradient(560, 112, 2, 560, 112, 130);
  sunGlow.addColorStop(0, "rgba(255,236,190,1)");
  sunGlow.addColorStop(0.12, "rgba(255,214,140,0.9)");
  sunGlow.addColorStop(1, "rgba(255,190,120,0)");
  p.ctx.fillStyle = sunGlow;
  p.ctx.fillRect(400, 0, 368, 260);
  for (let y = 900; y > -6; y -= y > 120 ? 40 : 6) p.ground([[6, y - 41], [900, y - 41], [900, y], [6, y]], hex("#6d7496"));
  p.groundStrips(-60, 7, -8, 300, hex("#8b8087"), 10);
  p.groundStrips(-4, 7, -8, 300, hex("#b59c93"), 8);
  p.groundStrips(-18, -6, -8, 300, hex("#4d4b56"), 8);
  drawWear(p, -18, -4, -6, 60, 31, 50);
  drawSlabs(p, -4, -6, 6.6, 50, 1.3, [98, 78, 80]);
  for (let y = -4; y < 120; y += 5) p.ground([[0.6, y], [4.8, y], [3.8, y + 2.4], [1.6, y + 2.4]], hex("#8d7276"), 0.4);
  for (const x of [-18, -6]) p.line(Array.from({ length: 16 }, (_, i) => [x, -6 + i * 16, 0.1] as const), hex("#b9a9a5"), 0.24);
  drawDashes(p, [-12, -4], [-12, 220], 3, 3, 0.16, [214, 176, 84]);
  p.groundStrips(-6, -4, -6, 300, hex("#5f6a48"), 10);
  for (const [y0, y1, floors, seed] of [[150, 200, 9, 1], [112, 146, 11, 2], [80, 108, 8, 3], [52, 76, 10, 4], [28, 49, 7, 5], [2, 25, 8, 6]] as const) drawHouse(p, -48, y0, -23, y1, { wall: ["#a08d8c", "#8f8791", "#b09a8c", "#94898f"][seed % 4]!, floors, seed, bayM: 3.4, litWindows: 0.34, balconies: true });
  for (const q of PALMS) p.line([[q.x, q.y, 0.01], [q.x - 3, q.y - 2.2, 0.01]], [30, 24, 40], 0.3, 0.3);
  // the wall towards the water
  p.polygon([[6.7, -6, 0], [6.7, 300, 0], [6.7, 300, 0.55], [6.7, -6, 0.55]], hex("#a38d88"));
  for (let y = 300; y > -6; y -= 20) p.polygon([[6.7, y - 20, 0.55], [7.2, y - 20, 0.55], [7.2, y, 0.55], [6.7, y, 0.55]], hex("#d8b9a4"));
}

const sea: Actor = (p, { t }) => {
  const random = dice(77);
  for (let i = 0; i < 46; i++) {
    const y = 44 + random() ** 2 * 190;
    const x = 9 + random() * (30 + y * 0.75);
    const w = 0.5 + random() * 1.2 + y * 0.03;
    const phase = random();
    const alpha = 0.34 * Math.max(0, Math.sin((t / 8 + phase) * Math.PI * 2));
    const bright = Math.abs(x - 8 - y * 0.36) < 6 + y * 0.06;
    if (alpha > 0.03) p.line([[x - w, y, 0], [x + w, y, 0]], bright ? [255, 214, 160] : [150, 150, 184], 0.16, alpha * (bright ? 1.6 : 1));
  }
};

function standing(p: Painter): void {
  for (const q of PALMS) p.later([q.x, q.y, 1], () => drawPalm(p, [q.x, q.y], q.high, q.seed));
  for (const y of [15, 43, 76]) {
    p.later([-4.6, y, 1], () => {
      drawLampPost(p, [-4.6, y], 6.8, [-2, 0], true);
      glow(p, [-6.5, y, 6.8] as V3, 1.6, "255,226,170", 0.6);
    });
  }
  for (const y of [12, 29, 47]) p.later([5.4, y, 0.4], () => drawBench(p, [5.4, y], false));
}

const north = path([[-9, -20], [-9, 200]], 0);
const south = path([[-15, 200], [-15, -20]], 0);

export const coast: Scene = {
  name: "coast",
  camera: { x: 1.2, y: -8, heightM: 6, yawDeg: -1, tiltDeg: 10.5, horizontalFovDeg: 64 },
  light: { shadowPerMetre: [-1.3, -0.9], shadowAlpha: 0.3, ambient: 0.58, diffuse: 0.42, haze: hex("#d5a592"), hazeHalfM: 150, lamps: true },
  backdrop, standing,
  actors: [
    { lane: "sea", act: sea },
    { lane: "north", act: vehicle([{ kind: "sedan", colour: "#3a4c6b" }, { kind: "taxi", colour: "#d9d2c6", band: "#d6a62f" }], north, cruise(12, 0)) },
    { lane: "north", act: vehicle([{ kind: "hatch", colour: "#7c2f2f" }, { kind: "van", colour: "#bdb7b2" }], north, cruise(12, 5.4)) },
    { lane: "north", act: vehicle([{ kind: "bus", colour: "#2c5d8f", band: "#e3dccf" }, { kind: "hatch", colour: "#b79a4a" }], north, cruise(10.5, 10)) },
    { lane: "south", act: vehicle([{ kind: "hatch", colour: "#c4beb8" }, { kind: "sedan", colour: "#2a2e36" }], south, cruise(12, -8)) },
    { lane: "south", act: vehicle([{ kind: "taxi", colour: "#d9d2c6", band: "#d6a62f" }, { kind: "pickup", colour: "#4f5b58" }], south, cruise(12, -3)) },
    { lane: "south", act: vehicle([{ kind: "sedan", colour: "#6b4338" }, { kind: "hatch", colour: "#39597c" }], south, cruise(12, 2.4)) },
    ...[
      walker([someone(2), someone(5)], path([[2, -8], [2.4, 110]], 0), cruise(1.3, 0)), walker([{ ...someone(8), bag: "none" }, { ...someone(10), bag: "none" }], path([[3.4, 110], [3.1, -8]], 0), cruise(1.25, 4)),
      walker([{ coat: "#d2483a", legs: "#22262e", hair: "#2a1d16" }, { coat: "#3c8f8a", legs: "#2b2f38", hair: "#4b3423" }], path([[4.4, -8], [4.2, 120]], 0), cruise(2.9, 6)),
      walker([{ coat: "#e0b83c", legs: "#23262c", hair: "#191513" }, { coat: "#e6e3da", legs: "#2c3a55", hair: "#191513" }], path([[0.6, 120], [0.8, -8]], 0), cruise(2.8, 1)),
      walker([someone(13), someone(17)], path([[1.2, -8], [1.6, 100]], 0), cruise(1.2, 11)), walker([someone(14), someone(18)], path([[1.9, -8.3], [2.2, 100]], 0), cruise(1.2, 11)),
      cyclist({ motor: false, frame: "#2d3d6a", coat: "#c96a3a", helmet: "#efeae2" }, path([[-2.8, -10], [-2.8, 130]], 0), cruise(4.6, 3)), cyclist({ motor: false, frame: "#3c6b4f", coat: "#44506f", helmet: "#33261f" }, path([[-3.3, 130], [-3.3, -10]], 0), cruise(4.4, 8)),
      stander(someone(21), [6.1, 19], 20), stander(someone(23), [6.1, 20], 350), stander({ ...someone(26), tall: 1.6 }, [6, 36], 0),
    ].map((act) => ({ lane: "people", act })),
  ],
  events: {
    theft: theft({ victim: [[2, -7], [2.6, 40]], meetM: 20.5, victimSpeedMps: 1.3, thiefFrom: [[1, -6], [1.4, 4]], thiefTo: [[0, 18], [-3, 24], [-5, 34], [-5.2, 46]], helpers: [[[6, 20], [4.4, 18.6]], [[3, 34], [3.2, 22]]] }),
    collision: collision(3.2, [
      { look: { kind: "sedan", colour: "#3a4c6b" }, path: path([[-9, -40], [-9, 80]], 0), motion: cruise(12, 3.2 - 57 / 12), turnDeg: 12, slide: [0.4, 1.6] },
      { look: { kind: "hatch", colour: "#c4beb8" }, path: path([[-9, -40], [-9, 80]], 0), motion: stopAndGo(9, 3.2 - 8, 61.4, Infinity, 3.4), turnDeg: -10, slide: [-0.3, 2.4] },
    ], [[[-7.6, 17], [-5.2, 16]], [[-7.6, 25], [-5.2, 23.4]]], [arrival({ kind: "van", colour: "#bdb7b2" }, north, stopAndGo(10, 0.3, 27, Infinity))], ["north"], [-9, 20, 1]),
    smoke: { actors: [smoke({ from: [-22.8, 40, 2.8], wind: [1.1, -0.2], riseMps: 0.8, sizeM: 2, fire: true }), ...onlookers([[[1, 20], [-3.6, 22]], [[3, 30], [-3.4, 27]]])] },
  },
};
