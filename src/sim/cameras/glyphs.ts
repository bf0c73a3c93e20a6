// The letters that stand in the picture, drawn by us as strokes on a small grid and rasterised once into 8 x 16 cells of grey. Strokes rather than a table of
// dots: smooth at this size, and an accent is one more stroke over its letter, so that Spanish, Portuguese, French and German names need no table
// of their own.

export const GLYPH_WIDTH = 8;
export const GLYPH_HEIGHT = 16;

/** Strokes of points `x,y` on a grid with x 0..4 to the right and y 0..6 from the height of capitals to the line they stand on; 8 is below it. */
const STROKES: Readonly<Record<string, string>> = {
  A: "0,6 2,0 4,6|0.8,4 3.2,4", B: "0,0 0,6 3,6 4,5.2 4,3.8 3,3 0,3|3,3 3.7,2.3 3.7,0.8 2.9,0 0,0", C: "4,1 3,0 1,0 0,1.2 0,4.8 1,6 3,6 4,5", D: "0,0 0,6 2.6,6 4,4.6 4,1.4 2.6,0 0,0",
  E: "4,0 0,0 0,6 4,6|0,3 3,3", F: "4,0 0,0 0,6|0,3 3,3", G: "4,1 3,0 1,0 0,1.2 0,4.8 1,6 3,6 4,5 4,3.2 2.4,3.2", H: "0,0 0,6|4,0 4,6|0,3 4,3", I: "1,0 3,0|2,0 2,6|1,6 3,6", J: "4,0 4,4.8 3,6 1,6 0,5",
  K: "0,0 0,6|4,0 0,3.4|1.4,2.4 4,6", L: "0,0 0,6 4,6", M: "0,6 0,0 2,3 4,0 4,6", N: "0,6 0,0 4,6 4,0", O: "1,0 3,0 4,1.2 4,4.8 3,6 1,6 0,4.8 0,1.2 1,0", P: "0,6 0,0 3,0 4,0.9 4,2.4 3,3.3 0,3.3",
  Q: "1,0 3,0 4,1.2 4,4.8 3,6 1,6 0,4.8 0,1.2 1,0|2.4,4.4 4.2,6.6", R: "0,6 0,0 3,0 4,0.9 4,2.3 3,3.2 0,3.2|2,3.2 4,6", S: "4,0.9 3,0 1,0 0,0.9 0,2.2 1,2.9 3,3.2 4,4 4,5.1 3,6 1,6 0,5.1", T: "0,0 4,0|2,0 2,6",
  U: "0,0 0,4.8 1,6 3,6 4,4.8 4,0", V: "0,0 2,6 4,0", W: "0,0 1,6 2,2.4 3,6 4,0", X: "0,0 4,6|4,0 0,6", Y: "0,0 2,3 4,0|2,3 2,6", Z: "0,0 4,0 0,6 4,6",
  a: "0.5,2.4 1.2,2 3,2 3.8,2.8 3.8,6|3.8,3.8 1.2,3.8 0.2,4.5 0.2,5.3 1,6 2.6,6 3.8,5", b: "0,0 0,6|0,3 1.2,2 3,2 4,3 4,5 3,6 1.2,6 0,5", c: "3.8,2.8 3,2 1.2,2 0.1,3 0.1,5 1.2,6 3,6 3.8,5.2", d: "4,0 4,6|4,3 2.8,2 1,2 0,3 0,5 1,6 2.8,6 4,5",
  e: "0.1,4 4,4 4,3 3,2 1.1,2 0.1,3 0.1,5 1.1,6 3.7,6", f: "3.6,0.3 2.6,0 1.8,0.8 1.8,6|0.6,2.4 3.2,2.4", g: "4,2 4,6.8 3,8 1,8 0.3,7.4|4,3 2.8,2 1,2 0,3 0,4.8 1,5.8 2.8,5.8 4,4.8", h: "0,0 0,6|0,3.2 1.2,2 3,2 4,3 4,6",
  i: "2,2 2,6|1,2 2,2|1,6 3,6|2,0 2,0.2", j: "2.8,2 2.8,7 2,8 0.8,8|2.8,0 2.8,0.2", k: "0,0 0,6|3.6,2 0,4.4|1.3,3.6 3.8,6", l: "1,0 2,0 2,6|1,6 3,6", m: "0,6 0,2|0,2.8 0.8,2 1.5,2 2,2.8 2,6|2,2.8 2.8,2 3.4,2 4,2.8 4,6", n: "0,2 0,6|0,3.2 1.2,2 3,2 4,3 4,6",
  o: "1.1,2 2.9,2 4,3 4,5 2.9,6 1.1,6 0,5 0,3 1.1,2", p: "0,2 0,8|0,3 1.2,2 3,2 4,3 4,5 3,6 1.2,6 0,5", q: "4,2 4,8|4,3 2.8,2 1,2 0,3 0,5 1,6 2.8,6 4,5", r: "0.4,2 0.4,6|0.4,3.6 1.6,2.2 2.6,2 3.6,2.4", s: "3.7,2.5 3,2 1,2 0.2,2.7 0.2,3.3 1,3.9 3,4.1 3.8,4.8 3.8,5.3 3,6 1,6 0.2,5.5",
  t: "1.4,0.6 1.4,5 2.2,6 3.4,5.8|0.3,2.2 3.2,2.2", u: "0,2 0,5 1,6 2.8,6 4,4.8|4,2 4,6", v: "0,2 2,6 4,2", w: "0,2 1,6 2,3 3,6 4,2", x: "0.2,2 3.8,6|3.8,2 0.2,6", y: "0,2 2,6|4,2 2,6 1.2,8 0.2,8", z: "0.2,2 3.8,2 0.2,6 3.8,6",
  "0": "1,0 3,0 4,1.2 4,4.8 3,6 1,6 0,4.8 0,1.2 1,0|1.3,4.2 2.7,1.8", "1": "0.6,1.3 2,0 2,6|0.6,6 3.4,6", "2": "0,1.2 1,0 3,0 4,1 4,2.3 0,6 4,6", "3": "0,0.8 1,0 3,0 4,0.9 4,2.1 3,3 1.4,3|3,3 4,3.9 4,5.1 3,6 1,6 0,5.2", "4": "3,6 3,0 0,4.2 4,4.2",
  "5": "4,0 0.4,0 0.2,2.8 2.8,2.5 4,3.4 4,5 3,6 1,6 0,5.2", "6": "3.6,0.3 2.6,0 1,0.6 0,2.4 0,4.8 1,6 3,6 4,5 4,3.7 3,2.8 1,2.8 0,3.8", "7": "0,0 4,0 1.6,6", "8": "1,3 0.2,2.2 0.2,0.8 1,0 3,0 3.8,0.8 3.8,2.2 3,3 1,3 0,3.9 0,5.1 1,6 3,6 4,5.1 4,3.9 3,3", "9": "0.4,5.7 1.4,6 3,5.4 4,3.6 4,1.2 3,0 1,0 0,1 0,2.3 1,3.2 3,3.2 4,2.2",
  ".": "1.9,5.8 2.1,5.8", ",": "2.1,5.6 1.6,7", ":": "2,2.6 2,2.7|2,5.2 2,5.3", ";": "2,2.6 2,2.7|2.1,5.4 1.6,6.8", "-": "0.8,3.2 3.2,3.2", "_": "0,7 4,7", "/": "4,0 0,6.4", "\\": "0,0 4,6.4", "+": "2,1.4 2,5|0.2,3.2 3.8,3.2", "=": "0.4,2.2 3.6,2.2|0.4,4.2 3.6,4.2",
  "(": "3,-0.4 1.8,1.2 1.8,4.8 3,6.4", ")": "1,-0.4 2.2,1.2 2.2,4.8 1,6.4", "[": "3,-0.4 1.4,-0.4 1.4,6.4 3,6.4", "]": "1,-0.4 2.6,-0.4 2.6,6.4 1,6.4", "{": "3,-0.4 2,0.2 2,2.4 1,3 2,3.6 2,5.8 3,6.4", "}": "1,-0.4 2,0.2 2,2.4 3,3 2,3.6 2,5.8 1,6.4",
  "!": "2,0 2,4|2,5.7 2,5.8", "?": "0.3,1.1 1.2,0 3,0 3.9,1 3.7,2.2 2,3.4 2,4.2|2,5.7 2,5.8", "'": "2,0 2,1.4", "\"": "1.2,0 1.2,1.4|2.8,0 2.8,1.4", "`": "1.4,0 2.4,1.2", "#": "1.3,0.4 0.9,5.6|3.1,0.4 2.7,5.6|0.2,2 3.9,2|0,4 3.8,4", "*": "2,0.8 2,4.4|0.4,1.7 3.6,3.5|3.6,1.7 0.4,3.5",
  "&": "4,6 0.7,1.6 0.7,0.7 1.4,0 2.2,0.6 2.2,1.4 0,3.7 0,5 1,6 2.2,6 4,3.6", "%": "0.6,0 0,1 0.6,2 1.2,1 0.6,0|4,0 0,6|3.4,4 2.8,5 3.4,6 4,5 3.4,4", "@": "3,2 1.4,2 1,3.9 2.6,4 3,2 3,4.2 4,3.6 4,1 3,0 1,0 0,1 0,5 1,6 3.6,6", "$": "3.8,1.2 3,0.6 1,0.6 0.2,1.4 0.4,2.5 3.6,3.6 3.8,4.7 3,5.4 1,5.4 0.2,4.8|2,-0.4 2,6.4",
  "<": "3.6,0.8 0.4,3.2 3.6,5.6", ">": "0.4,0.8 3.6,3.2 0.4,5.6", "^": "0.6,2 2,0 3.4,2", "|": "2,-0.6 2,7", "~": "0.2,3.6 1.2,2.8 2.8,3.6 3.8,2.8",
  "º": "1.2,0 2.8,0 3.2,0.6 3.2,1.7 2.8,2.3 1.2,2.3 0.8,1.7 0.8,0.6 1.2,0|0.8,3.4 3.2,3.4", "ª": "1,0.2 2.8,0.2 3,0.8 3,2.4|3,1.2 1.2,1.2 0.9,1.8 1.3,2.4 3,2|0.8,3.4 3.2,3.4", "°": "1.4,0 2.6,0 3,0.5 3,1.4 2.6,1.9 1.4,1.9 1,1.4 1,0.5 1.4,0", "·": "2,3.1 2,3.2",
  "¿": "3.7,6.9 2.8,8 1,8 0.1,7 0.3,5.8 2,4.6 2,3.8|2,2.3 2,2.2", "¡": "2,8 2,4|2,2.3 2,2.2", "ß": "0.2,6.4 0.2,1 1,0 2.8,0 3.4,0.9 3.2,2 2,2.8 3.8,4 3.8,5.2 3,6 1.6,6", "ø": "1.1,2 2.9,2 4,3 4,5 2.9,6 1.1,6 0,5 0,3 1.1,2|0,6.2 4,1.8", "Ø": "1,0 3,0 4,1.2 4,4.8 3,6 1,6 0,4.8 0,1.2 1,0|0,6.4 4,-0.4",
};

