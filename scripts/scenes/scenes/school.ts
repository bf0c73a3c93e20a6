// A school gate in the morning: pupils in white smocks, a crossing guard who stops the cars for half of each cycle.
import type { V3 } from "../engine/camera.ts";
import { hex, lit } from "../engine/colour.ts";
import { onlookers, smoke, theft } from "../engine/events.ts";
import { cruise, keyed, path, stopAndGo } from "../engine/motion.ts";
import type { Painter } from "../engine/painter.ts";
import { drawPerson, someone, type PersonLook } from "../engine/people.ts";
import { cyclist, parked, stander, vehicle, walker, type Actor, type Scene } from "../engine/scene.ts";
import { drawBollard, drawDashes, drawFacade, drawLampPost, drawSky, drawSlabs, drawTree, drawWear, drawZebra, treeShadow } from "../engine/town.ts";

const pupil = (n: number): PersonLook => ({ ...someone(n), smock: true, tall: 1.12 + (n % 4) * 0.09, bag: n % 3 === 0 ? "none" : "back", bagColour: ["#c0392f", "#2f6fb0", "#e0a52f", "#5a8f4a"][n % 4]! });
const TREES = ([[-19, 13.2, 6.8, 2.3], [-11, 13.4, 6.2, 2.1], [15, 13.2, 7, 2.4], [25, 13.4, 6.6, 2.2], [-4, 25, 6, 2], [9.5, 24, 5.6, 1.8]] as const).map(([x, y, highM, crownM], i) => ({ at: [x, y] as const, look: { highM, crownM, colour: i % 2 ? "#6a8a42" : "#5f7e3e", seed: 70 + i } }));

function backdrop(p: Painter): void {
  drawSky(p, "#86b4dc", "#eef0ea", 130);
  p.groundStrips(-80, 80, -10, 60, hex("#b8b2a6"), 6);
  p.groundStrips(-80, 80, 2, 10, hex("#5a5d62"), 4);
  p.groundStrips(-34, 34, 14.6, 32, hex("#c6b795"), 4);
  drawWear(p, -40, 2.2, 40, 9.8, 21, 70);
  drawSlabs(p, -30, -6, 30, 1.9, 1.2);
  drawSlabs(p, -30, 10.1, 30, 14.4, 1.2);
  for (const y of [2, 10]) p.line(Array.from({ length: 22 }, (_, i) => [-60 + i * 6, y, 0.1] as const), hex("#d6d2c6"), 0.22);
  drawDashes(p, [-70, 6], [-3.4, 6], 3, 2.4, 0.14, [230, 194, 70]);
  drawDashes(p, [3.4, 6], [70, 6], 3, 2.4, 0.14, [230, 194, 70]);
  drawZebra(p, -2.4, 2.2, 2.4, 10, "x");
  for (const x of [-3.6, 3.6]) p.line([[x, x < 0 ? 2.2 : 6, 0.01], [x, x < 0 ? 6 : 9.8, 0.01]], [228, 228, 222], 0.3, 0.85);
  for (const t of TREES) treeShadow(p, t.at, t.look);
  p.shadow([[-30, 32], [30, 32], [30, 33], [-30, 33]], 4);
  drawFacade(p, [-80, 46], [80, 46], { wall: "#b9b6ae", floors: 5, seed: 4, bayM: 4 });
  drawFacade(p, [34, 20], [70, 20], { wall: "#c9ad8d", floors: 3, seed: 8, shops: ["#8a3b32", "#35607a", "#55733b"] });
  drawFacade(p, [-72, 20], [-34, 20], { wall: "#c0b9aa", floors: 3, seed: 9, shops: ["#365a4a", "#86522d", "#4b4d77"] });
  drawFacade(p, [-30, 32], [30, 32], { wall: "#d8b989", floors: 2, floorM: 3.9, bayM: 3.6, seed: 12, trim: "#f5efe0" });
  // the raised middle of the school with its porch and flag
  drawFacade(p, [-6, 31.2], [6, 31.2], { wall: "#e3cba0", floors: 3, floorM: 3.7, bayM: 3.6, seed: 14, trim: "#f7f2e6" });
  p.polygon([[-3, 31, 0.1], [3, 31, 0.1], [3, 31, 3.1], [-3, 31, 3.1]], hex("#5b4634"));
  for (const x of [-3, -1, 1, 3]) p.line([[x, 30.8, 0], [x, 30.8, 3.3]], hex("#f3ecdc"), 0.34);
  p.polygon([[-3.6, 30.6, 3.3], [3.6, 30.6, 3.3], [3.6, 30.6, 3.9], [-3.6, 30.6, 3.9]], lit(hex("#f3ecdc"), 0.95));
  p.line([[-1.4, 27, 0], [-1.4, 30.5, 0]], hex("#a8976f"), 0.1);
}

