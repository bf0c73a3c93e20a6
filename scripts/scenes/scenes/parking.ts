// A car park at night under lamps, houses with lit windows behind.
import type { V2 } from "../engine/camera.ts";
import { hex } from "../engine/colour.ts";
import { collision, onlookers, smoke, theft } from "../engine/events.ts";
import { cruise, path, stopAndGo } from "../engine/motion.ts";
import type { Painter } from "../engine/painter.ts";
import { someone } from "../engine/people.ts";
import { arrival, parked, vehicle, walker, type Scene } from "../engine/scene.ts";
import { dice, drawFacade, drawLampPost, drawTree, drawWear } from "../engine/town.ts";
import { glow, type VehicleKind } from "../engine/vehicles.ts";

const LAMPS: readonly V2[] = [[-12.4, 15], [12.4, 15], [-12.4, 34], [12.4, 34]];
const COLOURS = ["#8f979c", "#5a2a2a", "#2f4566", "#c9c9c4", "#26292e", "#4d5a4c", "#7d6a48", "#a7a29a", "#39597c", "#6b3f34"];

const cars = (() => {
  const random = dice(404);
  const rows: { readonly kind: VehicleKind; readonly colour: string; readonly x: number; readonly y: number; readonly heading: number }[] = [];
  for (const [x, heading] of [[-9.4, 0], [-15, 180], [9.4, 180], [15, 0]] as const) {
    for (let y = 6; y < 42; y += 2.8) {
      if (random() < 0.28 || (x === 9.4 && y > 16 && y < 21)) continue;
      rows.push({ kind: (["hatch", "sedan", "hatch", "pickup", "van"] as const)[Math.floor(random() * random() * 5)]!, colour: COLOURS[Math.floor(random() * COLOURS.length)]!, x: x + (random() - 0.5) * 0.3, y, heading });
    }
  }
  return rows;
})();

function pool(p: Painter, at: V2, radius: number, alpha: number): void {
  const c = p.camera.project([at[0], at[1], 0]);
  const near = p.camera.project([at[0], at[1] - radius * 0.5, 0]);
  const far = p.camera.project([at[0], at[1] + radius * 0.5, 0]);
  if (!c || !near || !far) return;
  const r = radius * c.scale;
  p.ctx.save();
  p.ctx.translate(c.x, c.y);
  p.ctx.scale(1, (near.y - far.y) / r);
  const g = p.ctx.createRadialGradient(0, 0, 0, 0, 0, r);
  g.addColorStop(0, `rgba(255,208,140,${alpha})`);
  g.addColorStop(0.4, `rgba(255,208,140,${alpha * 0.5})`);
  g.addColorStop(1, "rgba(255,208,140,0)");
  p.ctx.fillStyle = g;
  p.ctx.fillRect(-r, -r, 2 * r, 2 * r);
  p.ctx.restore();
}

function backdrop(p: Painter): void {
  const g = p.ctx.createLinearGradient(0, 0, 0, 140);
  g.addColorStop(0, "#0d1424");
  g.addColorStop(1, "#2a2f42");
  p.ctx.fillStyle = g;
  p.ctx.fillRect(0, 0, 768, 416);
  p.groundStrips(-80, 80, -8, 90, hex("#23262d"), 8);
  p.groundStrips(-21, 21, -8, 44, hex("#31343b"), 5);
  drawWear(p, -20, -4, 20, 44, 41, 70);
  for (const at of LAMPS) pool(p, at, 17, 0.4);
  pool(p, [0, 6], 12, 0.2);
  for (const x of [-12.2, 12.2]) {
    p.line([[x, 4.6, 0.01], [x, 20, 0.01], [x, 43, 0.01]], hex("#9a978c"), 0.14, 0.75);
    for (let y = 4.6; y < 44; y += 2.8) p.line([[x - 5.4, y, 0.01], [x, y, 0.01], [x + 5.4, y, 0.01]], hex("#9a978c"), 0.12, 0.7);
  }
  for (const [y, up] of [[10, 1], [28, 1], [19, -1]] as const) {
    const x = up > 0 ? 2.4 : -2.4;
    p.ground([[x - 0.15, y], [x + 0.15, y], [x + 0.15, y + up * 2], [x + 0.55, y + up * 2], [x, y + up * 3.2], [x - 0.55, y + up * 2], [x - 0.15, y + up * 2]], hex("#8d8a80"), 0.7);
  }
  for (const [x0, x1, floors, wall, seed] of [[-60, -30, 5, "#3b3a40", 1], [-30, -8, 4, "#454149", 2], [-8, 14, 6, "#3a3d46", 3], [14, 38, 4, "#47423f", 4], [38, 70, 7, "#383a42", 5]] as const) drawFacade(p, [x0, 56], [x1, 56], { wall, floors, seed, trim: "#55535a", litWindows: 0.42, balconies: seed % 2 === 0 });
  p.polygon([[-21, 44.4, 0], [21, 44.4, 0], [21, 44.4, 1.3], [-21, 44.4, 1.3]], hex("#2b2d33"));
  p.line([[-21, 44.3, 1.3], [0, 44.3, 1.3], [21, 44.3, 1.3]], hex("#55575e"), 0.14);
  for (const c of cars) p.shadow([[c.x - 2.1, c.y - 0.9], [c.x + 2.1, c.y - 0.9], [c.x + 2.1, c.y + 0.9], [c.x - 2.1, c.y + 0.9]], 0.3, 0.4);
}