/** Over (or under) a letter; y as above, moved up by 2 over capitals. */
const MARKS: Readonly<Record<string, string>> = {
  "\u0301": "1.6,0.9 3,-0.3", "\u0300": "2.4,0.9 1,-0.3", "\u0302": "0.8,0.8 2,-0.3 3.2,0.8", "\u0303": "0.4,0.6 1.2,-0.1 2.6,0.6 3.5,-0.2", "\u0308": "0.9,0.3 0.95,0.3|3.05,0.3 3.1,0.3", "\u030a": "1.5,-0.4 2.5,-0.4 2.9,0.2 2.5,0.9 1.5,0.9 1.1,0.2 1.5,-0.4", "\u0327": "2.2,6.2 2.8,7.2 1.6,7.9",
};

const SPACE_CODE = " ";
const STROKE_RADIUS_PX = 0.82;

const cache = new Map<string, Float32Array>();

/** Ink of a character, 0..1, row by row, 8 x 16. One that cannot be drawn is shown as a question mark. */
export function glyphInk(character: string): Float32Array {
  const known = cache.get(character);
  if (known) return known;
  const ink = new Float32Array(GLYPH_WIDTH * GLYPH_HEIGHT);
  const parts = [...character.normalize("NFD")];
  const base = parts[0] ?? SPACE_CODE;
  if (base !== SPACE_CODE) {
    const body = STROKES[base] ?? STROKES["?"]!;
    // The dot of an i gives way to the mark over it.
    const strokes = parts.length > 1 && base === "i" ? body.replace("|2,0 2,0.2", "") : body;
    draw(ink, strokes, 0);
    for (const mark of parts.slice(1)) if (MARKS[mark]) draw(ink, MARKS[mark], mark !== "\u0327" && base >= "A" && base <= "Z" ? -1.65 : 0);
  }
  cache.set(character, ink);
  return ink;
}