function fence(p: Painter, x0: number, x1: number): void {
  for (let x = x0; x <= x1; x += 0.34) p.line([[x, 14.5, 0.4], [x, 14.5, 2]], hex("#2f5d4a"), 0.035);
  p.polygon([[x0, 14.5, 0], [x1, 14.5, 0], [x1, 14.5, 0.5], [x0, 14.5, 0.5]], lit(hex("#cdb48a"), 0.85));
  for (const z of [0.55, 1.95]) p.line([[x0, 14.5, z], [(x0 + x1) / 2, 14.5, z], [x1, 14.5, z]], hex("#2f5d4a"), 0.06);
}

function standing(p: Painter): void {
  for (const t of TREES) p.later([t.at[0], t.at[1], 1], () => drawTree(p, t.at, t.look));
  for (let x = 2.6; x < 34; x += 3.4) for (const side of [-1, 1]) p.later([side * (x + 1.7), 14.5, 0.6], () => fence(p, side < 0 ? -x - 3.4 : x, side < 0 ? -x : x + 3.4));
  p.later([0, 14.55, 2], () => {
    for (const x of [-2.6, 2.6]) {
      p.polygon([[x - 0.3, 14.4, 0], [x + 0.3, 14.4, 0], [x + 0.3, 14.4, 2.7], [x - 0.3, 14.4, 2.7]], lit(hex("#d8b989"), 0.92));
      p.polygon([[x - 0.38, 14.35, 2.7], [x + 0.38, 14.35, 2.7], [x + 0.38, 14.35, 2.95], [x - 0.38, 14.35, 2.95]], hex("#f3ecdc"));
    }
    p.line(Array.from({ length: 9 }, (_, i) => [-2.6 + i * 0.65, 14.4, 2.9 + Math.sin((i / 8) * Math.PI) * 0.7] as V3), hex("#2f5d4a"), 0.12);
  });
  for (const x of [-3, 3]) p.later([x, 11, 0.4], () => drawBollard(p, [x, 10.6]));
  p.later([-14, 11, 1], () => drawLampPost(p, [-14, 10.7], 6.6, [0, -1.8], false));
  p.later([20, 11, 1], () => drawLampPost(p, [20, 10.7], 6.6, [0, -1.8], false));
}

const flag: Actor = (p, { t }) => p.later([5.4, 27.5, 4], () => {
  p.line([[5.4, 27.5, 0], [5.4, 27.5, 8]], hex("#d9d9d6"), 0.12);
  const wave = (u: number): number => Math.sin(u * 3 - (t * Math.PI) / 2) * 0.16 * u;
  for (let stripe = 0; stripe < 5; stripe++) {
    const edge = (u: number, z: number): V3 => [5.45 + u * 2, 27.5, z + wave(u)];
    const top = 7.85 - stripe * 0.28;
    const us = [0, 0.25, 0.5, 0.75, 1];
    p.polygon([...us.map((u) => edge(u, top)), ...[...us].reverse().map((u) => edge(u, top - 0.28))], hex(stripe % 2 ? "#4a78bf" : "#f2f2ee"));
  }
});

const guard: Actor = (p, { t }) => {
  const c = t % 16;
  const out = keyed([[0, 0], [0.1, 0], [1.3, 2.6], [7, 2.6], [8.4, 0], [16, 0]])(c);
  const busy = c > 0.8 && c < 7.4;
  const walking = (c > 0.1 && c < 1.3) || (c > 7 && c < 8.4);
  drawPerson(p, { coat: "#2f3d55", legs: "#2c3340", hair: "#26313f", vest: true, tall: 1.72 }, { x: -2.9, y: 1.5 + out, heading: walking ? (c < 2 ? Math.PI / 2 : -Math.PI / 2) : Math.PI }, { walkedM: out, speedMps: walking ? 1.6 : 0, armUp: busy ? 1 : 0, paddle: true });
};

const east = path([[-70, 3.9], [70, 3.9]], 0);
const west = path([[70, 8.1], [-70, 8.1]], 0);
const cross = (x: number): ReturnType<typeof path> => path([[x - 7, -5], [x * 0.4, 0.9], [x * 0.35, 10.6], [x * 0.3, 15], [x * 0.8, 24], [x * 0.5, 30]], 2);
const crossing = (x: number, early: number, speed: number): Actor => {
  const line = cross(x);
  const wait = 8.4;
  return walker([pupil(Math.round(x * 3 + 40)), pupil(Math.round(x * 5 + 61))], line, keyed([[-5 + early, 0], [-0.5 + early * 0.4, wait], [1.5 + early * 0.6, wait], [1.5 + early * 0.6 + (line.lengthM - wait) / speed, line.lengthM]]));
};