function standing(p: Painter): void {
  for (const at of LAMPS) p.later([at[0], at[1], 1], () => {
    drawLampPost(p, at, 7.4, [at[0] > 0 ? -1.6 : 1.6, 0], true);
    glow(p, [at[0] + (at[0] > 0 ? -1.4 : 1.4), at[1], 7.3], 1.9, "255,222,160", 0.85);
  });
  for (const [x, y, seed] of [[-20.5, 47.5, 1], [-10, 48, 2], [4, 48, 3], [17, 47.6, 4]] as const) p.later([x, y, 1], () => drawTree(p, [x, y], { highM: 5.6, crownM: 2, colour: "#2f3f2c", seed: 300 + seed }));
}

const up = path([[2.4, -10], [2.4, 38], [6, 41.6], [30, 42.2]], 3);
const down = path([[-30, 42.4], [-6, 41.8], [-2.4, 38], [-2.4, -10]], 3);
const leave = path([[9.2, 18.2], [6, 18.2], [2.4, 15], [-2.2, 11], [-2.4, 4], [-2.4, -10]], 3);

export const parking: Scene = {
  name: "parking",
  camera: { x: 0.6, y: -9, heightM: 7, yawDeg: 0, tiltDeg: 14, horizontalFovDeg: 64 },
  light: { shadowPerMetre: [0.25, -0.2], shadowAlpha: 0.4, ambient: 0.58, diffuse: 0.4, haze: hex("#262a38"), hazeHalfM: 90, lamps: true },
  backdrop, standing,
  actors: [
    ...cars.map((c) => ({ lane: c.x === 9.4 ? "row" : "parked", act: parked({ kind: c.kind, colour: c.colour }, c.x, c.y, c.heading) })),
    { lane: "drive", act: vehicle([{ kind: "sedan", colour: "#8a8f94" }, { kind: "hatch", colour: "#5a2a2a" }], up, cruise(5, 0)) },
    { lane: "drive", act: vehicle([{ kind: "hatch", colour: "#39597c" }, { kind: "taxi", colour: "#cfcabf", band: "#d6a62f" }], down, cruise(5, 3)) },
    ...[
      walker([someone(4), someone(9)], path([[-5.6, 44], [-5.4, 20], [-5.6, -8]], 1), cruise(1.3, 0)), walker([someone(13), someone(20)], path([[5.6, -8], [5.2, 14], [5.4, 26], [7.4, 27.4]], 2), cruise(1.3, 6)),
      walker([someone(23), someone(25)], path([[20, 45.2], [-20, 45.4]], 0), cruise(1.25, 2)),
    ].map((act) => ({ lane: "people", act })),
  ],
  events: {
    smoke: { actors: [parked({ kind: "hatch", colour: "#6b6f73" }, 9.2, 18.4, 180), smoke({ from: [7.9, 18.3, 1.15], wind: [-0.5, 0.1], riseMps: 0.8, sizeM: 1.25, fire: true, dark: 46 }), ...onlookers([[[5.4, 10], [3.6, 12.6]], [[-5, 26], [-1.2, 22]], [[0, 44], [1.4, 28]]])], without: ["drive"] },
    collision: collision(3.2, [
      { look: { kind: "sedan", colour: "#8a8f94" }, path: up, motion: cruise(6, 3.2 - 24.6 / 6), turnDeg: 8, slide: [-0.4, 0.8] },
      { look: { kind: "hatch", colour: "#7a3030" }, path: leave, motion: stopAndGo(3.4, 0.9, 9.5, Infinity, 3), turnDeg: 12, slide: [-0.3, 0.9] },
    ], [[[0.8, 13.6], [-0.8, 12.4]], [[6, 18], [6.4, 15.6]]], [arrival({ kind: "taxi", colour: "#cfcabf", band: "#d6a62f" }, down, stopAndGo(5, -5, 38, Infinity))], ["drive"], [2.6, 16.6, 1]),
    theft: theft({ victim: [[-5.6, 34], [-5.2, -4]], meetM: 19, victimSpeedMps: 1.3, thiefFrom: [[-8, 26], [-7.6, 20]], thiefTo: [[-2, 12], [4, 8], [5.6, -2], [5.6, -9]], helpers: [[[5.4, 26], [-3.6, 14.4]], [[-5.6, 32], [-5.8, 17.4]]] }),
  },
};