/** Whether a character has a shape of its own here. */
export function canDraw(character: string): boolean {
  const parts = [...character.normalize("NFD")];
  return (parts[0] === SPACE_CODE || STROKES[parts[0] ?? ""] !== undefined) && parts.slice(1).every((mark) => MARKS[mark] !== undefined);
}

/** Every character that can be drawn without a mark: the alphabet to compare a picture with. */
export const PLAIN_CHARACTERS: readonly string[] = [SPACE_CODE, ...Object.keys(STROKES)];

function draw(ink: Float32Array, strokes: string, moveUp: number): void {
  for (const stroke of strokes.split("|")) {
    const points = stroke.split(" ").map((pair) => pair.split(",").map(Number)).map(([x, y]) => [1.55 + x! * 1.22, 3.6 + (y! + moveUp) * 1.42] as const);
    for (let i = 1; i < points.length; i++) drawSegment(ink, points[i - 1]!, points[i]!);
  }
}

function drawSegment(ink: Float32Array, [ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): void {
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  for (let y = 0; y < GLYPH_HEIGHT; y++) {
    for (let x = 0; x < GLYPH_WIDTH; x++) {
      const px = x + 0.5 - ax;
      const py = y + 0.5 - ay;
      const along = squared === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / squared));
      const distance = Math.hypot(px - along * dx, py - along * dy);
      const cover = Math.max(0, Math.min(1, STROKE_RADIUS_PX + 0.5 - distance));
      const at = y * GLYPH_WIDTH + x;
      if (cover > ink[at]!) ink[at] = cover;
    }
  }
}
