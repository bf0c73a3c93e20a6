// The marks of the map as one picture, drawn once for each theme: the same shapes and letters as `StatusMark`, so that a mark means the same in a list
// and on the map. Pins carry the priority with its P, for a bare figure reads as the incident's number; a unit's heading is a wedge that turns beneath it.
import { TONES, TONE_SHAPES, type Tone } from "../design/status-mark.tsx";
import type { MapColours, Rgb } from "./colours.ts";

const CELL = 64;
const COLUMNS = 8;
const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

export interface IconPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly anchorY: number;
}
export interface IconAtlas {
  readonly image: HTMLCanvasElement;
  readonly mapping: Readonly<Record<string, IconPlace>>;
}
export const UNIT_LETTERS = ["A", "C", "M", "S", "X", "!", "?"] as const;
export const unitIcon = (tone: Tone, letter: string): string => `unit-${tone}-${letter}`;
export const pinIcon = (tone: Tone, priority: number): string => `pin-${tone}-${priority}`;

export function drawAtlas(colours: MapColours): IconAtlas {
  const drawings: [string, number, (c: CanvasRenderingContext2D) => void][] = [];
  const colour = (tone: Tone): string => css(colours[tone]);
  for (const tone of TONES) {
    for (const letter of UNIT_LETTERS) drawings.push([unitIcon(tone, letter), CELL / 2, (c) => drawMark(c, tone, colour(tone), letter, colours)]);
    for (const priority of [1, 2, 3, 4]) drawings.push([pinIcon(tone, priority), CELL - 4, (c) => drawPin(c, colour(tone), `P${priority}`, colours)]);
  }
  drawings.push(["heading", CELL / 2, (c) => drawHeading(c, colours)], ["platform", CELL / 2, (c) => drawPlatform(c, colours)], ["caller", CELL / 2, (c) => drawCaller(c, colours)], ["camera", CELL / 2, (c) => drawCamera(c, colours)]);

  const image = document.createElement("canvas");
  image.width = CELL * COLUMNS;
  image.height = CELL * Math.ceil(drawings.length / COLUMNS);
  const context = image.getContext("2d")!;
  const mapping: Record<string, IconPlace> = {};
  drawings.forEach(([name, anchorY, draw], i) => {
    const x = (i % COLUMNS) * CELL;
    const y = Math.floor(i / COLUMNS) * CELL;
    context.save();
    context.translate(x, y);
    draw(context);
    context.restore();
    mapping[name] = { x, y, width: CELL, height: CELL, anchorY };
  });
  return { image, mapping };
}

function letterAt(c: CanvasRenderingContext2D, letter: string, x: number, y: number, px: number, colour: string): void {
  c.fillStyle = colour;
  c.font = `700 ${px}px system-ui, sans-serif`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillText(letter, x, y + px * 0.04);
}
function drawMark(c: CanvasRenderingContext2D, tone: Tone, colour: string, letter: string, colours: MapColours): void {
  c.save();
  c.translate(10, 10);
  c.scale(44 / 16, 44 / 16);
  const shape = new Path2D(TONE_SHAPES[tone]);
  c.lineJoin = "round";
  c.lineWidth = 2.2;
  c.strokeStyle = css(colours.ground);
  c.stroke(shape);
  c.fillStyle = colour;
  c.fill(shape);
  c.restore();
  letterAt(c, letter, tone === "moving" ? 34 : 32, tone === "decide" ? 40 : 32, 26, css(colours.onMean));
}
function drawPin(c: CanvasRenderingContext2D, colour: string, letter: string, colours: MapColours): void {
  const pin = new Path2D("M32 60 C20 44 12 34 12 24 A20 20 0 1 1 52 24 C52 34 44 44 32 60Z");
  c.lineWidth = 5;
  c.strokeStyle = css(colours.ground);
  c.stroke(pin);
  c.fillStyle = colour;
  c.fill(pin);
  letterAt(c, letter, 32, 25, 22, css(colours.onMean));
}
function drawHeading(c: CanvasRenderingContext2D, colours: MapColours): void {
  const wedge = new Path2D("M32 0 L42 15 L22 15Z");
  c.lineWidth = 3;
  c.strokeStyle = css(colours.ground);
  c.stroke(wedge);
  c.fillStyle = css(colours.ink);
  c.fill(wedge);
}
function drawPlatform(c: CanvasRenderingContext2D, colours: MapColours): void {
  c.lineWidth = 5;
  c.strokeStyle = css(colours.quiet);
  c.fillStyle = css(colours.ground);
  c.beginPath();
  c.rect(16, 16, 32, 32);
  c.fill();
  c.stroke();
  letterAt(c, "P", 32, 32, 22, css(colours.quiet));
}
function drawCaller(c: CanvasRenderingContext2D, colours: MapColours): void {
  c.lineWidth = 6;
  c.strokeStyle = css(colours.ground);
  c.beginPath();
  c.arc(32, 32, 18, 0, Math.PI * 2);
  c.stroke();
  c.lineWidth = 4;
  c.strokeStyle = css(colours.decide);
  c.stroke();
  c.fillStyle = css(colours.decide);
  c.beginPath();
  c.arc(32, 32, 7, 0, Math.PI * 2);
  c.fill();
}
function drawCamera(c: CanvasRenderingContext2D, colours: MapColours): void {
  c.lineWidth = 5;
  c.strokeStyle = css(colours.ground);
  c.beginPath();
  c.arc(32, 32, 14, 0, Math.PI * 2);
  c.fillStyle = css(colours.ink);
  c.fill();
  c.stroke();
}