export const school: Scene = {
  name: "school",
  camera: { x: -8.5, y: -9.5, heightM: 5.8, yawDeg: 21, tiltDeg: 12, horizontalFovDeg: 66 },
  light: { shadowPerMetre: [-0.8, 0.25], shadowAlpha: 0.33, ambient: 0.7, diffuse: 0.48, haze: hex("#e4e8e6"), hazeHalfM: 170, lamps: false },
  backdrop, standing,
  actors: [
    { lane: "east", act: vehicle([{ kind: "sedan", colour: "#35547e" }, { kind: "hatch", colour: "#9c3a30" }], east, stopAndGo(7, -6, 63.6, 8.3)) },
    { lane: "east", act: vehicle([{ kind: "hatch", colour: "#cfd0cc" }, { kind: "van", colour: "#d9b23e" }], east, stopAndGo(7, -2.6, 57, 9.4)) },
    { lane: "west", act: vehicle([{ kind: "bus", colour: "#e0a62b", band: "#2b2b2b" }, { kind: "taxi", colour: "#ece9df", band: "#e4b93a" }], west, stopAndGo(7, -6.6, 60.5, 8.8, 1.8)) },
    { lane: "west", act: vehicle([{ kind: "hatch", colour: "#5b6b75" }, { kind: "sedan", colour: "#23282e" }], west, stopAndGo(7, -1.8, 50.5, 10.6)) },
    { lane: "parked", act: parked({ kind: "hatch", colour: "#7c5a44" }, -24, 9.1, 180) }, { lane: "parked", act: parked({ kind: "sedan", colour: "#8f979c" }, 17, 9.1, 180) }, { lane: "parked", act: parked({ kind: "hatch", colour: "#3b5f8a" }, 22.5, 9.1, 180) },
    { lane: "flag", act: flag }, { lane: "guard", act: guard },
    ...[
      crossing(-4, 0, 1.35), crossing(-1, 0.6, 1.3), crossing(2, 0.2, 1.4), crossing(4, 1.2, 1.5),
      walker([{ ...someone(44), bag: "hand" }, someone(45)], cross(0.6), keyed([[-6, 0], [-1, 8.2], [2.4, 8.2], [22, 35]])),
      walker([pupil(81), pupil(82)], path([[-34, 12.4], [-4, 12.2], [-0.8, 14.5], [-1.6, 22], [-1, 30]], 2), cruise(1.35, 3)),
      walker([pupil(85), pupil(87)], path([[30, 12.8], [4, 12.4], [0.8, 14.5], [2, 24], [1, 30]], 2), cruise(1.5, 7)),
      walker([someone(49), someone(52)], path([[34, 0.4], [-20, 0.6]], 0), cruise(1.3, 2)),
      cyclist({ motor: false, frame: "#2f7d6a", coat: "#b9563f", helmet: "#f0efe9" }, path([[-30, 2.7], [60, 2.7]], 0), cruise(5, 9.5)),
      stander(someone(55), [4.4, 12], 180), stander({ ...someone(56), tall: 1.62 }, [5.2, 12.3], 170), stander(pupil(90), [4.9, 12.9], 90), stander({ coat: "#24344f", legs: "#20242c", hair: "#1d2633", vest: true }, [-3.6, 13.4], 270),
      stander(pupil(91), [-7, 21], 0), stander(pupil(93), [-6.2, 21.4], 190), stander(pupil(95), [-6.6, 20.6], 90),
    ].map((act) => ({ lane: "people", act })),
  ],
  events: {
    smoke: { actors: [smoke({ from: [9, 31.6, 2.6], wind: [-0.9, -0.6], riseMps: 0.75, sizeM: 1.7, fire: true }), ...onlookers([[[6, 22], [3, 20]], [[8, 26], [4.4, 21]], [[-2, 27], [-1, 21]], [[10, 12.2], [7, 12.6]]])] },
    theft: theft({ victim: [[-26, 12.2], [20, 12]], meetM: 20, victimSpeedMps: 1.3, thiefFrom: [[-20, 13.4], [-12, 13]], thiefTo: [[-3.2, 10.4], [2, 6], [9, 1.4], [24, 0.4]], helpers: [[[4.4, 12], [-0.2, 12.4]], [[-3.4, 13.4], [-2, 12.9]]] }),
  },
};
